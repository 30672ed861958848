"""A division into grids is adopted: covers change and new grids stand, in one act, with how it was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import Viewer
from youying.places.actions.covering import settle
from youying.places.actions.entering import enter, touch
from youying.places.models import Area, Building, Grid, GridCover
from youying.places.planning_rules import NEW, next_codes
from youying.places.rows import area_at, below_filter, covered_paths, path_in_sql, subject_of, unset_path
from youying.places.rules import check_bears
from youying.record.acts import act


@act("places.adopt-division", power="places")
def adopt_division(area_path: str, *, grids: Mapping[int, str], by: Viewer, reason: str = "") -> list[Grid]:
    """Give buildings (keys) of a community to grids (codes; new ones +1, +2 …), as proposed or as changed by hand.

    Returns every grid whose buildings changed. A grid left without buildings stays, to be closed by whoever decides.
    """
    area = area_at(area_path, by=by)
    check_bears(area.level, what="grid")
    buildings = _buildings(area, grids)
    by_code = {row.code: row for row in Grid.objects.filter(area=area, closed_at__isnull=True).select_related("area")}
    before = {code: sorted(covered_paths(row)) for code, row in by_code.items()}
    named = _with_new(area, sorted(set(grids.values())), by_code)
    if not _cover(buildings, {key: named[code] for key, code in grids.items()}):
        raise Refused("nothing-changed", say="这个方案和现在的网格一样，不用采用。", have=area_path)
    settle(area.path)
    touch("places")
    sealed = {"reason": plain(reason)[:400]} if plain(reason) else None
    made = {name: row.code for name, row in named.items() if name.startswith(NEW)}
    enter(subject_of(area), "places.adopt-division", by=by, facts={"new": made, "buildings": len(grids)}, sealed=sealed)
    rows = {row.code: row for row in [*by_code.values(), *named.values()]}
    return [row for code, row in sorted(rows.items()) if _told(row, before.get(code, []), by=by)]


def _buildings(area: Area, grids: Mapping[int, str]) -> list[Building]:
    """The open buildings of the community that are named, locked; refused when one is not there."""
    inside = Building.objects.filter(below_filter(area.path), closed_at__isnull=True, pk__in=list(grids))
    found = list(inside.select_for_update(of=("self",)).select_related("compound").order_by("pk"))
    if strange := sorted(set(grids) - {row.pk for row in found}):
        say = f"方案里有{len(strange)}栋楼不在“{area}”，或者已停用，请重新出方案。"
        raise Refused("building-unknown", say=say, have=strange[0])
    return found


def _with_new(area: Area, names: Sequence[str], by_code: Mapping[str, Grid]) -> dict[str, Grid]:
    """The grid of every name; the new ones are made with the next free codes of the community."""
    if strange := [name for name in names if name not in by_code and not name.startswith(NEW)]:
        raise Refused("grid-unknown", say=f"“{area}”没有代码为{strange[0]}的网格，请重新出方案。", have=strange[0][:40])
    fresh = [name for name in names if name.startswith(NEW)]
    used = set(Grid.objects.filter(code__startswith=area.code).values_list("code", flat=True))
    rows = [
        Grid(area=area, code=code, title=f"{area.name}{code[len(area.code) :]}网格", path=unset_path())
        for code in next_codes(area.code, used=used, count=len(fresh))
    ]
    Grid.objects.bulk_create(rows)
    Grid.objects.filter(pk__in=[row.pk for row in rows]).update(path=path_in_sql(Grid))
    for row in rows:
        row.refresh_from_db(fields=["path"])
    return {**{name: by_code[name] for name in names if name in by_code}, **dict(zip(fresh, rows, strict=True))}


def _cover(buildings: Sequence[Building], wanted: Mapping[int, Grid]) -> bool:
    """Change the covers of the buildings that another grid looks after; whether there was any."""
    keys = [row.pk for row in buildings]
    own = dict(GridCover.objects.filter(building__in=keys).values_list("building_id", "grid_id"))
    compounds = {row.compound_id for row in buildings}
    shared = dict(GridCover.objects.filter(compound__in=compounds).values_list("compound_id", "grid_id"))
    moved = [row for row in buildings if own.get(row.pk, shared.get(row.compound_id)) != wanted[row.pk].pk]
    GridCover.objects.filter(building__in=moved).delete()
    GridCover.objects.bulk_create(
        GridCover(grid=wanted[row.pk], building=row)
        for row in moved
        if shared.get(row.compound_id) != wanted[row.pk].pk
    )
    return bool(moved)


def _told(grid: Grid, before: list[str], *, by: Viewer) -> bool:
    """Enter in the book of a grid what it looked after and looks after now; whether that has changed."""
    after = sorted(covered_paths(grid))
    if before == after:
        return False
    facts: dict[str, Any] = {"before": before, "after": after, "code": grid.code}
    enter(subject_of(grid), "places.adopt-division", by=by, facts=facts)
    return True
