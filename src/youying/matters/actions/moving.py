"""Splitting a matter that speaks of two things, and moving a running one to another edition: both recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from youying.editions.queries import edition_for
from youying.kernel.masking import mask_text
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions import clocks
from youying.matters.actions.children import share_reporters
from youying.matters.actions.committing import commit
from youying.matters.actions.entering import enter
from youying.matters.actions.intake import Opened, open_matter
from youying.matters.facts import facts_of, place_in
from youying.matters.intake_rules import NeedIn
from youying.matters.models import Matter
from youying.matters.queries.contacts import names_of
from youying.places.snapshot import hold
from youying.record.acts import act as recorded_act


@recorded_act("matters.split")
def split(
    matter_id: int,
    *,
    by: Viewer,
    words: str,
    category: str = "",
    urgency: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Opened:
    """Make the second thing that a matter speaks of a matter of its own, in the same place, for the same reporters."""
    hold("places")  # before the matter: a place that moves takes them in this order too
    scene = enter(matter_id, "split", by=by, at=at, expected_version=expected_version)
    matter = scene.matter
    need = NeedIn(
        kind=matter.kind, text=mask_text(words, names=names_of(matter)), channel=matter.channel, category=category, urgency=urgency,
        parent_id=matter.pk, reporter_count=matter.reporter_count, place_why=matter.place_why,
    )  # fmt: skip
    opened = open_matter(need, place=place_in(matter), by=by, at=at)
    child = opened.matter
    share_reporters(matter, child)
    was = facts_of(matter)
    commit(scene, "split", "split", was=was, data={"words": words}, extra={"child": child.number})
    return Opened(child, "")


@recorded_act("matters.move-edition", power="packs")
def move_edition(
    matter_id: int,
    *,
    by: Viewer,
    note: str,
    stages: Mapping[str, str] | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Move a running matter to the edition now in force; `stages` maps stages that the new loop does not have.

    Running clocks keep their start and are counted anew by the new rules; those the new loop lacks stop unjudged,
    unless they had run out: what was missed stays missed. Refused where the new edition has no such loop, or no such
    stage and none is named.
    """
    scene = enter(matter_id, "move-edition", by=by, at=at, expected_version=expected_version)
    matter, was = scene.matter, facts_of(scene.matter)
    new = edition_for(matter.area_path, scene.at)
    if new.digest == matter.edition_id:
        raise Refused("same-edition", say="这件事项已经用的是现行版本，不用换。")
    loop = new.loops.get(matter.loop)
    stage = (stages or {}).get(matter.stage, matter.stage)
    if loop is None:
        say = f"新版本里没有“{scene.loop.title}”这个流程，这件事项按原来的版本办完。"
        raise Refused("loop-gone", say=say, have=matter.loop, need=sorted(new.loops))
    if stage not in loop.stages or stage in loop.ends:
        known = "、".join(title for code, title in loop.stages.items() if code not in loop.ends)
        raise Refused("stage-unmapped", say=f"新版本里没有对应的阶段，请指定一个：{known}。", have=matter.stage)
    kept = [clock for clock in scene.clocks if clock.code in loop.clocks]
    for clock in [c for c in scene.clocks if c.code not in loop.clocks]:
        clocks.drop(scene, clock)
    scene.edition, scene.loop, scene.clocks = new, loop, kept
    matter.edition_id, matter.stage = new.digest, stage
    for clock in kept:
        clocks.recount_rule(scene, clock)
    commit(scene, "move-edition", "move-edition", was=was, data={"note": note})
    return matter
