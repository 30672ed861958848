"""What one process keeps in memory of the places, as long as nobody changes them.

Every change writes a new random token into the table `Stamp` in its own transaction. A thread looks at the tokens
at most once a second; what it has itself changed it knows at once, and forgets at once when that is rolled back.
An act that must not be a second behind holds the name: it looks now, and nobody changes it until the act ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

from youying.places.models import Area, Building, Compound, Grid, GridCover, Stamp
from youying.places.shapes import Finder

T = TypeVar("T")
FRESH_SECONDS = 1.0
MOST_BUILDINGS = 20_000
READ = "SELECT token FROM places_stamp WHERE name = %s"
READ_TOGETHER = "SELECT token FROM places_stamp WHERE name = %s FOR SHARE"
READ_ALONE = "SELECT token FROM places_stamp WHERE name = %s FOR UPDATE"
TURN = 7_305_001
"""The number of the lock that everybody takes who changes the register of places."""
_lock = threading.Lock()


class _Tokens(threading.local):
    """The tokens as this thread last read or wrote them."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.tokens: dict[str, str] = {}
        self.marks: list[Callable[[], None]] = []


_tokens = _Tokens()


def note_token(name: str, token: str) -> None:
    """Know a token that this thread has just written, as long as its transaction is not rolled back."""

    def settled() -> None:
        """The transaction is committed: look again."""
        _tokens.marks = []
        forget()

    _tokens.tokens = {**_tokens.tokens, name: token}
    _tokens.marks.append(settled)
    transaction.on_commit(settled)


def forget() -> None:
    """Look at the tokens again at the next use."""
    _tokens.read_at = float("-inf")


def token(name: str) -> str:
    """The present token of a name; empty when nothing was ever written under it."""
    if _tokens.marks:
        _drop_marks_rolled_back()
    moment = time.monotonic()
    if moment - _tokens.read_at >= FRESH_SECONDS and not (_tokens.marks and name in _tokens.tokens):
        _tokens.tokens = dict(Stamp.objects.values_list("name", "token"))
        _tokens.read_at = moment
    return _tokens.tokens.get(name, "")


def hold(name: str, *, alone: bool = False) -> None:
    """Know what stands under a name as it is now, and let nobody change it until this transaction ends.

    Many may hold it together; `alone` is for who is about to change it, and waits until nobody else holds it. It is
    taken before any row, so that two never wait for each other. SQLite has one writer at a time and needs no lock.
    """
    locks = connection.vendor == "postgresql"
    if alone:
        take_turn()
        if not locks:
            return
    statement = (READ_ALONE if alone else READ_TOGETHER) if locks else READ
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        row = cursor.fetchone()
    if row and row[0] != _tokens.tokens.get(name):
        _tokens.tokens = {**_tokens.tokens, name: row[0]}
        forget()  # what was changed together with it is looked at again too


def take_turn() -> None:
    """Change the register one after another, held up by nobody who only holds it, and holding nobody up.

    Enough for who adds and amends and writes the new token last; who moves or closes also holds the name, after this.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _drop_marks_rolled_back() -> None:
    """A mark is gone from the transaction when the savepoint or the transaction it belongs to was rolled back."""
    standing = {id(function) for _, function, *_ in connection.run_on_commit}
    live = [mark for mark in _tokens.marks if id(mark) in standing]
    if len(live) < len(_tokens.marks):
        _tokens.marks, _tokens.tokens = live, {}
        forget()


class Kept(Generic[T]):
    """A value kept in memory under a token; made anew when the token changes."""

    def __init__(self, name: str, make: Callable[[], T]) -> None:
        self._name = name
        self._make = make
        self._held: tuple[str, T] | None = None

    def __call__(self) -> T:
        present = token(self._name)
        held = self._held
        if held is None or held[0] != present:
            with _lock:
                held = self._held = (present, self._make())
        return held[1]

    def drop(self) -> None:
        """Make the value anew at the next use, for whoever lays another database under a running process."""
        self._held = None
        forget()


@dataclass(frozen=True, slots=True)
class AreaFact:
    """What is kept of an area."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    path: str
    zone: str
    closed: bool


@dataclass(frozen=True, slots=True)
class CompoundFact:
    """What is kept of a compound."""

    id: int
    area_id: int
    name: str
    path: str
    point: tuple[float, float] | None
    closed: bool
    aliases: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class BuildingFact:
    """What is kept of a building."""

    id: int
    compound_id: int
    name: str
    path: str
    point: tuple[float, float] | None
    entrances: int
    closed: bool


@dataclass(frozen=True, slots=True)
class GridFact:
    """What is kept of a grid."""

    id: int
    area_id: int
    code: str
    title: str
    path: str
    closed: bool


@dataclass
class Snapshot:
    """The tree of areas, the compounds and the grids; buildings as they are asked for."""

    areas: dict[int, AreaFact]
    compounds: dict[int, CompoundFact]
    grids: dict[int, GridFact]
    grid_of_compound: dict[int, int]
    grid_of_building: dict[int, int]
    grid_finder: Finder
    compound_finder: Finder
    area_finder: Finder
    buildings: dict[int, BuildingFact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_path = {area.path: area for area in self.areas.values()}
        self.by_code = {area.code: area for area in self.areas.values()}

    def building(self, building_id: int) -> BuildingFact | None:
        """One building, read once."""
        if building_id not in self.buildings:
            row = Building.objects.filter(pk=building_id).first()
            if row is None:
                return None
            if len(self.buildings) >= MOST_BUILDINGS:
                self.buildings.clear()
            self.buildings[building_id] = BuildingFact(
                row.pk, row.compound_id, row.name, row.path, row.point, row.entrances, row.closed_at is not None
            )
        return self.buildings[building_id]


def _areas() -> dict[int, AreaFact]:
    rows = Area.objects.values_list("id", "code", "name", "level", "parent_id", "path", "zone", "closed_at")
    return {row[0]: AreaFact(*row[:7], closed=row[7] is not None) for row in rows.order_by("code")}


def _compounds() -> dict[int, CompoundFact]:
    return {
        row.pk: CompoundFact(
            id=row.pk,
            area_id=row.area_id,
            name=row.name,
            path=row.path,
            point=row.point,
            closed=row.closed_at is not None,
            aliases=tuple(row.aliases),
            address=row.address,
        )
        for row in Compound.objects.defer("polygon").order_by("name")
    }


def _grids() -> dict[int, GridFact]:
    rows = Grid.objects.values_list("id", "area_id", "code", "title", "path", "closed_at").order_by("code")
    return {row[0]: GridFact(*row[:5], closed=row[5] is not None) for row in rows}


def _finder(model: Any, **only: Any) -> Finder:
    rows = model.objects.filter(closed_at__isnull=True, polygon__isnull=False, **only)
    return Finder([(key, polygon) for key, polygon in rows.values_list("id", "polygon") if polygon])


def _read() -> Snapshot:
    covers = list(GridCover.objects.values_list("grid_id", "compound_id", "building_id"))
    return Snapshot(
        areas=_areas(),
        compounds=_compounds(),
        grids=_grids(),
        grid_of_compound={compound: grid for grid, compound, _ in covers if compound},
        grid_of_building={building: grid for grid, _, building in covers if building},
        grid_finder=_finder(Grid),
        compound_finder=_finder(Compound),
        area_finder=_finder(Area),
    )


snapshot: Kept[Snapshot] = Kept("places", _read)
