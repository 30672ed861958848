"""Which matters a figure is about: the viewer's reach, what was picked, and local days in every zone within reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from youying.insight.periods import Period
from youying.kernel.moments import local, now, zone
from youying.kernel.viewers import Viewer
from youying.matters.queries import in_place
from youying.places.queries import areas_below, zone_of

ROOT = "/"
NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a reader picked; empty values pick nothing out. `category` takes those below it too."""

    place: str = ""
    unit: int | None = None
    grid: int | None = None
    compound: int | None = None
    category: str = ""
    channel: str = ""
    kind: str = ""
    urgency: str = ""
    tier: str = ""

    @property
    def plain(self) -> dict[str, str]:
        """The picks that are equal columns in a matter and in a tally cell."""
        picks = {"channel": self.channel, "kind": self.kind, "urgency": self.urgency, "tier": self.tier}
        return {column: value for column, value in picks.items() if value}


EVERYTHING = Narrow()


def within(viewer: Viewer, narrow: Narrow, *, unit: str) -> Q:
    """The condition of reach and picks; `unit` is the column of the unit (`lead_id` of a matter, `unit_id` of a cell).

    A post that reaches no place sees the figures of its own unit.
    """
    viewer.require("rates")
    found = in_place(viewer.reach) if viewer.reach else _own_unit(viewer, unit)
    if narrow.place:
        found &= in_place(narrow.place)
    if narrow.category:
        found &= Q(category=narrow.category) | Q(category__startswith=narrow.category + ".")
    ids = {unit: narrow.unit, "grid_id": narrow.grid, "compound_id": narrow.compound}
    picked = {column: value for column, value in ids.items() if value is not None}
    return found & Q(**picked, **narrow.plain)


def _own_unit(viewer: Viewer, unit: str) -> Q:
    return Q(**{unit: viewer.unit_id}) if viewer.unit_id is not None else NOTHING


def root_of(viewer: Viewer, narrow: Narrow) -> str:
    """The place that a board is about: what was picked, else the viewer's reach; refused outside it."""
    if narrow.place and viewer.reach:
        viewer.require_reach(narrow.place)
    return narrow.place or viewer.reach or ROOT


def area_of(path: str) -> str:
    """The area that a path lies in, without compound, building and grid."""
    steps = path.split("/")
    while len(steps) > 1 and steps[-1][:1] in ("c", "b", "g") and steps[-1][1:].isdigit():
        steps.pop()
    return "/".join(steps) or ROOT


def zones_below(path: str) -> dict[str, list[str]]:
    """The time zones at or below a path, each with its areas; the one of the place itself first."""
    home = zone_of(area_of(path)) if path != ROOT else settings.YOUYING_ZONE
    found: dict[str, list[str]] = {home: []}
    for area in areas_below(area_of(path), closed=True):
        found.setdefault(zone_of(area.path), []).append(area.path)
    return found


def today_in(zones: Iterable[str]) -> date:
    """The latest date that it is anywhere within reach."""
    moment = now()
    return max(local(moment, zone(name)).date() for name in zones)


def in_period(period: Period, zones: dict[str, list[str]]) -> Q:
    """Matters opened on the days of a period, by the calendar on the wall where they stand."""
    home, *others = zones
    found = NOTHING
    elsewhere: list[str] = []
    for name in others:
        found |= _between(period, name) & Q(area_path__in=zones[name])
        elsewhere += zones[name]
    here = _between(period, home)
    return found | (here & ~Q(area_path__in=elsewhere)) if others else here


def _between(period: Period, zone_name: str) -> Q:
    since, until = period.moments(zone(zone_name))
    return Q(opened_at__gte=since, opened_at__lt=until)
