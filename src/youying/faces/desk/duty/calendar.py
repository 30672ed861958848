"""One's own shifts as a calendar file (RFC 5545), for the calendar of a telephone.

No telephone number and no other name goes into it: a calendar is kept by whoever keeps the telephone's calendars.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.kernel.moments import local, now, zone
from youying.people.on_duty import ShiftSeen, own
from youying.places.queries import path_words, zone_of

DAYS_AHEAD = 366
KIND = "text/calendar; charset=utf-8"


@at_post()
def download(request: HttpRequest) -> HttpResponse:
    """The shifts of whoever asks that run or come, to be opened by a calendar; taken again it replaces what it gave."""
    rows = own(viewer_for(request), days=DAYS_AHEAD)
    file = calendar_of(rows, host=request.get_host(), root=request.build_absolute_uri("/").rstrip("/"), made=now())
    return HttpResponse(file, content_type=KIND, headers={"Content-Disposition": 'attachment; filename="duty.ics"'})


def calendar_of(rows: Iterable[ShiftSeen], *, host: str, root: str, made: datetime) -> bytes:
    """A calendar of shifts in the time of their places; each has a name of its own, so that nothing comes in twice."""
    found = Calendar()
    found.add("prodid", "-//Youying//duty//ZH")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", _("我的值班"))
    for row in rows:
        found.add_component(_event(row, host=host, root=root, made=made))
    found.add_missing_timezones()
    return bytes(found.to_ical())


def _event(row: ShiftSeen, *, host: str, root: str, made: datetime) -> Event:
    there = zone(zone_of(row.path))
    event = Event()
    event.add("uid", f"shift-{row.id}@{host}")
    event.add("sequence", row.version)
    event.add("dtstamp", made)
    event.add("dtstart", local(row.begins_at, there))
    event.add("dtend", local(row.ends_at, there))
    event.add("summary", row.title)
    event.add("location", path_words(row.path))
    event.add("url", root + reverse("desk:duty-shift", args=[row.id]))
    return event
