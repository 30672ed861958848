"""A board laid out for a page: which figures are large, what the charts draw, which links lead to the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.faces.desk.rates.asking import Asked
from youying.insight.grading import Grade, grade
from youying.insight.measures import Cell, Measure
from youying.insight.queries import Board, Row, SameType
from youying.kernel.fractions import TOO_FEW

LARGE = ("response", "solved", "satisfaction", "on-time", "completion")
LINES = ("solved", "satisfaction")
SAME_TYPE_MOST = 8


def rates_of(board: Board) -> list[Measure]:
    """The rates of a board, the well-known first."""
    known = [board.measures[code] for code in LARGE if code in board.measures]
    found = [one for one in known if one.kind == "rate"]
    return found + [one for one in board.measures.values() if one.kind == "rate" and one not in found]


def counts_of(board: Board) -> list[Measure]:
    """The counts and sums of a board."""
    return [one for one in board.measures.values() if one.kind != "rate"]


def rows_link(asked: Asked, figure: str, *, part: str = "denominator", by: str = "", row: Row | None = None) -> str:
    """The address of the rows behind one number."""
    said = {**asked.query, "figure": figure, "part": part}
    said.pop("by", None)
    if row is not None and not row.total:
        said |= {"by": by, "key": said_key(row.key)}
    return f"{reverse('desk:rates-rows')}?{urlencode(sorted(said.items()))}"


def said_key(key: Any) -> str:
    """A key as an address says it; nothing known is "none"."""
    return "none" if key in (None, "") else key.isoformat() if isinstance(key, date) else str(key)


def read_key(by: str, said: str) -> Any:
    """A key as the board has it."""
    if said == "none":
        return None if by in ("unit", "grid") else ""
    if by == "month":
        return date.fromisoformat(said)
    return int(said) if by in ("unit", "grid") else said


def percent(cell: Cell) -> float | None:
    """A rate for a chart, in per cent with one decimal; nothing where there are too few to call it one."""
    if cell.fraction is None or cell.too_few:
        return None
    return round(float(cell.fraction * 100), 1)


def lines(board: Board) -> dict[str, Any] | None:
    """Solved and satisfied month by month, last year dashed; nothing where no two months have enough."""
    series: list[dict[str, Any]] = []
    for code in LINES:
        if code not in board.measures:
            continue
        cells = [row.cells[code] for row in board.rows[1:]]
        series.append({"name": board.measures[code].title, "data": [percent(cell) for cell in cells]})
        past = [percent(cell.last) if cell.last else None for cell in cells]
        series.append({"name": _("去年"), "data": past, "past": True})
    known = [value for one in series for value in one["data"] if value is not None]
    if len(known) < 2:
        return None
    labels = [_("%(n)s月") % {"n": row.key.month} for row in board.rows[1:]]
    least = max(0, int(min(known)) // 10 * 10 - 10)
    return {"kind": "line", "labels": labels, "unit": "%", "least": least, "most": 100, "series": series}


def lines_say(board: Board) -> str:
    """What the chart of months shows, in one sentence."""
    said = []
    for code in LINES:
        known = [row for row in board.rows[1:] if code in row.cells and percent(row.cells[code]) is not None]
        if len(known) > 1:
            first, last = known[0], known[-1]
            said.append(
                _("%(title)s从%(from)s的%(was)s到%(to)s的%(now)s")
                % {
                    "title": board.measures[code].title,
                    "from": first.title,
                    "was": first.cells[code].say,
                    "to": last.title,
                    "now": last.cells[code].say,
                }
            )
    return _("；").join(said) or _("逐月的解决率与满意率")


def bars(rows: Sequence[SameType]) -> dict[str, Any] | None:
    """The most frequent categories, this year's bar before last year's; those without a last year stand in the table alone."""
    rows = beside_last_year(rows)
    if not rows:
        return None
    return {
        "kind": "bar",
        "labels": [row.title for row in rows],
        "unit": _("件"),
        "series": [
            {"name": _("去年同期"), "data": [row.last for row in rows], "past": True},
            {"name": _("今年"), "data": [row.n for row in rows], "tone": "brand"},
        ],
    }


def beside_last_year(rows: Iterable[SameType]) -> list[SameType]:
    """The categories that last year had too: a bar beside nothing would look like a rise."""
    return [row for row in rows if row.last]


def bars_say(rows: Iterable[SameType]) -> str:
    """What the chart of categories shows, in one sentence."""
    rows = beside_last_year(rows)
    parts = [_("%(title)s %(last)s 到 %(n)s") % {"title": row.title, "last": row.last, "n": row.n} for row in rows]
    return _("，").join(parts)


def most_frequent(rows: Iterable[SameType]) -> list[SameType]:
    """The categories worth a bar."""
    return [row for row in rows if row.n or row.last][:SAME_TYPE_MOST]


def left_out(board: Board) -> list[tuple[str, str, int]]:
    """What was kept out: code, title, how many."""
    return [(code, board.reasons.get(code, code), n) for code, n in board.left_out.items() if n]


GRADES: dict[Grade, tuple[Any, str]] = {
    "first": (gettext_lazy("一档"), "ok"),
    "second": (gettext_lazy("二档"), "line"),
    "third": (gettext_lazy("三档"), "warn"),
}


def grade_of(one: Measure, cell: Cell) -> tuple[Any, str] | None:
    """The class of a rate in words and colour, where it has one."""
    found = grade(one.code, cell, one.params)
    return GRADES[found] if found else None


def differs(cell: Cell) -> bool:
    """Whether keeping some out changed this rate, so that both figures are shown."""
    return cell.d is not None and (cell.n, cell.d) != cell.with_excluded


def points(cell: Cell) -> float | None:
    """The change against last year in points, where it may be printed."""
    return float(cell.change * 100) if cell.change_counts and cell.change is not None else None


def few(cell: Cell) -> bool:
    """Whether last year had too few to compare with."""
    return cell.last is not None and cell.last.d is not None and 0 < cell.last.d < TOO_FEW
