"""The exact tallies: moved in the same transaction as the matter, never recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

from youying.kernel.moments import zone
from youying.matters.tally_rules import COUNTED, DIMENSIONS, cell_key, cell_values, unit_values

Cell = tuple[str, tuple[Any, ...]]
"""The key of a cell and its values in column order."""
Change = tuple[tuple[Cell, Cell], int]
"""The cells of a matter, and how many enter (or, below nought, leave) them."""
CELLS_AT_ONCE = 1_000
COLUMNS = ("cell", *DIMENSIONS, *COUNTED, "n")
INSERT = "INSERT INTO matters_tally (" + ", ".join(COLUMNS) + ") VALUES "  # noqa: S608 - names from our own constants
ON_CONFLICT = " ON CONFLICT (cell) DO UPDATE SET n = matters_tally.n + excluded.n"

_gathered: ContextVar[list[Change] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Move once, when the outermost of these ends, whatever several matters of one act move.

    Cells lie in one order within a statement only: two acts that each moved two matters could wait in a ring.
    """
    if _gathered.get() is not None:
        yield
        return
    held: list[Change] = []
    token = _gathered.set(held)
    try:
        yield
    finally:
        _gathered.reset(token)
    move(held)


def cells_of(facts: Mapping[str, Any], zone_name: str) -> tuple[Cell, Cell]:
    """Where a matter with these facts counts: its full cell, and its cell by unit."""
    values = cell_values(facts, zone(zone_name))
    return _cell(values), _cell(unit_values(values))


def _cell(values: Mapping[str, Any]) -> Cell:
    return cell_key(values), tuple(values[name] for name in (*DIMENSIONS, *COUNTED))


def move(changes: Iterable[Change]) -> None:
    """Add the signed counts to their cells in one statement; cells in a fixed order, so that two writers never wait in a ring."""
    held = _gathered.get()
    if held is not None:
        held.extend(changes)
        return
    sums: Counter[str] = Counter()
    rows: dict[str, tuple[Any, ...]] = {}
    for cells, n in changes:
        for key, values in cells:
            sums[key] += n
            rows[key] = values
    wanted = [(key, *rows[key], sums[key]) for key in sorted(rows) if sums[key]]
    row = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), CELLS_AT_ONCE):
            some = wanted[start : start + CELLS_AT_ONCE]
            cursor.execute(
                INSERT + ", ".join([row] * len(some)) + ON_CONFLICT, [value for values in some for value in values]
            )
