"""What a grid looks after changes, and how it was stays known: for every building its spells under grids."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from youying.kernel.moments import now
from youying.places.models import Building, Compound, Grid, GridCover, GridSpell
from youying.places.rows import Row, below_filter
from youying.places.rules import lies_in

BATCH = 1_000


def drop_strange_covers(path: str) -> None:
    """A grid looks after nothing outside its community."""
    moved = Q(compound__path=path) | Q(building__path=path) | Q(grid__path=path)
    moved |= Q(compound__path__startswith=path + "/") | Q(building__path__startswith=path + "/")
    for row in GridCover.objects.filter(moved).select_related("grid__area", "compound", "building"):
        covered = row.compound or row.building
        if covered and not lies_in(covered.path, row.grid.area.path):
            row.delete()


def set_covers(grid: Grid, rows: Sequence[Row]) -> None:
    """Give a grid these compounds and buildings, and nothing else."""
    compounds = [row for row in rows if isinstance(row, Compound)]
    buildings = [row for row in rows if isinstance(row, Building)]
    GridCover.objects.filter(Q(grid=grid) | Q(compound__in=compounds) | Q(building__in=buildings)).delete()
    GridCover.objects.bulk_create(
        [
            *(GridCover(grid=grid, compound=row) for row in compounds),
            *(GridCover(grid=grid, building=row) for row in buildings),
        ]
    )


def settle(*paths: str) -> None:
    """Write down from this moment on which grid looks after the buildings at and below some paths, where it changed."""
    inside = Q()
    for path in paths:
        inside |= Q(path=path) | below_filter(path)
    if not paths:
        return
    there = Building.objects.filter(inside)
    spells = GridSpell.objects.filter(building__in=there, ended_at__isnull=True)
    was = dict(spells.values_list("building_id", "grid_id"))
    covers = there.values_list("id", "closed_at", "cover__grid_id", "compound__cover__grid_id")
    became = {key: None if closed else own or shared for key, closed, own, shared in covers}
    changed = {key: grid for key, grid in became.items() if was.get(key) != grid}
    if not changed:
        return
    moment = now()
    over = GridSpell.objects.filter(building__in=[key for key in changed if key in was], ended_at__isnull=True)
    over.filter(begun_at__gte=moment).delete()
    over.update(ended_at=moment)
    GridSpell.objects.bulk_create(
        [GridSpell(building_id=key, grid_id=grid, begun_at=moment) for key, grid in changed.items() if grid],
        batch_size=BATCH,
    )
