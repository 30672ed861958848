"""Deadlines that change under way: by another level, class or category, and by a merge with an earlier matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from youying.editions.queries import calendar_for, edition_by_digest
from youying.matters import clock_rules, house_rules
from youying.matters.actions import clocks
from youying.matters.actions.scene import Scene
from youying.matters.events import MatterActed
from youying.matters.facts import TRACKED, facts_of
from youying.matters.models import Clock, Matter
from youying.matters.saying import moved
from youying.matters.taking import row_for
from youying.packs.compiled import GIVEN, CompiledClock
from youying.record import actions as record

TOLD = ("lead",)
"""Who is told of a deadline that became another one: whoever has the matter."""


def changed(scene: Scene, was: Mapping[str, Any], *, note: str) -> bool:
    """Count anew, from its own start, every running clock whose period hangs on a fact that changed; whether any did.

    By urgency or class, as the pack's table says, or by category, as the directory says. A deadline that was given
    hangs on no fact; one that this very step started was counted by the facts as they are now, and by the dispatcher's
    own word. One that has run out already needs a note, and its miss stays.
    """
    facts, found = facts_of(scene.matter), False
    rows = _directory(scene, was)
    fresh = {(note["clock"], note["run"]) for note in scene.clock_notes if note["what"] == "start"}
    for clock in scene.clocks:
        rule = scene.loop.clocks[clock.code]
        if clock.rule["within"] == GIVEN or (clock.code, clock.run) in fresh:
            continue
        own = _own(clock, rows) if _is_completion(scene, rule) else clock.rule.get("own", "")
        if clock_rules.same_period(clock.rule, clock_rules.period(rule, facts, given=None, own=own)):
            continue
        house_rules.refuse_late_change(clock, at=scene.at, note=note)
        clocks.recount_rule(scene, clock, own=own)
        found = True
    if found:
        scene.noted["recounted"] = True  # such a step is not undone: the units were told already
    return found


def _directory(scene: Scene, was: Mapping[str, Any]) -> tuple[str, str] | None:
    """The directory's period for the category before and now; none where the category is the same."""
    matter = scene.matter
    if was["category"] == matter.category or not matter.lead_id:
        return None
    before = row_for(matter, was["category"], scene.at) if was["category"] else None
    after = row_for(matter, matter.category, scene.at)
    return (before.within if before else "", after.within if after else "")


def _own(clock: Clock, rows: tuple[str, str] | None) -> str:
    """The run's own period: another category brings its own, unless the dispatcher chose one for this matter."""
    own = str(clock.rule.get("own", ""))
    return rows[1] if rows is not None and own == rows[0] else own


def _is_completion(scene: Scene, rule: CompiledClock) -> bool:
    return any(scene.loop.acts[act].verb == "complete" for act in rule.stop_on if act in scene.loop.acts)


def take_over(scene: Scene, target: Matter) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Of two deadlines the earlier holds: where the merged matter's run ends first, the target's goes on as that run.

    Start, period, past pauses and extensions come along, so nothing is forgiven; where the target stands still it
    stands still on. Returns the target's changed columns, and what its entry says of the clocks.
    """
    mine = {clock.code: clock for clock in scene.clocks if clock.unit_id is None}
    if not mine or not target.running:
        return {}, []
    there = _scene_of(scene, target)
    for clock in there.clocks:
        if clock.unit_id is None and clock.code in mine and _ends_before(mine[clock.code], clock):
            _replace(there, clock, mine[clock.code], number=scene.matter.number)
    if not there.touched:
        return {}, []
    clocks.write(there)
    was = {name: getattr(target, name) for name in TRACKED}
    clocks.show_nearest(there)
    columns = {name: getattr(target, name) for name in TRACKED if getattr(target, name) != was[name]}
    return {name: (was[name], now) for name, now in columns.items()}, there.clock_notes


def _scene_of(scene: Scene, target: Matter) -> Scene:
    edition = edition_by_digest(target.edition_id)
    rows = Clock.objects.filter(matter=target, stopped_at__isnull=True).order_by("pk")
    calendar = calendar_for(edition, target.area_path)
    return Scene(target, edition, edition.loops[target.loop], calendar, scene.by, scene.at, clocks=list(rows))


def _ends_before(one: Clock, other: Clock) -> bool:
    ends, others = clock_rules.ends_so_far(one.working), clock_rules.ends_so_far(other.working)
    return ends is not None and others is not None and ends < others


def _replace(there: Scene, clock: Clock, earlier: Clock, *, number: str) -> None:
    """Let a run go on as the earlier one of another matter."""
    was, rule = clock.due_at, {name: value for name, value in earlier.rule.items() if name != "round"}
    if rule["within"] != GIVEN:
        rule["own"] = rule["within"]  # no fact of the target gives more
    kept = {name: clock.rule[name] for name in ("round",) if name in clock.rule}
    missed = min([one["missed"] for one in (rule, clock.rule) if one.get("missed")], default="")
    told = {"number": number, "started_at": clock.started_at.isoformat(), "due_at": was.isoformat() if was else ""}
    clock.rule = {**rule, **kept, "merged": told, **({"missed": missed} if missed else {})}
    open_now = clock.pauses[-1:] if clock.paused else []
    past = [one if one["to"] else {**one, "to": there.at.isoformat()} for one in earlier.pauses]
    clock.pauses, clock.extensions = [*past, *open_now], list(earlier.extensions)
    clock.started_at = earlier.started_at
    clocks.reckon(there, clock)
    clocks.touch(there, clock, "take-over", was=was)


def tell_taken(scene: Scene, target: Matter, notes: list[dict[str, Any]]) -> None:
    """Tell the unit that has the target, where its deadline is the earlier one now."""
    if not notes:
        return
    loop = edition_by_digest(target.edition_id).loops[target.loop]
    say = f"并入{scene.matter.number}" + moved(loop, notes, scene.calendar.zone)
    event = MatterActed(
        target.pk, target.number, "merged-here", "merge", target.stage, target.area_path, target.lead_id, TOLD, say,
        units={"lead": (target.lead_id,)} if target.lead_id else {},
    )  # fmt: skip
    record.announce(event, subject=target.subject)
