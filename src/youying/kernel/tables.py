"""Tables that people hand in: columns found by their headers, cells as text, rows that do not fit with their reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from youying.kernel.refusals import Refused

MOST_REFUSED = 5_000
MOST_SHOWN = 200
"""So many characters of a cell come back in the list of rows to mend."""


@dataclass(frozen=True)
class Field:
    """One thing said in a table; `headers` are the column titles people use, the first is ours.

    The cell of a `raw` field is handed on as it was read; every other one as plain text.
    """

    headers: tuple[str, ...]
    clean: Callable[[Any], Any]
    needed: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken in: its number in the table (the header is 1), its cells, and why."""

    row: int
    say: str
    field: str
    cells: Mapping[str, str]


@dataclass
class TableOutcome:
    """What taking a table in comes to: how many rows, how many say nothing new, which were refused."""

    kind: str
    file: str = ""
    rows: int = 0
    same: int = 0
    refused: list[BadRow] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    def count_row(self, *, most: int) -> None:
        """One more row; refused as a whole where the table is too long."""
        self.rows += 1
        if self.rows > most:
            raise Refused("table-too-long", say=f"一次最多导入{most}行，请分开导入。", need=most)

    def refuse(self, number: int, row: Mapping[str, Any], refused: Refused) -> None:
        """Put a row on the list of those not taken in; a table that hardly fits at all is refused as a whole."""
        if len(self.refused) >= MOST_REFUSED:
            raise Refused("table-unfit", say=f"有{MOST_REFUSED}行以上不能导入，请检查是否选错了表。", have=MOST_REFUSED)
        cells = {plain(header): plain(cell)[:MOST_SHOWN] for header, cell in row.items()}
        self.refused.append(BadRow(number, refused.say, refused.field, cells))

    def to_fix(self) -> list[dict[str, str]]:
        """The refused rows as they came, each with its number and why: to be mended and taken in again."""
        return [{"行": str(bad.row), **bad.cells, "原因": bad.say} for bad in self.refused]


class Columns:
    """Which column of a table says which field."""

    def __init__(self, wanted: Mapping[str, Field], *, outcome: TableOutcome) -> None:
        self.wanted = wanted
        self.outcome = outcome
        self.found: dict[tuple[str, ...], dict[str, str]] = {}

    def cells(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The cells of a row by field; empty ones are left out, for an empty cell says nothing."""
        headers = tuple(str(header) for header in row)
        if headers not in self.found:
            self.found[headers] = columns_of(self.wanted, headers)
            used = set(self.found[headers].values())
            self.outcome.ignored_columns = [plain(header) for header in headers if header not in used]
        cells = {name: row[header] for name, header in self.found[headers].items()}
        return {name: cell if self.wanted[name].raw else plain(cell) for name, cell in cells.items() if plain(cell)}


def columns_of(wanted: Mapping[str, Field], headers: Iterable[str]) -> dict[str, str]:
    """Which header says which field; refused when a needed column is missing."""
    headers = list(headers)
    written = {plain(header).lower(): header for header in headers}
    found = {
        name: written[title.lower()]
        for name, one in wanted.items()
        if (title := next((title for title in one.headers if title.lower() in written), ""))
    }
    missing = [one.headers[0] for name, one in wanted.items() if one.needed and name not in found]
    if missing:
        raise Refused("column-missing", say=f"表里没有“{missing[0]}”这一列，请补上表头。", have=headers, need=missing)
    return found


def values_of(fields: Mapping[str, Field], cells: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, each value as its field takes it; refused at the first that is missing or does not fit."""
    for name, wanted in fields.items():
        if wanted.needed and name not in cells:
            raise Refused("cell-missing", say=f"缺少“{wanted.headers[0]}”。", field=name)
    return {name: fields[name].clean(cell) for name, cell in cells.items() if name in fields}


def plain(text: object) -> str:
    """The text of a cell or field: half width, trimmed, white space made one blank, control characters gone."""
    folded = unicodedata.normalize("NFKC", written(text))
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in folded).split())


def written(cell: object) -> str:
    """The text of a cell as it was written; a whole number has no decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # what a spreadsheet makes of a whole number
    return str(cell if cell is not None else "")
