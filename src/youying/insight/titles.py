"""What the keys of a board are called and in which order they stand: never by rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from youying.access.models import Unit
from youying.packs.edition import Edition
from youying.packs.words import KINDS
from youying.places.snapshot import snapshot
from youying.text.queries import category_title

UNKNOWN: Mapping[str, str] = {
    "unit": "尚未派单",
    "grid": "网格不详",
    "compound": "小区不详",
    "category": "尚未分类",
    "urgency": "未定紧急程度",
}
"""What a row is called whose key is not known."""


def titles(
    dimension: str, keys: Iterable[Any], *, editions: Sequence[tuple[str, Edition]], root: str
) -> dict[Any, str]:
    """The title of every key; one statement for units, none for the rest."""
    wanted = list(dict.fromkeys(keys))
    known = [key for key in wanted if key not in (None, "")]
    found = _found(dimension, known, editions=editions, root=root)
    return {
        key: found.get(key) or (UNKNOWN.get(dimension, "不详") if key in (None, "") else str(key)) for key in wanted
    }


def _found(
    dimension: str, keys: Sequence[Any], *, editions: Sequence[tuple[str, Edition]], root: str
) -> dict[Any, str]:
    if dimension == "unit":
        return dict(Unit.objects.filter(pk__in=keys).values_list("pk", "title"))
    if dimension in ("grid", "compound", "area"):
        return _places(dimension, keys, root=root)
    if dimension == "month":
        return {key: f"{key.year}年{key.month}月" for key in keys}
    if dimension == "category":
        return {key: category_title(key, short=True) for key in keys}
    if dimension == "kind":
        return dict(KINDS)
    return _said(dimension, editions)


def _places(dimension: str, keys: Sequence[Any], *, root: str) -> dict[Any, str]:
    known = snapshot()
    if dimension == "grid":
        return {key: known.grids[key].title for key in keys if key in known.grids}
    if dimension == "compound":
        return {key: known.compounds[key].name for key in keys if key in known.compounds}
    names = {key: known.by_path[key].name for key in keys if key in known.by_path}
    return names | ({root: f"{names[root]}（未到下一级）"} if root in names and len(keys) > 1 else {})


def _said(dimension: str, editions: Sequence[tuple[str, Edition]]) -> dict[Any, str]:
    if dimension == "urgency":
        return {
            code: title for _, edition in editions for code, title in edition.pack.values.get("urgency", {}).items()
        }
    return {code: channel.title for _, edition in editions for code, channel in edition.pack.channel.items()}


def in_order(dimension: str, keys: Iterable[Any], *, named: Mapping[Any, str]) -> list[Any]:
    """Keys as a reader looks for them: areas and grids by code, months by time, the rest by title; unknown last."""

    def place(key: Any) -> tuple[Any, ...]:
        if key in (None, ""):
            return (1, "")
        if isinstance(key, date) or dimension == "area":
            return (0, str(key))
        if dimension == "grid" and key in snapshot().grids:
            return (0, snapshot().grids[key].code)
        return (0, named.get(key, ""), str(key))

    return sorted(keys, key=place)
