"""What several reporters' words make together: one "not solved" stands at once, "solved" only when all have said so."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """One reporter's word in a round."""

    reporter_id: int
    solved: bool
    satisfaction: str


def voices(rows: Iterable[tuple[int, str, bool]]) -> dict[int, int]:
    """Each reporter's row → the first row of the same person; told of each: key, telephone or its index, protected.

    Whoever reported twice by one telephone is one voice; a row without a telephone is a person of its own. A protected
    row is never one with an open one: that both are of one person would tell who reported.
    """
    first: dict[Hashable, int] = {}
    return {key: first.setdefault((phone, protected) if phone else key, key) for key, phone, protected in rows}


def people(rows: Iterable[tuple[int, str, bool]]) -> int:
    """How many persons these rows are."""
    return len(set(voices(rows).values()))


def together(words: Iterable[Said], *, asked: Iterable[int], order: Sequence[str]) -> dict[str, Any]:
    """The facts that these words leave, the last one spoken last; a later word of the same person takes the earlier's place.

    `order` lists the grades of satisfaction, best first: all together are as satisfied as the least of them. While
    somebody was not heard, the matter is neither solved nor unsolved.
    """
    latest = {one.reporter_id: one for one in words}
    facts: dict[str, Any] = {"answered": len(latest)}
    unsolved = next((one for one in latest.values() if not one.solved), None)
    if unsolved is not None:
        return facts | {"solved": False, "satisfaction": unsolved.satisfaction}
    if set(asked) - set(latest):
        return facts | {"solved": None, "satisfaction": ""}
    return facts | agreed(latest.values(), order=order)


def agreed(words: Iterable[Said], *, order: Sequence[str]) -> dict[str, Any]:
    """The facts where everybody who spoke says that it is solved; of the same person the later word counts."""
    grades = [one.satisfaction for one in {one.reporter_id: one for one in words}.values()]
    return {"solved": True, "satisfaction": max(grades, key=lambda grade: order.index(grade) if grade in order else 0)}
