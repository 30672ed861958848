"""Reading what came with a step: raw values in, one frozen `Given` out, with a clear sentence for every bad one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from youying.kernel.durations import parse_duration
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line, clean_text
from youying.matters.fact_rules import Answer
from youying.matters.need_rules import Given
from youying.matters.rules import NOTE_MOST
from youying.matters.whistle_rules import ARRIVALS

WAYS = {"phone": "电话", "sms": "短信", "door": "上门", "web": "网上"}
MOST_ID = 2**63 - 1
"""What a key of the databases holds."""
MOST_UNITS = 20
PLACE_MOST = 120
PERSON_MOST = 80
MOST_CODE = 40
LEVELS = {"ordinary": "一般督办", "key": "重点督办", "listed": "挂牌督办"}
CHOSEN = {"urgency": ("urgency", "紧急程度"), "grade": ("class", "类别"), "outcome": ("outcome", "结果")}
"""Column → the open fact of the language whose values it takes, and its title."""
KNOWN = frozenset(
    {
        "unit", "joint", "parts", "category", "urgency", "grade", "due_at", "reason", "note", "scheme", "uploads", "before", "after",
        "way", "reached", "solved", "satisfaction", "contacted", "reasons", "words", "into", "level", "reporter", "within", "offer",
        "passed", "session", "asked", "solving",
        "summoned", "reporting_unit", "right_unit", "person", "arrival", "outcome",
        "sheet", "papers", "signature", "place", "judged",
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
        joint=_numbers(data.get("joint"), "joint", "协办单位"),
        category=_code(data.get("category"), "category", "事项分类"),
        due_at=_moment(data.get("due_at")),
        reason=_code(data.get("reason"), "reason", "理由"),
        note=_text(data.get("note"), "note"),
        scheme=_text(data.get("scheme"), "scheme"),
        photos=photos,
        before=before,
        after=after,
        way=way,
        reached=_yes_no(data.get("reached"), "attempts", "联系上没有"),
        level=_level(data.get("level")),
        within=_within(data.get("within")),
        place=_place(data.get("place")),
        summoned=tuple(dict.fromkeys(_numbers(data.get("summoned"), "summoned", "被吹哨单位"))),
        reporting_unit=_number(data.get("reporting_unit"), "reporting_unit", "报到单位"),
        right_unit=_number(data.get("right_unit"), "right_unit", "该办的单位"),
        person=_person(data.get("person")),
        arrival=_arrival(data.get("arrival")),
        passed=_yes_no(data.get("passed"), "passed", "复查合格没有"),
        session_id=_number(data.get("session"), "session", "会商会"),
        offer_id=_number(data.get("offer"), "offer", "服务资源"),
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
    contacted = _yes_no(data.get("contacted"), "contacted", "联系过没有")
    return Answer(bool(data["solved"]), satisfaction, contacted, reasons, words)


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


def _place(value: Any) -> str:
    return clean_line(str(value), least=0, most=PLACE_MOST, field="place", label="地点") if value else ""


def _person(value: Any) -> str:
    return clean_line(str(value), least=0, most=PERSON_MOST, field="person", label="到场人员") if value else ""


def _arrival(value: Any) -> str:
    arrival = str(value or "came")
    if arrival not in ARRIVALS:
        named = "、".join(ARRIVALS.values())
        raise Refused("unknown-arrival", say=f"怎么报到的请选：{named}。", have=arrival[:40], field="arrival")
    return arrival


def read_unit(value: Any) -> int:
    """One unit as a form or an interface names it; refused where it cannot be one."""
    number = _number(value, "unit", "承办单位")
    if number is None:
        raise Refused("needs-unit", say="请选承办单位。", field="unit")
    return number


def _number(value: Any, field: str, title: str) -> int | None:
    if value in (None, ""):
        return None
    try:
        number = int(str(value)[:20])
    except ValueError:
        number = 0
    if not 0 < number <= MOST_ID:
        raise Refused("bad-value", say=f"{title}选得不对，请重新选。", have=str(value)[:40], field=field)
    return number


def _numbers(values: Any, field: str, title: str) -> tuple[int, ...]:
    held = (values,) if isinstance(values, str | int) else tuple(values or ())
    if len(held) > MOST_UNITS:
        raise Refused("too-many", say=f"{title}最多{MOST_UNITS}个。", have=len(held), need=MOST_UNITS, field=field)
    return tuple(number for value in held if (number := _number(value, field, title)) is not None)


def _code(value: Any, field: str, title: str) -> str:
    """A code of a list; that it stands in the list is checked where the list is known."""
    text = str(value or "")
    if len(text) > MOST_CODE:
        raise Refused("bad-value", say=f"{title}选得不对，请重新选。", have=text[:40], field=field)
    return text


def _yes_no(value: Any, field: str, title: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise Refused("bad-value", say=f"“{title}”请选是或否。", have=str(value)[:40], field=field)
    return value


def _level(value: Any) -> str:
    level = str(value or "")
    if level and level not in LEVELS:
        raise Refused(
            "unknown-level", say=f"督办级别请选：{'、'.join(LEVELS.values())}。", have=level[:40], field="level"
        )
    return level


def _within(value: Any) -> str | None:
    """The period that the dispatcher chose; an empty one means the pack's own, None that nothing was said of it."""
    return value if value is None else str(parse_duration(str(value)[:30])) if value else ""


def _moment(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Refused("bad-moment", say="期限要写成日期和时间。", have=str(value)[:40], field="due")
    return value
