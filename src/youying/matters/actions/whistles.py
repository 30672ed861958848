"""Whistling for units and their reporting in: who is named, who signs and comes, and who never came when all went on.

A summons is one unit that one whistle named. Its lateness is its clock's and stays, whether the unit comes later or not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from youying.access.models import Unit
from youying.kernel.masking import mask_text
from youying.kernel.refusals import Refused
from youying.matters import whistle_rules
from youying.matters.actions import clocks, parties
from youying.matters.actions.escalation import alert
from youying.matters.actions.scene import Scene
from youying.matters.directory_rules import Taker
from youying.matters.fact_rules import Doing
from youying.matters.models import Ask, Summons
from youying.matters.need_rules import Given
from youying.matters.rules import NOTE_LEAST, actors_in_words
from youying.matters.whistle_rules import ABSENT, RELEASED, REPORTED, SUMMONED
from youying.packs.compiled import CompiledAct
from youying.packs.predicates import matches
from youying.record import actions as record

WHY_MOST = 120
"""How much of the reason a unit reads that is waited for no more."""


def set_seats(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Say on the scene for which unit the step is taken, whom it names, and how the units stood before it."""
    named, situation = given.reporting_unit or scene.asked_unit, scene.situation
    scene.seat = whistle_rules.seat_of(scene.by, situation, named=named)
    if scene.seat is None and scene.by.unit_id in situation.joint:
        scene.seat = scene.by.unit_id
    scene.named = given.summoned if SUMMONED in step.assigns else ()
    scene.units_before, scene.lead_before = scene.matter.units, scene.matter.lead_id


def asked_for(scene: Scene, step: CompiledAct, ask: Ask) -> int | None:
    """The unit whose own step an ask is: what it asked to do itself is done for it, whoever agrees."""
    unit: int | None = ask.asked_by.get("unit")
    return unit if whistle_rules.is_seated(scene.loop, step) and unit in scene.situation.summoned else None


def refuse_unfit(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Refuse a whistle for units that may not be named here, and reporting in for a unit that is not awaited."""
    situation = scene.situation
    whistle_rules.refuse_named(step, given.summoned, situation)
    _refuse_silence(scene, step, given)
    if given.summoned:
        _refuse_kinds(scene, step, parties.refuse_takers(scene, set(given.summoned), lead_id=None))
    if whistle_rules.is_seated(scene.loop, step) and scene.asked_unit is None:
        named = given.reporting_unit
        seat = whistle_rules.seat_of(scene.by, situation, named=named)
        whistle_rules.refuse_seat(scene.by, step, situation, seat=seat, named=named)


def _refuse_silence(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Refuse to go on without a word while units have not come: they lose the matter by it."""
    gone = whistle_rules.given_up_by(scene.loop, step, scene.matter.units)
    if not gone or scene.by.kind == "system" or len(given.note.strip()) >= NOTE_LEAST:
        return
    named = "、".join(Unit.objects.filter(pk__in=gone).order_by("pk").values_list("title", flat=True))
    say = f"{named}还没有报到，转走以后就不再等了。请写明为什么不等。"
    raise Refused("needs-note", say=say, have=sorted(gone), field="note")


def refuse_class(scene: Scene, step: CompiledAct, chosen: Mapping[str, Any]) -> None:
    """Refuse a whistle of a class for which the pack has none; which class it is may be said with the whistle itself."""
    wanted = step.where.get("class")
    if SUMMONED not in step.assigns or wanted is None or scene.by.kind == "system":
        return
    grade = chosen.get("grade") or scene.matter.grade
    if not matches({"class": wanted}, {"class": grade}):
        titles = scene.edition.pack.values.get("class", {})
        named = "、".join(str(titles.get(code, code)) for code in (wanted if isinstance(wanted, list) else [wanted]))
        raise Refused("guard", say=f"请选这是什么哨：{named}。", have=grade, need=wanted, field="grade")


def seen_in(scene: Scene, doing: Doing) -> Doing:
    """What came with a step, with the unit that took it and whether its time was kept."""
    return replace(doing, seat=scene.seat, in_time=kept_by(scene), clocked=whistle_rules.is_clocked(scene.loop))


def _refuse_kinds(scene: Scene, step: CompiledAct, named: Collection[Taker]) -> None:
    """Refuse units of another kind than the step may name: a building leader calls volunteers, not departments."""
    if not step.units:
        return
    if titles := "、".join(sorted(unit.title for unit in named if unit.kind not in step.units)):
        kinds = actors_in_words(scene.edition, step.units)
        say = f"“{step.title}”只能点{kinds}，不能点{titles}。要请别的单位，请社区来吹哨。"
        raise Refused("unit-of-another-kind", say=say, have=titles, need=list(step.units), field="summoned")


def kept_by(scene: Scene) -> bool | None:
    """Whether the unit for which the step is taken reported in before its time was over; None where the pack sets none."""
    runs = [c for c in scene.touched if c.unit_id == scene.seat and not c.running and _ends_by_reporting(scene, c.code)]
    return runs[-1].met if runs else None


def _ends_by_reporting(scene: Scene, code: str) -> bool:
    clock = scene.loop.clocks.get(code)
    return clock is not None and whistle_rules.ends_by_reporting(scene.loop, clock)


def note(scene: Scene, step: CompiledAct, given: Given, _data: Mapping[str, Any]) -> None:
    """Keep what the step means to the units that were whistled for."""
    matter, before = scene.matter, scene.units_before
    if given.person:
        scene.sealed["person"] = given.person
    if scene.named:
        _call(scene, step)
    if scene.seat is not None and scene.seat in before.get(SUMMONED, ()):
        _note_seat(scene, step, given)
    waiting = whistle_rules.awaited(matter.units)
    gone = whistle_rules.awaited(before) - waiting - {scene.seat}
    if matter.ended_at is not None or matter.stage not in whistle_rules.waits_in(scene.loop):
        gone |= waiting
    if gone:
        give_up(scene, gone, by_act=step.id)
        because = f"：{mask_text(given.note.strip())[:WHY_MOST]}" if given.note.strip() else ""
        alert(scene, "let-go", say=f"不再等您单位报到，不用来了{because}", units=sorted(gone))


def end_all(scene: Scene) -> None:
    """The matter has ended without a step: nobody is awaited any more."""
    if waiting := whistle_rules.awaited(scene.matter.units):
        give_up(scene, waiting, by_act="end")


def _call(scene: Scene, step: CompiledAct) -> None:
    """One summons for every unit that is named, by which it sees the matter."""
    matter, naming = scene.matter, [one for one in scene.loop.acts.values() if SUMMONED in one.assigns]
    number = sum(len(matter.doers.get(one.id, ())) for one in naming)
    runs = {c.unit_id: c for c in scene.clocks if c.unit_id in scene.named and _ends_by_reporting(scene, c.code)}
    again = [unit for unit in scene.named if unit in scene.units_before.get(SUMMONED, ())]
    if again:  # they came to an earlier whistle and are called anew
        Summons.objects.filter(matter=matter, unit_id__in=again, until=None).update(until=scene.at)
    Summons.objects.bulk_create(
        Summons(
            matter=matter, role=SUMMONED, unit_id=unit, since=scene.at, whistle=number, act=step.id, grade=matter.grade,
            clock=runs[unit].code if unit in runs else "", run=runs[unit].run if unit in runs else 0,
        )
        for unit in scene.named
    )  # fmt: skip
    scene.noted |= {"whistle": number, SUMMONED: list(scene.named)}


def _note_seat(scene: Scene, step: CompiledAct, given: Given) -> None:
    """A unit signs for its summons, or reports in."""
    matter, row = scene.matter, Summons.objects.filter(matter=scene.matter, unit_id=scene.seat or 0, end="")
    scene.noted["unit"] = scene.seat
    if step.verb == "report-in":
        in_time = kept_by(scene)
        who = record.seal_for(matter.subject, msgspec.json.encode([given.person, given.place]).decode())
        row.update(
            reported_in_at=scene.at, way=given.arrival, who_sealed=who, on_time=in_time, end=REPORTED,
            ended_at=scene.at,
        )  # fmt: skip
        scene.noted |= {"arrival": given.arrival, "on_time": in_time}
    elif step.verb == "accept":
        matter.units = {**matter.units, "signed": sorted({*matter.units.get("signed", ()), scene.seat or 0})}
        row.update(signed_at=scene.at)


def give_up(scene: Scene, units: Collection[int], *, by_act: str, end: str = "") -> None:
    """Wait for these units no longer: whoever missed the time, or had none, never came; the others need not come.

    `end` is how it ended where a person said so, as with a whistle that is called off; what was missed stays missed.
    """
    matter, loop = scene.matter, scene.loop
    clocks.leave_off(scene, units, each=SUMMONED, by_act=by_act)
    over = [c for c in scene.touched if c.unit_id in units and not c.running and _ends_by_reporting(scene, c.code)]
    missed = {clock.unit_id for clock in over if clock.met is False}
    late = {unit for unit in units if unit in missed}
    absent = set() if end else late or (set() if whistle_rules.is_clocked(loop) else set(units))
    ends = [(absent, ABSENT, False if whistle_rules.is_clocked(loop) else None)]
    ends += [(late - absent, end, False), (set(units) - absent - late, end or RELEASED, None)]
    for some, how, on_time in ends:
        if some:
            rows = Summons.objects.filter(matter=matter, unit_id__in=some, end="")
            rows.update(end=how, ended_at=scene.at, on_time=on_time, until=scene.at)
    matter.units = whistle_rules.left(matter.units, units, absent=absent)
    on_time, clocked = matter.reported_in_on_time, whistle_rules.is_clocked(loop)
    for name, value in whistle_rules.arrival_facts(matter.units, on_time=on_time, clocked=clocked).items():
        setattr(matter, name, value)
    scene.noted |= {"given_up": sorted(units)} | ({ABSENT: sorted(absent)} if absent else {})
