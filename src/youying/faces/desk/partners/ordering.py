"""An order that somebody takes down for a resident, by telephone or over the counter, and the menu as a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.channels.intake.offers import offices_at
from youying.editions.queries import params_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.intake import form as forms
from youying.faces.desk.matter.slips import slip
from youying.faces.desk.packs.where import choices, place_asked
from youying.faces.desk.partners.views import edition_at
from youying.faces.desk.places.codes import is_local, pictured
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.reporter_rules import read_person
from youying.packs.edition import Edition
from youying.partners.rules import PARTS
from youying.partners.wish_rules import DECLARED, MenuLine, WishIn, lines_of, where_words
from youying.places.queries import buildings_of, compounds_below, path_words

WISHED = ("item", "wanted_on", "part", *DECLARED)
FIELDS = frozenset({*WISHED, *forms.TEXTS})


@at_post("intake")
def order(request: HttpRequest) -> HttpResponse:
    """Order from the menu for whoever rings or comes by; the same form sent twice is one order."""
    viewer = viewer_for(request)
    form = forms.read(request.POST.dict(), viewer=viewer)
    wished = {name: request.POST.get(name, "").strip()[:40] for name in WISHED}
    if request.method != "POST":
        form.token = forms.new_token(viewer)
        return _page(request, viewer, form, wished)
    try:
        opened = _ordered(form, wished, viewer)
    except Refused as refused:
        form.token = forms.new_token(viewer) if refused.code == "stale-form" else form.token
        form.errors[refused.field if refused.field in FIELDS else ""] = refused.say
        return _page(request, viewer, form, wished, status=status_of(refused))
    title = _("这张单已经点过了，是这一件") if opened.again else _("点好了")
    return slip(request, opened.matter, secret=forms.secret_of(form.token), title=title)


def _ordered(form: forms.Form, wished: dict[str, str], viewer: Viewer) -> Any:
    values = form.values
    menu, _colon, item = wished["item"].partition("/")
    if not item:
        raise Refused("needs-item", say=_("请选要哪一项服务。"), field="item")
    if not values["phone"]:
        raise Refused("needs-phone", say=_("请留个电话，上门前好跟居民约时间。"), field="phone")
    person = ReporterIn(values["name"], values["phone"], values["address"], secret=forms.secret_of(form.token))
    need = NeedIn(
        kind="",
        text=values["text"],
        channel=values["channel"],
        external_id=forms.external_id(form.token, viewer=viewer),
        category_by="reporter",
        reporters=(read_person(person),),
    )
    declared = {fact: wished[fact] for fact in DECLARED}
    wish = WishIn(menu, item, _day(wished["wanted_on"]), wished["part"], declared)
    return actions.order(need, wish, place=forms.place_said(values, viewer=viewer), by=viewer, origin="desk")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("wanted-day", say=_("日期看不懂，请重新选。"), have=text, field="wanted_on") from None


def _page(
    request: HttpRequest, viewer: Viewer, form: forms.Form, wished: dict[str, str], *, status: int = 200
) -> HttpResponse:
    edition = forms.edition_of(viewer)
    compound = form.values["compound"]
    houses = buildings_of(int(compound)) if compound.isdecimal() and len(compound) < 19 else []
    lines = lines_of(edition)
    page = {"form": form, "given": {**form.values, **wished}, "errors": form.errors} | forms.offered(viewer)
    page |= {
        "items": [(f"{one.menu}/{one.code}", said(one, edition, viewer.reach)) for one in lines],
        "asks": [(fact, DECLARED[fact]) for fact in dict.fromkeys(fact for one in lines for fact in one.asks)],
        "parts": list(PARTS.items()),
        "buildings": [(one.pk, one.name) for one in houses],
    }
    return render(request, "desk/partners/order.html", page, status=status)


def said(line: MenuLine, edition: Edition, path: str) -> str:
    """An item with for whom it is."""
    whom = where_words(line, params_for(edition, path))
    return f"{line.title}（{whom}）" if whom else line.title


@dataclass(frozen=True, slots=True)
class MenuSheet:
    """One notice: on which wall it hangs, and where its code leads."""

    place: str
    url: str


@at_post("view")
def menu_sheet(request: HttpRequest) -> HttpResponse:
    """The menu as a notice for each compound's wall, with the code that opens it on a telephone."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    edition = edition_at(path)
    lines = [said(one, edition, path) for one in lines_of(edition)] if edition else []
    url = request.build_absolute_uri(f"{reverse('portal:menu')}?{urlencode({'where': path}, safe='/')}")
    walls = [one.name for one in compounds_below(path)] or [path_words(path)]
    page = {
        "sheets": [pictured(MenuSheet(wall, url)) for wall in walls] if lines else [],
        "lines": lines,
        "dial": "、".join(number for _title, number in offices_at(path)),
        "place": path,
        "places": choices(viewer),
        "words": path_words(path),
        "local": request.build_absolute_uri("/") if is_local(request.get_host()) else "",
    }
    return render(request, "desk/partners/menu-sheet.html", page)
