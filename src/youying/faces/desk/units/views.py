"""Units and accounts as lists, a unit's page, who is missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access import actions
from youying.access import queries as access
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.ledger.choices import edition_near
from youying.faces.desk.packs.where import choices, place_asked
from youying.faces.desk.units.places import reaches
from youying.faces.shared.addresses import strays
from youying.faces.shared.shell import say_once
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.staffing import vacancies
from youying.places.queries import path_words

UNIT_FIELDS = ("code", "title", "kind", "reach", "phone")


@at_post("accounts")
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who may sign in, with the posts they hold."""
    viewer = viewer_for(request)
    asked = request.GET.get("q", "").strip()[:40]
    rows = [(one, held_by(one)) for one in access.accounts(viewer) if _meets(one, asked)]
    page = {"rows": rows, "asked": asked, "path_words": path_words, "me": viewer.account_id}
    return render(request, "desk/units/accounts.html", page)


def held_by(account: Any) -> list[Any]:
    """The posts of an account that have not ended, as they were read with it."""
    return [
        post for post in account.posts.all() if post.closed_at is None and (post.until is None or post.until > now())
    ]


def _meets(account: Any, asked: str) -> bool:
    return not asked or asked in account.name or asked.lower() in account.username


@at_post("accounts")
def units(request: HttpRequest) -> HttpResponse:
    """The units of this reach."""
    viewer = viewer_for(request)
    kinds = unit_kinds(viewer)
    page = {"units": access.minded_units(viewer), "kinds": dict(kinds), "path_words": path_words}
    return render(request, "desk/units/units.html", page)


def unit_kinds(viewer: Viewer) -> list[tuple[str, str]]:
    """The unit types that the packs near here know."""
    edition = edition_near(viewer)
    return [(code, unit.title) for code, unit in edition.pack.units.items()] if edition else []


@at_post("accounts")
def add_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    viewer = viewer_for(request)
    given = {name: request.POST.get(name, "").strip() for name in UNIT_FIELDS}
    given["code"] = given["code"] or offered_code(viewer)
    page = {"given": given, "kinds": unit_kinds(viewer), "reaches": reaches(viewer), "errors": {}}
    if request.method != "POST":
        return render(request, "desk/units/add-unit.html", page)
    try:
        unit = actions.create_unit(by=viewer, **given)
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/units/add-unit.html", page, status=status_of(refused))
    say_once(request, _("加好了：%(name)s。") % {"name": unit.title})
    return HttpResponseRedirect(reverse("desk:unit", args=[unit.pk]))


def offered_code(viewer: Viewer) -> str:
    """A code for a unit that nobody needs to invent: the place of whoever adds it, and the next free number there."""
    stem = (viewer.reach or "").rpartition("/")[2] or "unit"
    taken = access.unit_codes(viewer, stem=f"{stem}-")
    return next(code for n in range(1, len(taken) + 2) if (code := f"{stem}-{n:02d}") not in taken)


@at_post("accounts")
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: its people; renamed, given another telephone, taken out of use and back."""
    viewer = viewer_for(request)
    row = access.unit_of(viewer, unit_id)
    page = {
        "unit": row,
        "kind": dict(unit_kinds(viewer)).get(row.kind, row.kind),
        "people": access.people_in(row, viewer=viewer),
        "path_words": path_words,
        "given": {"title": row.title, "office": row.phone},
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "desk/units/unit.html", page)
    given = {"title": request.POST.get("title", ""), "office": request.POST.get("office", "")}
    try:
        actions.change_unit(row, by=viewer, title=given["title"], phone=given["office"])
    except Refused as refused:
        page |= {"given": given, "errors": errors_of(refused)}
        return render(request, "desk/units/unit.html", page, status=status_of(refused))
    say_once(request, _("改好了，已记入留痕。"))
    return HttpResponseRedirect(reverse("desk:unit", args=[unit_id]))


@at_post("accounts")
@require_POST
def use_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Take a unit out of use, or back."""
    wanted = request.POST.get("active") == "1"
    actions.change_unit(unit_id, by=viewer_for(request), active=wanted)
    say_once(request, _("恢复使用了。") if wanted else _("停用了：以后不能再派给它，手上的照常办。"))
    return HttpResponseRedirect(reverse("desk:unit", args=[unit_id]))


@at_post("accounts")
def missing(request: HttpRequest) -> HttpResponse:
    """Which posts the pack asks for and nobody holds."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    page: dict[str, Any] = {"place": place, "places": choices(viewer), "place_words": path_words(place)}
    page["strays"] = strays(request.GET, ("place",))
    try:
        page["rows"] = vacancies(viewer, place)
    except Refused as refused:
        page |= {"rows": [], "refused": refused}
    return render(request, "desk/units/missing.html", page)
