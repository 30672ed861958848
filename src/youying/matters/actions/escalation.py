"""Drawing a higher tier in: acts that pass a matter up, the causes that make a tier watch, proposals of one tap.

Nothing here starts a clock or moves a matter by itself: a tier watches, and a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from youying.editions.queries import params_for
from youying.matters import clock_rules, escalation_rules
from youying.matters.actions import asks, parties
from youying.matters.actions.scene import Scene
from youying.matters.escalation_rules import CAUSES, UP
from youying.matters.events import Alerted, Asked
from youying.matters.facts import facts_of
from youying.matters.models import Ask
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct
from youying.record import actions as record

LATER_WORDS = ("words", "note", "scheme")
OPEN, PUT = "open", "put"
"""A cause that waits for a stage in which its proposal can be put, and one whose proposal was put."""


def tiered(scene: Scene, step: CompiledAct) -> dict[str, str]:
    """The tier at which the matter stands after the step, where the step says one."""
    matter = scene.matter
    tier = escalation_rules.tier_after(step, matter.tier, escalation_rules.order_of(scene.edition))
    return {"tier": tier} if tier != matter.tier else {}


def dispatched_before(scene: Scene, step: CompiledAct) -> bool:
    """Whether this dispatch gives out again what was given out before."""
    if step.verb != "dispatch":
        return False
    return any(scene.matter.doers.get(one.id) for one in scene.loop.acts_of("dispatch"))


def note_step(scene: Scene, step: CompiledAct, _given: Given, data: Mapping[str, Any]) -> None:
    """What a step means to the tiers above: whoever is passed a matter is told; causes that it brings are noted."""
    if step.verb == "escalate":
        _passed_up(scene, step)
    note_causes(scene, *(str(data[name]) for name in LATER_WORDS if data.get(name)))


def _passed_up(scene: Scene, step: CompiledAct) -> None:
    """The units of the lower tier are released; the posts of the tier are told."""
    matter = scene.matter
    if step.to is not None:
        parties.release(scene)
    say = f"“{step.title}”到这一级，请接着办"
    deciding = [
        code
        for one in scene.loop.acts.values()
        if one.verb == "dispatch" and matter.stage in one.from_stages
        for code in escalation_rules.deciding(scene.edition, one, matter.tier)
    ]
    alert(scene, "escalate", say=say, to=tuple(dict.fromkeys([*deciding, matter.tier])))


def note_causes(scene: Scene, *texts: str) -> None:
    """Note every cause that holds now and is not noted yet, each once; put proposals that waited for this stage."""
    matter = scene.matter
    if matter.ended_at is not None or not (texts or matter.reworks or matter.redispatches or matter.causes):
        return
    params, facts = params_for(scene.edition, matter.area_path), facts_of(matter)
    found = escalation_rules.risks_in("\n".join(texts), params) if "risk" not in matter.causes else []
    for code in [*escalation_rules.counted_causes(facts, params), *(["risk"] if found else [])]:
        _note(scene, code, say=escalation_rules.say_of(code, facts, found))
        if code == "risk":
            scene.noted = {**scene.noted, "risks": found}
    for code in [code for code, state in matter.causes.items() if state == OPEN]:
        if propose(scene, CAUSES[code].proposes, why=CAUSES[code].title):
            matter.causes = {**matter.causes, code: PUT}


def _note(scene: Scene, code: str, *, say: str) -> None:
    matter = scene.matter
    matter.causes = {**matter.causes, code: OPEN}
    tier = watch(scene, UP)
    alert(scene, code, say=f"{say}，请关注", to=(tier,))


def watch(scene: Scene, to: str) -> str:
    """Add a watching tier, the one named or the next above; returns it."""
    matter = scene.matter
    tier = clock_rules.tier_above(matter.tier, to, escalation_rules.order_of(scene.edition))
    matter.units = {**matter.units, "watch": sorted({*matter.units.get("watch", []), tier})}
    return tier


def alert(scene: Scene, code: str, *, say: str, to: Sequence[str] = (), units: Sequence[int] = ()) -> None:
    """Tell posts, tiers or units of the matter out of turn; a matter that has no number yet tells nobody."""
    matter = scene.matter
    event = Alerted(matter.pk, matter.number, code, tuple(to), tuple(units), matter.area_path, say)
    record.announce(event, subject=matter.subject)


def propose(scene: Scene, verbs: Sequence[str], *, why: str, to: str = "") -> bool:
    """Put the first of these verbs that fits the stage before the posts that may take it; one tap makes it their act.

    `to` names a post or a tier: of those that may take it only whoever is meant is asked.
    False where no such step is open in this stage to a post; an open proposal of the same step stands for both causes.
    """
    matter, posts = scene.matter, scene.edition.pack.posts
    fitting = [
        (step, [code for code in step.by if code in posts])
        for verb in verbs
        for step in scene.loop.acts_of(verb)
        if matter.stage in step.from_stages
    ]
    step, named = next(((step, named) for step, named in fitting if named), (None, []))
    if step is None:
        return False
    named = escalation_rules.named_by(scene.edition, named, to=to, tier=matter.tier)
    open_now = Ask.objects.filter(matter=matter, kind=asks.PROPOSAL, answer="").values_list("step", flat=True)
    if step.id in open_now:
        return True
    ask = Ask.objects.create(
        matter=matter, kind=asks.PROPOSAL, step=step.id, posts=named, asked_at=scene.at, silent=asks.TOLD,
        sealed=record.seal_for(matter.subject, msgspec.json.encode({"note": why}).decode()),
    )  # fmt: skip
    scene.noted = {**scene.noted, "proposed": [*scene.noted.get("proposed", []), step.id]}
    event = Asked(matter.pk, matter.number, ask.pk, step.id, tuple(named), matter.area_path, f"{why}，建议{step.title}")
    record.announce(event, subject=matter.subject)
    return True
