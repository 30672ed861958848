"""Which open matters a pack takes for the same need: what must be equal, and within how long. A person decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from youying.kernel.calendar import WorkCalendar
from youying.kernel.clocks import count
from youying.kernel.durations import Duration
from youying.packs.compiled import CompiledMerge

MOST_DAYS: Mapping[str, int] = {"days": 1, "working-days": 3, "months": 31}
SLACK_DAYS = 15


@dataclass(frozen=True, slots=True)
class Told:
    """What two reports are compared by; `reporters` are blind indexes, never numbers."""

    reporters: frozenset[str]
    category: str
    area_path: str
    compound_id: int | None
    opened_at: datetime


def _same_reporter(one: Told, other: Told) -> bool:
    return bool(one.reporters & other.reporters)


def _same_category(one: Told, other: Told) -> bool:
    return bool(one.category) and one.category == other.category


def _same_place(one: Told, other: Told) -> bool:
    if one.compound_id is not None or other.compound_id is not None:
        return one.compound_id == other.compound_id
    return bool(one.area_path) and one.area_path == other.area_path


SAME: dict[str, tuple[str, Callable[[Told, Told], bool]]] = {
    "reporter": ("同一诉求人", _same_reporter),
    "category": ("同一分类", _same_category),
    "place": ("同一处", _same_place),
}
"""Word of `merge.same` → how it is said, and when it holds; what is not known on both sides is not the same."""


def same_by(merge: CompiledMerge | None, mine: Told, other: Told, *, calendar: WorkCalendar) -> tuple[str, ...]:
    """Why the newer report may be the older one's double, in words; nothing where it is not, or came too late."""
    if merge is None or not merge.same:
        return ()
    if any(word not in SAME or not SAME[word][1](mine, other) for word in merge.same):
        return ()
    first, last = sorted((mine.opened_at, other.opened_at))
    over_at = count(first, merge.over, calendar).due_at
    return tuple(SAME[word][0] for word in merge.same) if over_at is not None and last <= over_at else ()


def nobody_like(merge: CompiledMerge, mine: Told) -> bool:
    """Whether what the rule compares is not known of the report at hand, so that nothing can be the same."""
    known = {"reporter": bool(mine.reporters), "category": bool(mine.category), "place": True}
    return not all(known.get(word, False) for word in merge.same)


def looked_back(over: Duration) -> timedelta:
    """How far back a double can lie at most: a bound for the database, the rule itself decides."""
    return timedelta(days=over.n * MOST_DAYS.get(over.unit, 1) + SLACK_DAYS)
