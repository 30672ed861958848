"""What a step still lacks: one check a proof, each says what is missing in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from youying.kernel.refusals import Refused
from youying.matters.rules import NOTE_LEAST, Situation, reasons_for
from youying.packs.compiled import CompiledAct
from youying.packs.edition import Edition
from youying.packs.words import NEEDS

LATEST_PROMISE = timedelta(days=2 * 365)
"""A plan that ends later than this is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a step, already read: units, texts, files, dates."""

    unit_id: int | None = None
    joint: tuple[int, ...] = ()
    category: str = ""
    due_at: datetime | None = None
    reason: str = ""
    note: str = ""
    scheme: str = ""
    photos: int = 0
    before: int = 0
    after: int = 0
    way: str = ""
    reached: bool | None = None
    level: str = ""
    within: str | None = None
    offer_id: int | None = None
    passed: bool | None = None
    session_id: int | None = None
    place: str = ""
    summoned: tuple[int, ...] = ()
    reporting_unit: int | None = None
    right_unit: int | None = None
    person: str = ""
    arrival: str = "came"


def _need_unit(given: Given, need: Needed) -> str:
    if "summoned" in need.step.assigns and "lead" not in need.step.assigns:
        return "" if given.summoned else "请点名要吹哨的单位。"
    return "" if given.unit_id or need.situation.lead_id else "请选承办单位。"


def _need_person(given: Given, need: Needed) -> str:
    return "" if len(given.person.strip()) >= NOTE_LEAST else "请写明谁来了，书面答复的写明是谁答复的。"


def _need_category(given: Given, need: Needed) -> str:
    return "" if given.category or need.situation.facts.get("category") else "请选事项分类。"


def _need_due(given: Given, need: Needed) -> str:
    if given.due_at is None:
        return "" if need.rule_gives_due else "请写明办理期限。"
    if given.due_at <= need.now:
        return "期限要晚于现在。"
    return "" if given.due_at <= need.now + LATEST_PROMISE else "期限最晚写到两年以内，请核对年份。"


def _need_reason(given: Given, need: Needed) -> str:
    allowed = reasons_for(need.edition, need.step)
    if given.reason in allowed:
        return ""
    named = "、".join(r.title for r in allowed.values())
    return f"请选一个理由：{named}。"


def _need_note(given: Given, need: Needed) -> str:
    return "" if len(given.note.strip()) >= NOTE_LEAST else "请写明情况，至少两个字。"


def _need_scheme(given: Given, need: Needed) -> str:
    return "" if len(given.scheme.strip()) >= NOTE_LEAST else "请写明方案，至少两个字。"


def _need_photo(given: Given, need: Needed) -> str:
    return "" if given.photos > 0 else "请附一张现场照片。"


def _need_attempts(given: Given, need: Needed) -> str:
    now_tried = bool(given.way) and given.reached is not None
    least = next((proof.least for proof in need.step.needs if proof.word == "attempts"), 1)
    if least > 1:
        have = need.attempts + now_tried
        return "" if have >= least else f"要联系过至少{least}次才行，现在有{have}次记录。"
    return "" if now_tried else "请记下这次怎么联系的、联系上没有。"


def _need_before_after(given: Given, need: Needed) -> str:
    """What came in with the matter, or earlier, shows how it was before."""
    before = given.before or need.situation.facts.get("photo_count")
    if before and given.after:
        return ""
    return "请附办理后的照片，好和办理前对比。" if before else "请附办理前和办理后的照片各至少一张。"


def _need_place(given: Given, need: Needed) -> str:
    """Where the matter stands in a building or compound its place is known already; who is to be there says so anew."""
    known = need.situation.facts.get("compound_id") or need.situation.facts.get("longitude")
    there_already = known and need.step.verb not in SAID_ON_THE_SPOT
    return "" if given.place or there_already else "请写明在什么地点。"


def _seen_with_the_sheets(_given: Given, _need: Needed) -> str:
    """Sheets, papers and signatures are looked at item by item where they are read."""
    return ""


SAID_ON_THE_SPOT = frozenset({"report-in", "meet"})
"""The verbs of being somewhere in person."""


def _need_offer(given: Given, need: Needed) -> str:
    return "" if given.offer_id else "请选一项服务资源。"


def _need_session(given: Given, need: Needed) -> str:
    return "" if given.session_id else "请先开会商会并填好会议记录，再记到这件事项上。"


def _need_parts(_given: Given, need: Needed) -> str:
    """Every part is done; where the pack only lets parts be listed and nobody listed one, there is none to wait for."""
    done = need.situation.facts["parts_done"]
    fixed = need.edition.loops[str(need.situation.facts["loop"])].parts
    if done or (done is None and not fixed):
        return ""
    return "还有子任务没有办完，请先等各件办齐。" if done is False else "子任务还没有分出去，请先分送各家。"


NEED_CHECKS: dict[str, Callable[[Given, Needed], str]] = {
    "unit": _need_unit,
    "category": _need_category,
    "due": _need_due,
    "reason": _need_reason,
    "note": _need_note,
    "scheme": _need_scheme,
    "photo": _need_photo,
    "attempts": _need_attempts,
    "parts": _need_parts,
    "person": _need_person,
    "offer": _need_offer,
    "session": _need_session,
    "before-after": _need_before_after,
    "place": _need_place,
    "sheet": _seen_with_the_sheets,
    "papers": _seen_with_the_sheets,
    "signature": _seen_with_the_sheets,
}
"""The proofs that the engine executes; each returns what is missing in words, or nothing."""


@dataclass(frozen=True, slots=True)
class Needed:
    """The frame in which a proof is checked."""

    edition: Edition
    step: CompiledAct
    situation: Situation
    now: datetime
    rule_gives_due: bool = False
    attempts: int = 0


def missing(given: Given, need: Needed) -> list[Refused]:
    """Everything the step still lacks, each with the field it belongs to."""
    lacks = []
    for proof in need.step.needs:
        if say := NEED_CHECKS[proof.word](given, need):
            lacks.append(Refused(f"needs-{proof.word}", say=say, need=NEEDS[proof.word], field=proof.word))
    return lacks
