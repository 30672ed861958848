"""The menu of a place, one order from it, and what the partners publish."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from youying.access.entrance import address_of
from youying.access.guard import open_to_all
from youying.channels.intake import actions, offers, ordering
from youying.editions.queries import edition_for, params_for
from youying.faces.portal.intake import forms
from youying.faces.portal.intake.mine import remember
from youying.faces.portal.intake.views import CODE_MOST, EVERYONE, SLIP, refused_status
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.partners import queries as partners
from youying.partners.reading import today_at
from youying.partners.rules import PARTS, WEEKDAYS
from youying.partners.wish_rules import DECLARED, MenuLine, WishIn, lines_of, where_words
from youying.places.placing import Place, place_of

ORDER_FIELDS = ("wanted_on", "part", *DECLARED)
FIELDS = forms.FIELDS | set(ORDER_FIELDS)


@open_to_all(EVERYONE)
def menu(request: HttpRequest) -> HttpResponse:
    """What can be ordered where one lives; the place comes from the entrance's code or is chosen once."""
    code, where = request.GET.get("code", "")[:CODE_MOST], _where(request)
    communities = [(path, name) for name, path, _compounds in offers.places() if menu_of(path)]
    page = {
        "code": code,
        "where": where,
        "communities": communities,
        "lines": [(line, _for_whom(line, where)) for line in menu_of(where)] if where else [],
        "partners": len(partners.published(where)) if where else 0,
    }
    return render(request, "portal/orders/menu.html", page)


def menu_of(area_path: str) -> list[MenuLine]:
    """The items of the menu that is in force at a place; none where it follows no rules yet."""
    return lines_of(edition_for(area_path)) if area_path and offers.has_rules(area_path) else []


def _where(request: HttpRequest) -> str:
    """The community meant: by the entrance's code, by choice, or the only one served."""
    code = request.GET.get("code", "")[:CODE_MOST]
    try:
        if code:
            return place_of(code=code).area_path
        if said := request.GET.get("where", "")[: forms.SHORT]:
            return place_of(area_path=said).area_path
    except Refused:
        return ""
    served = [path for path in offers.served() if menu_of(path)]
    return served[0] if len(served) == 1 else ""


def _for_whom(line: MenuLine, area_path: str) -> str:
    edition = edition_for(area_path)
    return where_words(line, params_for(edition, area_path))


@open_to_all(EVERYONE)
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, menu: str, item: str) -> HttpResponse:
    """One item: for when, for whom, where; number and secret come back as for anything that is said."""
    where = _where(request)
    line = next((one for one in menu_of(where) if (one.menu, one.code) == (menu, item)), None)
    if line is None:
        return redirect("portal:menu")
    if request.method == "GET":
        values = {"token": uuid.uuid4().hex, "code": request.GET.get("code", "")[:CODE_MOST], "compound": where}
        return _page(request, line, where, values, {})
    values = {**forms.values_of(request), **{name: request.POST.get(name, "")[:40] for name in ORDER_FIELDS}}
    try:
        actions.admit(address_of(request))
        said = forms.said_of(values, uploads=(), protected=False)
        opened = ordering.order(said, _wish(line, values), address=address_of(request))
    except Refused as refused:
        fresh = {"token": uuid.uuid4().hex} if refused.code == "stale-form" else {}
        return _page(request, line, where, {**values, **fresh}, _errors(refused), status=refused_status(refused))
    slip = actions.slip_of(opened.secret)
    request.session[SLIP] = {"number": opened.matter.number, "sealed": slip, "at": now().isoformat()}
    remember(request, opened.reporter_id)
    return redirect("portal:said")


def _wish(line: MenuLine, values: dict[str, str]) -> WishIn:
    try:
        day = date.fromisoformat(values["wanted_on"]) if values["wanted_on"] else None
    except ValueError:
        say = _("日期看不懂，请重新选。")
        raise Refused("wanted-day", say=say, have=values["wanted_on"], field="wanted_on") from None
    return WishIn(line.menu, line.code, day, values["part"], {fact: values[fact] for fact in line.asks})


def _errors(refused: Refused) -> dict[str, str]:
    field = forms.WHERE.get(refused.field, refused.field)
    return {field if field in FIELDS else "": refused.say}


def _page(
    request: HttpRequest,
    line: MenuLine,
    where: str,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    place = _scanned(values.get("code", ""))
    shown = {name: values.get(name, "") for name in (*forms.TEXTS, *ORDER_FIELDS)}
    chosen = forms.number(shown["compound"])
    page = {
        "line": line,
        "where": where,
        "for_whom": _for_whom(line, where),
        "offered": any(line.code in one.items for one in partners.supplies(where, day=today_at(where))),
        "asks": [(fact, DECLARED[fact]) for fact in line.asks],
        "parts": list(PARTS.items()),
        "values": shown,
        "errors": errors,
        "place": place,
        "places": [one for one in offers.places() if one[1] == where],
        "buildings": offers.buildings(chosen),
    }
    return render(request, "portal/orders/order.html", page, status=status)


def _scanned(code: str) -> Place | None:
    try:
        return place_of(code=code) if code else None
    except Refused:
        return None


@open_to_all(EVERYONE)
def lists(request: HttpRequest) -> HttpResponse:
    """The partners of a place with their resource and service lists, as they are published; no person's name."""
    where = _where(request)
    found = partners.published(where) if where else []
    titles = {line.code: line.title for line in menu_of(where)}
    rows = [(one, [(offer, _when(offer), _items(offer, titles)) for offer in one.offers]) for one in found]
    page = {"rows": rows, "where": where, "communities": [(path, name) for name, path, _c in offers.places()]}
    return render(request, "portal/orders/lists.html", page)


def _items(offer: Any, titles: dict[str, str]) -> str:
    return "、".join(titles[one] for one in offer.items if one in titles)


def _when(offer: Any) -> str:
    """Days and parts of the day in a few words."""
    days = _("每天") if len(offer.weekdays) == len(WEEKDAYS) else _days(offer.weekdays)
    parts = "" if len(offer.parts) == len(PARTS) else "、".join(PARTS[one] for one in offer.parts)
    return f"{days}{parts}"


def _days(weekdays: Iterable[int]) -> str:
    return "、".join(WEEKDAYS[one] for one in weekdays)
