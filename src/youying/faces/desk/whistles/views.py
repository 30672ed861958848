"""The board of whistles: who is awaited now, and how every unit answered in a period."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.rates.asking import PERIODS, read
from youying.kernel.moments import zone
from youying.matters import queries
from youying.places.queries import zone_of


@at_post(power="view")
def board(request: HttpRequest) -> HttpResponse:
    """Whistles within sight that wait for a unit, and the units with what they answered in time, late or not at all."""
    viewer = viewer_for(request)
    asked = read(request.GET.dict(), viewer=viewer)
    there = zone(zone_of(viewer.reach or "/"))
    since, until = (datetime.combine(day, time.min, tzinfo=there) for day in (asked.period.since, asked.period.until))
    page = {
        "board": queries.whistle_board(viewer, since=since, until=until),
        "asked": asked,
        "period": asked.period,
        "periods": PERIODS,
    }
    return render(request, "desk/whistles/board.html", page)
