"""Handing open matters on when nobody is left in the unit that has them."""

from __future__ import annotations

from django.db.models import Q

from youying.access.models import Post
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.actions.house import reassign
from youying.matters.models import Matter


def hand_over_unit(unit_id: int, *, to_post: int, by: Viewer) -> int:
    """Reassign the open matters of a unit without posts to the successor's unit; returns how many."""
    moment = now()
    staffed = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=moment), unit_id=unit_id, since__lte=moment)
    successor = Post.objects.filter(pk=to_post).first()
    if staffed.exists() or successor is None or successor.unit_id in (None, unit_id):
        return 0
    open_ones = Matter.objects.filter(lead_id=unit_id, ended_at__isnull=True).values_list("pk", flat=True)
    for matter_id in list(open_ones):
        reassign(matter_id, by=by, unit=successor.unit_id, note="原岗位已结束，由接任岗位所在单位承接")
    return len(open_ones)
