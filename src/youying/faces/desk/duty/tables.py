"""Month sheets of duty: tried out, questions about names answered, taken in; what does not fit comes back as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import IO, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.faces.desk.duty import asking
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.packs.where import usual_place
from youying.faces.desk.tables import taking
from youying.faces.shared.shell import say_once
from youying.files.queries import one
from youying.files.tables import lines_of
from youying.kernel.masking import mask_text
from youying.kernel.tables import Field, plain, written
from youying.kernel.viewers import Viewer
from youying.matters.queries.duty import roster_in_force, rosters_at
from youying.packs.schema_rhythm import Roster
from youying.people.actions import import_month, try_month
from youying.people.roster_rules import ALL_DAY, RosterSaid
from youying.people.roster_table_rules import DAY, NUMBER, sheet_month

ASKED = "who-"
"""What the questions about names begin with in the form."""
MOST_LINES = 500


def letters(place: int) -> str:
    """The name of a column as a spreadsheet shows it: A, B, … Z, AA."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def lettered(stream: IO[bytes]) -> taking.Rows:
    """The lines of a month sheet by the letters of their columns; it may have titles of any kind, and no head at all."""
    return [{letters(place): cell for place, cell in enumerate(line)} for line in lines_of(stream)]


def columns(roster: Roster) -> dict[str, Field]:
    """The columns of an empty table of a roster: the day, each shift by its hours, the number shown."""
    found = {"day": Field((DAY,), plain, needed=True)}
    found |= {f"shift-{place}": Field((span,), plain) for place, span in enumerate(roster.hours or [ALL_DAY])}
    return found | {"number": Field((NUMBER,), plain)}


def where(request: HttpRequest, viewer: Viewer) -> tuple[str, date]:
    """The place and month that the address names; refused outside one's reach."""
    place = asking.place_of_duty(request.GET.get("place", "").strip()[:200], viewer, usual=usual_place(viewer))
    viewer.require_reach(place)
    return place, asking.read_month(request.GET.get("month", "")[:7], place)


def counter(request: HttpRequest, viewer: Viewer) -> taking.Counter:
    """Where month sheets of the rosters of a place are handed in."""
    place, month = where(request, viewer)
    rosters = rosters_at(place)
    return taking.Counter(
        titles={code: one.title for code, one in rosters.items()},
        columns={code: columns(one) for code, one in rosters.items()},
        try_rows=lambda kind, rows, by, name: try_month(
            _said(place, kind, _lines(rows), month), _lines(rows), month=month, by=by, file=name
        ),
        start="desk:duty-imports",
        look="desk:duty-import",
        to_fix="desk:duty-to-fix",
        blank="desk:duty-blank",
        back="desk:duty-month",
        most_rows=MOST_LINES,
        unknown="roster-unknown",
        words=lambda _viewer: {code: _told(one) for code, one in rosters.items()},
        read=lettered,
        show=lambda cell: mask_text(written(cell)),
        query=urlencode({"place": place, "month": f"{month:%Y-%m}"}),
    )


def _told(roster: Roster) -> list[tuple[str, str]]:
    """What the head of a sheet is understood by."""
    return [
        (_("班次"), _("写“白班”“夜班”，或时段：%(hours)s") % {"hours": "、".join(roster.hours or [ALL_DAY])}),
        (_("电话"), _("只收“%(number)s”这一列，会向居民公开；个人电话不收") % {"number": NUMBER}),
    ]


def _lines(rows: taking.Rows) -> list[list[Any]]:
    return [list(row.values()) for row in rows]


def _said(place: str, kind: str, lines: list[list[Any]], month: date) -> RosterSaid:
    """The roster with the days off of the month that the sheet is about, which need not be the page's."""
    said = roster_in_force(place, kind)
    month = sheet_month(lines, roster=said.roster, zone=said.zone, month=month)
    return roster_in_force(place, kind, month=month)


@at_post("rosters")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a roster and a month sheet."""
    return taking.start(request, counter(request, viewer_for(request)))


@at_post("rosters")
def look(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Try the sheet out without keeping anything; the button takes in what fits, with the names that were asked."""
    viewer = viewer_for(request)
    one(viewer, token)
    at = counter(request, viewer)
    kind = at.kind_said(kind)
    if request.method != "POST":
        return taking.look(request, at, kind, token)
    name, rows = taking.table(viewer, at, token)
    place, month = where(request, viewer)
    said = _said(place, kind, _lines(rows), month)
    outcome = import_month(said, _lines(rows), month=month, by=viewer, chosen=_chosen(request.POST), file=name)
    told = {"new": len(outcome.added), "changed": len(outcome.changed), "bad": len(outcome.refused)}
    say_once(request, _("导入好了：新排 %(new)s 班，改 %(changed)s 班，没收 %(bad)s 处。") % told)
    query = urlencode({"place": place, "roster": kind, "month": f"{outcome.month:%Y-%m}"})
    return HttpResponseRedirect(f"{reverse('desk:duty-month')}?{query}")


def _chosen(form: Mapping[str, Any]) -> dict[str, int]:
    """The accounts chosen for names that several people have."""
    said = {name.removeprefix(ASKED): str(form[name]) for name in form if name.startswith(ASKED)}
    return {name: int(key) for name, key in said.items() if key.isdecimal() and len(key) < 12}


@at_post("rosters")
def to_fix(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """The lines that do not fit, each with its reason, to mend and take in again."""
    viewer = viewer_for(request)
    one(viewer, token)
    at = counter(request, viewer)
    return taking.to_fix(request, at, at.kind_said(kind), token)


@at_post("rosters")
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty month sheet with the right titles."""
    return taking.blank(counter(request, viewer_for(request)), kind)
