"""How much each unit sent back: the page, the matters behind a number, the table to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.rates.asking import Asked, read
from youying.faces.desk.rates.tables import answer
from youying.faces.desk.rates.views import frame
from youying.insight.queries import Returned, returned, sent_back_numbers
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, worklist

SHOWN = 200


@at_post("rates")
def returns(request: HttpRequest) -> HttpResponse:
    """What each unit was given and sent back; of one unit, named in the address, the matters too."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    units = returned(viewer, period=asked.period, narrow=asked.narrow)
    page = frame(viewer, asked) | {"units": units, "all": _together(units)}
    if asked.narrow.unit is not None:
        page |= _matters(viewer, asked, asked.narrow.unit)
    return render(request, "desk/rates/returns.html", page)


@at_post("rates")
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer).whole()
    head = [_("单位"), _("派给"), _("退单"), _("异议成立"), _("退回合计")]
    rows = [
        [one.title, one.given, one.handed_back, one.objected, one.sent_back]
        for one in returned(viewer, period=asked.period, narrow=asked.narrow)
    ]
    note = f"{frame(viewer, asked)['place']}，{asked.period.say()}"
    return answer([head, *rows], title=_("退单情况"), note=note)


def _together(units: list[Returned]) -> Returned:
    """All units as one line."""
    sums = (sum(getattr(one, name) for one in units) for name in ("given", "handed_back", "objected"))
    return Returned(0, _("合计"), *sums)


def _matters(viewer: Viewer, asked: Asked, unit_id: int) -> dict[str, Any]:
    """The matters that a unit sent back, those that the viewer may see with their rows."""
    numbers = sent_back_numbers(viewer, unit_id, period=asked.period, narrow=asked.narrow)
    once = tuple(dict.fromkeys(numbers))[:SHOWN]
    held = worklist(viewer, Filters(state="all", numbers=once), sort="-received", limit=SHOWN) if once else None
    rows = held.rows if held else []
    return {"rows": rows, "hidden": len(once) - len(rows), "times": len(numbers)}
