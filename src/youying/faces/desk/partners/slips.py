"""The four slips of one order, and for whom dispatches, what the program proposes with its working."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.editions.queries import edition_by_digest
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.partners.views import register_at
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.matters.queries.offers import proposals
from youying.matters.queries.orders import OrderView, four_slips, order_of
from youying.matters.queries.telling import particulars
from youying.partners import actions as partners
from youying.partners.rules import PARTS


@at_post()
def slips(request: HttpRequest, number: str) -> HttpResponse:
    """点单、派单、接单、评单 under one number; printable; with the proposals while it waits for a dispatch."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    view = order_of(matter)
    edition = edition_by_digest(matter.edition_id)
    found = four_slips(matter)
    page = {
        "matter": matter,
        "wish": view.wish,
        "part": PARTS.get(view.wish.part, "") if view.wish else "",
        "slips": found,
        "more": particulars(viewer, matter, [line for slip in found for line in slip.lines]),
        "stage": edition.loops[matter.loop].stages.get(matter.stage, ""),
        "match": view.match,
        "links": _may_link(viewer, view),
        **_proposed(viewer, matter),
    }
    return render(request, "desk/partners/slips.html", page)


def _may_link(viewer: Viewer, view: OrderView) -> bool:
    """Whether this viewer may give whoever has the order a link to it."""
    match = view.match
    if match is None or match.ended_at is not None or not viewer.may("act"):
        return False
    terms = register_at(match.offer.unit.reach)
    return terms is not None and (terms.may_enter(viewer) or terms.may_keep(viewer))


@at_post("act")
@require_POST
def order_link(request: HttpRequest, number: str) -> HttpResponse:
    """Make a link that opens this order alone, for whoever has it, and show it once; a slip to print."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    view = order_of(matter)
    match = view.match
    if match is None or match.ended_at is not None:
        raise Refused("nobody-has-it", say=_("这一单还没有派给谁，派出去才有链接。"), have=number)
    offer = match.offer
    offer_id = offer.pk if offer.closed_at is None else None
    made = partners.make_link(offer.unit_id, by=viewer, order=matter.subject, offer_id=offer_id)
    address = request.build_absolute_uri(reverse("portal:partner", args=[made.token]))
    page = {"matter": matter, "match": match, "wish": view.wish, "address": address, "until": made.row.expires_at}
    page["part"] = PARTS.get(view.wish.part, "") if view.wish else ""
    page["picture"] = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    answer = render(request, "desk/partners/order-link.html", page)
    answer["Cache-Control"] = "no-store"
    return answer


def _proposed(viewer: Viewer, matter: Any) -> dict[str, Any]:
    """The proposals and the step that takes one, for whoever the plan lets decide."""
    dispatch = next((one for one in queries.possible_acts(viewer, matter).can if "offer" in one.needs), None)
    if dispatch is None:
        return {"dispatch": None, "proposed": None}
    return {"dispatch": dispatch, "proposed": proposals(viewer, matter)}
