"""A matter opens another one below it: in its place, by its edition, under its lock, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from youying.kernel.durations import parse_duration
from youying.kernel.refusals import Refused
from youying.matters.actions import clocks
from youying.matters.actions.intake import give_number, keep_opening, matter_from
from youying.matters.actions.scene import Scene
from youying.matters.facts import place_in
from youying.matters.intake_rules import TITLE_MOST, NeedIn
from youying.matters.models import Assignment, Matter, Reporter
from youying.matters.need_rules import Given
from youying.matters.searching import index_words
from youying.packs.compiled import GIVEN, CompiledAct

ASKS_SOMEBODY = ("verdict", "call-back")


@dataclass(frozen=True, slots=True)
class ChildIn:
    """What a matter below is to be: its loop and words, who sees to it and for whom, and by when."""

    loop: str
    title: str
    words: str
    lead_id: int | None = None
    units: Mapping[str, Any] | None = None
    due_at: datetime | None = None
    within: str = ""
    noted: Mapping[str, Any] | None = None
    reporter_count: int = 0


def open_child(whole: Scene, child: ChildIn) -> Scene:
    """Open a matter below a locked one: same place, same edition, with an entry and a number of its own.

    It stands where its whole stands: who moves a place waits for the lock of the whole and then looks again.
    """
    above = whole.matter
    loop = whole.edition.loops[child.loop]
    need = NeedIn(
        kind=loop.kind, loop=loop.code, text=child.words, title=child.title[:TITLE_MOST], channel=above.channel,
        category=above.category, urgency=above.urgency, parent_id=above.pk, place_why=above.place_why,
        reporter_count=child.reporter_count,
    )  # fmt: skip
    matter = matter_from(need, whole.edition, place=place_in(above), at=whole.at)
    matter.lead_id, matter.units = child.lead_id, dict(child.units or {})
    scene = Scene(matter, whole.edition, loop, whole.calendar, whole.by, whole.at, whole.origin)
    scene.noted = {"whole": above.number, **(child.noted or {})}
    give_number(scene)
    _start_clocks(scene, child)
    matter.save(force_insert=True)
    held = [
        *(("lead", unit) for unit in (child.lead_id,) if unit),
        *(("host", unit) for unit in matter.units.get("host", ())),
    ]
    Assignment.objects.bulk_create(
        Assignment(matter=matter, role=role, unit_id=unit, since=whole.at) for role, unit in held
    )
    index_words(matter)
    keep_opening(scene, need)
    return scene


def _start_clocks(scene: Scene, child: ChildIn) -> None:
    """Start what opening starts; a period of its own takes the place of a deadline that the pack leaves to be given."""
    whole, own = scene.loop, parse_duration(child.within) if child.within else None
    if child.due_at is None:
        left_open = {code: rule for code, rule in whole.clocks.items() if rule.within == GIVEN}
        kept = {code: rule for code, rule in whole.clocks.items() if code not in left_open}
        own_period = {code: replace(rule, within=own) for code, rule in left_open.items()} if own else {}
        scene.loop = replace(whole, clocks={**kept, **own_period})
    clocks.start(scene, "open", given=child.due_at, within=child.within)
    scene.loop = whole
    clocks.show_nearest(scene)


def _loops_opened(step: CompiledAct) -> list[str]:
    return [name for what, _, name in (one.partition(":") for one in step.opens) if what == "loop"]


def refuse_twice(scene: Scene, step: CompiledAct) -> None:
    """Refuse to open from one matter what is open from it already, naming it; parts are no such thing.

    Only a step that leaves the matter where it stands can be pressed again for the same; another place of the same
    kind, found by a matter of that loop itself, is a matter of its own.
    """
    loops = [one for one in _loops_opened(step) if one != scene.matter.loop]
    if not loops or scene.by.kind == "system" or step.to not in (None, scene.matter.stage):
        return
    below = Matter.objects.filter(parent=scene.matter, loop__in=loops, ended_at=None, part_of=None)
    number = below.order_by("pk").values_list("number", flat=True).first()
    if number:
        say = f"已经办过“{step.title}”了，是这一件：{number}，还没有办完。要补充的请写到那一件上。"
        raise Refused("opened-already", say=say, have=number)


def note_opened(scene: Scene, step: CompiledAct, given: Given, _data: Mapping[str, Any]) -> None:
    """Open what an act of this name opens by its pack: a matter of each loop it names, below this one."""
    for loop in _loops_opened(step):
        asks = bool(scene.edition.loops[loop].acts_of(*ASKS_SOMEBODY))
        words, title = given.note or given.scheme or scene.matter.words, scene.matter.title
        people = scene.matter.reporter_count if asks else 0  # every one of them is asked there too
        opened = open_child(scene, ChildIn(loop, title, words, reporter_count=people))
        if asks:
            share_reporters(scene.matter, opened.matter)
        scene.noted["opened"] = [*scene.noted.get("opened", ()), opened.matter.number]


def share_reporters(matter: Matter, child: Matter) -> None:
    """The reporters of the whole are answered on the part too; they follow it from the whole's own page."""
    rows = Reporter.objects.filter(matter=matter)
    Reporter.objects.bulk_create(
        Reporter(
            matter=child,
            whole_id=row.whole_id or row.pk,  # contact and secret stay those of the whole
            contact_sealed=row.contact_sealed,
            phone_index=row.phone_index,
            protected=row.protected,
            channel=row.channel,
            at=row.at,
        )
        for row in rows
    )
