"""Which roster, place and month a page of duty is about, and how a shift's time is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils.translation import gettext as _

from youying.faces.desk.packs.where import choices
from youying.faces.shared.words import day as say_day
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.duty import rosters_at
from youying.packs.schema_rhythm import Roster
from youying.people.on_duty import ShiftSeen
from youying.people.roster_rules import A_DAY, month_of
from youying.places.queries import grids_below, known_area, path_words, zone_of


@dataclass(frozen=True, slots=True)
class Asked:
    """The roster of a place and the month that a page shows."""

    place: str
    code: str
    roster: Roster
    first: date
    last: date

    @property
    def month(self) -> str:
        """The month as an address says it."""
        return f"{self.first:%Y-%m}"

    @property
    def month_words(self) -> str:
        """The month as a reader reads it."""
        return _("%(year)s年%(month)s月") % {"year": self.first.year, "month": self.first.month}

    @property
    def before(self) -> str:
        """The month before."""
        return f"{self.first - A_DAY:%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{self.last + A_DAY:%Y-%m}"


def read(request: HttpRequest, viewer: Viewer, *, place: str) -> Asked:
    """What the address or the form asks for; without words the first roster and the running month."""
    said = {name: request.POST.get(name, request.GET.get(name, ""))[:60] for name in ("roster", "month")}
    rosters = rosters_at(place)
    code = said["roster"] if said["roster"] in rosters else next(iter(rosters), "")
    if not code:
        raise Refused("roster-missing", say=_("这里的机制包没有写值班表，请先在本地包里加一节。"), have=place)
    first, last = month_of(read_month(said["month"], place))
    return Asked(place, code, rosters[code], first, last)


def read_month(said: str, place: str) -> date:
    """A month as an address writes it; the running one for anything else."""
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        return local(now(), zone(zone_of(place))).date()


def place_of_duty(said: str, viewer: Viewer, *, usual: str) -> str:
    """The area or grid a page is about; refused where there is none within reach."""
    if not said:
        return usual
    viewer.require_reach(said)
    area = said.rpartition("/")[0] if is_grid(said) else said
    return said if said == "/" or (is_grid(said) and known_area(area)) else known_area(said).path


def is_grid(path: str) -> bool:
    """Whether a path leads to a grid."""
    last = path.rpartition("/")[2]
    return last.startswith("g") and last[1:].isdigit()


def places(viewer: Viewer, place: str) -> list[tuple[str, str]]:
    """The areas to choose from, with the grids of the one shown, which may keep a roster of their own."""
    area = place.rpartition("/")[0] if is_grid(place) else place
    grids = [(one.path, path_words(one.path)) for one in grids_below(area)] if area != "/" else []
    found = choices(viewer)
    return [*found, *grids[:50]] if len(grids) <= 50 else found


def hours_of(begins_at: datetime, ends_at: datetime, place: str) -> str:
    """From when to when, on the wall clock of the place: "16:00—24:00"."""
    there = zone(zone_of(place))
    begins, ends = local(begins_at, there), local(ends_at, there)
    return f"{begins:%H:%M}—{'24:00' if ends.time() == time.min else f'{ends:%H:%M}'}"


def time_of(one: ShiftSeen) -> str:
    """The date and hours of a shift."""
    return f"{say_day(one.day)} {hours_of(one.begins_at, one.ends_at, one.path)}"


def by_day(rows: Sequence[ShiftSeen]) -> list[tuple[date, list[ShiftSeen]]]:
    """The shifts of each day, in order."""
    days: dict[date, list[ShiftSeen]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row)
    return list(days.items())
