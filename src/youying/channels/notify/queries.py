"""Notices as the people they are for see them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from youying.channels.notify.models import Notice
from youying.channels.notify.rules import POST, REPORTER, UNIT
from youying.kernel.viewers import Viewer

SHOWN = 50


def mine(viewer: Viewer) -> Q:
    """The condition of a viewer's own notices: for the post within reach, for the unit, and what is to be told to reporters."""
    reach = Q(area_path=viewer.reach) | Q(area_path__startswith=viewer.reach.rstrip("/") + "/")
    within = reach if viewer.reach and viewer.reach != "/" else Q() if viewer.reach == "/" else Q(pk__isnull=True)
    found = Q(audience=POST, post_code=viewer.post_code) & within
    if viewer.may("act") and viewer.may("view"):
        found |= Q(audience=REPORTER) & within
    return found | Q(audience=UNIT, unit_id=viewer.unit_id) if viewer.unit_id else found


def notices_for(viewer: Viewer) -> QuerySet[Notice]:
    """What this viewer has not seen yet, latest first, without what is to be told to reporters."""
    return Notice.objects.filter(mine(viewer), seen_at=None).exclude(audience=REPORTER).order_by("-at", "-pk")[:SHOWN]


def to_tell(viewer: Viewer) -> QuerySet[Notice]:
    """What reporters are still to be told, where no sender does it, oldest first."""
    return Notice.objects.filter(mine(viewer), seen_at=None, audience=REPORTER).order_by("at", "pk")[:SHOWN]
