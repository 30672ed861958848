"""What stands beside the day's work: this month's rates, warnings, who is on duty."""

from __future__ import annotations

from typing import Any

from youying.faces.desk.rates.laying import points, rates_of
from youying.faces.shared.words import zone
from youying.insight import queries as insight
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.duty import Shift, shifts

SHOWN = 3


def rates(viewer: Viewer) -> list[tuple[Any, Any, float | None]]:
    """This month's best-known rates with the change against last year; nothing without the power or without rules."""
    if not viewer.may("rates"):
        return []
    today = now().astimezone(zone()).date()
    try:
        board = insight.figures(viewer, since=today.replace(day=1), until=today, compare="last-year")
    except Refused:
        return []
    if not board.rows:
        return []
    total = board.rows[0]
    return [(one, total.cells[one.code], points(total.cells[one.code])) for one in rates_of(board)[:SHOWN]]


def warnings(viewer: Viewer) -> list[insight.Seen]:
    """The latest warnings that nobody has judged, those of this post first."""
    if not viewer.may("view"):
        return []
    return sorted(insight.open_warnings(viewer), key=lambda one: not one.mine)[:SHOWN]


def duty(viewer: Viewer) -> list[Shift]:
    """The shifts that run now where the viewer works."""
    try:
        return [shift for shift in shifts(viewer.reach or "/") if shift.running and shift.people]
    except Refused:
        return []
