"""The directory: what category goes to whom. Its rows may stand in the pack, in a CSV beside it, or on the screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from youying.packs.edition import Edition
from youying.packs.faults import Fault
from youying.packs.linter import vocabulary
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import check_calendar

COLUMNS = ("category", "unit", "joint", "tier", "urgency", "within", "loop", "not_to", "basis")
Row = Mapping[str, Any]


def check_directory(reading: Reading) -> None:
    """The rows written in the pack."""
    directory = reading.pack.directory
    if directory is not None and directory.rows:
        _check_rows(reading, directory.rows)


def directory_faults(edition: Edition, rows: Sequence[Row]) -> list[Fault]:
    """Faults of directory rows kept outside the pack, and categories that figures and loops test but no row has."""
    if not rows:
        return []
    reading = Reading(edition)
    _check_rows(reading, rows)
    _check_categories(reading, [str(row.get("category", "")) for row in rows])
    return sorted(set(reading.faults))


def _check_rows(reading: Reading, rows: Iterable[Row]) -> None:
    for index, row in enumerate(rows):
        key = f"directory.rows.{index + 1}"
        for column in row:
            reading.expect(key, column, COLUMNS, what="派单目录的列")
        if not row.get("category"):
            reading.fault("L07", key, "没有写分类。", "请填 category。")
        if not row.get("unit"):
            reading.fault("L07", key, f"分类“{row.get('category', '')}”没有承办单位。", "请填 unit。")
        _check_cells(reading, row, key)


def _check_cells(reading: Reading, row: Row, key: str) -> None:
    if row.get("urgency"):
        vocabulary.where(reading, {"urgency": row["urgency"]}, key)
    if row.get("tier"):
        reading.expect(key, str(row["tier"]), reading.tiers, what="层级")
    vocabulary.named(reading, "loop", row.get("loop") or None, key)
    check_calendar(reading, [row.get("within") or None], f"{key}.within")


def _check_categories(reading: Reading, known: Sequence[str]) -> None:
    for section in ("figure", "ledger", "watch", "loop"):
        for name, thing in getattr(reading.pack, section).items():
            wanted = thing.where.get("category", [])
            for category in wanted if isinstance(wanted, list) else [wanted]:
                if isinstance(category, str) and category:
                    reading.expect(f"{section}.{name}.where.category", category, known, what="派单目录里的分类")
