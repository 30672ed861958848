"""Clock arithmetic: from a start, a rule and a calendar to a deadline (Civil Code 201 to 203).

Legal counting: a period in days, working days or months leaves out the starting day and ends at the close of
business of its last day (24:00 where there are no hours); a last day off moves to the next working day; months are
calendar months. Minutes and hours run from the moment; office hours use up working time. Elapsed counting uses up
time from the moment, working time for working days. The rule for pauses is explained in docs/contexts/kernel.md.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Literal

from youying.kernel.calendar import A_DAY, WorkCalendar
from youying.kernel.clock_working import (
    Counting,
    Pause,
    Stage,
    Stop,
    Working,
    calendar_from_data,
    durations_from_data,
    given_from_data,
    pauses_from_data,
    run_on,
    whole_second,
)
from youying.kernel.durations import Duration, parse_duration
from youying.kernel.moments import local
from youying.kernel.refusals import Refused

__all__ = [
    "Counting",
    "Deadline",
    "Lamp",
    "Pause",
    "Working",
    "add_months",
    "count",
    "cut_off",
    "earliest",
    "given_deadline",
    "lamp",
    "moment_after",
    "moment_of_share",
    "recount",
]

Lamp = Literal["green", "yellow", "red", "overdue", "paused", "waiting"]
NATURAL_SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400}
PauseLike = tuple[datetime, datetime | None, str]


@dataclass(frozen=True)
class Deadline:
    """The latest moment, or none while the clock is paused, and how it came about."""

    due_at: datetime | None
    working: Working

    def is_overdue(self, now: datetime) -> bool:
        """Whether it has passed; the moment itself is still in time (Civil Code 1259: "以内" includes)."""
        return self.due_at is not None and now > self.due_at


def count(
    start: datetime,
    within: Duration,
    calendar: WorkCalendar,
    *,
    counting: Counting = "legal",
    pauses: Sequence[PauseLike] = (),
    extensions: Sequence[Duration] = (),
) -> Deadline:
    """Count a period from `start`; each extension goes on from the end of the period before it, by the same rules."""
    started = whole_second(start)
    checked = _checked(pauses)
    stops = _merged([(pause.start, pause.end) for pause in checked if pause.end])
    stages: list[Stage] = []
    for duration in (within, *extensions):
        stages.append(_next_stage(started, duration, calendar, counting=counting, stops=stops, before=stages))
    return _deadline(started, stages, calendar, counting=counting, pauses=checked, extensions=extensions)


def given_deadline(
    start: datetime,
    due: date | datetime,
    calendar: WorkCalendar,
    *,
    counting: Counting = "legal",
    pauses: Sequence[PauseLike] = (),
    extensions: Sequence[Duration] = (),
) -> Deadline:
    """A deadline that the starting act gave: a date means its close of business and is not moved, a moment itself.

    A date that is named after its own close of business ends at 24:00. A pause does not move what was agreed, but
    while one is open there is no deadline; extensions go on from it, by `counting`.
    """
    started = whole_second(start)
    agreed_at = whole_second(due) if isinstance(due, datetime) else _close_from(due, started, calendar)
    by_day = None if isinstance(due, datetime) else due
    if agreed_at < started:
        raise Refused("given-date-passed", say="约定的日期已经过了，请另约一个。", have=due, field="due")
    checked = _checked(pauses)
    stops = _merged([(pause.start, pause.end) for pause in checked if pause.end])
    stages = [Stage(None, started, agreed_at, by_day, True, _clipped(stops, started, agreed_at))]
    for duration in extensions:
        stages.append(_next_stage(started, duration, calendar, counting=counting, stops=stops, before=stages))
    return _deadline(
        started, stages, calendar, counting=counting, pauses=checked, extensions=extensions, given=due.isoformat()
    )


def _close_from(day: date, started: datetime, calendar: WorkCalendar) -> datetime:
    """The close of business of a given day; its 24:00 where business was over when it was named."""
    closes = calendar.close_of(day)
    return calendar.at(day + A_DAY) if closes < started and calendar.day_of(started) == day else closes


def moment_of_share(deadline: Deadline, share: Fraction) -> datetime:
    """The moment at which that share of its time is used up (over 1: past the deadline), an open pause left aside.

    Kept beside a matter, it lets a list sort and filter by lamp without computing.
    """
    return deadline.working.moment_of_share(share)


def moment_after(deadline: Deadline, duration: Duration) -> datetime:
    """When a period that begins with the end of a deadline is over (a ladder's step after it), by the same rules.

    Not the same as counting from `due_at`: a deadline at 24:00 belongs to the day that ends.
    """
    working = deadline.working
    stage = _next_stage(
        working.started_at, duration, working.calendar, counting=working.counting, stops=(), before=working.stages
    )
    return stage.ends_at.astimezone(UTC)


def recount(stored: dict[str, Any]) -> Deadline:
    """Compute a deadline again from what `Working.to_data` stored, so that anyone can check it."""
    start = datetime.fromisoformat(stored["start"])
    calendar = calendar_from_data(stored["calendar"])
    pauses = pauses_from_data(stored["pauses"])
    extensions = durations_from_data(stored["extensions"])
    if stored["given"]:
        due = given_from_data(stored["given"])
        return given_deadline(start, due, calendar, counting=stored["counting"], pauses=pauses, extensions=extensions)
    within = parse_duration(stored["within"])
    return count(start, within, calendar, counting=stored["counting"], pauses=pauses, extensions=extensions)


def earliest(
    start: datetime,
    wait: Duration,
    calendar: WorkCalendar,
    *,
    counting: Counting = "legal",
    pauses: Sequence[PauseLike] = (),
) -> datetime:
    """The first moment at which what had to wait may be done: whole days must have passed, starting day left out.

    Nothing is asked of anybody on the last day of a wait, so it is full (24:00) and a day off does not move it.
    """
    started = whole_second(start)
    stops = _merged([(pause.start, pause.end) for pause in _checked(pauses) if pause.end])
    if counting == "legal" and wait.counts_days:
        from_day = calendar.day_of(started)
        lost = _paused_days(from_day, calendar, stops)
        return calendar.at(_last_counted_day(from_day, wait, calendar, lost) + A_DAY)
    return _run_out(started, wait, calendar, stops)


def cut_off(due_at: datetime, ask_before: Duration | time | str, calendar: WorkCalendar) -> datetime:
    """The last moment to ask for an extension: an hour of the due day ("17:00"), or so long before the deadline.

    Working days before mean the close of business of that working day; never later than the deadline itself.
    """
    asked = _ask_before(ask_before)
    last_day = calendar.day_of(due_at - timedelta(seconds=1))
    if isinstance(asked, time):
        return min(calendar.at(last_day, asked), due_at)
    if asked.unit == "working-days":
        return calendar.close_of(calendar.nth_working_day(last_day, -asked.n))
    if asked.unit == "office-hours":
        return calendar.before_worked(due_at, asked.n * 3_600)
    if asked.unit in ("minutes", "hours"):
        return due_at - timedelta(seconds=asked.n * NATURAL_SECONDS[asked.unit])
    wall = local(due_at, calendar.zone)
    day = wall.date() - asked.n * A_DAY if asked.unit == "days" else add_months(wall.date(), -asked.n)
    return calendar.at(day, wall.time())


def lamp(
    share: Fraction,
    lamps: tuple[int, int] = (50, 80),
    *,
    paused: bool = False,
    overdue: bool = False,
    waiting: bool = False,
) -> Lamp:
    """The lamp of a used share; thresholds in per cent, reached means turned.

    Waiting for the resident goes before all, overdue before paused: what was late stays late.
    """
    if waiting:
        return "waiting"
    if overdue:
        return "overdue"
    if paused:
        return "paused"
    yellow, red = lamps
    if share * 100 >= red:
        return "red"
    return "yellow" if share * 100 >= yellow else "green"


def add_months(day: date, n: int) -> date:
    """The corresponding day n months on, or the month's end where there is none (Civil Code 202)."""
    months = day.year * 12 + day.month - 1 + n
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _next_stage(
    started: datetime,
    duration: Duration,
    calendar: WorkCalendar,
    *,
    counting: Counting,
    stops: tuple[Stop, ...],
    before: Sequence[Stage],
) -> Stage:
    previous = before[-1] if before else None
    begins = previous.ends_at if previous else started
    natural = duration.unit not in ("working-days", "office-hours")
    if counting == "elapsed" or not duration.counts_days:
        ends = _run_out(begins, duration, calendar, stops)
        return Stage(duration, begins, ends, None, natural, _clipped(stops, begins, ends))
    from_day = (previous and previous.by_day) or calendar.day_of(begins)
    lost = _paused_days(from_day, calendar, stops)
    counted = _last_counted_day(from_day, duration, calendar, lost)
    last = _last_day(counted, calendar, stops)
    ends = calendar.close_of(last)
    if previous is None:
        begins = calendar.at(from_day + A_DAY)
    whole_days = [(calendar.at(day), calendar.at(day + A_DAY)) for day in lost if day <= last]
    clipped = _clipped(_merged([*stops, *whole_days]), begins, ends)
    return Stage(duration, begins, ends, last, natural, clipped, None if counted == last else counted)


def _run_out(start: datetime, duration: Duration, calendar: WorkCalendar, stops: Sequence[Stop]) -> datetime:
    """When time counted from the moment is used up."""
    natural = duration.unit not in ("working-days", "office-hours")
    if duration.unit == "months":
        wall = local(start, calendar.zone)
        seconds = (calendar.at(add_months(wall.date(), duration.n), wall.time()) - start) // timedelta(seconds=1)
    elif natural:
        seconds = duration.n * NATURAL_SECONDS[duration.unit]
    else:
        seconds = duration.n * (3_600 if duration.unit == "office-hours" else calendar.day_seconds)
    return run_on(calendar, start, seconds, natural=natural, stops=stops)


def _last_counted_day(from_day: date, duration: Duration, calendar: WorkCalendar, lost: Sequence[date]) -> date:
    """The last of the days to count after `from_day`; days wholly inside a pause (`lost`) are not counted."""
    days = duration.n
    if duration.unit == "months":
        days = (add_months(from_day, duration.n) - from_day).days
    working = duration.unit == "working-days"
    if working:
        lost = [day for day in lost if calendar.is_working_day(day)]
    last = _step(from_day, days, calendar, working=working)
    while True:
        moved = _step(from_day, days + bisect_right(lost, last), calendar, working=working)
        if moved == last:
            return last
        last = moved


def _last_day(counted: date, calendar: WorkCalendar, stops: Sequence[Stop]) -> date:
    """The last day of a legal period: not a day off, and not one whose close of business falls into a pause."""
    last = calendar.working_day_from(counted)
    while any(begin < calendar.close_of(last) <= end for begin, end in stops):
        last = calendar.next_working_day(last)
    return last


def _step(day: date, n: int, calendar: WorkCalendar, *, working: bool) -> date:
    return calendar.nth_working_day(day, n) if working else day + n * A_DAY


def _paused_days(after: date, calendar: WorkCalendar, stops: Sequence[Stop]) -> list[date]:
    """Days after `after` of which the whole business time (of a day off: the whole day) was paused, in order."""
    found: list[date] = []
    for begin, end in stops:
        first, last = calendar.day_of(begin), calendar.day_of(end)
        for n in range(max((after + A_DAY - first).days, 0), (last - first).days + 1):
            day = first + n * A_DAY
            if day not in found[-1:] and (first < day < last or _wholly_paused(day, calendar, stops)):
                found.append(day)
    return found


def _wholly_paused(day: date, calendar: WorkCalendar, stops: Sequence[Stop]) -> bool:
    spans = calendar.spans(day) or ((calendar.at(day), calendar.at(day + A_DAY)),)
    return all(any(begin <= opens and closes <= end for begin, end in stops) for opens, closes in spans)


def _checked(pauses: Sequence[PauseLike]) -> tuple[Pause, ...]:
    """The pauses in order and in whole seconds; refused when one ends before it starts or more than one is open."""
    checked = []
    for start, end, reason in pauses:
        if end is not None and end < start:
            raise Refused("pause-backwards", say="暂停的结束时间早于开始时间，请核对。", have=(start, end))
        checked.append(Pause(whole_second(start), whole_second(end) if end else None, reason))
    if sum(pause.end is None for pause in checked) > 1:
        raise Refused("pause-twice-open", say="这个时钟已经暂停，不能再暂停一次；请先恢复。")
    return tuple(sorted(checked, key=lambda pause: pause.start))


def _merged(stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """Stops in order, overlapping and touching ones joined, empty ones left out."""
    merged: list[Stop] = []
    for begin, end in sorted(stop for stop in stops if stop[0] < stop[1]):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _clipped(stops: Sequence[Stop], begin: datetime, end: datetime) -> tuple[Stop, ...]:
    return tuple((max(start, begin), min(stop, end)) for start, stop in stops if start < end and stop > begin)


def _deadline(
    started: datetime,
    stages: Sequence[Stage],
    calendar: WorkCalendar,
    *,
    counting: Counting,
    pauses: tuple[Pause, ...],
    extensions: Sequence[Duration],
    given: str = "",
) -> Deadline:
    ends = stages[-1].ends_at.astimezone(UTC)
    open_since = next((pause.start for pause in pauses if pause.end is None), None)
    paused_since = open_since if open_since is not None and open_since < ends else None
    working = Working(
        started_at=started,
        within=stages[0].within,
        given=given,
        counting=counting,
        calendar=calendar,
        pauses=pauses,
        extensions=tuple(extensions),
        stages=tuple(stages),
        paused_since=paused_since,
    )
    return Deadline(None if paused_since else ends, working)


def _ask_before(written: Duration | time | str) -> Duration | time:
    if not isinstance(written, str):
        return written
    try:
        return time.fromisoformat(written) if ":" in written else parse_duration(written)
    except ValueError:
        raise Refused(
            "cut-off-unreadable", say=f"“{written}”不是截止时刻，请写 17:00 或“1 working-days”。", have=written
        ) from None
