"""How much more time may be asked on a running deadline, and to which moment it leads: pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NoReturn, Protocol

from youying.kernel.calendar import WorkCalendar
from youying.kernel.durations import Duration, in_words, parse_duration
from youying.kernel.moments import local
from youying.kernel.refusals import Refused
from youying.matters import clock_rules
from youying.packs.compiled import CompiledClock


class Run(Protocol):
    """What is needed of a running clock."""

    title: str
    rule: dict[str, Any]
    started_at: datetime
    due_at: datetime | None
    pauses: list[dict[str, Any]]
    extensions: list[str]


@dataclass(frozen=True, slots=True)
class MoreTime:
    """An extension as it is asked: by how long, and to which deadline that leads as things stand."""

    by: str
    due_at: datetime


def most_of(run: Run, clock: CompiledClock, facts: Mapping[str, Any], calendar: WorkCalendar) -> MoreTime | None:
    """The most that may be asked at one time: the pack's own, else the period once more; None where there is none."""
    by = clock_rules.prolonged_by(run.rule, clock, facts)
    return MoreTime(by, _leads_to(run, calendar)(parse_duration(by))) if by and run.due_at else None


def chosen(run: Run, most: MoreTime, *, until: datetime | None, calendar: WorkCalendar) -> MoreTime:
    """The extension that leads to the asked deadline; the most where none was asked.

    Minutes are compared, which is as fine as a form is filled in; a day without an hour is the deadline of that day.
    Refused where the asked deadline is no later than the present one, later than the most allows, or between two that
    an extension can lead to: nobody gets another deadline than the one that was named.
    """
    if until is None:
        return most
    assert run.due_at is not None
    leads_to, longest = _leads_to(run, calendar), parse_duration(most.by)
    until = _close_of(until, leads_to, longest, calendar)
    if not _minute(run.due_at) < _minute(until):
        say = f"新的期限要晚于现在的期限：{_said(run.due_at, calendar)}。"
        raise Refused("not-later", say=say, have=until.isoformat(), need=run.due_at.isoformat(), field="due_at")
    if _minute(until) > _minute(most.due_at):
        say = f"一次最多延{in_words(longest)}，也就是到{_said(most.due_at, calendar)}，请改早一些。"
        raise Refused("too-long", say=say, have=until.isoformat(), need=most.due_at.isoformat(), field="due_at")
    steps = range(1, longest.n + 1)
    n = bisect_right(steps, _minute(until), key=lambda n: _minute(leads_to(Duration(n, longest.unit))))
    if not n:
        first = leads_to(Duration(1, longest.unit))
        say = f"最少延{in_words(Duration(1, longest.unit))}，也就是到{_said(first, calendar)}，请改晚一些。"
        raise Refused("too-short", say=say, have=until.isoformat(), need=first.isoformat(), field="due_at")
    by = Duration(n, longest.unit)
    if _minute(leads_to(by)) != _minute(until):
        _refuse_between(until, [leads_to(by), leads_to(Duration(n + 1, longest.unit))], longest, calendar)
    return MoreTime(str(by), leads_to(by))


def _close_of(
    until: datetime, leads_to: Callable[[Duration], datetime], longest: Duration, calendar: WorkCalendar
) -> datetime:
    """A moment as it is; for a day without an hour the last deadline of that day that an extension leads to, if any."""
    there = local(until, calendar.zone)
    if _minute(there).time() != time.min:
        return until
    steps = range(1, longest.n + 1)
    n = bisect_right(
        steps, there.date(), key=lambda n: local(leads_to(Duration(n, longest.unit)), calendar.zone).date()
    )
    found = leads_to(Duration(n, longest.unit)) if n else until
    return found if local(found, calendar.zone).date() == there.date() else until


def _refuse_between(until: datetime, beside: Sequence[datetime], longest: Duration, calendar: WorkCalendar) -> NoReturn:
    """Say which deadlines lie beside one that no extension leads to."""
    unit = in_words(Duration(1, longest.unit)).removeprefix("1").removeprefix("个")
    either = "，或".join(_said(one, calendar) for one in beside)
    say = f"延期按{unit}算，延不到{_said(until, calendar)}。请改成{either}。"
    raise Refused(
        "between-deadlines", say=say, have=until.isoformat(), need=[one.isoformat() for one in beside], field="due_at"
    )


def in_full(asked: MoreTime, calendar: WorkCalendar) -> str:
    """How long and until when, as one says it: "3个工作日，到11月27日 18:00"."""
    return f"{in_words(parse_duration(asked.by))}，到{_said(asked.due_at, calendar)}"


def _leads_to(run: Run, calendar: WorkCalendar) -> Callable[[Duration], datetime]:
    """By how long → to which deadline, past pauses and extensions counted in."""
    before: Sequence[str] = run.extensions

    def due(by: Duration) -> datetime:
        found = clock_rules.times(
            run.rule,
            started_at=run.started_at,
            calendar=calendar,
            pauses=clock_rules.pauses_of(run.pauses),
            extensions=[*before, str(by)],
        ).due_at
        assert found is not None  # a run that stands still is not asked of
        return found

    return due


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _said(moment: datetime, calendar: WorkCalendar) -> str:
    return f"{local(moment, calendar.zone):%m月%d日 %H:%M}"
