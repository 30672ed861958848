"""Sheets with a QR code for entrances: issued, printed on A4, revoked."""

from __future__ import annotations

import re
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.places.views import address
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.places import actions
from youying.places.queries import path_words, qr_sheets
from youying.places.viewing import place_view

MOST_SHEETS = 200


@at_post("places")
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Give every entrance of a building, or of all buildings of a compound, its code."""
    viewer, path = viewer_for(request), request.POST.get("path", "")[:200]
    view = place_view(viewer, path)
    paths = [path] if view.of == "building" else [one.path for one in view.children if not one.closed]
    if view.of not in ("building", "compound") or not paths:
        raise Refused("no-building", say=_("先要有楼栋，才能发入口码。"), have=path)
    for one in paths:
        actions.issue_entrance_codes(one, by=viewer)
    say_once(request, _("入口码发好了，可以打印张贴。原来在用的没有变。"))
    return HttpResponseRedirect(address(path))


@at_post("places")
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Stop a code for good; with `again` a new one is issued at once."""
    viewer, path = viewer_for(request), request.POST.get("path", "")[:200]
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused("reason-missing", say=_("请写明为什么作废，例如被撕、被人换过。"), field="reason")
    actions.revoke_entrance_code(request.POST.get("code", "")[:16], reason=reason, by=viewer)
    actions.issue_entrance_codes(path, by=viewer)
    say_once(request, _("旧码作废了，新码已发，请重新打印张贴。"))
    return HttpResponseRedirect(address(path))


@at_post("places")
def sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of all entrances at or below a place, ready to print."""
    viewer, path = viewer_for(request), request.GET.get("path", "")[:200]
    found = qr_sheets(viewer, path, base_url=request.build_absolute_uri("/"))
    page = {
        "path": path,
        "words": path_words(path),
        "total": len(found),
        "sheets": [pictured(sheet) for sheet in found[:MOST_SHEETS]],
        "back": address(path),
        "local": request.build_absolute_uri("/") if is_local(request.get_host()) else "",
    }
    return render(request, "desk/places/sheets.html", page)


def is_local(host: str) -> bool:
    """Whether an address leads nowhere but to the machine that serves it, so that no telephone could open it."""
    name = host.rpartition(":")[0] if re.search(r":[0-9]+$", host) else host
    return name.strip("[]") in ("localhost", "::1", "0.0.0.0") or name.startswith("127.")


def pictured(sheet: Any) -> dict[str, Any]:
    """A sheet with its code drawn."""
    picture = segno.make(sheet.url, error="q", micro=False).svg_data_uri(scale=6, border=3)
    return {"sheet": sheet, "picture": picture}
