"""Which buildings are neighbours: triangles between them and the nearest few, never across a barrier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from scipy.spatial import Delaunay, QhullError, cKDTree
from shapely.geometry import shape

from youying.places.planning_rules import Block

Point = tuple[float, float]
Spot = tuple[int, int]
Edge = tuple[int, int]
DECIMETRES_A_DEGREE = 1_113_200
REACH_DECIMETRES = 3_000
NEAREST = 8


def spots_of(blocks: Sequence[Block]) -> list[Spot | None]:
    """Where each building stands, in whole decimetres from the first; one without a place stands amid its compound."""
    points = [_point(block) for block in blocks]
    known = [point for point in points if point]
    if not known:
        return [None] * len(blocks)
    west, south = known[0]
    east = DECIMETRES_A_DEGREE * cos(radians(south))
    spots = [
        (round((point[0] - west) * east), round((point[1] - south) * DECIMETRES_A_DEGREE)) if point else None
        for point in points
    ]
    middles = _middles(blocks, spots)
    return [
        spot or (middles.get(block.compound) if block.compound else None)
        for block, spot in zip(blocks, spots, strict=True)
    ]


def _point(block: Block) -> Point | None:
    if block.point or not block.polygon:
        return block.point
    middle = shape(dict(block.polygon)).representative_point()
    return (middle.x, middle.y)


def _middles(blocks: Sequence[Block], spots: Sequence[Spot | None]) -> dict[int, Spot]:
    """The middle of the known spots of every compound."""
    by_compound: dict[int, list[Spot]] = {}
    for block, spot in zip(blocks, spots, strict=True):
        if spot:
            by_compound.setdefault(block.compound, []).append(spot)
    return {
        compound: (sum(x for x, _ in known) // len(known), sum(y for _, y in known) // len(known))
        for compound, known in by_compound.items()
    }


def barrier_lines(barriers: Sequence[Sequence[Point]], blocks: Sequence[Block]) -> Any:
    """The barriers in the same decimetres as the buildings, as one geometry."""
    first = next((point for block in blocks if (point := _point(block))), (0.0, 0.0))
    east = DECIMETRES_A_DEGREE * cos(radians(first[1]))
    lines = [
        shapely.LineString([((x - first[0]) * east, (y - first[1]) * DECIMETRES_A_DEGREE) for x, y in line])
        for line in barriers
        if len(line) > 1
    ]
    return shapely.union_all(lines)


def neighbours(spots: Sequence[Spot], *, compounds: Sequence[int], barrier: Any) -> list[list[int]]:
    """The neighbours of every building, by their place in the list; what only a barrier parts stays parted."""
    at: dict[Spot, list[int]] = {}
    for number, spot in enumerate(spots):
        at.setdefault(spot, []).append(number)
    unique = sorted(at)
    heads = [at[spot][0] for spot in unique]
    edges = _uncrossed(sorted((heads[a], heads[b]) for a, b in _candidates(unique)), spots, barrier)
    kept = _short_or_needed(edges, spots=spots, compounds=compounds)
    kept += [(together[0], other) for together in at.values() for other in together[1:]]
    return _lists(len(spots), kept)


def _candidates(unique: Sequence[Spot]) -> set[Edge]:
    """Pairs that may be neighbours: the sides of the triangles, and of every spot the nearest few."""
    if len(unique) < 2:
        return set()
    points = np.array(unique, dtype=float)
    _, near = cKDTree(points).query(points, k=min(NEAREST + 1, len(unique)))
    pairs = {_edge(number, int(other)) for number, row in enumerate(near) for other in row if int(other) != number}
    pairs |= {(number, number + 1) for number in range(len(unique) - 1)} if _in_line(points) else set()
    if len(unique) > 3 and not _in_line(points):
        pairs |= _sides(points)
    return pairs


def _in_line(points: Any) -> bool:
    """Whether all spots lie on one line, where there are no triangles."""
    return int(np.linalg.matrix_rank(points - points[0])) < 2


def _sides(points: Any) -> set[Edge]:
    try:
        triangles = Delaunay(points).simplices
    except QhullError:  # so nearly on one line that there are no triangles
        return {(number, number + 1) for number in range(len(points) - 1)}
    return {_edge(int(corner[i]), int(corner[j])) for corner in triangles for i, j in ((0, 1), (1, 2), (0, 2))}


def _edge(a: int, b: int) -> Edge:
    return (a, b) if a < b else (b, a)


def _uncrossed(edges: Sequence[Edge], spots: Sequence[Spot], barrier: Any) -> list[Edge]:
    if not edges or barrier.is_empty:
        return list(edges)
    lines = shapely.linestrings([[spots[a], spots[b]] for a, b in edges])
    shapely.prepare(barrier)
    crossed = shapely.intersects(barrier, lines)
    return [edge for edge, cut in zip(edges, crossed, strict=True) if not cut]


def _short_or_needed(edges: Iterable[Edge], *, spots: Sequence[Spot], compounds: Sequence[int]) -> list[Edge]:
    """The edges within reach or within a compound, and of the long ones those without which a part is cut off."""
    head = list(range(len(spots)))
    kept = []
    for squared, (a, b) in sorted((_squared(spots[a], spots[b]), (a, b)) for a, b in edges):
        apart = _root(head, a) != _root(head, b)
        if apart:
            head[_root(head, a)] = _root(head, b)
        if apart or squared <= REACH_DECIMETRES**2 or (compounds[a] and compounds[a] == compounds[b]):
            kept.append((a, b))
    return kept


def _squared(one: Spot, other: Spot) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _root(head: list[int], number: int) -> int:
    while head[number] != number:
        head[number] = head[head[number]]
        number = head[number]
    return number


def _lists(size: int, edges: Iterable[Edge]) -> list[list[int]]:
    sets: list[set[int]] = [set() for _ in range(size)]
    for a, b in edges:
        sets[a].add(b)
        sets[b].add(a)
    return [sorted(one) for one in sets]


def pieces(members: Iterable[int], near: Mapping[int, Sequence[int]] | Sequence[Sequence[int]]) -> list[list[int]]:
    """The connected pieces of some buildings, each in order, the first member's piece first."""
    waiting = set(members)
    found = []
    for number in sorted(waiting):
        if number in waiting:
            found.append(sorted(_spread(number, waiting, near)))
            waiting.difference_update(found[-1])
    return found


def _spread(start: int, within: set[int], near: Any) -> set[int]:
    reached, front = {start}, [start]
    while front:
        for other in near[front.pop()]:
            if other in within and other not in reached:
                reached.add(other)
                front.append(other)
    return reached


def path_within(start: int, goals: set[int], *, within: set[int], near: Sequence[Sequence[int]]) -> list[int]:
    """The shortest way from one building to any of the goals through some others; empty when there is none."""
    came: dict[int, int] = {start: start}
    front = [start]
    for number in front:
        if number in goals:
            way = [number]
            while way[-1] != start:
                way.append(came[way[-1]])
            return way
        for other in near[number]:
            if other not in came and (other in within or other in goals):
                came[other] = number
                front.append(other)
    return []
