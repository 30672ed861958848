"""Small tables to take away: a board as it stands on the screen, numerators and denominators beside each rate."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.rates.asking import BREAKDOWNS, read
from youying.faces.desk.rates.laying import counts_of, rates_of
from youying.faces.desk.rates.views import boards, frame
from youying.faces.shared.words import full
from youying.insight.measures import Cell
from youying.insight.queries import Board
from youying.kernel.moments import now

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@at_post("rates")
def export(request: HttpRequest) -> HttpResponse:
    """The board asked for, as a table."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer).whole()
    held = boards(viewer, asked)
    note = f"{frame(viewer, asked)['place']}，{asked.period.say()}，{'；'.join(held['board'].editions)}"
    title = _("三率") + str(BREAKDOWNS[asked.by])
    return answer(lines(held["board"], str(BREAKDOWNS[asked.by])), title=title, note=note)


def lines(board: Board, heading: str) -> list[list[Any]]:
    """The board as rows: each count, then each rate as numerator, denominator, and per cent where there are enough."""
    counts, rates = counts_of(board), rates_of(board)
    head: list[Any] = [heading, *(one.title for one in counts)]
    for one in rates:
        head += [one.title, _("%(title)s分子") % {"title": one.title}, _("%(title)s分母") % {"title": one.title}]
    return [head, *(_line(row.title, row.cells, counts, rates) for row in board.rows)]


def _line(title: str, cells: Any, counts: Sequence[Any], rates: Sequence[Any]) -> list[Any]:
    said: list[Any] = [title, *(cells[one.code].n for one in counts)]
    for one in rates:
        held: Cell = cells[one.code]
        said += ["" if held.too_few or not held.d else held.say, held.n, held.d]
    return said


def answer(table: Iterable[Sequence[Any]], *, title: str, note: str) -> HttpResponse:
    """A table as a file; no cell is ever a formula."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(kept, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        for at, line in enumerate(table):
            sheet.write_row(at, 0, line, bold if at == 0 else None)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 24)
        sheet.set_footer(f"&L{note}&R{full(now())}")
    said = HttpResponse(kept.getvalue(), content_type=XLSX)
    said["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return said
