"""Shifts of a roster, whose turn it is, and what may be changed about a shift; pure functions told the time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from youying.kernel.calendar import WEEK_WORDS, in_season
from youying.kernel.refusals import Refused
from youying.packs.schema_rhythm import Roster

A_DAY = timedelta(days=1)
ALL_DAY = "00:00-24:00"
NIGHT_FROM, NIGHT_TO = time(22), time(6)
TELL_BEFORE = timedelta(hours=24)
"""So long before it begins an uncovered shift is told to who minds the roster."""
WRITE_FROM, WRITE_BY, READ_BY = timedelta(hours=1), timedelta(minutes=30), timedelta(hours=1)
"""A hand-over note is written from an hour before the end, by half an hour after it, and read within an hour of that."""
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Spell:
    """One shift as the roster says it: the date it begins on, and its two moments."""

    day: date
    begins_at: datetime
    ends_at: datetime

    def meets(self, begins_at: datetime, ends_at: datetime) -> bool:
        """Whether the two share any time; one that begins when the other ends does not."""
        return self.begins_at < ends_at and begins_at < self.ends_at


@dataclass(frozen=True, slots=True)
class RosterSaid:
    """A roster as it is in force at a place: the pack's words, and the numbers that go with it.

    `rest` is the least time between two shifts of one person; `keeper_yes` whether a swap needs a yes from who minds
    the roster; `days_off` the dates that count as days off when turns are shared out.
    """

    path: str
    code: str
    roster: Roster
    edition: str
    zone: tzinfo
    rest: timedelta = timedelta(hours=8)
    keeper_yes: bool = False
    days_off: frozenset[date] = frozenset()


def spells(roster: Roster, first: date, last: date, zone: tzinfo) -> list[Spell]:
    """The shifts that begin on the days from first to last, in order; one that ends before it begins runs past midnight."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    found = [spell_on(day, span, zone) for day in days if works_on(roster, day) for span in roster.hours or [ALL_DAY]]
    return sorted(found, key=lambda one: one.begins_at)


def works_on(roster: Roster, day: date) -> bool:
    """Whether shifts of the roster begin on that date: its weekdays and its season, which may run over New Year."""
    return (not roster.days or WEEK_WORDS[day.weekday()] in roster.days) and in_season(roster.during, day)


def spell_on(day: date, span: str, zone: tzinfo) -> Spell:
    """The spell of that day: wall-clock times become moments of that zone; 24:00 is the midnight after."""
    opens, closes = span.split("-")
    begins = _wall(day, opens, zone)
    ends = _wall(day, closes, zone)
    return Spell(day, begins, ends if ends > begins else _wall(day + A_DAY, closes, zone))


def _wall(day: date, words: str, zone: tzinfo) -> datetime:
    return (
        datetime.combine(day + A_DAY, time.min, zone)
        if words == "24:00"
        else datetime.combine(day, time.fromisoformat(words), zone)
    )


def spell_at(roster: Roster, wall: datetime) -> Spell | None:
    """The shift that runs at a local moment, also one that began the day before."""
    zone = wall.tzinfo
    if zone is None:
        raise Refused("moment-without-zone", say="时间没有带时区，不能确定是哪一班。", have=wall.isoformat())
    near = spells(roster, wall.date() - A_DAY, wall.date(), zone)
    return next((one for one in reversed(near) if one.begins_at <= wall < one.ends_at), None)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - A_DAY


@dataclass(slots=True)
class Load:
    """What one person carries already: time, nights and days off, and the spells they are booked for."""

    seconds: float = 0
    nights: int = 0
    days_off: int = 0
    booked: list[Spell] = field(default_factory=list)

    def take(self, spell: Spell, *, zone: tzinfo, off: Collection[date]) -> None:
        """One more spell."""
        self.seconds += (spell.ends_at - spell.begins_at).total_seconds()
        self.nights += is_night(spell, zone)
        self.days_off += spell.day in off
        self.booked.append(spell)

    def free(self, spell: Spell, *, rest: timedelta) -> bool:
        """Whether nothing else is booked then, nor within the rest before and after."""
        return not any(one.meets(spell.begins_at - rest, spell.ends_at + rest) for one in self.booked)

    def last_end(self, before: datetime) -> datetime | None:
        """When the last spell before a moment ended."""
        return max((one.ends_at for one in self.booked if one.ends_at <= before), default=None)


def is_night(spell: Spell, zone: tzinfo) -> bool:
    """Whether the spell takes in any of the night there, 22:00 to 6:00."""
    day = spell.begins_at.astimezone(zone).date()
    nights = (
        (datetime.combine(one, NIGHT_FROM, zone), datetime.combine(one + A_DAY, NIGHT_TO, zone))
        for one in (day - A_DAY, day)
    )
    return any(spell.meets(begins, ends) for begins, ends in nights)


def rotate(
    wanted: Iterable[Spell], people: Sequence[int], *, loads: Mapping[int, Load], said: RosterSaid
) -> list[tuple[Spell, int | None]]:
    """Whose turn each spell is: the one with the fewest of its kind, then the least time, then the longest free.

    Days off and nights are shared out first, for they are what people count. Nobody is booked twice or without their
    rest; where nobody is left the spell stays uncovered, for a plan that hides it would be worse.
    """
    turns: list[tuple[Spell, int | None]] = []
    for spell in wanted:
        able = [one for one in people if loads[one].free(spell, rest=said.rest)]
        chosen = min(able, key=lambda one: _turn(loads[one], spell, said), default=None)
        if chosen is not None:
            loads[chosen].take(spell, zone=said.zone, off=said.days_off)
        turns.append((spell, chosen))
    return turns


def _turn(load: Load, spell: Spell, said: RosterSaid) -> tuple[float, ...]:
    last = load.last_end(spell.begins_at)
    waited = -(spell.begins_at - last).total_seconds() if last else float("-inf")
    off = load.days_off if spell.day in said.days_off else 0
    night = load.nights if is_night(spell, said.zone) else 0
    return (off, night, load.seconds, waited)


def refuse_past(begins_at: datetime, *, at: datetime) -> None:
    """Refuse to change who is on a shift that has begun: what was is what was."""
    if begins_at <= at:
        raise Refused(
            "shift-begun",
            say="这一班已经开始或过去了，不能再改人。临时顶班请由接班的人写进交接班记录。",
            have=begins_at.isoformat(),
            need=at.isoformat(),
        )


def refuse_double(name: str, spell: Spell, *, booked: Iterable[Spell]) -> None:
    """Refuse to book somebody twice for the same time."""
    if other := next((one for one in booked if one.meets(spell.begins_at, spell.ends_at)), None):
        raise Refused(
            "double-booked",
            say=f"{name}那段时间已经有班（{other.day.month}月{other.day.day}日），一个人不能同时值两班。请换人或换一班。",
            have=other.begins_at.isoformat(),
            field="account",
        )


def refuse_not_holder(name: str, *, holds: bool, posts: str) -> None:
    """Refuse to put somebody on a shift whose posts they do not hold."""
    if not holds:
        raise Refused(
            "not-of-this-roster",
            say=f"{name}现在没有这张值班表的岗位（{posts}），不能排班。请先任命，或换一个人。",
            need=posts,
            field="account",
        )


def month_asked(month: date, *, today: date) -> tuple[date, date]:
    """The days of a month that can still be planned; refused for a month gone by or more than a year ahead."""
    first, last = month_of(month)
    if last < today:
        raise Refused("month-past", say="这个月已经过去了，不能再排班。", have=str(first), field="month")
    if (first.year - today.year) * 12 + first.month - today.month > MONTHS_AHEAD:
        raise Refused("month-too-far", say="最多提前一年排班。", have=str(first), need=MONTHS_AHEAD, field="month")
    return max(first, today), last


def may_write(*, on_it: bool, keeps: bool, ends_at: datetime, at: datetime) -> None:
    """Refuse a hand-over note by somebody else, or long before the shift ends."""
    if not (on_it or keeps):
        raise Refused("not-your-shift", say="交接班记录由当班的人写；当班的人写不了，由管值班表的人代写。")
    if at < ends_at - WRITE_FROM:
        raise Refused(
            "shift-not-over",
            say="还没有到交班的时候，交班前一小时起可以写。",
            have=at.isoformat(),
            need=(ends_at - WRITE_FROM).isoformat(),
        )


def may_read(*, next_one: bool, keeps: bool, wrote: bool, read: bool) -> None:
    """Refuse a reading by whoever wrote the note, by somebody who does not take over, or a second one."""
    if read:
        raise Refused("hand-over-read", say="这份交接班记录已经确认过了。")
    if wrote:
        raise Refused("own-hand-over", say="自己写的交接班记录要由接班的人确认。", clause="本系统规则：交接要两个人")
    if not (next_one or keeps):
        raise Refused("not-taking-over", say="交接班记录由接班的人确认；接班的人来不了，由管值班表的人确认。")
