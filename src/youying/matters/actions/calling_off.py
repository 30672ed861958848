"""Calling a whistle off: units that were whistled for need not come any more, by the word of who may whistle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.matters import rules, whistle_rules
from youying.matters.actions import keeping, tallies, whistles
from youying.matters.actions.committing import commit
from youying.matters.actions.door import follow, tell_whole
from youying.matters.actions.entering import enter
from youying.matters.facts import facts_of
from youying.matters.given_rules import read_unit
from youying.matters.models import Matter
from youying.matters.whistle_rules import CALLED_OFF, SUMMONED
from youying.record.acts import act as recorded_act


@recorded_act("matters.call-off")
def call_off(
    matter_id: int,
    *,
    by: Viewer,
    note: str,
    units: Sequence[int | str] = (),
    expected_version: int | None = None,
    at: datetime | None = None,
    origin: str = "",
) -> Matter:
    """Call a whistle off for some of the units that are awaited, or for all of them; what one missed before stays missed.

    Where nobody is awaited any more, the matter goes on as when all have reported in.
    """
    scene = enter(matter_id, "call-off", by=by, at=at, expected_version=expected_version, origin=origin)
    waiting = whistle_rules.awaited(scene.matter.units)
    wanted = {read_unit(unit) for unit in units} or set(waiting)
    if not waiting or wanted - waiting:
        say = "要收哨的单位里，有的没有被吹哨，或已经报到。" if waiting else "现在没有在等报到的单位，不用收哨。"
        raise Refused("not-awaited", say=say, have=sorted(wanted), need=sorted(waiting), field="units")
    text = clean_text(note, least=rules.NOTE_LEAST, most=500, field="note", label="为什么不用来了")
    was = facts_of(scene.matter)
    with tallies.gathered():
        with keeping.together(scene):
            whistles.give_up(scene, wanted, by_act="call-off", end=CALLED_OFF)
            scene.named = tuple(sorted(wanted))
            commit(scene, "call-off", "call-off", was=was, data={"note": text}, tells=(SUMMONED,))
            events, scene.happened = scene.happened, []
            follow(scene, events)
        tell_whole(scene)
    return scene.matter
