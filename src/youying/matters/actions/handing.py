"""Handing open matters on when nobody is left in the unit that has them."""

from __future__ import annotations

from youying.access.models import Post
from youying.access.queries import holding
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions import escalation
from youying.matters.actions.house import reassign
from youying.matters.actions.scene import lock
from youying.matters.models import Matter
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged
from youying.record.models import Entry

LEFT = "left-behind"


def hand_over_unit(unit_id: int, *, to_post: int, by: Viewer, cause: str = "") -> int:
    """Reassign the open matters of a unit where nobody works any more to the successor's unit; returns how many.

    Who works is an account that may sign in, in a post that is in force: a barred colleague sees to nothing. `cause`
    names what was announced: tried again for the same cause, no matter left behind is told of twice.
    """
    at_work = Post.objects.filter(holding(now()), account__active=True)
    successor = at_work.filter(pk=to_post).first()
    if at_work.filter(unit_id=unit_id).exists() or successor is None or successor.unit_id in (None, unit_id):
        return 0
    keys = list(Matter.objects.filter(lead_id=unit_id, ended_at__isnull=True).values_list("pk", flat=True))
    return sum(_hand_on(matter_id, unit=successor.unit_id, by=by, cause=cause) for matter_id in keys)


def _hand_on(matter_id: int, *, unit: int, by: Viewer, cause: str) -> int:
    """Reassign one matter; where the successor may not take it, a person is told and the others go on. 1 where it went."""
    try:
        reassign(matter_id, by=by, unit=unit, note="原岗位已结束，由接任岗位所在单位承接")
    except Refused as refused:
        note_left_behind(matter_id, by=by, why=refused.code, cause=cause)
        return 0
    return 1


@recorded_act("matters.left-behind")
def note_left_behind(matter_id: int, *, by: Viewer, why: str, cause: str = "") -> None:
    """Note that a matter stays with a unit where nobody works, and tell whoever gives matters out; `why` is a code.

    Once for one cause.
    """
    scene = lock(matter_id, by=by, at=now(), with_clocks=False)
    noted = Entry.objects.filter(subject=scene.matter.subject, act=LEFT)
    if cause and any(one.facts.get("cause") == cause for one in noted):
        unchanged()
        return
    posts, steps = scene.edition.pack.posts, scene.loop.acts_of("dispatch")
    record.write(scene.matter.subject, LEFT, by=by, facts={"verb": LEFT, "why": why, "cause": cause, "change": {}})
    say = "承办单位已经没有人了，接任的单位又不能接，请改派"
    escalation.alert(scene, LEFT, say=say, to=sorted({code for step in steps for code in step.by} & set(posts)))
