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
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.worklist import FIELDS, Filters, Row, filtered, row_of

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
    unknown = [name for name in declared.columns if name not in COLUMNS]
    if unknown:
        say = f"台账还不会列“{unknown[0]}”，可用的栏目有：{'、'.join(COLUMNS)}。"
        raise Refused("column-not-read", say=say, have=unknown, need=list(COLUMNS))
    filters = Filters(
        state="all",
        place=area_path,
        since=datetime.combine(since, datetime.min.time(), zone),
        until=datetime.combine(until, datetime.min.time(), zone),
    )
    at = now()
    found = filtered(viewer, filters, at=at).filter(loop=declared.of.partition(":")[2])
    readers = [COLUMNS[name] for name in declared.columns]
    rows = [
        _values(row_of(one, at), readers) for one in found.order_by("-opened_at", "-id").values(*FIELDS)[:MOST_ROWS]
    ]
    board = figures(viewer, declared.figures, since=since, until=until, narrow=Narrow(place=area_path))
    return Ledger(code, declared.title, tuple(heading for heading, _ in readers), rows, board.rows[0].cells)


def _values(row: Row, readers: list[tuple[str, Any]]) -> tuple[Any, ...]:
    return tuple(read(row) for _, read in readers)
