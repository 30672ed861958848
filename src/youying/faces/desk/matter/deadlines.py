"""The page that shows how a deadline came about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.queries import viewer_for
from youying.editions.queries import calendar_for, edition_by_digest
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.shared.deadlines import laid_out
from youying.matters import queries


@at_post()
def deadline(request: HttpRequest, number: str, code: str, run: int) -> HttpResponse:
    """One deadline of a matter: its rule, what happened to it, its days one by one."""
    found = queries.find(viewer_for(request), number)
    zone = calendar_for(edition_by_digest(found.edition_id), found.area_path).zone
    worked = queries.worked_out(found, code, run)
    others = [one for one in queries.clocks(found) if one.say]
    page = {"matter": found, "d": laid_out(worked, zone, plain=False), "others": others}
    return render(request, "desk/matter/deadline.html", page)
