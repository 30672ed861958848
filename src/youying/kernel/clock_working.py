"""The working of a deadline: everything needed to recompute, draw, measure and say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from youying.kernel.calendar import A_DAY, LEGAL_WORDS, WorkCalendar, legal_days
from youying.kernel.durations import Duration, in_words, parse_duration
from youying.kernel.moments import WEEKDAYS, local, say_span, zone
from youying.kernel.refusals import Refused

Counting = Literal["legal", "elapsed"]
Stop = tuple[datetime, datetime]
FIRST_DAY = "首日不计"
YEARS_MOST = 100
"""No period runs longer, before or after a year that was stored as not announced."""


class Pause(NamedTuple):
    """A time in which a clock did not run; an open one has no end yet."""

    start: datetime
    end: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one day on the ruler: counted, or not and why."""

    day: date
    start: datetime
    end: datetime
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One period of a deadline: the first, then one for each extension.

    `by_day` is the last day of a period counted by days; `natural` says whether nights and days off run too;
    `stops` are the times in which it did not run, merged and in order; `moved_from` is the last day by counting
    alone, where that was a day off or its close lay in a pause.
    """

    within: Duration | None
    begins_at: datetime
    ends_at: datetime
    by_day: date | None
    natural: bool
    stops: tuple[Stop, ...]
    moved_from: date | None = None


@dataclass(frozen=True)
class Working:
    """How a deadline came about."""

    started_at: datetime
    within: Duration | None
    given: str
    counting: Counting
    calendar: WorkCalendar
    pauses: tuple[Pause, ...]
    extensions: tuple[Duration, ...]
    stages: tuple[Stage, ...]
    paused_since: datetime | None

    @property
    def ends_at(self) -> datetime:
        """When the period ends, an open pause counted as nothing so far."""
        return self.stages[-1].ends_at

    @property
    def day_seconds(self) -> int:
        """What "1 day" means when this clock's time is said: a working day, or 24 hours if nights run too."""
        return 86_400 if self.stages[-1].natural else self.calendar.day_seconds

    def total_seconds(self) -> int:
        """All the time the clock had to run."""
        return sum(self._ran(stage, stage.ends_at) for stage in self.stages)

    def used_seconds(self, now: datetime) -> int:
        """The time it has run by now; what runs on after the deadline counts on."""
        moment = min(now, self.paused_since) if self.paused_since else now
        used = sum(self._ran(stage, min(moment, stage.ends_at)) for stage in self.stages)
        return used + self._measure(self.stages[-1], self.ends_at, moment)

    def used_share(self, now: datetime) -> Fraction:
        """The exact share of its time that is used: 0 at the start, 1 at the deadline, more after it."""
        total = self.total_seconds()
        if total == 0:
            return Fraction(int(now >= self.ends_at))
        return Fraction(self.used_seconds(now), total)

    def left_seconds(self, now: datetime) -> int:
        """Time left by the clock's own measure; negative once overdue, 0 or less never before the deadline's moment."""
        return self.total_seconds() - self.used_seconds(now)

    def moment_of_share(self, share: Fraction) -> datetime:
        """The first moment at which that share is used up; over 1 it lies past the deadline."""
        seconds = -(-self.total_seconds() * share.numerator // share.denominator)
        stage = self.stages[0]
        for following in self.stages[1:]:
            runs = self._ran(stage, stage.ends_at)
            if seconds <= runs:
                break
            seconds, stage = seconds - runs, following
        return run_on(self.calendar, stage.begins_at, seconds, natural=stage.natural, stops=stage.stops)

    def segments(self) -> tuple[Segment, ...]:
        """The ruler, day by day from the start to the end: what was counted, and why the rest was not."""
        last = self.calendar.day_of(self.ends_at - timedelta(seconds=1))
        days = max((last - self.calendar.day_of(self.started_at)).days, 0)
        first = self.calendar.day_of(self.started_at)
        return tuple(piece for n in range(days + 1) for piece in self._day_pieces(first + n * A_DAY))

    def say(self, *, what: str = "", act: str = "", source: str = "") -> str:
        """One sentence a reader can check: the rule, the start, what did not count, the end, the hours, the source."""
        parts = [
            self._say_rule(what),
            self._say_start(act),
            *self._say_uncounted(),
            *self._say_extensions(),
            *self._say_moved(),
        ]
        if self.paused_since:
            parts.append(f"{self._say(self.paused_since)}起暂停，恢复后再算到期时间")
        else:
            parts.append(f"{self._say(self.ends_at, ends=True)}到期")
        hours = "、".join(f"{start:%H:%M}—{_wall(end)}" for start, end in self.calendar.hours)
        tail = [f"工作时间 {hours}"] if hours and not self.stages[-1].natural else []
        tail += self._say_unannounced()
        return "。".join(["，".join(parts), *tail, *([f"依据：{source}"] if source else [])]) + "。"

    def to_data(self) -> dict[str, Any]:
        """Plain data to store beside the deadline: the rule and as much of the calendar as it used."""
        return {
            "start": self.started_at.isoformat(),
            "within": str(self.within) if self.within else None,
            "given": self.given,
            "counting": self.counting,
            "pauses": [
                [pause.start.isoformat(), pause.end.isoformat() if pause.end else None, pause.reason]
                for pause in self.pauses
            ],
            "extensions": [str(extension) for extension in self.extensions],
            "calendar": self._calendar_data(),
        }

    def _calendar_data(self) -> dict[str, Any]:
        """As much of the calendar as was used, with the legal days of years that were not announced."""
        calendar, lacking = self.calendar, self.unannounced
        first, last = calendar.day_of(self.started_at), calendar.day_of(self.ends_at)
        legal = {day: name for year in lacking for day, name in legal_days(year).items() if calendar.legal_day(day)}
        days = dict(sorted(({**calendar.special, **dict.fromkeys(legal, False)}).items()))
        used = {day: worked for day, worked in days.items() if first <= day <= last}
        names = {**calendar.names, **legal}
        return {
            "zone": str(calendar.zone),
            "week": sorted(calendar.week),
            "hours": [[f"{start:%H:%M:%S}", f"{end:%H:%M:%S}"] for start, end in calendar.hours],
            "special": {day.isoformat(): worked for day, worked in used.items()},
            "names": {day.isoformat(): names[day] for day in used if day in names},
            **({"unannounced": lacking} if lacking else {}),
        }

    def _measure(self, stage: Stage, start: datetime, end: datetime) -> int:
        if end <= start:
            return 0
        return measure(self.calendar, start, end, natural=stage.natural)

    def _ran(self, stage: Stage, until: datetime) -> int:
        stopped = sum(self._measure(stage, max(begin, stage.begins_at), min(end, until)) for begin, end in stage.stops)
        return self._measure(stage, stage.begins_at, until) - stopped

    def _day_pieces(self, day: date) -> Iterator[Segment]:
        """The segments of one day, of every stage that touches it."""
        begins = self.started_at
        for stage in self.stages:
            start = max(begins, self.calendar.at(day))
            end = min(stage.ends_at, self.calendar.at(day + A_DAY))
            if start < end:
                yield from self._stage_pieces(stage, day, start, end)
            begins = stage.ends_at

    def _stage_pieces(self, stage: Stage, day: date, start: datetime, end: datetime) -> Iterator[Segment]:
        if stage.natural:
            yield from self._pieces(day, start, end, "")
        elif not self.calendar.is_working_day(day):
            yield Segment(day, start, end, False, self.calendar.why_not_worked(day))
        else:
            worked_specially = self.calendar.special.get(day) is True
            why = self.calendar.names.get(day, "调休上班") if worked_specially else ""
            for opens, closes in self.calendar.spans(day):
                yield from self._pieces(day, max(opens, start), min(closes, end), why)

    def _pieces(self, day: date, opens: datetime, closes: datetime, why: str) -> Iterator[Segment]:
        """A stretch of running time cut where the first day ends and where pauses begin and end."""
        cuts = {opens, closes, *(moment for stop in self._marks() for moment in stop[:2])}
        inside = sorted(moment for moment in cuts if opens <= moment <= closes)
        for start, end in pairwise(inside):
            stopped = next((reason for begin, until, reason in self._marks() if begin <= start < until), None)
            yield Segment(day, start, end, stopped is None, why if stopped is None else stopped)

    def _marks(self) -> list[tuple[datetime, datetime, str]]:
        """Times that do not count, each with its word; the pauses first, for they are the more telling."""
        marks = [
            (pause.start, pause.end or max(self.ends_at, pause.start), _said_pause(pause.reason))
            for pause in self.pauses
        ]
        marks += [(start, end, "暂停") for stage in self.stages for start, end in stage.stops]
        return [*marks, (self.started_at, self.stages[0].begins_at, FIRST_DAY)]

    def _say_rule(self, what: str) -> str:
        if self.within is None:
            return f"{what}按约定日期"
        return f"{what}{in_words(self.within)}" + ("（按实际用时）" if self.counting == "elapsed" else "")

    def _say_start(self, act: str) -> str:
        first_day = f"，{FIRST_DAY}" if self.stages[0].by_day and self.within else ""
        return f"{self._say(self.started_at)}{act}起算{first_day}"

    def _say_uncounted(self) -> list[str]:
        said = []
        days_off: dict[str, set[date]] = {}
        stopped: dict[str, int] = {}
        for piece in self.segments():
            if piece.why.startswith("暂停"):
                stopped[piece.why] = stopped.get(piece.why, 0) + (piece.end - piece.start) // timedelta(seconds=1)
            elif not piece.counted and piece.why != FIRST_DAY:
                days_off.setdefault(piece.why, set()).add(piece.day)
        if days_off:
            said.append("、".join(f"{why}{len(days)}天" for why, days in days_off.items()) + "不计")
        for why, seconds in stopped.items():
            said.append(f"{why}，共{say_span(seconds, self.day_seconds)}")
        return said

    def _say_extensions(self) -> list[str]:
        if not self.extensions:
            return []
        return [f"延期{len(self.extensions)}次（{'、'.join(in_words(one) for one in self.extensions)}）"]

    def _say_moved(self) -> list[str]:
        """Why the last day is later than counting alone says."""
        said = []
        for day in (stage.moved_from for stage in self.stages if stage.moved_from):
            why = "下班时还在暂停" if self.calendar.is_working_day(day) else "不是工作日"
            said.append(f"{self._say_date(day)}{why}，顺延")
        return said

    @property
    def unannounced(self) -> list[int]:
        """The years that it counts days in without knowing their holidays' arrangement."""
        if all(stage.within is None or (stage.natural and stage.by_day is None) for stage in self.stages):
            return []
        first, last = self.calendar.day_of(self.started_at), self.calendar.day_of(self.ends_at)
        return [year for year in range(first.year, last.year + 1) if self.calendar.unannounced(year)]

    def _say_unannounced(self) -> list[str]:
        years = "、".join(f"{year}年" for year in self.unannounced)
        return [f"{years}的放假安排还没有公布或填入，只算了法定的{LEGAL_WORDS}"] if years else []

    def _say(self, moment: datetime, *, ends: bool = False) -> str:
        """Date, weekday and time; an end at midnight is said as 24:00 of the day that ends."""
        there = local(moment, self.calendar.zone)
        at_midnight = ends and there.time() == time.min
        day = (there - A_DAY if at_midnight else there).date()
        return f"{self._say_date(day)}{'24:00' if at_midnight else f'{there:%H:%M}'}"

    def _say_date(self, day: date) -> str:
        """Date and weekday, with the year where it is not that of the start."""
        year = "" if day.year == self.calendar.day_of(self.started_at).year else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def measure(calendar: WorkCalendar, start: datetime, end: datetime, *, natural: bool) -> int:
    """Whole seconds between two moments, of natural or of working time."""
    return (end - start) // timedelta(seconds=1) if natural else calendar.worked_seconds(start, end)


def run_on(
    calendar: WorkCalendar, start: datetime, seconds: int, *, natural: bool, stops: Sequence[Stop] = ()
) -> datetime:
    """The moment by which a clock has run so many seconds since `start`, standing still in the stops."""
    cursor, left = start, seconds
    for begin, end in stops:
        if end <= cursor:
            continue
        runs = measure(calendar, cursor, begin, natural=natural) if begin > cursor else 0
        if begin > cursor and runs >= left:
            break
        left, cursor = left - runs, end
    if natural:
        return cursor + timedelta(seconds=left)
    return calendar.after_worked(cursor, left)


def calendar_from_data(stored: dict[str, Any]) -> WorkCalendar:
    """The calendar that `Working.to_data` stored."""
    return WorkCalendar(
        zone=zone(stored["zone"]),
        week=frozenset(stored["week"]),
        hours=tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in stored["hours"]),
        special={date.fromisoformat(day): worked for day, worked in stored["special"].items()},
        names={date.fromisoformat(day): name for day, name in stored["names"].items()},
        announced=_announced(stored),
    )


def _announced(stored: dict[str, Any]) -> frozenset[int] | None:
    """Every year but those that were stored as not announced; none where that was never asked."""
    lacking = stored.get("unannounced", [])
    if not lacking:
        return None
    return frozenset(range(min(lacking) - YEARS_MOST, max(lacking) + YEARS_MOST)) - frozenset(lacking)


def pauses_from_data(stored: Sequence[Sequence[Any]]) -> tuple[Pause, ...]:
    """The pauses that `Working.to_data` stored."""
    return tuple(
        Pause(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None, reason)
        for start, end, reason in stored
    )


def durations_from_data(stored: Sequence[str]) -> tuple[Duration, ...]:
    """The extensions that `Working.to_data` stored."""
    return tuple(parse_duration(written) for written in stored)


def given_from_data(written: str) -> date | datetime:
    """A given deadline as it is stored: a day, or a moment of it."""
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def whole_second(moment: datetime) -> datetime:
    """The moment in UTC without its fraction of a second: deadlines are counted in whole seconds."""
    if moment.tzinfo is None:
        raise Refused("moment-without-zone", say="时间没有带时区，不能确定是哪一刻。", have=moment.isoformat())
    return moment.astimezone(UTC).replace(microsecond=0)


def _said_pause(reason: str) -> str:
    return f"暂停：{reason}" if reason else "暂停"


def _wall(end: time) -> str:
    return "24:00" if end == time.min else f"{end:%H:%M}"
