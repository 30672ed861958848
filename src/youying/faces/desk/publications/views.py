"""What is and was posted here, the objections that wait, one notice to print or take down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.publications import actions, queries, rules
from youying.publications.queries import Notice


@at_post("view")
def publications(request: HttpRequest) -> HttpResponse:
    """Every notice within reach, and the objections that nobody has answered yet."""
    return _list(request, viewer_for(request))


def _list(request: HttpRequest, viewer: Viewer, *, refused: Refused | None = None, answered: int = 0) -> HttpResponse:
    """The list; after a refused answer with its words still beside the objection they were for."""
    said = request.GET.get("from", "")
    offset = int(said) if said.isdecimal() and len(said) < 7 else 0
    page = {
        "notices": queries.archive(viewer, offset=offset),
        "waiting": queries.objections_waiting(viewer),
        "offset": offset,
        "size": queries.PAGE,
        "states": rules.STATES,
        "where": rules.PLACES,
        "me": viewer,
        "given": {answered: request.POST.get("words", "")},
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/publications/publications.html", page, status=status_of(refused) if refused else 200)


@at_post("view")
def one(request: HttpRequest, publication_id: int) -> HttpResponse:
    """One notice, as it hangs there; to print, or to take down early."""
    return _one(request, viewer_for(request), publication_id)


def _one(request: HttpRequest, viewer: Viewer, publication_id: int, *, refused: Refused | None = None) -> HttpResponse:
    notice = _notice(viewer, publication_id)
    page = {"notice": notice, "states": rules.STATES, "where": rules.PLACES, "may": viewer.may("act")}
    page["answers"] = queries.answers(notice)
    page |= {"given": request.POST, "errors": errors_of(refused) if refused else {}}
    return render(request, "desk/publications/publication.html", page, status=status_of(refused) if refused else 200)


def _notice(viewer: Viewer, publication_id: int) -> Notice:
    notice = queries.notice(publication_id)
    viewer.require_reach(notice.area_path)
    return notice


@at_post("act")
@require_POST
def withdraw(request: HttpRequest, publication_id: int) -> HttpResponse:
    """Take a notice down before its end."""
    viewer = viewer_for(request)
    try:
        actions.withdraw(publication_id, by=viewer, reason=request.POST.get("reason", ""))
    except Refused as refused:
        if refused.field != "reason":
            raise
        return _one(request, viewer, publication_id, refused=refused)
    say_once(request, _("撤下来了，档案里还看得到。"))
    return HttpResponseRedirect(reverse("desk:publication", args=[publication_id]))


@at_post("view")
@require_POST
def answer(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Answer an objection."""
    said, viewer = request.POST, viewer_for(request)
    upheld = said.get("upheld") == "yes"
    try:
        actions.answer(objection_id, by=viewer, upheld=upheld, words=said.get("words", ""))
    except Refused as refused:
        if refused.field != "answer":
            raise
        return _list(request, viewer, refused=refused, answered=objection_id)
    say_once(request, _("答复了。"))
    return HttpResponseRedirect(reverse("desk:publications"))
