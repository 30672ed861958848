"""挂账清单: what is parked, for how long, on what plan, and when it is looked at again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.matters import queries
from youying.matters.queries.parked import PAGE


@at_post()
def parked(request: HttpRequest) -> HttpResponse:
    """Everything parked within sight, the one waiting longest first."""
    view, said = request.GET.get("view", "all"), request.GET.get("start", "")
    start = int(said) if said.isdecimal() and len(said) < 7 else 0
    found = queries.parked(viewer_for(request), view=view, start=start)
    page = {
        "found": found,
        "view": view,
        "views": [(code, title, found.views[code], _link(code)) for code, title in titles().items()],
        "first": start + 1,
        "last": start + len(found.rows),
        "earlier": _link(view, max(start - PAGE, 0)) if start else "",
        "later": _link(view, start + PAGE) if start + PAGE < found.total else "",
    }
    return render(request, "desk/ledger/parked.html", page)


def titles() -> dict[str, str]:
    """What each view of the list is called."""
    return {"all": _("全部挂账"), "missed": _("该复核没复核"), "past": _("过了计划日期"), "soon": _("七天内到计划日期")}


def _link(view: str, start: int = 0) -> str:
    query = {"view": view} | ({"start": str(start)} if start else {})
    return f"{reverse('desk:parked')}?{urlencode(query)}"
