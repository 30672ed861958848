"""Proposing a division of a community into grids; nothing is stored, and the same input gives the same division."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from youying.kernel.refusals import Refused
from youying.packs.edition import Edition
from youying.places.planning_ground import Point, Spot, barrier_lines, neighbours, path_within, pieces, spots_of
from youying.places.planning_rules import (
    NEW,
    Aim,
    Block,
    Division,
    Load,
    Terms,
    check_blocks,
    counts_for,
    figures,
    homes_moved,
    load_of,
    terms_of,
    usual_count,
)
from youying.places.planning_search import Board, improve

COUNTS_TRIED = 3


@dataclass(frozen=True)
class _Ground:
    """The buildings that have a place, in order of their keys; a seat is a building that stays with its grid."""

    blocks: Sequence[Block]
    spots: Sequence[Spot]
    near: Sequence[Sequence[int]]
    seats: Mapping[int, str]
    terms: Terms

    def homes(self, part: Sequence[int]) -> int:
        """The homes of some buildings."""
        return sum(self.blocks[number].homes for number in part)


def propose(
    blocks: Sequence[Block],
    *,
    terms: Terms,
    barriers: Sequence[Sequence[Point]] = (),
    seats: Mapping[int, str] | None = None,
) -> Division:
    """The best division found; refused when nobody can be divided, and whoever is left out is named with the reason.

    `barriers` are lines (WGS 84); `seats` fix buildings (keys) to a grid (its code, or a new name).
    """
    chosen = dict(seats or {})
    check_blocks(blocks, seats=chosen, terms=terms)
    ground, left = _ground(blocks, barriers=barriers, seats=chosen, terms=terms)
    parts = pieces(range(len(ground.blocks)), ground.near)
    _check_seats(ground, parts)
    grids: dict[int, str] = {}
    for part, codes in zip(parts, _codes_of(ground, parts), strict=True):
        found = _divide(ground, part, codes)
        if isinstance(found, str):
            left |= {ground.blocks[number].key: found for number in part}
        else:
            grids |= {ground.blocks[number].key: code for number, code in found.items()}
    if not grids:
        raise Refused("division-impossible", say=f"划分不出网格：{next(iter(left.values()))}", have=len(left))
    used = {*chosen.values(), *(block.today for block in blocks)}
    return _division(blocks, _named(grids, used=used), left)


def terms_in(edition: Edition) -> Terms:
    """What the edition in force says of dividing buildings into grids; refused when it says nothing."""
    for plan in edition.pack.plan.values():
        if (plan.assign, plan.to) == ("building", "grid"):
            return terms_of(plan.keep, prefer=plan.prefer, params=edition.params)
    raise Refused(
        "plan-missing", say="机制包里没有“把楼栋分到网格”的安排，请先采用网格优化的机制包。", have=edition.title
    )


def _division(blocks: Sequence[Block], grids: Mapping[int, str], left: Mapping[int, str]) -> Division:
    return Division(
        grids=grids,
        left=dict(sorted(left.items())),
        before=figures(blocks, {block.key: block.today for block in blocks}),
        after=figures(blocks, grids),
        homes_moved=homes_moved(blocks, grids),
    )


def _named(grids: Mapping[int, str], *, used: set[str]) -> dict[int, str]:
    """The division by key, its new grids named +1, +2 … over all parts, as far as these names are not used."""
    unnamed = dict.fromkeys(code for _, code in sorted(grids.items()) if code.startswith(f"{NEW}{NEW}"))
    free = (name for name in (f"{NEW}{number}" for number in count(1)) if name not in used)
    names = dict(zip(unnamed, free, strict=False))
    return {key: names.get(code, code) for key, code in sorted(grids.items())}


def _ground(
    blocks: Sequence[Block], *, barriers: Sequence[Sequence[Point]], seats: Mapping[int, str], terms: Terms
) -> tuple[_Ground, dict[int, str]]:
    """The buildings with a place and their neighbours, and those without a place."""
    ordered = sorted(blocks, key=lambda block: block.key)
    spots = spots_of(ordered)
    left = {
        block.key: "不知道它在哪里，请先在地图上标出位置。"
        for block, spot in zip(ordered, spots, strict=True)
        if spot is None
    }
    placed = [block for block in ordered if block.key not in left]
    where = [spot for spot in spots if spot is not None]
    fixed = {number: seats[block.key] for number, block in enumerate(placed) if block.key in seats}
    if "contiguous" in terms.keep:
        barrier = barrier_lines(barriers if "boundary" in terms.keep else (), ordered)
        near = neighbours(where, compounds=[block.compound for block in placed], barrier=barrier)
    else:
        near = [[other for other in range(len(placed)) if other != number] for number in range(len(placed))]
    return _Ground(placed, where, near, fixed, terms), left


def _check_seats(ground: _Ground, parts: Sequence[Sequence[int]]) -> None:
    """Refused when buildings that are fixed to one grid are parted by a barrier."""
    part_of = {number: index for index, part in enumerate(parts) for number in part}
    first: dict[str, int] = {}
    for number, code in sorted(ground.seats.items()):
        if part_of[first.setdefault(code, number)] != part_of[number]:
            raise _apart(ground, first[code], number)


def _apart(ground: _Ground, one: int, other: int) -> Refused:
    names = f"“{ground.blocks[one].name}”和“{ground.blocks[other].name}”"
    return Refused("seats-apart", say=f"{names}被指定在同一个网格，但中间隔开了，连不成片。", have=ground.seats[other])


def _codes_of(ground: _Ground, parts: Sequence[Sequence[int]]) -> list[list[str]]:
    """The codes that each part may go on using: those of its seats, then today's, each where most of its homes are."""
    weights: dict[str, list[int]] = {}
    for index, part in enumerate(parts):
        for number in part:
            if today := ground.blocks[number].today:
                weights.setdefault(today, [0] * len(parts))[index] += ground.blocks[number].homes + 1
            if number in ground.seats:
                weights.setdefault(ground.seats[number], [0] * len(parts))[index] += 10**9
    codes: list[list[str]] = [[] for _ in parts]
    for code in sorted(weights, key=lambda code: (-max(weights[code]), code)):
        codes[weights[code].index(max(weights[code]))].append(code)
    return codes


def _divide(ground: _Ground, part: Sequence[int], codes: Sequence[str]) -> dict[int, str] | str:
    """The grid of every building of a connected part, or why there is none."""
    homes, terms = ground.homes(part), ground.terms
    fewest = len({ground.seats[number] for number in part if number in ground.seats})
    if homes < terms.least:
        return f"和别的楼栋隔开了，这一片只有{homes}户，不够一个网格最少的{terms.least}户。"
    wanted = len(codes) or usual_count(homes, terms=terms)
    for number in counts_for(homes, wanted=wanted, fewest=fewest, terms=terms)[:COUNTS_TRIED]:
        if found := _divide_into(ground, part, codes=_enough(codes, part, count=number)):
            return found
    return f"这一片共{homes}户，按每个网格{terms.least_homes}至{terms.most_homes}户分不开。"


def _enough(codes: Sequence[str], part: Sequence[int], *, count: int) -> list[str]:
    """So many codes: the first of those in use, then new ones, known by the part until all are named."""
    return [*codes, *(f"{NEW}{NEW}{part[0]:09}-{number:04}" for number in range(count))][:count]


def _divide_into(ground: _Ground, part: Sequence[int], *, codes: list[str]) -> dict[int, str] | None:
    """A division into these grids, or nothing when none in range was found."""
    if len(codes) > len(part):
        return None
    loads = {number: load_of(ground.blocks[number], ground.spots[number]) for number in part}
    total = Load()
    for load in loads.values():
        total = total.plus(load)
    number_of = {code: number for number, code in enumerate(codes)}
    fixed = frozenset(number for number in part if number in ground.seats)
    start = _Start(ground, part, codes).made()
    aim = Aim(terms=ground.terms, total=total, count=len(codes))
    today = {number: _came_from(ground.blocks[number].today, number_of, count=len(codes)) for number in part}
    board = Board(near=ground.near, loads=loads, today=today, fixed=fixed, aim=aim, grid_of=start)
    improve(board)
    if not board.in_range():
        return None
    return _renamed(ground, {number: codes[grid] for number, grid in board.grid_of.items()})


def _renamed(ground: _Ground, grids: dict[int, str]) -> dict[int, str]:
    """The same division, each grid under the code that most of its homes have today; a seat's code stays."""
    shared: dict[tuple[str, str], int] = {}
    for number, code in grids.items():
        today = ground.blocks[number].today
        shared[code, today] = shared.get((code, today), 0) + ground.blocks[number].homes
    names = {code: code for number, code in grids.items() if number in ground.seats}
    spare = set(grids.values()) - set(names)
    for code, today in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if code not in names and today in spare and today not in names.values():
            names[code] = today
    over = sorted(set(grids.values()) - set(names.values()))
    for code in sorted(set(grids.values()) - set(names)):
        names[code] = over.pop(0)
    return {number: names[code] for number, code in grids.items()}


def _came_from(today: str, number_of: Mapping[str, int], *, count: int) -> int:
    """The number of today's grid; past the last when it is given up, -1 for none."""
    return number_of.get(today, count) if today else -1


class _Start:
    """A first division of a part: today's grids as far as they stand in one piece, new ones from a seed, then growing."""

    def __init__(self, ground: _Ground, part: Sequence[int], codes: Sequence[str]) -> None:
        self.ground, self.part, self.codes = ground, part, codes
        self.grid_of: dict[int, int] = {}

    def made(self) -> dict[int, int]:
        """Every building of the part with the number of its grid."""
        for grid in range(len(self.codes)):
            self._seat(grid)
        if self.ground.terms.weight("same-as-before"):
            for grid in range(len(self.codes)):
                self._keep(grid)
        for grid in range(len(self.codes)):
            if grid not in self.grid_of.values():
                self._seed(grid)
        self._grow()
        return self.grid_of

    def _seat(self, grid: int) -> None:
        """The seats of a grid with the ways between them."""
        seats = sorted(number for number in self.part if self.ground.seats.get(number) == self.codes[grid])
        for number in seats:
            mine = self._mine(grid)
            free = set(self.part) - set(self.grid_of) - set(self.ground.seats)
            way = path_within(number, mine or {number}, within=free, near=self.ground.near)
            if not way:
                raise _apart(self.ground, seats[0], number)
            self.grid_of |= dict.fromkeys(way, grid)

    def _mine(self, grid: int) -> set[int]:
        return {number for number, own in self.grid_of.items() if own == grid}

    def _keep(self, grid: int) -> None:
        """Of today's grid the piece that holds its seats, else the one with most homes."""
        seated = self._mine(grid)
        stays = {
            number
            for number in self.part
            if number not in self.grid_of and self.ground.blocks[number].today == self.codes[grid]
        }
        found = pieces(stays | seated, self.ground.near)
        if found:
            best = max(found, key=lambda piece: (bool(seated & set(piece)), self.ground.homes(piece), -piece[0]))
            self.grid_of |= dict.fromkeys(best, grid)

    def _seed(self, grid: int) -> None:
        """One building for a new grid: free and far from the others, else one that the largest grid can spare."""
        free = [number for number in self.part if number not in self.grid_of]
        if free:
            taken = [self.ground.spots[number] for number in self.grid_of]
            self.grid_of[max(free, key=lambda number: (self._far(number, taken), -number))] = grid
            return
        sizes = [self.ground.homes(sorted(self._mine(own))) for own in range(len(self.codes))]
        for largest in sorted(range(len(self.codes)), key=lambda own: (-sizes[own], own)):
            for number in sorted(self._mine(largest) - set(self.ground.seats)):
                rest = self._mine(largest) - {number}
                if rest and len(pieces(rest, self.ground.near)) == 1:
                    self.grid_of[number] = grid
                    return

    def _far(self, number: int, taken: Sequence[Spot]) -> int:
        """The squared distance to the nearest that is taken; from the corner when none is."""
        x, y = self.ground.spots[number]
        return min(((x - a) ** 2 + (y - b) ** 2 for a, b in taken), default=x * x + y * y)

    def _grow(self) -> None:
        """Give what is free to the smallest grid that touches it, the nearest first."""
        sizes = [self.ground.homes(sorted(self._mine(grid))) for grid in range(len(self.codes))]
        waiting = set(self.part) - set(self.grid_of)
        while waiting:
            _, _, number, grid = min(
                (sizes[self.grid_of[other]], self._between(number, other), number, self.grid_of[other])
                for number in waiting
                for other in self.ground.near[number]
                if other in self.grid_of
            )
            self.grid_of[number] = grid
            sizes[grid] += self.ground.blocks[number].homes
            waiting.discard(number)

    def _between(self, one: int, other: int) -> int:
        """The squared distance between two buildings."""
        (a, b), (x, y) = self.ground.spots[one], self.ground.spots[other]
        return (a - x) ** 2 + (b - y) ** 2
