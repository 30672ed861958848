"""Who is missing and who can take a matter: posts and unit types of the edition against those in force."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from youying.access.models import Post, Unit
from youying.access.queries import holding
from youying.editions.queries import edition_by_digest, edition_for
from youying.editions.rules import paths_up
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.directory_rules import Taker, may_take, pushes_down
from youying.matters.models import Matter
from youying.matters.taking import row_for, taker
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
    """A unit that a matter can be given to; `near` says that its type answers at a level the matter lies in.

    One that only `helps` is no lead here: the matter is a department's duty.
    """

    id: int
    code: str
    title: str
    kind: str
    near: bool
    helps: bool = False


def vacancies(viewer: Viewer, area_path: str) -> list[Vacancy]:
    """Every place below that has fewer people in a post than the edition's `each` at the post's level.

    A grid worker appointed to a whole community serves each of its grids.
    """
    viewer.require_reach(area_path)
    edition = edition_for(area_path)
    held = Counter(Post.objects.filter(holding(now())).values_list("code", "reach"))
    found = []
    for code, post in edition.pack.posts.items():
        for path in _places(area_path, post.at) if post.each and post.at else ():
            have = held[code, path] + (held[code, path.rpartition("/")[0]] if post.at == "grid" else 0)
            if have < (post.each or 0):
                found.append(Vacancy(code, post.title, path, path_words(path), have, post.each or 0))
    return found


def grid_workers(viewer: Viewer, area_path: str) -> dict[str, list[str]]:
    """The names of those who hold a post of the grid level, by the path of each grid that their reach covers."""
    viewer.require_reach(area_path)
    try:
        codes = [code for code, post in edition_for(area_path).pack.posts.items() if post.at == "grid"]
    except Refused:
        return {}
    posts = Post.objects.filter(holding(now()), code__in=codes, account__active=True).order_by("pk")
    names: dict[str, list[str]] = defaultdict(list)
    for reach, name in posts.values_list("reach", "account__name"):
        names[reach].append(name)
    paths = [grid.path for grid in grids_below(area_path)]
    return {path: [name for above in paths_up(path) for name in names.get(above, ())] for path in paths}


def _places(area_path: str, level: str) -> list[str]:
    if level == "grid":
        return [grid.path for grid in grids_below(area_path)]
    if level == "compound":
        return [compound.path for compound in compounds_below(area_path)]
    if level == "building":
        standing = Building.objects.filter(closed_at__isnull=True, path__startswith=area_path.rstrip("/") + "/")
        return list(standing.order_by("path").values_list("path", flat=True))
    return [area.path for area in areas_below(area_path, level=level)]


def units_for(matter: Matter, category: str = "") -> list[UnitChoice]:
    """The units that a matter may be given to, nearest first: the same that the dispatch itself lets through.

    They are of a type of its edition and cover or lie below its place, or are named by the directory's row; of them
    none that the row says it is never given to.
    """
    kinds = edition_by_digest(matter.edition_id).pack.units
    row = row_for(matter, category)
    units = [taker(unit, kinds) for unit in Unit.objects.filter(active=True)]
    levels = {area.path: area.level for area in areas_below("/")}
    named = next((unit for unit in units if row and unit.is_called((row.unit,))), None)
    choices = [
        UnitChoice(
            unit.id,
            unit.code,
            unit.title,
            unit.kind_title,
            _near(unit, kinds, levels),
            helps=pushes_down(unit, named, row=row),
        )
        for unit in units
        if may_take(unit, kinds=kinds, place_path=matter.place_path, row=row)
        and not (row and unit.is_meant(row.not_to))
    ]
    return sorted(choices, key=lambda c: (not c.near, c.title))


def _near(unit: Taker, kinds: Mapping[str, Any], levels: dict[str, str]) -> bool:
    at = kinds[unit.kind].at if unit.kind in kinds else ""
    last = unit.reach.rpartition("/")[2]
    own = levels.get(unit.reach) or {"c": "compound", "b": "building", "g": "grid"}.get(last[:1], "")
    return at is None or own == at
