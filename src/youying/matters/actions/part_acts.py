"""What whoever listed the parts may do with one of them: drop it, or give it to another unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.matters import part_rules, rules
from youying.matters.actions import keeping, parts, tallies
from youying.matters.actions.committing import commit
from youying.matters.actions.door import follow, tell_whole
from youying.matters.actions.scene import Scene, lock
from youying.matters.facts import facts_of
from youying.matters.given_rules import read_unit
from youying.matters.models import Matter, Part
from youying.record.acts import act as recorded_act


@recorded_act("matters.drop-part")
def drop_part(
    matter_id: int, code: str, *, by: Viewer, note: str, expected_version: int | None = None, at: datetime | None = None
) -> Matter:
    """Drop a part that is not done, with the reason in words: nobody waits for it any longer."""
    scene, rows, row = _enter(matter_id, code, by=by, at=at, expected_version=expected_version, when="取消")
    text, was = _said(note), facts_of(scene.matter)
    with tallies.gathered():
        parts.drop(scene, row, note=text)
        parts.open_ready(scene, rows)
        _settle(scene, "drop-part", was, note=text)
    return scene.matter


@recorded_act("matters.give-part")
def give_part(
    matter_id: int, code: str, *, by: Viewer, unit: int | str, note: str, due_at: datetime | None = None,
    expected_version: int | None = None, at: datetime | None = None,
) -> Matter:  # fmt: skip
    """Give a part that is not done to another unit, with the reason in words: it begins anew there, under its code."""
    scene, rows, row = _enter(matter_id, code, by=by, at=at, expected_version=expected_version, when="另交一家办")
    text, was, lead = _said(note), facts_of(scene.matter), read_unit(unit)
    with tallies.gathered():
        if row.state in part_rules.OPEN:
            parts.drop(scene, row, note=text)
        parts.list_anew(scene, rows, row, unit=lead, due_at=due_at)
        parts.open_ready(scene, rows)
        _settle(scene, "give-part", was, note=text)
    return scene.matter


def _said(note: str) -> str:
    return clean_text(note, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="note")


def _enter(
    matter_id: int, code: str, *, by: Viewer, at: datetime | None, expected_version: int | None, when: str
) -> tuple[Scene, list[Part], Part]:
    scene = lock(matter_id, by=by, at=at or now(), expected_version=expected_version)
    if scene.matter.ended_at is not None:
        raise Refused("ended", say=f"事项已经结束，子任务不能再{when}。")
    if not rules.stands_as(by, scene.situation) & part_rules.hosts(scene.loop):
        raise Refused("not-yours", say=f"子任务要由列出它的岗位或主办单位来{when}。", have=by.post_title or by.kind)
    rows = parts.rows_of(scene.matter)
    row = next((one for one in reversed(rows) if one.code == code), None)
    if row is None or row.state not in (*part_rules.OPEN, part_rules.REFUSED):
        say = f"没有这项子任务，或已经办完、取消，不能再{when}。"
        raise Refused("part-not-open", say=say, have=code[:40], field="parts")
    return scene, rows, row


def _settle(scene: Scene, act: str, was: dict[str, Any], *, note: str) -> None:
    events: Sequence[str] = ["parts"] if scene.matter.parts_done else []
    with keeping.together(scene):
        commit(scene, act, act, was=was, data={"note": note})
        follow(scene, events)
    tell_whole(scene)
