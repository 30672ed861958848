"""Objections to a dispatch, reviewed by a third hand, and what a final designation settles."""

from __future__ import annotations

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.rules import Situation
from youying.packs.compiled import CompiledAct, CompiledLoop


def reviewers(loop: CompiledLoop) -> frozenset[str]:
    """The posts that decide on an objection: what they dispatch is designated for good."""
    asked = [step.approve.by for step in loop.acts_of("object") if step.approve]
    return frozenset(post for by in asked for post in by)


def designates(loop: CompiledLoop, step: CompiledAct, *, by: Viewer) -> bool:
    """Whether this dispatch is the final word on who sees to the matter."""
    return step.verb == "dispatch" and by.post_code in reviewers(loop)


def waits_for_dispute(loop: CompiledLoop, step: CompiledAct, *, situation: Situation) -> bool:
    """Whether a dispatch that is the reviewers' alone is not asked for yet: others dispatch until a unit sent it back."""
    if step.verb != "dispatch" or situation.facts.get("hand_backs") or not set(step.by) <= reviewers(loop):
        return False
    beside = (one for one in loop.acts_from(situation.stage) if one.verb == "dispatch")
    return any(not set(one.by) <= reviewers(loop) for one in beside)


def refuse_same_hand(loop: CompiledLoop, step: CompiledAct, *, by: Viewer, situation: Situation) -> None:
    """Refuse a review by whoever dispatched the matter: an objection is for a third hand to decide."""
    if step.verb != "object" or by.account_id is None:
        return
    sent = [one.title for one in loop.acts_of("dispatch") if by.account_id in situation.doers.get(one.id, ())]
    if sent:
        say = f"您做过“{sent[0]}”，异议要由另外的人来裁定，请转给别的同事。"
        raise Refused("third-hand", say=say, clause="派单异议由第三方岗位审核（本系统规则）", have=by.post_title)
