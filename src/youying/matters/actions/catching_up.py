"""What another system tells later of a need that is in already: the steps that are new, taken on the matter as it stands."""

from __future__ import annotations

from datetime import datetime

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import asks, changed_source, clocks, door, history, keeping, parties, waking
from youying.matters.actions.committing import commit
from youying.matters.actions.scene import Scene, lock
from youying.matters.fact_rules import Answer, Doing, effects
from youying.matters.facts import facts_of
from youying.matters.models import Ask, Verdict
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged


@recorded_act("matters.catch-up", power="import")
def catch_up(matter_id: int, told: history.Told, *, by: Viewer, origin: str = "") -> bool:
    """Take the steps that are told and were not taken here yet, and another category or unit; whether there was any.

    Refused where the matter has gone its own way here, or where what is told cannot be true.
    """
    scene = lock(matter_id, by=by, at=now(), origin=origin)
    history.refuse_history(told, scene.edition, now())
    done = _done(scene)
    steps = [step for step in history.steps_told(told, scene.loop, own_unit=by.unit_id) if step[0] not in done]
    changed = changed_source.changes(scene, told)
    if not steps and not changed:
        unchanged()
        return False
    _refuse_own_way(scene)
    scene.told = {verb: at for verb, at, _ in steps}
    with keeping.together(scene):
        changed_source.follow(scene, changed)
        for verb, at, given in steps:
            step = history.find_step(scene, verb)
            if history.is_behind(verb, done):
                _add(scene, step, at, given, done=done)
                continue
            _take(scene, told, step, at, given)
            for event in door.follow_ups(scene, step):
                following = next(iter(door.following_steps(scene, event)), None)
                if following is not None:
                    scene.by = SYSTEM
                    _take(scene, told, following, history.moment_of(event, at), Given())
                    scene.by = by
    return True


def _done(scene: Scene) -> set[str]:
    """The verbs that were taken on the matter, whoever took them."""
    return {scene.loop.acts[step].verb for step in scene.matter.doers if step in scene.loop.acts}


def _refuse_own_way(scene: Scene) -> None:
    """Refuse where people here decided otherwise in the meantime: their steps hold, and a person looks at both.

    What the bell proposes nobody has decided.
    """
    matter = scene.matter
    away = matter.ended_at or matter.parked or matter.reworks or matter.hand_backs or matter.merged_into_id
    if away or Ask.objects.filter(matter=matter, answer="").exclude(kind=asks.PROPOSAL).exists():
        stage = scene.loop.stages.get(matter.stage, matter.stage)
        say = f"已在库中（{matter.number}，现在“{stage}”），这里的人另有处理，表里新的答复没有跟上；请打开这一件核对。"
        raise Refused("gone-its-own-way", say=say, have=matter.stage)


def _take(scene: Scene, told: history.Told, step: CompiledAct, at: datetime, given: Given) -> None:
    """One step as the one door takes it, without the proofs that another system never gives."""
    matter, was = scene.matter, facts_of(scene.matter)
    scene.at = at
    parties.refuse_units({given.unit_id} if given.unit_id else set())
    answer = Answer(told.solved, told.satisfaction) if step.verb == "verdict" else None  # type: ignore[arg-type]
    met = clocks.stop(scene, step.id)
    clocks.forgive_told(scene, met, by_now=now())
    for name, value in effects(step.verb, facts_of(matter), Doing(given, at, answer, met)).items():
        setattr(matter, name, value)
    matter.stage = step.to or matter.stage
    if matter.stage in scene.loop.ends:
        matter.ended_at = at
        asks.lapse(scene)
    if matter.ended_at or step.verb == "complete":  # what else was to happen by then, nobody tells any more
        clocks.stop_all(scene)
    elif told.done_at is None or step.verb not in ("complete", "verdict"):
        clocks.start(scene, step.id, given=None)
    if was["overdue"] and not matter.overdue:  # a supervision proposed for a miss that was none
        asks.lapse(scene, _is_proposal)
    matter.doers = {**matter.doers, step.id: [*matter.doers.get(step.id, []), scene.by.account_id or 0]}
    _hang(scene, step, given, answer)
    waking.set_alarm(scene, step, given)
    tells = step.tells if at >= now() - history.NEWS_FOR else ()
    commit(scene, step.id, step.verb, was=was, data={"note": given.note}, tells=tells, extra={"imported": True})


def _is_proposal(ask: Ask) -> bool:
    return ask.kind == asks.PROPOSAL


def _add(scene: Scene, step: CompiledAct, at: datetime, given: Given, *, done: set[str]) -> None:
    """A step that lies behind the matter: what it says is added, the stage stays.

    Of the clocks that it starts only those run whose end is still to come.
    """
    matter, was = scene.matter, facts_of(scene.matter)
    scene.at = at
    parties.refuse_units({given.unit_id} if given.unit_id else set())
    for name, value in effects(step.verb, was, Doing(given, at)).items():
        setattr(matter, name, value)
    if matter.completed_at is None:
        clocks.start(scene, step.id, given=None, but=frozenset(done))
    matter.doers = {**matter.doers, step.id: [*matter.doers.get(step.id, []), scene.by.account_id or 0]}
    _hang(scene, step, given, None)
    commit(scene, step.id, step.verb, was=was, data={"note": given.note}, extra={"imported": True})


def _hang(scene: Scene, step: CompiledAct, given: Given, answer: Answer | None) -> None:
    """The rows beside the matter: who has it now, and what the resident said."""
    matter, at = scene.matter, scene.at
    if "lead" in step.assigns and given.unit_id:
        parties.release_and_assign(scene, lead=given.unit_id, joint=())
    if answer is not None and answer.solved is not None:
        said = {"solved": answer.solved, "satisfaction": answer.satisfaction, "reasons": []}
        Verdict.objects.create(matter=matter, run=matter.reworks, at=at, **said)
