"""Who may do which house act, and what it needs: one table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import parking_rules
from youying.matters.rules import NOTE_LEAST, Situation, covers, reasons_that, stands_as
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
    "ask-extension": (RUNNING, frozenset({"lead", "summoned"}), ""),
    "review-parking": (RUNNING, frozenset({"lead"}), "intake"),
    "exclude": (EITHER, frozenset(), "rates"),
    "include": (EITHER, frozenset(), "rates"),
    "propose-exclusion": (EITHER, frozenset({"lead", "joint"}), ""),
    "object-exclusion": (EITHER, frozenset({"lead", "joint"}), "act"),
    "issue-secret": (EITHER, frozenset(), "intake"),
    "reopen": (ENDED, frozenset(), ""),
    "reassign": (RUNNING, frozenset(), "intake"),
    "call-off": (RUNNING, frozenset(), ""),
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
    if act == "call-off" and not situation.summoned - situation.reported:
        return Refused("not-awaited", say=f"现在没有在等报到的单位，不用“{title}”。")
    if act in ("propose-exclusion", "object-exclusion") and not exclusion_reviewers(loop):
        return Refused("no-reviewer", say="本地机制包没有写剔除由哪个岗位复核，请管理员先补上。")
    if refused := _idle(act, matter, situation) or _own_unit(act, viewer, situation):
        return refused
    if stands_as(viewer, situation) & (relations | _named(act, loop)):
        return _nothing_to_extend(act, loop, viewer, situation)
    power = power or _power_on_a_whistle(act, situation)
    if power and viewer.may(power) and covers(viewer, situation):
        return None
    return Refused("not-yours", say=f"“{title}”不由您来做。", have=viewer.post_title or viewer.kind)


def _power_on_a_whistle(act: str, situation: Situation) -> str:
    """The power by which a post proposes to leave a whistle out of the rates: it does not decide that alone."""
    return "rates" if act == "propose-exclusion" and situation.facts.get("whistled") else ""


def _nothing_to_extend(act: str, loop: CompiledLoop, viewer: Viewer, situation: Situation) -> Refused | None:
    """Why nobody asks for more time where the pack lets no deadline of theirs be extended."""
    held = stands_as(viewer, situation)
    if act != "ask-extension" or any(one.extend and (one.each or "lead") in held for one in loop.clocks.values()):
        return None
    return Refused("not-extendable", say="这里没有由您申请延期的期限。")


def may_extend(clock: CompiledClock, unit_id: int | None, viewer: Viewer, situation: Situation) -> bool:
    """Whether a run is the viewer's to ask more time for: a unit asks for its own, the lead for those of the matter."""
    held, seat = stands_as(viewer, situation), seat_of(clock, unit_id)
    return viewer.unit_id == seat and clock.each in held if seat else "lead" in held


def seat_of(clock: CompiledClock, unit_id: int | None) -> int:
    """The unit whose own run it is; 0 where it is the matter's, as every run of the lead is."""
    return 0 if clock.each in (None, "lead") else unit_id or 0


def _idle(act: str, matter: str, situation: Situation) -> Refused | None:
    """Why there is nothing for a house act to do on a matter as it stands; `matter` is the place's word for it."""
    if (settled := settled_already(act, situation)) is not None:
        return settled
    if act == "review-parking" and not situation.facts.get("parked"):
        return Refused("not-parked", say=f"{matter}没有挂账，不用复核。")
    if act == "reassign" and situation.lead_id is None:
        return Refused("nothing-to-reassign", say=f"{matter}还没有派给哪个单位，请先派单。", field="unit")
    return None


def _named(act: str, loop: CompiledLoop) -> frozenset[str]:
    """Reopening is by whom the pack names; whoever calls residents back may give them a new secret too."""
    if act == "issue-secret":
        return frozenset(code for step in loop.acts_of("call-back") for code in step.by) - {"reporter", "system"}
    if act == "call-off":  # whoever may whistle may call it off
        return frozenset(code for step in loop.acts.values() if "summoned" in step.assigns for code in step.by)
    if act == "review-parking":  # whoever agrees to a parking may review it too
        return parking_rules.approvers(loop)
    return frozenset(loop.close.reopen.by) if act == "reopen" and loop.close.reopen else frozenset()


ISSUE_WAYS = {"counter": "本人到窗口，核对过身份", "phone": "按登记的号码打过去，核对过是本人"}
ISSUES_A_DAY = 3


def refuse_issue(way: str, *, protected: bool, phone: bool) -> None:
    """Refuse a new secret where nobody says how the person was known, or it could not be known that way."""
    if protected:
        say = "这位举报人的身份受保护，请由有权限的岗位换发。"
        raise Refused("protected", say=say, clause="举报人信息单独保护（本系统规则）", field="reporter")
    if way not in ISSUE_WAYS:
        say = f"请选怎么核对的：{'；'.join(ISSUE_WAYS.values())}。"
        raise Refused("needs-way", say=say, have=way[:40], need=list(ISSUE_WAYS), field="way")
    if way == "phone" and not phone:
        raise Refused("no-phone", say="这位诉求人没有留电话，请他本人到窗口来换。", field="way")


def refuse_often(times: int) -> None:
    """Refuse another new secret on a day that had as many as a day may have."""
    if times >= ISSUES_A_DAY:
        say = f"一天里最多换{ISSUES_A_DAY}次，已经换满了。请明天再换，或请居民直接打电话问进度。"
        raise Refused("too-often", say=say, have=times, need=ISSUES_A_DAY)


BEFORE_EXCLUDED = frozenset({"exclude", "propose-exclusion"})
WHILE_EXCLUDED = frozenset({"include", "object-exclusion"})


def settled_already(act: str, situation: Situation) -> Refused | None:
    """Why a matter that is kept out is not kept out again, and one that counts is not counted again; else None."""
    out = bool(situation.facts.get("excluded"))
    if act in WHILE_EXCLUDED and not out:
        return Refused("not-excluded", say="这件事项没有被剔除，本来就计入。")
    if act in BEFORE_EXCLUDED and out:
        return Refused("excluded-already", say="这件事项已经剔除了；不同意的，请提异议。")
    return None


def exclusion_reviewers(loop: CompiledLoop) -> frozenset[str]:
    """The posts that review exclusions: those whose yes a lawful end of this loop needs."""
    asked = [step.approve.by for step in loop.acts_of("end") if step.approve]
    return frozenset(post for by in asked for post in by)


TWO_HANDS = "提出和复核分开（本系统规则）"


def refuse_own_unit(viewer: Viewer, situation: Situation) -> None:
    """Refuse the yes of a unit's own people to keeping its matter out: it was the unit itself that proposed it."""
    if _own_unit("exclude", viewer, situation):
        say = "本单位承办的事项，剔除要由外单位的复核岗位来定。"
        raise Refused("own-unit", say=say, clause=TWO_HANDS, have=viewer.unit_title)


def _own_unit(act: str, viewer: Viewer, situation: Situation) -> Refused | None:
    """Why nobody keeps a matter of their own unit out of the rates by which that unit is judged, or None."""
    if act != "exclude" or viewer.unit_id is None or viewer.unit_id not in {situation.lead_id, *situation.joint}:
        return None
    say = "本单位承办的事项，不能由本单位的人直接剔除，请用“提请剔除”，由复核岗位来定。"
    return Refused("own-unit", say=say, clause=TWO_HANDS, have=viewer.unit_title)


def refuse_one_hand(viewer: Viewer, edition: Edition, loop: CompiledLoop, situation: Situation, *, reason: str) -> None:
    """Refuse to call a whistle wrong alone: the units that were called are judged by it, and some came.

    A reviewing post that did not whistle says it by itself; everybody else proposes it.
    """
    if not situation.facts.get("whistled") or reason not in reasons_that(edition, "refuse"):
        return
    whistlers = {who for step in loop.acts_of("whistle") for who in situation.doers.get(step.id, ())}
    if viewer.post_code in exclusion_reviewers(loop) and viewer.account_id not in whistlers:
        return
    title = reasons_that(edition, "refuse")[reason].title
    say = f"按“{title}”剔除要两个人定，请用“提请剔除”，由复核岗位来定。"
    raise Refused("second-hand", say=say, clause=TWO_HANDS, have=viewer.post_title, field="reason")


def refuse_reviewing_oneself(viewer: Viewer, situation: Situation) -> None:
    """Refuse the review of an objection by whoever kept the matter out."""
    if viewer.account_id is not None and viewer.account_id in situation.doers.get("house:exclude", ()):
        say = "这件是您定的剔除，对它的异议要由另外的人复核。"
        raise Refused("third-hand", say=say, clause=TWO_HANDS, have=viewer.post_title)


def exclusions(edition: Edition) -> dict[str, Any]:
    """The coded reasons that keep a matter out of some rate of this street; others would exclude nothing."""
    used = {code for figure in edition.pack.figure.values() for code in figure.exclude}
    return {code: reason for code, reason in reasons_that(edition, "exclude").items() if code in used}


def refuse_exclusion(reason: str, edition: Edition, facts: Mapping[str, Any]) -> None:
    """Refuse a reason that no rate leaves out, and "not reached" for somebody whose word is on record."""
    allowed = exclusions(edition)
    if reason not in allowed:
        named = "、".join(one.title for one in allowed.values())
        raise Refused("unknown-reason", say=f"剔除要有理由：{named}。", have=reason, field="reason")
    if reason in reasons_that(edition, "unmet") and facts["solved"] is not None:
        say = f"居民已经评价过，不能按“{allowed[reason].title}”剔除。"
        raise Refused("verdict-on-record", say=say, clause="评价过的要计入（本系统规则）", have=reason, field="reason")


def refuse_unknown_no(reason: str, edition: Edition) -> None:
    """Refuse a coded reason for a no that the pack does not list for it; none at all is allowed, words are always written."""
    allowed = reasons_that(edition, "refuse")
    if reason and reason not in allowed:
        named = "、".join(one.title for one in allowed.values()) or "（本地没有设）"
        raise Refused("unknown-reason", say=f"不同意的理由请选：{named}。", have=reason[:40], field="reason")


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
