"""Standing still: a step pauses clocks for a coded reason, an event or a date sets them going, a long pause is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from youying.editions.queries import params_for
from youying.kernel.refusals import Refused
from youying.matters import clock_rules
from youying.matters.actions import clocks
from youying.matters.actions.scene import Scene
from youying.matters.clock_rules import LONG_PAUSE, Rung
from youying.matters.models import Clock
from youying.matters.need_rules import LATEST_PROMISE, Given
from youying.packs.compiled import CompiledAct
from youying.packs.params import engine_param


def pause(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Pause or resume the clocks that name this step; the reason stands by code and by its title of the day."""
    for clock in scene.clocks:
        rule = scene.loop.clocks[clock.code]
        if step.id in rule.pause and not clock.paused:
            _begin(scene, clock, step, given)
        elif step.id in rule.resume and clock.paused:
            clock.pauses = [*clock.pauses[:-1], {**clock.pauses[-1], "to": scene.at.isoformat()}]
            clock.paused = False
            clocks.reckon(scene, clock)
            clocks.touch(scene, clock, "resume")


def refuse_until(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Refuse a date of going on that is past or years away."""
    if given.due_at is None or not is_paused_by(scene, step):
        return
    if not scene.at < given.due_at <= scene.at + LATEST_PROMISE:
        say = "恢复的日期要晚于现在、两年以内，请核对。"
        have, need = given.due_at.isoformat(), scene.at.isoformat()
        raise Refused("bad-resume-date", say=say, have=have, need=need, field="due_at")


def _begin(scene: Scene, clock: Clock, step: CompiledAct, given: Given) -> None:
    reason = scene.edition.pack.reasons.get(given.reason)
    held = {
        "from": scene.at.isoformat(),
        "to": None,
        "reason": given.reason,
        "title": reason.title if reason else "",
        "act": step.id,
        "until": given.due_at.isoformat() if given.due_at else None,
    }
    if step.verb != "park":  # what is parked has its own review
        held["tell_at"] = _tell_at(scene).isoformat()
    clock.pauses = [*clock.pauses, held]
    clock.paused = True
    clocks.reckon(scene, clock)
    clocks.touch(scene, clock, "pause")


def hold_until(scene: Scene, act_id: str, *, until: datetime | None) -> None:
    """Say on every clock that stands still by this step the other day on which it goes on."""
    for clock in scene.clocks:
        if clock.paused and clock.pauses[-1].get("act") == act_id:
            clock.pauses = [*clock.pauses[:-1], {**clock.pauses[-1], "until": until.isoformat() if until else None}]
            clocks.touch(scene, clock, "pause")


def _tell_at(scene: Scene) -> datetime:
    days = engine_param(params_for(scene.edition, scene.matter.area_path), "pause-most-days")
    return scene.at + timedelta(days=float(days))


def overlong(scene: Scene, clock: Clock) -> list[Rung]:
    """What rings on a pause that has lasted too long: a word to the unit, and to whoever lets such a pause be."""
    bell = clock_rules.pause_bell(clock.pauses)
    if bell is None or bell > scene.at:
        return []
    last = clock.pauses[-1]
    clock.pauses = [*clock.pauses[:-1], {**last, "told": scene.at.isoformat()}]
    step = scene.loop.acts.get(last.get("act", ""))
    posts = step.approve.by if step and step.approve else ()
    return [Rung(bell, LONG_PAUSE, to) for to in ("lead", *posts)]


def is_paused_by(scene: Scene, step: CompiledAct) -> bool:
    """Whether the step makes some clock of the loop stand still."""
    return any(step.id in rule.pause for rule in scene.loop.clocks.values())


def is_resumed_by(scene: Scene, step: CompiledAct) -> bool:
    """Whether the step sets some clock of the loop going again."""
    return any(step.id in rule.resume for rule in scene.loop.clocks.values())
