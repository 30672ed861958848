"""Adopting a division into grids, and who looked after a building on what day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.places.town import ADMIN, Town
from youying.kernel.refusals import Refused
from youying.places.actions import (
    add_building,
    add_homes,
    adopt_division,
    amend,
    close,
    cover,
    import_rows,
    move,
    reopen,
)
from youying.places.models import Building, Grid, GridCover, GridSpell
from youying.places.planning import propose
from youying.places.planning_rules import Terms
from youying.places.queries import grid_of_building_on
from youying.places.viewing import blocks_below
from youying.record.models import Entry

FIRST = "990101001001001"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def clock(at: Any) -> Any:
    """Monday morning."""
    return at("2026-11-16 09:00")


@pytest.fixture
def second(clock: Any, town: Town) -> Building:
    """A second building of the compound that the first grid looks after."""
    return add_building(town.compound.path, name="4号楼", by=ADMIN)


def code_on(building: Building, day: date) -> str:
    """The code of the grid that looked after a building on that day."""
    grid = grid_of_building_on(building.pk, day)
    return grid.code if grid else ""


def test_a_building_comes_under_a_new_grid_with_the_next_free_code(second: Building, town: Town) -> None:
    changed = adopt_division(
        town.community.path, grids={town.building.pk: FIRST, second.pk: "+1"}, by=town.secretary, reason="户数太多"
    )
    assert [row.code for row in changed] == ["990101001001002"]
    made = Grid.objects.get(code="990101001001002")
    assert made.path == f"{town.community.path}/g{made.pk}"
    assert list(GridCover.objects.filter(building__isnull=False).values_list("building", "grid")) == [
        (second.pk, made.pk)
    ]
    acts = Entry.objects.filter(act="places.adopt-division")
    assert acts.count() == 2


def test_a_code_once_given_is_not_given_again(second: Building, town: Town) -> None:
    adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)
    close(Grid.objects.get(code="990101001001002").path, by=ADMIN)
    (made,) = adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)
    assert made.code == "990101001001003"


def test_back_with_its_compound_a_building_needs_no_cover_of_its_own(second: Building, town: Town) -> None:
    adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)
    adopt_division(town.community.path, grids={second.pk: FIRST}, by=town.secretary)
    assert not GridCover.objects.filter(building=second).exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("nothing-changed", {0: FIRST}),
        ("grid-unknown", {0: "990101001001999"}),
        ("building-unknown", {999_999: "+1"}),
    ],
)
def test_what_changes_nothing_or_names_strangers_is_refused(
    second: Building, town: Town, code: str, said: dict[int, str]
) -> None:
    grids = {key or second.pk: grid for key, grid in said.items()}
    with refused(code):
        adopt_division(town.community.path, grids=grids, by=town.secretary)
    assert Grid.objects.count() == 1
    assert adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)


def test_who_lacks_the_power_or_the_reach_may_not_adopt(second: Building, town: Town) -> None:
    for by, code in ((town.clerk, "no-power"), (town.neighbour, "out-of-reach")):
        with refused(code):
            adopt_division(town.community.path, grids={second.pk: "+1"}, by=by)
    assert adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)


def test_who_looked_after_a_building_on_a_day_stays_known(second: Building, town: Town, at: Any) -> None:
    at("2026-11-17 15:00")
    adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)
    assert code_on(second, date(2026, 11, 15)) == ""
    assert code_on(second, MONDAY) == FIRST
    assert code_on(second, TUESDAY) == "990101001001002"
    assert code_on(town.building, WEDNESDAY) == FIRST


def test_of_two_changes_at_one_moment_the_last_counts(second: Building, town: Town) -> None:
    adopt_division(town.community.path, grids={second.pk: "+1"}, by=town.secretary)
    assert list(GridSpell.objects.filter(building=second).values_list("grid__code", "ended_at")) == [
        ("990101001001002", None)
    ]


def test_every_change_of_cover_begins_and_ends_spells(second: Building, town: Town, at: Any) -> None:
    at("2026-11-17 09:00")
    close(town.compound.path, by=ADMIN)
    assert (code_on(second, MONDAY), code_on(second, TUESDAY)) == (FIRST, "")
    at("2026-11-18 09:00")
    reopen(town.compound.path, by=ADMIN)
    assert code_on(second, WEDNESDAY) == FIRST
    at("2026-11-19 09:00")
    cover(town.grid.path, paths=[town.building.path], by=ADMIN)
    assert (code_on(second, date(2026, 11, 19)), code_on(town.building, date(2026, 11, 19))) == ("", FIRST)
    at("2026-11-20 09:00")
    cover(town.grid.path, paths=[town.compound.path], by=ADMIN)
    at("2026-11-21 09:00")
    move(town.compound.path, to=town.other_community.path, by=ADMIN)
    assert (code_on(second, date(2026, 11, 20)), code_on(second, date(2026, 11, 21))) == (FIRST, "")


def test_a_closed_grid_looks_after_nothing_any_more(second: Building, town: Town, at: Any) -> None:
    at("2026-11-17 09:00")
    close(town.grid.path, by=ADMIN)
    assert (code_on(second, MONDAY), code_on(second, TUESDAY)) == (FIRST, "")


def test_a_building_from_a_table_is_looked_after_from_that_day(second: Building, town: Town, at: Any) -> None:
    at("2026-11-17 09:00")
    row = {"社区": town.community.code, "小区": town.compound.name, "楼栋": "5号楼"}
    assert import_rows("building", [row], by=ADMIN).refused == []
    fifth = Building.objects.get(name="5号楼")
    assert (code_on(fifth, MONDAY), code_on(fifth, TUESDAY)) == ("", FIRST)


def test_what_stands_in_the_register_is_proposed_adopted_and_then_as_wanted(second: Building, town: Town) -> None:
    for number, building in enumerate((town.building, second)):
        amend(building.path, longitude=101.701 + number / 1_000, latitude=36.601, by=ADMIN)
        add_homes(building.path, homes=[(1, floor, f"{floor}01") for floor in range(1, 7)], by=ADMIN)
    blocks = blocks_below(town.secretary, town.community.path, workload={second.pk: 3})
    assert [(one.name, one.homes, one.workload, one.today) for one in blocks] == [
        ("槐花里小区3号楼", 6, 0, FIRST),
        ("槐花里小区4号楼", 6, 3, FIRST),
    ]
    terms = Terms(least_homes=5, most_homes=8)
    division = propose(blocks, terms=terms)
    assert (division.after.grids, division.homes_moved) == (2, 6)
    adopt_division(town.community.path, grids=division.grids, by=town.secretary)
    again = propose(blocks_below(town.secretary, town.community.path, workload={}), terms=terms)
    assert (again.homes_moved, again.before) == (0, again.after)


def test_only_who_reaches_a_community_reads_its_buildings_for_a_division(town: Town) -> None:
    assert blocks_below(town.secretary, town.community.path, workload={})
    with refused("out-of-reach"):
        blocks_below(town.neighbour, town.community.path, workload={})
