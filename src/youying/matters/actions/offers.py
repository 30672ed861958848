"""What the steps of an order leave with partners: the wish, the offer it went to, whose month it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters.actions.scene import Scene
from youying.matters.need_rules import Given
from youying.matters.queries.offers import refuse_offer
from youying.packs.compiled import CompiledAct
from youying.partners import actions as partners
from youying.partners.queries import unit_of_offer


def with_unit(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of a step that names an offer, with the offer's unit as the one that is to have the order."""
    offer_id = data.get("offer")
    if not offer_id:
        return data
    said = str(offer_id)
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise Refused("offer-unknown", say="清单里没有这一条，请重新选。", have=said[:40], field="offer")
    return {**data, "unit": unit_of_offer(int(said))}


def note_match(scene: Scene, step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """Keep what this step means to the offer that has the order; the capacity of its month moves with it."""
    if scene.matter.ended_at is not None:
        _ended("withdrawn")(scene, given)
    elif note := NOTES.get(step.verb):
        note(scene, given)


def withdraw(scene: Scene) -> None:
    """The order goes to another unit by hand: the offer that had it has it no more."""
    if scene.matter.kind == ORDER:
        partners.end_match(scene.matter.subject, outcome="withdrawn", at=scene.at)


def refuse_unsuited(scene: Scene, given: Given) -> None:
    """Refuse an offer that is not open or breaks a limit that the plan keeps."""
    if given.offer_id:
        refuse_offer(scene.matter, scene.edition, given.offer_id, at=scene.at)


def _sent(scene: Scene, given: Given) -> None:
    if given.offer_id:
        partners.send_to(scene.matter.subject, given.offer_id, at=scene.at)
        scene.noted["offer"] = given.offer_id
    else:
        withdraw(scene)


def _accepted(scene: Scene, given: Given) -> None:
    if scene.matter.kind == ORDER and (match := partners.accept_match(scene.matter.subject, at=scene.at)):
        scene.noted |= {"offer": match.offer_id, "month": str(match.month)}


def _ended(outcome: str) -> Callable[[Scene, Given], None]:
    def end(scene: Scene, given: Given) -> None:
        if scene.matter.kind != ORDER:
            return
        said = "lapsed" if outcome == "declined" and scene.by.kind == "system" else outcome
        match = partners.end_match(scene.matter.subject, outcome=said, at=scene.at, reason=given.reason)
        if match is not None:
            scene.noted |= {"offer": match.offer_id, "outcome": said}

    return end


ORDER = "order"
NOTES: Mapping[str, Callable[[Scene, Given], None]] = {
    "dispatch": _sent,
    "accept": _accepted,
    "hand-back": _ended("declined"),
    "deliver": _ended("served"),
}
"""Verb → what it means to the offer that has the order."""
