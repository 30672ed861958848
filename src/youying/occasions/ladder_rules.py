"""The ladder of a rhythm: at which moments of an occasion what happens by itself; pure functions.

The last rung, which the house adds to every rhythm, marks what is not done when it is due as missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from youying.packs.compiled import CompiledRung, compile_rungs
from youying.packs.schema_rhythm import Rhythm

MISSED = "missed"
_SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400, "working-days": 86_400, "office-hours": 3_600}


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing that happens when an occasion reaches a moment."""

    at: datetime
    do: str
    to: str


def rungs(rhythm: Rhythm, opens_at: datetime, due_at: datetime) -> list[Rung]:
    """The rungs of one occasion in the order of their moments; missing it comes first among those of one moment."""
    found = [Rung(_moment(step, opens_at, due_at), step.do, step.to) for step in compile_rungs(rhythm.ladder)]
    return sorted([Rung(due_at, MISSED, ""), *found], key=lambda rung: (rung.at, rung.do != MISSED))


def next_ring(rhythm: Rhythm, opens_at: datetime, due_at: datetime, *, rung: int) -> datetime | None:
    """When the next rung rings, `rung` of them having rung; None after the last."""
    ladder = rungs(rhythm, opens_at, due_at)
    return ladder[rung].at if rung < len(ladder) else None


def _moment(step: CompiledRung, opens_at: datetime, due_at: datetime) -> datetime:
    if step.percent is not None:
        return opens_at + (due_at - opens_at) * step.percent / 100
    if step.after is None:
        return due_at
    if step.after.unit == "months":
        return due_at + timedelta(days=30 * step.after.n)
    return due_at + timedelta(seconds=_SECONDS[step.after.unit] * step.after.n)
