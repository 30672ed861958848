"""难诉清单 and joint meetings: called, held, cancelled, and printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import units, viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.consulting.reading import LINES, came_of, decisions_of, photos_of
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter.showing import photos
from youying.faces.desk.supervising.letters import as_pdf, printed_by
from youying.faces.shared.days import read_moment
from youying.faces.shared.shell import say_once
from youying.faces.shared.words import full
from youying.kernel.masking import mask_text
from youying.kernel.moments import zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions, queries
from youying.matters.consultation_rules import SOLVING
from youying.places.queries import zone_of


@at_post()
def hard(request: HttpRequest) -> HttpResponse:
    """The hard matters within sight, and the meetings on them."""
    return _hard(request, errors={})


def _hard(request: HttpRequest, *, errors: dict[str, str], status: int = 200) -> HttpResponse:
    viewer = viewer_for(request)
    matters = queries.hard_matters(viewer)
    page = {
        "matters": matters,
        "may_call": viewer.may("act") and any(one.may_meet for one in matters),
        "meetings": queries.meetings(viewer),
        "units": _unit_options(viewer),
        "errors": errors,
        "given": request.POST,
        "chosen": request.POST.getlist("matters"),
        "invited": request.POST.getlist("units"),
    }
    return render(request, "desk/consulting/hard.html", page, status=status)


def _unit_options(viewer: Viewer) -> list[tuple[int, str]]:
    return [(unit.pk, unit.title) for unit in units(viewer)]


@at_post(power="act")
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Call a meeting on the matters that were ticked."""
    viewer = viewer_for(request)
    try:
        found = actions.call_meeting(
            by=viewer,
            title=request.POST.get("title", ""),
            meets_at=read_moment(request.POST.get("meets_at", ""), field="meets_at", there=_there(viewer)),
            place=request.POST.get("place", ""),
            matters=request.POST.getlist("matters"),
            units=[int(one) for one in request.POST.getlist("units") if one.isdecimal() and len(one) < 18],
        )
    except Refused as refused:
        return _hard(request, errors={refused.field or "": refused.say}, status=status_of(refused))
    say_once(request, _("会商已经通知，开完会在这里填记录。"))
    return HttpResponseRedirect(reverse("desk:consultation", args=[found.number]))


def _there(viewer: Viewer) -> Any:
    return zone(zone_of(viewer.reach or "/"))


@at_post()
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    """One meeting: agenda, who came, minutes; and the form for whoever called it."""
    return _meeting(request, number, errors={})


def _meeting(request: HttpRequest, number: str, *, errors: dict[str, str], status: int = 200) -> HttpResponse:
    viewer = viewer_for(request)
    view = queries.meeting(viewer, number)
    page = {
        "view": view,
        "photos": photos(view.photos),
        "invited": view.invited,
        "takers": {one.number: _takers(one.matter) for one in view.agenda if one.matter} if view.may_hold else {},
        "lines": range(1, LINES + 1),
        "solving": list(SOLVING.items()),
        "errors": errors,
        "given": request.POST,
    }
    return render(request, "desk/consulting/meeting.html", page, status=status)


def _takers(matter: Any) -> list[tuple[int, str]]:
    return [(unit.id, unit.title) for unit in queries.units_for(matter)]


@at_post(power="act")
@require_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """Write the meeting down; all of it is kept or nothing."""
    viewer = viewer_for(request)
    view = queries.meeting(viewer, number)
    try:
        actions.hold_meeting(
            view.row.id,
            by=viewer,
            came=came_of(request.POST, view.invited),
            minutes=request.POST.get("minutes", ""),
            decisions=decisions_of(request.POST, [one.number for one in view.agenda], there=_there(viewer)),
            uploads=photos_of(request, viewer),
        )
    except Refused as refused:
        known = refused.field if refused.field in ("minutes", "came") else ""
        return _meeting(request, number, errors={known or "": refused.say}, status=status_of(refused))
    say_once(request, _("会议记录已经留下，议程里的事项都记上了。"))
    return HttpResponseRedirect(reverse("desk:consultation", args=[number]))


@at_post(power="act")
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call the meeting off, with the reason."""
    viewer = viewer_for(request)
    view = queries.meeting(viewer, number)
    try:
        actions.cancel_meeting(view.row.id, by=viewer, note=request.POST.get("note", ""))
    except Refused as refused:
        return _meeting(request, number, errors={"note": refused.say}, status=status_of(refused))
    say_once(request, _("会商取消了，单位会收到通知。"))
    return HttpResponseRedirect(reverse("desk:consultations"))


@at_post()
def minutes(request: HttpRequest, number: str) -> HttpResponse:
    """The agenda as a notice before the meeting, and the minutes after it, as a PDF."""
    viewer = viewer_for(request)
    return as_pdf(_paper(viewer, queries.meeting(viewer, number)), f"consultation-{number}.pdf")


def _paper(viewer: Viewer, view: Any) -> dict[str, Any]:
    agenda = "\n".join(
        f"{place}. {one.number}　{mask_text(one.title)}{f'（{one.way}）' if one.way else ''}"
        for place, one in enumerate(view.agenda, 1)
    )
    came = "、".join(f"{unit} {name}".strip() for unit, name in view.came)
    parts = [(_("议程"), agenda), (_("到会"), came), (_("没有到会"), "、".join(view.absent)), (_("记录"), view.minutes)]
    facts = [
        (_("会议"), view.row.title),
        (_("时间"), full(view.row.meets_at)),
        (_("地点"), view.row.place),
        (_("召集"), view.called_by),
        (_("参加单位"), "、".join(view.units)),
    ]
    return {
        "heading": _("会商纪要") if view.held_at else _("会商通知"),
        "number": _("编号：%(number)s") % {"number": view.row.number},
        "to": "",
        "facts": [[name, value] for name, value in facts if value],
        "parts": [[name, mask_text(words)] for name, words in parts if words],
        "closing": "",
        "signed": view.called_by,
        "date": full(view.held_at or view.row.meets_at),
        "mark": printed_by(viewer),
    }
