"""Handing open matters on when nobody is left in the unit that has them."""

from __future__ import annotations

from youying.access.models import Post
from youying.access.queries import holding
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.actions.house import reassign
from youying.matters.models import Matter


def hand_over_unit(unit_id: int, *, to_post: int, by: Viewer) -> int:
    """Reassign the open matters of a unit where nobody works any more to the successor's unit; returns how many.

    Who works is an account that may sign in, in a post that is in force: a barred colleague sees to nothing.
    """
    at_work = Post.objects.filter(holding(now()), account__active=True)
    successor = at_work.filter(pk=to_post).first()
    if at_work.filter(unit_id=unit_id).exists() or successor is None or successor.unit_id in (None, unit_id):
        return 0
    keys = list(Matter.objects.filter(lead_id=unit_id, ended_at__isnull=True).values_list("pk", flat=True))
    for matter_id in keys:
        reassign(matter_id, by=by, unit=successor.unit_id, note="原岗位已结束，由接任岗位所在单位承接")
    return len(keys)
