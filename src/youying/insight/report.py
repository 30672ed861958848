"""The rates of a place as plain data, for the command line, the API and exports: always with the exact fraction."""

from __future__ import annotations

from datetime import date
from typing import Any

from youying.insight.measures import Cell, percent_tenths
from youying.insight.queries.board import Board, Row, figures
from youying.insight.scopes import EVERYTHING, Narrow
from youying.kernel.fractions import percent
from youying.kernel.viewers import Viewer


def rates_report(
    viewer: Viewer, area: str = "", *, since: date, until: date, by: str | None = None, compare: str | None = None
) -> dict[str, Any]:
    """The figures of an area (a path) as data; `until` is the day after the last one, as everywhere here."""
    narrow = Narrow(place=area) if area else EVERYTHING
    return as_data(figures(viewer, since=since, until=until, by=by, narrow=narrow, compare=compare), area=area)


def as_data(board: Board, *, area: str = "") -> dict[str, Any]:
    """A board as data that JSON can say."""
    return {
        "area": area,
        "since": board.period.since.isoformat(),
        "last_day": board.period.last_day.isoformat(),
        "by": list(board.by),
        "editions": board.editions,
        "figures": {code: {"title": one.title, "sentence": one.sentence} for code, one in board.measures.items()},
        "reasons": {code: board.reasons.get(code, code) for code in board.left_out},
        "left_out": board.left_out,
        "rows": [_row(row) for row in board.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    parts = row.key if isinstance(row.key, tuple) else (row.key,)
    key = [part.isoformat() if isinstance(part, date) else part for part in parts]
    return {
        "key": key if len(key) > 1 else key[0],
        "title": row.title,
        "total": row.total,
        "figures": {code: _cell(one) for code, one in row.cells.items()},
    }


def _cell(one: Cell) -> dict[str, Any]:
    if one.d is None:
        return {"count": one.n, "excluded": dict(one.excluded)} | _compared(one)
    return {
        "numerator": one.n,
        "denominator": one.d,
        "fraction": f"{one.n}/{one.d}",
        "percent": percent(one.n, one.d) if one.d else None,
        "shown": one.say,
        "too_few": one.too_few,
        "excluded": dict(one.excluded),
        "with_excluded": "{}/{}".format(*one.with_excluded),
    } | _compared(one)


def _compared(one: Cell) -> dict[str, Any]:
    if one.last is None:
        return {}
    said: dict[str, Any] = {one.compare: _cell(one.last)}
    if one.change is not None:
        tenths = percent_tenths(one.change)
        said["change"] = {"exact": str(one.change), "points" if one.d is not None else "percent": tenths / 10}
    return said
