"""What the portal offers before anything is said: places to choose, what will happen by when, who answers the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from youying.access.queries import units
from youying.editions.queries import adoptions, edition_for
from youying.kernel.durations import Duration, in_words
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.queries.duty import Line, PublishedDuty, lines, published_duty
from youying.places.placing import place_of
from youying.places.queries import areas_below, buildings_of, compounds_below, grid_at, path_words
from youying.places.viewing import grid_shapes

MOST_SHAPES = 60


@dataclass(frozen=True, slots=True)
class Promise:
    """What will happen after sending, by the clocks of the place; empty where it has no such clock."""

    contact: Duration | None
    complete: Duration | None

    def in_words(self, lang: str) -> tuple[str, str]:
        """Both periods as a reader of that language reads them."""
        code = "en" if lang.startswith("en") else "zh"
        return tuple(in_words(one, code) if one else "" for one in (self.contact, self.complete))  # type: ignore[return-value]


def promise(area_path: str) -> Promise:
    """How soon somebody is in touch and how soon it is done, as the edition of the place says."""
    loop = edition_for(area_path).loop_for("demand", {})
    by_verb: dict[str, Duration] = {}
    for clock in loop.clocks.values() if loop else ():
        limit = clock.limit({})
        for act in clock.stop_on & set(loop.acts if loop else ()):
            if loop and isinstance(limit, Duration):
                by_verb.setdefault(loop.acts[act].verb, limit)
    return Promise(by_verb.get("contact"), by_verb.get("complete"))


def promise_anywhere() -> Promise | None:
    """The promise that holds wherever one lives; nothing while places promise differently."""
    found = {promise(path) for path in served()}
    return found.pop() if len(found) == 1 else None


def served() -> list[str]:
    """The communities that have rules in force."""
    return [area.path for area in areas_below("/", level="community") if has_rules(area.path)]


def ready() -> bool:
    """Whether any community has rules in force, so that something said can be taken in at all."""
    return any(has_rules(area.path) for area in areas_below("/", level="community"))


def has_rules(path: str) -> bool:
    """Whether a place follows an edition, so that something said there can be taken in."""
    try:
        edition_for(path)
    except Refused:
        return False
    return True


def has_menu() -> bool:
    """Whether anything can be ordered from a menu where rules are in force."""
    return any(edition_for(path).pack.menu for path in served())


def only_root() -> str:
    """The one place whose rules cover everything served; empty where several places have rules of their own."""
    roots = sorted({row.area_path for row in adoptions(SYSTEM)}, key=len)
    tops = [path for path in roots if not any(path.startswith(f"{other}/") for other in roots)]
    return tops[0] if len(tops) == 1 and has_rules(tops[0]) else ""


def places() -> list[tuple[str, str, list[tuple[int, str]]]]:
    """Communities (name, path) with their compounds, to choose from."""
    known = {area.path: area.name for area in areas_below("/", level="community")}
    return [(known[path], path, [(one.id, one.name) for one in compounds_below(path)]) for path in served()]


def area_of(compound_id: int | None, area_path: str) -> str:
    """The community of what was chosen; empty where nothing was, or it is not known."""
    if not compound_id and not area_path:
        return ""
    try:
        return place_of(compound_id=compound_id, area_path=area_path).area_path
    except Refused:
        return ""


def buildings(compound_id: int | None) -> list[tuple[int, str]]:
    """The buildings of a compound."""
    return [(one.pk, one.name) for one in buildings_of(compound_id)] if compound_id else []


def map_data(where: str = "") -> dict[str, Any]:
    """Our own polygons for marking a place, each named after the compounds that stand in it; empty where none is drawn.

    `where` is the path looked at: everything served where nothing is chosen yet.
    """
    inside: dict[int, list[str]] = {}
    points = []
    for one in compounds_below(where or "/"):
        grid = grid_at(one.point) if one.point else None
        if grid:
            inside.setdefault(grid.id, []).append(one.name)
        elif one.point:
            points.append({"lon": one.point[0], "lat": one.point[1], "title": one.name})
    shapes = [
        {"geometry": one.polygon, "title": "、".join(inside.get(one.id, [])[:2]) or one.title}
        for one in grid_shapes(SYSTEM, where or "/")
        if one.polygon
    ]
    return {"shapes": shapes[:MOST_SHAPES], "points": points[:MOST_SHAPES], "pick": {"lon": "lon", "lat": "lat"}}


@dataclass(frozen=True, slots=True)
class Telephones:
    """The published duty of one place, its lines where it has rules of its own, the office numbers of the units there."""

    place: str
    lines: list[Line]
    offices: list[tuple[str, str]]
    duties: list[PublishedDuty]

    @property
    def numbered(self) -> bool:
        """Whether any number stands on the page."""
        people = (person for line in self.lines if line.shift and line.shift.published for person in line.shift.people)
        on_duty = any(duty.number for duty in self.duties)
        return bool(self.offices) or on_duty or any(person.number for person in people)


def telephones() -> list[Telephones]:
    """Every place with rules or a published roster of its own, by name, with its lines and who answers now."""
    duties: dict[str, list[PublishedDuty]] = {}
    for one in published_duty():
        duties.setdefault(one.path, []).append(one)
    ruled = {row.area_path for row in adoptions(SYSTEM)}
    found = [_telephones(path, duties.get(path, []), ruled=path in ruled) for path in sorted(ruled | set(duties))]
    return [one for one in found if one.lines or one.offices or one.duties]


def _telephones(path: str, duties: list[PublishedDuty], *, ruled: bool) -> Telephones:
    has_lines = ruled and has_rules(path)
    offices = offices_at(path) if has_lines else []
    return Telephones(path_words(path), lines(path) if has_lines else [], offices, duties)


def offices_at(path: str) -> list[tuple[str, str]]:
    """The units of exactly this place that publish an office number."""
    return [(unit.title, unit.phone) for unit in units(SYSTEM, reach=path) if unit.phone and unit.reach == path]
