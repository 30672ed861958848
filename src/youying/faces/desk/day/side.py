"""What stands beside the day's work: this month's rates, warnings, who is on duty."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from youying.faces.desk.rates.asking import read
from youying.faces.desk.rates.laying import points, rates_of, rows_link
from youying.insight import queries as insight
from youying.insight.measures import Cell, Measure
from youying.insight.periods import Period
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.duty import Shift, shifts

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One rate of the month: the measure, its cell, the change against last year in points, the rows behind it."""

    one: Measure
    cell: Cell
    change: float | None
    link: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """The best-known rates of the month so far, with the page that shows the same board."""

    period: Period
    link: str
    tiles: list[Tile]


def rates(viewer: Viewer) -> Tiles | None:
    """This month's best-known rates as the rates page counts them; nothing without the power or without rules."""
    if not viewer.may("rates"):
        return None
    asked = read({"period": "month"}, viewer=viewer)
    try:
        board = insight.figures(viewer, since=asked.period.since, until=asked.period.until, compare="last-year")
    except Refused:
        return None
    if not board.rows:
        return None
    cells, shown = board.total.cells, rates_of(board)[:SHOWN]
    tiles = [Tile(one, cells[one.code], points(cells[one.code]), rows_link(asked, one.code)) for one in shown]
    return Tiles(asked.period, reverse("desk:rates") + asked.link(), tiles)


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
