"""Every change to the register of places; each is an act with an entry in the record."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, Value
from django.db.models.functions import Concat, Substr

from youying.access.actions import move_reach
from youying.kernel.identifiers import new_code
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import Viewer
from youying.places import importing
from youying.places.actions.covering import drop_strange_covers, set_covers, settle
from youying.places.actions.entering import enter, touch
from youying.places.events import PlaceClosed, PlaceMoved, ZoneChanged
from youying.places.fields import AREA, BUILDING, COMPOUND, GRID, HOME, ROAD, told
from youying.places.models import Area, Building, Compound, EntranceCode, Grid, Home, Road
from youying.places.queries import zone_of
from youying.places.rows import (
    Row,
    area_at,
    below_filter,
    building_at,
    compound_at,
    covered_paths,
    grid_at_path,
    kind_at,
    open_below,
    open_row_at,
    path_in_sql,
    path_of,
    row_at,
    said_of,
    subject_of,
    unset_path,
)
from youying.places.rules import area_code, below, check_bears, check_parent, level_named, lies_in
from youying.places.snapshot import take_turn
from youying.record.actions import announce
from youying.record.acts import act

ROOT = "/"
BATCH = 1_000
Placed = TypeVar("Placed", Area, Compound, Building, Grid)


@act("places.add-area", power="places")
def add_area(code: str, *, name: str, level: str, by: Viewer, parent: str = "", **details: Any) -> Area:
    """Add an area under `parent` (its path; empty for the top); `details` as in `fields.AREA`."""
    by.require_reach(parent or ROOT)
    take_turn()
    level = level_named(level)
    above = area_at(parent, by=by, field="parent") if parent else None
    check_parent(level, parent_level=above.level if above else None)
    stored = area_code(code, level=level)
    path = below(above.path if above else ROOT, stored)
    row = Area(code=stored, level=level, parent=above, path=path, **AREA.clean({"name": name, **details}))
    return _added(row, "places.add-area", by=by, twice=f"代码为 {stored} 的区划已经有了。")


@act("places.add-compound", power="places")
def add_compound(area_path: str, *, name: str, by: Viewer, **details: Any) -> Compound:
    """Add a compound to a community or a town; `details` as in `fields.COMPOUND`."""
    area = area_at(area_path, by=by)
    check_bears(area.level, what="compound")
    row = Compound(area=area, path=unset_path(), **COMPOUND.clean({"name": name, **details}))
    return _added(row, "places.add-compound", by=by, twice=f"{area.name}已经有“{row.name}”。")


@act("places.add-building", power="places")
def add_building(compound_path: str, *, name: str, by: Viewer, **details: Any) -> Building:
    """Add a building to a compound; `details` as in `fields.BUILDING`."""
    compound = compound_at(compound_path, by=by)
    row = Building(compound=compound, path=unset_path(), **BUILDING.clean({"name": name, **details}))
    _added(row, "places.add-building", by=by, twice=f"{compound.name}已经有“{row.name}”。")
    settle(row.path)
    return row


@act("places.add-grid", power="places")
def add_grid(area_path: str, *, code: str, title: str, by: Viewer, covers: Sequence[str] = (), **details: Any) -> Grid:
    """Add a grid to a community; `covers` are paths of its compounds and buildings, `details` as in `fields.GRID`."""
    area = area_at(area_path, by=by)
    check_bears(area.level, what="grid")
    row = Grid(area=area, code=importing.grid_code(code), path=unset_path(), **GRID.clean({"title": title, **details}))
    _added(row, "places.add-grid", by=by, twice=f"代码为 {row.code} 的网格已经有了。")
    if covers:
        cover(row.path, paths=covers, by=by)
    return row


@act("places.add-road", power="places")
def add_road(area_path: str, *, name: str, by: Viewer, aliases: object = ()) -> Road:
    """Add a road, by which places are found in text."""
    area = area_at(area_path, by=by)
    row = Road(area=area, **ROAD.clean({"name": name, "aliases": aliases}))
    _insert(row, twice=f"{area.name}已经有“{row.name}”。")
    touch("places")
    enter(
        f"road:{row.pk}", "places.add-road", by=by, facts={"area": area.path, "name": row.name, "aliases": row.aliases}
    )
    return row


@act("places.add-homes", power="places")
def add_homes(building_path: str, *, homes: Iterable[tuple[int, int, str]], by: Viewer) -> list[Home]:
    """Add homes to a building, each (entrance, floor, number); those it already has stay as they are."""
    building = building_at(building_path, by=by)
    have = set(building.homes.values_list("entrance", "number"))
    wanted = {(entrance, str(HOME.fields["number"].clean(number))): floor for entrance, floor, number in homes}
    fresh = [
        Home(building=building, entrance=entrance, floor=HOME.fields["floor"].clean(floor), number=number)
        for (entrance, number), floor in wanted.items()
        if (entrance, number) not in have
    ]
    made = Home.objects.bulk_create(fresh, batch_size=BATCH)
    facts = {"added": [[home.entrance, home.floor, home.number] for home in made]}
    enter(subject_of(building), "places.add-homes", by=by, facts=facts)
    return made


@act("places.rename", power="places")
def rename(path: str, *, name: str, by: Viewer) -> Row:
    """Give a place another name; a compound and a building keep the old one as an alias."""
    row = open_row_at(path, by=by)
    kind = kind_at(path)
    if kind is GRID or kind is AREA:
        return _changed(row, "places.rename", by=by, values={"title" if kind is GRID else "name": name})
    aliases = [str(row), *(alias for alias in row.aliases if alias != plain(name))]  # type: ignore[union-attr]
    return _changed(row, "places.rename", by=by, values={"name": name, "aliases": aliases})


@act("places.amend", power="places")
def amend(path: str, *, by: Viewer, **values: Any) -> Row:
    """Change what is said of a place (aliases, point, polygon, floors, worker …); the names are those in `fields`."""
    was, row = zone_of(path), _changed(open_row_at(path, by=by), "places.amend", by=by, values=values)
    if "zone" in values and (now_there := zone_of(path)) != was:
        announce(ZoneChanged(path, was, now_there), subject=subject_of(row))
    return row


@act("places.cover", power="places")
def cover(grid_path: str, *, paths: Sequence[str], by: Viewer) -> Grid:
    """Say which compounds and buildings a grid looks after; what another grid of the community had moves over."""
    grid = grid_at_path(grid_path, by=by)
    before = sorted(covered_paths(grid))
    rows = [open_row_at(path, by=by) for path in dict.fromkeys(paths)]
    for row in rows:
        if not isinstance(row, Compound | Building) or not lies_in(row.path, grid.area.path):
            raise Refused(
                "cover-elsewhere", say=f"“{row}”不在“{grid.area}”，网格只能管本社区的小区和楼栋。", have=row.path
            )
    set_covers(grid, rows)
    settle(grid.area.path)
    touch("places")
    enter(subject_of(grid), "places.cover", by=by, facts={"before": before, "after": sorted(row.path for row in rows)})
    return grid


@act("places.move", power="places")
def move(path: str, *, to: str, by: Viewer) -> Row:
    """Move an area, compound or building with all below it under another place; posts and matters follow by announcement."""
    row = open_row_at(path, by=by)
    old = row.path
    _attach(row, to=to, by=by)
    if row.path == old:
        raise Refused("nothing-changed", say="它已经在那里了。", have=old, field="to")
    row.save()
    _carry(old, new=row.path)
    drop_strange_covers(row.path)
    settle(row.path)
    move_reach(old, row.path, by=by)
    touch("places")
    enter(subject_of(row), "places.move", by=by, facts={"before": {"path": old}, "after": {"path": row.path}})
    announce(PlaceMoved(old_path=old, new_path=row.path), subject=subject_of(row))
    return row


@act("places.close", power="places")
def close(path: str, *, by: Viewer, reason: str = "") -> Row:
    """Take a place out of use (it is never deleted); a compound closes with its buildings, an area must be empty."""
    row = open_row_at(path, by=by)
    standing = open_below(path)
    if standing and isinstance(row, Area):
        raise Refused("area-not-empty", say=f"“{row}”下面还有{standing}个在用的地点，请先移走或停用。", have=standing)
    moment = now()
    if isinstance(row, Grid):
        row.covers.all().delete()
    Building.objects.filter(below_filter(path), closed_at__isnull=True).update(closed_at=moment)
    row.closed_at = moment
    row.save(update_fields=["closed_at"])
    settle(row.area.path if isinstance(row, Grid) else path)
    touch("places")
    enter(subject_of(row), "places.close", by=by, facts={"path": path, "below": standing}, sealed=_reason(reason))
    announce(PlaceClosed(path=path), subject=subject_of(row))
    return row


@act("places.reopen", power="places")
def reopen(path: str, *, by: Viewer) -> Row:
    """Take a closed place back into use, a compound with the buildings that were closed with it."""
    row = row_at(path, by=by)
    if row.closed_at is None:
        raise Refused("place-open", say=f"“{row}”本来就在用。", have=path)
    above = path.rpartition("/")[0]
    if above:
        open_row_at(above, by=by)
    Building.objects.filter(below_filter(path), closed_at=row.closed_at).update(closed_at=None)
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    settle(path)
    touch("places")
    enter(subject_of(row), "places.reopen", by=by, facts={"path": path})
    return row


@act("places.close-road", power="places")
def close_road(road_id: int, *, by: Viewer) -> Road:
    """Take a road out of use."""
    take_turn()
    row = Road.objects.select_for_update().select_related("area").filter(pk=road_id, closed_at__isnull=True).first()
    if row is None:
        raise Refused("road-unknown", say="没有这条路，请从列表里选。", have=road_id)
    by.require_reach(row.area.path)
    row.closed_at = now()
    row.save(update_fields=["closed_at"])
    touch("places")
    enter(f"road:{row.pk}", "places.close-road", by=by, facts={"name": row.name})
    return row


@act("places.issue-codes", power="places")
def issue_entrance_codes(building_path: str, *, by: Viewer) -> list[EntranceCode]:
    """Give every entrance of a building its code; one in force stays, so that printed sheets hold for good."""
    building = building_at(building_path, by=by)
    in_force = {row.entrance: row for row in building.entrance_codes.filter(revoked_at__isnull=True)}
    fresh = [
        EntranceCode(code=new_code(), building=building, entrance=entrance, made_at=now())
        for entrance in range(1, building.entrances + 1)
        if entrance not in in_force
    ]
    EntranceCode.objects.bulk_create(fresh)
    enter(
        subject_of(building), "places.issue-codes", by=by, facts={"issued": [[one.entrance, one.code] for one in fresh]}
    )
    return sorted([*in_force.values(), *fresh], key=lambda one: one.entrance)


@act("places.revoke-code", power="places")
def revoke_entrance_code(code: str, *, reason: str, by: Viewer) -> EntranceCode:
    """Stop a code for good (a sheet torn off or copied); the next issue makes a new one."""
    row = EntranceCode.objects.select_for_update().select_related("building").filter(code=plain(code).upper()).first()
    if row is None or row.revoked_at is not None:
        raise Refused("entrance-code-unknown", say="没有这个在用的入口码。", have=code[:16], field="code")
    by.require_reach(row.building.path)
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    facts = {"code": row.code, "entrance": row.entrance}
    enter(subject_of(row.building), "places.revoke-code", by=by, facts=facts, sealed=_reason(reason))
    return row


@act("places.import", power="places")
def import_rows(kind: str, rows: Iterable[dict[str, Any]], *, by: Viewer, file: str = "") -> importing.Outcome:
    """Take in a table of places (header → cell): each row lands or is listed with its reason; equal rows change nothing."""
    outcome = importing.Outcome(kind=kind, file=plain(file)[:120])
    take_turn()  # it neither moves nor closes, so what comes in meanwhile need not wait for a long table
    for batch in importing.batches(kind, rows, by=by, outcome=outcome):
        _apply(batch, outcome)
        settle(*{row.compound.path for row in batch.fresh if isinstance(row, Building)})
        settle(*{grid.area.path for _, grid, _ in batch.covered})
    if outcome.touched:
        touch("places")
    enter(f"places-import:{uuid.uuid4().hex}", "places.import", by=by, facts=outcome.facts(), sealed=outcome.sealed())
    return outcome


def _apply(batch: importing.Batch, outcome: importing.Outcome) -> None:
    """Store what a batch adds and changes, with few statements; then paths and covers, which need the keys."""
    batch.model._default_manager.bulk_create(batch.fresh, batch_size=BATCH)
    if batch.fresh and isinstance(batch.fresh[0], Compound | Building | Grid):
        for row in batch.fresh:
            row.path = path_of(row)
        batch.model._default_manager.filter(pk__in=[row.pk for row in batch.fresh]).update(
            path=path_in_sql(batch.model)
        )
    if batch.changed:
        batch.model._default_manager.bulk_update(batch.changed, batch.fields, batch_size=BATCH)
    for name, grid, rows in batch.covered:
        before, after = sorted(covered_paths(grid)), sorted(row.path for row in rows)
        if before != after:
            set_covers(grid, rows)
            outcome.note_covers(name, path=grid.path, before=before, after=after)


def _added(row: Placed, act_name: str, *, by: Viewer, twice: str) -> Placed:
    """Store a new place with its path and its first entry."""
    _insert(row, twice=twice)
    if not isinstance(row, Area):
        row.path = path_of(row)
        row.save(update_fields=["path"])
    touch("places")
    openly, sealed = told(said_of(row))
    enter(subject_of(row), act_name, by=by, facts={"after": openly}, sealed=sealed)
    return row


def _insert(row: Model, *, twice: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("place-twice", say=f"{twice}如果它停用了，请恢复它；否则换个名称或代码。", field="name") from None


def _changed(row: Row, act_name: str, *, by: Viewer, values: dict[str, Any]) -> Row:
    """Store the values that differ and write them down before and after."""
    cleaned = kind_at(row.path).clean(values)
    before = {name: getattr(row, name) for name, value in cleaned.items() if getattr(row, name) != value}
    if not before:
        raise Refused("nothing-changed", say="没有改动。", have=sorted(values))
    after = {name: cleaned[name] for name in before}
    for name, value in after.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(update_fields=list(after))
    except IntegrityError:
        raise Refused("place-twice", say=f"已经有“{row}”，请换个名称。", field="name") from None
    touch("places")
    was, was_sealed = told(before)
    became, became_sealed = told(after)
    sealed = {"before": was_sealed, "after": became_sealed} if became_sealed else None
    enter(subject_of(row), act_name, by=by, facts={"before": was, "after": became}, sealed=sealed)
    return row


def _attach(row: Row, *, to: str, by: Viewer) -> None:
    """Hang a place under another; refused where it cannot hang."""
    if isinstance(row, Area):
        by.require_reach(to or ROOT)
        above = area_at(to, by=by, field="to") if to else None
        if above and lies_in(above.path, row.path):
            raise Refused("move-into-itself", say="不能把一个地方移到它自己下面。", have=to, field="to")
        check_parent(row.level, parent_level=above.level if above else None)
        row.parent, row.path = above, below(above.path if above else ROOT, row.code)
    elif isinstance(row, Building):
        row.compound = compound_at(to, by=by)
        row.path = path_of(row)
    else:
        row.area = area_at(to, by=by, field="to")
        check_bears(row.area.level, what=kind_at(row.path).code)
        row.path = path_of(row)


def _carry(old: str, *, new: str) -> None:
    """Give everything below a moved place its new path."""
    for model in (Area, Compound, Building, Grid):
        model.objects.filter(below_filter(old)).update(path=Concat(Value(new), Substr("path", len(old) + 1)))


def _reason(words: str) -> dict[str, Any] | None:
    """Free words of a person, for the sealed part of an entry."""
    return {"reason": plain(words)[:400]} if plain(words) else None
