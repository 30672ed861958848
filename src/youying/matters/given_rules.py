"""Reading what came with a step: raw values in, one frozen `Given` out, with a clear sentence for every bad one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.matters.fact_rules import Answer
from youying.matters.rules import NOTE_MOST, Given

WAYS = {"phone": "电话", "sms": "短信", "door": "上门", "web": "网上"}
LEVELS = {"ordinary": "一般督办", "key": "重点督办", "listed": "挂牌督办"}
CHOSEN = {"urgency": ("urgency", "紧急程度"), "grade": ("class", "类别")}
"""Column → the open fact of the language whose values it takes, and its title."""
KNOWN = frozenset(
    {
        "unit", "joint", "category", "urgency", "grade", "due_at", "reason", "note", "scheme", "uploads", "before", "after",
        "way", "reached", "solved", "satisfaction", "contacted", "reasons", "words", "into", "level",
    }
)  # fmt: skip


def refuse_unknown(data: Mapping[str, Any]) -> None:
    """Refuse data that no step knows: a misspelt field must not vanish silently."""
    if strange := sorted(set(data) - KNOWN):
        raise Refused(
            "unknown-field", say=f"不认识的栏目：{'、'.join(strange)[:80]}。", have=strange, need=sorted(KNOWN)
        )


def read_given(data: Mapping[str, Any], *, photos: int, before: int = 0, after: int = 0) -> Given:
    """The proofs that came with a step; texts are cleaned and bounded here."""
    way = str(data.get("way") or "")
    if way and way not in WAYS:
        raise Refused("unknown-way", say=f"联系方式请选：{'、'.join(WAYS.values())}。", have=way, field="attempts")
    return Given(
        unit_id=_number(data.get("unit"), "unit", "承办单位"),
        joint=tuple(_number(u, "joint", "协办单位") or 0 for u in data.get("joint") or ()),
        category=str(data.get("category") or ""),
        due_at=_moment(data.get("due_at")),
        reason=str(data.get("reason") or ""),
        note=_text(data.get("note"), "note"),
        scheme=_text(data.get("scheme"), "scheme"),
        photos=photos,
        before=before,
        after=after,
        way=way,
        reached=data.get("reached"),
    )


def read_answer(data: Mapping[str, Any], satisfactions: Mapping[str, str]) -> Answer | None:
    """The resident's word, or None where none was given; values outside the pack are refused."""
    if data.get("solved") is None and not data.get("satisfaction"):
        return None
    if not isinstance(data.get("solved"), bool):
        raise Refused("needs-verdict", say="请先说解决了没有。", field="solved")
    satisfaction = str(data.get("satisfaction") or "")
    if satisfaction not in satisfactions:
        named = "、".join(satisfactions.values())
        raise Refused("unknown-satisfaction", say=f"满意程度请选：{named}。", have=satisfaction, field="satisfaction")
    reasons = tuple(str(r)[:40] for r in (data.get("reasons") or ())[:10])
    words = _text(data.get("words"), "words")
    return Answer(bool(data["solved"]), satisfaction, data.get("contacted"), reasons, words)


def read_chosen(data: Mapping[str, Any], values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The facts that an officer chooses with a step, by column; values that the pack does not list are refused."""
    chosen: dict[str, str] = {}
    for column, (fact, title) in CHOSEN.items():
        code = str(data.get(column) or "")
        known = values.get(fact, {})
        if code and code not in known:
            named = "、".join(known.values()) or "（本地没有设）"
            raise Refused(f"unknown-{fact}", say=f"{title}请选：{named}。", have=code[:40], field=column)
        if code:
            chosen[column] = code
    return chosen


def _text(value: Any, field: str) -> str:
    return clean_text(str(value), least=0, most=NOTE_MOST, field=field) if value else ""


def _number(value: Any, field: str, title: str) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused("bad-value", say=f"{title}选得不对，请重新选。", have=str(value)[:40], field=field) from None


def _moment(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Refused("bad-moment", say="期限要写成日期和时间。", have=str(value)[:40], field="due")
    return value
