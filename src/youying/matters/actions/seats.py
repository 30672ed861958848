"""Clocks of which each unit has a run of its own: for whom a run starts, whose run a step stops, when all have stopped."""

from __future__ import annotations

from collections.abc import Collection

from youying.matters.actions.scene import Scene
from youying.matters.models import Clock
from youying.packs.compiled import CompiledClock

LEAD, SUMMONED = "lead", "summoned"


def units_of(scene: Scene, rule: CompiledClock) -> tuple[int | None, ...]:
    """The units each of which gets a run of its own; one run of nobody in particular where the pack wants no more."""
    if rule.each is None:
        return (None,)
    if rule.each == LEAD:
        return (scene.matter.lead_id,) if scene.matter.lead_id else ()
    if rule.each == SUMMONED and scene.named:
        return scene.named
    return tuple(scene.matter.units.get(rule.each, ()))


def begins_anew(scene: Scene, rule: CompiledClock, clock: Clock) -> bool:
    """Whether a running clock gives way to the runs that start: a whistle leaves those of others awaited alone."""
    return clock.code == rule.id and (rule.each != SUMMONED or not scene.named or clock.unit_id in scene.named)


def is_stopped(scene: Scene, rule: CompiledClock, clock: Clock, act_id: str) -> bool:
    """Whether a step stops this run: one taken by a unit stops its own, one taken by others those of all.

    The run of a unit that no longer stands to the matter as it did stops too.
    """
    step = scene.loop.acts.get(act_id)
    if act_id not in rule.stop_on:
        return False
    if clock.unit_id is None or rule.each in (None, LEAD) or step is None:
        return True
    if rule.each not in step.by and step.verb != "report-in":
        return True
    return clock.unit_id == scene.seat or clock.unit_id not in scene.matter.units.get(str(rule.each), ())


def note_met(scene: Scene, codes: Collection[str]) -> None:
    """Say of every clock that some run stopped and none runs any more that all have met it."""
    running = {clock.code for clock in scene.clocks}
    scene.happened += [f"met:{code}" for code in codes if code not in running]
