"""挂账: what is parked is reviewed on a rhythm, by word of its keeper; a review that nobody holds is told, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from youying.editions.queries import params_for
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.matters import parking_rules, rules
from youying.matters.actions import pausing, waking
from youying.matters.actions.committing import commit
from youying.matters.actions.entering import enter
from youying.matters.actions.scene import Scene, lock
from youying.matters.events import ClockRang
from youying.matters.facts import facts_of
from youying.matters.given_rules import read_given
from youying.matters.models import Matter, Parking
from youying.matters.need_rules import Given
from youying.matters.parking_rules import MOVE, REVIEW
from youying.packs.compiled import CompiledAct
from youying.packs.params import engine_param
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged


def note(scene: Scene, step: CompiledAct, given: Given, _data: Mapping[str, Any]) -> None:
    """Begin a parking with the step that parks, and end it with the one that takes the matter up, or with the matter."""
    if step.verb == "park":
        _begin(scene, step, given)
    elif step.verb == "unpark" or scene.matter.ended_at is not None:
        end(scene, by_verb=step.verb)


def end(scene: Scene, *, by_verb: str) -> None:
    """The matter is taken up, or has ended: there is nothing to review any more."""
    if any(one.id in scene.matter.doers for one in scene.loop.acts_of("park")):
        _end(scene.matter, at=scene.at, by_verb=by_verb)


def _begin(scene: Scene, step: CompiledAct, given: Given) -> None:
    matter = scene.matter
    _end(matter, at=scene.at, by_verb="park")
    Parking.objects.create(
        matter=matter,
        run=Parking.objects.filter(matter=matter).count() + 1,
        act=step.id,
        since=scene.at,
        reason=given.reason,
        until=given.due_at,
        review_at=scene.at + _rhythm(scene),
    )


def _end(matter: Matter, *, at: datetime, by_verb: str) -> None:
    running = Parking.objects.filter(matter=matter, ended_at__isnull=True)
    running.update(ended_at=at, ended_by=by_verb, review_at=None)


def _rhythm(scene: Scene) -> timedelta:
    days = engine_param(params_for(scene.edition, scene.matter.area_path), "park-review-days")
    return timedelta(days=float(days))


@recorded_act("matters.review-parking")
def review_parking(
    matter_id: int,
    *,
    by: Viewer,
    result: str,
    note: str,
    due_at: datetime | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Look at a parked matter again: it stays parked, or its date moves (`keep`, `move`).

    The date is moved by whoever may agree to a parking, and nobody else: it was part of what they agreed to.
    """
    scene = enter(matter_id, REVIEW, by=by, at=at, expected_version=expected_version)
    text = clean_text(note, least=rules.NOTE_LEAST, most=rules.NOTE_MOST, field="note", label="现在的情况和打算")
    until = read_given({"due_at": due_at}, photos=0).due_at
    row = Parking.objects.filter(matter=scene.matter, ended_at__isnull=True).first()
    if row is None:
        raise Refused("not-parked", say="没有挂着账，不用复核。")
    approvers = parking_rules.approvers(scene.loop)
    may_move = not approvers or bool(rules.stands_as(by, scene.situation) & approvers)
    parking_rules.refuse_review(result, until=until, at=scene.at, may_move=may_move)
    was = facts_of(scene.matter)
    _note_review(scene, row, result=result, until=until)
    data = {"note": text} | ({"due_at": until} if result == MOVE else {})
    extra = {"result": result, "review_at": row.review_at.isoformat() if row.review_at else None}
    commit(scene, REVIEW, REVIEW, was=was, data=data, extra=extra)
    return scene.matter


def _note_review(scene: Scene, row: Parking, *, result: str, until: datetime | None) -> None:
    """Write the review down; the next one is counted from it."""
    row.reviews += 1
    row.missed_since, row.review_at = None, scene.at + _rhythm(scene)
    if result == MOVE:
        row.until, row.moved = until, row.moved + 1
        scene.matter.wake_at, scene.matter.wake_for = until, waking.RESUME
        pausing.hold_until(scene, row.act, until=until)
    row.save(update_fields=["reviews", "missed_since", "review_at", "until", "moved"])


@recorded_act("matters.ring-review")
def ring_review(parking_id: int, *, by: Viewer, at: datetime) -> int:
    """Note that a review was not held in time and tell unit and approvers; it rings anew with every period that passes."""
    matter_id = Parking.objects.filter(pk=parking_id).values_list("matter_id", flat=True).first()
    if matter_id is None:
        unchanged()
        return 0
    scene = lock(matter_id, by=by, at=at, with_clocks=False)
    row = Parking.objects.filter(pk=parking_id, ended_at__isnull=True, review_at__lt=at).first()
    if row is None or row.review_at is None or scene.matter.ended_at is not None:
        unchanged()
        return 0
    due = row.review_at
    row.missed, row.missed_since = row.missed + 1, row.missed_since or due
    row.review_at = due + _rhythm(scene)  # however long nothing swept, every period is counted
    row.save(update_fields=["missed", "missed_since", "review_at"])
    _tell(scene, due)
    return 1


def _tell(scene: Scene, due: datetime) -> None:
    """One entry, and one word to the unit and to each post that agrees to parkings."""
    matter = scene.matter
    told = ("lead", *sorted(parking_rules.approvers(scene.loop)))
    rungs = [{"do": parking_rules.MISSED, "to": to, "at": due.isoformat()} for to in told]
    facts = {"verb": "ring", "clock": REVIEW, "run": 1, "rungs": rungs, "change": {}}
    record.write(matter.subject, "ring", by=scene.by, facts=facts)
    for to in told:
        event = ClockRang(
            matter.pk, matter.number, REVIEW, parking_rules.MISSED, to, matter.area_path, matter.lead_id,
            "挂账该复核了，还没有复核",
        )  # fmt: skip
        record.announce(event, subject=matter.subject)
