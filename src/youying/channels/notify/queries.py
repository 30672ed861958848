"""Notices as the people they are for see them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from youying.channels.notify.models import Notice
from youying.channels.notify.rules import ACCOUNT, POST, REPORTER, UNIT
from youying.kernel.viewers import Viewer
from youying.matters.queries import Filters, filtered

SHOWN = 50


def mine(viewer: Viewer) -> Q:
    """The condition of a viewer's own notices: for the post within sight, for the unit, and what reporters are to be told."""
    codes = [code for code in (viewer.post_code, viewer.unit_kind) if code]
    within = _within(viewer)
    found = Q(audience=POST, post_code__in=codes) & within
    if viewer.may("act"):
        found |= Q(audience=REPORTER) & within
    if viewer.account_id is not None:
        found |= Q(audience=ACCOUNT, account_id=viewer.account_id)
    return found | Q(audience=UNIT, unit_id=viewer.unit_id) if viewer.unit_id else found


def _within(viewer: Viewer) -> Q:
    """Of a matter that the viewer sees; of a place (a warning) at or below the viewer's reach."""
    sight = filtered(viewer, Filters(state="all")).filter(pk=OuterRef("matter_id"))
    if viewer.reach == "/":
        return Q(Exists(sight)) | Q(matter_id=None)
    reach = Q(area_path=viewer.reach) | Q(area_path__startswith=viewer.reach.rstrip("/") + "/")
    return Q(Exists(sight)) | (Q(matter_id=None) & reach if viewer.reach else Q(pk__isnull=True))


def notices_for(viewer: Viewer) -> QuerySet[Notice]:
    """What this viewer has not seen yet, latest first, without what is to be told to reporters."""
    return Notice.objects.filter(mine(viewer), seen_at=None).exclude(audience=REPORTER).order_by("-at", "-pk")[:SHOWN]


def opened_by(viewer: Viewer, rows: Iterable[Notice]) -> set[str]:
    """The numbers of those notices whose matter the viewer may still open: a unit that was let go may not."""
    numbers = {row.number for row in rows if row.number}
    found = filtered(viewer, Filters(state="all")).filter(number__in=numbers) if numbers else None
    return set(found.values_list("number", flat=True)) if found is not None else set()


def to_tell(viewer: Viewer) -> QuerySet[Notice]:
    """What reporters are still to be told, where no sender does it, oldest first."""
    return Notice.objects.filter(mine(viewer), seen_at=None, audience=REPORTER).order_by("at", "pk")[:SHOWN]
