"""Pages of a resident: a request becomes an action or a query, an outcome becomes a page."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from youying.access.entrance import address_of
from youying.access.guard import open_to_all
from youying.access.queries import installation
from youying.channels.intake import actions, applying, offers, queries
from youying.channels.intake.rules import SLIP_KEPT
from youying.channels.intake.sheets import qr_svg
from youying.faces.portal.intake import forms
from youying.faces.portal.intake.mine import mine, remember
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.places.placing import Place, place_of
from youying.text.queries import categories

EVERYONE = "居民不用账号"
SLIP = "portal-slip"
CODE_MOST = 40


@open_to_all(EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, what waits for this person's word, what neighbours got done."""
    known = mine(request)
    frame = {
        "waiting": [one for one in known if one.matter.waiting],
        "open": [one for one in known if not one.matter.waiting and one.matter.ended_at is None],
        "neighbours": queries.neighbours(),
        "ready": offers.ready(),
        "organisation": whose.organisation if (whose := installation()) else "",
        "telephones": bool(offers.telephones()),
        "menu": offers.has_menu(),
        "services": applying.has_services(),
    }
    return render(request, "portal/intake/home.html", frame)


@open_to_all(EVERYONE)
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, code: str = "") -> HttpResponse:
    """One screen, one button; where nothing can be taken in yet, that is said at once."""
    if not offers.ready():
        return render(request, "portal/intake/closed.html", status=200 if request.method == "GET" else 422)
    if request.method == "GET":
        return _say_page(request, {"code": code[:CODE_MOST], "token": uuid.uuid4().hex}, {})
    values = forms.values_of(request)
    kept = forms.kept_of(request)
    try:
        actions.admit(address_of(request))
        kept = forms.uploads_of(request)
        if "elsewhere" in request.POST:
            return _say_page(request, {**values, "code": ""}, {}, kept=kept)
        said_now = forms.said_of(values, uploads=kept, protected=request.POST.get("protected") == "1")
        if wrong := actions.faults(said_now):
            return _mend(request, values, wrong, kept=kept)
        opened = actions.report(said_now, address=address_of(request))
    except Refused as refused:
        return _mend(request, values, [refused], kept=kept)
    slip = actions.slip_of(opened.secret)
    request.session[SLIP] = {"number": opened.matter.number, "sealed": slip, "at": now().isoformat()}
    remember(request, opened.reporter_id)
    return redirect("portal:said")


def _mend(request: HttpRequest, values: dict[str, str], wrong: list[Refused], *, kept: tuple[str, ...]) -> HttpResponse:
    """The form again with everything typed and all that is wrong; what was only too old goes through the next time."""
    fresh = {"token": uuid.uuid4().hex} if any(one.code == "stale-form" for one in wrong) else {}
    point = {"lon": "", "lat": ""} if any(one.field == "point" for one in wrong) else {}
    status = max(refused_status(one) for one in wrong)
    return _say_page(request, {**values, **fresh, **point}, forms.errors_of(*wrong), kept=kept, status=status)


def refused_status(refused: Refused) -> int:
    """Too many is said as such; everything else is a form to mend."""
    return 429 if refused.code == "too-many" else 422


def _say_page(
    request: HttpRequest,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    kept: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    place = None
    if values.get("code"):
        try:
            place = place_of(code=values["code"])
            values = {**values, "scanned": "1"}
        except Refused as refused:
            errors = {"compound": refused.say, **errors}
            values = {**values, "code": ""}
    shown = {name: values.get(name, "") for name in forms.TEXTS}
    frame = {
        "values": shown,
        "errors": errors,
        "kept": kept,
        "place": place,
        "places": offers.places(),
        "map": bool(offers.map_data()["shapes"]),
        "hints": [(one.code, one.title) for one in categories() if one.level == 1],
        "protected": request.POST.get("protected") == "1",
        **_there(shown, place),
    }
    return render(request, "portal/intake/say.html", frame, status=status)


def _there(values: dict[str, str], place: Place | None) -> dict[str, Any]:
    """What hangs on the place: the buildings to choose from, and what will happen by when."""
    where = _chosen_area(values["compound"]) or (place.area_path if place else "")
    promised = offers.promise(where) if where and offers.has_rules(where) else offers.promise_anywhere()
    return {
        "buildings": offers.buildings(forms.number(values["compound"])),
        "promise": promised.in_words(get_language() or "") if promised else None,
    }


def _chosen_area(where: str) -> str:
    """The community of the option chosen: a compound's number, or a community's path."""
    chosen = forms.number(where)
    return offers.area_of(chosen, "" if chosen else where)


@open_to_all(EVERYONE)
def there(request: HttpRequest) -> HttpResponse:
    """The parts of the form that hang on the compound just chosen."""
    values = {name: request.GET.get(name, "")[: forms.SHORT] for name in forms.TEXTS}
    return render(request, "portal/intake/_chosen.html", {"values": values, "errors": {}, **_there(values, None)})


@open_to_all(EVERYONE)
def pick(request: HttpRequest) -> HttpResponse:
    """The map on which a place is marked, fetched when somebody asks for it."""
    where = _chosen_area(request.GET.get("compound", "")[: forms.SHORT])
    return render(request, "portal/intake/_map.html", {"data": offers.map_data(where)})


@open_to_all(EVERYONE)
def said(request: HttpRequest) -> HttpResponse:
    """The number and the secret, in the browser that just sent it, for an hour; never kept in clear."""
    slip = request.session.get(SLIP)
    if not slip or now() - datetime.fromisoformat(slip["at"]) > SLIP_KEPT:
        return redirect("portal:look-up")
    address = request.build_absolute_uri(f"/progress/?number={slip['number']}")
    frame = {"number": slip["number"], "secret": actions.secret_on(slip["sealed"]), "qr": qr_svg(address)}
    answer = render(request, "portal/intake/said.html", {**frame, "address": address, "at": slip["at"]})
    answer["Cache-Control"] = "no-store"
    return answer


@open_to_all(EVERYONE)
def call(request: HttpRequest) -> HttpResponse:
    """Who answers the telephone now."""
    frame = {"telephones": offers.telephones(), "ready": offers.ready()}
    return render(request, "portal/intake/call.html", frame)
