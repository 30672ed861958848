"""The working calendar: which days are off and which weekends are worked, year by year."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.editions import actions
from youying.editions.queries import announced, legal_days_of, special_days_of
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.where import choices, place_asked
from youying.faces.desk.rates.asking import today
from youying.faces.shared.shell import say_once
from youying.faces.shared.words import day as say_day
from youying.kernel.calendar import years_known
from youying.kernel.refusals import Refused
from youying.places.queries import path_words

FIRST_YEAR, YEARS_AHEAD = 2004, 3


@at_post("packs")
def days(request: HttpRequest) -> HttpResponse:
    """The days of a year that differ from the week; the form adds or changes one."""
    if request.method != "POST":
        return _page(request)
    viewer, said = viewer_for(request), request.POST.get("day", "").strip()[:10]
    try:
        day = read_day(said)
        where = place_asked(request, viewer)
        kind = request.POST.get("working", "")
        if kind not in ("yes", "no"):
            raise Refused("choice-missing", say=_("请选这一天是上班还是放假。"), field="working")
        actions.edit_calendar_day(
            day, working=kind == "yes", by=viewer, name=request.POST.get("name", ""), area_path=where
        )
    except Refused as refused:
        return _page(request, refused=refused)
    say_once(request, _("%(day)s记下了，以后算期限就照它。") % {"day": say_day(day)})
    return HttpResponseRedirect(_address(where, day.year))


def read_day(said: str) -> date:
    """A day that somebody typed."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Refused("day-unreadable", say=_("请写日期，例如 2026-10-01。"), have=said, field="day") from None
    if not FIRST_YEAR <= day.year <= today().year + YEARS_AHEAD:
        raise Refused("day-out-of-bounds", say=_("只能写三年以内的日期。"), have=said, field="day")
    return day


def _page(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    viewer = viewer_for(request)
    where = place_asked(request, viewer)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today().year
    known = years_known()
    page = {
        "place": where,
        "place_words": path_words(where) or _("全部辖区"),
        "places": choices(viewer),
        "year": year,
        "days": special_days_of(where, year),
        "announced": announced(where, year),
        "legal": legal_days_of(where, year),
        "path_words": path_words,
        "may_seed": viewer.reach == "/" and year in known,
        "own": viewer.reaches,
        "given": {name: request.POST.get(name, "") for name in ("day", "working", "name")},
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/packs/days.html", page, status=status_of(refused) if refused else 200)


@at_post("packs")
@require_POST
def drop_day(request: HttpRequest) -> HttpResponse:
    """Let the week decide about a day again."""
    viewer, where = viewer_for(request), request.POST.get("area", "/")[:200]
    day = read_day(request.POST.get("day", "")[:10])
    actions.drop_calendar_day(day, by=viewer, area_path=where, calendar=request.POST.get("calendar", "national")[:60])
    say_once(request, _("%(day)s又照每周的安排了。") % {"day": say_day(day)})
    return HttpResponseRedirect(_address(request.POST.get("place", where)[:200], day.year))


@at_post("packs")
@require_POST
def seed_year(request: HttpRequest) -> HttpResponse:
    """Enter the announced holidays of a year."""
    said = request.POST.get("year", "")
    year = int(said) if said.isdecimal() and len(said) == 4 else 0
    count = actions.seed_calendar(year, by=viewer_for(request))
    say_once(request, _("%(year)s年填入 %(n)s 天，已有的没有动。") % {"year": year, "n": count})
    return HttpResponseRedirect(_address("/", year))


def _address(place: str, year: int) -> str:
    return f"{reverse('desk:pack-days')}?{urlencode({'place': place, 'year': year})}"
