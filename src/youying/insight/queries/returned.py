"""How much each unit sent back: of what it was given as the lead, what was handed back or objected to, and with which matters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from django.db.models import Count, Q, QuerySet

from youying.insight.periods import Period
from youying.insight.scopes import EVERYTHING, Narrow, in_period, root_of, within, zones_below
from youying.kernel.fractions import TOO_FEW
from youying.kernel.viewers import Viewer
from youying.matters.models import Assignment, Matter
from youying.matters.rules import SENDS_BACK


@dataclass(frozen=True, slots=True)
class Returned:
    """One unit: how often it was given a matter to lead, and how often it sent one back, by which verb."""

    unit_id: int
    title: str
    given: int
    handed_back: int
    objected: int

    @property
    def sent_back(self) -> int:
        """How often it sent a matter back, either way."""
        return self.handed_back + self.objected

    @property
    def share(self) -> Fraction | None:
        """The exact returned share; None where fewer than thirty were given: then the counts alone are told."""
        return Fraction(self.sent_back, self.given) if self.given >= TOO_FEW else None


def returned(viewer: Viewer, *, period: Period, narrow: Narrow = EVERYTHING) -> list[Returned]:
    """The units that led matters opened in the period within reach, by name; one statement.

    What was sent back counts for the unit that sent it, wherever the matter stands now.
    """
    rows = (
        _assignments(viewer, period, narrow)
        .values_list("unit_id", "unit__title")
        .annotate(
            given=Count("pk"),
            handed_back=Count("pk", filter=Q(ended_by="hand-back")),
            objected=Count("pk", filter=Q(ended_by="object")),
        )
        .order_by("unit__title", "unit_id")
    )
    return [Returned(*row) for row in rows]


def sent_back_numbers(viewer: Viewer, unit_id: int, *, period: Period, narrow: Narrow = EVERYTHING) -> list[str]:
    """The numbers of the matters that a unit sent back, newest first, each once for every time."""
    rows = _assignments(viewer, period, narrow).filter(unit_id=unit_id, ended_by__in=SENDS_BACK)
    return list(rows.order_by("-until").values_list("matter__number", flat=True))


def _assignments(viewer: Viewer, period: Period, narrow: Narrow) -> QuerySet[Assignment]:
    """Who was given the lead of the matters asked about; a post that reaches no place sees its own unit's."""
    viewer.require("rates")
    matters = Matter.objects.filter(in_period(period, zones_below(root_of(viewer, narrow))))
    if viewer.reach:
        matters = matters.filter(within(viewer, replace(narrow, unit=None), unit="lead_id"))
    found = Assignment.objects.filter(matter__in=matters, role="lead")
    own = narrow.unit if viewer.reach else viewer.unit_id
    if own is not None:
        return found.filter(unit_id=own)
    return found if viewer.reach else found.none()
