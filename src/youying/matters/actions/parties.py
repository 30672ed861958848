"""Who a step concerns: units assigned and released, the merged-into matter, attempts and verdicts kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from youying.access.models import Unit
from youying.files.actions import attach
from youying.kernel.identifiers import parse_matter_number
from youying.kernel.refusals import Refused
from youying.matters.actions import recounting
from youying.matters.actions.committing import plain
from youying.matters.actions.scene import Scene
from youying.matters.directory_rules import Taker, may_take, refuse_not_to, refuse_pushed_down
from youying.matters.fact_rules import Answer
from youying.matters.hearing_rules import people, voices
from youying.matters.models import Assignment, Attempt, Matter, Reporter, Verdict
from youying.matters.need_rules import Given
from youying.matters.queries.page import voice_rows
from youying.matters.rules import SENDS_BACK
from youying.matters.taking import row_for, taker
from youying.packs.compiled import CompiledAct
from youying.record import actions as record
from youying.text.queries import category_title


def refuse_strangers(scene: Scene, step: CompiledAct, given: Given) -> None:
    """Refuse units that the step does not assign or that may not take the matter, and a lead that is its own helper."""
    if given.joint and "joint" not in step.assigns:
        raise Refused("no-joint", say=f"“{step.title}”只定主办单位，不派协办单位。", field="joint")
    if given.unit_id and "lead" not in step.assigns:
        raise Refused("no-lead", say=f"“{step.title}”不改承办单位。", field="unit")
    if "lead" in step.assigns:
        lead = None if given.offer_id else given.unit_id  # an offer says itself whom and where it serves
        wanted = {u for u in (lead, *given.joint) if u}
        refuse_takers(scene, wanted, lead_id=given.unit_id, category=given.category)
    if given.right_unit is not None:
        _refuse_right(scene, step, given.right_unit)
    if given.unit_id and given.unit_id in given.joint:
        raise Refused("lead-is-joint", say="主办单位不能同时是协办单位。", field="joint")


def _refuse_right(scene: Scene, step: CompiledAct, right: int) -> None:
    """Refuse to name whose matter it is where it is not sent back, oneself, or a unit that it could not be given to."""
    if step.verb not in SENDS_BACK:
        raise Refused("not-sent-back", say=f"“{step.title}”不用写该由哪个单位办。", field="right_unit")
    if right == scene.matter.lead_id:
        raise Refused(
            "right-is-lead", say="退回时要写的是该办的另一个单位，不是本单位。", have=right, field="right_unit"
        )
    refuse_takers(scene, {right}, lead_id=right)


def refuse_takers(scene: Scene, wanted: set[int], *, lead_id: int | None, category: str = "") -> list[Taker]:
    """Refuse units that are unknown or closed, that have no part in the matter's place, or that the directory bars.

    Returns them as they were read.
    """
    matter, kinds = scene.matter, scene.edition.pack.units
    if not wanted:
        return []
    row = row_for(matter, category, scene.at)
    units = [taker(unit, kinds) for unit in Unit.objects.filter(pk__in=wanted, active=True)]
    if strange := wanted - {unit.id for unit in units}:
        raise _unknown_unit(strange)
    far = [u for u in units if not may_take(u, kinds=kinds, place_path=matter.place_path, row=row)]
    if far and scene.by.kind != "system":
        say = f"{'、'.join(unit.title for unit in far)}不管这里，也不在派单目录这一类里，请另选单位。"
        raise Refused("unit-elsewhere", say=say, have=[unit.id for unit in far], field="unit")
    refuse_not_to(units, row=row, category=category_title(category or matter.category))
    lead = next((unit for unit in units if unit.id == lead_id), None)
    if lead is not None and row is not None and not lead.is_called((row.unit,)):
        named = Unit.objects.filter(Q(code=row.unit) | Q(title=row.unit), active=True).first()
        found = taker(named, kinds) if named else None
        refuse_pushed_down(lead, found, row=row, category=category_title(category or matter.category))
    return units


def _unknown_unit(strange: set[int]) -> Refused:
    return Refused("unknown-unit", say="没有这个承办单位，或已停用，请重新选。", have=sorted(strange), field="unit")


def refuse_units(wanted: set[int]) -> None:
    """Refuse units that do not exist or are closed."""
    known = set(Unit.objects.filter(pk__in=wanted, active=True).values_list("pk", flat=True)) if wanted else set()
    if strange := wanted - known:
        raise _unknown_unit(strange)


def hang(scene: Scene, tokens: Iterable[str], *, role: str) -> int:
    """Hang uploads on the matter and keep their digests for its entry; returns how many."""
    digests = attach(list(tokens), subject=scene.matter.subject, role=role, by=scene.by)
    scene.digests += digests
    return len(digests)


def merge_into(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> int | None:
    """Move the reporters to the matter that this one is merged into; every one of them will be answered there."""
    if step.verb != "merge":
        return None
    number = parse_matter_number(str(data.get("into") or ""))
    target = scene.other if scene.other is not None and scene.other.number == number else None
    if target is None or target.pk == scene.matter.pk:
        raise Refused("bad-merge", say=f"没有编号 {number} 的事项，或就是这一件，不能并入。", have=number, field="into")
    if target.ended_at is not None or target.merged_into_id is not None:
        raise Refused("merge-into-ended", say=f"{number} 已经销号，不能再并入；可以作为新事项办理。", field="into")
    if target.kind != scene.matter.kind:
        say = f"{number} 是另一种事项，和这一件不走同一个流程，不能并单。要一起办的，请记下它的编号。"
        raise Refused("merge-another-kind", say=say, have=target.kind, need=scene.matter.kind, field="into")
    if not scene.by.reaches(target.place_path):
        raise Refused("out-of-reach", say=f"{number} 不在您的辖区内。", field="into")
    more = _take_along(scene, target)
    taken, notes = recounting.take_over(scene, target)
    changes = {
        "reporter_count": (target.reporter_count, target.reporter_count + more),
        "changed_at": (target.changed_at, scene.at),
        **taken,
    }
    after = {name: now for name, (_was, now) in changes.items()}
    Matter.objects.filter(pk=target.pk).update(version=F("version") + 1, **after)
    facts = {"verb": "merge", "from": scene.matter.number, "reporters": more, "version": 1, "clocks": notes}
    change = {name: [plain(was), plain(now)] for name, (was, now) in changes.items()}
    record.write(target.subject, "merged-here", by=scene.by, facts={**facts, "change": change})
    recounting.tell_taken(scene, target, notes)
    return target.pk


def _take_along(scene: Scene, target: Matter) -> int:
    """Move the reporters over; by how many persons the other matter's grow: who is there already is asked once.

    From then on they count there, and no longer here.
    """
    rows = Reporter.objects.filter(matter__in=(scene.matter.pk, target.pk))
    mine, there = voice_rows(rows.filter(matter=scene.matter)), voice_rows(rows.filter(matter=target))
    came_as = Coalesce(F("came_as_id"), Value(scene.matter.pk))  # whoever came by a third matter keeps its number
    Reporter.objects.filter(matter=scene.matter).update(matter=target, came_as_id=came_as)
    scene.taken_along = list(dict.fromkeys(voices(mine).values()))
    scene.matter.reporter_count = max(scene.matter.reporter_count - people(mine), 0)
    return people([*there, *mine]) - people(there)


def note_units(scene: Scene, step: CompiledAct, given: Given, _data: Mapping[str, Any]) -> None:
    """End the assignments of a matter that is handed back; put those that the step makes in their place."""
    if step.verb in SENDS_BACK:
        release(scene, ended_by=step.verb)
    if "lead" in step.assigns and given.unit_id:
        _assign(scene, given)


def note_word(scene: Scene, step: CompiledAct, given: Given, answer: Answer | None, *, reporter_id: int | None) -> None:
    """Keep an attempt to reach the resident, and what the resident answered."""
    matter = scene.matter
    if step.verb == "call-back" or (step.needs_word("attempts") and given.way):
        Attempt.objects.create(
            matter=matter,
            reporter_id=reporter_id,
            run=matter.reworks,
            way=given.way,
            reached=bool(given.reached),
            at=scene.at,
        )
    if answer is not None:
        Verdict.objects.create(
            matter=matter,
            reporter_id=reporter_id,
            run=matter.reworks,
            at=scene.at,
            contacted=answer.contacted,
            solved=answer.solved,
            satisfaction=answer.satisfaction,
            reasons=list(answer.reasons),
        )


def _assign(scene: Scene, given: Given) -> None:
    if scene.lead_before or scene.units_before.get("joint"):
        release(scene, roles=("lead", "joint"))
    _give(scene, lead=given.unit_id or 0, joint=given.joint)


def release(scene: Scene, *, roles: tuple[str, ...] = ("lead", "joint", "summoned"), ended_by: str = "") -> None:
    """End every assignment of these roles that is in force; `ended_by` is the verb by which a unit sent it back."""
    held = Assignment.objects.filter(matter=scene.matter, role__in=roles, until__isnull=True)
    held.update(until=scene.at, ended_by=ended_by)


def release_and_assign(scene: Scene, *, lead: int, joint: tuple[int, ...]) -> None:
    """Put other units in place of those that have the matter; those that were whistled for stay."""
    release(scene, roles=("lead", "joint"))
    _give(scene, lead=lead, joint=joint)


def give_to(scene: Scene, lead: int) -> None:
    """Put another unit in place of the one that has the matter; those that help stay."""
    matter = scene.matter
    joint = tuple(other for other in matter.units.get("joint", ()) if other != lead)
    matter.lead_id = lead
    matter.units = {**matter.units, "joint": list(joint)} if matter.units else matter.units
    release_and_assign(scene, lead=lead, joint=joint)


def _give(scene: Scene, *, lead: int, joint: tuple[int, ...]) -> None:
    rows = [("lead", lead), *(("joint", unit) for unit in joint)]
    Assignment.objects.bulk_create(
        Assignment(matter=scene.matter, role=role, unit_id=unit, since=scene.at) for role, unit in rows
    )
