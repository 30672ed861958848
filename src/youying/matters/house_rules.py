"""Who may do which house act, and what it needs: one table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.rules import NOTE_LEAST, Situation, covers, stands_as
from youying.packs.compiled import CompiledClock, CompiledLoop
from youying.packs.edition import Edition
from youying.packs.words import HOUSE_ACTS, SCREEN_WORDS

ANYONE_INVOLVED = frozenset({"reporter", "lead", "joint", "summoned"})
RUNNING, ENDED, EITHER = "running", "ended", "either"
TABLE: dict[str, tuple[str, frozenset[str], str]] = {
    # act: when it may be done, the relations that may, the power that may instead within reach
    "add": (RUNNING, ANYONE_INVOLVED, "act"),
    "correct": (RUNNING, frozenset(), "intake"),
    "split": (RUNNING, frozenset(), "intake"),
    "ask-extension": (RUNNING, frozenset({"lead"}), ""),
    "exclude": (EITHER, frozenset(), "rates"),
    "reopen": (ENDED, frozenset(), ""),
    "reassign": (RUNNING, frozenset(), "intake"),
    "move-edition": (RUNNING, frozenset(), "packs"),
}


class HasExtensions(Protocol):
    """What the extension rule needs of a clock."""

    title: str
    extensions: list[str]


class HasDeadline(Protocol):
    """What the rule for late corrections needs of a clock."""

    title: str
    due_at: datetime | None


def why_not(act: str, edition: Edition, loop: CompiledLoop, *, viewer: Viewer, situation: Situation) -> Refused | None:
    """The reason why this viewer may not do the house act now, or None."""
    when, relations, power = TABLE[act]
    title, matter = HOUSE_ACTS[act], edition.pack.words.get("matter", SCREEN_WORDS["matter"])
    if when == RUNNING and situation.ended:
        return Refused("ended", say=f"{matter}已经结束，不能再“{title}”。")
    if when == ENDED and not situation.ended:
        return Refused("not-ended", say=f"{matter}还在办，不用“{title}”。")
    if stands_as(viewer, situation) & (relations | _named(act, loop)):
        return None
    if power and viewer.may(power) and covers(viewer, situation):
        return None
    return Refused("not-yours", say=f"“{title}”不由您来做。", have=viewer.post_title or viewer.kind)


def _named(act: str, loop: CompiledLoop) -> frozenset[str]:
    """Reopening is by whom the pack names."""
    return frozenset(loop.close.reopen.by) if act == "reopen" and loop.close.reopen else frozenset()


def known_urgency(edition: Edition, code: str) -> str:
    """The urgency's code; refused where the street has none of that name."""
    known = edition.pack.values.get("urgency", {})
    if code not in known:
        raise Refused("unknown-urgency", say=f"紧急程度请选：{'、'.join(known.values())}。", have=code, field="urgency")
    return code


def refuse_late_change(clock: HasDeadline, *, at: datetime, note: str) -> None:
    """Refuse to change the period of a clock that has run out without saying why; the miss stays either way."""
    if clock.due_at is not None and clock.due_at < at and len(note.strip()) < NOTE_LEAST:
        say = f"“{clock.title}”已经超期，改了期限也跟着变。请写明为什么改；超期的记录保留。"
        raise Refused(
            "late-change-needs-note", say=say, have=at.isoformat(), need=clock.due_at.isoformat(), field="note"
        )


def refuse_extension(
    clock: HasExtensions,
    rule: CompiledClock,
    *,
    reason: str,
    allowed: Mapping[str, Any],
    at: datetime,
    last: datetime,
    zone: tzinfo,
) -> None:
    """Refuse an extension without a coded reason, past its cut-off or once too often."""
    assert rule.extend is not None
    if reason not in allowed:
        named = "、".join(r.title for r in allowed.values())
        raise Refused("unknown-reason", say=f"延期要有理由：{named}。", have=reason, field="reason")
    if len(clock.extensions) >= rule.extend.most:
        raise Refused("too-often", say=f"“{clock.title}”最多延期{rule.extend.most}次。", have=len(clock.extensions))
    if at > last:
        say = f"延期要在 {last.astimezone(zone):%m月%d日 %H:%M} 前提出，已经过了。"
        raise Refused("past-cut-off", say=say, have=at.isoformat(), need=last.isoformat())
