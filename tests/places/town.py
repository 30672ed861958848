"""A small fictional town for tests of places and of what stands on them; every name is made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.cast import AREAS, DUKOU, HUAILI, STREET
from youying.kernel.viewers import Viewer
from youying.places import actions
from youying.places.models import Area, Building, Compound, Grid

ADMIN = Viewer(
    kind="post",
    post_code="administrator",
    post_title="系统管理员",
    name="叶青",
    reach="/",
    powers=frozenset({"view", "intake", "places", "packs", "import", "audit"}),
)


def viewer(reach: str, *powers: str, title: str = "社区书记", name: str = "林晓禾") -> Viewer:
    """Somebody in a post with that reach and those powers."""
    return Viewer(
        kind="post", post_code="secretary", post_title=title, name=name, reach=reach, powers=frozenset(powers)
    )


def square(longitude: float, latitude: float, *, side: float = 0.01) -> dict[str, Any]:
    """A square polygon by its south-western corner."""
    east, north = longitude + side, latitude + side
    ring = [[longitude, latitude], [east, latitude], [east, north], [longitude, north], [longitude, latitude]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class Town:
    """What was built."""

    town: Area
    community: Area
    other_community: Area
    compound: Compound
    building: Building
    grid: Grid

    @property
    def secretary(self) -> Viewer:
        """The secretary of the first community, with powers over its places."""
        return viewer(self.community.path, "view", "places", "packs", "intake")

    @property
    def neighbour(self) -> Viewer:
        """The secretary of the other community: all the powers, another reach."""
        return viewer(self.other_community.path, "view", "places", "packs", "intake", name="沈玉兰")

    @property
    def clerk(self) -> Viewer:
        """Somebody of the first community who may only look."""
        return viewer(self.community.path, "view", title="社区干事", name="苏敏")


def build_areas() -> None:
    """The areas of the cast, by the real act, parents first."""
    for code, name, level, path in AREAS:
        actions.add_area(code, name=name, level=level, parent=path.rpartition("/")[0], by=ADMIN)


def build_town() -> Town:
    """The areas of the cast; in 槐花里社区 one compound with one building, and one grid that looks after it."""
    build_areas()
    compound = actions.add_compound(
        HUAILI, name="槐花里小区", aliases="槐花里、老药厂家属院", polygon=square(101.70, 36.60), by=ADMIN
    )
    building = actions.add_building(compound.path, name="3号楼", entrances=3, floors=6, by=ADMIN)
    grid = actions.add_grid(HUAILI, code="990101001001001", title="槐花里第一网格", covers=[compound.path], by=ADMIN)
    areas = {path: Area.objects.get(path=path) for path in (STREET, HUAILI, DUKOU)}
    return Town(areas[STREET], areas[HUAILI], areas[DUKOU], compound, building, grid)
