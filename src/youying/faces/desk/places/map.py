"""The map of grids: our own polygons, the open matters in each, and the same as a table beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.packs.where import choices, place_asked
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, counts
from youying.places.queries import path_words
from youying.places.viewing import GridShape, grid_shapes

MOST_GRIDS = 60
STEPS = (5, 9, 15)


@at_post("view")
def grid_map(request: HttpRequest) -> HttpResponse:
    """The grids of a place with what is open in each."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    grids = grid_shapes(viewer, place)[:MOST_GRIDS]
    chosen = request.GET.get("grid", "")
    rows = counted(viewer, grids)
    page = {
        "place": place,
        "place_words": path_words(place),
        "places": choices(viewer),
        "rows": rows,
        "chosen": next((row for row in rows if str(row["grid"].id) == chosen), None),
        "map_data": {"shapes": [shape(row, place, chosen) for row in rows if row["grid"].polygon], "points": []},
        "total": sum(row["open"] for row in rows),
        "steps": STEPS,
    }
    return render(request, "desk/places/map.html", page)


def counted(viewer: Viewer, grids: list[GridShape]) -> list[dict[str, Any]]:
    """Each grid with its open and its overdue matters."""
    asked = {f"open-{one.id}": Filters(grid=one.id) for one in grids}
    asked |= {f"late-{one.id}": Filters(grid=one.id, lamp="overdue") for one in grids}
    found = counts(viewer, asked)
    return [{"grid": one, "open": found[f"open-{one.id}"], "late": found[f"late-{one.id}"]} for one in grids]


def shape(row: dict[str, Any], place: str, chosen: str) -> dict[str, Any]:
    """A grid as the map draws it, darker the more is open."""
    grid = row["grid"]
    return {
        "geometry": grid.polygon,
        "title": grid.title,
        "count": row["open"],
        "step": sum(row["open"] >= step for step in STEPS),
        "href": f"{reverse('desk:map')}?place={place}&grid={grid.id}",
        "chosen": str(grid.id) == chosen,
    }
