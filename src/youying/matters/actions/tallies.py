"""The exact tallies: moved in the same transaction as the matter, never recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

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
