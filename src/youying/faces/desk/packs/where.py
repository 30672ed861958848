"""Which place a page of administration is about: named in the address, else the viewer's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.http import HttpRequest

from youying.editions.queries import adopted_near, adoptions, edition_by_digest
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.places.queries import areas_below, known_area, path_words

T = TypeVar("T")
LEVELS = ("county", "town", "community")


def place_asked(request: HttpRequest, viewer: Viewer) -> str:
    """The path of an area within reach; refused outside it or where no area is."""
    said = request.POST.get("place", request.GET.get("place", "")).strip()[:200]
    if not said:
        return usual_place(viewer)
    viewer.require_reach(said)
    return said if said == "/" else known_area(said).path


def usual_place(viewer: Viewer) -> str:
    """The viewer's own place; for somebody above all places the first that has adopted something."""
    if viewer.reach not in ("", "/"):
        return viewer.reach
    held = adoptions(viewer)
    first = next((area.path for area in areas_below("/") if area.level in LEVELS), "/")
    return min((row.area_path for row in held), default=first)


def declared(path: str, read: Callable[[Edition], Mapping[str, T]]) -> Mapping[str, T]:
    """What the packs of a place declare of one kind; nothing where no place above has adopted any."""
    adopted = adopted_near(path)
    return read(edition_by_digest(adopted.digest)) if adopted else {}


def choices(viewer: Viewer) -> list[tuple[str, str]]:
    """The areas that this viewer may choose between."""
    found = [area for area in areas_below(viewer.reach or "/none") if area.level in LEVELS]
    return [(area.path, path_words(area.path)) for area in found]
