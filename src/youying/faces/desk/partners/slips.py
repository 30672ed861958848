"""The four slips of one order, and for whom dispatches, what the program proposes with its working."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.queries import viewer_for
from youying.editions.queries import edition_by_digest
from youying.faces.desk.entrance.guarding import at_post
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.matters.queries.offers import proposals
from youying.matters.queries.orders import four_slips, order_of
from youying.partners.rules import PARTS


@at_post()
def slips(request: HttpRequest, number: str) -> HttpResponse:
    """点单、派单、接单、评单 under one number; printable; with the proposals while it waits for a dispatch."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    view = order_of(matter)
    edition = edition_by_digest(matter.edition_id)
    page = {
        "matter": matter,
        "wish": view.wish,
        "part": PARTS.get(view.wish.part, "") if view.wish else "",
        "slips": four_slips(matter),
        "stage": edition.loops[matter.loop].stages.get(matter.stage, ""),
        "match": view.match,
        **_proposed(viewer, matter),
    }
    return render(request, "desk/partners/slips.html", page)


def _proposed(viewer: Viewer, matter: Any) -> dict[str, Any]:
    """The proposals and the step that takes one, for whoever the plan lets decide."""
    dispatch = next((one for one in queries.possible_acts(viewer, matter).can if "offer" in one.needs), None)
    if dispatch is None:
        return {"dispatch": None, "proposed": None}
    return {"dispatch": dispatch, "proposed": proposals(viewer, matter)}
