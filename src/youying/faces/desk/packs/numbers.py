"""One number of the local pack: typed, explained, compared, and only then adopted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.editions import actions
from youying.editions.numbers import Number, number_of, numbers_of
from youying.editions.previewing import latest_pack, numbers, preview_change
from youying.editions.queries import edition_for
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.views import owners
from youying.faces.desk.packs.where import place_asked
from youying.faces.shared.days import SET_AHEAD, first_moment
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import path_words

UNITS: tuple[tuple[str, Any], ...] = (
    ("minutes", gettext_lazy("分钟")),
    ("hours", gettext_lazy("小时（不分昼夜）")),
    ("office-hours", gettext_lazy("工作小时")),
    ("days", gettext_lazy("天（自然日）")),
    ("working-days", gettext_lazy("个工作日")),
    ("months", gettext_lazy("个月")),
)
HINTS: dict[str, Any] = {
    "fraction": gettext_lazy("例如 >= 2/3、> 1/2、all"),
    "share": gettext_lazy("例如 1/3"),
    "percent": gettext_lazy("例如 5%"),
    "count": gettext_lazy("整数"),
    "decimal": gettext_lazy("可以有小数"),
}


@at_post("packs")
def number(request: HttpRequest) -> HttpResponse:
    """Change one number: a form, then what it would mean, then the act."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    key = request.POST.get("key", request.GET.get("key", ""))[:300]
    one = _number(viewer, place, key)
    given = given_in(request, one)
    if request.method != "POST":
        return _form(request, place, one, given)
    try:
        if request.POST.get("go") == "1":
            return _adopt(request, viewer, place, one, given)
        return _preview(request, viewer, place, one, given)
    except Refused as refused:
        return _form(request, place, one, given, refused=refused)


def _number(viewer: Viewer, place: str, key: str) -> Number:
    viewer.require_reach(place)
    numbers(viewer, place)
    return number_of(edition_for(place), key)


def given_in(request: HttpRequest, one: Number) -> dict[str, str]:
    """What the form says, or what stands now."""
    now_n, _space, now_unit = str(one.value).partition(" ") if one.form == "duration" else (str(one.value), "", "")
    said = request.POST if request.method == "POST" else request.GET
    given = {name: said.get(name, "").strip()[:120] for name in ("value", "unit", "since", "note", "version")}
    if request.method != "POST":
        given |= {"value": now_n, "unit": now_unit}
    given["written"] = f"{given['value']} {given['unit']}".strip() if one.form == "duration" else given["value"]
    return given


def since_of(said: str, *, field: str = "since") -> datetime | None:
    """The first moment of a day that somebody typed; nothing means now."""
    return first_moment(said, ahead=SET_AHEAD, field=field) if said else None


def _form(
    request: HttpRequest, place: str, one: Number, given: dict[str, str], *, refused: Refused | None = None
) -> HttpResponse:
    edition = edition_for(place)
    page = {
        "place": place,
        "place_words": path_words(place),
        "number": one,
        "given": given,
        "units": UNITS,
        "hint": HINTS.get(one.form, ""),
        "owner": owners(edition).get(one.owner, one.owner),
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/packs/number.html", page, status=status_of(refused) if refused else 200)


def _preview(request: HttpRequest, viewer: Viewer, place: str, one: Number, given: dict[str, str]) -> HttpResponse:
    preview = preview_change(viewer, place, one.key, given["written"])
    since_of(given["since"])
    after = next((number for number in numbers_of(preview.edition) if number.key == one.key), one)
    page = {
        "place": place,
        "place_words": path_words(place),
        "number": one,
        "after": after,
        "given": given,
        "preview": preview,
        "own": (held := latest_pack(place)) is not None and held.area_path == place,
    }
    return render(request, "desk/packs/number-preview.html", page)


def _adopt(request: HttpRequest, viewer: Viewer, place: str, one: Number, given: dict[str, str]) -> HttpResponse:
    version = int(given["version"]) if given["version"].isdecimal() and len(given["version"]) < 9 else None
    actions.change_number(
        place,
        key=one.key,
        value=given["written"],
        by=viewer,
        since=since_of(given["since"]),
        expected_version=version,
        note=given["note"],
    )
    say_once(request, _("已采用：%(title)s。新登记的事项照新的办，已登记的照原来的。") % {"title": one.title})
    return HttpResponseRedirect(f"{reverse('desk:packs')}?{urlencode({'place': place})}")
