"""Assessments: what was run, one run with its working, running a period that is over, a table to take away."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.assessments import actions, queries, rules
from youying.editions.queries import edition_for
from youying.faces.desk.assessments.taking import assessed
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.packs.where import choices, declared, place_asked
from youying.faces.desk.rates.tables import answer
from youying.faces.shared.shell import say_once
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import path_words, zone_of

A_DAY = timedelta(days=1)


@at_post("rates")
def assessments(request: HttpRequest) -> HttpResponse:
    """The assessments that the packs here declare, and the runs so far."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    page = {
        "kinds": declared(path, rules.assessments_of),
        "runs": queries.runs(viewer, path=path),
        "place": path,
        "places": choices(viewer),
        "day": A_DAY,
    }
    return render(request, "desk/assessments/assessments.html", page)


@at_post("rates")
def one_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: classes, not ranks; each score opens to its working."""
    found = queries.one_run(viewer_for(request), run_id)
    return render(request, "desk/assessments/run.html", {"run": found, "day": A_DAY, "points": points})


def points(text: str | None) -> str:
    """An exact number of points as printed, to one place."""
    return "" if text is None else rules.say_score(Fraction(text))


@at_post("rates")
def run(request: HttpRequest, code: str) -> HttpResponse:
    """Assess a period that is over; last month unless another is asked for."""
    viewer = viewer_for(request)
    path = place_asked(request, viewer)
    terms = rules.terms_of(edition_for(path), code)
    first, last = _last_month(path)
    page: dict[str, Any] = {"terms": terms, "place": path, "place_words": path_words(path), "errors": {}}
    page |= {"since": request.POST.get("since", f"{first}"), "until": request.POST.get("until", f"{last}")}
    if request.method != "POST":
        return render(request, "desk/assessments/ask.html", page)
    try:
        row = _ran(request, viewer, terms, path)
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/assessments/ask.html", page, status=status_of(refused))
    say_once(request, _("考评好了。"))
    return HttpResponseRedirect(reverse("desk:assessment", args=[row]))


def _ran(request: HttpRequest, viewer: Viewer, terms: rules.Terms, path: str) -> int:
    since, last = (_day(request.POST.get(name, ""), name) for name in ("since", "until"))
    period = {"since": since, "until": last + A_DAY}
    found = assessed(viewer, terms, path=path, **period)
    again = request.POST.get("again") == "1"
    return actions.run(terms.code, by=viewer, path=path, assessed=found, again=again, **period).pk


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("day-unreadable", say=_("日期请写成 2026-11-21。"), have=text[:20], field=field) from None


def _last_month(path: str) -> tuple[date, date]:
    """The first and last day of the month before this one."""
    last = local(now(), zone(zone_of(path))).date().replace(day=1) - A_DAY
    return last.replace(day=1), last


@at_post("export")
def table(request: HttpRequest, run_id: int) -> HttpResponse:
    """A run as a table, with the exact fraction beside each score."""
    found = queries.one_run(viewer_for(request), run_id)
    head = [_("单位"), _("等次"), _("得分"), _("精确得分")]
    lines = [
        [one.title, band, one.said, "" if one.score is None else f"{one.score.numerator}/{one.score.denominator}"]
        for band, scores in found.classes
        for one in scores
    ]
    return answer([head, *lines], title=found.title, note=f"{found.since}—{found.until - A_DAY}")
