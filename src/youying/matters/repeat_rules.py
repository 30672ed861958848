"""When a need is a repeat: the same reporter, category and place as a need that had ended not long before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from youying.matters.merge_rules import SAME, Told
from youying.packs.params import ENGINE_PARAMS

DAYS = "repeat-days"
"""The number of a place that says how long after the end of the earlier need a new one is its repeat."""
LOOKED_BACK_MOST = timedelta(days=ENGINE_PARAMS[DAYS].most)


@dataclass(frozen=True, slots=True)
class Ended:
    """An earlier need by what it is compared by, and when it ended."""

    told: Told
    ended_at: datetime


def is_repeat(mine: Told, earlier: Iterable[Ended], *, days: int) -> bool:
    """Whether one of the earlier needs is brought again within so many days of its end."""
    most = timedelta(days=days)
    return any(
        timedelta(0) <= mine.opened_at - one.ended_at <= most and all(same(mine, one.told) for _, same in SAME.values())
        for one in earlier
    )
