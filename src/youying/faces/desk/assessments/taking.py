"""What the lines of an assessment take: shares of a figure by unit, points of a sheet by unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from fractions import Fraction

from django.utils.translation import gettext as _

from youying.access.queries import units
from youying.assessments.actions import Assessed
from youying.assessments.rules import Share, Terms
from youying.editions.queries import edition_for
from youying.insight.queries import Narrow, figures
from youying.kernel.moments import zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries import reported_by_unit
from youying.places.queries import zone_of
from youying.sheets.queries import average_points

Shares = dict[int, Share]
MOST_UNITS = 500


def assessed(viewer: Viewer, terms: Terms, *, path: str, since: date, until: date) -> list[Assessed]:
    """Every unit that the assessment is of, with what each line takes of it in the period (up to before `until`)."""
    kind, _colon, name = terms.of.partition(":")
    if kind != "unit":
        raise Refused("assessment-not-taken", say=_("现在只会考评单位。"), have=terms.of, need="unit:…")
    found = list(units(viewer, kind=name or None)[:MOST_UNITS])
    ids = [unit.pk for unit in found]
    lines = {line.code: _line(viewer, line.takes, path, since, until, ids) for line in terms.lines}
    return [
        Assessed(
            f"unit:{unit.pk}", unit.title, {code: held[unit.pk] for code, held in lines.items() if unit.pk in held}
        )
        for unit in found
    ]


def _line(viewer: Viewer, takes: str, path: str, since: date, until: date, ids: list[int]) -> Shares:
    kind, _colon, name = takes.partition(":")
    reader = READERS.get(kind)
    if reader is None:
        raise Refused("line-not-taken", say=_("考评的一行只能取数字或表单。"), have=takes)
    return reader(viewer, name, path, since, until, ids)


def _figure(viewer: Viewer, name: str, path: str, since: date, until: date, ids: list[int]) -> Shares:
    """A figure by unit; one that asks who reported in is told of each unit that was whistled for, not of the lead."""
    figure = edition_for(path).pack.figure[name]
    if "reported_in_on_time" in figure.where:
        begin, end = _moments(path, since, until)
        rows = reported_by_unit(viewer, since=begin, until=end, path=path)
        return {row.unit_id: Share(Fraction(row.in_time), Fraction(row.decided)) for row in rows}
    board = figures(viewer, [name], since=since, until=until, by="unit", narrow=Narrow(place=path))
    cells = {row.key: row.cells[name] for row in board.rows if isinstance(row.key, int)}
    return {key: Share(Fraction(cell.n), Fraction(cell.d or 0)) for key, cell in cells.items()}


def _sheet(viewer: Viewer, name: str, path: str, since: date, until: date, ids: list[int]) -> Shares:
    """The points that a sheet gave to each unit, of those that could be had."""
    begin, end = _moments(path, since, until)
    held = average_points(name, [f"unit:{one}" for one in ids], since=begin, until=end, path=path)
    return {int(about.partition(":")[2]): Share(Fraction(one.total), Fraction(one.full)) for about, one in held.items()}


def _moments(path: str, since: date, until: date) -> tuple[datetime, datetime]:
    where = zone(zone_of(path))
    return datetime.combine(since, time(), where), datetime.combine(until, time(), where)


READERS: dict[str, Callable[[Viewer, str, str, date, date, list[int]], Shares]] = {"figure": _figure, "sheet": _sheet}
