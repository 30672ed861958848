"""Bells that could not be rung and wait for their next try: what a person has to look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from youying.kernel.viewers import Viewer
from youying.matters.models import Matter, StuckBell
from youying.record.reaching import register_places

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
    """The bells that could not be rung, of the matters within reach, oldest first; needs the power `audit`."""
    viewer.require("audit")
    found = StuckBell.objects.select_related("matter").order_by("since", "pk")
    rows = islice((row for row in found.iterator() if viewer.reaches(row.matter.area_path)), MOST)
    return [Stuck(row.matter.number, row.bell, row.error, row.tries, row.since, row.try_at) for row in rows]


def areas_of(keys: Collection[str]) -> dict[str, list[str]]:
    """Where matters lie, by their keys in the record."""
    found = Matter.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in found.values_list("pk", "area_path")}


register_places("matter", areas_of)
