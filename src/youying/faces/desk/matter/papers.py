"""The sheets of a matter: what was filled in, masked; one of them whole, with a purpose, for a minute, with an entry."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.guard import is_htmx
from youying.access.queries import viewer_for
from youying.access.rules import UNMASK_PURPOSES
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter.people import SHOWN_S
from youying.kernel.refusals import Refused
from youying.matters import queries
from youying.sheets import actions as sheets


@at_post("unmask")
def unmask(request: HttpRequest, number: str, filled_id: int) -> HttpResponse:
    """Ask what for; then show the sheet whole for a minute. Without a purpose nothing is shown and nothing recorded."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    one = next((row for row in queries.papers_of(viewer, matter) if row.id == filled_id), None)
    if one is None:
        raise Refused("not-found", say="这件事项没有这张表。", have=filled_id)
    page: dict[str, Any] = {"matter": matter, "one": one, "purposes": UNMASK_PURPOSES, "seconds": SHOWN_S}
    page |= {"whole": False, "asking": not request.GET.get("hide")}
    if request.method == "POST":
        one = sheets.unmask(filled_id, by=viewer, purpose=request.POST.get("purpose", ""))
        page |= {"one": one, "whole": True, "asking": False}
    return render(request, "desk/matter/_paper.html" if is_htmx(request) else "desk/matter/paper.html", page)
