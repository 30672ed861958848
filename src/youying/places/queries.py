"""Reading the places: what stands where, and which place somebody means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from youying.kernel.moments import zone
from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import Viewer
from youying.places.models import Building, EntranceCode, GridSpell, Home, Road
from youying.places.placing import (
    Place,
    ancestor,
    by_entrance_code,
    known_area,
    nearest_area,
    only_small_steps,
    place_of,
    zone_at,
)
from youying.places.rules import any_area_code, lies_in
from youying.places.snapshot import AreaFact, BuildingFact, CompoundFact, GridFact, Snapshot, snapshot

__all__ = [
    "AreaFact", "Branch", "BuildingFact", "CompoundFact", "GazetteerRow", "GridFact", "Place", "QrSheet", "area_by_code",
    "areas_below", "buildings_of", "by_entrance_code", "community_of", "compounds_below", "gazetteer_rows", "grid_at",
    "grid_of_building_on", "grids_below", "homes_of", "known_area", "own_zone", "path_words", "place_of", "qr_sheets", "search_homes", "search_places", "tree", "zone_of",
]  # fmt: skip
ROOT = "/"


@dataclass(frozen=True, slots=True)
class GazetteerRow:
    """A name that people may write for a place."""

    name: str
    kind: str  # area, compound, building, road, grid
    id: int
    area_path: str
    path: str
    compound_id: int | None = None


def area_by_code(code: str) -> AreaFact:
    """The area of an administrative code, of 12 digits or shorter."""
    known = snapshot()
    found = [known.by_code[one] for one in any_area_code(code) if one in known.by_code]
    if not found:
        raise Refused(
            "area-unknown",
            say=f"没有代码为“{plain(code)[:24]}”的区划，请先添加或核对代码。",
            have=code[:40],
            field="area",
        )
    return max(found, key=lambda area: len(area.path))


def community_of(path: str) -> AreaFact | None:
    """The community a path lies in, or nothing above the communities."""
    return ancestor(snapshot(), known_area(path), "community")


def zone_of(path: str) -> str:
    """The IANA time zone that days are counted in at a path; of a closed or unknown place that of the nearest above."""
    return zone_at(snapshot(), nearest_area(path))


def own_zone(path: str, *, top: str) -> str:
    """The time zone that is said at a path or above it, but not above `top`; empty where none is said there."""
    known, one = snapshot(), nearest_area(path)
    while one is not None and lies_in(one.path, top):
        if one.zone:
            return one.zone
        one = known.areas.get(one.parent_id) if one.parent_id else None
    return ""


def areas_below(path: str, *, level: str = "", closed: bool = False) -> list[AreaFact]:
    """The areas at or below a path, in the order of their codes."""
    return [
        area
        for area in snapshot().areas.values()
        if lies_in(area.path, path) and (not level or area.level == level) and (closed or not area.closed)
    ]


def path_words(path: str) -> str:
    """How a path is said: the names from the town down ("城南街道·杏林社区·杏林小区·3号楼")."""
    known = snapshot()
    parts: list[str] = []
    rest = path
    while rest and rest != ROOT:
        parts.append(_step_name(known, rest))
        if rest in known.by_path and known.by_path[rest].level == "town":
            break
        rest = rest.rpartition("/")[0]
    return "·".join(part for part in reversed(parts) if part)


def _step_name(known: Snapshot, path: str) -> str:
    if area := known.by_path.get(path):
        return area.name
    step = path.rpartition("/")[2]
    if not only_small_steps(step):
        return ""
    number = int(step[1:])
    if step[0] == "c":
        return known.compounds[number].name if number in known.compounds else ""
    if step[0] == "g":
        return known.grids[number].title if number in known.grids else ""
    building = known.building(number)
    return building.name if building else ""


def grid_at(point: tuple[float, float]) -> GridFact | None:
    """The grid whose polygon covers a point (longitude, latitude)."""
    known = snapshot()
    found = known.grid_finder.at(point)
    return known.grids[found] if found else None


def grid_of_building_on(building_id: int, day: date) -> GridFact | None:
    """The grid that looked after a building when that day ended there; none before its covers were first written down."""
    known = snapshot()
    building = known.building(building_id)
    if building is None:
        return None
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone(zone_of(building.path)))
    spells = GridSpell.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=end), building=building_id, begun_at__lt=end
    )
    grid_id = spells.values_list("grid_id", flat=True).first()
    return known.grids.get(grid_id) if grid_id else None


def grids_below(path: str) -> list[GridFact]:
    """The open grids at or below a path, in the order of their codes."""
    return [grid for grid in snapshot().grids.values() if lies_in(grid.path, path) and not grid.closed]


def compounds_below(path: str) -> list[CompoundFact]:
    """The open compounds at or below a path, by name."""
    return [one for one in snapshot().compounds.values() if lies_in(one.path, path) and not one.closed]


def buildings_of(compound_id: int) -> list[Building]:
    """The open buildings of a compound, in the order people count them."""
    rows = Building.objects.filter(compound_id=compound_id, closed_at__isnull=True)
    return sorted(rows, key=lambda one: (len(one.name), one.name))


def homes_of(building_id: int) -> list[Home]:
    """The homes of a building, from the top floor down, entrance by entrance."""
    rows = Home.objects.filter(building_id=building_id, closed_at__isnull=True)
    return list(rows.order_by("-floor", "entrance", "number"))


@dataclass(frozen=True, slots=True)
class QrSheet:
    """What is printed on the sheet at one entrance."""

    code: str
    url: str
    compound: str
    building: str
    entrance: int
    path: str


def qr_sheets(viewer: Viewer, path: str, *, base_url: str) -> list[QrSheet]:
    """The sheets of all entrances at or below a path whose codes are in force; `base_url` is where the portal stands."""
    viewer.require("view")
    viewer.require_reach(path)
    rows = EntranceCode.objects.filter(revoked_at__isnull=True, building__closed_at__isnull=True)
    inside = Q(building__path=path) | Q(building__path__startswith=path.rstrip("/") + "/")
    found = rows.filter(inside).select_related("building__compound")
    return [
        QrSheet(
            code=row.code,
            url=f"{base_url.rstrip('/')}/q/{row.code}",
            compound=row.building.compound.name,
            building=row.building.name,
            entrance=row.entrance,
            path=row.building.path,
        )
        for row in found.order_by("building__compound__name", "building_id", "entrance")
    ]


def gazetteer_rows() -> Iterator[GazetteerRow]:
    """Every name and alias of open areas (towns and communities), compounds, buildings, roads and grids."""
    known = snapshot()
    for area in areas_below(ROOT):
        if area.level in ("town", "community"):
            yield GazetteerRow(area.name, "area", area.id, area.path, area.path)
    yield from _compound_names(known)
    yield from _building_names(known)
    yield from _road_names(known)
    for grid in grids_below(ROOT):
        yield GazetteerRow(grid.title, "grid", grid.id, known.areas[grid.area_id].path, grid.path)


def _compound_names(known: Snapshot) -> Iterator[GazetteerRow]:
    for compound in sorted(compounds_below(ROOT), key=lambda one: one.id):
        area = known.areas[compound.area_id].path
        for name in (compound.name, *compound.aliases):
            yield GazetteerRow(name, "compound", compound.id, area, compound.path, compound.id)


def _building_names(known: Snapshot) -> Iterator[GazetteerRow]:
    rows = Building.objects.filter(closed_at__isnull=True, compound__closed_at__isnull=True)
    found = rows.values_list("id", "compound_id", "compound__area_id", "name", "aliases", "path")
    for key, compound_id, area_id, name, aliases, path in found.order_by("id").iterator(chunk_size=2000):
        for one in (name, *aliases):
            yield GazetteerRow(one, "building", key, known.areas[area_id].path, path, compound_id)


def _road_names(known: Snapshot) -> Iterator[GazetteerRow]:
    rows = Road.objects.filter(closed_at__isnull=True).values_list("id", "area_id", "name", "aliases")
    for key, area_id, name, aliases in rows.order_by("id"):
        path = known.areas[area_id].path
        for one in (name, *aliases):
            yield GazetteerRow(one, "road", key, path, path)


@dataclass(frozen=True, slots=True)
class Branch:
    """One area of the tree as a viewer may see it, with how much stands in it."""

    area: AreaFact
    depth: int
    compounds: int
    grids: int


def tree(viewer: Viewer) -> list[Branch]:
    """The areas within the viewer's reach, top first, each followed by those below it."""
    known = snapshot()
    inside = sorted((area for area in known.areas.values() if viewer.reaches(area.path)), key=lambda area: area.path)
    top = min((area.path.count("/") for area in inside), default=0)
    compounds = Counter(one.area_id for one in known.compounds.values() if not one.closed)
    grids = Counter(one.area_id for one in known.grids.values() if not one.closed)
    return [Branch(area, area.path.count("/") - top, compounds[area.id], grids[area.id]) for area in inside]


def search_places(text: str, *, within: str = ROOT, limit: int = 20) -> list[CompoundFact]:
    """Open compounds whose name, alias or address holds the text, for a field that completes."""
    wanted = plain(text)
    if not wanted:
        return []
    return [one for one in compounds_below(within) if any(wanted in said for said in _said_of(one))][:limit]


_WRITTEN = re.compile(r"\d+单元|\d+(?:号楼|号院|栋|幢|座|楼)|\d+[A-Za-z]?|[^\d\s]+")
_ROOM_WORDS = ("室", "号", "户")


def search_homes(viewer: Viewer, text: str, *, within: str = ROOT, limit: int = 20) -> list[tuple[int, str]]:
    """Open homes that people mean by "和顺园3号楼2单元301", key and words, in reach and at or below a place.

    A number alone is that of a home, with 单元 the entrance; every other word is part of a compound's or building's name.
    """
    viewer.require_reach(within)
    words = [word for word in _WRITTEN.findall(plain(text)) if word not in _ROOM_WORDS]
    if not words:
        return []
    found = Home.objects.filter(closed_at__isnull=True, building__closed_at__isnull=True)
    found = found.filter(building__compound__in=[one.id for one in compounds_below(within)])
    for word in words:
        found = found.filter(_meant(word, within))
    rows = found.select_related("building__compound").order_by("building__name", "entrance", "floor", "number")
    return [(row.pk, _home_words(row)) for row in rows[:limit]]


def _meant(word: str, within: str) -> Q:
    if word.endswith("单元"):
        return Q(entrance=int(word.removesuffix("单元")))
    if word[0].isdigit() and word[-1] not in "楼院栋幢座":
        return Q(number__iexact=word)
    named = [one.id for one in compounds_below(within) if any(word in said for said in _said_of(one))]
    return Q(building__compound__in=named) | Q(building__name__contains=word)


def _home_words(row: Home) -> str:
    entrance = f"{row.entrance}单元" if row.entrance else ""
    return f"{row.building.compound.name}{row.building.name}{entrance}{row.number}"


def _said_of(compound: CompoundFact) -> tuple[str, ...]:
    return (compound.name, compound.address, *compound.aliases)
