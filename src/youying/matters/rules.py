"""Who may take which step of a matter now, and which reasons it may give: pure decisions, told everything they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import escalation_rules
from youying.packs.compiled import GIVEN, CompiledAct, CompiledLoop
from youying.packs.edition import Edition
from youying.packs.predicates import matches
from youying.packs.words import RELATIONS

NOTE_LEAST = 2
NOTE_MOST = 2000


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules must know of a matter; nothing here is looked up later."""

    id: int
    number: str
    stage: str
    facts: Mapping[str, Any]
    area_path: str
    place_path: str
    grid_path: str = ""
    lead_id: int | None = None
    joint: frozenset[int] = frozenset()
    summoned: frozenset[int] = frozenset()
    hosts: frozenset[int] = frozenset()
    host_posts: frozenset[str] = frozenset()
    keeper_posts: frozenset[str] = frozenset()
    signed: frozenset[int] = frozenset()
    reported: frozenset[int] = frozenset()
    doers: Mapping[str, list[int]] = field(default_factory=dict)
    ended: bool = False
    held: frozenset[str] | None = None
    """The clocks that stand still, by code; None where nobody looked."""

    def times(self, act_id: str) -> int:
        """How often the act was done on this matter."""
        return len(self.doers.get(act_id, ()))


def covers(viewer: Viewer, situation: Situation) -> bool:
    """True where the matter's place or grid lies in the viewer's reach."""
    return viewer.reaches(situation.place_path) or bool(situation.grid_path and viewer.reaches(situation.grid_path))


def sees(viewer: Viewer, situation: Situation) -> bool:
    """True where the viewer may read the matter: by place, as a unit that has it, or as its reporter."""
    if viewer.kind == "reporter":
        return viewer.reporter_of == situation.id
    if covers(viewer, situation) and viewer.may("view"):
        return True
    return viewer.unit_id is not None and viewer.unit_id in _units(situation)


def _units(situation: Situation) -> frozenset[int]:
    lead = frozenset() if situation.lead_id is None else frozenset({situation.lead_id})
    return lead | situation.joint | situation.summoned | situation.hosts


def stands_as(viewer: Viewer, situation: Situation) -> frozenset[str]:
    """The posts, unit types and relations in which the viewer stands to the matter."""
    if viewer.kind == "system":
        return frozenset({"system"})
    if viewer.kind == "reporter":
        own = viewer.reporter_of == situation.id
        return frozenset({"reporter", "affected", "applicant"} if own else {"public"})
    if viewer.kind != "post":
        return frozenset({"public"})
    roles = _posted(viewer, situation) if covers(viewer, situation) else set()
    if viewer.unit_id is not None:
        held = {"lead": {situation.lead_id}, "joint": situation.joint, "summoned": situation.summoned}
        held |= {"keeper": {situation.lead_id}, "host": situation.hosts}
        roles |= {relation for relation, units in held.items() if viewer.unit_id in units}
    return frozenset(roles - {""})


def _posted(viewer: Viewer, situation: Situation) -> set[str]:
    """What a post in whose reach the matter lies makes of its holder."""
    roles = {viewer.post_code, viewer.unit_kind}
    named = {"keeper": situation.keeper_posts, "host": situation.host_posts}
    return roles | {relation for relation, posts in named.items() if viewer.post_code in posts}


def actors_in_words(edition: Edition, codes: tuple[str, ...]) -> str:
    """The actors of a step as a person would name them."""
    pack = edition.pack
    named = {**{c: p.title for c, p in pack.posts.items()}, **{c: u.title for c, u in pack.units.items()}}
    return "、".join(named.get(code) or RELATIONS.get(code, code) for code in codes if code != "system") or "系统"


def find_step(loop: CompiledLoop, act_id: str) -> CompiledAct:
    """The step of that name in the loop's table; refused where there is none."""
    step = loop.acts.get(act_id)
    if step is None:
        known = "、".join(a.title for a in loop.acts.values())
        raise Refused(
            "unknown-act", say=f"“{loop.title}”里没有“{act_id[:40]}”这个动作。可用的有：{known}。", have=act_id
        )
    return step


def _wrong_stage(loop: CompiledLoop, step: CompiledAct, situation: Situation) -> Refused | None:
    if situation.stage in step.from_stages:
        return None
    here = loop.stages.get(situation.stage, situation.stage)
    when = "、".join(loop.stages[s] for s in loop.stages if s in step.from_stages)
    say = f"“{step.title}”要在“{when}”时才能做，现在是“{here}”。"
    return Refused("wrong-stage", say=say, have=here, need=when)


def astray(loop: CompiledLoop, situation: Situation) -> Refused | None:
    """Why a matter that has ended without standing at an end takes no step: it must be looked at, not moved on."""
    if not situation.ended or situation.stage in loop.ends:
        return None
    say = "这件事项已经结束，办理状态却没有到头，两边对不上，不能再往下办。请告诉管理员，先核对这一件。"
    return Refused("ended-astray", say=say, have=situation.stage, need=sorted(loop.ends))


def _not_the_one(edition: Edition, step: CompiledAct, viewer: Viewer, situation: Situation) -> Refused | None:
    if stands_as(viewer, situation) & set(step.by):
        return None
    who = actors_in_words(edition, step.by)
    have = viewer.post_title or {"reporter": "诉求人", "system": "系统"}.get(viewer.kind, "来访者")
    return Refused("not-yours", say=f"“{step.title}”要由{who}来做；您现在是{have}。", have=have, need=who)


def _below_tier(edition: Edition, step: CompiledAct, viewer: Viewer, situation: Situation) -> Refused | None:
    """What was passed up is given out at its tier or above, not taken back by a post of the tier below."""
    if step.verb != "dispatch" or viewer.kind != "post" or not situation.facts.get("escalated"):
        return None
    posts = escalation_rules.deciding(edition, step, str(situation.facts["tier"]))
    if not posts or viewer.post_code in posts:
        return None
    who = actors_in_words(edition, tuple(sorted(posts)))
    say = f"这件已经提级，“{step.title}”要由{who}来做。"
    return Refused("below-tier", say=say, have=viewer.post_title, need=who)


def _guarded(edition: Edition, step: CompiledAct, situation: Situation) -> Refused | None:
    where = step.where
    if "summoned" in step.assigns:  # which class of whistle it is, is said with the whistle
        where = {fact: test for fact, test in where.items() if fact != "class"}
    if not where or matches(where, situation.facts):
        return None
    say = f"这件事不符合“{step.title}”的条件，请先研判定类。"
    return Refused("guard", say=say, have={k: situation.facts.get(k) for k in step.where}, need=dict(step.where))


def _same_person(loop: CompiledLoop, step: CompiledAct, viewer: Viewer, situation: Situation) -> Refused | None:
    if viewer.account_id is None:
        return None
    for other in step.not_by:
        if viewer.account_id in situation.doers.get(other, ()):
            done = loop.acts[other].title
            say = f"“{step.title}”不能由做过“{done}”的人来做，请换一位同事。"
            return Refused("same-person", say=say, clause="换人回访、换人复查（本系统规则）", have=done)
    return None


def _too_often(step: CompiledAct, situation: Situation) -> Refused | None:
    if step.most is None or situation.times(step.id) < step.most:
        return None
    say = f"“{step.title}”最多{step.most}次，已经做满了。"
    return Refused("too-often", say=say, have=situation.times(step.id), need=step.most)


def _stands_still(loop: CompiledLoop, step: CompiledAct, situation: Situation) -> Refused | None:
    """What only pauses is no use while it stands still already, what only resumes while nothing does."""
    if situation.held is None or step.verb != "step" or step.to is not None:
        return None
    pausing = {code for code, clock in loop.clocks.items() if step.id in clock.pause}
    resuming = {code for code, clock in loop.clocks.items() if step.id in clock.resume}
    if pausing & situation.held:
        return Refused("paused-already", say="计时已经暂停着，不用再申请。要改日期的，请先恢复，再重新申请。")
    if resuming and not resuming & situation.held:
        return Refused("not-paused", say="现在没有暂停的计时，不用恢复。")
    return None


def _awaited(loop: CompiledLoop, step: CompiledAct, situation: Situation) -> Refused | None:
    """What only brings what was promised by a given day is no use where nothing was promised, or it is there already."""
    if step.verb != "step" or step.to is not None:
        return None
    for clock in loop.clocks.values():
        if clock.within == GIVEN and step.id in clock.stop_on:
            promised, brought = (sum(map(situation.times, acts)) for acts in (clock.start_on, clock.stop_on))
            if brought >= promised:
                return Refused("not-awaited", say=f"“{clock.title}”没有在等，不用做“{step.title}”。")
    return None


def _own_done(step: CompiledAct, viewer: Viewer, situation: Situation) -> Refused | None:
    """What a unit that was whistled for does once, as itself and nobody else: it signs, it reports in."""
    done = {"report-in": situation.reported, "accept": situation.signed}.get(step.verb, frozenset())
    if viewer.unit_id not in done or stands_as(viewer, situation) & set(step.by) != {"summoned"}:
        return None
    return Refused("not-awaited", say=f"你们单位已经做过“{step.title}”，不用再做。", have=viewer.unit_title)


SENDS_BACK = frozenset({"hand-back", "object"})
"""The verbs by which a unit says that a matter is not its own."""
FINAL = "指定承办后不得退回（潍坊等地热线条例）；首接负责（《北京市接诉即办工作条例》第14条）"


def _designated(step: CompiledAct, situation: Situation) -> Refused | None:
    if step.verb not in SENDS_BACK or not situation.facts.get("designated"):
        return None
    say = f"这件事项已经指定由本单位承办，不能再“{step.title}”。需要别的单位配合的，请要求协办。"
    return Refused("designated", say=say, clause=FINAL)


def why_not(
    edition: Edition, loop: CompiledLoop, step: CompiledAct, *, viewer: Viewer, situation: Situation
) -> Refused | None:
    """The first reason why this viewer may not take the step now; None where the step is open to it."""
    return (
        astray(loop, situation)
        or _wrong_stage(loop, step, situation)
        or _not_the_one(edition, step, viewer, situation)
        or _below_tier(edition, step, viewer, situation)
        or _guarded(edition, step, situation)
        or _same_person(loop, step, viewer, situation)
        or _too_often(step, situation)
        or _stands_still(loop, step, situation)
        or _awaited(loop, step, situation)
        or _own_done(step, viewer, situation)
        or _designated(step, situation)
    )


REASON_USES = {
    "end": "end",
    "park": "park",
    "hand-back": "hand-back",
    "refer": "end",
    "decide": "refuse",
    "object": "hand-back",
}
LAWFUL_ENDS = frozenset({"end", "refer", "cross-off"})


def reasons_for(edition: Edition, step: CompiledAct) -> dict[str, Any]:
    """The coded reasons that the pack allows for this step.

    For a lawful end only those its loop lists; for a step that stops a clock from running also those for a pause.
    """
    loop = next((loop for loop in edition.loops.values() if loop.acts.get(step.id) is step), None)
    pauses = loop is not None and any(step.id in clock.pause for clock in loop.clocks.values())
    uses = {REASON_USES.get(step.verb, "pause" if pauses else "end")} | ({"pause"} if pauses else set())
    known = {code: reason for code, reason in edition.pack.reasons.items() if uses & set(reason.for_)}
    if loop is None or step.verb not in LAWFUL_ENDS:
        return known
    return {code: reason for code, reason in known.items() if code in loop.close.reasons}


def reasons_that(edition: Edition, use: str) -> dict[str, Any]:
    """The coded reasons of one use: "exclude", "extend", "unmet"."""
    return {code: reason for code, reason in edition.pack.reasons.items() if use in reason.for_}
