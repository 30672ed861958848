"""What is asked of a board: measures, dimensions, periods and picks, and which tally can answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from youying.insight.facts import READ, in_cells
from youying.insight.measures import Measure
from youying.insight.periods import Period
from youying.insight.scopes import ROOT, Narrow, area_of, root_of
from youying.kernel.viewers import Viewer
from youying.matters.tally_rules import LEFT_OUT

Key = tuple[Any, ...]
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "unit": ("unit_id", "lead_id"),
    "grid": ("grid_id", "grid_id"),
    "compound": ("compound_id", "compound_id"),
    "area": ("area_path", "area_path"),
    "category": ("category", "category"),
    "channel": ("channel", "channel"),
    "urgency": ("urgency", "urgency"),
    "kind": ("kind", "kind"),
    "month": ("month", ""),
}
"""What a board may be broken down by: the column of a tally cell, and of a matter."""
TOTAL: Key = ("total",)
NOW, LAST_YEAR, LAST_PERIOD = "now", "last-year", "last-period"


@dataclass(frozen=True)
class Question:
    """What is counted: measures, by which dimensions, in which periods (by slot), for whom.

    `now` is the period reported, to whose months those of the others are shown beside.
    """

    viewer: Viewer
    measures: Sequence[Measure]
    by: tuple[str, ...]
    periods: Mapping[str, Period]
    narrow: Narrow
    now: Period

    @property
    def root(self) -> str:
        """The place that it is about."""
        return root_of(self.viewer, self.narrow)

    @property
    def facts(self) -> list[str]:
        """The facts that any measure reads, with the loop unless all are of the same."""
        read = {fact for one in self.measures for fact in one.facts}
        return sorted(read if self.loop else read | {"loop"})

    @property
    def loop(self) -> str:
        """The one loop that all measures are of; empty where they are of several, or of all matters."""
        loops = {one.loop for one in self.measures}
        return loops.pop() if len(loops) == 1 else ""

    @property
    def reasons(self) -> frozenset[str]:
        """The reasons for which any measure keeps matters out."""
        return frozenset(code for one in self.measures for code in one.exclude)

    @property
    def loops(self) -> Q:
        """The populations of all measures together."""
        loops = {one.loop for one in self.measures}
        return Q() if "" in loops else Q(loop__in=sorted(loops))

    @property
    def by_unit(self) -> bool:
        """Whether the cells by unit know all that is asked: nothing that they leave out is read, split by or picked."""
        narrow = self.narrow
        finer = (narrow.category, narrow.channel, narrow.urgency, narrow.grid, narrow.compound)
        areas = all(area_of(path) == (path or ROOT) for path in (self.root, self.viewer.reach))
        read = {DIMENSIONS[name][0] for name in self.by} | {READ[fact].cell for fact in self.facts}
        return areas and not read & LEFT_OUT.keys() and all(pick in ("", None) for pick in finer)

    @property
    def in_cells(self) -> bool:
        """Whether the cells of the tallies know all that is asked."""
        inside = all(not step.startswith("b") for path in (self.root, self.viewer.reach) for step in path.split("/"))
        return inside and all(
            not one.sums and in_cells(one.where, params=one.params) and in_cells(one.base, params=one.params)
            for one in self.measures
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a slot's period; where months are asked for, one month of it under the key it is shown by."""

    slot: str
    period: Period
    month: date | None = None
