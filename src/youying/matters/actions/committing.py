"""What a step has changed is written: the row, its clocks and tallies, one entry, one announcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from youying.matters.actions import asks, clocks, keeping
from youying.matters.actions.scene import Scene
from youying.matters.events import MatterActed
from youying.matters.facts import PRIVATE, TRACKED
from youying.matters.models import Matter
from youying.matters.saying import moved, sentence_of
from youying.record import actions as record

SEALED = ("note", "scheme", "words", "place", "person")
REVERSIBLE = frozenset({"accept", "contact", "urge", "judge"})


def commit(
    scene: Scene,
    act_id: str,
    verb: str,
    *,
    was: Mapping[str, Any],
    data: Mapping[str, Any],
    tells: tuple[str, ...] = (),
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Write the changed matter, its clocks and tallies, one entry and one announcement."""
    with keeping.together(scene):
        changed, rewritten = _changes(scene, act_id, verb, was)
        keeping.changed(scene, [*changed, *rewritten, "version", "last_step"], was=was)
        facts = {"verb": verb, "change": changed, "clocks": scene.clock_notes, **scene.noted, **(extra or {})}
        facts |= {
            key: plain(data[key]) for key in ("reason", "way", "reached", "level", "into", "due_at") if key in data
        }
        if scene.digests:
            facts["files"] = scene.digests
        sealed = {key: str(data[key]) for key in SEALED if data.get(key)} | scene.sealed | rewritten
        matter = scene.matter
        record.write(matter.subject, act_id, by=scene.by, facts=facts, sealed=sealed or None, origin=scene.origin)
        say = sentence_of(scene.loop, act_id, verb) + moved(scene.loop, scene.clock_notes, scene.calendar.zone)
        event = MatterActed(
            matter.pk, matter.number, act_id, verb, matter.stage, matter.area_path, matter.lead_id, tuple(tells), say,
            units=held_by(was, matter) | ({"summoned": scene.named} if scene.named else {}), reporters=tuple(scene.taken_along), spoke=scene.spoke,
        )  # fmt: skip
        record.announce(event, subject=matter.subject)
        asks.lapse_overtaken(scene, was)
        scene.clock_notes, scene.digests, scene.taken_along, scene.spoke, scene.noted, scene.sealed = (
            [],
            [],
            [],
            0,
            {},
            {},
        )


HOLDING = ("joint", "summoned", "host")


def held_by(was: Mapping[str, Any], matter: Matter) -> dict[str, tuple[int, ...]]:
    """The units that have the matter after a step, by role; those that had it, where the step took it from them."""
    lead, units = (matter.lead_id, matter.units) if matter.lead_id else (was["lead_id"], was["units"])
    held = {"lead": (lead,) if lead else ()} | {role: tuple(units.get(role, ())) for role in HOLDING}
    return {role: found for role, found in held.items() if found}


def _changes(scene: Scene, act_id: str, verb: str, was: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bring the matter's own columns up to date; the facts that changed, and the private ones."""
    matter = scene.matter
    if scene.with_clocks:
        clocks.show_nearest(scene)
    matter.changed_at = scene.at
    matter.version += 1
    matter.last_step = undo_note(scene, act_id, verb, was)
    changed = {n: [plain(was[n]), plain(getattr(matter, n))] for n in TRACKED if was[n] != getattr(matter, n)}
    return changed, {n: getattr(matter, n) for n in PRIVATE if was[n] != getattr(matter, n)}


def undo_note(scene: Scene, act_id: str, verb: str, was: Mapping[str, Any]) -> dict[str, Any]:
    """What the next undo would need: only for steps that leave no rows beside the matter and its clocks."""
    if verb not in REVERSIBLE or scene.by.account_id is None or scene.noted:
        return {}
    matter = scene.matter
    before = {n: plain(was[n]) for n in TRACKED if was[n] != getattr(matter, n) and n != "changed_at"}
    clocks_before = [
        state for clock in scene.touched if (state := scene.before.get((clock.code, clock.run))) is not None
    ]
    return {
        "act": act_id,
        "account": scene.by.account_id,
        "at": scene.at.isoformat(),
        "version": matter.version,
        "was": before,
        "clocks": clocks_before,
        "started": [[clock.code, clock.run] for clock in scene.touched if (clock.code, clock.run) not in scene.before],
    }


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value
