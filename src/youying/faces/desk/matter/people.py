"""Looking at a reporter's whole name and phone: with a purpose, for a minute, and with an entry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.actions import log_unmask
from youying.access.guard import is_htmx
from youying.access.queries import viewer_for
from youying.access.rules import UNMASK_PURPOSES
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter import showing
from youying.matters import queries

SHOWN_S = 60


@at_post("unmask")
def unmask(request: HttpRequest, number: str, reporter_id: int) -> HttpResponse:
    """Ask what for; then show the contact for a minute. Without a purpose nothing is shown and nothing recorded."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    row = queries.reporter_to_unmask(viewer, matter, reporter_id)
    page = {"matter": matter, "reporter_id": reporter_id, "purposes": UNMASK_PURPOSES, "seconds": SHOWN_S}
    shown = next((one for one in queries.reporters(viewer, matter) if one.id == reporter_id), None)
    page["unmasked"] = None
    if request.method == "POST":
        log_unmask(matter.subject, by=viewer, field=f"reporter:{reporter_id}", purpose=request.POST.get("purpose", ""))
        page["unmasked"] = queries.contact_in_clear(row)
    elif shown is not None and is_htmx(request) and request.GET.get("hide"):
        may = any(act.id == "issue-secret" for act in queries.possible_acts(viewer, matter).can)
        page |= {"one": showing.reporter(shown), "may_issue": may}
        return render(request, "desk/matter/_reporter.html", page)
    return render(request, "desk/matter/_unmask.html" if is_htmx(request) else "desk/matter/unmask.html", page)
