"""Matters follow their place when the tree of areas changes: every one with its own entry, the tallies with them."""

from __future__ import annotations

from contextlib import suppress

from django.db.models import Q

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions import tallies
from youying.matters.facts import facts_of
from youying.matters.models import Matter
from youying.places.placing import Place, nearest_area, place_of
from youying.places.queries import own_zone, zone_of
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged

AT_ONCE = 500
MOVED = ("area_path", "place_path", "compound_id", "grid_id")


def refuse_rezoning(path: str, *, was: str) -> None:
    """Refuse another time zone for an area where matters were counted in the one that it has."""
    here = Matter.objects.filter(Q(area_path=path) | Q(area_path__startswith=path + "/"))
    if n := here.count():
        say = f"这里和下面已有{n}件事项，月份、编号和期限都按{was}计数，不能再改时区。时区要在登记第一件事项以前定好。"
        raise Refused("zone-counted", say=say, have=was, field="zone")


@recorded_act("matters.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the matters at or below a moved place their new paths, each with its entry; returns how many there were.

    Ended matters move too, so that lists and rates of a place are the same before and after. Deadlines stay. Whoever
    opens a part holds its whole and not the places: once the wholes have moved, what they opened meanwhile moves too.
    """
    by.require_reach(old_path)
    below = Matter.objects.filter(Q(place_path=old_path) | Q(place_path__startswith=old_path + "/")).order_by("pk")
    moves: list[tallies.Change] = []
    moved = 0
    for _ in range(2):
        keys = list(below.values_list("pk", flat=True))
        for start in range(0, len(keys), AT_ONCE):
            moves += _move(keys[start : start + AT_ONCE], old_path, new_path, by)
        moved += len(keys)
    tallies.move(moves)
    if not moved:
        unchanged()
    return moved


def _move(keys: list[int], old_path: str, new_path: str, by: Viewer) -> list[tallies.Change]:
    """Move some matters; what they leave and enter in the tallies."""
    rows = list(Matter.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    record.lock(*(row.subject for row in rows))
    places: dict[tuple[int | None, int | None], Place | None] = {}
    moves: list[tallies.Change] = []
    for row in rows:
        was = facts_of(row)
        key = (row.compound_id, row.building_id)
        if key not in places:
            places[key] = _placed(row)
        _set(row, places[key], old_path, new_path)
        change = {name: [was[name], getattr(row, name)] for name in MOVED if was[name] != getattr(row, name)}
        record.write(row.subject, "follow-move", by=by, facts={"verb": "follow-move", "change": change})
        own = own_zone(row.area_path, top=new_path)
        moves.append((tallies.cells_of(was, own or zone_of(was["area_path"])), -1))
        moves.append((tallies.cells_of(facts_of(row), zone_of(row.area_path)), 1))
    Matter.objects.bulk_update(rows, MOVED)
    return moves


def _placed(row: Matter) -> Place | None:
    """Where the register has the matter's building or compound now; nothing where it is closed or none is known."""
    if not row.compound_id:
        return None
    with suppress(Refused):
        return place_of(building_id=row.building_id, compound_id=row.compound_id)
    return None


def _set(row: Matter, place: Place | None, old_path: str, new_path: str) -> None:
    row.place_path = new_path + row.place_path[len(old_path) :]
    if row.area_path == old_path or row.area_path.startswith(old_path + "/"):
        row.area_path = new_path + row.area_path[len(old_path) :]
    else:
        area = nearest_area(new_path)
        row.area_path = area.path if area else row.area_path
        row.grid_id = place.grid_id if place else None
    row.compound_id = place.compound_id if place else row.compound_id
