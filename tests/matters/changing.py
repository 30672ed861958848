"""Changing a word of a library pack and letting the street follow it from now on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.matters.world import World, adopt, in_hand
from youying.editions.snapshot import STAMP
from youying.matters import actions
from youying.matters.models import Ask, Matter
from youying.packs.edition import Edition
from youying.packs.source import RawPack, library, with_value
from youying.places.actions import touch

ALL = ["received", "dispatched", "in-hand", "parked", "completed"]
"""The running stages of the base loop."""


def without(raw: RawPack, key: str) -> RawPack:
    """The same pack with one key taken away."""
    *path, last = key.split(".")
    table = _copied(raw.table)
    inner: Any = table
    for step in path:
        inner = inner[step]
    del inner[last]
    return replace(raw, table=table)


def _copied(table: Any) -> Any:
    return {name: _copied(value) for name, value in table.items()} if isinstance(table, Mapping) else table


def change(
    world: World, said: Mapping[str, Any] | None = None, *, gone: tuple[str, ...] = (), code: str = "m01"
) -> Edition:
    """From now on the street follows the pack with these keys changed and those gone; opened matters keep theirs."""
    raw = library()[code]
    for key in gone:
        raw = without(raw, key)
    for key, value in (said or {}).items():
        raw = with_value(raw, key=key, value=value)
    world.clock.forward(seconds=1)
    world.edition = adopt(raw, world.town)
    touch(STAMP)
    return world.edition


def own_act(**said: Any) -> dict[str, Any]:
    """A local act `try` on every running stage, by the dispatcher, as `loop.demand.acts.try`."""
    return {"loop.demand.acts.try": {"title": "试一步", "from": list(ALL), "by": ["dispatcher"], **said}}


def without_parking(world: World) -> Edition:
    """From now on nobody parks here: the stage is gone with the acts that lead there and away."""
    gone = ("stages.parked", "acts.park", "acts.unpark")
    said = {"end": ["received", "dispatched", "in-hand"], "supervise": ["dispatched", "in-hand"]}
    froms = {f"loop.demand.acts.{act}.from": stages for act, stages in said.items()}
    return change(world, froms, gone=tuple(f"loop.demand.{key}" for key in gone))


def parked(world: World, days: int = 9, plan: str = "等配件到了再修") -> Matter:
    """A matter that the unit has parked for so many days with the street leader's yes."""
    matter, until = in_hand(world), world.clock() + timedelta(days=days)
    actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme=plan, due_at=until)
    actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.leader)
    matter.refresh_from_db()
    return matter


HOLD = {
    "loop.demand.acts.hold": {
        "verb": "step", "title": "暂停计时", "from": ["in-hand"], "by": ["lead"], "needs": ["reason", "note"],
        "approve": {"by": ["dispatcher"], "refused": "stay"},
    },
    "loop.demand.acts.go-on": {
        "verb": "step", "title": "恢复计时", "from": ["in-hand"], "by": ["lead", "system"], "on": "due",
    },
    "loop.demand.clocks.complete.pause": ["park", "hold"],
    "loop.demand.clocks.complete.resume": ["unpark", "go-on"],
    "reasons.resident": {"title": "等居民配合", "for": ["pause"]},
    "reasons.other-unit": {"title": "等别的单位先办", "for": ["pause"]},
}  # fmt: skip
"""Acts that let the clock of completion stand still, with the dispatcher's yes, until an event or a date."""


def held(world: World, matter: Matter, **more: Any) -> Matter:
    """The clock of completion stands still: the unit asks with its reason and note, the dispatcher agrees."""
    said = {"reason": "resident", "note": "居民出差，周五回来开门", **more}
    actions.act(matter.pk, "hold", by=world.manager, **said)
    return actions.approve(Ask.objects.get(matter=matter, step="hold", answer="").pk, by=world.dispatcher)
