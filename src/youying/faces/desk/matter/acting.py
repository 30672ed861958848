"""Taking a step: its form, its answer, its undo; somebody else's change in between is shown, never overwritten."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.guard import is_htmx
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter import conflicts
from youying.faces.desk.matter.buttons import ready
from youying.faces.desk.matter.forms import fields_of
from youying.faces.desk.matter.frames import Frame, frame_of
from youying.faces.desk.matter.panels import panel
from youying.faces.desk.matter.reading import Filled, perform, read
from youying.faces.shared.shell import say_once
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.matters import actions, queries

PART = "desk/matter/_panel.html"
WHOLE = "desk/matter/act.html"


@at_post()
def act(request: HttpRequest, number: str, act_id: str) -> HttpResponse:
    """Show a step's form, or take the step."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    if request.method != "POST":
        frame = frame_of(viewer, matter, act_id, request.GET.dict())
        return _shown(request, frame)
    if conflicts.CARRY in request.POST:
        return _carried(request, matter, act_id)
    version = _version(request)
    if version is not None and version != matter.version:
        return _conflict(request, matter, act_id, version)
    frame = frame_of(viewer, matter, act_id, {})
    return _take(request, frame, version)


def _version(request: HttpRequest) -> int | None:
    """The state of the matter that the form was drawn from; none where it says none, refused where it says no number."""
    said = request.POST.get("version", "")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 10):
        raise Refused("bad-version", say=_("这个表单不完整，没有办。请重新打开这件事项再填一次。"), have=said[:20])
    return int(said)


def _take(request: HttpRequest, frame: Frame, version: int | None) -> HttpResponse:
    filled = read(request, frame, fields_of(frame))
    if filled.errors:
        return _shown(request, frame, filled=filled, status=422)
    try:
        after = perform(frame, filled.data, version=version)
    except Refused as refused:
        if refused.code == "conflict":
            fresh = queries.find(frame.viewer, frame.matter.number)
            return _conflict(request, fresh, frame.possible.id, version or 0)
        if _in_a_row(request):
            raise
        known = {one.name for one in fields_of(frame)} | set(filled.kept)
        filled.errors[refused.field if refused.field in known else ""] = refused.say
        return _shown(request, frame, filled=filled, status=status_of(refused))
    return _done(request, frame, after)


def _shown(
    request: HttpRequest, frame: Frame, *, filled: Filled | None = None, status: int = 200, conflict: Any = None
) -> HttpResponse:
    page = {"panel": panel(frame, filled=filled, conflict=conflict), "matter": frame.matter}
    if is_htmx(request):  # A form shown again is an answer, and a browser would log any other status as a fault.
        return render(request, PART, page)
    return render(request, WHOLE, page, status=status)


def _conflict(request: HttpRequest, matter: Any, act_id: str, version: int) -> HttpResponse:
    """Show what the others did since, and keep every word that was typed."""
    viewer = viewer_for(request)
    try:
        frame = frame_of(viewer, matter, act_id, {})
    except Refused as refused:
        return _overtaken(request, matter, act_id, refused, version)
    since = conflicts.since(viewer, matter, version)
    if _in_a_row(request):  # One tap types nothing: what the others did leaves nothing of it to compare.
        return _take(request, frame, matter.version)
    return _shown(request, frame, filled=read_again(request, frame), status=409, conflict=since)


def _carried(request: HttpRequest, matter: Any, act_id: str) -> HttpResponse:
    """Another step's form with the words that came too late for theirs; that step may be closed by now as well."""
    try:
        frame = frame_of(viewer_for(request), matter, act_id, {})
    except Refused as refused:
        return _overtaken(request, matter, act_id, refused, _version(request) or matter.version)
    return _shown(request, frame, filled=conflicts.carried(request, frame))


def _overtaken(request: HttpRequest, matter: Any, act_id: str, refused: Refused, version: int) -> HttpResponse:
    """Show why the step is closed, what the others did since, all that was typed, and where it may go."""
    viewer = viewer_for(request)
    since = conflicts.since(viewer, matter, version)
    page = conflicts.overtaken(request, viewer, matter, act_id, refused) | {"since": since}
    if is_htmx(request):
        return render(request, "desk/matter/_overtaken.html", page)
    return render(request, "desk/matter/overtaken.html", page, status=409)


def _in_a_row(request: HttpRequest) -> bool:
    """Whether the step was tapped in a list, where there is no room for its form."""
    return is_htmx(request) and request.POST.get("row") == "day"


def read_again(request: HttpRequest, frame: Frame) -> Filled:
    """What was typed, to be shown again; what may be missing is not held against it yet."""
    filled = read(request, frame, fields_of(frame))
    filled.errors = {}
    return filled


def _done(request: HttpRequest, frame: Frame, after: Any) -> HttpResponse:
    say, undo = _sentence(frame, after), ""
    if after.last_step:
        undo = reverse("desk:matter-undo", args=[after.number])
    if _in_a_row(request):
        todo = queries.Todo(queries.row_from(after, now()), queries.next_step(frame.viewer, after))
        page = {"todo": todo, "ready": ready}
        answer = render(request, "desk/day/_todo.html", page)
        answer["HX-Trigger"] = json.dumps({"toast": {"say": say, "undo": undo}})
        return answer
    say_once(request, say, undo=undo)
    address = reverse("desk:matter", args=[after.number])
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _sentence(frame: Frame, after: Any) -> str:
    """What just happened, in one sentence."""
    said = {"title": frame.possible.title, "number": after.number}
    if frame.possible.approve:
        return _("“%(title)s”已提出，等%(who)s答复。") % {**said, "who": frame.possible.approve}
    if frame.possible.verb == "ask-extension":
        return _("延期申请已提出，等答复。")
    if frame.possible.verb in ("propose-exclusion", "object-exclusion"):
        return _("已提出，等复核岗位答复。复核以前，怎么计的还怎么计。")
    return _("%(number)s：%(title)s，已记下。") % said


@at_post()
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take back one's own last step within a minute."""
    viewer = viewer_for(request)
    matter = queries.find(viewer, number)
    actions.undo(matter.pk, by=viewer)
    say_once(request, _("%(number)s：刚才那一步撤回了。") % {"number": number})
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(reverse("desk:matter", args=[number]))
