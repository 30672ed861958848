"""What the form of a step is made from: the matter, its edition, the step, who fills it in and what was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.matters.queries import Possible
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.packs.edition import Edition

PACK_PERIOD = "pack"
"""What the choice of a period says for the pack's own."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: how it is drawn, what it offers, whether the step needs it."""

    name: str
    kind: str
    label: str
    needed: bool = True
    hint: str = ""
    options: tuple[Any, ...] = ()
    reveal: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of one matter, seen by one person."""

    viewer: Viewer
    matter: Any
    possible: Possible
    can: tuple[Possible, ...]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        """The edition that the matter keeps to its end."""
        return edition_by_digest(self.matter.edition_id)

    @property
    def loop(self) -> CompiledLoop:
        """The loop the matter takes."""
        return self.edition.loops[self.matter.loop]

    @property
    def step(self) -> CompiledAct | None:
        """The step in the loop's table; None for an act that any matter allows."""
        return None if self.possible.house else self.loop.acts[self.possible.id]

    @property
    def zone(self) -> ZoneInfo:
        """Where the dates of the form are meant."""
        zone = calendar_for(self.edition, self.matter.area_path).zone
        return zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))

    def may_also(self, verb: str) -> Possible | None:
        """Another step of this verb that is open now."""
        return next((act for act in self.can if act.verb == verb), None)


def frame_of(viewer: Viewer, matter: Any, act_id: str, given: Mapping[str, str]) -> Frame:
    """The frame of an open step; refused with the step's own reason where it is not open, or unknown."""
    acts = queries.possible_acts(viewer, matter)
    possible = next((act for act in acts.can if act.id == act_id), None)
    if possible is not None:
        return Frame(viewer, matter, possible, tuple(acts.can), given)
    closed = next((act for act in acts.cannot if act.id == act_id), None)
    if closed is not None:
        raise closed.refused
    raise Refused("not-open", say="这一步现在不能做，或这件事项没有这一步。请看事项页上列出的。", have=act_id[:40])
