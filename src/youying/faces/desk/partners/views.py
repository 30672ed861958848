"""The partners within reach as a list, and the page of one: agreement, lists with what a month has left, links."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.queries import viewer_for
from youying.editions.queries import edition_for
from youying.faces.desk.entrance.guarding import at_post
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.partners import queries
from youying.partners.agreement_rules import STATES
from youying.partners.offer_rules import LISTS
from youying.partners.reading import partner_register, today_at
from youying.partners.rules import PARTS, WEEKDAYS
from youying.partners.wish_rules import lines_of
from youying.people.register_rules import Terms
from youying.places.queries import path_words


@at_post("view")
def partners(request: HttpRequest) -> HttpResponse:
    """Everybody who signed, whoever ends first on top; those that ended only when asked for."""
    viewer = viewer_for(request)
    ended = request.GET.get("ended") == "1"
    found = queries.partners(viewer, ended=ended)
    used = queries.used_this_month([offer for one in found for offer in one.offers], today_at(viewer.reach))
    rows = [
        (one, sum(used.get(offer.pk, 0) for offer in one.offers), sum(offer.capacity for offer in one.offers))
        for one in found
    ]
    page = {"rows": rows, "states": STATES, "ended": ended, "path_words": path_words, "keeps": _keeps_any(viewer)}
    page["takes_in"] = viewer.may("intake")
    return render(request, "desk/partners/partners.html", page)


def _keeps_any(viewer: Viewer) -> bool:
    terms = register_at(viewer.reach)
    return terms is not None and (terms.may_enter(viewer) or terms.may_keep(viewer))


def register_at(path: str) -> Terms | None:
    """The register of partners of a place; none where its rules know none."""
    try:
        return partner_register(edition_for(path))
    except Refused:
        return None


def edition_at(path: str) -> Edition | None:
    """The edition in force at a place; none where there is none."""
    try:
        return edition_for(path)
    except Refused:
        return None


@at_post("view")
def partner(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One partner with everything that can be done about it."""
    return shown(request, unit_id)


def shown(
    request: HttpRequest, unit_id: int, *, errors: dict[str, str] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of one partner, with what was wrong with a form of it."""
    viewer = viewer_for(request)
    page = page_of(viewer, unit_id) | {"errors": errors or {}, "typed": {}} | more
    return render(request, "desk/partners/partner.html", page, status=status)


def page_of(viewer: Viewer, unit_id: int) -> dict[str, Any]:
    """What the page of a partner shows."""
    one = queries.partner_of(viewer, unit_id)
    terms = register_at(one.agreement.area_path)
    keeps = terms is not None and viewer.may("act") and (terms.may_enter(viewer) or terms.may_keep(viewer))
    used = queries.used_this_month(one.offers, today_at(one.agreement.area_path))
    titles = item_titles(one.agreement.area_path)
    return {
        "one": one,
        "state": STATES[one.state],
        "keeps": keeps and one.agreement.ended_on is None,
        "may_sign": keeps and one.agreement.ended_on is not None,
        "terms": terms,
        "offers": [(offer, used.get(offer.pk, 0), times_of(offer), items_of(offer, titles)) for offer in one.offers],
        "lists": LISTS,
        "links": queries.links_of(viewer, unit_id) if keeps else [],
        "now": now(),
        "counts": queries.served_counts(viewer, unit_id),
        "path_words": path_words,
    }


def item_titles(area_path: str) -> dict[str, str]:
    """The items of the menus of a place by code."""
    edition = edition_at(area_path)
    return {line.code: line.title for line in lines_of(edition)} if edition else {}


def times_of(offer: Any) -> str:
    """Days and parts of the day of an offer."""
    days = "每天" if len(offer.weekdays) == len(WEEKDAYS) else "、".join(WEEKDAYS[one] for one in offer.weekdays)
    parts = "" if len(offer.parts) == len(PARTS) else "、".join(PARTS[one] for one in offer.parts)
    return f"{days}{parts}"


def items_of(offer: Any, titles: dict[str, str]) -> str:
    """The menu items that an offer is good for."""
    return "、".join(titles.get(one, one) for one in offer.items)
