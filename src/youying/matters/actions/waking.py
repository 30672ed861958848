"""When a matter wakes by itself: a parked or paused one on its date, a silent one when silence may close it."""

from __future__ import annotations

from datetime import datetime

from youying.matters import closing_rules
from youying.matters.actions import hearing, pausing
from youying.matters.actions.scene import Scene
from youying.matters.models import Attempt
from youying.matters.need_rules import Given
from youying.matters.rules import reasons_that
from youying.packs.compiled import CompiledAct

AWAKE = frozenset({"unpark", "rework", "complete"})
RESUME = "resume"
SILENCE = "silence"


def set_alarm(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Set or clear the moment at which the sweep looks at this matter again."""
    matter = scene.matter
    if matter.ended_at is not None or step.verb in AWAKE or pausing.is_resumed_by(scene, step):
        matter.wake_at, matter.wake_for = None, ""
    elif step.verb == "park" or pausing.is_paused_by(scene, step):
        matter.wake_at, matter.wake_for = given.due_at, RESUME
    elif step.verb in ("call-back", "verdict"):
        alarm = silence_from(scene) if step.verb == "call-back" or matter.answered else None
        matter.wake_at, matter.wake_for = alarm, SILENCE if alarm else ""


def silence_from(scene: Scene) -> datetime | None:
    """When silence may close the matter, by the attempts on record; None while they do not suffice.

    Of several reporters everybody who has not spoken must have been tried as often and as long.
    """
    silence, matter = scene.loop.close.silence, scene.matter
    if silence is None or matter.completed_at is None:
        return None
    rows, done_at = list(Attempt.objects.filter(matter=matter)), matter.completed_at
    moments = []
    for one in hearing.unheard(scene):
        mine = [row for row in rows if one is None or row.reporter_id is None or row.reporter_id in one]
        tried = [closing_rules.Tried(row.way, row.reached, row.at) for row in mine]
        moments.append(closing_rules.silence_from(tried, silence, done_at=done_at, calendar=scene.calendar))
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def tries(scene: Scene) -> int:
    """How many attempts to reach the resident are on record in this round."""
    return Attempt.objects.filter(matter=scene.matter, run=scene.matter.reworks).count()


def silent_reason(scene: Scene) -> str:
    """The coded reason under which a silent matter is kept out of the solved and satisfied rates."""
    return next(iter(reasons_that(scene.edition, "unmet")), "")
