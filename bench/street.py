"""The fictional district of the measurements: ten towns that follow one local pack, with places, units and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db import connection
from django.db.models import Model

from youying.access.models import Account, Post, Unit
from youying.access.queries import viewer_of
from youying.editions import actions as editions
from youying.kernel.calendar import years_known
from youying.kernel.moments import still, zone
from youying.kernel.viewers import SYSTEM, Viewer
from youying.places import actions as places
from youying.places.models import Area, Building, Compound, Grid
from youying.places.placing import Place, place_of

SHANGHAI = zone("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)
"""The moment at which every history ends and every list is read."""
MONTHS = 24
BEGINNING = datetime(2024, 12, 1, 9, 0, tzinfo=SHANGHAI)
TOWNS, COMMUNITIES, COMPOUNDS, BUILDINGS = 10, 8, 3, 4
SYLLABLES = "杏柳槐桐梅松枫桂樱榆"
ENDINGS = ("花园", "家属院", "苑")
PACK = """
[pack]
code = "bench"
title = "测量用本地包"
version = 1
local = true
origin = "测量用，地名和人物都是虚构的"
about = "和基础包一样，只是办结不要求照片，因为生成的历史不带图片。"
extends = ["m01@1"]

[loop.demand.acts.complete]
needs = ["note"]
"""
POWERS = frozenset({"view", "intake", "act", "rates", "import", "export"})
DEPARTMENTS = {"shizheng": "区市政所", "paishui": "区排水中心", "zhifa": "综合执法队", "gongre": "区供热站"}
APART = {Compound: 710_000_000, Building: 720_000_000, Grid: 730_000_000, Unit: 740_000_000, Account: 750_000_000,
         Post: 760_000_000}  # fmt: skip
"""Where the keys of each table begin, so that a number in a row tells by itself what it stands for."""


@dataclass(frozen=True, slots=True)
class Team:
    """A unit with the person who acts for it."""

    unit_id: int
    viewer: Viewer


@dataclass
class District:
    """The laid out district: paths, a place for every building, teams by unit and by community, staff."""

    county: str
    communities: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    departments: dict[str, Team] = field(default_factory=dict)
    companies: dict[str, Team] = field(default_factory=dict)
    offices: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, Viewer] = field(default_factory=dict)

    def team(self, unit: str, place: Place) -> Team:
        """Who sees to a demand: the department, or the company or office of the place."""
        if unit in self.departments:
            return self.departments[unit]
        return (self.companies if unit in ("heshun", "anju") else self.offices)[place.area_path]

    @cached_property
    def teams(self) -> list[Team]:
        """Every unit."""
        return [*self.departments.values(), *self.companies.values(), *self.offices.values()]


def build_district(*, towns: int = TOWNS) -> District:
    """Lay the district out in an empty installation, in force since the beginning of the history."""
    with still(BEGINNING - timedelta(days=30)):
        for model, start in APART.items():
            _begin_at(model, start)
        county = _areas_above()
        district = District(county)
        for year in years_known():
            editions.seed_calendar(year, by=SYSTEM)
        for n in range(1, towns + 1):
            _town(district, n)
        for code, title in DEPARTMENTS.items():
            district.departments[code] = _team(code, title, "department", county)
        district.staff = {
            "dispatcher": _person("dispatcher", "dispatcher", "派单员", county),
            "caller": _person("caller", "caller", "回访员", county),
            "leader": _person("leader", "street-leader", "街道领导", county),
        }
        editions.adopt(county, local_toml=PACK, by=SYSTEM)
    rows = Building.objects.order_by("pk").values_list("pk", flat=True)
    district.places = [place_of(building_id=pk) for pk in rows]
    return district


def _begin_at(model: type[Model], start: int) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, start])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])


def _areas_above() -> str:
    path = ""
    for code, name, level in (("99", "杏江省", "province"), ("9901", "云川市", "city"), ("990101", "柳湾区", "county")):
        path = places.add_area(code, name=name, level=level, parent=path, by=SYSTEM).path
    return path


def _town(district: District, n: int) -> None:
    code = f"990101{n:03d}"
    name = SYLLABLES[(n - 1) % len(SYLLABLES)]
    town = places.add_area(code, name=f"{name}湾街道", level="town", parent=district.county, by=SYSTEM).path
    for m in range(1, COMMUNITIES + 1):
        whole = f"{name}{SYLLABLES[m]}"
        area = places.add_area(f"{code}{m:03d}", name=f"{whole}里社区", level="community", parent=town, by=SYSTEM).path
        district.communities.append(area)
        for k in range(1, COMPOUNDS + 1):
            compound = places.add_compound(area, name=f"{whole}{ENDINGS[k - 1]}", by=SYSTEM)
            for b in range(1, BUILDINGS + 1):
                places.add_building(compound.path, name=f"{b}号楼", by=SYSTEM, entrances=3, floors=6)
            grid = f"{code}{m:03d}{k:03d}"
            places.add_grid(area, code=grid, title=f"第{k}网格", by=SYSTEM, covers=[compound.path])
        district.companies[area] = _team(f"w{code}{m:03d}", f"{whole}物业", "property-company", area)
        district.offices[area] = _team(f"s{code}{m:03d}", f"{whole}里社区居委会", "community-office", area)


def _team(code: str, title: str, kind: str, reach: str) -> Team:
    unit = Unit.objects.create(code=code, title=title, kind=kind, reach=reach)
    return Team(unit.pk, _person(f"u-{code}", "manager", "经办人", "/none", unit=unit))


def _person(username: str, code: str, title: str, reach: str, *, unit: Unit | None = None) -> Viewer:
    account = Account.objects.create(username=username, name="经办人" if unit else title, made_at=BEGINNING)
    post = Post.objects.create(
        account=account, code=code, title=title, reach=reach, unit=unit, powers=sorted(POWERS),
        since=BEGINNING - timedelta(days=1),
    )  # fmt: skip
    return viewer_of(post)


def find_district() -> District:
    """The district as it stands already in this installation."""
    by_unit = {post.unit_id: viewer_of(post) for post in Post.objects.select_related("account", "unit")}
    by_name = {post.account.username: viewer_of(post) for post in Post.objects.select_related("account", "unit")}
    communities = list(Area.objects.filter(level="community").order_by("pk").values_list("path", flat=True))
    district = District(Area.objects.get(level="county").path, communities)
    for unit in Unit.objects.order_by("pk"):
        known, key = {
            "department": (district.departments, unit.code),
            "property-company": (district.companies, unit.reach),
            "community-office": (district.offices, unit.reach),
        }[unit.kind]
        known[key] = Team(unit.pk, by_unit[unit.pk])
    district.staff = {name: by_name[name] for name in ("dispatcher", "caller", "leader")}
    district.places = [place_of(building_id=pk) for pk in Building.objects.order_by("pk").values_list("pk", flat=True)]
    return district
