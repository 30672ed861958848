"""Supervisions of a matter: opened by the step of that verb, replied, renewed, released, and rung when overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from youying.editions.queries import params_for
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.matters import rules, supervision_rules
from youying.matters.actions import escalation
from youying.matters.actions.acting import who
from youying.matters.actions.committing import commit, plain
from youying.matters.actions.scene import Scene, lock
from youying.matters.facts import facts_of
from youying.matters.given_rules import LEVELS
from youying.matters.models import Supervision
from youying.matters.need_rules import LATEST_PROMISE, Given
from youying.matters.supervision_rules import standing
from youying.packs.compiled import CompiledAct
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged

STATE = (
    "number",
    "level",
    "unit_id",
    "opened_at",
    "within",
    "due_at",
    "renewed",
    "replied_at",
    "ended_at",
    "ended_as",
    "overdue",
)
"""What an entry keeps of a supervision, so that the record alone gives it back."""


def state(row: Supervision) -> dict[str, Any]:
    """A supervision as its entries keep it."""
    return {name: plain(getattr(row, name)) for name in STATE}


def level_of(scene: Scene, step: CompiledAct, wanted: str) -> str:
    """The level at which this step supervises; refused where that one runs. Other steps keep what was said."""
    if step.verb != "supervise":
        return wanted
    return supervision_rules.level_for(wanted, [row.level for row in _open(scene)])


def _open(scene: Scene) -> list[Supervision]:
    if not scene.matter.supervised:  # none ever was
        return []
    return list(Supervision.objects.filter(matter=scene.matter, ended_at__isnull=True).order_by("pk"))


def note(scene: Scene, step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """Open a supervision with the step that supervises; with the matter's end all of them are over."""
    if step.verb == "supervise":
        _begin(scene, given, asked=str(data.get("asked") or ""))
    elif scene.matter.ended_at is not None:
        end_all(scene)


def end_all(scene: Scene) -> None:
    """The matter has ended: nothing is left to supervise."""
    for row in _open(scene):
        _end(scene, row, "released")
        _noted(scene, row)


def _begin(scene: Scene, given: Given, *, asked: str) -> None:
    matter, level = scene.matter, scene.matter.supervised
    times = sum(len(matter.doers.get(one.id, ())) for one in scene.loop.acts_of("supervise"))
    earlier = list(Supervision.objects.filter(matter=matter).order_by("pk")) if times > 1 else []
    for row in [row for row in earlier if row.ended_at is None]:
        _end(scene, row, "raised")
        _noted(scene, row)
    params = params_for(scene.edition, matter.area_path)
    deadline, within = supervision_rules.due_of(level, at=scene.at, params=params, calendar=scene.calendar)
    assert deadline.due_at is not None  # nothing pauses a supervision
    said = {
        "reason": given.note,
        "asked": clean_text(asked, least=0, most=500, field="asked", label="要求") if asked else "",
    }
    row = Supervision.objects.create(
        matter=matter,
        number=f"{matter.number}-{len(earlier) + 1}",
        level=level,
        unit_id=matter.lead_id,
        opened_at=scene.at,
        opened_by=who(scene.by),
        sealed=record.seal_for(matter.subject, msgspec.json.encode(said).decode()),
        within=within,
        working=deadline.working.to_data(),
        due_at=deadline.due_at,
        ring_at=deadline.due_at,
    )
    _noted(scene, row)
    if row.unit_id:
        when = f"{row.due_at.astimezone(scene.calendar.zone):%m月%d日 %H:%M}"
        escalation.alert(scene, "supervise", say=f"{LEVELS[level]}，请在{when}前答复", units=(row.unit_id,))


def _noted(scene: Scene, row: Supervision) -> None:
    """The entry of the step says how every supervision that it touches stands now."""
    scene.noted = {**scene.noted, "supervisions": [*scene.noted.get("supervisions", []), state(row)]}


def _end(scene: Scene, row: Supervision, how: str) -> None:
    row.ended_at, row.ended_as, row.ring_at = scene.at, how, None
    row.ended_by = who(scene.by)
    row.save(update_fields=["ended_at", "ended_as", "ended_by", "ring_at"])


def _enter(supervision_id: int, *, by: Viewer, at: datetime | None) -> tuple[Scene, Supervision]:
    """The supervision on its locked matter; refused alike where it is unknown and where the viewer may not see it."""
    matter_id = Supervision.objects.filter(pk=supervision_id).values_list("matter_id", flat=True).first()
    if matter_id is None:
        raise Refused("not-found", say="没有这份督办，或不归您这里看。", have=supervision_id)
    scene = lock(matter_id, by=by, at=at or now(), with_clocks=False)
    row = Supervision.objects.get(pk=supervision_id)
    seen = rules.sees(by, scene.situation) or supervision_rules.is_asked(by, scene.situation, standing(row))
    if not seen:
        raise Refused("not-found", say="没有这份督办，或不归您这里看。", have=supervision_id)
    return scene, row


def _written(scene: Scene, row: Supervision, act: str, *, words: str) -> Supervision:
    _noted(scene, row)
    commit(scene, act, act, was=facts_of(scene.matter), data={"note": words})
    return row


@recorded_act("matters.reply-supervision")
def reply_supervision(supervision_id: int, *, by: Viewer, words: str, at: datetime | None = None) -> Supervision:
    """The unit that is asked replies, once; what it wrote is sealed. Late stays late."""
    scene, row = _enter(supervision_id, by=by, at=at)
    supervision_rules.refuse_reply(by, scene.situation, standing(row))
    text = clean_text(words, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="words", label="答复")
    row.replied_at, row.replied_by, row.ring_at = scene.at, who(by), None
    row.overdue = row.overdue or scene.at > row.due_at
    row.reply_sealed = record.seal_for(scene.matter.subject, text)
    row.save(update_fields=["replied_at", "replied_by", "ring_at", "overdue", "reply_sealed"])
    escalation.alert(scene, "supervise", say=f"{LEVELS[row.level]}已答复，请看", to=_opener(row))
    return _written(scene, row, "reply-supervision", words=text)


def _opener(row: Supervision) -> tuple[str, ...]:
    return (str(row.opened_by["code"]),) if row.opened_by.get("code") else ()


@recorded_act("matters.release-supervision")
def release_supervision(supervision_id: int, *, by: Viewer, note: str, at: datetime | None = None) -> Supervision:
    """A supervising post says with a word that the supervision is over; the matter itself goes on."""
    scene, row = _enter(supervision_id, by=by, at=at)
    supervision_rules.refuse_watching(scene.edition, scene.loop, by, scene.situation, standing(row))
    text = clean_text(note, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="note", label="解除的理由")
    row.release_sealed = record.seal_for(scene.matter.subject, text)
    row.save(update_fields=["release_sealed"])
    _end(scene, row, "released")
    if row.unit_id:
        escalation.alert(scene, "supervise", say=f"{LEVELS[row.level]}已解除", units=(row.unit_id,))
    return _written(scene, row, "release-supervision", words=text)


@recorded_act("matters.renew-supervision")
def renew_supervision(
    supervision_id: int, *, by: Viewer, due_at: datetime, note: str, at: datetime | None = None
) -> Supervision:
    """Ask again by another date, with a word: the reply was not enough, or more time is given. What was late stays late."""
    scene, row = _enter(supervision_id, by=by, at=at)
    supervision_rules.refuse_watching(scene.edition, scene.loop, by, scene.situation, standing(row))
    if not scene.at < due_at <= scene.at + LATEST_PROMISE:
        raise Refused("bad-due", say="新的期限要晚于现在，最晚两年以内。", have=due_at.isoformat(), field="due_at")
    text = clean_text(note, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="note", label="再问的话")
    row.due_at, row.ring_at, row.within, row.working = due_at, due_at, "given", None
    row.renewed += 1
    row.replied_at, row.replied_by, row.reply_sealed = None, {}, None
    row.save()
    if row.unit_id:
        when = f"{due_at.astimezone(scene.calendar.zone):%m月%d日 %H:%M}"
        escalation.alert(scene, "supervise", say=f"{LEVELS[row.level]}延到{when}前答复", units=(row.unit_id,))
    return _written(scene, row, "renew-supervision", words=text)


@recorded_act("matters.ring-supervision")
def ring_supervision(supervision_id: int, *, by: Viewer, at: datetime) -> int:
    """Nobody replied in time: marked once, told to the unit and to whoever supervises."""
    matter_id = Supervision.objects.filter(pk=supervision_id).values_list("matter_id", flat=True).first()
    scene = lock(matter_id or 0, by=by, at=at, with_clocks=False)
    row = Supervision.objects.get(pk=supervision_id)
    if row.ring_at is None or row.ring_at >= at:  # somebody rang first, or it was answered meanwhile
        unchanged()
        return 0
    row.overdue, row.ring_at = True, None
    row.save(update_fields=["overdue", "ring_at"])
    units = (row.unit_id,) if row.unit_id else ()
    escalation.alert(scene, "supervise", say=f"{LEVELS[row.level]}到期没有答复", to=_opener(row), units=units)
    _written(scene, row, "ring-supervision", words="")
    return 1
