"""The one door: every step of every matter is checked, changed, clocked, tallied, recorded and announced here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from youying.kernel.identifiers import parse_matter_number
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import closing_rules, directory_rules, escalation_rules, need_rules, rules
from youying.matters.actions import (
    asks,
    beside,
    children,
    clocks,
    escalation,
    hearing,
    keeping,
    offers,
    papers,
    parties,
    parts,
    pausing,
    recounting,
    sessions,
    supervising,
    tallies,
    waking,
    whistles,
)
from youying.matters.actions.committing import commit
from youying.matters.actions.scene import Scene, lock
from youying.matters.fact_rules import Answer, Doing, effects, taken_on
from youying.matters.facts import facts_of
from youying.matters.given_rules import read_answer, read_chosen, read_given, refuse_unknown
from youying.matters.models import Matter
from youying.matters.need_rules import Given
from youying.matters.taking import row_for
from youying.packs.compiled import CompiledAct
from youying.record.acts import act as recorded_act
from youying.text.queries import known_category


@recorded_act("matters.act")
def act(
    matter_id: int,
    act_id: str,
    *,
    by: Viewer,
    expected_version: int | None = None,
    at: datetime | None = None,
    origin: str = "",
    **data: Any,
) -> Matter:
    """Take one step of a matter's loop.

    `data` carries what the step needs (unit, category, due_at, reason, note, scheme, uploads, …). Raises `Refused`
    with the reason and the way through; nothing is changed then. A step that needs another post's yes becomes an ask.
    """
    refuse_unknown(data)
    data = dict(offers.with_unit(data))
    also = parse_matter_number(str(data["into"])) if data.get("into") else ""
    scene = lock(matter_id, by=by, at=at or now(), expected_version=expected_version, origin=origin, also=also)
    step = rules.find_step(scene.loop, act_id)
    if refused := rules.why_not(scene.edition, scene.loop, step, viewer=by, situation=scene.situation):
        raise refused
    if asks.needs_yes(scene, step):
        refuse_missing(scene, step, data)
        refuse_unfit(scene, step, read_given(data, photos=0))
        whistles.refuse_class(scene, step, read_chosen(data, scene.edition.pack.values))
        papers.hang(scene, step, data)
        asks.put(scene, step, {**data, "photos": hang_photos(scene, step, data)})
        return scene.matter
    perform(scene, step, data)
    return scene.matter


@recorded_act("matters.call-back")
def call_back(
    matter_id: int,
    act_id: str,
    *,
    by: Viewer,
    verdict: str,
    answer: Mapping[str, Any],
    expected_version: int | None = None,
    at: datetime | None = None,
    origin: str = "",
    **data: Any,
) -> Matter:
    """Note a call back and, by the step `verdict`, what the resident answered: both or neither."""
    moment = at or now()
    called = act(matter_id, act_id, by=by, expected_version=expected_version, at=moment, origin=origin, **data)
    return act(matter_id, verdict, by=by, expected_version=called.version, at=moment, origin=origin, **answer)


def perform(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> None:
    """Do the step on a locked scene, then whatever the pack lets the system do next."""
    with tallies.gathered():
        with keeping.together(scene):
            take(scene, step, data)
            follow(scene, follow_ups(scene, step))
        tell_whole(scene)


def tell_whole(scene: Scene) -> None:
    """Where a part has come to its end, write its whole down; the system goes on there once all parts are done."""
    above, was = parts.heard(scene)
    if above is None:
        return
    with keeping.together(above):
        parts.settle(above, was)
        follow(above, above.happened)
    tell_whole(above)


def follow(scene: Scene, events: Iterable[str]) -> None:
    """Let the system take what the pack hangs on these happenings, one after the other."""
    scene.asked_by = scene.asked_unit = None
    for event in events:
        if following := next(iter(following_steps(scene, event)), None):
            scene.by = SYSTEM
            take(scene, following, {})


def following_steps(scene: Scene, event: str) -> list[CompiledAct]:
    """The steps that the pack hangs on a happening here, first the one that leads where a rework is to go."""
    here = [s for s in scene.loop.acts.values() if s.on == event and scene.matter.stage in s.from_stages]
    fitting = [step for step in here if "system" in step.by]
    return sorted(fitting, key=lambda step: step.to != scene.loop.close.rework)


PROVING = frozenset({"verdict", "recheck", "deliver", "decide", "publish", "agree"})
"""The verbs by which a proof of the closing may come in."""


def follow_ups(scene: Scene, step: CompiledAct) -> list[str]:
    """The happenings that a pack may hang a system step on, in order: `unsolved`, `close`, and those on the scene."""
    found, matter = list(scene.happened), scene.matter
    scene.happened = []
    if (step.verb == "verdict" and matter.solved is False) or (step.verb == "recheck" and matter.rechecked is False):
        return [*found, "unsolved"]
    if step.verb in PROVING and not closing_rules.lacking(scene.loop.close.verdict, facts_of(matter)):
        found.append("close")
    return found


SHOWN_AFTER = frozenset({"complete", "deliver"})
"""The verbs whose pictures show how it is afterwards."""


def refuse_missing(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> None:
    """Refuse while a proof that the step needs is missing; the sentence names every one."""
    photos = len(data.get("uploads") or ()) + len(data.get("before") or ()) + len(data.get("after") or ())
    before, after = len(data.get("before") or ()), len(data.get("after") or ())
    after += len(data.get("uploads") or ()) if step.verb in SHOWN_AFTER else 0
    given = read_given(data, photos=photos, before=before, after=after)
    tried = waking.tries(scene) if any(need.least > 1 for need in step.needs) else 0
    frame = need_rules.Needed(scene.edition, step, scene.situation, scene.at, clocks.gives_due(scene, step), tried)
    lacks = [*need_rules.missing(given, frame), *papers.lacks(scene, step, data, files=photos)]
    if lacks:
        say = "".join(lack.say for lack in lacks)
        raise Refused(lacks[0].code, say=say, field=lacks[0].field, need=[lack.need for lack in lacks])
    pausing.refuse_until(scene, step, given)


def refuse_unfit(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Refuse a category that nobody knows, what is open below already, and units that the step does not assign or that may not take the matter."""
    if given.category:
        known_category(given.category, area_path=scene.matter.area_path)
    children.refuse_twice(scene, step)
    offers.refuse_unsuited(scene, given)
    sessions.refuse_session(scene, given)
    parties.refuse_strangers(scene, step, given)
    whistles.refuse_unfit(scene, step, given)


def take(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> None:
    """One step: proofs, facts, stage, clocks, units, tallies, one entry, one announcement."""
    if scene.by.kind == "system" and step.reason:
        data = {"reason": step.reason, **data}
    matter, was = scene.matter, facts_of(scene.matter)
    if refused := rules.astray(scene.loop, scene.situation):
        raise refused
    if (
        scene.by.kind != "system"
    ):  # what the system does by itself brings no proofs; an ask's were checked when it was put
        refuse_missing(scene, step, data)
    if step.verb == "cross-off" and data.get("reason") not in rules.reasons_for(scene.edition, step):
        closing_rules.refuse_open_proofs(scene.loop.close.verdict, was)
    chosen, tells = read_chosen(data, scene.edition.pack.values), step.tells
    photos = (
        data["photos"] if "photos" in data else hang_photos(scene, step, data)
    )  # an ask hung its own when it was put
    given = read_given(data, photos=photos)
    refuse_unfit(scene, step, given)
    whistles.refuse_class(scene, step, chosen)
    row = row_for(matter, given.category, scene.at) if step.verb == "dispatch" else None
    said = directory_rules.suggested(row, was, scene.edition.pack.values.get("urgency", {}))
    chosen = escalation_rules.keeps_tier(said, was, escalation_rules.order_of(scene.edition)) | chosen
    answer = _answer(scene, step, data)
    reporter_id = hearing.whose(scene, step, data)
    spoken = hearing.heard(scene, answer, reporter_id) if answer else {}
    scene.spoke = reporter_id or 0 if answer else 0
    whistles.set_seats(scene, step, given)
    met = clocks.stop(scene, step.id)
    into = parties.merge_into(scene, step, data)
    again = escalation.dispatched_before(scene, step)
    level = supervising.level_of(scene, step, given.level)
    doing = Doing(given, scene.at, answer, met, into, level, again, frees=step.to is not None)
    doing = whistles.seen_in(scene, doing)
    given_to = taken_on(step.assigns, was, given)
    _change(matter, effects(step.verb, was, doing) | given_to | chosen | spoken | escalation.tiered(scene, step))
    matter.stage = step.to or matter.stage
    pausing.pause(scene, step, given)
    clocks.start(scene, step.id, given=given.due_at, within=directory_rules.within_of(row, given.within))
    if recounting.changed(scene, was, note=given.note):
        tells = tuple(dict.fromkeys((*step.tells, *recounting.TOLD)))
    if matter.stage in scene.loop.ends:
        matter.ended_at = scene.at
        clocks.stop_all(scene)
        asks.lapse(scene)
    _remember_doer(scene, step)
    parties.note_word(scene, step, given, answer, reporter_id=reporter_id)
    waking.set_alarm(scene, step, given)
    beside.leave(scene, step, given, data)
    commit(scene, step.id, step.verb, was=was, data=data, tells=tells)


def hang_photos(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> int:
    """Hang the step's uploads on the matter; returns how many."""
    roles = (
        ("uploads", "after" if step.verb in SHOWN_AFTER else "evidence"),
        ("before", "before"),
        ("after", "after"),
    )
    return sum(parties.hang(scene, data[key], role=role) for key, role in roles if data.get(key))


def _answer(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> Answer | None:
    return read_answer(data, scene.edition.pack.values.get("satisfaction", {})) if step.verb == "verdict" else None


def _change(matter: Matter, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(matter, name, value)


def _remember_doer(scene: Scene, step: CompiledAct) -> None:
    done = scene.matter.doers.get(step.id, [])
    scene.matter.doers = {**scene.matter.doers, step.id: [*done, scene.asked_by or scene.by.account_id or 0]}
