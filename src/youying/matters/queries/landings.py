"""What came in off hours and still waits: with whom on duty, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.models import Landing, Matter
from youying.matters.queries.day import Todo, next_step, row_from
from youying.matters.queries.sight import visible
from youying.people.models import Shift

LANDED_MOST = 100


@dataclass(frozen=True, slots=True)
class Landed:
    """With whom a matter landed, and why: shown on its page."""

    name: str
    why: str
    at: datetime
    waits: bool


def waiting() -> QuerySet[Landing]:
    """The landings whose matter still stands where it came in."""
    return Landing.objects.filter(matter__ended_at=None, matter__stage=F("stage"))


def waiting_with(shift_id: int) -> QuerySet[Landing]:
    """What still waits with a shift."""
    return waiting().filter(shift_id=shift_id)


def landed_on(viewer: Viewer) -> list[Todo]:
    """What came in off hours and waits with this person, oldest first, each with its next step."""
    if viewer.account_id is None:
        return []
    mine = waiting().filter(account_id=viewer.account_id).values("matter_id")
    found = Matter.objects.filter(visible(viewer), pk__in=mine).select_related("lead").order_by("opened_at", "id")
    at = now()
    return [Todo(row_from(matter, at), next_step(viewer, matter)) for matter in found[:LANDED_MOST]]


def landed_on_nobody(viewer: Viewer) -> list[Todo]:
    """What came in off hours with nobody on duty and still waits, for who minds the roster, oldest first."""
    found = waiting().filter(account__isnull=True).values("matter_id")
    rows = Matter.objects.filter(visible(viewer), pk__in=found).select_related("lead").order_by("opened_at", "id")
    at = now()
    return [Todo(row_from(matter, at), next_step(viewer, matter)) for matter in rows[:LANDED_MOST]]


def landing_of(matter: Matter) -> Landed | None:
    """With whom on duty a matter landed, if it came in off hours."""
    row = Landing.objects.select_related("account").filter(matter=matter).first()
    if row is None:
        return None
    waits = matter.ended_at is None and matter.stage == row.stage
    return Landed(row.account.name if row.account else "", row.why, row.at, waits)


def open_after(shift: Shift) -> list[Matter]:
    """What a hand-over note is begun with: what came in during the shift at its place and still waits, oldest first.

    What landed with the shift is among them, wherever it lies.
    """
    below = Q(area_path=shift.path) | Q(area_path__startswith=shift.path.rstrip("/") + "/")
    came = below & Q(opened_at__gte=shift.begins_at, opened_at__lt=shift.ends_at, landing__isnull=False)
    found = Matter.objects.filter(came | Q(pk__in=waiting_with(shift.pk).values("matter_id")))
    return list(found.filter(ended_at=None, stage=F("landing__stage")).order_by("opened_at", "id")[:LANDED_MOST])
