"""What a step leaves beside the matter, in order: one table, each line a function of its own subject's module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from youying.matters.actions import (
    children,
    designating,
    earning,
    escalation,
    offers,
    papers,
    parking,
    parties,
    parts,
    sessions,
    supervising,
    whistles,
)
from youying.matters.actions.scene import Scene
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct

Leave = Callable[[Scene, CompiledAct, Given, Mapping[str, Any]], None]

BESIDE: tuple[Leave, ...] = (
    parties.note_units,
    whistles.note,
    papers.note,
    offers.note_match,
    earning.note,
    escalation.note_step,
    supervising.note,
    sessions.note,
    parking.note,
    children.note_opened,
    parts.note_parts,
    designating.note_designation,
)
"""Called with the locked scene after the matter's facts, stage and clocks have changed, before all is written.

A function writes only rows of its own subject; what must stand in the entry it puts on the scene.
"""


def leave(scene: Scene, step: CompiledAct, given: Given, data: Mapping[str, Any]) -> None:
    """Let every subject note what this step means to it."""
    for note in BESIDE:
        note(scene, step, given, data)
