"""A ledger as the pack declares it: its rows and columns read off the matters, its figures off the tallies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from youying.editions.queries import edition_for, params_for
from youying.insight.columns import COLUMNS
from youying.insight.facts import condition
from youying.insight.measures import Cell
from youying.insight.queries.board import figures
from youying.insight.scopes import Narrow
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.worklist import FIELDS, Filters, Row, filtered, row_of

MOST_ROWS = 500
"""A page lists no more; `total` says how many there are, and all of them leave by an export."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger for a place and a period: its newest rows, and how many there are in all."""

    code: str
    title: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int
    figures: dict[str, Cell]


def declared_ledger(area_path: str, code: str) -> Any:
    """A ledger as the pack of a place declares it; refused where there is none, or where a column cannot be read."""
    edition = edition_for(area_path)
    found = edition.pack.ledger.get(code)
    if found is None:
        known = "、".join(one.title for one in edition.pack.ledger.values())
        raise Refused("no-ledger", say=f"没有这本台账。可用的有：{known}。", have=code)
    unknown = [name for name in found.columns if name not in COLUMNS]
    if unknown:
        say = f"台账还不会列“{unknown[0]}”，可用的栏目有：{'、'.join(COLUMNS)}。"
        raise Refused("column-not-read", say=say, have=unknown, need=list(COLUMNS))
    return found


def ledger_filters(declared: Any, area_path: str, *, since: date, until: date, zone: Any) -> Filters:
    """Which matters a declared ledger lists for a place and a period."""
    return Filters(
        state="all",
        place=area_path,
        loop=declared.of.partition(":")[2],
        since=datetime.combine(since, datetime.min.time(), zone),
        until=datetime.combine(until, datetime.min.time(), zone),
    )


def listed(declared: Any, area_path: str) -> Q:
    """Which matters a ledger's own table of facts lists."""
    return condition(declared.where, params=params_for(edition_for(area_path), area_path))


def numbers_listed(viewer: Viewer, declared: Any, area_path: str, filters: Filters) -> Filters:
    """The filters of a ledger as a list that leaves the house keeps them: where it has a table of facts, by number."""
    if not declared.where:
        return filters
    found = filtered(viewer, filters).filter(listed(declared, area_path)).order_by("id")
    return replace(filters, numbers=tuple(found.values_list("number", flat=True)) or ("-",))


def ledger(viewer: Viewer, area_path: str, code: str, *, since: date, until: date, zone: Any) -> Ledger:
    """The newest rows of a declared ledger, at most 500, with the count of all and the figures it names."""
    declared = declared_ledger(area_path, code)
    at = now()
    found = filtered(viewer, ledger_filters(declared, area_path, since=since, until=until, zone=zone), at=at)
    found = found.filter(listed(declared, area_path))
    readers = [COLUMNS[name] for name in declared.columns]
    held = list(found.order_by("-opened_at", "-id").values(*FIELDS)[:MOST_ROWS])
    rows = [_values(row_of(one, at), readers) for one in held]
    total = found.order_by().count() if len(held) == MOST_ROWS else len(held)
    board = figures(viewer, declared.figures, since=since, until=until, narrow=Narrow(place=area_path))
    return Ledger(code, declared.title, tuple(heading for heading, _ in readers), rows, total, board.rows[0].cells)


def _values(row: Row, readers: list[tuple[str, Any]]) -> tuple[Any, ...]:
    return tuple(read(row) for _, read in readers)
