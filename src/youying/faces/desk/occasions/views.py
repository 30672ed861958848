"""What recurs, on the desk: today's visits, patrols and checks, one of them to be done, and what nobody did in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.editions.queries import edition_by_digest
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.shared.sheets import ReadSheet, read_sheet
from youying.faces.shared.shell import say_once
from youying.kernel.identifiers import uuid7
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.occasions import actions, queries
from youying.occasions.actions.doing import Doing
from youying.occasions.doing_rules import WAYS
from youying.occasions.queries import OccasionShown
from youying.occasions.reading import rhythm_at
from youying.places.queries import zone_of
from youying.sheets.queries import filled
from youying.sheets.rules import sheet_of

MOST_OFFSET = 7


@at_post()
def to_do(request: HttpRequest) -> HttpResponse:
    """What this post is to do today, the first due in front."""
    viewer = viewer_for(request)
    place = zone(zone_of(viewer.reach or "/"))
    tonight = datetime.combine(local(now(), place).date(), time.max, place)
    offset = _offset(request)
    found = queries.to_do(viewer, until=tonight, offset=offset)
    return render(request, "desk/occasions/list.html", _listed(viewer, found, offset, tab="due"))


@at_post("view")
def overdue(request: HttpRequest) -> HttpResponse:
    """What was missed within reach and is not done yet."""
    viewer = viewer_for(request)
    offset = _offset(request)
    found = queries.overdue(viewer, offset=offset)
    return render(request, "desk/occasions/list.html", _listed(viewer, found, offset, tab="overdue"))


def _listed(viewer: Viewer, found: queries.OccasionPage, offset: int, *, tab: str) -> dict[str, Any]:
    return {
        "tab": tab, "found": found, "offset": offset, "size": queries.PAGE, "states": queries.STATES,
        "missed": queries.missed(viewer),
    }  # fmt: skip


def _offset(request: HttpRequest) -> int:
    said = request.GET.get("from", "")
    return int(said) if said.isdecimal() and len(said) < MOST_OFFSET else 0


@at_post()
def one(request: HttpRequest, occasion_id: int) -> HttpResponse:
    """One occasion: done with its sheet, nobody met, or left out for a reason; what was done before stands below."""
    viewer = viewer_for(request)
    shown = queries.occasion(viewer, occasion_id)
    page, refused, read = _page(viewer, shown), None, ReadSheet()
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            read = _read(request, viewer, page)
            say_once(request, _DOINGS[act](request, viewer, shown, read))
            return HttpResponseRedirect(reverse("desk:occasions"))
        except KeyError:
            refused = Refused("act-unknown", say=_("请选要做什么。"))
        except Refused as told:
            refused = told
    page |= {"values": read.shown, "kept": read.kept, "given": request.POST, "errors": read.errors}
    if refused and not read.errors:
        page["errors"] = {f"{request.POST.get('act', '')}-{field}": say for field, say in errors_of(refused).items()}
    return render(request, "desk/occasions/one.html", page, status=status_of(refused) if refused else 200)


def _page(viewer: Viewer, shown: OccasionShown) -> dict[str, Any]:
    edition = edition_by_digest(shown.edition)
    sheet = sheet_of(edition, shown.sheet) if shown.sheet else None
    reasons = [(code, reason.title) for code, reason in edition.pack.reasons.items() if "unmet" in reason.for_]
    return {
        "occasion": shown,
        "states": queries.STATES,
        "sheet": sheet,
        "items": sheet.items if sheet else {},
        "reasons": reasons,
        "given": {},
        "errors": {},
        "values": {},
        "kept": {},
        "token": str(uuid7()),
        "takes_wants": "loop:demand" in rhythm_at(edition, shown.rhythm).opens,
        "ways": list(WAYS.items()),
        "done": filled(viewer, f"occasion:{shown.id}"),
        "before": [row for row in queries.story_of(viewer, shown.key, limit=10) if row.id != shown.id]
        if viewer.may("view")
        else [],
        "open": shown.mine and shown.state not in ("met", "unmet", "excused", "later"),
    }


def _read(request: HttpRequest, viewer: Viewer, page: dict[str, Any]) -> ReadSheet:
    """The sheet as it came back with a doing; refused beside its fields where it lacks something."""
    if request.POST.get("act") != "meet" or page["sheet"] is None:
        return ReadSheet()
    return read_sheet(request.POST, request.FILES, page["sheet"], by=viewer)


def _said(request: HttpRequest) -> dict[str, str]:
    """What the form that was sent says: its fields carry its act before their names, so that each name stands once."""
    act = request.POST.get("act", "")
    return {name.removeprefix(f"{act}-"): str(value) for name, value in request.POST.items()}


def _meet(request: HttpRequest, viewer: Viewer, shown: OccasionShown, read: ReadSheet) -> str:
    if read.errors:
        raise Refused("sheet-lacks", say=_("表里还有没填好的。"))
    said = _said(request)
    wants = tuple(line.strip() for line in said.get("wants", "").splitlines() if line.strip())[:5]
    doing = Doing(
        way=said.get("way", "door"), values=read.values, wants=wants, note=said.get("note", "").strip(),
        client_id=said.get("client_id", ""),
    )  # fmt: skip
    done = actions.meet(shown.id, by=viewer, doing=doing)
    numbers = "、".join(opened.matter.number for opened in done.opened)
    return _("记好了，转成事项：%(numbers)s。") % {"numbers": numbers} if numbers else _("记好了。")


def _attempt(request: HttpRequest, viewer: Viewer, shown: OccasionShown, read: ReadSheet) -> str:
    said = _said(request)
    doing = Doing(way=said.get("way", "door"), note=said.get("note", "").strip(), client_id=said.get("client_id", ""))
    again = _moment(said.get("again_at", ""), shown)
    done = actions.attempt(shown.id, by=viewer, doing=doing, reason=said.get("reason", ""), again_at=again)
    if done.occasion.ended_at is not None:
        return _("去了%(n)s次都没有见到，已按规定往下办。") % {"n": done.occasion.attempts}
    return _("记好了，改日再去。")


def _excuse(request: HttpRequest, viewer: Viewer, shown: OccasionShown, read: ReadSheet) -> str:
    said = _said(request)
    actions.excuse(shown.id, by=viewer, reason=said.get("reason", ""), note=said.get("note", "").strip())
    return _("记好了，这一次不做。")


def _moment(text: str, shown: OccasionShown) -> datetime | None:
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused("moment-unreadable", say=_("日期时间看不懂，请重新选。"), have=text[:20], field="again_at")
    return found if found.tzinfo else found.replace(tzinfo=zone(zone_of(shown.area_path)))


_DOINGS: dict[str, Callable[[HttpRequest, Viewer, OccasionShown, ReadSheet], str]] = {
    "meet": _meet, "attempt": _attempt, "excuse": _excuse,
}  # fmt: skip
