"""The page of one matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.guard import is_htmx
from youying.access.queries import viewer_for
from youying.access.rules import UNMASK_PURPOSES
from youying.editions.queries import calendar_for, edition_by_digest
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.ledger.walking import walk
from youying.faces.desk.matter import buttons, showing
from youying.faces.desk.matter.choices import likely_guess
from youying.faces.desk.matter.offering import wished
from youying.faces.desk.matter.panels import panel_of
from youying.faces.shared.axis import axis_of
from youying.faces.shared.house_words import told_each
from youying.faces.shared.rounds import completions
from youying.files.queries import for_subject
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.matters.queries.telling import particulars
from youying.places.queries import path_words
from youying.places.viewing import grid_shapes
from youying.record.queries import verify_story
from youying.text.queries import category_title

MOST_GRIDS = 40
STORIES = ("all", "resident", "photos")


@at_post()
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one matter, and what may be done now."""
    viewer = viewer_for(request)
    found = queries.find(viewer, number)
    page = head(viewer, found) | body(viewer, found, which=_which(request)) | doing(viewer, found)
    page["walk"] = walk(viewer, request, found)
    page["panel"] = panel_of(request, found, page["acts"].can)
    page["no_such_act"] = bool(request.GET.get("act")) and page["panel"] is None
    return render(request, "desk/matter/matter.html", page)


@at_post()
def story(request: HttpRequest, number: str) -> HttpResponse:
    """The story alone, through one of its filters."""
    viewer = viewer_for(request)
    found = queries.find(viewer, number)
    page = {"matter": found} | body(viewer, found, which=_which(request))
    template = "desk/matter/_story.html" if is_htmx(request) else "desk/matter/story.html"
    return render(request, template, page)


def _which(request: HttpRequest) -> str:
    wanted = request.GET.get("story", "all")
    return wanted if wanted in STORIES else "all"


def head(viewer: Viewer, found: Any) -> dict[str, Any]:
    """What stands on top: words, place, people, photos."""
    edition = edition_by_digest(found.edition_id)
    channel = edition.pack.channel.get(found.channel)
    return {
        "matter": found,
        "lamp": queries.lamp(found),
        "supervised": queries.is_supervised(found),
        "place": found.place_words or path_words(found.place_path),
        "grid": path_words(found.grid_path).rpartition("·")[2] if found.grid_id else "",
        "category": category_title(found.category) if found.category else "",
        "guess": category_title(guess, short=True) if (guess := likely_guess(found)) else "",
        "wished": wished(found),
        "channel": channel.title if channel else found.channel,
        "urgency": edition.pack.values.get("urgency", {}).get(found.urgency, ""),
        "edition_title": edition.pack.pack.title,
        "reporters": [showing.reporter(one) for one in queries.reporters(viewer, found)],
        "purposes": UNMASK_PURPOSES,
        "photos": showing.photos(for_subject(viewer, found.subject), completions(found)),
        "map": map_of(viewer, found),
        "papers": queries.papers_of(viewer, found),
        "whistles": queries.summonses(found),
        **_progress(found),
        "parts_mine": queries.may_change_parts(viewer, found),
    }


def _progress(found: Any) -> dict[str, Any]:
    """The parts of a whole, and the line along time that whoever applied sees too."""
    parts = queries.progress(found) if found.parts_done is not None else None
    if parts is None:
        return {"progress": None, "axis": None}
    return {"progress": parts, "axis": axis_of(queries.milestones(found, parts), at=now(), lines=parts.lines)}


def map_of(viewer: Viewer, found: Any) -> dict[str, Any] | None:
    """The matter as a point among the grids of its community, where its place is known that well."""
    if found.longitude is None or found.latitude is None:
        return None
    grids = grid_shapes(viewer, found.area_path) if viewer.may("view") and viewer.reaches(found.area_path) else []
    shapes = [
        {"geometry": one.polygon, "title": one.title, "chosen": one.id == found.grid_id}
        for one in grids[:MOST_GRIDS]
        if one.polygon
    ]
    if not shapes and not settings.YOUYING_TILE_URL:
        return None
    tone = TONES.get(queries.lamp(found).colour, "g")
    return {
        "shapes": shapes,
        "points": [{"lon": found.longitude, "lat": found.latitude, "title": found.place_words, "lamp": tone}],
    }


TONES = {
    "green": "g",
    "yellow": "y",
    "red": "r",
    "overdue": "o",
    "paused": "p",
    "waiting": "d",
    "done": "d",
    "none": "g",
}


def body(viewer: Viewer, found: Any, *, which: str) -> dict[str, Any]:
    """Flow, deadlines and story."""
    edition = edition_by_digest(found.edition_id)
    zone = calendar_for(edition, found.area_path).zone
    lines = queries.story(found)
    own = (None, found.lead_id)  # what other units have a clock of their own for stands beside their names
    clocks = [one for one in queries.clocks(found) if (one.due_at or one.paused) and one.unit_id in own]
    return {
        "flow": showing.flow(found, lines),
        "clocks": [(clock, showing.ruler(clock, zone), showing.heard(clock)) for clock in clocks],
        "story": showing.story(lines, which, more=particulars(viewer, found, lines)),
        "story_count": len(lines),
        "story_which": which,
        "story_check": verify_story(found.subject),
    }


def _worth_saying(closed: Any, found: Any) -> bool:
    """Whether a closed step is one that this reader would look for: of this stage or their own, and not done already."""
    of_now = closed.mine or closed.refused.code != "wrong-stage"
    return of_now and closed.id not in found.doers


def closed_steps(closed: Iterable[Any]) -> list[tuple[str, Refused]]:
    """What cannot be done now and why; the steps that wait for the same people stand together under one reason."""
    made: list[tuple[str, Refused]] = []
    others: dict[str, list[str]] = {}
    for one in closed:
        if one.refused.code == "not-yours" and one.refused.need:
            others.setdefault(one.refused.need, []).append(one.title)
        else:
            made.append((one.title, one.refused))
    for who, titles in others.items():
        say = _("要由%(who)s来做。") % {"who": told_each(who)}
        made.append((told_each("、".join(titles)), Refused("not-yours", say=say, need=who)))
    return made


def doing(viewer: Viewer, found: Any) -> dict[str, Any]:
    """What may and may not be done, who has it, what waits, what is related."""
    acts = queries.possible_acts(viewer, found)
    first = queries.next_step(viewer, found)
    return {
        "acts": acts,
        "buttons": buttons.in_order(acts.can, first),
        "has_next": first is not None,
        "cannot": closed_steps(one for one in acts.cannot if _worth_saying(one, found)),
        "assigned": queries.assignments(found),
        "may_issue": any(act.id == "issue-secret" for act in acts.can),
        "asks": queries.asks_for(viewer, matter=found),
        "supervisions": queries.supervisions_of(viewer, found),
        "related": queries.related(viewer, found),
        "rules_page": reverse("desk:matter", args=[found.number]),
    }
