"""What a clock of a loop comes to for one matter: its period, its moments and the rungs of its ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from youying.kernel.calendar import WorkCalendar
from youying.kernel.clock_working import Pause, given_from_data
from youying.kernel.clocks import Deadline, count, earliest, given_deadline, moment_after, moment_of_share, recount
from youying.kernel.durations import parse_duration
from youying.packs.compiled import ELSE, GIVEN, CompiledClock, CompiledRung

OVERDUE, LONG_PAUSE = "overdue", "long-pause"


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing that happens by itself when a clock reaches a moment: the pack's rung, or its running out."""

    at: datetime
    do: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of one run of a clock, with the working that anybody can recompute."""

    due_at: datetime | None
    earliest_at: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    deadline: Deadline | None


def period(
    clock: CompiledClock, facts: Mapping[str, Any], *, given: date | datetime | None, own: str = ""
) -> dict[str, str]:
    """The period that this matter gets from the clock's rule, as stored with the run.

    Keys: `within` (a duration, "given" or ""), `wait`, `per` and `value` (the fact that chose it), `counting`; `own`
    where the directory or the dispatcher chose a period for this matter alone, which no fact chooses then.
    """
    if own:
        wait = str(clock.wait or "")
        return {"within": own, "wait": wait, "per": "", "value": "", "counting": clock.counting, "own": own}
    within, value = clock.limit(facts), ""
    if isinstance(clock.within, Mapping):
        fact = str(facts.get(clock.per or "") or "")
        value = fact if fact in clock.within else ELSE
    if given is not None and within == GIVEN:
        return {"within": "given", "given": given.isoformat(), "per": "", "value": "", "counting": clock.counting}
    return {
        "within": str(within or ""),
        "wait": str(clock.wait or ""),
        "per": clock.per or "",
        "value": value,
        "counting": clock.counting,
    }


def stays(run: Mapping[str, Any], clock: CompiledClock, *, given: date | datetime | None) -> bool:
    """Whether a running given deadline goes on where its clock would start anew, because nothing else was given."""
    return bool(run["within"] == GIVEN) and (clock.within != GIVEN or given is None)


def prolonged_by(run: Mapping[str, Any], clock: CompiledClock, facts: Mapping[str, Any]) -> str:
    """The duration by which an extension prolongs a run: the pack's own, else the period once more.

    A deadline that was given has no period of its own and is prolonged by that of its clock; empty where it has none.
    """
    if clock.extend is not None and clock.extend.by:
        return str(clock.extend.by)
    if run["within"] != GIVEN:
        return str(run["within"])
    return "" if clock.within == GIVEN else str(clock.limit(facts) or "")


def times(
    rule: Mapping[str, Any],
    *,
    started_at: datetime,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[str] = (),
    lamps: tuple[int, int] = (50, 80),
) -> Times:
    """When this run is due, earliest, yellow and red."""
    deadline: Deadline | None = None
    if rule["within"] == "given":
        deadline = given_deadline(
            started_at,
            given_from_data(rule["given"]),
            calendar,
            counting=rule["counting"],
            pauses=tuple(pauses),
            extensions=tuple(parse_duration(text) for text in extensions),
        )
    elif rule["within"]:
        deadline = count(
            started_at,
            parse_duration(rule["within"]),
            calendar,
            counting=rule["counting"],
            pauses=tuple(pauses),
            extensions=tuple(parse_duration(text) for text in extensions),
        )
    wait = rule.get("wait") or ""
    first = earliest(started_at, parse_duration(wait), calendar, counting=rule["counting"]) if wait else None
    if deadline is None or deadline.due_at is None:
        return Times(None, first, None, None, deadline)
    yellow, red = (moment_of_share(deadline, Fraction(lamp, 100)) for lamp in lamps)
    return Times(deadline.due_at, first, yellow, red, deadline)


def pauses_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Pause, ...]:
    """The stored pauses of a run as the kernel wants them."""
    return tuple(
        Pause(
            datetime.fromisoformat(one["from"]),
            datetime.fromisoformat(one["to"]) if one["to"] else None,
            one.get("title") or one["reason"],
        )
        for one in stored
    )


def pause_bell(pauses: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When an open pause has lasted so long that somebody must ask after it; none once it was told."""
    last = pauses[-1] if pauses else {}
    if last.get("to") or last.get("told") or not last.get("tell_at"):
        return None
    return datetime.fromisoformat(last["tell_at"])


def ends_so_far(working: Mapping[str, Any] | None) -> datetime | None:
    """When a run ends by what is known of it, an open pause counted as nothing yet."""
    return recount(dict(working)).working.ends_at if working else None


def same_period(run: Mapping[str, Any], fresh: Mapping[str, Any]) -> bool:
    """Whether a period counted anew is the one that the run has."""
    return all(run.get(name, "") == fresh.get(name, "") for name in ("within", "value", "own"))


def rungs(clock: CompiledClock, deadline: Deadline | None, calendar: WorkCalendar) -> list[Rung]:
    """Everything that this run does by itself, in order of time; running out stands among it, rights never run out."""
    if deadline is None or deadline.due_at is None:
        return []
    found = [] if clock.right else [Rung(deadline.due_at, OVERDUE)]
    found += [Rung(_moment(step, deadline, calendar), step.do, step.to) for step in clock.ladder]
    return sorted(found, key=lambda rung: rung.at)


def as_counted(working: Mapping[str, Any] | None, calendar: WorkCalendar) -> Deadline | None:
    """The deadline as it was counted and told: up to its last day by the days off of then, after it by those of now."""
    if working is None:
        return None
    first, last = (calendar.day_of(moment) for moment in _span(working))
    held = working["calendar"]
    later = {day for day in calendar.special if not first <= day <= last}
    special = {day.isoformat(): calendar.special[day] for day in later} | held["special"]
    names = {day.isoformat(): calendar.names[day] for day in later if day in calendar.names} | held["names"]
    return recount({**working, "calendar": {**held, "special": special, "names": names}})


def _span(working: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """The start and the end of a stored working."""
    counted = recount(dict(working)).working
    return counted.started_at, counted.ends_at


def comes_at(rung: Rung) -> datetime:
    """The first moment at which a rung rings; the last moment is still in time (Civil Code 1259: "以内" includes)."""
    return rung.at + timedelta(microseconds=1) if rung.do == OVERDUE else rung.at


def has_come(rung: Rung, at: datetime) -> bool:
    """Whether a rung rings by this moment."""
    return comes_at(rung) <= at


def next_moment(ladder: Sequence[Rung], rung: int) -> datetime | None:
    """When the next of the rungs rings after so many have rung."""
    return comes_at(ladder[rung]) if rung < len(ladder) else None


def _moment(step: CompiledRung, deadline: Deadline, calendar: WorkCalendar) -> datetime:
    due_at = deadline.working.ends_at
    if step.percent is not None:
        return moment_of_share(deadline, Fraction(step.percent, 100))
    if step.after is None:
        return due_at
    return moment_after(deadline, step.after)


def tier_above(tier: str, to: str, order: Sequence[str]) -> str:
    """The tier that a ladder names; "up" or nothing means the next one in the pack's order, the last stays the last."""
    if to not in ("", "up"):
        return to
    place = order.index(tier) if tier in order else -1
    return order[min(place + 1, len(order) - 1)] if order else "up"


def missed(rule: Mapping[str, Any], *, due_at: datetime | None, at: datetime) -> bool:
    """Whether a run has missed a deadline by this moment: its present one, or one that a later correction moved."""
    moved = rule.get("missed")
    return bool(moved and datetime.fromisoformat(moved) < at) or (due_at is not None and due_at < at)
