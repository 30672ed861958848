"""One place as its page of administration shows it: what is said of it, what stands in it, the codes at its entrances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.fields import Kind
from youying.places.models import Area, Building, Compound, EntranceCode, Grid, Home
from youying.places.planning_rules import Block
from youying.places.rows import Row, kind_at


@dataclass(frozen=True, slots=True)
class Child:
    """Something that stands in a place: its kind, path, name, whether it is closed, and a number that says how big."""

    kind: str
    path: str
    name: str
    closed: bool
    size: int


@dataclass(frozen=True, slots=True)
class CodeView:
    """The code in force at one entrance."""

    code: str
    entrance: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place: kind, name, values by field, its code or level where it has one, what stands in it."""

    kind: Kind
    path: str
    name: str
    closed_at: datetime | None
    values: dict[str, Any]
    code: str = ""
    level: str = ""
    children: list[Child] = field(default_factory=list)
    codes: list[CodeView] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)
    homes: dict[int, int] = field(default_factory=dict)

    @property
    def above(self) -> str:
        """The path it hangs on; empty at the top."""
        return self.path.rpartition("/")[0]

    @property
    def of(self) -> str:
        """The code of its kind: area, compound, building or grid."""
        return self.kind.code


def place_view(viewer: Viewer, path: str) -> PlaceView:
    """One place within reach, open or closed; refused outside it or where there is none."""
    viewer.require_reach(path)
    kind = kind_at(path)
    model: Any = kind.model
    row: Row | None = model._default_manager.filter(path=path).first()
    if row is None:
        raise Refused("not-found", say="没有这个地点，请从列表里选。", have=path[:200])
    return PlaceView(
        kind=kind,
        path=row.path,
        name=str(row),
        closed_at=row.closed_at,
        values={name: getattr(row, name) for name in kind.fields},
        code=row.code if isinstance(row, Area | Grid) else "",
        level=row.level if isinstance(row, Area) else "",
        children=_children(row),
        codes=_codes(row) if isinstance(row, Building) else [],
        covers=_covers(row) if isinstance(row, Grid) else [],
        homes=_homes(row) if isinstance(row, Building) else {},
    )


def _children(row: Row) -> list[Child]:
    if isinstance(row, Area):
        areas = row.children.annotate(n=Count("children", filter=Q(children__closed_at__isnull=True))).order_by("code")
        compounds = row.compounds.annotate(n=Count("buildings", filter=Q(buildings__closed_at__isnull=True)))
        grids = row.grids.annotate(n=Count("covers")).order_by("code")
        return [*_some("area", areas), *_some("compound", compounds.order_by("name")), *_some("grid", grids)]
    if isinstance(row, Compound):
        rows = list(row.buildings.annotate(n=Count("homes", filter=Q(homes__closed_at__isnull=True))))
        return _some("building", sorted(rows, key=lambda one: (len(one.name), one.name)))
    return []


def _some(kind: str, rows: Any) -> list[Child]:
    return [Child(kind, row.path, str(row), row.closed_at is not None, row.n) for row in rows]


def _codes(building: Building) -> list[CodeView]:
    rows = EntranceCode.objects.filter(building=building, revoked_at__isnull=True).order_by("entrance")
    return [CodeView(row.code, row.entrance, row.made_at) for row in rows]


def _covers(grid: Grid) -> list[str]:
    rows = grid.covers.values_list("compound__path", "building__path")
    return sorted(compound or building for compound, building in rows)


def _homes(building: Building) -> dict[int, int]:
    """How many homes each entrance has."""
    found = Home.objects.filter(building=building, closed_at__isnull=True).values_list("entrance", flat=True)
    return dict(sorted(Counter(found).items()))


def home_count(viewer: Viewer, path: str) -> int:
    """How many homes stand at or below a path."""
    viewer.require_reach(path)
    inside = Q(building__path=path) | Q(building__path__startswith=path.rstrip("/") + "/")
    return Home.objects.filter(inside, closed_at__isnull=True).count()


@dataclass(frozen=True, slots=True)
class GridShape:
    """A grid as the map draws it."""

    id: int
    path: str
    title: str
    code: str
    polygon: dict[str, Any] | None
    worker_name: str
    covers: int


def grid_shapes(viewer: Viewer, path: str) -> list[GridShape]:
    """The open grids at or below a path, in the order of their codes, with their polygons."""
    viewer.require_reach(path)
    inside = Q(path=path) | Q(path__startswith=path.rstrip("/") + "/")
    rows = Grid.objects.filter(inside, closed_at__isnull=True).annotate(n=Count("covers")).order_by("code")
    return [GridShape(row.pk, row.path, str(row), row.code, row.polygon, row.worker_name, row.n) for row in rows]


def blocks_below(viewer: Viewer, path: str, *, workload: Mapping[int, int]) -> list[Block]:
    """The open buildings below a path as a division sees them; `workload` by building is reckoned by the caller.

    A building without a point stands where its compound does.
    """
    viewer.require_reach(path)
    rows = Building.objects.filter(path__startswith=path.rstrip("/") + "/", closed_at__isnull=True)
    counted = rows.annotate(
        n=Count("homes", filter=Q(homes__closed_at__isnull=True)),
        today=Coalesce("cover__grid__code", "compound__cover__grid__code", Value("")),
    )
    return [
        Block(
            key=row.pk,
            name=f"{row.compound.name}{row.name}",
            homes=row.n,
            workload=workload.get(row.pk, 0),
            compound=row.compound_id,
            point=row.point or row.compound.point,
            polygon=row.compound.polygon,
            today=row.today,
        )
        for row in counted.select_related("compound").order_by("pk")
    ]
