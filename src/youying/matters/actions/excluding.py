"""Keeping a matter out of the rates: proposed by its unit, objected to by whoever it concerns, reviewed by another hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from youying.editions.queries import params_for
from youying.kernel.durations import parse_duration
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.matters import house_rules, rules
from youying.matters.actions import asks
from youying.matters.actions.committing import commit
from youying.matters.actions.entering import enter
from youying.matters.actions.scene import Scene
from youying.matters.facts import facts_of
from youying.matters.models import Ask, Matter
from youying.packs.compiled import CompiledApprove
from youying.packs.params import engine_param
from youying.record.acts import act as recorded_act

KEPT_OUT = "house:exclude"
"""Under this name a matter remembers who kept it out: that person reviews no objection to it."""


@recorded_act("matters.exclude")
def exclude(
    matter_id: int,
    *,
    by: Viewer,
    reason: str,
    note: str,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Matter:
    """Keep a matter out of the rates for a coded reason; it stays in every list and is shown beside the rate.

    Nobody decides this for the unit in which they work: that unit proposes it.
    """
    scene = enter(matter_id, "exclude", by=by, at=at, expected_version=expected_version)
    house_rules.refuse_one_hand(by, scene.edition, scene.loop, scene.situation, reason=reason)
    _keep_out(scene, reason=reason, note=note)
    return scene.matter


@recorded_act("matters.include")
def include(
    matter_id: int, *, by: Viewer, note: str, expected_version: int | None = None, at: datetime | None = None
) -> Matter:
    """Lift an exclusion after a review, with the reason: the matter counts in every rate again."""
    scene = enter(matter_id, "include", by=by, at=at, expected_version=expected_version)
    _count_again(scene, note=note)
    return scene.matter


@recorded_act("matters.propose-exclusion")
def propose_exclusion(matter_id: int, *, by: Viewer, reason: str, note: str, at: datetime | None = None) -> Ask:
    """Propose, as the unit that has the matter, to keep it out of the rates; a reviewing post says yes or no.

    A matter with a whistle is proposed by whoever reads the rates too: nobody calls a whistle wrong alone.
    """
    scene = enter(matter_id, "propose-exclusion", by=by, at=at)
    house_rules.refuse_exclusion(reason, scene.edition, facts_of(scene.matter))
    return _put(scene, asks.EXCLUSION, "exclude", title="剔除", data={"reason": reason, "note": _words(note)})


@recorded_act("matters.object-exclusion")
def object_exclusion(matter_id: int, *, by: Viewer, note: str, at: datetime | None = None) -> Ask:
    """Object to an exclusion in force; who kept the matter out does not review the objection."""
    scene = enter(matter_id, "object-exclusion", by=by, at=at)
    return _put(scene, asks.OBJECTION, "include", title="对剔除的异议", data={"note": _words(note)})


def settle(scene: Scene, ask: Ask, data: Mapping[str, Any], *, note: str) -> None:
    """Do what an approved proposal or objection asked for; the reviewer's word stands beside the asker's."""
    said = "；".join(part for part in (str(data["note"]), note.strip()) if part)
    if ask.kind == asks.EXCLUSION:
        house_rules.refuse_own_unit(scene.by, scene.situation)
        _keep_out(scene, reason=str(data["reason"]), note=said)
    else:
        _count_again(scene, note=said)


def _put(scene: Scene, kind: str, step: str, *, title: str, data: Mapping[str, Any]) -> Ask:
    days = int(engine_param(params_for(scene.edition, scene.matter.area_path), "exclusion-review-days"))
    by = tuple(sorted(house_rules.exclusion_reviewers(scene.loop)))
    approve = CompiledApprove(by, parse_duration(f"{days} working-days"), refused="stay", silent="escalate")
    return asks.put_ask(scene, kind=kind, step=step, title=title, approve=approve, data=data)


def _keep_out(scene: Scene, *, reason: str, note: str) -> None:
    was = facts_of(scene.matter)
    house_rules.refuse_exclusion(reason, scene.edition, was)
    scene.matter.excluded = reason
    doers = scene.matter.doers
    scene.matter.doers = {**doers, KEPT_OUT: [*doers.get(KEPT_OUT, []), scene.by.account_id or 0]}
    commit(scene, "exclude", "exclude", was=was, data={"reason": reason, "note": _words(note)})


def _count_again(scene: Scene, *, note: str) -> None:
    was = facts_of(scene.matter)
    scene.matter.excluded = ""
    commit(scene, "include", "include", was=was, data={"note": _words(note)})


def _words(note: str) -> str:
    return clean_text(note, least=rules.NOTE_LEAST, most=500, field="note", label="情况说明")
