"""When what recurs is due: the turns of a rhythm, and whether an attempt was made in its hours; pure functions.

A turn is one period of a rhythm: a day, an ISO week, two of them, a month, a quarter, a half-year, a year, each of the
named weekdays, the date that somebody named, or the length of a campaign. Where a period and weekdays are both said, the
period is the turn and the weekdays are when to go. It opens at the period's first midnight and is
due at the midnight that ends it, in the zone of the place. Turns are natural days: a visit is not put off because an
office is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from youying.kernel.calendar import A_DAY, WEEK_WORDS, in_season
from youying.kernel.clocks import add_months
from youying.kernel.durations import Duration, parse_duration
from youying.kernel.moments import local
from youying.kernel.refusals import Refused
from youying.packs.schema_rhythm import Rhythm

ONCE, CALLED = "once", "as-called"
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_MARKS = {"month": "", "quarter": "Q", "half-year": "H", "year": ""}


@dataclass(frozen=True, slots=True)
class Turn:
    """One period in which something is to be done: from the first day to the last, both included."""

    period: str
    first: date
    last: date

    def opens_at(self, zone: tzinfo) -> datetime:
        """The midnight with which it begins."""
        return datetime.combine(self.first, time.min, zone)

    def due_at(self, zone: tzinfo) -> datetime:
        """The midnight that ends it."""
        return datetime.combine(self.last + A_DAY, time.min, zone)


def every_of(rhythm: Rhythm, facts: Mapping[str, Any]) -> str:
    """How often it comes round for somebody with these facts; empty where the table has no word for them."""
    if isinstance(rhythm.every, str):
        return rhythm.every
    if rhythm.every is None:
        return ""
    table = rhythm.every
    return table.get(str(facts.get(rhythm.per or "")), table.get("else", ""))


def turn_on(rhythm: Rhythm, day: date, facts: Mapping[str, Any]) -> Turn | None:
    """The turn of a day; none outside the season, on another weekday, and where only a call or a campaign begins one."""
    every = every_of(rhythm, facts)
    if rhythm.date:
        found = _dated(rhythm, day, facts.get(rhythm.date))
    elif rhythm.on and not every:
        found = _each_day(day) if on_day(rhythm, day) else None
    else:
        found = _PERIODS[every](day) if every in _PERIODS else None
    return _in_season(rhythm, found, day) if found else None


def on_day(rhythm: Rhythm, day: date) -> bool:
    """Whether a weekday is one of the rhythm's; all are where it names none."""
    return not rhythm.on or WEEK_WORDS[day.weekday()] in rhythm.on


def day_to_go(rhythm: Rhythm, day: date) -> date:
    """The first of the rhythm's weekdays from a day on."""
    return next(one for n in range(7) if on_day(rhythm, one := day + timedelta(days=n)))


def turns(rhythm: Rhythm, first: date, last: date, facts: Mapping[str, Any]) -> Iterator[Turn]:
    """The turns that any of these days belongs to, in order, each once."""
    seen = ""
    for n in range((last - first).days + 1):
        found = turn_on(rhythm, first + timedelta(days=n), facts)
        if found and found.period != seen:
            seen = found.period
            yield found


def campaign(rhythm: Rhythm, first: date, *, today: date) -> Turn:
    """The one turn of a campaign that begins on a day from today on; refused where the pack says no length."""
    if first < today:
        raise Refused("day-past", say="集中行动从今天或以后开始。", have=str(first), need=str(today), field="first")
    if rhythm.within is None:
        raise Refused("campaign-without-end", say=f"“{rhythm.title}”没有写多久完成，不能开展。", need="within")
    return Turn(first.isoformat(), first, _day_after(first, parse_duration(rhythm.within)))


def called(rhythm: Rhythm, at: datetime, *, last: date | None = None) -> Turn:
    """The turn that a call begins: due when the pack's period is over, or on the same day."""
    end = _day_after(at.date(), parse_duration(rhythm.within)) if rhythm.within else at.date()
    if last is not None and last < at.date():
        raise Refused("day-past", say="最迟的日子不能在今天以前。", have=str(last), need=str(at.date()), field="last")
    return Turn(f"{at:%Y-%m-%dT%H%M%S%f}", at.date(), last or end)


def in_hours(rhythm: Rhythm, at: datetime, zone: tzinfo) -> bool:
    """Whether a moment lies on one of the rhythm's weekdays and in its hours; the end itself is in time."""
    wall = local(at, zone)
    if not on_day(rhythm, wall.date()):
        return False
    minute = wall.hour * 60 + wall.minute
    spans = [span.split("-") for span in rhythm.hours]
    return not spans or any(_minutes(opens) <= minute <= _minutes(closes) for opens, closes in spans)


def next_attempt(rhythm: Rhythm, day: date, *, attempts: int) -> date | None:
    """The day to try again after nobody was met; none once it was tried as often as the pack says.

    `attempts` counts those made so far, this one included; `most` of the pack counts what follows the first.
    """
    if rhythm.unmet is None or attempts > rhythm.unmet.most:
        return None
    return day_to_go(rhythm, _day_after(day, parse_duration(rhythm.unmet.again)))


def _minutes(wall: str) -> int:
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def _day_after(day: date, length: Duration) -> date:
    """The day on which a period that begins with a day ends: months by the calendar, hours as the days they fill."""
    if length.unit == "months":
        return add_months(day, length.n)
    per_day = {"minutes": 1_440, "hours": 24, "office-hours": 8}.get(length.unit, 1)
    return day + timedelta(days=-(-length.n // per_day))


def _dated(rhythm: Rhythm, day: date, named: Any) -> Turn | None:
    """The turn of a date that somebody named: from that day, to the end of the days that the pack allows for it."""
    if not named:
        return None
    try:
        first = named if isinstance(named, date) else date.fromisoformat(str(named))
    except ValueError:  # a sheet of an older form said it in words: nobody can tell which day that is
        return None
    last = _day_after(first, parse_duration(rhythm.within)) - A_DAY if rhythm.within else first
    return Turn(first.isoformat(), first, max(first, last)) if first <= day <= max(first, last) else None


def _in_season(rhythm: Rhythm, turn: Turn, day: date) -> Turn | None:
    if not rhythm.during:
        return turn
    if not in_season(rhythm.during, day):
        return None
    inside = [one for one in _days(turn) if in_season(rhythm.during, one)]
    return Turn(turn.period, inside[0], inside[-1])


def _days(turn: Turn) -> list[date]:
    return [turn.first + timedelta(days=n) for n in range((turn.last - turn.first).days + 1)]


def _each_day(day: date) -> Turn:
    return Turn(day.isoformat(), day, day)


def _week(day: date) -> Turn:
    year, week, weekday = day.isocalendar()
    first = day - timedelta(days=weekday - 1)
    return Turn(f"{year}-W{week:02}", first, first + timedelta(days=6))


def _fortnight(day: date) -> Turn:
    """Two ISO weeks, paired from one Monday of long ago, so that no New Year breaks a pair."""
    first = day - timedelta(days=(day.toordinal() - 1) % 14)
    return Turn(f"{first.isoformat()}-F", first, first + timedelta(days=13))


def _months(name: str) -> Callable[[date], Turn]:
    length, mark = _MONTHS[name], _MARKS[name]

    def make(day: date) -> Turn:
        """The stretch of so many calendar months that the day lies in."""
        number = (day.month - 1) // length
        first = date(day.year, number * length + 1, 1)
        period = {"month": f"{day:%Y-%m}", "year": f"{day.year}"}.get(name, f"{day.year}-{mark}{number + 1}")
        return Turn(period, first, add_months(first, length) - A_DAY)

    return make


_PERIODS: dict[str, Callable[[date], Turn]] = {
    "day": _each_day, "week": _week, "fortnight": _fortnight, **{name: _months(name) for name in _MONTHS},
}  # fmt: skip
