"""The tree of areas, and one place with what stands in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.places import forms
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places import actions
from youying.places.queries import areas_below, compounds_below, path_words, tree
from youying.places.rules import LEVELS
from youying.places.viewing import PlaceView, home_count, place_view

CHILDREN = {"area": ("area", "compound", "grid"), "compound": ("building",), "building": (), "grid": ()}
BEARS = {"town": ("area", "compound"), "community": ("area", "compound", "grid")}
MOST_HOMES = 5_000


@at_post("places")
def places(request: HttpRequest) -> HttpResponse:
    """The areas within reach."""
    viewer = viewer_for(request)
    page = {"branches": tree(viewer), "levels": LEVELS, "titles": forms.TITLES, "whole": viewer.reach == "/"}
    return render(request, "desk/places/places.html", page)


@at_post("places")
def one_place(request: HttpRequest) -> HttpResponse:
    """One place: what is said of it, what stands in it, and the acts on it."""
    return _page(request, place_view(viewer_for(request), request.GET.get("path", "")[:200]))


def _page(request: HttpRequest, view: PlaceView, *, refused: Refused | None = None, act: str = "") -> HttpResponse:
    viewer = viewer_for(request)
    typed = request.POST.dict() if refused else {}
    page = {
        "view": view,
        "words": path_words(view.path),
        "above": view.above if viewer.reaches(view.above) else "",
        "levels": LEVELS,
        "titles": forms.TITLES,
        "may_add": may_add(view),
        "controls": forms.controls(view.kind, {**view.values, **(typed if act == "amend" else {})}),
        "new_name": typed.get("name", "") if act == "rename" else view.name,
        "targets": targets(viewer, view),
        "homes": home_count(viewer, view.path) if view.of != "grid" else 0,
        "coverable": coverable(view),
        "path_words": path_words,
        "act": act,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/places/place.html", page, status=status_of(refused) if refused else 200)


def may_add(view: PlaceView) -> list[str]:
    """Which kinds of place may be added under this one."""
    if view.closed_at is not None:
        return []
    kinds = CHILDREN[view.of]
    if view.of != "area":
        return list(kinds)
    return [kind for kind in BEARS.get(view.level, ("area",)) if kind != "area" or view.level != "community"]


def targets(viewer: Viewer, view: PlaceView) -> list[tuple[str, str]]:
    """Where a place may be moved."""
    if view.of == "building":
        area = view.above.rpartition("/")[0]
        return [(one.path, one.name) for one in compounds_below(area) if one.path != view.above]
    order = list(LEVELS)
    wanted = order[: order.index(view.level)] if view.of == "area" else ["community"] + ["town"] * (view.of != "grid")
    areas = [area for area in areas_below(viewer.reach) if area.level in wanted and area.path != view.above]
    return [(area.path, path_words(area.path) or area.name) for area in areas if not area.path.startswith(view.path)]


def coverable(view: PlaceView) -> list[tuple[str, str]]:
    """What a grid may look after: the compounds of its community."""
    if view.of != "grid":
        return []
    return [(one.path, one.name) for one in compounds_below(view.above)]


@at_post("places")
def add(request: HttpRequest) -> HttpResponse:
    """Add a place under another."""
    viewer, said = viewer_for(request), request.POST if request.method == "POST" else request.GET
    kind = forms.KINDS.get(said.get("what", ""))
    if kind is None:
        raise Refused("place-kind-unknown", say=_("请选要添加区划、小区、楼栋还是网格。"))
    under = said.get("under", "")[:200]
    if under:
        viewer.require_reach(under)
    page: dict[str, Any] = {
        "kind": kind.code,
        "titles": forms.TITLES,
        "under": under,
        "under_words": path_words(under),
        "errors": {},
    }
    if request.method != "POST":
        usual = {"entrances": 1, "floors": 6, "kind": "estate", "level": usual_level(under)}
        return render(request, "desk/places/add.html", page | {"controls": forms.controls(kind, usual, adding=True)})
    given = forms.given(kind, request.POST, adding=True)
    try:
        row = _added(kind.code, under, given, viewer)
    except Refused as refused:
        page |= {"controls": forms.controls(kind, given, adding=True), "errors": errors_of(refused)}
        return render(request, "desk/places/add.html", page, status=status_of(refused))
    say_once(request, _("加好了：%(name)s。") % {"name": row})
    return HttpResponseRedirect(address(row.path))


def usual_level(under: str) -> str:
    """The level one step below a place."""
    order = list(LEVELS)
    above = next((area.level for area in areas_below(under) if area.path == under), "") if under else ""
    return order[min(order.index(above) + 1, len(order) - 1)] if above else "town"


def _added(kind: str, under: str, given: dict[str, str], viewer: Viewer) -> Any:
    if kind == "area":
        code, level = given.pop("code", ""), given.pop("level", "")
        return actions.add_area(code, level=level, parent=under, by=viewer, **_filled(given))
    if kind == "compound":
        return actions.add_compound(under, by=viewer, **_filled(given))
    if kind == "building":
        return actions.add_building(under, by=viewer, **_filled(given))
    return actions.add_grid(under, by=viewer, **{"code": "", **_filled(given)})


def _filled(given: dict[str, str]) -> dict[str, Any]:
    """Without the fields left empty; the name stays, so that its absence is said."""
    return {name: value for name, value in given.items() if value.strip() or name in ("name", "title", "code")}


def address(path: str) -> str:
    """The page of a place."""
    return f"{reverse('desk:place')}?{urlencode({'path': path})}"


@at_post("places")
@require_POST
def change(request: HttpRequest, act: str) -> HttpResponse:
    """Rename, amend, move, close or reopen a place, say what a grid covers, or add homes."""
    viewer, path = viewer_for(request), request.POST.get("path", "")[:200]
    if act not in CHANGES:
        raise Refused("not-found", say=_("没有这个动作。"))
    view = place_view(viewer, path)
    try:
        row = CHANGES[act](request, viewer, view)
    except Refused as refused:
        return _page(request, view, refused=refused, act=act)
    say_once(request, _("改好了，已记入留痕。"))
    return HttpResponseRedirect(address(row.path if row is not None else path))


def _rename(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    return actions.rename(view.path, name=request.POST.get("name", ""), by=viewer)


def _amend(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    return actions.amend(view.path, by=viewer, **forms.changed(view.kind, view.values, request.POST))


def _move(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    return actions.move(view.path, to=request.POST.get("to", "")[:200], by=viewer)


def _close(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    return actions.close(view.path, reason=request.POST.get("reason", ""), by=viewer)


def _reopen(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    return actions.reopen(view.path, by=viewer)


def _cover(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    known = {path for path, _name in coverable(view)}
    buildings = [path for path in view.covers if path not in known]
    return actions.cover(view.path, paths=[*buildings, *request.POST.getlist("covers")], by=viewer)


def _homes(request: HttpRequest, viewer: Viewer, view: PlaceView) -> Any:
    said = request.POST.get("each", "")
    each = int(said) if said.isdecimal() and len(said) < 3 else 0
    entrances, floors = int(view.values.get("entrances", 1)), int(view.values.get("floors", 1))
    if not 1 <= each <= 40 or entrances * floors * each > MOST_HOMES:
        raise Refused("homes-unfit", say=_("每层请写1到40户；更多的请用表格导入。"), have=said, field="each")
    homes = [
        (entrance, floor, f"{floor}{place:02d}")
        for entrance in range(1, entrances + 1)
        for floor in range(1, floors + 1)
        for place in range(1, each + 1)
    ]
    actions.add_homes(view.path, homes=homes, by=viewer)


CHANGES: dict[str, Any] = {
    "rename": _rename,
    "amend": _amend,
    "move": _move,
    "close": _close,
    "reopen": _reopen,
    "cover": _cover,
    "homes": _homes,
}
