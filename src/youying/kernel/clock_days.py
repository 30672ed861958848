"""The days of a deadline one by one, as somebody who checks it would write them down (Civil Code 201 to 203)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from youying.kernel.calendar import A_DAY, WorkCalendar
from youying.kernel.clock_working import Stage, Working, measure
from youying.kernel.clocks import add_months
from youying.kernel.durations import Duration

Mark = Literal["start", "counted", "off", "paused", "rolled", "ran", "agreed"]
Kind = Literal["", "weekend", "holiday", "worked"]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of one period of a deadline: counted or not, and why.

    `start` is the day that is left out, `off` a day that is not worked, `paused` one on which the clock stood still
    all day, `rolled` one to which the end moved on, `ran` one on which `seconds` were used up, `agreed` one on the
    way to a date that was given. `nth` of `of` days are counted by then; `stage` is 0 for the period itself, then one
    for each extension; `name` says which holiday or make-up day it is. The deadline `ends` on the last of them.
    """

    day: date
    stage: int
    mark: Mark
    kind: Kind
    name: str = ""
    nth: int | None = None
    of: int | None = None
    seconds: int | None = None
    ends: bool = False


def day_rows(working: Working) -> tuple[DayRow, ...]:
    """Every day from the start to the end, an open pause counted as nothing so far."""
    found: list[DayRow] = []
    after = working.calendar.day_of(working.started_at)
    for index, stage in enumerate(working.stages):
        rows = _of_stage(working, stage, index, after)
        found += rows
        after = stage.by_day or working.calendar.day_of(stage.ends_at)
    return tuple(found)


def _of_stage(working: Working, stage: Stage, index: int, after: date) -> list[DayRow]:
    if stage.within is None or stage.by_day is None:
        return list(_running(working, stage, index))
    rows = [_row(working.calendar, after, index, "start")] if index == 0 else []
    rows += _counted(working.calendar, stage, index, after)
    return [*rows[:-1], replace(rows[-1], ends=_is_last(working, index))]


def _is_last(working: Working, index: int) -> bool:
    """Whether the deadline ends with this period, and no extension goes on from it."""
    return index == len(working.stages) - 1


def _counted(calendar: WorkCalendar, stage: Stage, index: int, after: date) -> Iterator[DayRow]:
    """The days of a period counted by days: each counts one, or says why it does not."""
    assert stage.within is not None and stage.by_day is not None
    of, nth = _days_to_count(stage.within, after), 0
    for n in range(1, (stage.by_day - after).days + 1):
        day = after + n * A_DAY
        mark: Mark = "counted"
        if not stage.natural and not calendar.is_working_day(day):
            mark = "off"
        elif _stood_still(calendar, stage, day):
            mark = "paused"
        elif nth == of:
            mark = "rolled"
        nth += mark == "counted"
        yield _row(calendar, day, index, mark, nth if mark == "counted" else None, of)


def _days_to_count(within: Duration, after: date) -> int:
    return (add_months(after, within.n) - after).days if within.unit == "months" else within.n


def _stood_still(calendar: WorkCalendar, stage: Stage, day: date) -> bool:
    """Whether the clock stood still on the whole of a day."""
    begins, ends = max(calendar.at(day), stage.begins_at), calendar.at(day + A_DAY)
    return any(begin <= begins and min(ends, stage.ends_at) <= end for begin, end in stage.stops)


def _running(working: Working, stage: Stage, index: int) -> Iterator[DayRow]:
    """The days of a period that uses up time, or that leads to a date that was given."""
    calendar = working.calendar
    first, last = calendar.day_of(stage.begins_at), calendar.day_of(stage.ends_at - timedelta(seconds=1))
    final = last if _is_last(working, index) else None
    for n in range(max((last - first).days, 0) + 1):
        day = first + n * A_DAY
        if stage.within is None:
            yield _row(calendar, day, index, "agreed", ends=day == final)
            continue
        used = _used(working, stage, day)
        off = not stage.natural and not calendar.is_working_day(day)
        mark: Mark = "off" if off else "ran" if used else "paused"
        yield _row(calendar, day, index, mark, seconds=used, ends=day == final)


def _used(working: Working, stage: Stage, day: date) -> int:
    """How many seconds of a day were used up."""
    calendar = working.calendar
    begins, ends = max(calendar.at(day), stage.begins_at), min(calendar.at(day + A_DAY), stage.ends_at)
    stops = [(max(begin, begins), min(end, ends)) for begin, end in stage.stops]
    spans = [(begins, ends), *stops]
    whole, *stopped = (
        measure(calendar, start, end, natural=stage.natural) if start < end else 0 for start, end in spans
    )
    return whole - sum(stopped)


def _row(
    calendar: WorkCalendar,
    day: date,
    index: int,
    mark: Mark,
    nth: int | None = None,
    of: int | None = None,
    *,
    seconds: int | None = None,
    ends: bool = False,
) -> DayRow:
    kind, name = _kind(calendar, day)
    return DayRow(day, index, mark, kind, name, nth, of, seconds, ends)


def _kind(calendar: WorkCalendar, day: date) -> tuple[Kind, str]:
    """What sort of day it is, and its name where it has one."""
    if calendar.is_working_day(day):
        return ("worked", calendar.names.get(day, "")) if calendar.special.get(day) else ("", "")
    if calendar.special.get(day) is False or calendar.legal_day(day):
        return "holiday", calendar.names.get(day, "") or calendar.legal_day(day)
    return "weekend", ""
