"""Finding the row of a place for a change, by its path; reading only."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.fields import AREA, BUILDING, COMPOUND, GRID, Kind
from youying.places.models import Area, Building, Compound, Grid
from youying.places.rules import below
from youying.places.snapshot import hold

Row = Area | Compound | Building | Grid
_STEPS: dict[str, Kind] = {"c": COMPOUND, "b": BUILDING, "g": GRID}


def kind_at(path: str) -> Kind:
    """The kind of place a path leads to."""
    step = path.rpartition("/")[2]
    return _STEPS.get(step[:1], AREA) if step[1:].isdigit() else AREA


def row_at(path: str, *, by: Viewer, field: str = "path") -> Row:
    """The row at a path, locked, within the reach of whoever acts; refused when there is none."""
    by.require_reach(path)
    hold("places", alone=True)
    model: Any = kind_at(path).model
    row: Row | None = model._default_manager.select_for_update().filter(path=path).first()
    if row is None:
        raise Refused("place-unknown", say="没有这个地点，请从列表里选。", have=path[:200], field=field)
    return row


def open_row_at(path: str, *, by: Viewer, field: str = "path") -> Row:
    """As `row_at`, and refused when the place is closed."""
    row = row_at(path, by=by, field=field)
    if row.closed_at is not None:
        raise Refused("place-closed", say=f"“{row}”已停用，不能再改；要改请先恢复。", have=path, field=field)
    return row


def area_at(path: str, *, by: Viewer, field: str = "area") -> Area:
    """The open area at a path."""
    row = open_row_at(path, by=by, field=field)
    if not isinstance(row, Area):
        raise Refused("area-unknown", say="这里要选区划（街道、社区），不是小区或网格。", have=path, field=field)
    return row


def compound_at(path: str, *, by: Viewer) -> Compound:
    """The open compound at a path."""
    row = open_row_at(path, by=by, field="compound")
    if not isinstance(row, Compound):
        raise Refused("compound-unknown", say="这里要选小区。", have=path, field="compound")
    return row


def building_at(path: str, *, by: Viewer) -> Building:
    """The open building at a path."""
    row = open_row_at(path, by=by, field="building")
    if not isinstance(row, Building):
        raise Refused("building-unknown", say="这里要选楼栋。", have=path, field="building")
    return row


def grid_at_path(path: str, *, by: Viewer) -> Grid:
    """The open grid at a path."""
    row = open_row_at(path, by=by, field="grid")
    if not isinstance(row, Grid):
        raise Refused("grid-unknown", say="这里要选网格。", have=path, field="grid")
    return row


def subject_of(row: Row) -> str:
    """The name of a place in the record."""
    return f"{kind_at(row.path).code}:{row.pk}"


def below_filter(path: str) -> Q:
    """Rows strictly below a path."""
    return Q(path__startswith=path.rstrip("/") + "/")


def open_below(path: str) -> int:
    """How many open places stand below a path."""
    models: tuple[type[Row], ...] = (Area, Compound, Building, Grid)
    return sum(model.objects.filter(below_filter(path), closed_at__isnull=True).count() for model in models)


def unset_path() -> str:
    """A path that nobody reaches, until the key of a new row is known."""
    return f"?{uuid.uuid4().hex}"


def covered_paths(grid: Grid) -> list[str]:
    """The paths of what a grid looks after."""
    rows = grid.covers.values_list("compound__path", "building__path")
    return [compound or building for compound, building in rows]


def path_of(row: Compound | Building | Grid) -> str:
    """The path of a stored row, below what it hangs on."""
    if isinstance(row, Building):
        return below(row.compound.path, f"b{row.pk}")
    return below(row.area.path, f"{'c' if isinstance(row, Compound) else 'g'}{row.pk}")


def path_in_sql(model: type[Compound] | type[Building] | type[Grid]) -> Concat:
    """The same path as an expression, to set that of many rows in one statement."""
    above, step = {Compound: ("area", "c"), Building: ("compound", "b"), Grid: ("area", "g")}[model]
    table = Compound if above == "compound" else Area
    parent = Subquery(table._default_manager.filter(pk=OuterRef(f"{above}_id")).values("path")[:1])
    return Concat(parent, Value(f"/{step}"), Cast("pk", CharField()))


def said_of(row: Any) -> dict[str, Any]:
    """Everything that is said of a place, with its path."""
    said = {name: getattr(row, name) for name in kind_at(row.path).fields}
    return {"path": row.path, **{name: value for name, value in said.items() if value not in (None, "", [])}}
