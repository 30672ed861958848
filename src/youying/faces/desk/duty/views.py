"""Who is on duty now and what waits for me, and the table of a month."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.actions import log_export
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.channels.hotline.actions.exporting import gone_unasked, unasked
from youying.editions.queries import edition_for
from youying.faces.desk.duty import asking
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.where import usual_place
from youying.faces.desk.rates.tables import answer
from youying.faces.shared.addresses import strays
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.duty import lines, on_call, roster_in_force, shifts
from youying.people import actions, on_duty
from youying.places.queries import path_words


@at_post()
def duty(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and why, by which lines people reach us, and what waits for me."""
    viewer = viewer_for(request)
    place = _place(request, viewer)
    page = _frame(viewer, place) | {"strays": strays(request.GET, ("place",))}
    try:
        edition_for(place)
        held = shifts(place)
        page |= {"shifts": held, "lines": lines(place), "answer": on_call(place) if held else None}
    except Refused as refused:
        page |= {"shifts": [], "lines": [], "answer": None, "refused": refused}
    page |= {
        "mine": on_duty.own(viewer),
        "swaps": on_duty.swaps(viewer),
        "notes": on_duty.hand_overs_waiting(viewer),
        "empty_shifts": on_duty.uncovered(viewer, place),
        "may_write": viewer.may("packs"),
    }
    return render(request, "desk/duty/duty.html", page)


def _place(request: HttpRequest, viewer: Viewer) -> str:
    said = request.POST.get("place", request.GET.get("place", "")).strip()[:200]
    place = asking.place_of_duty(said, viewer, usual=usual_place(viewer))
    viewer.require_reach(place)
    return place


def _frame(viewer: Viewer, place: str) -> dict[str, Any]:
    return {
        "place": place,
        "places": asking.places(viewer, place),
        "place_words": path_words(place),
        "keeps": on_duty.keeps(viewer, place),
        "time_of": asking.time_of,
        "hours_of": asking.hours_of,
        "path_words": path_words,
    }


@at_post()
def month(request: HttpRequest) -> HttpResponse:
    """The shifts of a month of one roster; whoever minds it plans what is missing, or takes back what has not begun."""
    viewer = viewer_for(request)
    place = _place(request, viewer)
    if request.method != "POST":
        return _month(request, viewer, place)
    try:
        said = _planned(request, viewer, asking.read(request, viewer, place=place))
    except Refused as refused:
        return _month(request, viewer, place, refused=refused)
    say_once(request, said)
    return HttpResponseRedirect(_address(asking.read(request, viewer, place=place)))


def _planned(request: HttpRequest, viewer: Viewer, asked: asking.Asked) -> str:
    if request.POST.get("do") == "clear":
        gone = actions.clear_shifts(asked.place, code=asked.code, month=asked.first, by=viewer)
        return _("撤下 %(n)s 班，已经开始的没有动。可以重新排。") % {"n": gone}
    rules = roster_in_force(asked.place, asked.code, month=asked.first)
    made = actions.plan_shifts(rules, month=asked.first, by=viewer, phone=request.POST.get("phone", "")[:40])
    if made.uncovered:
        said = {"n": made.covered, "open": made.uncovered}
        return _("排好 %(n)s 班，还有 %(open)s 班没有人：人手不够，或两班之间歇不够。") % said
    return _("排好 %(n)s 班，班班有人。") % {"n": made.covered}


def _address(asked: asking.Asked) -> str:
    query = {"place": asked.place, "roster": asked.code, "month": asked.month}
    return f"{reverse('desk:duty-month')}?{urlencode(query)}"


def _month(request: HttpRequest, viewer: Viewer, place: str, *, refused: Refused | None = None) -> HttpResponse:
    page = _frame(viewer, place) | {"errors": errors_of(refused) if refused else {}}
    page["given"] = {"phone": request.POST.get("phone", "")[:40]}
    try:
        asked = asking.read(request, viewer, place=place)
    except Refused as missing:
        page |= {"asked": None, "missing": missing}
        return render(request, "desk/duty/month.html", page, status=status_of(refused) if refused else 200)
    rows = on_duty.table(viewer, asked.place, asked.code, first=asked.first, last=asked.last)
    page |= {
        "asked": asked,
        "rosters": asking.rosters_at(place),
        "days": asking.by_day(rows),
        "rows": rows,
        "loads": _loads(rows),
        "open_count": sum(not row.name for row in rows),
        "people": on_duty.names(on_duty.holders(asked.place, asked.roster.posts)),
    }
    return render(request, "desk/duty/month.html", page, status=status_of(refused) if refused else 200)


def _loads(rows: list[on_duty.ShiftSeen]) -> list[tuple[str, int, int]]:
    """How many shifts each has, and how many of them on days off."""
    names = dict.fromkeys(row.name for row in rows if row.name)
    return [
        (name, sum(row.name == name for row in rows), sum(row.name == name and row.day_off for row in rows))
        for name in names
    ]


@at_post("export")
def export(request: HttpRequest) -> HttpResponse:
    """The month as a table to take away."""
    viewer = viewer_for(request)
    place = _place(request, viewer)
    asked = asking.read(request, viewer, place=place) if asking.rosters_at(place) else None
    held = [(asked.code, asked.first, asked.last)] if asked else []
    rows = [row for code, first, last in held for row in on_duty.table(viewer, place, code, first=first, last=last)]
    head = [_("日期"), _("时段"), _("值班人"), _("值班电话"), _("休息日")]
    lines_of = [
        [one.day.isoformat(), asking.hours_of(one.begins_at, one.ends_at, one.path), one.name, one.number,
         _("是") if one.day_off else ""]
        for one in rows
    ]  # fmt: skip
    sought = {"roster": asked.code, "month": asked.month} if asked else {}
    day = {"most": unasked(viewer), "gone": gone_unasked(viewer)}
    log_export("duty", by=viewer, path=place, rows=len(rows), sought=sought, **day)
    title = f"{asked.roster.title}{asked.month}" if asked else _("值班表")
    return answer([head, *lines_of], title=title, note=path_words(place))
