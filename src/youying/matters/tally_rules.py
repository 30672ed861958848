"""The cells of the tallies in which a matter counts: a full one, and one by unit that leaves the finer dimensions out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

DIMENSIONS = (
    "month", "kind", "loop", "edition_id", "area_path", "compound_id", "grid_id", "unit_id", "category", "channel",
    "tier", "urgency",
)  # fmt: skip
COUNTED = (
    "merged", "contacted_on_time", "completed", "completed_on_time", "solved", "satisfaction", "crossed_off",
    "overdue", "reworks", "repeat", "reason",
)  # fmt: skip
TWICE = 2
"""Cells tell reworks apart up to this: a matter said done twice and not solved counts as falsely completed."""
LEFT_OUT: Mapping[str, Any] = {
    "edition_id": "", "compound_id": None, "grid_id": None, "category": "", "channel": "", "urgency": "",
}  # fmt: skip
"""What a cell by unit does not tell apart, with the value that stands there; no full cell is without its edition."""


def month_of(opened_at: datetime, zone: tzinfo) -> date:
    """The first day of the local month in which the matter was opened."""
    return opened_at.astimezone(zone).date().replace(day=1)


def cell_values(facts: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """The dimensions and counted facts of one matter, as they stand in its tally row."""
    same = {
        name: facts[name]
        for name in (*DIMENSIONS, *COUNTED)
        if name not in ("month", "unit_id", "merged", "completed", "reworks", "reason")
    }
    return {
        **same,
        "month": month_of(facts["opened_at"], zone),
        "unit_id": facts["lead_id"],
        "merged": facts["merged_into_id"] is not None,
        "completed": facts["completed_at"] is not None,
        "reworks": min(facts["reworks"], TWICE),
        "reason": facts["excluded"] or facts["end_reason"],
    }


def unit_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the cell by unit in which the matters of a full cell count too."""
    return {**values, **LEFT_OUT}


def cell_key(values: Mapping[str, Any]) -> str:
    """The name of a cell: a digest of its values in a fixed order."""
    text = "\x1f".join(f"{values[name]}" for name in (*DIMENSIONS, *COUNTED))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
