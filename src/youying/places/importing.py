"""Tables of places: what each row means, what it would add or change, why it is refused; reading only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import models

from youying.kernel.refusals import Refused
from youying.kernel.tables import Columns, Field, TableOutcome, plain
from youying.kernel.viewers import Viewer
from youying.places.fields import AREA, BUILDING, COMPOUND, COVERS, GRID, HOME, ROAD, SEALED, Kind, in_words, kind_of
from youying.places.looking_up import LookUp
from youying.places.models import Building, Compound, Grid
from youying.places.rows import unset_path
from youying.places.rules import LEVELS, area_code, below, check_bears, check_parent, level_of_code, split_covers

CHUNK = 500
MOST_ROWS = 200_000


@dataclass
class Outcome(TableOutcome):
    """What an import did."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    covers: dict[str, list[list[str]]] = field(default_factory=dict)

    def note_covers(self, name: str, *, path: str, before: list[str], after: list[str]) -> None:
        """Write down that a grid looks after something else; its row is counted once, as new or as changed."""
        self.covers[path] = [before, after]
        if name not in self.added and name not in self.changed:
            self.same -= 1
            self.changed[name] = {}

    @property
    def touched(self) -> bool:
        """Whether anything was added or changed."""
        return bool(self.added or self.changed)

    def facts(self) -> dict[str, Any]:
        """What goes into the record; what is personal goes into `sealed`."""
        changed = {
            key: {name: value for name, value in said.items() if name not in SEALED}
            for key, said in self.changed.items()
            if said
        }
        for path, covers in self.covers.items():
            changed.setdefault(path, {})["covers"] = covers
        counts = {"rows": self.rows, "same": self.same, "refused": len(self.refused)}
        return {"kind": self.kind, "added": self.added, "changed": changed, **counts}

    def sealed(self) -> dict[str, Any]:
        """The rest of the entry, to be encrypted."""
        personal = {
            key: {name: value for name, value in said.items() if name in SEALED} for key, said in self.changed.items()
        }
        return {"file": self.file, "changed": {key: said for key, said in personal.items() if said}}


@dataclass
class Batch:
    """What some rows come to: new rows, changed rows with the fields that differ, and what grids look after."""

    model: Any
    fresh: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    covered: list[tuple[str, Grid, list[Compound | Building]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row understood: what finds it again, what hangs above it, the values said, what a grid looks after."""

    number: int
    cells: Mapping[str, str]
    key: tuple[Any, ...]
    above: dict[str, Any]
    path: str
    values: dict[str, Any]
    covers: list[Compound | Building] | None = None


def batches(code: str, rows: Iterable[dict[str, Any]], *, by: Viewer, outcome: Outcome) -> Iterator[Batch]:
    """Go through a table; each batch must be stored before the next is asked for (children follow their parents)."""
    kind = kind_of(code)
    reading = _Reading(kind, by=by, outcome=outcome)
    numbered = enumerate(rows, start=2)
    if kind is AREA:
        by_level: dict[str, list[tuple[int, dict[str, Any]]]] = {level: [] for level in LEVELS}
        for number, row in numbered:
            if level := reading.level(number, row):
                by_level[level].append((number, row))
        chunks: Iterable[list[tuple[int, dict[str, Any]]]] = by_level.values()
    else:
        chunks = iter(lambda: list(islice(numbered, CHUNK)), [])
    for chunk in chunks:
        if chunk:
            yield reading.batch(chunk)


class _Reading:
    """One table being read: its columns, what it has said so far, and the places that its words mean."""

    def __init__(self, kind: Kind, *, by: Viewer, outcome: Outcome) -> None:
        self.kind = kind
        self.by = by
        self.outcome = outcome
        self.look_up = LookUp(by)
        self.said: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
        self.columns = Columns(_wanted(kind), outcome=outcome)

    def level(self, number: int, row: dict[str, Any]) -> str:
        """The level of a row of areas, empty when the row is refused."""
        try:
            cells = self.columns.cells(row)
            return str(AREA.key["level"].clean(cells["level"])) if cells.get("level") else level_of_code(cells["code"])
        except Refused as refused:
            self.outcome.refuse(number, row, refused)
            return ""

    def batch(self, chunk: list[tuple[int, dict[str, Any]]]) -> Batch:
        """What a chunk of rows comes to."""
        ready = [one for number, row in chunk if (one := self.ready(number, row))]
        existing = _existing(self.kind, ready)
        batch = Batch(self.kind.model)
        for one in ready:
            try:
                self.settle(one, existing.get(one.key), batch)
            except Refused as refused:
                self.outcome.refuse(one.number, one.cells, refused)
        batch.fields = sorted({name for row in batch.changed for name in row.differing})
        if self.kind is AREA:
            self.look_up.forget_areas()
        return batch

    def ready(self, number: int, row: dict[str, Any]) -> _Ready | None:
        """A row understood, or nothing when it is refused or was said before."""
        self.outcome.count_row(most=MOST_ROWS)
        try:
            cells = self.columns.cells(row)
            one = _READERS[self.kind.code](self, number, cells)
            return None if self.said_before(one) else one
        except Refused as refused:
            self.outcome.refuse(number, row, refused)
            return None

    def said_before(self, one: _Ready) -> bool:
        """Whether the table has said the same row; refused when it has said something else of the same place."""
        earlier = self.said.setdefault(one.key, (one.number, one.values))
        if earlier[0] == one.number:
            return False
        if earlier[1] != one.values:
            raise Refused("row-twice", say=f"和第{earlier[0]}行说的是同一处，但内容不同，请只留一行。", have=earlier[0])
        self.outcome.same += 1
        return True

    def settle(self, one: _Ready, row: Any, batch: Batch) -> None:
        """Put one understood row among the new, the changed or the equal ones."""
        name = _key_words(one)
        if row is None:
            row = self.kind.model(**one.above, **one.values)
            batch.fresh.append(row)
            self.outcome.added.append(name)
        else:
            self.compare(one, row, batch)
        if one.covers is not None:
            batch.covered.append((name, row, one.covers))

    def compare(self, one: _Ready, row: Any, batch: Batch) -> None:
        """Change what differs in a row that stands."""
        if row.closed_at is not None:
            raise Refused("place-closed", say=f"“{row}”已停用，不能再改；要改请先恢复。")
        _check_same_parent(self.kind, row, one)
        differing = {name: value for name, value in one.values.items() if getattr(row, name) != value}
        if not differing:
            self.outcome.same += 1
            return
        was, becomes = in_words({name: getattr(row, name) for name in differing}), in_words(differing)
        said = {name: [was[name], becomes[name]] for name in differing}
        for name, value in differing.items():
            setattr(row, name, value)
        row.differing = list(differing)
        batch.changed.append(row)
        self.outcome.changed[_key_words(one)] = said

    def values(self, cells: dict[str, str]) -> dict[str, Any]:
        """What the row says of the place, checked."""
        for name, wanted in self.kind.fields.items():
            if wanted.needed and name not in cells:
                raise Refused("cell-missing", say=f"缺少“{wanted.headers[0]}”。", field=name)
        return self.kind.clean({name: cells[name] for name in self.kind.fields if name in cells})


def _area_row(reading: _Reading, number: int, cells: dict[str, str]) -> _Ready:
    level = str(AREA.key["level"].clean(cells["level"])) if "level" in cells else level_of_code(cells["code"])
    code = area_code(cells["code"], level=level)
    above = reading.look_up.parent(code, written=cells.get("parent", ""))
    reading.by.require_reach(above.path if above else "/")
    check_parent(level, parent_level=above.level if above else None)
    path = below(above.path if above else "/", code)
    row = {"code": code, "level": level, "parent": above, "path": path}
    return _Ready(number, cells, (code,), row, path, reading.values(cells))


def _compound_row(reading: _Reading, number: int, cells: dict[str, str]) -> _Ready:
    area = reading.look_up.area(cells.get("area", ""))
    check_bears(area.level, what="compound")
    values = reading.values(cells)
    return _Ready(number, cells, (area.pk, values["name"]), {"area": area, "path": unset_path()}, area.path, values)


def _road_row(reading: _Reading, number: int, cells: dict[str, str]) -> _Ready:
    area = reading.look_up.area(cells.get("area", ""))
    values = reading.values(cells)
    return _Ready(number, cells, (area.pk, values["name"]), {"area": area}, area.path, values)


def _building_row(reading: _Reading, number: int, cells: dict[str, str]) -> _Ready:
    compound = reading.look_up.compound(cells.get("compound", ""), area=cells.get("area", ""))
    values = reading.values(cells)
    above = {"compound": compound, "path": unset_path()}
    return _Ready(number, cells, (compound.pk, values["name"]), above, compound.path, values)


def _home_row(reading: _Reading, number: int, cells: dict[str, str]) -> _Ready:
    compound = reading.look_up.compound(cells.get("compound", ""), area=cells.get("area", ""))
    building = reading.look_up.building(compound, name=cells.get("building", ""))
    entrance = HOME.key["entrance"].clean(cells.get("entrance", ""))
    values = reading.values(cells)
    above = {"building": building, "entrance": entrance}
    return _Ready(number, cells, (building.pk, entrance, values["number"]), above, building.path, values)


def _grid_row(reading: _Reading, number: int, cells: dict[str, str]) -> _Ready:
    code = grid_code(cells.get("code", ""))
    area = reading.look_up.area(cells.get("area", "") or code[:12])
    check_bears(area.level, what="grid")
    covers = None
    if "covers" in cells:
        covers = [reading.look_up.covered(words, area=area) for words in split_covers(cells["covers"])]
    above = {"code": code, "area": area, "path": unset_path()}
    return _Ready(number, cells, (code,), above, area.path, reading.values(cells), covers)


_READERS = {
    AREA.code: _area_row,
    COMPOUND.code: _compound_row,
    BUILDING.code: _building_row,
    GRID.code: _grid_row,
    ROAD.code: _road_row,
    HOME.code: _home_row,
}
_FOUND_BY: dict[str, tuple[str, ...]] = {
    AREA.code: ("code",),
    COMPOUND.code: ("area_id", "name"),
    BUILDING.code: ("compound_id", "name"),
    GRID.code: ("code",),
    ROAD.code: ("area_id", "name"),
    HOME.code: ("building_id", "entrance", "number"),
}


def _existing(kind: Kind, ready: list[_Ready]) -> dict[tuple[Any, ...], models.Model]:
    """The rows that stand already, by what finds them."""
    names = _FOUND_BY[kind.code]
    found: dict[tuple[Any, ...], models.Model] = {}
    for start in range(0, len(ready), CHUNK):
        keys = [one.key for one in ready[start : start + CHUNK]]
        sought = {f"{name}__in": {key[place] for key in keys} for place, name in enumerate(names)}
        rows = kind.model._default_manager.filter(**sought)
        found.update({tuple(getattr(row, name) for name in names): row for row in rows})
    return found


def _check_same_parent(kind: Kind, row: Any, one: _Ready) -> None:
    """A table adds and amends; it does not move, and leaves the time zone alone."""
    if kind is AREA and row.path != one.path:
        raise Refused(
            "row-moves", say=f"“{row}”现在在别的上级下面；要移动请在页面上用“移动”。", have=row.path, need=one.path
        )
    if kind is AREA and one.values.get("zone", row.zone) != row.zone:
        raise Refused(
            "row-zone", say=f"表格不改“{row}”的时区；要改请在页面上改，只有还没有事项的地方能改。", have=row.zone
        )
    if kind is GRID and row.area_id != one.above["area"].pk:
        raise Refused("row-moves", say=f"网格“{row}”现在属于别的社区；要移动请在页面上用“移动”。", have=row.path)


def _wanted(kind: Kind) -> dict[str, Field]:
    """The columns of a kind of table; the level of an area may stay unsaid where its code shows it."""
    found = {**kind.key, **kind.fields, **({"covers": COVERS} if kind is GRID else {})}
    return {name: replace(one, needed=False) if name == "level" else one for name, one in found.items()}


def grid_code(text: object) -> str:
    """The code of a grid: digits and capitals, as long as the place likes (12 + 3 digits are usual)."""
    code = plain(text).replace(" ", "").upper()
    if not code.replace("-", "").isalnum() or not code.isascii() or len(code) > 24:
        raise Refused(
            "grid-code-unreadable",
            say="网格代码由数字或大写字母组成，例如 630103005012003。",
            have=code[:40],
            field="code",
        )
    return code


def _key_words(one: _Ready) -> str:
    """How the record names a row: the path above it and its own name."""
    own = "/".join(str(part) for part in one.key[1:] or one.key)
    return one.path if "parent" in one.above else f"{one.path}/{own}"
