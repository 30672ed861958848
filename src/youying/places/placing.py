"""Which place somebody means: from a code, a home, a building, a compound, an area or a point to one `Place`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from django.conf import settings

from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.places.models import EntranceCode, Home
from youying.places.snapshot import AreaFact, BuildingFact, CompoundFact, GridFact, Snapshot, snapshot

Closed = Literal["above", "refuse", "keep"]
_STANDING = (
    "area_path",
    "place_path",
    "community_code",
    "town_code",
    "compound_id",
    "building_id",
    "grid_id",
    "grid_path",
    "zone",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as deep as is known; `place_path` is the deepest of area, compound and building."""

    area_path: str
    community_code: str = ""
    town_code: str = ""
    compound_id: int | None = None
    building_id: int | None = None
    entrance: int = 0
    home_id: int | None = None
    grid_id: int | None = None
    place_path: str = ""
    grid_path: str = ""
    words: str = ""
    longitude: float | None = None
    latitude: float | None = None
    zone: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, where known."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


def place_of(
    *,
    code: str = "",
    home_id: int | None = None,
    building_id: int | None = None,
    compound_id: int | None = None,
    area_path: str = "",
    point: tuple[float, float] | None = None,
    words: str = "",
) -> Place:
    """The place meant by an entrance code, a home, a building, a compound, an area or a point (the first that is given).

    Refused when what is named does not exist or is closed, when a code is revoked, when a point lies in no polygon
    of ours, or when nothing is given.
    """
    if code:
        return by_entrance_code(code, words=words)
    known = snapshot()
    if home_id:
        return _of_home(known, home_id, point, words)
    if building_id:
        return _of_building(known, building_id, point, words)
    if compound_id:
        return _of_compound(known, compound_id, point, words)
    if area_path:
        return _made(known, known_area(area_path), point=point, words=words)
    if point is not None:
        return _of_point(known, point, words)
    raise Refused("place-missing", say="请选择地点：小区、楼栋，或在地图上点一下。", field="place")


def as_it_stands(place: Place, *, closed: Closed = "above") -> Place:
    """A place found earlier, with the paths, codes, grid and zone that it has now; what the person said of it stays.

    What was closed meanwhile gives way to the nearest open place above it (`above`), is refused (`refuse`), or is
    kept for what stood there before (`keep`). Refused, too, when the area is gone or nothing above it is open.
    """
    known = snapshot()
    building = known.building(place.building_id) if place.building_id else None
    compound = known.compounds.get(building.compound_id if building else place.compound_id or 0)
    area = known.areas[compound.area_id] if compound else _area_now(known, place.area_path)
    deepest = building or compound
    if closed != "keep" and (shut := next((one for one in (building, compound, area) if one and one.closed), None)):
        if closed == "refuse":
            raise Refused("place-closed", say=f"“{shut.name}”刚刚停用了，请另选。", have=shut.path, field="place")
        compound = None if compound and compound.closed else compound
        building = building if compound and building and not building.closed else None
        area = _nearest_open(known, area)
    elif area.path == place.area_path and (deepest is None or deepest.path == place.place_path):
        return place
    now = _made(known, area, compound=compound, building=building, point=place.point)
    if place.building_id and building is None:
        place = replace(place, entrance=0, home_id=None)
    return replace(place, **{name: getattr(now, name) for name in _STANDING})


def _area_now(known: Snapshot, path: str) -> AreaFact:
    """The area of a path, wherever it has moved to, open or closed."""
    return known.by_path.get(path) or known.by_code.get(path.rpartition("/")[2]) or known_area(path)


def _nearest_open(known: Snapshot, area: AreaFact) -> AreaFact:
    """The area, or the nearest open one above it."""
    one: AreaFact | None = area
    while one is not None and one.closed:
        one = known.areas.get(one.parent_id) if one.parent_id else None
    return one or known_area(area.path)


def by_entrance_code(code: str, *, words: str = "") -> Place:
    """The place of the QR sheet at an entrance; refused when the code is unknown or revoked."""
    row = EntranceCode.objects.filter(code=plain(code).upper()).first()
    if row is None:
        raise Refused(
            "entrance-code-unknown", say="这个二维码不是本系统的，请直接写明地点。", have=code[:16], field="code"
        )
    if row.revoked_at is not None:
        raise Refused("entrance-code-revoked", say="这张二维码已停用，请直接写明地点。", have=row.code, field="code")
    return _of_building(snapshot(), row.building_id, None, words, entrance=row.entrance)


def known_area(path: str) -> AreaFact:
    """The open area of a path; a path of a compound, building or grid gives the area it stands in."""
    area = nearest_area(path)
    if area is None or not only_small_steps(path[len(area.path) :]):
        raise Refused("area-unknown", say="没有这个区划，请从列表里选。", have=path[:200], field="area")
    if area.closed:
        raise Refused("place-closed", say=f"“{area.name}”已停用，请另选。", have=area.path, field="area")
    return area


def nearest_area(path: str) -> AreaFact | None:
    """The area of a path or the nearest above it, open or closed."""
    by_path = snapshot().by_path
    rest = path
    while rest and rest not in by_path:
        rest = rest.rpartition("/")[0]
    return by_path.get(rest)


def only_small_steps(rest: str) -> bool:
    """Whether what follows an area's path names only compounds, buildings and grids."""
    return all(step[:1] in "cbg" and step[1:].isdigit() for step in rest.split("/") if step)


def _of_home(known: Snapshot, home_id: int, point: tuple[float, float] | None, words: str) -> Place:
    home = Home.objects.filter(pk=home_id).first()
    if home is None or home.closed_at is not None:
        raise Refused("home-unknown", say="没有这一户，请从列表里选。", have=home_id, field="home")
    said = words or home.number
    return _of_building(known, home.building_id, point, said, entrance=home.entrance, home_id=home.pk)


def _of_building(
    known: Snapshot,
    building_id: int,
    point: tuple[float, float] | None,
    words: str,
    *,
    entrance: int = 0,
    home_id: int | None = None,
) -> Place:
    building = known.building(building_id)
    if building is None or building.closed:
        raise Refused(
            "building-unknown", say="没有这栋楼，或已停用，请从列表里选。", have=building_id, field="building"
        )
    compound = known.compounds[building.compound_id]
    area = known_area(compound.path)
    return _made(
        known, area, compound=compound, building=building, point=point, words=words, entrance=entrance, home_id=home_id
    )


def _of_compound(known: Snapshot, compound_id: int, point: tuple[float, float] | None, words: str) -> Place:
    compound = known.compounds.get(compound_id)
    if compound is None or compound.closed:
        raise Refused(
            "compound-unknown", say="没有这个小区，或已停用，请从列表里选。", have=compound_id, field="compound"
        )
    return _made(known, known_area(compound.path), compound=compound, point=point, words=words)


def _of_point(known: Snapshot, point: tuple[float, float], words: str) -> Place:
    compound_id = known.compound_finder.at(point)
    if compound_id:
        return _of_compound(known, compound_id, point, words)
    grid_id, area_id = known.grid_finder.at(point), known.area_finder.at(point)
    if grid_id:
        return _made(known, known.areas[known.grids[grid_id].area_id], point=point, words=words)
    if area_id:
        return _made(known, known.areas[area_id], point=point, words=words)
    raise Refused(
        "point-outside", say="这个点不在本系统管理的范围内，请重新选点或写明地点。", have=point, field="point"
    )


def _made(
    known: Snapshot,
    area: AreaFact,
    *,
    compound: CompoundFact | None = None,
    building: BuildingFact | None = None,
    point: tuple[float, float] | None = None,
    words: str = "",
    entrance: int = 0,
    home_id: int | None = None,
) -> Place:
    deepest = building or compound or area
    grid = _grid_for(known, compound, building, point)
    town, community = ancestor(known, area, "town"), ancestor(known, area, "community")
    at = point or (building.point if building else None) or (compound.point if compound else None) or (None, None)
    return Place(
        area_path=area.path,
        community_code=community.code if community else "",
        town_code=town.code if town else "",
        compound_id=compound.id if compound else None,
        building_id=building.id if building else None,
        entrance=entrance,
        home_id=home_id,
        grid_id=grid.id if grid else None,
        place_path=deepest.path,
        grid_path=grid.path if grid else "",
        words=_said(area, compound, building, entrance, words),
        longitude=at[0],
        latitude=at[1],
        zone=zone_at(known, area),
    )


def _grid_for(
    known: Snapshot, compound: CompoundFact | None, building: BuildingFact | None, point: tuple[float, float] | None
) -> GridFact | None:
    """The building's grid, else its compound's, else the one whose polygon holds the point."""
    found = known.grid_of_building.get(building.id) if building else None
    found = found or (known.grid_of_compound.get(compound.id) if compound else None)
    at = point or (building.point if building else None) or (compound.point if compound else None)
    found = found or (known.grid_finder.at(at) if at else None)
    grid = known.grids.get(found) if found else None
    return grid if grid and not grid.closed else None


def _said(
    area: AreaFact, compound: CompoundFact | None, building: BuildingFact | None, entrance: int, words: str
) -> str:
    """The place in words: the names known, then what the person wrote."""
    parts = [compound.name if compound else area.name, building.name if building else ""]
    parts += [f"{entrance}单元" if entrance else "", plain(words)]
    return " ".join(part for part in parts if part)


def ancestor(known: Snapshot, area: AreaFact, level: str) -> AreaFact | None:
    """The area of a level that an area is or lies in."""
    one: AreaFact | None = area
    while one is not None and one.level != level:
        one = known.areas.get(one.parent_id) if one.parent_id else None
    return one


def zone_at(known: Snapshot, area: AreaFact | None) -> str:
    """The time zone of an area: its own, else that of the nearest above, else the installation's."""
    one = area
    while one is not None and not one.zone:
        one = known.areas.get(one.parent_id) if one.parent_id else None
    return one.zone if one else settings.YOUYING_ZONE
