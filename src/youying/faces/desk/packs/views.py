"""What holds at a place: the edition, its check, its numbers, and every adoption so far."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.access.queries import viewer_for
from youying.editions.numbers import Number
from youying.editions.previewing import numbers, shipped
from youying.editions.queries import (
    adopted_near,
    adoptions,
    directory_of,
    edition_by_digest,
    edition_for,
    param,
    version_at,
)
from youying.editions.queries import local_pack as local_pack_of
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.packs.where import choices, place_asked
from youying.faces.shared.shell import foot_line
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.packs.executed import adoptable
from youying.packs.explain import explain
from youying.packs.params import ENGINE_PARAMS
from youying.places.queries import path_words

SECTIONS: dict[str, Any] = {
    "watch": gettext_lazy("预警"),
    "channel": gettext_lazy("渠道"),
    "figure": gettext_lazy("数字与率"),
    "rhythm": gettext_lazy("节奏"),
    "posts": gettext_lazy("岗位"),
}


@at_post("packs")
def packs(request: HttpRequest) -> HttpResponse:
    """What is adopted here and which numbers may be changed."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    page: dict[str, Any] = {"place": place, "place_words": path_words(place), "places": choices(viewer)}
    held = adopted_near(place)
    if held is None:
        return render(request, "desk/packs/none.html", page | {"library": library()})
    edition = edition_by_digest(held.digest)
    page |= {
        "held": held,
        "held_words": path_words(held.area_path),
        "edition": edition,
        "faults": adoptable(edition),
        "groups": groups(edition, [one for one in numbers(viewer, place) if one.leaf[0] != "params"]),
        "short_title": lambda one: short_title(edition, one),
        "owners": owners(edition),
        "params": params(edition, place),
        "history": adoptions(viewer, place)[:50],
        "path_words": path_words,
        "directory_count": len(directory_of(place)),
        "own": local_pack_of(viewer, place),
    }
    return render(request, "desk/packs/packs.html", page)


def groups(edition: Edition, found: list[Number]) -> list[tuple[str, list[Number]]]:
    """The numbers under the loop or section that says them, loops first."""
    made: dict[str, list[Number]] = {}
    for one in sorted(found, key=lambda one: one.leaf[0] != "loop"):
        of_loop = one.leaf[0] == "loop"
        title = edition.pack.loop[one.leaf[1]].title if of_loop else str(SECTIONS.get(one.leaf[0], _("其他")))
        made.setdefault(title, []).append(one)
    return list(made.items())


def short_title(edition: Edition, one: Number) -> str:
    """What a number is, under the heading of its loop."""
    return one.title.removeprefix(f"“{edition.pack.loop[one.leaf[1]].title}”") if one.leaf[0] == "loop" else one.title


def owners(edition: Edition) -> dict[str, str]:
    """The packs that an edition was merged from, by code: their titles."""
    shipped_titles = {code: str(raw.head.get("title", code)) for code, raw in shipped().items()}
    return {**shipped_titles, edition.pack.pack.code: edition.title}


def params(edition: Edition, place: str) -> list[tuple[str, str, Any, str]]:
    """The numbers of the place: code, title, value in force, unit."""
    said = {code: (one.title, one.unit) for code, one in edition.pack.params.items()}
    engine = {code: (one.title, one.unit) for code, one in ENGINE_PARAMS.items()}
    return [(code, title, param(edition, place, code), unit) for code, (title, unit) in {**engine, **said}.items()]


def library() -> list[tuple[str, str, str]]:
    """The packs that come with the program: code, title, what they are about."""
    return [(code, str(raw.head.get("title", code)), str(raw.head.get("about", ""))) for code, raw in shipped().items()]


@at_post("packs")
def show_library(request: HttpRequest) -> HttpResponse:
    """Every pack that comes with the program."""
    viewer = viewer_for(request)
    page = {"library": library(), "place": place_asked(request, viewer)}
    return render(request, "desk/packs/library.html", page)


@at_post("packs")
def explained(request: HttpRequest) -> HttpResponse:
    """A pack of the library, or the edition in force here, in words."""
    viewer, code = viewer_for(request), request.GET.get("pack", "")[:40]
    place = place_asked(request, viewer)
    if code and code not in shipped():
        raise Refused("pack-unknown", say=_("没有这个机制包，请从列表里选。"), have=code)
    text = explain(shipped()[code], shipped()) if code else explain(edition_for(place))
    title = str(shipped()[code].head.get("title", code)) if code else edition_for(place).title
    page = {"text": text, "title": title, "place": place, "code": code}
    return render(request, "desk/packs/explained.html", page)


@foot_line
def edition_line(viewer: Viewer) -> str:
    """Which edition holds at the viewer's own place."""
    held = adopted_near(viewer.reach) if viewer.reach not in ("", "/") else None
    if held is None:
        return ""
    edition = edition_by_digest(held.digest)
    return _("%(title)s，第%(n)s版") % {"title": edition.title, "n": version_at(held.area_path)}
