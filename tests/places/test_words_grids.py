"""The words by which a pack says how grids are drawn: each changes what is proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.places.made_up import COLUMNS, community, divided, wall
from youying.kernel.refusals import Refused
from youying.packs.edition import Edition, build_edition
from youying.packs.source import library, with_value
from youying.places.planning import propose, terms_in
from youying.places.planning_ground import spots_of
from youying.places.planning_rules import Block, Division, Load, Terms, load_of

ALL = ["contiguous", "boundary", "min-size", "max-size"]


def refused(code: str) -> Any:
    """What is asked must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def edition(code: str = "m09", **said: Any) -> Edition:
    """The library pack with these keys of its plan said otherwise."""
    raw = library()[code]
    for key, value in said.items():
        raw = with_value(raw, key=f"plan.draw-grids.{key}", value=value)
    return build_edition(raw, library())


def terms(**said: Any) -> Terms:
    """What the pack says of drawing grids, with these keys said otherwise."""
    return terms_in(edition(**said))


def without(word: str) -> Terms:
    """Everything is kept but this."""
    return terms(keep=[kept for kept in ALL if kept != word])


def column(block: Block) -> int:
    """In which column from the west a building stands."""
    return (block.key - 1) % COLUMNS


def uneven() -> list[Block]:
    """A community whose grids today are all in range, the least far below the most."""
    blocks = community()
    today = propose(blocks, terms=Terms(prefer=("nearest",))).grids
    return divided(blocks, {key: f"9901-{grid[1:]}" for key, grid in today.items()})


def width(blocks: list[Block], division: Division) -> int:
    """How far the homes lie from the middles of their grids."""
    loads: dict[str, Load] = {}
    for block, spot in zip(blocks, spots_of(blocks), strict=True):
        grid = division.grids[block.key]
        assert spot is not None
        loads[grid] = loads.get(grid, Load()).plus(load_of(block, spot))
    return sum(load.width() for load in loads.values())


def test_the_numbers_of_the_street_say_how_large_a_grid_is() -> None:
    assert (terms().least_homes, terms().most_homes) == (300, 500)
    assert terms().prefer == ("balanced", "nearest", "same-as-before")


def test_a_pack_that_says_nothing_of_grids_proposes_none() -> None:
    with refused("plan-missing"):
        terms_in(edition("m01"))


@pytest.mark.word("plan.keep:contiguous")
def test_only_where_grids_need_not_hang_together_is_nobody_cut_off() -> None:
    blocks = community(buildings=100, homes=2_400)
    cut_off = sorted(block.key for block in blocks if column(block) == 0)
    assert sorted(propose(blocks, terms=terms(), barriers=[wall(1)]).left) == cut_off
    assert propose(blocks, terms=without("contiguous"), barriers=[wall(1)]).left == {}


@pytest.mark.word("plan.keep:boundary")
def test_a_barrier_parts_grids_only_where_it_is_kept() -> None:
    blocks = community()
    kept = propose(blocks, terms=terms(), barriers=[wall(7)])
    free = propose(blocks, terms=without("boundary"), barriers=[wall(7)])
    sides = [
        {grid: {column(b) < 7 for b in blocks if one.grids[b.key] == grid} for grid in one.grids.values()}
        for one in (kept, free)
    ]
    assert all(len(found) == 1 for found in sides[0].values())
    assert any(len(found) == 2 for found in sides[1].values())


@pytest.mark.word("plan.keep:min-size")
def test_a_part_with_too_few_homes_is_a_grid_only_where_no_least_is_kept() -> None:
    blocks = community()
    assert propose(blocks, terms=terms(), barriers=[wall(1)]).left
    small = propose(blocks, terms=without("min-size"), barriers=[wall(1)])
    assert small.left == {}
    assert small.after.least_homes < 300


@pytest.mark.word("plan.keep:max-size")
def test_a_building_larger_than_a_grid_is_taken_only_where_no_most_is_kept() -> None:
    blocks = community()
    blocks[0] = replace(blocks[0], homes=620)
    with refused("building-too-large"):
        propose(blocks, terms=terms())
    assert propose(blocks, terms=without("max-size")).after.most_homes >= 620


@pytest.mark.word("plan.prefer:balanced")
def test_grids_in_range_become_fairer_only_where_that_is_preferred() -> None:
    blocks = uneven()
    assert propose(blocks, terms=terms(prefer=["same-as-before"])).homes_moved == 0
    fair = propose(blocks, terms=terms(prefer=["balanced", "same-as-before"]))
    assert fair.before.spread_percent > 20 >= fair.after.spread_percent


@pytest.mark.word("plan.prefer:same-as-before")
def test_fewer_homes_change_hands_where_that_is_preferred() -> None:
    blocks = uneven()
    kept = propose(blocks, terms=terms(prefer=["balanced", "same-as-before"]))
    fresh = propose(blocks, terms=terms(prefer=["balanced"]))
    assert 0 < kept.homes_moved < fresh.homes_moved


@pytest.mark.word("plan.prefer:nearest")
def test_homes_lie_nearer_to_the_middle_of_their_grid_where_that_is_preferred() -> None:
    blocks = community()
    near = propose(blocks, terms=terms(prefer=["balanced", "nearest"]))
    anyhow = propose(blocks, terms=terms(prefer=["balanced"]))
    assert width(blocks, near) < width(blocks, anyhow)
