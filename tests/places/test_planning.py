"""Proposing a division into grids: in range, in one piece, fair, and changing little."""

from __future__ import annotations

import sys
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.places.made_up import COLUMNS, community, divided, wall
from youying.kernel.refusals import Refused
from youying.places.planning import propose
from youying.places.planning_ground import barrier_lines, neighbours, pieces, spots_of
from youying.places.planning_rules import Block, Division, Terms, figures, spread_percent, terms_of

TERMS = Terms()


def refused(code: str) -> Any:
    """The proposal must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def near_of(blocks: list[Block], barriers: list[Any]) -> list[list[int]]:
    """The neighbours of the buildings, in the order of their keys."""
    spots = [spot for spot in spots_of(blocks) if spot is not None]
    return neighbours(spots, compounds=[block.compound for block in blocks], barrier=barrier_lines(barriers, blocks))


def parts_of(blocks: list[Block], division: Division, barriers: list[Any]) -> dict[str, int]:
    """Of every grid, in how many pieces it is."""
    near = near_of(blocks, barriers)
    numbers: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.key in division.grids:
            numbers.setdefault(division.grids[block.key], []).append(number)
    return {grid: len(pieces(members, near)) for grid, members in numbers.items()}


def test_5000_homes_in_200_buildings_become_fair_grids_in_one_piece(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = community()
    started = perf_counter()
    division = propose(blocks, terms=TERMS)
    with capsys.disabled():
        sys.stdout.write(f"\n5,000 homes in 200 buildings: {perf_counter() - started:.2f} s, {division.after}\n")
    assert sum(block.homes for block in blocks) == 5_000
    assert set(division.grids) == {block.key for block in blocks}
    assert division.after.least_homes >= 300
    assert division.after.most_homes <= 500
    assert division.after.spread_percent <= 20
    assert division.after.workload_spread_percent <= 20
    assert set(parts_of(blocks, division, []).values()) == {1}


def test_a_good_division_of_today_stays_as_it_is() -> None:
    blocks = community()
    today = {key: f"9901-{grid[1:]}" for key, grid in propose(blocks, terms=TERMS).grids.items()}
    again = propose(divided(blocks, today), terms=TERMS)
    assert again.grids == today
    assert again.homes_moved == 0


def test_a_somewhat_uneven_division_changes_for_few_homes() -> None:
    blocks = community()
    today = {block.key: f"9901-{(block.key - 1) % COLUMNS // 2}" for block in blocks}
    division = propose(divided(blocks, today), terms=TERMS)
    assert division.before.most_homes > 500
    assert division.after.most_homes <= 500
    assert division.after.spread_percent <= 20
    assert division.homes_moved <= 5_000 * 15 // 100


def test_no_grid_reaches_across_a_barrier() -> None:
    blocks = community()
    division = propose(blocks, terms=TERMS, barriers=[wall(7)])
    west = {division.grids[block.key] for block in blocks if (block.key - 1) % COLUMNS < 7}
    east = {division.grids[block.key] for block in blocks if (block.key - 1) % COLUMNS >= 7}
    assert west.isdisjoint(east)
    assert division.left == {}


def test_who_is_cut_off_by_a_barrier_is_named_with_the_reason() -> None:
    blocks = community()
    division = propose(blocks, terms=TERMS, barriers=[wall(1)])
    alone = [block for block in blocks if (block.key - 1) % COLUMNS == 0]
    assert sorted(division.left) == [block.key for block in alone]
    assert f"只有{sum(block.homes for block in alone)}户" in division.left[alone[0].key]


def test_a_building_without_a_place_stands_amid_its_compound_or_is_named() -> None:
    blocks = community()
    blocks[3] = replace(blocks[3], point=None)
    blocks[4] = replace(blocks[4], point=None, compound=0)
    division = propose(blocks, terms=TERMS)
    assert blocks[3].key in division.grids
    assert "位置" in division.left[blocks[4].key]


def test_a_polygon_says_where_a_building_is_as_well_as_a_point() -> None:
    blocks = community()
    x, y = blocks[0].point or (0.0, 0.0)
    ring = [
        [x - 1e-5, y - 1e-5],
        [x + 1e-5, y - 1e-5],
        [x + 1e-5, y + 1e-5],
        [x - 1e-5, y + 1e-5],
        [x - 1e-5, y - 1e-5],
    ]
    drawn = [replace(blocks[0], point=None, polygon={"type": "Polygon", "coordinates": [ring]}), *blocks[1:]]
    assert spots_of(drawn)[1:] == spots_of(blocks)[1:]
    assert propose(drawn, terms=TERMS).after == propose(blocks, terms=TERMS).after


def test_a_chosen_seat_stays_with_its_grid_and_the_grid_in_one_piece() -> None:
    blocks = community()
    seats = {1: "9901-1", 43: "9901-1", 200: "9901-2"}
    division = propose(blocks, terms=TERMS, seats=seats)
    assert {key: division.grids[key] for key in seats} == seats
    assert set(parts_of(blocks, division, []).values()) == {1}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("building-too-large", {"most_homes": 30, "least_homes": 20}),
        ("homes-too-few", {"least_homes": 5_001, "most_homes": 6_000}),
        ("division-impossible", {"least_homes": 2_600, "most_homes": 2_700}),
    ],
)
def test_what_cannot_be_divided_is_refused(code: str, change: dict[str, int]) -> None:
    assert propose(community(), terms=TERMS).left == {}
    with refused(code):
        propose(community(), terms=replace(TERMS, **change))


def test_seats_of_one_grid_on_two_sides_of_a_barrier_are_refused() -> None:
    seats = {1: "9901-1", 20: "9901-1"}
    assert propose(community(), terms=TERMS, seats=seats).left == {}
    with refused("seats-apart"):
        propose(community(), terms=TERMS, seats=seats, barriers=[wall(10)])


def test_a_seat_in_an_unknown_building_and_a_building_named_twice_are_refused() -> None:
    with refused("seat-unknown"):
        propose(community(), terms=TERMS, seats={999: "9901-1"})
    with refused("blocks-unreadable"):
        propose([*community(), community()[0]], terms=TERMS)


def test_terms_that_contradict_each_other_or_are_not_for_grids_are_refused() -> None:
    assert terms_of(["max-size"], prefer=["nearest"], params={"grid-homes-most": 400}).most_homes == 400
    with refused("plan-range-empty"):
        terms_of(["max-size"], prefer=[], params={"grid-homes-most": 200})
    with refused("plan-word-unknown"):
        terms_of(["capacity"], prefer=[], params={})


def test_a_spread_is_the_most_less_the_least_in_percent_of_the_average_rounded_up() -> None:
    assert spread_percent([300, 301]) == 1
    assert spread_percent([]) == 0
    blocks = [Block(1, "1号楼", 10, today="a"), Block(2, "2号楼", 30, today="b"), Block(3, "3号楼", 7)]
    assert figures(blocks, {1: "a", 2: "b"}).spread_percent == 100


SPOT = st.tuples(st.integers(0, 12), st.integers(0, 12))
BUILDING = st.tuples(
    SPOT, st.integers(0, 40), st.integers(0, 90), st.integers(0, 3), st.sampled_from(["", "a", "b", "c"])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BUILDING, min_size=1, max_size=24), st.booleans(), st.integers(1, 60), st.integers(0, 80))
def test_a_proposal_is_a_partition_in_one_piece_in_range_and_always_the_same(
    made: list[Any], walled: bool, least: int, more: int
) -> None:
    blocks = [
        Block(key, f"{key}号楼", homes, work, compound, (101.7 + x * 0.0006, 36.6 + y * 0.0006), today=today)
        for key, ((x, y), homes, work, compound, today) in enumerate(made, 1)
    ]
    barriers = [wall(5)] if walled else []
    terms = Terms(least_homes=least, most_homes=least + more)
    try:
        division = propose(blocks, terms=terms, barriers=barriers)
    except Refused as no:
        assert no.code in ("building-too-large", "homes-too-few", "division-impossible")
        return
    assert sorted([*division.grids, *division.left]) == [block.key for block in blocks]
    assert set(parts_of(blocks, division, barriers).values()) == {1}
    assert least <= division.after.least_homes <= division.after.most_homes <= least + more
    assert propose(list(reversed(blocks)), terms=terms, barriers=barriers) == division
