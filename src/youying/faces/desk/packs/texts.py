"""The local pack's whole text: written or uploaded, checked line by line, compared, and adopted as an act."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.editions import actions
from youying.editions.previewing import MOST_CHARACTERS, latest_pack, preview_adoption, shipped
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.numbers import since_of
from youying.faces.desk.packs.where import place_asked
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import known_area, path_words

STARTER = """\
# {place}自己的写法：只写和机制包不同的地方。
[pack]
code = "local-{code}"
title = "{place}本地包"
version = 1
local = true
origin = "{place}"
about = "{place}采用“{title}”，写上自己的数字。"
extends = ["{base}@{version}"]
"""


@at_post("packs")
def text(request: HttpRequest) -> HttpResponse:
    """Write, check and adopt the local pack of a place."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    if request.method != "POST":
        return _page(request, place, given={"text": starting_text(place, request.GET.get("base", "")[:40])})
    given = {name: request.POST.get(name, "") for name in ("text", "since", "note", "version")}
    try:
        given["text"] = _uploaded(request) or given["text"].replace("\r\n", "\n")
        if request.POST.get("go") == "1":
            return _adopt(request, viewer, place, given)
        preview = preview_adoption(viewer, place, given["text"])
    except Refused as refused:
        if refused.code == "changed-meanwhile":
            del given["version"]  # told what changed, the person goes on from there
        return _page(request, place, given=given, refused=refused)
    return _page(request, place, given=given, preview=preview)


def starting_text(place: str, base: str) -> str:
    """A new local pack on a library pack, or the place's own as it stands."""
    if base:
        if base not in shipped():
            raise Refused("pack-unknown", say=_("没有这个机制包，请从列表里选。"), have=base)
        head, area = shipped()[base].head, known_area(place)
        said = {"place": area.name, "code": area.code.lower(), "title": head.get("title", base)}
        return STARTER.format(**said, base=base, version=head.get("version", 1))
    held = latest_pack(place)
    return held.toml if held else ""


def _uploaded(request: HttpRequest) -> str:
    """The text of an uploaded file, or nothing where none came."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    if (file.size or 0) > MOST_CHARACTERS * 4:
        raise Refused("local-pack-too-long", say=_("文件太大，本地包只写与机制包不同的地方。"), field="file")
    try:
        return file.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Refused(
            "pack-not-utf8", say=_("这不是 UTF-8 的文本文件。请另存为 UTF-8 再上传。"), field="file"
        ) from None


def _page(
    request: HttpRequest, place: str, *, given: dict[str, str], refused: Refused | None = None, preview: Any = None
) -> HttpResponse:
    held = latest_pack(place)
    page = {
        "place": place,
        "place_words": path_words(place),
        "given": {"since": "", "note": "", **given, "version": given.get("version") or (held.version if held else 0)},
        "preview": preview,
        "inherited": held is not None and held.area_path != place,
        "held_words": path_words(held.area_path) if held else "",
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/packs/text.html", page, status=status_of(refused) if refused else 200)


def version_said(said: str) -> int | None:
    """The version that the page showed, as its form brings it back; nothing where it does not."""
    return int(said) if said.isdecimal() and len(said) < 9 else None


def _adopt(request: HttpRequest, viewer: Viewer, place: str, given: dict[str, str]) -> HttpResponse:
    adopted = actions.adopt(
        place,
        local_toml=given["text"],
        by=viewer,
        since=since_of(given["since"].strip()[:20]),
        expected_version=version_said(given["version"]),
        note=given["note"][:400],
    )
    say_once(request, _("已采用 %(short)s。新登记的事项照它办。") % {"short": adopted.edition_id[:12]})
    return HttpResponseRedirect(f"{reverse('desk:packs')}?{urlencode({'place': place})}")
