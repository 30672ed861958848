"""House acts: the same on every matter, never said by a pack; they pass the same lock, record and tallies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from youying.editions.queries import params_for
from youying.kernel.clocks import count
from youying.kernel.masking import mask_text
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import house_rules, rules
from youying.matters.actions import (
    asks,
    clocks,
    designating,
    escalation,
    excluding,
    offers,
    parties,
    parts,
    recounting,
    whistles,
)
from youying.matters.actions.committing import commit
from youying.matters.actions.door import perform
from youying.matters.actions.entering import enter
from youying.matters.actions.scene import Scene, lock
from youying.matters.events import Asked
from youying.matters.facts import facts_of
from youying.matters.given_rules import read_unit
from youying.matters.models import Ask, Matter
from youying.matters.queries.contacts import names_of
from youying.matters.searching import reindex
from youying.packs.params import engine_param
from youying.places.placing import Place, as_it_stands
from youying.places.snapshot import hold
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.text.queries import known_category


@recorded_act("matters.add")
def add_words(matter_id: int, *, by: Viewer, words: str, uploads: tuple[str, ...] = (), at: datetime | None = None,
              origin: str = "") -> Matter:  # fmt: skip
    """Add a word or photos to a matter: the reporter's addition or an officer's note; the stage stays."""
    scene = enter(matter_id, "add", by=by, at=at, origin=origin)
    text = clean_text(words, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="words")
    was = facts_of(scene.matter)
    if uploads:
        scene.matter.photo_count += parties.hang(
            scene, uploads, role="reporter" if by.kind == "reporter" else "evidence"
        )
    escalation.note_causes(scene, text)
    commit(scene, "add", "add", was=was, data={"words": text})
    return scene.matter


@recorded_act("matters.correct")
def correct(
    matter_id: int,
    *,
    by: Viewer,
    expected_version: int | None = None,
    category: str = "",
    urgency: str = "",
    title: str = "",
    words: str = "",
    place: Place | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Matter:
    """Correct category, urgency, title, words or place; running clocks that depend on them are worked out anew.

    Where such a clock has run out already, `note` must say why its period changes, and the miss stays.
    """
    if place is not None:
        hold("places")  # before the matter: a place that moves takes them in this order too
    scene = enter(matter_id, "correct", by=by, at=at, expected_version=expected_version)
    matter, was = scene.matter, facts_of(scene.matter)
    if category:
        matter.category, matter.category_why = known_category(category, area_path=matter.area_path), "人工更正"
        matter.category_by = "person"
    if urgency:
        matter.urgency = house_rules.known_urgency(scene.edition, urgency)
    names = names_of(matter) if title or words or place is not None else ()
    if title:
        matter.title = mask_text(clean_text(title, least=2, most=40, field="title"), names=names)
    if words:
        matter.words = mask_text(clean_text(words, least=2, most=5000, field="words"), names=names)
    if place is not None:
        place = as_it_stands(place, closed="refuse")
        by.require_reach(place.place_path)
        _move_place(matter, place, names)
    text = clean_text(note, least=0, most=500, field="note") if note else ""
    tells = recounting.TOLD if recounting.changed(scene, was, note=text) else ()
    if words or title or place is not None:
        reindex(matter)
    commit(scene, "correct", "correct", was=was, data={"words": words, "note": text}, tells=tells)
    return matter


def _move_place(matter: Matter, place: Place, names: Sequence[str]) -> None:
    for name in ("area_path", "compound_id", "building_id", "entrance", "home_id", "grid_id", "longitude", "latitude"):
        setattr(matter, name, getattr(place, name))
    matter.place_path = place.place_path or place.area_path
    matter.place_words, matter.place_why = mask_text(place.words, names=names)[:120], "人工更正"


@recorded_act("matters.approve")
def approve(ask_id: int, *, by: Viewer, at: datetime | None = None, note: str = "") -> Matter:
    """Say yes to an ask: the step is taken, the clock prolonged, or the proposed supervision made."""
    scene, ask = asks.open_ask(ask_id, by=by, at=at or now())
    if unfit := asks.unfit(ask, by=by):
        raise unfit
    data = asks.asked_data(ask)
    asks.answer(ask, "approved", at=scene.at)
    if ask.kind == asks.EXTENSION:
        was = facts_of(scene.matter)
        clock = next((c for c in scene.clocks if asks.is_of(ask, c)), None)
        if clock is None:
            raise Refused("not-extendable", say="这个期限已经不在计时，不用延期了。")
        clocks.extend(scene, clock, data["by"])
        scene.matter.extended += not ask.seat  # of a unit's own deadline nothing is said of the matter
        commit(scene, "approve", "approve", was=was, data={"note": note}, extra={"step": ask.step, "ask": ask.pk})
        return scene.matter
    if ask.kind in asks.OUTLIVING:
        excluding.settle(scene, ask, data, note=note)
        return scene.matter
    step = asks.step_of(ask, scene.loop, scene.matter.stage)
    assert step is not None
    scene.asked_by, scene.asked_unit = ask.asked_by.get("account"), whistles.asked_for(scene, step, ask)
    scene.noted["ask"] = ask.pk
    if ask.kind == asks.PROPOSAL:
        why = "；".join(part for part in (data.get("note", ""), note.strip()) if part)
        data = {**data, "note": why or f"同意{step.title}"}
    elif note.strip():  # beside the asker's own words, not in their place
        scene.sealed["agreed"] = clean_text(note, least=rules.NOTE_LEAST, most=500, field="note")
    perform(scene, step, data)
    return scene.matter


@recorded_act("matters.refuse")
def refuse(ask_id: int, *, by: Viewer, note: str, reason: str = "", at: datetime | None = None) -> Matter:
    """Say no to an ask, in words and by a coded reason of the pack where one fits; the matter stays, or goes where the pack sends it."""
    scene, ask = asks.open_ask(ask_id, by=by, at=at or now())
    house_rules.refuse_unknown_no(reason, scene.edition)
    was = facts_of(scene.matter)
    back = _refused_to(scene, ask)
    if back != "stay" and asks.unfit(ask, by=by):  # nobody is drawn back to what is past
        back = "stay"
    asks.answer(ask, "refused", at=scene.at, reason=reason)
    designating.settle_refusal(scene, ask)
    if back in scene.loop.stages and scene.matter.ended_at is None:
        scene.matter.stage = back
    text = clean_text(note, least=rules.NOTE_LEAST, most=500, field="note", label="不同意的理由")
    commit(
        scene,
        "refuse",
        "refuse",
        was=was,
        data={"note": text},
        extra={"step": ask.step, "ask": ask.pk, "kind": ask.kind, **({"reason": reason} if reason else {})},
    )
    return scene.matter


def _refused_to(scene: Scene, ask: Ask) -> str:
    """Where the pack sends a matter whose ask was refused: a stage, or "stay"."""
    if ask.kind == asks.EXTENSION:
        clock = scene.loop.clocks.get(ask.step)
        return clock.extend.approve.refused if clock and clock.extend else "stay"
    step = scene.loop.acts.get(ask.step)
    return step.approve.refused if ask.kind == asks.STEP and step and step.approve else "stay"


def still_open(ask: Ask) -> bool:
    """Whether a yes would still do something: the asker may take the step where the matter is now, the clock runs."""
    return asks.unfit(ask, by=SYSTEM) is None


def pass_up(ask: Ask, *, by: Viewer, at: datetime) -> None:
    """An unanswered ask is told to whoever stands above, once; it stays open."""
    matter = ask.matter
    ask.silent = asks.TOLD
    ask.save(update_fields=["silent"])
    record.write(matter.subject, "pass-up", by=by, facts={"verb": "pass-up", "ask": ask.pk, "change": {}})
    say = "申请超时没有答复，请督促"
    record.announce(
        Asked(matter.pk, matter.number, ask.pk, ask.step, ("up",), matter.area_path, say), subject=matter.subject
    )


@recorded_act("matters.reopen")
def reopen(
    matter_id: int,
    *,
    by: Viewer,
    words: str,
    expected_version: int | None = None,
    at: datetime | None = None,
    origin: str = "",
) -> Matter:
    """Take a crossed-off matter up again within its window: same number, counted as a rework."""
    scene = enter(matter_id, "reopen", by=by, at=at, origin=origin, expected_version=expected_version)
    matter, window = scene.matter, scene.loop.close.reopen
    if window is None or matter.ended_at is None or matter.merged_into_id is not None:
        raise Refused("not-reopenable", say="这件事项不能翻案；如有新情况，请重新登记。")
    last = count(matter.ended_at, window.within, scene.calendar).due_at
    if last is None or scene.at > last:
        say = "已过翻案期限；如有新情况，请作为新事项登记。"
        raise Refused("reopen-too-late", say=say, have=scene.at.isoformat(), need=last.isoformat() if last else "")
    was = facts_of(matter)
    matter.stage = window.to if matter.lead_id else scene.loop.start  # nobody had it yet: it must be given first
    matter.ended_at = matter.completed_at = matter.solved = matter.received_at = None
    parts.take_stock(scene)
    matter.answered = 0
    matter.crossed_off, matter.satisfaction, matter.end_reason = False, "", ""
    matter.waiting, matter.reworks = False, matter.reworks + 1
    if matter.excluded in rules.reasons_that(scene.edition, "unmet"):  # who was silent has spoken
        matter.excluded = ""
    again = sorted(scene.loop.acts_of("rework"), key=lambda step: step.to != window.to)[:1]
    for act in [step.id for step in again] if matter.lead_id else ["open"]:
        clocks.start(scene, act, given=None)
    text = clean_text(words, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="words")
    commit(scene, "reopen", "reopen", was=was, data={"words": text})
    return matter


@recorded_act("matters.undo")
def undo(matter_id: int, *, by: Viewer, at: datetime | None = None) -> Matter:
    """Take back one's own last step within the minutes of the place, where nobody acted since; an entry of its own."""
    scene = lock(matter_id, by=by, at=at or now())
    matter, note = scene.matter, scene.matter.last_step
    minutes = int(engine_param(params_for(scene.edition, matter.area_path), "undo-minutes"))
    fresh = bool(note and minutes) and scene.at - datetime.fromisoformat(note["at"]) <= timedelta(minutes=minutes)
    if not fresh or note["account"] != by.account_id or note["version"] != matter.version:
        say = f"这一步撤不回了：超过{minutes}分钟，或别人已接着办。可以用别的动作更正。"
        raise Refused("not-undoable", say=say, need=minutes)
    was = facts_of(matter)
    for name, value in note["was"].items():
        setattr(matter, name, datetime.fromisoformat(value) if value and name.endswith("_at") else value)
    clocks.restore(scene, note["clocks"], [tuple(pair) for pair in note["started"]])
    commit(scene, "undo", "undo", was=was, data={}, extra={"step": note["act"]})
    return matter


@recorded_act("matters.reassign")
def reassign(
    matter_id: int,
    *,
    by: Viewer,
    unit: int | str,
    note: str,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Give a dispatched matter to another unit; the deadline stays, because the resident waits all the same."""
    scene = enter(matter_id, "reassign", by=by, at=at, expected_version=expected_version)
    matter, was = scene.matter, facts_of(scene.matter)
    lead = read_unit(unit)
    if matter.lead_id is None or lead == matter.lead_id:
        raise Refused("nothing-to-reassign", say="还没有派单，或承办单位没有变。", field="unit")
    parties.refuse_takers(scene, {lead}, lead_id=lead)
    parties.give_to(scene, lead)
    matter.redispatches += 1
    escalation.note_causes(scene)
    offers.withdraw(scene)
    text = clean_text(note, least=rules.NOTE_LEAST, most=500, field="note")
    commit(scene, "reassign", "reassign", was=was, data={"note": text})
    return matter
