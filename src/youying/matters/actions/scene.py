"""Everything one step works on: the locked matter, its loop and edition, its running clocks, who acts and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.calendar import WorkCalendar
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions.tallies import Change
from youying.matters.facts import situation_of
from youying.matters.models import Ask, Clock, Matter
from youying.matters.rules import Situation
from youying.matters.sheet_rules import Paper
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition

STATE = ("stopped_at", "stopped_by", "met", "paused", "pauses", "rung", "next_at", "due_at", "yellow_at", "red_at")

ABOVE = ("parent_id", "parent__parent_id")
"""How far up the wholes of a matter are locked with it; parts lie no deeper."""


def state_of(clock: Clock) -> dict[str, Any]:
    """A clock's changing columns as data, so that a step can be undone."""
    plain = {name: getattr(clock, name) for name in STATE}
    return {"code": clock.code, "run": clock.run} | {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in plain.items()
    }


@dataclass(slots=True)
class Scene:
    """One locked matter while steps are taken on it; changed only by the actions of this package."""

    matter: Matter
    edition: Edition
    loop: CompiledLoop
    calendar: WorkCalendar
    by: Viewer
    at: datetime
    origin: str = ""
    asked_by: int | None = None
    clocks: list[Clock] = field(default_factory=list)
    before: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    touched: list[Clock] = field(default_factory=list)
    clock_notes: list[dict[str, Any]] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    counted: list[Change] = field(default_factory=list)
    taken_along: list[int] = field(default_factory=list)
    spoke: int = 0
    columns: set[str] = field(default_factory=set)
    together: bool = False
    with_clocks: bool = True
    other: Matter | None = None
    open_asks: int = 0
    noted: dict[str, Any] = field(default_factory=dict)
    """What the entry of the step says beside its facts: plain data, no personal values."""
    happened: list[str] = field(default_factory=list)
    """Happenings of the step that a pack may hang a system step on: `met:x`, `parts`."""
    sealed: dict[str, str] = field(default_factory=dict)
    """What the entry of the step keeps sealed beside its words."""
    papers: list[Paper] | None = None
    """The sheets of the step that is being taken, once they were read."""
    seat: int | None = None
    """The unit for which the step is taken, where each unit does it for itself."""
    asked_unit: int | None = None
    """The unit whose ask is answered with a yes."""
    named: tuple[int, ...] = ()
    """The units that the step whistles for."""
    units_before: Mapping[str, Any] = field(default_factory=dict)
    """How the units stood to the matter when the step began."""
    lead_before: int | None = None
    """The unit that had the matter when the step began."""
    wholes: dict[int, Matter] = field(default_factory=dict)
    """The matters that this one is a part of, locked before it."""
    told: dict[str, datetime] = field(default_factory=dict)
    """The verbs of which another system tells only now that they were done, with their moments."""

    @property
    def situation(self) -> Situation:
        """The matter as the rules see it now."""
        held = frozenset(clock.code for clock in self.clocks if clock.paused) if self.with_clocks else None
        return situation_of(self.matter, held=held)

    @property
    def zone_name(self) -> str:
        """The time zone in which the matter's place counts its days."""
        return str(self.calendar.zone)


def lock(
    matter_id: int,
    *,
    by: Viewer,
    at: datetime,
    expected_version: int | None = None,
    origin: str = "",
    also: str = "",
    with_clocks: bool = True,
) -> Scene:
    """Lock a matter and set the scene; refused where it is unknown or somebody else changed it first.

    `also` is the number of a second matter of the step: both are locked in one order, so that two merges that cross
    never wait for each other. So are the wholes that the matter is a part of: a whole before its parts, whoever acts.
    An act that no clock hangs on does without them.
    """
    above = Matter.objects.filter(pk=matter_id)
    wanted = Q(pk=matter_id) | Q(number=also) if also else Q(pk=matter_id)
    for path in ABOVE:
        wanted |= Q(pk=Subquery(above.values(path)))
    asked = Ask.objects.filter(matter=OuterRef("pk"), answer="").order_by().values("matter").values(n=Count("pk"))
    found = Matter.objects.select_for_update().filter(wanted).annotate(asked=Subquery(asked)).order_by("pk")
    rows = {row.pk: row for row in found}
    matter = rows.pop(matter_id, None)
    if matter is None:
        raise Refused("not-found", say="没有这件事项，请核对编号。", have=matter_id)
    if expected_version is not None and expected_version != matter.version:
        say = "别人先改了这件事项。您写的内容还在，请看过最新情况再点一次。"
        raise Refused("conflict", say=say, have=expected_version, need=matter.version)
    if matter.parent_id is not None and matter.parent_id not in rows:
        raise Refused("conflict", say="这件事项刚刚换了归属。请看过最新情况再点一次。", have=matter.number)
    scene = scene_of(matter, by=by, at=at, origin=origin, with_clocks=with_clocks, open_asks=matter.asked or 0)
    scene.other = next((row for row in rows.values() if also and row.number == also), None)
    scene.wholes = {key: row for key, row in rows.items() if row is not scene.other or key == matter.parent_id}
    return scene


def lock_all(keys: Collection[int]) -> list[Matter]:
    """Lock several matters and every whole above them, all in the one order; returns those of these keys."""
    asked = Matter.objects.filter(pk__in=keys)
    wanted = Q(pk__in=keys)
    for path in ABOVE:
        wanted |= Q(pk__in=asked.values(path))
    rows = {row.pk: row for row in Matter.objects.select_for_update().filter(wanted).order_by("pk")}
    found = [row for row in rows.values() if row.pk in keys]
    moved = next((row for row in found if row.parent_id is not None and row.parent_id not in rows), None)
    if moved is not None:
        say = f"{moved.number} 刚刚换了归属。请看过最新情况再点一次。"
        raise Refused("conflict", say=say, have=moved.number)
    return found


def scene_of(
    matter: Matter, *, by: Viewer, at: datetime, origin: str = "", with_clocks: bool = True, open_asks: int = 0
) -> Scene:
    """The scene of a matter that is locked already."""
    edition = edition_by_digest(matter.edition_id)
    scene = Scene(
        matter=matter,
        edition=edition,
        loop=edition.loops[matter.loop],
        calendar=calendar_for(edition, matter.area_path),
        by=by,
        at=at,
        origin=origin,
        with_clocks=with_clocks,
        open_asks=open_asks,
    )
    if matter.running and with_clocks:
        scene.clocks = list(Clock.objects.filter(matter=matter, stopped_at__isnull=True).order_by("pk"))
        scene.before = {(clock.code, clock.run): state_of(clock) for clock in scene.clocks}
    return scene
