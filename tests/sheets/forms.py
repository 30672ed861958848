"""A sheet with an item of every type, of nobody's pack, and what the street of the tests fills into it."""

from __future__ import annotations

from typing import Any

from youying.packs.edition import Edition, build_edition
from youying.packs.schema_rhythm import Item, Sheet
from youying.packs.source import RawPack, library, with_value

DEED, RELATION, CARD = "d" * 43, "r" * 43, "c" * 43
"""Tokens as uploads have them."""

ITEMS: dict[str, dict[str, Any]] = {
    "what": {"title": "事由"},
    "came": {"title": "按时到场", "type": "yes-no"},
    "kind_of_paper": {"title": "材料种类", "type": "choice", "choices": ["原件", "复印件"]},
    "heads": {"title": "参加", "type": "number", "unit": "人"},
    "temp": {"title": "室温", "type": "number", "unit": "℃"},
    "cost": {"title": "费用", "type": "money"},
    "until_day": {"title": "截止日", "type": "date"},
    "clock_time": {"title": "时刻", "type": "time"},
    "who": {"title": "经手人", "type": "person"},
    "phone": {"title": "联系电话", "type": "phone"},
    "spot": {"title": "测温点", "type": "place"},
    "deed": {"title": "产权证", "type": "file"},
    "picture": {"title": "现场照片", "type": "photo"},
    "signed": {"title": "住户签字", "type": "signature"},
}


def items(*codes: str, **more: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Some of the items, changed or new ones with them."""
    return {code: ITEMS[code] for code in codes} | more


def sheet(*codes: str, **more: dict[str, Any]) -> Sheet:
    """A sheet of these items alone."""
    read = {code: Item.model_validate(item) for code, item in items(*codes, **more).items()}
    return Sheet(title="勘查表", items=read)


def raw_with(table: dict[str, dict[str, Any]], *, code: str = "m01", name: str = "survey") -> RawPack:
    """A library pack that also says the sheet `survey`."""
    return with_value(library()[code], key=f"sheet.{name}", value={"title": "勘查表", "items": table})


def edition_with(table: dict[str, dict[str, Any]], *, code: str = "m01") -> Edition:
    """Its edition, adopted nowhere."""
    return build_edition(raw_with(table, code=code), library())
