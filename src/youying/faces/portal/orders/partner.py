"""What a partner sees and does by a personal link, on a telephone: what waits, accept or decline, serve, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from youying.access.actions import log_unmask
from youying.access.entrance import address_of
from youying.access.guard import by_link
from youying.access.refusal_pages import status_of
from youying.channels.intake.ordering import partner_link
from youying.editions.queries import edition_by_digest
from youying.faces.portal.intake import forms
from youying.faces.shared.sheets import SIGNATURE, ReadSheet, sign
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions as matters
from youying.matters import queries, rules
from youying.matters.queries.orders import OrderView, order_of, orders_among
from youying.partners.links import LinkHeld, subjects_of
from youying.partners.rules import PARTS

LINK = "凭社区发的个人链接，签名、到期、可停用"
TAKEN = frozenset({"accept", "hand-back", "deliver", "step"})
"""The verbs that a partner's page offers, whatever their steps are called here."""
CONTACT = "contact"
ASKED = frozenset({"reason", "note", "photo", SIGNATURE})
"""Proofs that this page has a field for; a step that needs more is recorded by the community."""
ASKED_AS = {"uploads": "photos", "photo": "photos"}
"""Fields of the contexts below → the input of this page that they came from."""


OfLink = Callable[..., HttpResponseBase]


def linked(view: OfLink) -> OfLink:
    """Open the page by a good link; whoever's is none, over or revoked is told so on a page."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            link = partner_link(token, address=address_of(request), what=view.__name__)
        except Refused as refused:
            status = 429 if refused.code == "too-many" else status_of(refused)
            return render(request, "portal/partner/dead.html", {"refused": refused}, status=status)
        return view(request, token, link, *args, **kwargs)

    return by_link(LINK)(never_cache(opened))


@linked
def waiting(request: HttpRequest, token: str, link: LinkHeld) -> HttpResponse:
    """What waits for this partner, what it has in hand, what it did lately."""
    found = [one for one in orders_among(subjects_of(link)) if link.holds(one.match)]
    page = {
        "token": token,
        "unit": link.unit,
        "until": link.expires_at,
        "new": [_row(one) for one in found if one.match and one.match.accepted_at is None and not one.match.ended_at],
        "taken": [_row(one) for one in found if one.match and one.match.accepted_at and not one.match.ended_at],
        "done": [_row(one) for one in found if one.match and one.match.outcome == "served"][:10],
    }
    return render(request, "portal/partner/waiting.html", page)


@linked
def order(request: HttpRequest, token: str, link: LinkHeld, number: str) -> HttpResponse:
    """One order with the steps that are open to the partner now."""
    view = _order(link, number)
    if not link.holds(view.match):
        return _gone(request, token, link, view)
    return render(request, "portal/partner/order.html", _page(token, link, view))


@linked
@require_POST
def act(request: HttpRequest, token: str, link: LinkHeld, number: str, step: str) -> HttpResponse:
    """Take one step; what is missing is said beside its field and nothing is lost."""
    view = _order(link, number)
    if not link.holds(view.match):
        return _gone(request, token, link, view, status=422)
    note = request.POST.get("note", "") or request.POST.get("said", "")
    back = ReadSheet(shown={"reason": request.POST.get("reason", "").strip(), "note": note.strip()})
    try:
        given = _read(request, link, back, step=_step(link, view, step))
        if not back.errors:
            matters.act(view.matter.pk, step, by=link.viewer, origin=link.origin, **given)
    except Refused as refused:
        back.errors[ASKED_AS.get(refused.field, refused.field)] = refused.say
    if back.errors:
        page = _page(token, link, view) | {"back": back, "tried": step}
        return render(request, "portal/partner/order.html", page, status=422)
    kept = link.holds(_order(link, number).match)
    say_once(request, _("记下了，社区和居民都看得到。") if kept else _("已回复社区。"))
    return redirect("portal:partner-order", token, number)


@linked
@require_POST
def contact(request: HttpRequest, token: str, link: LinkHeld, number: str) -> HttpResponse:
    """The resident's name and telephone, once the order is accepted; looking leaves an entry in the order."""
    view = _order(link, number)
    if not link.holds(view.match):
        return _gone(request, token, link, view, status=422)
    if not _in_hand(view):
        say = _("接单以后才能看联系方式。")
        page = _page(token, link, view) | {"back": ReadSheet(errors={"": say})}
        return render(request, "portal/partner/order.html", page, status=422)
    looking = replace(link.viewer, powers=frozenset({"unmask"}))
    shown = next(iter(queries.reporters(looking, view.matter)), None)
    if shown is None:
        return redirect("portal:partner-order", token, number)
    row = queries.reporter_to_unmask(looking, view.matter, shown.id)
    log_unmask(view.matter.subject, by=looking, field=f"reporter:{shown.id}", purpose=CONTACT)
    page = _page(token, link, view) | {"unmasked": queries.contact_in_clear(row)}
    return render(request, "portal/partner/order.html", page)


def _step(link: LinkHeld, view: OrderView, code: str) -> queries.Possible:
    step = next((one for one in _steps(link, view) if one.id == code), None)
    if step is None or not _asked_here(step):
        raise Refused("not-yours", say=_("这一步现在不由您来做，请看看这一单现在到哪儿了。"))
    return step


def _asked_here(step: queries.Possible) -> bool:
    return set(step.needs) <= ASKED


def _read(request: HttpRequest, link: LinkHeld, back: ReadSheet, *, step: queries.Possible) -> dict[str, Any]:
    """What came with a step; photos and a signature are taken in, so that a form sent again still has them."""
    given: dict[str, Any] = {name: said for name, said in back.shown.items() if said}
    back.kept["photos"] = list(forms.uploads_of(request, by=link.viewer))
    if SIGNATURE in step.needs and (said := sign(back, request.POST, request.FILES, by=link.viewer)):
        given[SIGNATURE] = said
    return given | {"uploads": tuple(back.kept["photos"])}


def _order(link: LinkHeld, number: str) -> OrderView:
    matter = queries.find(SYSTEM, number)  # whoever declined does not see it any more, and is told so
    if not link.opens(matter.subject):
        raise Refused("not-found", say=_("没有这一单，或不归您看。"))
    return order_of(matter)


def _gone(request: HttpRequest, token: str, link: LinkHeld, view: OrderView, *, status: int = 200) -> HttpResponse:
    """Say that an order is with somebody else by now, or with nobody; what it is about is no longer theirs to read."""
    page = {"token": token, "unit": link.unit, "number": view.matter.number}
    return render(request, "portal/partner/gone.html", page, status=status)


def _in_hand(view: OrderView) -> bool:
    match = view.match
    return match is not None and match.accepted_at is not None and match.ended_at is None


def _steps(link: LinkHeld, view: OrderView) -> list[queries.Possible]:
    possible = queries.possible_acts(link.viewer, view.matter).can
    mine = [one for one in possible if one.verb in TAKEN and not one.house]
    return sorted(mine, key=lambda one: one.verb == "hand-back")


def _row(view: OrderView) -> dict[str, Any]:
    """One order as a line: what, where, for when, by when to answer; no name, no telephone, no door."""
    matter, wish = view.matter, view.wish
    return {
        "number": matter.number,
        "title": wish.title if wish else matter.title,
        "where": matter.place_words,
        "on": wish.wanted_on if wish else None,
        "part": PARTS.get(wish.part, "") if wish else "",
        "due_at": matter.due_at,
        "lamp": queries.lamp(matter),
        "served_at": view.match.ended_at if view.match and view.match.outcome == "served" else None,
    }


def _page(token: str, link: LinkHeld, view: OrderView) -> dict[str, Any]:
    edition = edition_by_digest(view.matter.edition_id)
    loop = edition.loops[view.matter.loop]
    steps = _steps(link, view)
    return {
        "token": token,
        "unit": link.unit,
        "row": _row(view),
        "matter": view.matter,
        "stage": loop.stages.get(view.matter.stage, ""),
        "in_hand": _in_hand(view),
        "steps": [one for one in steps if _asked_here(one)],
        "reasons": {one.id: _reasons(edition, loop.acts[one.id]) for one in steps if "reason" in one.needs},
        "lines": [line for line in queries.story(view.matter) if line.verb in {*TAKEN, "dispatch", "verdict"}],
        "unmasked": None,
        "elsewhere": [one.title for one in steps if not _asked_here(one)],
        "back": ReadSheet(),
        "tried": "",
    }


def _reasons(edition: Any, step: Any) -> list[tuple[str, str]]:
    return [(code, one.title) for code, one in rules.reasons_for(edition, step).items()]
