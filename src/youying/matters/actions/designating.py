"""What a dispatch or a refused objection settles: whether the unit that has a matter may still send it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youying.matters.actions.scene import Scene
from youying.matters.designation_rules import designates
from youying.matters.models import Ask
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct


def note_designation(scene: Scene, step: CompiledAct, _given: Given, _data: Mapping[str, Any]) -> None:
    """A dispatch by a post that reviews objections is final; any other opens the way back again."""
    if step.verb == "dispatch":
        scene.matter.designated = designates(scene.loop, step, by=scene.by)


def settle_refusal(scene: Scene, ask: Ask) -> None:
    """An objection that a third hand refused leaves the matter with its unit for good; silence settles nothing."""
    step = scene.loop.acts.get(ask.step)
    if step is not None and step.verb == "object" and scene.by.kind != "system":
        scene.matter.designated = True
