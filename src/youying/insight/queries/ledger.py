"""A ledger as the pack declares it: its rows and columns read off the matters, its figures off the tallies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from youying.editions.queries import edition_for
from youying.insight.columns import COLUMNS
from youying.insight.measures import Cell
from youying.insight.queries.board import figures
from youying.insight.scopes import Narrow
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.worklist import Filters, Row, each_row

MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger for a place and a period."""

    code: str
    title: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    figures: dict[str, Cell]


def ledger(viewer: Viewer, area_path: str, code: str, *, since: date, until: date, zone: Any) -> Ledger:
    """The rows of a declared ledger, newest first, at most 5000, with the figures it names."""
    edition = edition_for(area_path)
    declared = edition.pack.ledger.get(code)
    if declared is None:
        known = "、".join(one.title for one in edition.pack.ledger.values())
        raise Refused("no-ledger", say=f"没有这本台账。可用的有：{known}。", have=code)
    loop = edition.loops.get(declared.of.partition(":")[2])
    filters = Filters(
        state="all",
        place=area_path,
        kind=loop.kind if loop else "",
        since=datetime.combine(since, datetime.min.time(), zone),
        until=datetime.combine(until, datetime.min.time(), zone),
    )
    readers = [COLUMNS[name] for name in declared.columns]
    rows: list[tuple[Any, ...]] = []
    for row in each_row(viewer, filters):
        rows.append(_values(row, readers))
        if len(rows) >= MOST_ROWS:
            break
    board = figures(viewer, declared.figures, since=since, until=until, narrow=Narrow(place=area_path))
    return Ledger(code, declared.title, tuple(heading for heading, _ in readers), rows, board.rows[0].cells)


def _values(row: Row, readers: list[tuple[str, Any]]) -> tuple[Any, ...]:
    return tuple(read(row) for _, read in readers)
