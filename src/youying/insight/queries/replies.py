"""How soon matters were answered: completed within so many hours of being reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Count, F, Q

from youying.insight.periods import Period
from youying.insight.scopes import EVERYTHING, Narrow, in_period, root_of, within, zones_below
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter

A_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Answered:
    """How many matters came in, how many of them were answered, and how many within each number of hours."""

    received: int
    answered: int
    within: Mapping[int, int]

    def share(self, hours: int) -> Fraction | None:
        """The exact share of the answered ones that were answered within so many hours; None when none was."""
        return Fraction(self.within[hours], self.answered) if self.answered else None


def answered_within(
    viewer: Viewer,
    hours: Sequence[int] = (5 * A_DAY_HOURS, 15 * A_DAY_HOURS, 30 * A_DAY_HOURS),
    *,
    narrow: Narrow = EVERYTHING,
    since: date | None = None,
    until: date | None = None,
) -> Answered:
    """Count matters completed within each number of elapsed hours of being opened, both ends included; one statement.

    With both `since` and `until` only those opened on these local days. Hours are natural time, no working calendar.
    """
    if not hours or min(hours) < 1:
        raise Refused("hours-wrong", say="请写大于0的小时数。", have=list(hours), field="hours")
    rows = Matter.objects.filter(within(viewer, narrow, unit="lead_id"))
    root = root_of(viewer, narrow)
    if since and until:
        rows = rows.filter(in_period(Period(since, until), zones_below(root)))
    done = Q(completed_at__isnull=False)
    in_time = {
        f"h{n}": Count("pk", filter=done & Q(completed_at__lte=F("opened_at") + timedelta(hours=n))) for n in set(hours)
    }
    found = rows.aggregate(received=Count("pk"), answered=Count("pk", filter=done), **in_time)
    return Answered(found["received"], found["answered"], {n: found[f"h{n}"] for n in hours})
