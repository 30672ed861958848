"""会商: a joint meeting on hard matters is called, held or cancelled; what it decides becomes steps of each matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from youying.editions.queries import calendar_for, edition_by_digest
from youying.files.actions import attach
from youying.kernel.identifiers import parse_matter_number
from youying.kernel.masking import mask_text
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line, clean_text
from youying.kernel.viewers import Viewer
from youying.matters import consultation_rules, part_rules
from youying.matters.actions import tallies
from youying.matters.actions.acting import who
from youying.matters.actions.door import act
from youying.matters.actions.parties import refuse_units
from youying.matters.actions.scene import lock_all
from youying.matters.consultation_rules import AGENDA_MOST, MINUTES_MOST, Called
from youying.matters.events import Alerted
from youying.matters.facts import situation_of
from youying.matters.models import AgendaItem, Consultation, Invited, Matter
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.places.queries import zone_of
from youying.record import actions as record
from youying.record.acts import act as recorded_act


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting decides on one matter: how it is solved, and the steps that follow with what they need.

    `parts` are the stages in which it is solved, each with what is to be done, by whom and when.
    """

    solving: str = "joint"
    note: str = ""
    assign: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who came: the unit, and the name, which is sealed."""

    unit: int | None
    name: str


@recorded_act("matters.call-meeting", power="act")
def call_meeting(
    *,
    by: Viewer,
    title: str,
    meets_at: datetime,
    place: str,
    matters: Sequence[str],
    units: Sequence[int] = (),
    at: datetime | None = None,
) -> Consultation:
    """Call a joint meeting on several matters; the units are told. Every matter must be one that the caller may meet on."""
    moment = at or now()
    consultation_rules.refuse_moment(meets_at, now=moment)
    rows = _agenda(matters, by=by)
    refuse_units(set(units))
    calendar = calendar_for(edition_by_digest(rows[0].edition_id), rows[0].area_path)
    yymm = f"{moment.astimezone(calendar.zone):%y%m}"
    series = f"consultation/{yymm}"
    standing = record.open_next(series, subject_of=lambda serial: f"consultation:{_key(yymm, serial)}")
    found = Consultation.objects.create(
        pk=_key(yymm, standing.serial),
        number=f"{yymm}-{standing.serial:03d}",
        title=mask_text(clean_line(title, least=2, most=60, field="title", label="会议名称")),
        area_path=consultation_rules.common_path([row.area_path for row in rows]),
        called_at=moment,
        called_by=who(by),
        meets_at=meets_at,
        place=mask_text(clean_line(place, least=2, most=60, field="place", label="地点")),
        units=sorted(set(units)),
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(consultation=found, matter=row, place=place) for place, row in enumerate(rows, 1)
    )
    Invited.objects.bulk_create(Invited(consultation=found, unit_id=unit) for unit in found.units)
    agenda = [row.number for row in rows]
    facts = {"verb": "call-meeting", "number": found.number, "meets_at": meets_at.isoformat(), "agenda": agenda}
    record.write(found.subject, "call-meeting", by=by, facts={**facts, "units": found.units})
    _tell(
        found,
        rows[0],
        f"{meets_at.astimezone(calendar.zone):%m月%d日 %H:%M}在{found.place}开会商会“{found.title}”，请派人参加",
    )
    return found


def _key(yymm: str, serial: int) -> int:
    return int(yymm) * 100_000 + serial


def _agenda(numbers: Sequence[str], *, by: Viewer) -> list[Matter]:
    """The matters in the order in which they were named; each must be one on which the caller may hold a meeting."""
    wanted = list(dict.fromkeys(parse_matter_number(one) for one in numbers))
    if not 1 <= len(wanted) <= AGENDA_MOST:
        say = f"议程里要有1到{AGENDA_MOST}件事项。"
        raise Refused("bad-agenda", say=say, have=len(wanted), need=AGENDA_MOST, field="matters")
    held = {row.number: row for row in Matter.objects.filter(number__in=wanted)}
    for number in wanted:
        row = held.get(number)
        if row is None or _step_on(row, by) is None:
            say = f"{number} 不能列入议程：没有这件，或它的流程里没有由您召集的会商，或现在不在会商的阶段。"
            raise Refused("not-for-meeting", say=say, have=number, field="matters")
    return [held[number] for number in wanted]


def _step_on(matter: Matter, by: Viewer) -> CompiledAct | None:
    edition = edition_by_digest(matter.edition_id)
    return consultation_rules.meeting_step(edition, by, situation_of(matter), loop=matter.loop)


def _loop_of(matter: Matter) -> CompiledLoop:
    return edition_by_digest(matter.edition_id).loops[matter.loop]


def _tell(found: Consultation, first: Matter, say: str) -> None:
    event = Alerted(first.pk, first.number, "consultation", (), tuple(found.units), first.area_path, say, found.number)
    record.announce(event, subject=found.subject)


@recorded_act("matters.hold-meeting", power="act")
def hold_meeting(
    consultation_id: int,
    *,
    by: Viewer,
    came: Sequence[Came],
    minutes: str,
    decisions: Mapping[str, Decision],
    uploads: Sequence[str] = (),
    at: datetime | None = None,
) -> Consultation:
    """Write down a meeting: who came, what was said, and on each matter what was decided; all of it or nothing.

    Every matter of the agenda takes its step of the meeting, and where the decision assigns units, that step too. One
    that has gone on since and fits no more is passed over, and the entry says so. The matters are locked in one order, their wholes before them as every act does, so that nobody waits in a ring.
    """
    moment = at or now()
    found = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    if refused := consultation_rules.why_not_hold(_called(found), viewer=by):
        raise refused
    assert found is not None
    consultation_rules.refuse_early(found.meets_at, now=moment, where=zone(zone_of(found.area_path)))
    rows = lock_all(set(AgendaItem.objects.filter(consultation=found).values_list("matter", flat=True)))
    record.lock(found.subject, *(row.subject for row in rows))
    consultation_rules.refuse_strange_decisions(set(decisions), {row.number for row in rows})
    steps = {row.pk: _step_on(row, by) for row in rows}
    gone = [row.number for row in rows if steps[row.pk] is None]
    _refuse_decided(gone, decisions)
    _write_down(found, by=by, at=moment, came=came, minutes=minutes, uploads=uploads, passed_over=gone)
    with tallies.gathered():
        for row in rows:
            if step := steps[row.pk]:
                _decide(row, step, decisions.get(row.number, Decision()), session=found.pk, by=by, at=moment)
    return found


def _refuse_decided(gone: Sequence[str], decisions: Mapping[str, Decision]) -> None:
    """Refuse a decision on a matter that has gone on since: it would be lost."""
    decided = [
        number for number in gone if (said := decisions.get(number)) and (said.note or said.assign or said.parts)
    ]
    if decided:
        say = f"{'、'.join(decided)} 已经往前办了，记不上会商。请去掉对它的决定，要说的写进会议纪要。"
        raise Refused("not-for-meeting", say=say, have=decided, field="matters")


def _called(found: Consultation | None) -> Called | None:
    if found is None:
        return None
    return Called(found.called_by, found.held_at is not None, found.cancelled_at is not None, found.area_path)


def _write_down(
    found: Consultation, *, by: Viewer, at: datetime, came: Sequence[Came], minutes: str, uploads: Sequence[str],
    passed_over: Sequence[str],
) -> None:  # fmt: skip
    names = [clean_line(one.name, least=1, most=40, field="came", label="到会人员") for one in came]
    if not names:
        raise Refused("needs-came", say="请写明谁来了。", field="came")
    text = clean_text(minutes, least=4, most=MINUTES_MOST, field="minutes", label="会议记录")
    units = sorted({one.unit for one in came if one.unit})
    refuse_units(set(units))
    said = {"minutes": text, "came": [[one.unit, name] for one, name in zip(came, names, strict=True)]}
    digests = attach(list(uploads), subject=found.subject, role="evidence", by=by) if uploads else []
    found.held_at, found.came, found.photo_count = at, units, len(digests)
    found.held_by = who(by)
    found.sealed = record.seal_for(found.subject, msgspec.json.encode(said).decode())
    found.save()
    Invited.objects.bulk_create(
        (Invited(consultation=found, unit_id=unit) for unit in units if unit not in found.units), ignore_conflicts=True
    )
    absent = sorted(set(found.units) - set(units))
    facts = {"verb": "hold-meeting", "units": units, "absent": absent, "persons": len(names), "files": digests}
    facts |= {"passed_over": list(passed_over)} if passed_over else {}
    sealed = {"minutes": text, "came": "、".join(names)}
    record.write(found.subject, "hold-meeting", by=by, facts=facts, sealed=sealed)


def _decide(matter: Matter, step: CompiledAct, decision: Decision, *, session: int, by: Viewer, at: datetime) -> None:
    """The step of the meeting on one matter, then the one that assigns, where the meeting said to whom.

    Its stages are listed with whichever of the two lists parts by the pack.
    """
    loop = _loop_of(matter)
    told: dict[str, Any] = {"note": decision.note} if decision.note else {}
    if consultation_rules.lists_stages(loop):
        divided = matter.parts_done is not None
        consultation_rules.refuse_stages(matter.number, decision.parts, solving=decision.solving, divided=divided)
    stages: dict[str, Any] = {"parts": list(decision.parts)} if decision.parts else {}
    if part_rules.opens_parts(loop, step.id):
        told, stages = {**told, **stages}, {}
    after = act(matter.pk, step.id, by=by, at=at, session=session, solving=decision.solving, **told)
    if stages and not decision.assign:
        say = f"{matter.number} 分段解决的，请同时定主办单位，由它牵头各段。"
        raise Refused("needs-unit", say=say, have=matter.number, field="unit")
    if not decision.assign:
        return
    assigning = next((one for one in loop.acts_of("dispatch") if after.stage in one.from_stages), None)
    if assigning is None:
        say = f"{matter.number} 的流程在会商以后没有分工这一步。"
        raise Refused("no-assigning", say=say, have=matter.number, field="unit")
    act(matter.pk, assigning.id, by=by, at=at, **decision.assign, **stages)


@recorded_act("matters.cancel-meeting", power="act")
def cancel_meeting(consultation_id: int, *, by: Viewer, note: str, at: datetime | None = None) -> Consultation:
    """Call a meeting off, with the reason; the units are told, the matters stay as they are."""
    moment = at or now()
    found = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    if refused := consultation_rules.why_not_hold(_called(found), viewer=by):
        raise refused
    assert found is not None
    text = clean_text(note, least=2, most=500, field="note", label="取消的理由")
    found.cancelled_at = moment
    found.save(update_fields=["cancelled_at"])
    record.write(found.subject, "cancel-meeting", by=by, facts={"verb": "cancel-meeting"}, sealed={"note": text})
    first = Matter.objects.filter(consultations__consultation=found).order_by("consultations__place").first()
    if first is not None:
        _tell(found, first, f"会商会“{found.title}”不开了")
    return found
