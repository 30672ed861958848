"""督办: the levels of a supervision, when it is due, and who may reply, release or renew. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from youying.kernel.calendar import WorkCalendar
from youying.kernel.clocks import Deadline, count
from youying.kernel.durations import Duration
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.given_rules import LEVELS
from youying.matters.rules import Situation, stands_as
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.packs.params import engine_param

ORDER = tuple(LEVELS)
"""Levels, the lightest first."""
STATES = {
    "open": "等答复",
    "overdue": "超期没答复",
    "replied": "已答复，等解除",
    "released": "已解除",
    "raised": "已升级",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules must know of one supervision."""

    level: str
    unit_id: int | None
    opened_by: Mapping[str, Any]
    replied_by: Mapping[str, Any]
    replied: bool
    ended: bool


def standing(row: Any) -> Standing:
    """What the rules must know of a supervision, read from its row."""
    return Standing(
        row.level, row.unit_id, row.opened_by, row.replied_by, row.replied_at is not None, row.ended_at is not None
    )


def level_for(wanted: str, open_levels: Sequence[str]) -> str:
    """The level of a new supervision: the one said, else the next above those that run.

    Refused where that level or a heavier one runs already: one at a time at each level, and never back down by a new
    letter.
    """
    held = [ORDER.index(level) for level in open_levels]
    level = wanted or ORDER[min(max(held) + 1, len(ORDER) - 1) if held else 0]
    if any(ORDER.index(level) <= one for one in held):
        running = LEVELS[ORDER[max(held)]]
        say = f"已经在{running}，请等答复、延长期限，或换更高一级的督办。"
        raise Refused("already-supervised", say=say, have=running, need=LEVELS[level], field="level")
    return level


def due_of(level: str, *, at: datetime, params: Mapping[str, Any], calendar: WorkCalendar) -> tuple[Deadline, str]:
    """When the reply is due: so many working days as the street has set for the level, counted by law."""
    within = Duration(int(engine_param(params, f"supervise-{level}-days")), "working-days")
    return count(at, within, calendar), str(within)


def supervising(loop: CompiledLoop) -> frozenset[str]:
    """The posts that the pack lets supervise a matter of this loop."""
    return frozenset(code for step in loop.acts_of("supervise") for code in step.by) - {"system", "lead", "joint"}


def is_asked(viewer: Viewer, situation: Situation, standing: Standing) -> bool:
    """Whether the viewer speaks for a unit that is to reply: the one that was asked, or who leads the matter now."""
    if viewer.kind != "post" or viewer.unit_id is None:
        return False
    return viewer.unit_id == standing.unit_id or "lead" in stands_as(viewer, situation)


def watches(edition: Edition, loop: CompiledLoop, viewer: Viewer, situation: Situation, standing: Standing) -> bool:
    """Whether the viewer may say that a supervision is over: a supervising post of the opener's tier or above."""
    if not stands_as(viewer, situation) & supervising(loop):
        return False
    order = list(edition.pack.tiers.order) if edition.pack.tiers else []
    mine, theirs = (_level(edition, code, order) for code in (viewer.post_code, str(standing.opened_by.get("code"))))
    return mine >= theirs


def _level(edition: Edition, code: str, order: Sequence[str]) -> int:
    post = edition.pack.posts.get(code)
    return order.index(post.at) if post and post.at in order else -1


def may_read(edition: Edition, loop: CompiledLoop, viewer: Viewer, situation: Situation, standing: Standing) -> bool:
    """Whether the viewer may read a supervision's letter: who opened it, who supervises, who is asked, and who helps."""
    stands = stands_as(viewer, situation)
    own = viewer.account_id is not None and viewer.account_id == standing.opened_by.get("account")
    return own or bool(stands & (supervising(loop) | {"lead", "joint"})) or is_asked(viewer, situation, standing)


def refuse_reply(viewer: Viewer, situation: Situation, standing: Standing) -> None:
    """Refuse a reply by anybody but the unit that is asked, a second one, and one to what is over."""
    _refuse_ended(standing)
    if not is_asked(viewer, situation, standing):
        raise Refused("not-yours", say="督办要由被督办的单位来答复。", have=viewer.unit_title or viewer.post_title)
    if standing.replied:
        raise Refused("already-replied", say="这份督办已经答复过了，正等督办的一方看。")


def is_answerer(viewer: Viewer, standing: Standing) -> bool:
    """Whether it was the viewer who wrote the reply: somebody else says that it was enough."""
    return viewer.account_id is not None and viewer.account_id == standing.replied_by.get("account")


def refuse_watching(
    edition: Edition, loop: CompiledLoop, viewer: Viewer, situation: Situation, standing: Standing
) -> None:
    """Refuse a release or a renewal by anybody but a supervising post, and by whoever wrote the reply."""
    _refuse_ended(standing)
    if not watches(edition, loop, viewer, situation, standing):
        raise Refused("not-yours", say="解除和延长督办，要由发起督办的岗位或它的上级来做。", have=viewer.post_title)
    if is_answerer(viewer, standing):
        say = "答复督办和解除督办不能是同一个人，请换一位同事。"
        raise Refused("same-person", say=say, clause="换人复查（本系统规则）")


def _refuse_ended(standing: Standing) -> None:
    if standing.ended:
        raise Refused("supervision-ended", say="这份督办已经结束了。")


def state_of(*, ended_as: str, replied: bool, overdue: bool) -> str:
    """How a supervision stands, as lists say it."""
    if ended_as:
        return ended_as
    return "replied" if replied else "overdue" if overdue else "open"
