"""What can be applied for, and one application with its papers: handed in once, for every body that needs them."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from youying.access.entrance import address_of
from youying.access.guard import open_to_all
from youying.channels.intake import actions, applying, offers
from youying.channels.intake.applying import Service
from youying.faces.portal.intake import forms
from youying.faces.portal.intake.mine import remember
from youying.faces.portal.intake.views import EVERYONE, SLIP, refused_status
from youying.faces.shared.sheets import ReadSheet, asked_alone, read_sheet
from youying.kernel.durations import in_words
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.places.placing import place_of


@open_to_all(EVERYONE)
def services(request: HttpRequest) -> HttpResponse:
    """What can be applied for where one lives, each with its papers and how long it takes."""
    where = _where(request)
    communities = [(path, name) for name, path, _compounds in offers.places() if applying.services(path)]
    page = {"where": where, "communities": communities, "services": [_shown(one) for one in applying.services(where)]}
    return render(request, "portal/intake/services.html", page)


def _shown(service: Service) -> tuple[Service, str]:
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    return service, in_words(service.within, lang) if service.within else ""


def _where(request: HttpRequest) -> str:
    """The community meant: by choice, or the only one where anything can be applied for."""
    try:
        if said := request.GET.get("where", "")[: forms.SHORT]:
            return place_of(area_path=said).area_path
    except Refused:
        return ""
    served = [path for path in offers.served() if applying.services(path)]
    return served[0] if len(served) == 1 else ""


@open_to_all(EVERYONE)
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, kind: str) -> HttpResponse:
    """One application: the papers at hand, a promise for what is missing; number and secret as for anything said."""
    where = _where(request)
    service = next((one for one in applying.services(where) if one.kind == kind), None)
    if service is None:
        return redirect("portal:services")
    if request.method == "GET":
        return _page(request, service, where, {"token": uuid.uuid4().hex, "compound": where}, ReadSheet())
    values, back = forms.values_of(request), ReadSheet()
    try:
        actions.admit(address_of(request))
        back = _read(request, service)
        back.errors |= {
            name: refused.say
            for name, refused in applying.promise_lacks(service, back.values, area_path=where).items()
            if name not in back.errors
        }
        said = forms.said_of(values, uploads=(), protected=False)
        opened = None if back.errors else applying.apply(said, kind, back.values, address=address_of(request))
    except Refused as refused:
        values |= {"token": uuid.uuid4().hex} if refused.code == "stale-form" else {}
        back.errors |= {refused.field: refused.say} if refused.field.startswith("sheet.") else forms.errors_of(refused)
        return _page(request, service, where, values, back, status=refused_status(refused))
    if opened is None:
        return _page(request, service, where, values, back, status=422)
    slip = actions.slip_of(opened.secret)
    request.session[SLIP] = {"number": opened.matter.number, "sealed": slip, "at": now().isoformat()}
    remember(request, opened.reporter_id)
    return redirect("portal:said")


def _read(request: HttpRequest, service: Service) -> ReadSheet:
    sheet = asked_alone(service.sheet.title, service.sheet.items)
    return read_sheet(request.POST, request.FILES, sheet, by=PUBLIC, lacking_allowed=True)


def _page(
    request: HttpRequest, service: Service, where: str, values: dict[str, str], back: ReadSheet, *, status: int = 200
) -> HttpResponse:
    shown: dict[str, Any] = {name: values.get(name, "") for name in forms.TEXTS}
    page = {
        "service": service,
        "within": _shown(service)[1],
        "where": where,
        "values": shown,
        "errors": back.errors,
        "back": back,
        "places": [one for one in offers.places() if one[1] == where],
        "buildings": offers.buildings(forms.number(shown["compound"])),
        "promise": None,
    }
    return render(request, "portal/intake/apply.html", page, status=status)
