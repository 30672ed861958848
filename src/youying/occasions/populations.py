"""To whom a rhythm is done: homes, buildings, compounds, grids, communities, entries of a register, units, open matters.

Each population gives its members with the place that they stand at and the facts that `where`, `per` and `date` ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from youying.access.models import Unit
from youying.access.queries import within
from youying.matters.models import Matter
from youying.matters.queries.sight import in_place
from youying.packs.edition import Edition
from youying.packs.predicates import matches
from youying.packs.schema_rhythm import Rhythm
from youying.people.models import RegisterEntry
from youying.places.models import Building, Compound, Grid, Home
from youying.places.queries import areas_below
from youying.places.snapshot import snapshot
from youying.sheets.queries import current_values

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One of a population: its key, where it stands, since when it is counted, and the facts known of it."""

    key: str
    area_path: str
    path: str
    compound_id: int | None = None
    building_id: int | None = None
    home_id: int | None = None
    grid_id: int | None = None
    class_code: str = ""
    since: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


OF_EARLIER = frozenset({"met", "attempts"})
"""Facts of what was done to somebody in the same period, whatever the rhythm; asked when a turn is laid."""
Source = Callable[[str, Edition, str], Iterator[Member]]


def members(rhythm: Rhythm, edition: Edition, area_path: str) -> Iterator[Member]:
    """Everybody at or below a place to whom the rhythm is done: those whose facts fit its `where`."""
    sort, _, name = rhythm.of.partition(":")
    source = SOURCES.get(sort)
    if source is None:
        return
    asked = {fact: test for fact, test in rhythm.where.items() if fact not in OF_EARLIER}
    for one in source(area_path, edition, name):
        if matches(asked, one.facts, params=edition.params):
            yield one


def _homes(path: str, edition: Edition, name: str) -> Iterator[Member]:
    known = snapshot()
    rows = Home.objects.filter(within(path, column="building__path"), closed_at=None, building__closed_at=None)
    for home in rows.select_related("building").order_by("pk").iterator(chunk_size=CHUNK):
        compound = known.compounds[home.building.compound_id]
        yield Member(
            f"home:{home.pk}",
            known.areas[compound.area_id].path,
            home.building.path,
            compound_id=compound.id,
            building_id=home.building_id,
            home_id=home.pk,
            grid_id=_grid(home.building_id, compound.id),
            facts={"home": home.pk, "building": home.building_id, "grid": _grid(home.building_id, compound.id)},
        )


def _buildings(path: str, edition: Edition, name: str) -> Iterator[Member]:
    known = snapshot()
    for row in Building.objects.filter(within(path, column="path"), closed_at=None).order_by("pk").iterator():
        compound = known.compounds[row.compound_id]
        yield Member(
            f"building:{row.pk}", known.areas[compound.area_id].path, row.path, compound_id=compound.id,
            building_id=row.pk, grid_id=_grid(row.pk, compound.id),
        )  # fmt: skip


def _compounds(path: str, edition: Edition, name: str) -> Iterator[Member]:
    known = snapshot()
    for row in Compound.objects.filter(within(path, column="path"), closed_at=None).order_by("pk"):
        area = known.areas[row.area_id].path
        yield Member(
            f"compound:{row.pk}", area, row.path, compound_id=row.pk, grid_id=known.grid_of_compound.get(row.pk)
        )


def _grids(path: str, edition: Edition, name: str) -> Iterator[Member]:
    known = snapshot()
    for row in Grid.objects.filter(within(path, column="path"), closed_at=None).order_by("pk"):
        yield Member(f"grid:{row.pk}", known.areas[row.area_id].path, row.path, grid_id=row.pk)


def _areas(level: str) -> Source:
    def below(path: str, edition: Edition, name: str) -> Iterator[Member]:
        """The areas of one level."""
        for area in areas_below(path, level=level):
            yield Member(f"area:{area.id}", area.path, area.path, facts={"area": area.path})

    return below


def _units(path: str, edition: Edition, name: str) -> Iterator[Member]:
    for row in Unit.objects.filter(within(path), kind=name, active=True).order_by("pk"):
        yield Member(f"unit:{row.pk}", row.reach, row.reach, facts={"unit": row.pk})


def _entries(path: str, edition: Edition, name: str) -> Iterator[Member]:
    rows = RegisterEntry.objects.filter(within(path, column="path"), register=name, left_at=None).order_by("pk")
    register = edition.pack.register_.get(name)
    for chunk in _chunks(rows.iterator(chunk_size=CHUNK)):
        filled = current_values([row.subject for row in chunk], register.sheet or "") if register else {}
        for row in chunk:
            yield _entry(row, filled.get(row.subject, {}))


def _entry(row: RegisterEntry, values: Mapping[str, Any]) -> Member:
    building = int(row.path.rpartition("/b")[2]) if _small(row.path, "b") else None
    compound = next((int(step[1:]) for step in row.path.split("/") if step[:1] == "c" and step[1:].isdigit()), None)
    facts = {**values, "class": row.class_code, "since": row.since.isoformat(), "register": row.register}
    return Member(
        row.subject,
        row.area_path,
        row.path,
        compound_id=compound,
        building_id=building,
        home_id=row.home_id,
        grid_id=_grid(building, compound),
        class_code=row.class_code,
        since=row.since,
        facts=facts | {"risk": values.get("risk_level", "")},
    )


def _matters(path: str, edition: Edition, name: str) -> Iterator[Member]:
    rows = Matter.objects.filter(in_place(path), loop=name, ended_at=None).order_by("pk")
    for row in rows.iterator(chunk_size=CHUNK):
        yield Member(
            row.subject, row.area_path, row.place_path, compound_id=row.compound_id, building_id=row.building_id,
            home_id=row.home_id, grid_id=row.grid_id, since=row.opened_at.date(), facts={"stage": row.stage},
        )  # fmt: skip


def _small(path: str, mark: str) -> bool:
    last = path.rpartition("/")[2]
    return last[:1] == mark and last[1:].isdigit()


def _grid(building_id: int | None, compound_id: int | None) -> int | None:
    known = snapshot()
    by_building = known.grid_of_building.get(building_id) if building_id else None
    return by_building or (known.grid_of_compound.get(compound_id) if compound_id else None)


def _chunks(rows: Iterable[RegisterEntry]) -> Iterator[list[RegisterEntry]]:
    held: list[RegisterEntry] = []
    for row in rows:
        held.append(row)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held


SOURCES: dict[str, Source] = {
    "home": _homes, "building": _buildings, "compound": _compounds, "grid": _grids, "unit": _units,
    "register": _entries, "loop": _matters, **{level: _areas(level) for level in ("community", "town", "county")},
}  # fmt: skip
"""Population → where its members are read; one that is missing here lays out nothing and its word is not executed."""
