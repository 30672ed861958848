"""The map of grids: our own polygons, the open matters in each, and the same as a table beside it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.packs.where import choices, place_asked
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, counts
from youying.matters.queries.staffing import grid_workers
from youying.places.queries import path_words
from youying.places.viewing import GridShape, grid_shapes

MOST_GRIDS = 60
QUARTERS = 4


@at_post("view")
def grid_map(request: HttpRequest) -> HttpResponse:
    """The grids of a place with what is open in each."""
    viewer = viewer_for(request)
    place = place_asked(request, viewer)
    grids = grid_shapes(viewer, place)[:MOST_GRIDS]
    chosen = request.GET.get("grid", "")
    rows = counted(viewer, grids)
    steps = steps_of([row["open"] for row in rows])
    workers = grid_workers(viewer, place)
    for row in rows:
        row["worker"] = row["grid"].worker_name or "、".join(workers.get(row["grid"].path, ()))
    page = {
        "place": place,
        "place_words": path_words(place),
        "places": choices(viewer),
        "rows": rows,
        "chosen": next((row for row in rows if str(row["grid"].id) == chosen), None),
        "map_data": {"shapes": [shape(row, place, chosen, steps) for row in rows if row["grid"].polygon], "points": []},
        "total": sum(row["open"] for row in rows),
        "legend": legend(steps),
    }
    return render(request, "desk/places/map.html", page)


def steps_of(counts_open: list[int]) -> list[int]:
    """Where each darker shade begins: even steps between the fewest and the most that is open in these grids."""
    least, most = min(counts_open, default=0), max(counts_open, default=0)
    starts = [least + math.ceil((most - least) * part / QUARTERS) for part in range(1, QUARTERS)]
    return sorted({start for start in starts if least < start <= most})


def legend(steps: list[int]) -> list[str]:
    """The number of open matters that each shade stands for."""
    ends = [f"0—{steps[0] - 1}"] if steps else [_("都一样多")]
    ends += [f"{a}—{b - 1}" if b - 1 > a else str(a) for a, b in pairwise(steps)]
    return ends + [_("%(n)s 以上") % {"n": step} for step in steps[-1:]]


def counted(viewer: Viewer, grids: list[GridShape]) -> list[dict[str, Any]]:
    """Each grid with its open and its overdue matters."""
    asked = {f"open-{one.id}": Filters(grid=one.id) for one in grids}
    asked |= {f"late-{one.id}": Filters(grid=one.id, lamp="overdue") for one in grids}
    found = counts(viewer, asked)
    return [{"grid": one, "open": found[f"open-{one.id}"], "late": found[f"late-{one.id}"]} for one in grids]


def shape(row: dict[str, Any], place: str, chosen: str, steps: list[int]) -> dict[str, Any]:
    """A grid as the map draws it, darker the more is open."""
    grid = row["grid"]
    return {
        "geometry": grid.polygon,
        "title": grid.title,
        "count": row["open"],
        "step": sum(row["open"] >= step for step in steps),
        "href": f"{reverse('desk:map')}?place={place}&grid={grid.id}",
        "chosen": str(grid.id) == chosen,
    }
