"""Proof of the tallies: every cell, full and by unit, counted again from the matters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from youying.kernel.moments import zone
from youying.matters.models import Matter, Tally
from youying.matters.tally_rules import COUNTED, DIMENSIONS, cell_key, cell_values, unit_values
from youying.places.queries import zone_of

READ = (
    *(name for name in DIMENSIONS if name not in ("month", "unit_id")),
    *(name for name in COUNTED if name not in ("merged", "completed", "reason")),
    *("opened_at", "lead_id", "merged_into_id", "completed_at", "excluded", "end_reason"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose stored number is not the number of matters that belong in it."""

    cell: str
    values: dict[str, Any]
    stored: int
    counted: int


def recount_differences() -> list[Difference]:
    """The cells that are wrong; empty when the tallies are exact. Reads every matter, in bounded memory."""
    counted: Counter[str] = Counter()
    values_of: dict[str, dict[str, Any]] = {}
    zones: dict[str, str] = {}
    for facts in Matter.objects.values(*READ).iterator(chunk_size=5000):
        path = facts["area_path"]
        zone_name = zones.get(path) or zones.setdefault(path, zone_of(path))
        full = cell_values(facts, zone(zone_name))
        for values in (full, unit_values(full)):
            cell = cell_key(values)
            counted[cell] += 1
            values_of.setdefault(cell, values)
    stored: dict[str, int] = {}
    for row in Tally.objects.values("cell", "n", *DIMENSIONS, *COUNTED).iterator(chunk_size=5000):
        cell, n = row.pop("cell"), row.pop("n")
        stored[cell] = n
        if cell_key(row) != cell:
            counted[cell] = 0  # its key does not say its values: no matter belongs in it
        values_of.setdefault(cell, row)
    return [
        Difference(cell, values_of[cell], stored.get(cell, 0), counted[cell])
        for cell in sorted(values_of)
        if stored.get(cell, 0) != counted[cell]
    ]
