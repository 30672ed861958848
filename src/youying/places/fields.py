"""What may be said of each kind of place: its title, the headers of its column in a table, how it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import models

from youying.kernel.refusals import Refused
from youying.kernel.tables import Field, plain
from youying.places.models import Area, Building, Compound, Grid, Home, Road
from youying.places.rules import (
    area_source_named,
    check_area_named,
    checked_name,
    checked_zone,
    coordinate,
    home_area,
    home_use_named,
    kind_named,
    level_named,
    occupancy_named,
    phone_shown,
    split_aliases,
    whole,
)
from youying.places.shapes import checked_point, checked_polygon


@dataclass(frozen=True)
class Kind:
    """A kind of place: its table, what it is called, what finds it again, what of it may be changed."""

    code: str
    title: str
    model: type[models.Model]
    key: Mapping[str, Field]
    fields: Mapping[str, Field]

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as they are stored; refused at the first that does not fit."""
        unknown = sorted(set(values) - set(self.fields))
        if unknown:
            raise Refused("field-unknown", say=f"{self.title}没有“{unknown[0]}”这一项。", have=unknown)
        cleaned = {name: self.fields[name].clean(value) for name, value in values.items()}
        if "longitude" in cleaned or "latitude" in cleaned:
            checked_point(cleaned.get("longitude"), cleaned.get("latitude"))
        if "area_m2" in cleaned or "area_source" in cleaned:
            check_area_named(cleaned.get("area_m2"), cleaned.get("area_source", ""))
        if {"name", "aliases"} <= set(cleaned):
            cleaned["aliases"] = split_aliases(cleaned["aliases"], name=cleaned["name"])
        return cleaned


def _text(*headers: str, most: int = 80, needed: bool = False) -> Field:
    if needed:
        return Field(headers, partial(checked_name, most=most, what=headers[0]), needed=True)
    return Field(headers, lambda value: checked_name(value, most=most) if plain(value) else "")


def _count(*headers: str, field: str, least: int, most: int, default: int) -> Field:
    check = partial(whole, field=field, what=headers[0], least=least, most=most, default=default)
    return Field(headers, check)


_NAME = _text("名称", "名字", "name", needed=True)
_ALIASES = Field(("别名", "曾用名", "俗称", "aliases"), split_aliases)
_POLYGON = Field(("边界", "范围", "polygon", "geojson"), checked_polygon, raw=True)
_POINT = {
    "longitude": Field(("经度", "lon", "lng", "longitude"), partial(coordinate, field="longitude")),
    "latitude": Field(("纬度", "lat", "latitude"), partial(coordinate, field="latitude")),
}
_AREA_OF = Field(("社区代码", "社区", "所属社区", "村", "区划代码", "area"), plain)
_COMPOUND_OF = Field(("小区", "小区名称", "所属小区", "compound"), plain, needed=True)

AREA = Kind(
    "area",
    "区划",
    Area,
    key={
        "code": Field(("代码", "区划代码", "编码", "code"), plain, needed=True),
        "level": Field(("层级", "级别", "level"), level_named, needed=True),
        "parent": Field(("上级代码", "上级", "parent"), plain),
    },
    fields={
        "name": _text("名称", "区划名称", "name", needed=True),
        "zone": Field(("时区", "zone"), checked_zone),
        **_POINT,
        "polygon": _POLYGON,
    },
)
COMPOUND = Kind(
    "compound",
    "小区",
    Compound,
    key={"area": _AREA_OF},
    fields={
        "name": _text("小区", "小区名称", "名称", "name", needed=True),
        "aliases": _ALIASES,
        "kind": Field(("类型", "kind"), kind_named),
        "address": _text("地址", "address", most=200),
        **_POINT,
        "polygon": _POLYGON,
    },
)
BUILDING = Kind(
    "building",
    "楼栋",
    Building,
    key={"area": _AREA_OF, "compound": _COMPOUND_OF},
    fields={
        "name": _text("楼栋", "楼栋号", "楼号", "幢号", "building", most=60, needed=True),
        "aliases": _ALIASES,
        "entrances": _count("单元数", "entrances", field="entrances", least=1, most=60, default=1),
        "floors": _count("层数", "floors", field="floors", least=1, most=200, default=1),
        **_POINT,
    },
)
GRID = Kind(
    "grid",
    "网格",
    Grid,
    key={
        "code": Field(("网格代码", "网格编码", "代码", "code"), plain, needed=True),
        "area": _AREA_OF,
    },
    fields={
        "title": _text("网格名称", "网格", "名称", "title", needed=True),
        "worker_name": _text("网格员", "网格员姓名", most=40),
        "worker_phone": Field(("网格员电话", "电话", "worker_phone"), phone_shown),
        "supervision_phone": Field(("监督电话", "supervision_phone"), phone_shown),
        **_POINT,
        "polygon": _POLYGON,
    },
)
ROAD = Kind(
    "road",
    "道路",
    Road,
    key={"area": _AREA_OF},
    fields={"name": _text("道路", "道路名称", "名称", "name", needed=True), "aliases": _ALIASES},
)
HOME = Kind(
    "home",
    "户",
    Home,
    key={
        "area": _AREA_OF,
        "compound": _COMPOUND_OF,
        "building": Field(("楼栋", "楼栋号", "楼号", "building"), plain, needed=True),
        "entrance": _count("单元", "单元号", field="entrance", least=0, most=60, default=0),
    },
    fields={
        "number": _text("房号", "门牌", "户号", "number", most=20, needed=True),
        "floor": _count("楼层", "floor", field="floor", least=-9, most=200, default=1),
        "use": Field(("用途", "房屋用途", "房屋性质", "use"), home_use_named),
        "area_m2": Field(
            ("建筑面积", "面积", "房屋面积", "建筑面积(㎡)", "建筑面积（㎡）", "面积(㎡)", "面积（㎡）", "area_m2"),
            home_area,
        ),
        "area_source": Field(("面积来源", "面积依据", "area_source"), area_source_named),
        "occupancy": Field(
            ("居住情况", "居住状态", "入住情况", "使用状态", "自住或出租", "occupancy"), occupancy_named
        ),
    },
)
COVERS = Field(("覆盖", "管辖", "小区楼栋", "covers"), split_aliases)
"""The column of a grid's table that lists what it looks after: "杏林小区" or "杏林小区/3号楼"."""

KINDS: dict[str, Kind] = {kind.code: kind for kind in (AREA, COMPOUND, BUILDING, GRID, ROAD, HOME)}


def kind_of(code: str) -> Kind:
    """The kind of that code; refused when there is none."""
    if code not in KINDS:
        raise Refused(
            "place-kind-unknown", say="只能导入区划、小区、楼栋、网格、道路、户。", have=code, need=list(KINDS)
        )
    return KINDS[code]


SEALED = frozenset({"worker_name", "worker_phone", "supervision_phone"})
"""What is said of people: it goes encrypted into the record."""


def in_words(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as an entry of the record holds them: an exact decimal as its digits."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def told(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values divided into those an entry tells openly and those it seals."""
    openly = {name: value for name, value in values.items() if name not in SEALED}
    return openly, {name: value for name, value in values.items() if name in SEALED}
