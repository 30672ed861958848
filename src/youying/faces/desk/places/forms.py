"""Which fields a form about a place shows, in words, and what it gives back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from youying.places.fields import AREA, BUILDING, COMPOUND, GRID, Kind
from youying.places.rules import COMPOUND_KINDS, LEVELS

KINDS: dict[str, Kind] = {kind.code: kind for kind in (AREA, COMPOUND, BUILDING, GRID)}
TITLES: dict[str, Any] = {"area": _("区划"), "compound": _("小区"), "building": _("楼栋"), "grid": _("网格")}
LABELS: dict[str, Any] = {
    "code": _("代码"),
    "level": _("层级"),
    "name": _("名称"),
    "title": _("名称"),
    "aliases": _("别名"),
    "kind": _("类型"),
    "address": _("地址"),
    "longitude": _("经度"),
    "latitude": _("纬度"),
    "polygon": _("边界"),
    "zone": _("时区"),
    "entrances": _("单元数"),
    "floors": _("层数"),
    "worker_name": _("网格员"),
    "worker_phone": _("网格员电话"),
    "supervision_phone": _("监督电话"),
}
HINTS: dict[str, Any] = {
    "code": _("12位统计代码，或本地的编码"),
    "aliases": _("居民还怎么叫它，用顿号分开"),
    "polygon": _("GeoJSON，从地图软件导出"),
    "zone": _("不填就和上级一样，例如 Asia/Urumqi"),
    "longitude": _("例如 101.7780"),
    "latitude": _("例如 36.6170"),
}
CHOICES: dict[str, dict[str, str]] = {"kind": COMPOUND_KINDS, "level": LEVELS}
WITH_CODE = ("area", "grid")
WIDE = ("polygon",)


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form."""

    name: str
    label: Any
    hint: Any
    value: str
    needed: bool
    options: tuple[tuple[str, str], ...] = ()
    wide: bool = False


def name_field(kind: Kind) -> str:
    """The field that holds what a place is called."""
    return "title" if kind is GRID else "name"


def controls(kind: Kind, values: Mapping[str, Any], *, adding: bool = False) -> list[Control]:
    """The fields of a form: all when adding, all but the name when changing."""
    names = [name for name in kind.fields if adding or name != name_field(kind)]
    if adding and kind.code in WITH_CODE:
        names = ["code", *(["level"] if kind is AREA else []), *names]
    return [control(kind, name, values.get(name)) for name in names]


def control(kind: Kind, name: str, value: Any) -> Control:
    """One field with its label and what stands in it."""
    options = tuple(CHOICES.get(name, {}).items())
    field = kind.fields.get(name) or kind.key[name]
    return Control(name, LABELS[name], HINTS.get(name, ""), said(value), field.needed, options, name in WIDE)


def said(value: Any) -> str:
    """A value as a form writes it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def given(kind: Kind, post: QueryDict, *, adding: bool = False) -> dict[str, str]:
    """What the form gave, by field."""
    names = {one.name for one in controls(kind, {}, adding=adding)}
    return {name: str(post[name]) for name in names if name in post}


def changed(kind: Kind, values: Mapping[str, Any], post: QueryDict) -> dict[str, str]:
    """What the form says that differs from what stands."""
    said_now = given(kind, post)
    return {name: value for name, value in said_now.items() if value.strip() != said(values.get(name)).strip()}
