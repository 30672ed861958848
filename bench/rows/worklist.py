"""Staff worklists: every filter with every sort, for the district, a street and a unit."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bench.figures import Figure, p95, say_ms, timed_ms
from bench.street import NOW, District
from youying.kernel.moments import still
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, worklist

SORTS = ("due", "-due", "received", "-received", "changed", "-changed", "number", "-number")
LAMPS = ("green", "yellow", "red", "overdue", "paused", "waiting")
TIMES = 2
SLOWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One list that somebody opens."""

    viewer: str
    filter: str
    sort: str
    filters: Filters


def viewers(district: District) -> dict[str, Viewer]:
    """The whole district, one street, one unit."""
    whole = district.staff["dispatcher"]
    street = replace(whole, reach=district.communities[0].rpartition("/")[0])
    return {"district": whole, "street": street, "unit": district.departments["paishui"].viewer}


def filters(district: District, chance: random.Random) -> dict[str, Filters]:
    """One of every filter, and none."""
    place, since = chance.choice(district.places), NOW - timedelta(days=90)
    return {
        "none": Filters(),
        "unit": Filters(unit=district.departments["zhifa"].unit_id),
        "area": Filters(place=place.area_path),
        "street": Filters(place=place.area_path.rpartition("/")[0]),
        "compound": Filters(compound=place.compound_id),
        "grid": Filters(grid=place.grid_id),
        "category": Filters(category="traffic.parking"),
        "category-branch": Filters(category="utilities"),
        "channel": Filters(channel="hotline"),
        "kind": Filters(kind="demand"),
        "stage": Filters(stage="in-hand"),
        "urgency": Filters(urgency="urgent"),
        **{f"lamp-{colour}": Filters(lamp=colour) for colour in LAMPS},
        "period": Filters(since=since, until=since + timedelta(days=30)),
        "text": Filters(text="下水道"),
        "text-rare": Filters(text="八十岁老人 花坛后面"),
    }


def asked(district: District) -> Iterator[Asked]:
    """Every filter with every sort, of open matters and of all."""
    chance = random.Random(3)
    for name, filters_of in filters(district, chance).items():
        for state in ("open", "all"):
            for viewer in viewers(district):
                for sort in SORTS:
                    yield Asked(viewer, f"{name}/{state}", sort, replace(filters_of, state=state))


def measure(district: District, where: str) -> list[Figure]:
    """Times of all lists, and which were slowest."""
    people = viewers(district)
    spent: dict[Asked, list[float]] = {}
    with still(NOW):
        for _ in range(TIMES):
            for one in asked(district):
                spent.setdefault(one, []).append(
                    timed_ms(lambda one=one: worklist(people[one.viewer], one.filters, sort=one.sort))
                )
    best = {one: min(times) for one, times in spent.items()}
    found = []
    for state in ("open", "all"):
        times = [ms for one, ms in best.items() if one.filters.state == state]
        found.append(
            Figure(
                f"worklist, 50 rows, {state}: {len(times)} filters × sorts × viewers",
                where,
                say_ms(times),
                f"{sum(ms > 40 for ms in times)} lists above 40 ms",
                "p95 ≤ 40 ms at 1 M",
                p95(times) <= 40,
            )
        )
    slowest = sorted(best, key=lambda one: -best[one])[: int(os.environ.get("BENCH_SLOWEST", SLOWEST_SHOWN))]
    said = "; ".join(f"{one.viewer} {one.filter} {one.sort} {best[one]:.0f} ms" for one in slowest)
    found.append(Figure("worklist: the slowest lists", where, said))
    return found
