"""Reporting periods: local days from `since` up to, not including, `until`."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from youying.kernel.refusals import Refused

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole local days; `until` is the day after the last one."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise Refused(
                "period-empty",
                say="统计期的结束日期要晚于开始日期。",
                have=(self.since.isoformat(), self.until.isoformat()),
                field="until",
            )

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.until - A_DAY

    @property
    def whole_months(self) -> bool:
        """Whether it begins and ends on the first of a month."""
        return self.since.day == 1 and self.until.day == 1

    def say(self) -> str:
        """How a reader sees it: "2026年1月1日至11月17日"."""
        first, last = self.since, self.last_day
        tail = f"{last.month}月{last.day}日"
        return f"{_say_day(first)}至{tail if first.year == last.year else _say_day(last)}"

    def a_year_before(self) -> Period:
        """The same days of the year before; 29 February becomes 28 February."""
        return Period(_a_year_before(self.since), _a_year_before(self.until))

    def one_before(self) -> Period:
        """The period of the same length just before: as many months when it is of whole months, else as many days."""
        if not self.whole_months:
            return Period(self.since - (self.until - self.since), self.since)
        months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
        return Period(months_later(self.since, -months), self.since)

    def within(self, other: Period) -> Period | None:
        """The days that both have, or None."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Period(since, until) if since < until else None

    def up_to(self, today: date) -> Period:
        """Without the days that have not begun; refused when none has."""
        if self.since > today:
            raise Refused("period-in-future", say="这段时间还没有到，没有数可看。", have=self.since.isoformat())
        return Period(self.since, min(self.until, today + A_DAY))

    def months_after(self, other: Period) -> int:
        """How many calendar months it begins after another."""
        return (self.since.year - other.since.year) * 12 + self.since.month - other.since.month

    def months(self) -> list[Period]:
        """Its months, the first and the last cut to the period."""
        found, first = [], self.since.replace(day=1)
        while first < self.until:
            following = months_later(first, 1)
            found.append(Period(max(first, self.since), min(following, self.until)))
            first = following
        return found

    def split(self, *, today: date) -> tuple[Period | None, list[Period]]:
        """The whole months in it, and the days left over; a last day that is today or later ends its month."""
        until = months_later(self.until.replace(day=1), 1) if self.until > today and self.until.day > 1 else self.until
        first = self.since if self.since.day == 1 else months_later(self.since.replace(day=1), 1)
        last = until.replace(day=1)
        if first >= last:
            return None, [self]
        rest = [Period(a, b) for a, b in ((self.since, first), (last, until)) if a < b]
        return Period(first, last), rest

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The moments between which it lies in a zone, the second not included."""
        return tuple(datetime.combine(day, time(), zone) for day in (self.since, self.until))  # type: ignore[return-value]


def months_later(first: date, months: int) -> date:
    """The first day of the month so many months after the month of a first day."""
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def year_to_date(today: date) -> Period:
    """From New Year's Day up to and including today."""
    return Period(today.replace(month=1, day=1), today + A_DAY)


def this_month(today: date) -> Period:
    """From the first of the month up to and including today."""
    return Period(today.replace(day=1), today + A_DAY)


def this_week(today: date) -> Period:
    """From Monday up to and including today."""
    return Period(today - timedelta(days=today.weekday()), today + A_DAY)


def _a_year_before(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def _say_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
