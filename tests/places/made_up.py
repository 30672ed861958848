"""A made-up community for the tests of planning: rows of buildings in compounds, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from youying.places.planning_rules import Block

STEP = 0.0006
WEST, SOUTH = 101.70, 36.60
COLUMNS = 20


def community(*, buildings: int = 200, homes: int = 5_000, seed: int = 7) -> list[Block]:
    """So many homes in so many buildings of compounds of ten; none has a grid yet."""
    chance = Random(seed)
    cuts = [chance.randint(14, 36) for _ in range(buildings)]
    sizes = [cut * homes // sum(cuts) for cut in cuts]
    for number in range(homes - sum(sizes)):
        sizes[number] += 1
    return [
        Block(
            key=number + 1,
            name=f"{number + 1}号楼",
            homes=sizes[number],
            workload=sizes[number] * chance.randint(2, 6),
            compound=number // 10 + 1,
            point=_spot(number, chance),
        )
        for number in range(buildings)
    ]


def _spot(number: int, chance: Random) -> tuple[float, float]:
    east, north = number % COLUMNS, number // COLUMNS
    return (WEST + east * STEP + chance.random() * STEP / 3, SOUTH + north * STEP + chance.random() * STEP / 3)


def wall(column: int) -> list[tuple[float, float]]:
    """A line from south to north just before a column of buildings."""
    east = WEST + column * STEP - STEP / 3
    return [(east, SOUTH - 1), (east, SOUTH + 1)]


def divided(blocks: list[Block], grids: dict[int, str]) -> list[Block]:
    """The same buildings with these grids as today's."""
    return [replace(block, today=grids.get(block.key, "")) for block in blocks]
