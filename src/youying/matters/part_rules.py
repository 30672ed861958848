"""The parts of a whole as a graph: what is listed, what may begin, how far all of it is; no table is looked up here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from youying.kernel.durations import parse_duration
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.packs.compiled import CompiledAct, CompiledLoop, CompiledPart, choose_loop
from youying.packs.edition import Edition
from youying.packs.words import RELATIONS

WAITING, RUNNING, DONE, REFUSED, DROPPED = "waiting", "running", "done", "refused", "dropped"
STATES = {WAITING: "等前面的", RUNNING: "在办", DONE: "已办完", REFUSED: "不予办理", DROPPED: "已取消"}
STANDING = frozenset({WAITING, RUNNING, DONE})
OPEN = frozenset({WAITING, RUNNING})
MOST_PARTS = 30
TITLE_LEAST, TITLE_MOST = 2, 80
COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class PartIn:
    """One part as it is to be listed; `to` says which kind of unit or which post sees to it."""

    code: str
    title: str
    to: str = ""
    unit_id: int | None = None
    after: tuple[str, ...] = ()
    loop: str = ""
    within: str = ""
    due_at: datetime | None = None
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class PartNow:
    """One part as it stands."""

    code: str
    state: str
    after: tuple[str, ...] = ()


def opens_parts(loop: CompiledLoop, act_id: str) -> bool:
    """Whether this act lists parts: those that always recur, or more of them."""
    return act_id == loop.parts_on or act_id in loop.adds_parts


def hosts(loop: CompiledLoop) -> frozenset[str]:
    """Who has the parts of this loop's matters done: whoever may list them, and the unit that has the whole."""
    return frozenset({"lead"}.union(*(act.by for act in loop.acts.values() if opens_parts(loop, act.id)))) - {"system"}


def roles_in_parts(loop: CompiledLoop, post_code: str) -> set[str]:
    """What a post may be to the parts of this loop's matters: who has them done, who does them."""
    if not post_code:
        return set()
    keeps = any(part.to == post_code for part in loop.parts.values())
    return {role for role, held in (("host", post_code in hosts(loop)), ("keeper", keeps)) if held}


def read_parts(data: Mapping[str, Any], loop: CompiledLoop, step: CompiledAct) -> list[PartIn]:
    """The parts that a step lists: those of the loop with what was chosen for each, then those written on the form.

    Raises `Refused` where the step lists none, a title is missing, or a part waits for one that does not exist.
    """
    said = [dict(one) for one in data.get("parts") or ()]
    if said and not opens_parts(loop, step.id):
        raise Refused("no-parts", say=f"“{step.title}”不列子任务。", field="parts")
    if len(said) > MOST_PARTS:
        raise Refused(
            "too-many", say=f"一次最多列{MOST_PARTS}项子任务。", have=len(said), need=MOST_PARTS, field="parts"
        )
    if step.id != loop.parts_on:
        return _added(said, loop, step)
    chosen = {str(one.get("code")): one for one in said if one.get("code") in loop.parts}
    fixed = [_fixed(part, chosen.get(part.id, {})) for part in loop.parts.values()]
    return fixed + _added([one for one in said if one.get("code") not in loop.parts], loop, step)


def _fixed(part: CompiledPart, chosen: Mapping[str, Any]) -> PartIn:
    within, due_at = str(part.within or ""), _due(chosen)
    return PartIn(part.id, part.title, part.to, _unit(chosen), part.after, part.loop or "", within, due_at)


def _added(said: Sequence[Mapping[str, Any]], loop: CompiledLoop, step: CompiledAct) -> list[PartIn]:
    if said and step.id not in loop.adds_parts:
        raise Refused("no-more-parts", say=f"“{step.title}”只开出固定的子任务，不能再列。", field="parts")
    return [_written(one) for one in said]


def _written(said: Mapping[str, Any]) -> PartIn:
    title = clean_text(
        str(said.get("title") or ""), least=TITLE_LEAST, most=TITLE_MOST, field="parts", label="每一段做什么"
    )
    after = said.get("after") or ()
    within = str(parse_duration(str(said["within"])[:30])) if said.get("within") else ""
    return PartIn(
        str(said.get("code") or "")[:40],
        title,
        str(said.get("to") or "")[:40],
        _unit(said),
        tuple(str(one)[:TITLE_MOST] for one in ([after] if isinstance(after, str) else after)),
        "",
        within,
        _due(said),
    )


def _unit(said: Mapping[str, Any]) -> int | None:
    text = str(said.get("unit") or "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18 or not int(text):
        raise Refused("bad-value", say="子任务的承办单位选得不对，请重新选。", have=text[:40], field="parts")
    return int(text)


def _due(said: Mapping[str, Any]) -> datetime | None:
    due = said.get("due_at") or None
    if due is not None and (not isinstance(due, datetime) or due.tzinfo is None):
        raise Refused("bad-moment", say="子任务的期限要写成日期和时间。", have=str(due)[:40], field="parts")
    return due


def refuse_past(parts: Iterable[PartIn], *, at: datetime) -> None:
    """Refuse a part whose deadline is over before it begins."""
    late = next((part for part in parts if part.due_at is not None and part.due_at <= at), None)
    if late is not None:
        raise Refused("part-due-past", say=f"“{late.title}”的期限要晚于现在。", field="parts")


def refuse_beyond(parts: Iterable[PartIn], *, whole_due: datetime | None, where: tzinfo) -> None:
    """Refuse a part that is due only after its whole: the whole would be late by what its own parts were given."""
    late = next((part for part in parts if whole_due and part.due_at and part.due_at > whole_due), None)
    if late is None or late.due_at is None or whole_due is None:
        return
    own, whole = (f"{one.astimezone(where):%m月%d日 %H:%M}" for one in (late.due_at, whole_due))
    say = f"“{late.title}”的期限（{own}）晚于整件事的期限（{whole}）。请改早些；办不到的，先给整件事申请延期。"
    raise Refused("part-due-late", say=say, have=late.due_at.isoformat(), need=whole_due.isoformat(), field="parts")


def numbered(parts: Sequence[PartIn], standing: Iterable[str], *, taken: Iterable[str] = ()) -> list[PartIn]:
    """Parts with codes of their own, and what they wait for named by code; those that stand already are left out.

    A part may name another by its code or its title. Raises `Refused` for one that waits for what does not exist.
    """
    here, used = set(standing), {*standing, *taken}
    named: dict[str, str] = {}
    found: list[PartIn] = []
    for part in parts:
        code = part.code or _free(used)
        used.add(code)
        named |= {part.title: code, code: code}
        if code not in here:
            found.append(_as(part, code))
    known = {**{code: code for code in here}, **named}
    return [_as(part, part.code, after=tuple(_known(part, one, known) for one in part.after)) for part in found]


def _free(used: set[str]) -> str:
    return next(code for n in range(1, len(used) + 2) if (code := f"p{n}") not in used)


def _as(part: PartIn, code: str, *, after: tuple[str, ...] | None = None) -> PartIn:
    waits = part.after if after is None else after
    return PartIn(code, part.title, part.to, part.unit_id, waits, part.loop, part.within, part.due_at)


def _known(part: PartIn, name: str, known: Mapping[str, str]) -> str:
    if name not in known:
        say = f"“{part.title}”要等的“{name}”不在子任务里，请先列出来，或不要等它。"
        raise Refused("part-unknown", say=say, have=name, need=sorted(known), field="parts")
    return known[name]


def refuse_circle(waits: Mapping[str, Sequence[str]], *, titles: Mapping[str, str] | None = None) -> None:
    """Refuse parts that wait for each other in a ring: none of them could ever begin."""
    left = {code: set(after) & set(waits) for code, after in waits.items()}
    while free := [code for code, after in left.items() if not after]:
        for code in free:
            del left[code]
        for after in left.values():
            after.difference_update(free)
    if left:
        named = "、".join((titles or {}).get(code, code) for code in left)
        say = f"子任务互相等待，谁也开不了头：{named}。请去掉其中一处先后。"
        raise Refused("parts-in-circle", say=say, have=sorted(left), field="parts")


def latest(parts: Iterable[PartNow]) -> dict[str, PartNow]:
    """Of every code the part that counts: the one that stands, else the one listed last."""
    found: dict[str, PartNow] = {}
    for part in parts:
        held = found.get(part.code)
        if held is None or held.state not in STANDING:
            found[part.code] = part
    return found


def ready(parts: Iterable[PartNow]) -> list[str]:
    """The codes of those that wait for nothing any more; what was dropped is waited for no longer."""
    now = latest(parts)
    over = {code for code, part in now.items() if part.state in (DONE, DROPPED)}
    return [c for c, part in now.items() if part.state == WAITING and {one for one in part.after if one in now} <= over]


def all_done(parts: Iterable[PartNow]) -> bool | None:
    """Whether every part is done; None where there is none, or all were dropped."""
    states = {part.state for part in latest(parts).values()} - {DROPPED}
    return states == {DONE} if states else None


def count(parts: Iterable[PartNow]) -> tuple[int, int]:
    """How many parts are done, of how many; what was dropped counts in neither."""
    states = [part.state for part in latest(parts).values() if part.state != DROPPED]
    return sum(state == DONE for state in states), len(states)


def plain_loop(edition: Edition, wanted: str) -> str:
    """The loop of a part: its own, else the edition's plain loop of commitments; refused where it has none."""
    if wanted:
        if wanted not in edition.loops:
            raise Refused("loop-gone", say=f"本地机制包里没有“{wanted[:40]}”这个流程。", have=wanted)
        return wanted
    loop = choose_loop(edition.loops.values(), COMMITMENT, {}, params=edition.params)
    if loop is None:
        raise Refused("no-commitment", say="本地机制包没有“承诺事项”的流程，子任务没有流程可走。", have=COMMITMENT)
    return loop.code


def kind_of(edition: Edition, to: str) -> str:
    """Whether a part's owner is a type of unit, a post, or a relation to the whole; refused where it is none."""
    if not to or to in edition.pack.units:
        return "unit"
    if to in edition.pack.posts:
        return "post"
    if to in RELATIONS:
        return "relation"
    raise Refused("part-owner", say=f"不认识的承办者：{to[:40]}。", have=to, field="parts")


def pick_unit(part: PartIn, fitting: Sequence[tuple[int, str]]) -> int:
    """The unit that sees to a part: the one chosen, the only one that fits; refused where it is unclear or strange."""
    ids = [unit for unit, _title in fitting]
    if part.unit_id is not None:
        if part.to and part.unit_id not in ids:
            say = f"“{part.title}”不能交给这个单位，请从能办的里面选：{'、'.join(t for _, t in fitting) or '（还没有）'}。"
            raise Refused("part-unit-strange", say=say, have=part.unit_id, need=ids, field="parts")
        return part.unit_id
    if len(ids) == 1 and part.to:
        return ids[0]
    what = "这里还没有能办它的单位，请先请管理员登记" if part.to and not ids else "请选由哪个单位办"
    raise Refused("needs-part-unit", say=f"“{part.title}”{what}。", need=ids, field="parts")


def depths(waits: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """In which round each part can begin: 0 where it waits for nothing, else one after the last it waits for."""
    found: dict[str, int] = {}
    left = dict(waits)
    while left:
        free = [code for code, after in left.items() if all(one in found or one not in waits for one in after)]
        if not free:
            return found | dict.fromkeys(left, len(found))
        for code in free:
            found[code] = 1 + max((found[one] for one in left.pop(code) if one in found), default=-1)
    return found
