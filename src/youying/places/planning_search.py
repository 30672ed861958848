"""Making a division better by moves and swaps between neighbouring grids that leave every grid in one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from youying.places.planning_ground import pieces
from youying.places.planning_rules import Aim, Load

PATIENCE = 60
"""So many moves without a better division end a search."""
ROUNDS = 4
REST = 9
"""A building that has moved stays for so many moves."""


@dataclass
class Board:
    """Buildings (numbers) on grids (numbers): `near` the neighbours, `today` the grid a building comes from (or -1)."""

    near: Sequence[Sequence[int]]
    loads: Mapping[int, Load]
    today: Mapping[int, int]
    fixed: frozenset[int]
    aim: Aim
    grid_of: dict[int, int]
    members: list[set[int]] = field(init=False)
    sums: list[Load] = field(init=False)
    costs: list[int] = field(init=False)
    known: dict[int, list[tuple[int, int, int]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.members = [set() for _ in range(self.aim.count)]
        self.sums = [Load() for _ in range(self.aim.count)]
        for number in sorted(self.grid_of):
            grid = self.grid_of[number]
            self.members[grid].add(number)
            self.sums[grid] = self.sums[grid].plus(self.loads[number])
        self.costs = [self.aim.cost(load) for load in self.sums]

    def total(self) -> int:
        """What is to be made as small as possible."""
        return sum(self.costs) + sum(self._change(number, grid) for number, grid in self.grid_of.items())

    def _change(self, number: int, grid: int) -> int:
        came_from = self.today[number]
        return self.aim.change(self.loads[number].homes) if came_from not in (-1, grid) else 0

    def in_range(self) -> bool:
        """Whether every grid has neither too many nor too few homes."""
        terms, all_homes = self.aim.terms, self.aim.total.homes
        return all(terms.least <= load.homes <= terms.most(all_homes) for load in self.sums)

    def gain(self, number: int, to: int) -> int:
        """How the total changes by one move."""
        one, grid = self.loads[number], self.grid_of[number]
        return (
            self.aim.cost(self.sums[grid].minus(one))
            + self.aim.cost(self.sums[to].plus(one))
            - self.costs[grid]
            - self.costs[to]
            + self._change(number, to)
            - self._change(number, grid)
        )

    def put(self, number: int, to: int) -> None:
        """Move one building."""
        one, grid = self.loads[number], self.grid_of[number]
        self.members[grid].discard(number)
        self.members[to].add(number)
        self.sums[grid], self.sums[to] = self.sums[grid].minus(one), self.sums[to].plus(one)
        self.costs[grid], self.costs[to] = self.aim.cost(self.sums[grid]), self.aim.cost(self.sums[to])
        self.grid_of[number] = to
        self._forget(number, grid, to)

    def _forget(self, moved: int, grid: int, to: int) -> None:
        """What is known of moves from, into or beside two grids holds no longer."""
        both = (grid, to)
        for number in [*self.near[moved], *self.members[grid], *self.members[to]]:
            self.known.pop(number, None)
        for number in [number for number, moves in self.known.items() if any(move[2] in both for move in moves)]:
            del self.known[number]

    def moves(self, number: int) -> list[tuple[int, int, int]]:
        """Every move of a building to a grid it touches: the gain, the building, the grid."""
        if number not in self.known:
            self.known[number] = [(self.gain(number, to), number, to) for to in self.targets(number)]
        return self.known[number]

    def targets(self, number: int) -> list[int]:
        """The other grids that a building touches."""
        own = self.grid_of[number]
        return sorted({self.grid_of[other] for other in self.near[number]} - {own})

    def may_leave(self, number: int) -> bool:
        """Whether the grid of a building stays, and stays in one piece, without it."""
        rest = self.members[self.grid_of[number]] - {number}
        if not rest:
            return False
        touching = [other for other in self.near[number] if other in rest]
        if len(touching) == 1:
            return True
        return _in_one_piece(touching, rest, self.near)

    def whole(self, grid: int) -> bool:
        """Whether a grid is in one piece."""
        return len(pieces(self.members[grid], self.near)) == 1


def _in_one_piece(touching: Sequence[int], rest: set[int], near: Sequence[Sequence[int]]) -> bool:
    """Whether all that touched what left still reach each other."""
    if not touching:
        return False
    wanted = set(touching)
    reached, front = {touching[0]}, [touching[0]]
    while front and not wanted <= reached:
        for other in near[front.pop()]:
            if other in rest and other not in reached:
                reached.add(other)
                front.append(other)
    return wanted <= reached


def improve(board: Board) -> None:
    """Make the division better until neither moves nor swaps help; the best that was met stays."""
    for _ in range(ROUNDS):
        _walk(board)
        if not _swap(board):
            return


def _walk(board: Board) -> None:
    """Move by the best move that is not resting, even to the worse for a while; end with the best division met."""
    best, best_total, total = dict(board.grid_of), board.total(), board.total()
    rests: dict[int, int] = {}
    step = stale = 0
    while stale < PATIENCE and (move := _best_move(board, rests, step=step, spare=best_total - total)):
        gain, number, to = move
        board.put(number, to)
        rests[number] = step + REST
        total += gain
        step, stale = step + 1, stale + 1
        if total < best_total:
            best, best_total, stale = dict(board.grid_of), total, 0
    for number, grid in best.items():
        if board.grid_of[number] != grid:
            board.put(number, grid)


def _best_move(board: Board, rests: Mapping[int, int], *, step: int, spare: int) -> tuple[int, int, int] | None:
    """The best move that keeps every grid in one piece; one that is resting only for the best division yet."""
    moves = [move for number in board.grid_of if number not in board.fixed for move in board.moves(number)]
    for move in sorted(moves):
        if (rests.get(move[1], -1) < step or move[0] < spare) and board.may_leave(move[1]):
            return move
    return None


def _swap(board: Board) -> bool:
    """Exchange pairs across a border as long as that helps; whether any was exchanged."""
    helped = False
    for one in sorted(board.grid_of):
        for to in board.targets(one) if one not in board.fixed else ():
            if board.grid_of[one] != to and _swap_with(board, one, to):
                helped = True
    return helped


def _swap_with(board: Board, one: int, to: int) -> bool:
    """Exchange one building for one of another grid that touches its own, when that helps."""
    grid = board.grid_of[one]
    for other in sorted(board.members[to] - board.fixed):
        if grid not in board.targets(other):
            continue
        gain = board.gain(one, to)
        board.put(one, to)
        gain += board.gain(other, grid)
        board.put(other, grid)
        if gain < 0 and board.whole(grid) and board.whole(to):
            return True
        board.put(other, to)
        board.put(one, grid)
    return False
