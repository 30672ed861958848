"""Who is still awaited after a whistle, who may note that a unit came, and what its coming says of the matter: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.rules import Situation, stands_as
from youying.packs.compiled import CompiledAct, CompiledClock, CompiledLoop

SUMMONED = "summoned"
ARRIVALS = {"came": "到场", "answered": "书面答复"}
"""How a unit reports in: somebody stands there, or it answers in writing."""
REPORTED, ABSENT, RELEASED, CALLED_OFF = "reported", "absent", "released", "called-off"
ENDS = {REPORTED: "已报到", ABSENT: "未报到", RELEASED: "不再等", CALLED_OFF: "已收哨"}
"""How it ended for one unit that was whistled for."""

Units = Mapping[str, Any]


def awaited(units: Units) -> frozenset[int]:
    """The units that were whistled for and have not reported in."""
    return frozenset(units.get(SUMMONED, ())) - frozenset(units.get("reported", ()))


def called(units: Units, named: Iterable[int]) -> dict[str, Any]:
    """The units of a matter after a whistle: whoever is named again must sign and come again."""
    fresh = set(named)
    kept = {key: sorted(set(units.get(key, ())) - fresh) for key in ("signed", "reported", "absent") if key in units}
    return {**units, **kept, SUMMONED: sorted({*units.get(SUMMONED, ()), *fresh})}


def left(units: Units, gone: Collection[int], *, absent: Collection[int] = ()) -> dict[str, Any]:
    """The units of a matter when some are no longer awaited; those that never came stay named as absent."""
    after = {**units, SUMMONED: sorted(set(units.get(SUMMONED, ())) - set(gone))}
    return after | ({"absent": sorted({*units.get("absent", ()), *absent})} if absent else {})


def arrival_facts(units: Units, *, on_time: bool | None, clocked: bool) -> dict[str, Any]:
    """`reported_in` and `reported_in_on_time` of a matter: what was late or absent once is never in time again."""
    absent, waiting = units.get("absent", ()), awaited(units)
    if not units.get(SUMMONED) and not absent:  # nobody is left of whom it could be said
        return {"reported_in": None, "reported_in_on_time": False if on_time is False else None}
    all_in = not waiting and not absent
    in_time = False if on_time is False or absent else True if all_in and clocked else None
    return {"reported_in": all_in, "reported_in_on_time": in_time}


def ends_by_reporting(loop: CompiledLoop, clock: CompiledClock) -> bool:
    """Whether a clock runs until a unit reports in, and until nothing else."""
    return {loop.acts[act].verb for act in clock.stop_on if act in loop.acts} == {"report-in"}


def is_clocked(loop: CompiledLoop) -> bool:
    """Whether the pack gives the units a time to report in."""
    return any(ends_by_reporting(loop, clock) for clock in loop.clocks.values())


def is_seated(loop: CompiledLoop, step: CompiledAct) -> bool:
    """Whether a step is taken for one of the units that were whistled for: it reports in, or signs as one of them."""
    if step.verb == "report-in":
        return True
    stops = any(clock.each == SUMMONED and step.id in clock.stop_on for clock in loop.clocks.values())
    return SUMMONED in step.by and (step.verb == "accept" or stops)


def waits_in(loop: CompiledLoop) -> frozenset[str]:
    """The stages in which a unit can still report in; all of them where the loop has no such step."""
    found = [stage for step in loop.acts_of("report-in") for stage in step.from_stages]
    return frozenset(found or loop.stages)


def given_up_by(loop: CompiledLoop, step: CompiledAct, units: Units) -> frozenset[int]:
    """The units that are still awaited and no longer would be, because the step leads on to where nobody waits."""
    return frozenset() if step.to is None or step.to in waits_in(loop) else awaited(units)


def may_note_for_others(viewer: Viewer, step: CompiledAct, situation: Situation) -> bool:
    """Whether the pack lets this viewer note it for a unit: it names their post or unit type beside the units themselves."""
    return bool((stands_as(viewer, situation) & set(step.by)) - {SUMMONED})


def seat_of(viewer: Viewer, situation: Situation, *, named: int | None) -> int | None:
    """The unit for which a step is taken: the one that is named, else the viewer's own where it was whistled for."""
    if named is not None:
        return named
    return viewer.unit_id if viewer.unit_id in situation.summoned else None


def refuse_seat(
    viewer: Viewer, step: CompiledAct, situation: Situation, *, seat: int | None, named: int | None
) -> None:
    """Refuse to report in for nobody, for another unit without the pack's leave, or for one that did already."""
    if not situation.summoned or viewer.kind == "system":
        return
    if named is not None and named != viewer.unit_id and not may_note_for_others(viewer, step, situation):
        say = f"“{step.title}”要由被吹哨的单位自己来做，不能替别的单位做。"
        raise Refused("not-your-unit", say=say, have=named, need=viewer.unit_id, field="reporting_unit")
    if seat is None:
        raise Refused("needs-unit", say=f"请选是哪个单位“{step.title}”。", field="reporting_unit")
    done = situation.signed if step.verb == "accept" else situation.reported
    if seat in done or seat not in situation.summoned:
        say = f"这个单位已经做过“{step.title}”。" if seat in done else "这个单位没有被吹哨，或已经不用来了。"
        raise Refused("not-awaited", say=say, have=seat, need=sorted(situation.summoned - done), field="reporting_unit")


def refuse_named(step: CompiledAct, named: Collection[int], situation: Situation) -> None:
    """Refuse a whistle for nobody, for the unit that has the matter, or for one that is awaited already."""
    if SUMMONED not in step.assigns:
        if named:
            raise Refused("no-summons", say=f"“{step.title}”不吹哨，不用点名单位。", field="summoned")
        return
    if not named:
        raise Refused("needs-unit", say="请点名要吹哨的单位。", field="summoned")
    if situation.lead_id in named:
        raise Refused("whistle-lead", say="主办单位已经在办，不用对它吹哨。", have=situation.lead_id, field="summoned")
    if again := sorted(set(named) & (situation.summoned - situation.reported)):
        say = "点名的单位里有的已经吹过哨、还没有报到，请先等它报到，或收哨以后再吹。"
        raise Refused("already-summoned", say=say, have=again, field="summoned")
