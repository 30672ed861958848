"""The public board: what is posted now, one notice, an objection to it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from youying.access.entrance import address_of
from youying.access.guard import open_to_all
from youying.access.refusal_pages import status_of
from youying.channels.intake.actions import admit
from youying.kernel.identifiers import uuid7
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.places.queries import path_words
from youying.publications import actions, queries, rules

WHERE = ("board", "portal")


@open_to_all("公示就是给所有人看的")
def board(request: HttpRequest) -> HttpResponse:
    """What is posted now, on the board or online."""
    said = request.GET.get("at", "")
    at = said if said in WHERE else WHERE[0]
    place, start = request.GET.get("place", "")[:200], request.GET.get("from", "")
    offset = int(start) if start.isdecimal() and len(start) < 7 else 0
    found = queries.board(at=at, path=place, offset=offset, limit=queries.PAGE + 1)
    page = {
        "notices": found[: queries.PAGE],
        "more": len(found) > queries.PAGE,
        "offset": offset,
        "size": queries.PAGE,
        "place": place,
        "places": [(path, path_words(path)) for path in queries.board_places(at=at)],
        "at": at,
        "where": [(code, rules.PLACES[code]) for code in WHERE],
        "states": rules.STATES,
    }
    return render(request, "portal/publications/board.html", page)


@open_to_all("公示就是给所有人看的，谁都可以提异议")
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, publication_id: int) -> HttpResponse:
    """One notice, up or down; while it is up anybody may object."""
    found, status, errors = queries.notice(publication_id), 200, {}
    if request.method == "POST":
        try:
            given = {name: request.POST.get(name, "") for name in ("words", "contact")}
            given["form"] = request.POST.get("form", "")[:40]
            admit(address_of(request))
            made = actions.object_to(publication_id, by=PUBLIC, **given)
            return HttpResponseRedirect(f"{reverse('portal:notice', args=[publication_id])}?made={made.pk}")
        except Refused as refused:
            errors, status = {refused.field: refused.say}, status_of(refused)
    page = {
        "notice": found,
        "answers": queries.answers(found),
        "states": rules.STATES,
        "errors": errors,
        "given": request.POST,
        "form_mark": request.POST.get("form", "")[:40] or uuid7(),
        "due_at": _due(request, publication_id),
    }
    return render(request, "portal/publications/notice.html", page, status=status)


def _due(request: HttpRequest, publication_id: int) -> datetime | None:
    """By when the objection that was just made is answered."""
    said = request.GET.get("made", "")
    if not (said.isdecimal() and len(said) < 18):
        return None
    return queries.objection_due(publication_id, objection_id=int(said))
