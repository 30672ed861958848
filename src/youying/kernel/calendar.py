"""Working calendars: which days are worked, in which hours, in which zone."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from chinese_calendar import constants as announced

from youying.kernel.moments import local
from youying.kernel.refusals import Refused

A_DAY = timedelta(days=1)
WEEK_WORDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS_TO_SEARCH = 150
MAY_2_SINCE = 2025
LEGAL_LEAST = 11
"""Days off in a year by 全国年节及纪念日放假办法第二条: eleven from 2008, thirteen from 2025."""
_HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年",
}


_LEGAL_DAYS = {
    (1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节",
    (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节",
}  # fmt: skip
LEGAL_WORDS = "元旦、劳动节、国庆节"


def in_season(during: Sequence[str], day: date) -> bool:
    """Whether a day lies between a first and a last day of the year ("10-15", "04-15"), both included; always without.

    A season may run over New Year.
    """
    if not during:
        return True
    first, last, today = during[0], during[-1], f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last


class _Year(NamedTuple):
    """Running totals before each day of a year: working days, and seconds of working time."""

    days: list[int]
    seconds: list[int]


@dataclass(frozen=True)
class WorkCalendar:
    """A week, its business hours and the days that differ from it.

    `week` holds weekdays (Monday 0); `hours` are in order and do not overlap, an end of 00:00 meaning 24:00, none
    meaning the whole day; `special` says True for a working day (调休) and False for a holiday; `names` says why.
    `announced` holds the years whose national arrangement `special` knows; in any other year the days that the law
    itself fixes are off. A calendar without it does not follow the national holidays.
    """

    zone: tzinfo
    week: frozenset[int] = frozenset(range(5))
    hours: tuple[tuple[time, time], ...] = ()
    special: Mapping[date, bool] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    announced: frozenset[int] | None = None
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.week or not self.week <= set(range(7)):
            raise Refused(
                "calendar-without-week", say="日历至少要有一个工作日，从 mon 到 sun。", have=sorted(self.week)
            )
        ends = [_seconds_of(moment) for pair in self.hours for moment in pair]
        ends[1::2] = [end or 86_400 for end in ends[1::2]]
        if any(earlier >= later for earlier, later in zip(ends[::2], ends[1::2], strict=True)) or any(
            earlier > later for earlier, later in pairwise(ends)
        ):
            raise Refused(
                "calendar-hours-wrong",
                say="工作时间要从早到晚、不重叠、不跨午夜；夜班请分成两段，到午夜写 24:00。",
                have=[f"{start:%H:%M}-{end:%H:%M}" for start, end in self.hours],
            )

    @property
    def day_seconds(self) -> int:
        """Seconds of a full working day by the hours (24 hours where there are none)."""
        if not self.hours:
            return 86_400
        return sum((_seconds_of(end) or 86_400) - _seconds_of(start) for start, end in self.hours)

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked."""
        special = self.special.get(day)
        if special is None:
            return day.weekday() in self.week and not self.legal_day(day)
        return special

    def why_not_worked(self, day: date) -> str:
        """The word for a day off: "节假日：国庆节" or "周末"."""
        if self.special.get(day) is False:
            name = self.names.get(day, "")
            return f"节假日：{name}" if name else "节假日"
        legal = self.legal_day(day)
        return f"节假日：{legal}" if legal else "周末"

    def legal_day(self, day: date) -> str:
        """The holiday that the law fixes on a day of a year whose arrangement is not known here; else empty."""
        if not self.unannounced(day.year) or day in self.special:
            return ""
        return legal_days(day.year).get(day, "")

    def unannounced(self, year: int) -> bool:
        """Whether the calendar follows the national holidays and lacks their arrangement for this year."""
        return self.announced is not None and year not in self.announced

    def day_of(self, moment: datetime) -> date:
        """The date on the wall of the calendar's zone."""
        return local(moment, self.zone).date()

    def at(self, day: date, wall: time = time.min) -> datetime:
        """The moment a wall-clock time of a day is, in UTC."""
        return datetime.combine(day, wall, self.zone).astimezone(UTC)

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Business time of a day as moments; empty on a day off."""
        if not self.is_working_day(day):
            return ()
        if not self.hours:
            return ((self.at(day), self.at(day + A_DAY)),)
        return tuple(
            (self.at(day, start), self.at(day, end) if end != time.min else self.at(day + A_DAY))
            for start, end in self.hours
        )

    def close_of(self, day: date) -> datetime:
        """Close of business; 24:00 where there are no hours or the day is not worked (Civil Code 203 para. 2)."""
        spans = self.spans(day)
        return spans[-1][1] if spans else self.at(day + A_DAY)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.nth_working_day(day, 1)

    def working_day_from(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def nth_working_day(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it when n is negative); `day` itself is not counted."""
        year = day.year
        place = (day - date(year, 1, 1)).days
        counted = self._year(year).days
        target = counted[place + 1] + n if n > 0 else counted[place] + n + 1
        while target > counted[-1]:
            target -= counted[-1]
            year = self._step(year, 1, since=day.year)
            counted = self._year(year).days
        while target < 1:
            year = self._step(year, -1, since=day.year)
            counted = self._year(year).days
            target += counted[-1]
        return date(year, 1, 1) + timedelta(days=bisect_left(counted, target) - 1)

    def worked_seconds(self, start: datetime, end: datetime) -> int:
        """Working time between two moments in whole seconds; 0 when `end` is not later."""
        if end <= start:
            return 0
        first, last = local(start, self.zone), local(end, self.zone)
        between = sum(self._year(year).seconds[-1] for year in range(first.year, last.year))
        return between + self._worked_in_year(last.date(), end) - self._worked_in_year(first.date(), start)

    def after_worked(self, start: datetime, seconds: int) -> datetime:
        """The first moment by which so much working time has passed since `start`."""
        if seconds <= 0:
            return start
        day = self.day_of(start)
        year, target = day.year, self._worked_in_year(day, start) + seconds
        totals = self._year(year).seconds
        while target > totals[-1]:
            target -= totals[-1]
            year = self._step(year, 1, since=day.year)
            totals = self._year(year).seconds
        place = bisect_left(totals, target) - 1
        rest = target - totals[place]
        for opens, closes in self.spans(date(year, 1, 1) + timedelta(days=place)):
            length = _whole_seconds(opens, closes)
            if rest <= length:
                return opens + timedelta(seconds=rest)
            rest -= length
        raise AssertionError("the totals of a year do not match its days")

    def before_worked(self, end: datetime, seconds: int) -> datetime:
        """The last moment from which so much working time is left until `end`."""
        if seconds <= 0:
            return end
        day = self.day_of(end)
        year, target = day.year, self._worked_in_year(day, end) - seconds
        totals = self._year(year).seconds
        while target < 0:
            year = self._step(year, -1, since=day.year)
            totals = self._year(year).seconds
            target += totals[-1]
        place = bisect_right(totals, target) - 1
        rest = target - totals[place]
        for opens, closes in self.spans(date(year, 1, 1) + timedelta(days=place)):
            length = _whole_seconds(opens, closes)
            if rest < length:
                return opens + timedelta(seconds=rest)
            rest -= length
        raise AssertionError("the totals of a year do not match its days")

    def _step(self, year: int, by: int, *, since: int) -> int:
        """The next year to search; refused when the calendar has no working days for generations."""
        if abs(year - since) >= YEARS_TO_SEARCH or not 1 < year < 9998:
            raise Refused("calendar-without-end", say="按这份日历算不出到期日：后面没有足够的工作日。", have=since)
        return year + by

    def _year(self, year: int) -> _Year:
        table = self._years.get(year)
        if table is None:
            table = self._years.setdefault(year, self._tabulate(year))
        return table

    def _tabulate(self, year: int) -> _Year:
        days, seconds = [0], [0]
        day = date(year, 1, 1)
        while day.year == year:
            spans = self.spans(day)
            days.append(days[-1] + bool(spans))
            seconds.append(seconds[-1] + sum(_whole_seconds(opens, closes) for opens, closes in spans))
            day += A_DAY
        return _Year(days, seconds)

    def _worked_in_year(self, day: date, moment: datetime) -> int:
        """Working time from the first of January to a moment of `day`."""
        before = self._year(day.year).seconds[(day - date(day.year, 1, 1)).days]
        return before + sum(
            _whole_seconds(opens, min(closes, moment)) for opens, closes in self.spans(day) if opens < moment
        )


def calendar_from_words(
    zone: tzinfo,
    *,
    week: Sequence[str],
    hours: Sequence[str],
    special: Mapping[date, bool] | None = None,
    names: Mapping[date, str] | None = None,
    announced: frozenset[int] | None = None,
) -> WorkCalendar:
    """Build a calendar from the words of a pack: week = ["mon", …], hours = ["09:00-12:00", "14:00-18:00"]."""
    unknown = [word for word in week if word not in WEEK_WORDS]
    if unknown:
        raise Refused("calendar-without-week", say=f"没有叫“{unknown[0]}”的星期，请写 mon 到 sun。", have=unknown)
    return WorkCalendar(
        zone=zone,
        week=frozenset(WEEK_WORDS.index(word) for word in week),
        hours=tuple(_parse_span(written) for written in hours),
        special=special or {},
        names=names or {},
        announced=announced,
    )


def national_days(year: int) -> dict[date, tuple[bool, str]]:
    """The State Council's arrangement as a seed: day → (worked?, name); empty for a year not yet known (`years_known`)."""
    days = {
        day: (False, _HOLIDAY_NAMES.get(name, name)) for day, name in announced.holidays.items() if day.year == year
    }
    for day, name in announced.workdays.items():
        if day.year == year:
            days[day] = (True, f"{_HOLIDAY_NAMES.get(name, name)}调休上班")
    return dict(sorted(days.items()))


@lru_cache(maxsize=256)
def legal_days(year: int) -> Mapping[date, str]:
    """The holidays that the law itself fixes by the solar calendar: 1 January, 1 and 2 May, 1 to 3 October.

    全国年节及纪念日放假办法第二条, as amended from 1 January 2025; 2 May is one since then. Spring Festival, Qingming, Dragon
    Boat and Mid-Autumn hang on the lunar calendar, and which days are moved or made up for, on the yearly notice of
    the State Council: neither can be known before it.
    """
    days = {date(year, month, day): name for (month, day), name in _LEGAL_DAYS.items()}
    if year < MAY_2_SINCE:
        del days[date(year, 5, 2)]
    return days


def years_announced(special: Mapping[date, bool]) -> frozenset[int]:
    """The years of which these days hold the whole arrangement: no fewer days off than the law gives in a year."""
    off = Counter(day.year for day, worked in special.items() if not worked)
    return frozenset(year for year, n in off.items() if n >= LEGAL_LEAST)


def years_known() -> range:
    """The years whose arrangement the seed knows; for any other, holidays have to be entered by hand."""
    years = {day.year for day in announced.holidays}
    return range(min(years), max(years) + 1)


def national_calendar(
    zone: tzinfo, *, years: Sequence[int], week: Sequence[str] = WEEK_WORDS[:5], hours: Sequence[str] = ()
) -> WorkCalendar:
    """A calendar seeded with the national days of some years."""
    days = {day: said for year in years for day, said in national_days(year).items()}
    return calendar_from_words(
        zone,
        week=week,
        hours=hours,
        special=(special := {day: worked for day, (worked, _) in days.items()}),
        names={day: name for day, (_, name) in days.items()},
        announced=years_announced(special),
    )


def _parse_span(written: str) -> tuple[time, time]:
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])", written)
    if match is None or (match[3] == "24" and match[4] != "00"):
        raise Refused("calendar-hours-wrong", say=f"“{written}”不是工作时间，请写成 09:00-12:00。", have=written)
    return time(int(match[1]), int(match[2])), time(int(match[3]) % 24, int(match[4]))


def _seconds_of(wall: time) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second


def _whole_seconds(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(seconds=1)
