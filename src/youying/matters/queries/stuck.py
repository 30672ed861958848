"""Bells that could not be rung and wait for their next try: what a person has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from youying.kernel.viewers import Viewer
from youying.matters.models import StuckBell

MOST = 100


@dataclass(frozen=True, slots=True)
class Stuck:
    """One bell that could not be rung: of which matter, what kind of bell and fault, how often, and when next."""

    number: str
    bell: str
    error: str
    tries: int
    since: datetime
    try_at: datetime


def stuck_bells(viewer: Viewer) -> list[Stuck]:
    """The bells that could not be rung, oldest first; needs the power `audit`."""
    viewer.require("audit")
    rows = StuckBell.objects.select_related("matter").order_by("since", "pk")[:MOST]
    return [Stuck(row.matter.number, row.bell, row.error, row.tries, row.since, row.try_at) for row in rows]
