"""Four steps: the organisation and its first administrator, the places, a pack, what comes next."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from youying.access import entrance
from youying.access import queries as access
from youying.access.guard import by_link
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.editions import actions as editions
from youying.editions.previewing import shipped
from youying.editions.queries import adopted_near
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.texts import starting_text
from youying.faces.desk.rates.asking import today
from youying.faces.shared.shell import say_once
from youying.kernel.calendar import years_known
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import build_edition
from youying.packs.executed import adoptable
from youying.places import actions as places
from youying.places.queries import areas_below, path_words

HOUSE_FIELDS = ("organisation", "name", "username", "password", "again")
MOST_COMMUNITIES = 100
_LINE = re.compile(r"^(?P<name>.+?)(?:[\s,，]+(?P<code>[0-9]{12}))?$")


@by_link("凭终端里打印的初始化链接")
@never_cache
@sensitive_post_parameters("password", "again")
def found(request: HttpRequest, token: str) -> HttpResponse:
    """Step one: whose installation this is, and the first administrator's own password."""
    given = {name: request.POST.get(name, "")[:200] for name in HOUSE_FIELDS}
    try:
        link = access.link(token)
        if link.kind != "set-up":
            raise Refused("not-found", say=_("这不是初始化链接。"))
        if request.method != "POST":
            return render(request, "desk/setup/house.html", {"given": given, "errors": {}})
        if given["password"] != given["again"]:
            raise Refused("passwords-differ", say=_("两次写的密码不一样，请再写一遍。"), field="again")
        fields = {name: given[name] for name in HOUSE_FIELDS if name != "again"}
        entrance.enter_new_house(request, token=token, **fields)
    except Refused as refused:
        if not refused.field:
            raise
        page = {"given": given, "errors": errors_of(refused)}
        return render(request, "desk/setup/house.html", page, status=status_of(refused))
    return HttpResponseRedirect(reverse("desk:set-up-places"))


@at_post("places")
def put_places(request: HttpRequest) -> HttpResponse:
    """Step two: the street and its communities, typed or imported."""
    viewer = viewer_for(request)
    given = {name: request.POST.get(name, "").strip() for name in ("town", "code", "communities")}
    page: dict[str, Any] = {"given": given, "errors": {}, "areas": communities(viewer)}
    if request.method != "POST":
        return render(request, "desk/setup/places.html", page)
    try:
        count = add_places(viewer, given)
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/setup/places.html", page, status=status_of(refused))
    say_once(request, _("加好了 1 个街道和 %(n)s 个社区。") % {"n": count})
    return HttpResponseRedirect(reverse("desk:set-up-pack"))


def communities(viewer: Viewer) -> list[Any]:
    """The communities there are."""
    return areas_below(viewer.reach or "/none", level="community")


def add_places(viewer: Viewer, given: dict[str, str]) -> int:
    """Add a street with its communities, all or none; how many communities."""
    lines = [line.strip() for line in given["communities"].splitlines() if line.strip()]
    if not 1 <= len(lines) <= MOST_COMMUNITIES:
        say = _("请至少写一个社区，一行一个，最多%(n)s个。") % {"n": MOST_COMMUNITIES}
        raise Refused("communities-missing", say=say, field="communities")
    if twice := next((line for place, line in enumerate(lines) if line in lines[:place]), ""):
        raise Refused("community-twice", say=_("“%(line)s”写了两遍。") % {"line": twice}, field="communities")
    with transaction.atomic():
        code = given["code"] or _free_code("T", 1)
        town = places.add_area(code, name=_named(given["town"], "town"), level="town", by=viewer)
        for number, line in enumerate(lines, 1):
            said = _LINE.match(line)
            name, own = (said["name"], said["code"]) if said else (line, None)
            stored = own or f"{town.code}{number:03d}"
            try:
                places.add_area(stored, name=name, level="community", parent=town.path, by=viewer)
            except Refused as refused:
                say = _("第%(n)s行：%(say)s") % {"n": number, "say": refused.say}
                raise Refused(refused.code, say=say, field="communities") from None
    return len(lines)


def _named(name: str, field: str) -> str:
    if not name:
        raise Refused("name-missing", say=_("请写街道或乡镇的名称。"), field=field)
    return name


def _free_code(letter: str, number: int) -> str:
    """A short code of our own for a place without a statistical one."""
    taken = {area.code for area in areas_below("/", closed=True)}
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


@at_post("packs")
def put_pack(request: HttpRequest) -> HttpResponse:
    """Step three: a pack that the program can execute whole."""
    viewer = viewer_for(request)
    towns = towns_of(viewer)
    given = {"base": request.POST.get("base", ""), "place": request.POST.get("place", towns[0][0] if towns else "")}
    page: dict[str, Any] = {"towns": towns, "packs": ready_packs(), "given": given, "errors": {}}
    if request.method != "POST":
        return render(request, "desk/setup/pack.html", page)
    try:
        adopt(viewer, given)
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/setup/pack.html", page, status=status_of(refused))
    return HttpResponseRedirect(reverse("desk:set-up-done"))


def towns_of(viewer: Viewer) -> list[tuple[str, str]]:
    """The streets that can adopt a pack; communities where there is no street."""
    areas = areas_below(viewer.reach or "/none")
    found = [area for area in areas if area.level == "town"] or [area for area in areas if area.level == "community"]
    return [(area.path, path_words(area.path) or area.name) for area in found]


@lru_cache(maxsize=1)
def ready_packs() -> tuple[tuple[str, str, str], ...]:
    """The packs of the library that the program executes whole: code, title, what they are about."""
    return tuple(
        (code, str(raw.head.get("title", code)), str(raw.head.get("about", "")))
        for code, raw in shipped().items()
        if not adoptable(build_edition(code, shipped()))
    )


def adopt(viewer: Viewer, given: dict[str, str]) -> None:
    """Adopt a local pack on the chosen one, and enter the holidays that are known."""
    if given["base"] not in {code for code, _title, _about in ready_packs()}:
        raise Refused("pack-unknown", say=_("请选一个机制包。"), field="base")
    if given["place"] not in dict(towns_of(viewer)):
        raise Refused("place-unknown", say=_("请选给哪里采用；没有街道就先回上一步。"), field="place")
    with transaction.atomic():
        for year in (today().year, today().year + 1):
            if year in years_known() and viewer.reach == "/":
                editions.seed_calendar(year, by=viewer)
        if adopted_near(given["place"]) is None:
            toml = starting_text(given["place"], given["base"])
            editions.adopt(given["place"], local_toml=toml, by=viewer, note=_("初始化时采用"))


@at_post()
def done(request: HttpRequest) -> HttpResponse:
    """Step four: what stands, and what comes next."""
    viewer = viewer_for(request)
    page = {"areas": communities(viewer), "towns": [row for row in towns_of(viewer) if adopted_near(row[0])]}
    return render(request, "desk/setup/done.html", page)
