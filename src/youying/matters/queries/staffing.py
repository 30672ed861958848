"""Who is missing and who can take a matter: posts and unit types of the edition against those in force."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from youying.access.models import Post, Unit
from youying.access.queries import holding
from youying.editions.queries import edition_by_digest, edition_for
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.places.models import Building
from youying.places.queries import areas_below, compounds_below, grids_below, path_words


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A place that lacks people in a post the edition asks for."""

    post: str
    title: str
    path: str
    place: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that a matter can be given to; `near` says that its type answers at a level the matter lies in."""

    id: int
    title: str
    kind: str
    near: bool


def vacancies(viewer: Viewer, area_path: str) -> list[Vacancy]:
    """Every place below that has fewer people in a post than the edition's `each` at the post's level."""
    viewer.require_reach(area_path)
    edition = edition_for(area_path)
    held = Counter(Post.objects.filter(holding(now())).values_list("code", "reach"))
    found = []
    for code, post in edition.pack.posts.items():
        for path in _places(area_path, post.at) if post.each and post.at else ():
            have = held[code, path]
            if have < (post.each or 0):
                found.append(Vacancy(code, post.title, path, path_words(path), have, post.each or 0))
    return found


def _places(area_path: str, level: str) -> list[str]:
    if level == "grid":
        return [grid.path for grid in grids_below(area_path)]
    if level == "compound":
        return [compound.path for compound in compounds_below(area_path)]
    if level == "building":
        standing = Building.objects.filter(closed_at__isnull=True, path__startswith=area_path.rstrip("/") + "/")
        return list(standing.order_by("path").values_list("path", flat=True))
    return [area.path for area in areas_below(area_path, level=level)]


def units_for(matter: Matter) -> list[UnitChoice]:
    """The units that may take a matter: types of its edition whose reach covers or lies below its place, nearest first."""
    edition = edition_by_digest(matter.edition_id)
    kinds = edition.pack.units
    levels = {area.path: area.level for area in areas_below("/")}
    rows = [
        unit
        for unit in Unit.objects.filter(active=True, kind__in=list(kinds)).order_by("title")
        if _touches(unit.reach, matter.place_path)
    ]
    choices = [
        UnitChoice(unit.pk, unit.title, kinds[unit.kind].title, _near(unit, kinds[unit.kind].at, levels))
        for unit in rows
    ]
    return sorted(choices, key=lambda c: (not c.near, c.title))


def _touches(reach: str, path: str) -> bool:
    return path == reach or path.startswith(reach.rstrip("/") + "/") or reach.startswith(path.rstrip("/") + "/")


def _near(unit: Unit, at: str | None, levels: dict[str, str]) -> bool:
    last = unit.reach.rpartition("/")[2]
    own = levels.get(unit.reach) or {"c": "compound", "b": "building", "g": "grid"}.get(last[:1], "")
    return at is None or own == at
