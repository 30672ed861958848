"""Who saw matters like this one to their end before: what the dispatcher may go by where no directory row speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from youying.kernel.moments import now
from youying.matters.models import Matter

LOOKED_BACK = timedelta(days=365)
LEAST = 3
"""From so many on the past is worth telling."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Precedent:
    """A unit with how many matters of the category it saw to an end nearby, and how many of those were called solved."""

    unit_id: int
    title: str
    ended: int
    solved: int


def precedents(matter: Matter, category: str = "", *, at: datetime | None = None) -> list[Precedent]:
    """The units that led matters of this category in the same street to an end within a year, most first.

    Whose lead was handed back or was put elsewhere in the end does not count: only the unit that saw it through.
    Empty where fewer than three such matters are known.
    """
    code = category or matter.category
    if not code:
        return []
    street = matter.area_path.rpartition("/")[0] or matter.area_path
    near = Q(area_path=street) | Q(area_path__startswith=f"{street}/")
    rows = (
        Matter.objects.filter(near, category=code, crossed_off=True, lead__active=True)
        .filter(opened_at__gte=(at or now()) - LOOKED_BACK)
        .exclude(pk=matter.pk)
        .order_by()
        .values_list("lead_id", "lead__title")
        .annotate(ended=Count("pk"), solved=Count("pk", filter=Q(solved=True)))
        .order_by("-ended", "lead_id")
    )
    found = [Precedent(*row) for row in rows]
    return found[:SHOWN] if sum(one.ended for one in found) >= LEAST else []
