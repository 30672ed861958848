"""The exact tallies: moved in the same transaction as the matter, never recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection

from youying.kernel.moments import zone
from youying.matters.tally_rules import COUNTED, DIMENSIONS, cell_key, cell_values

Cell = tuple[str, tuple[Any, ...]]
COLUMNS = ("cell", *DIMENSIONS, *COUNTED, "n")
INSERT = "INSERT INTO matters_tally (" + ", ".join(COLUMNS) + ") VALUES "  # noqa: S608 - names from our own constants
ON_CONFLICT = " ON CONFLICT (cell) DO UPDATE SET n = matters_tally.n + excluded.n"


def cell_of(facts: Mapping[str, Any], zone_name: str) -> Cell:
    """The tally cell of a matter's facts: its key and its values in column order."""
    values = cell_values(facts, zone(zone_name))
    return cell_key(values), tuple(values[name] for name in (*DIMENSIONS, *COUNTED))


class Counted(Protocol):
    """What a scene keeps until its step is over."""

    counted: list[tuple[Cell, int]]
    together: bool

    @property
    def zone_name(self) -> str:
        """The zone in which its months are counted."""


@contextmanager
def together(scene: Counted) -> Iterator[None]:
    """Move all cells of a step and of what follows from it in one statement: then two steps never wait in a ring."""
    outer, scene.together = scene.together, True
    yield
    scene.together = outer
    if not outer:
        move(scene.counted)
        scene.counted = []


def count_again(scene: Counted, *, was: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Take a matter out of the cell in which it was and put it into the one where it belongs now."""
    with together(scene):
        scene.counted += [(cell_of(was, scene.zone_name), -1), (cell_of(facts, scene.zone_name), 1)]


def move(changes: Iterable[tuple[Cell, int]]) -> None:
    """Add the signed counts to their cells in one statement; cells in a fixed order, so that two writers never wait in a ring."""
    sums: Counter[str] = Counter()
    rows: dict[str, tuple[Any, ...]] = {}
    for (key, values), n in changes:
        sums[key] += n
        rows[key] = values
    wanted = [(key, *rows[key], sums[key]) for key in sorted(rows) if sums[key]]
    if not wanted:
        return
    row = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT + ", ".join([row] * len(wanted)) + ON_CONFLICT, [value for values in wanted for value in values]
        )
