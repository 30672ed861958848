"""Starting, stopping, pausing and prolonging the clocks of a locked matter; written once at the end of the step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from youying.kernel.refusals import Refused
from youying.matters import clock_rules
from youying.matters.actions import seats
from youying.matters.actions.scene import Scene
from youying.matters.facts import facts_of
from youying.matters.models import Clock
from youying.matters.rules import SENDS_BACK
from youying.packs.compiled import GIVEN, CompiledAct, CompiledClock
from youying.partners.queries import period_of

WRITTEN = (
    "title", "rule", "working", "started_at", "due_at", "earliest_at", "yellow_at", "red_at", "pauses", "extensions", "paused",
    "stopped_at", "stopped_by", "met", "rung", "next_at",
)  # fmt: skip
MOVING = frozenset({"start", "resume", "extend", "give", "recount", "take-over"})
ADDING = {"pause": "pauses", "resume": "pauses", "extend": "extensions", "give": "extensions"}
"""What a note says in full after a change, so that the entries alone give the run back."""
KEPT = ("act", "round", "merged")
"""What a run's rule says of how it began, whatever its period becomes."""
UNITS_OWN = SENDS_BACK | {"accept"}
"""What every unit does for itself: it is done anew when the matter goes to another one."""


def stop(scene: Scene, act_id: str) -> dict[str, bool | None]:
    """Stop every running clock that this act stops; returns clock code → kept in time or not, by all that it stopped."""
    outcome: dict[str, bool | None] = {}
    for clock in [c for c in scene.clocks if seats.is_stopped(scene, _rule_of(scene, c), c, act_id)]:
        _refuse_too_early(scene, clock)
        in_time = None if clock.due_at is None and not clock.paused else True
        _end(scene, clock, act_id, in_time=in_time)
        outcome[clock.code] = clock.met if outcome.get(clock.code, True) else False
    scene.clocks = [c for c in scene.clocks if c.running]
    seats.note_met(scene, outcome)
    return outcome


def leave_off(scene: Scene, units: Collection[int], *, each: str, by_act: str) -> dict[int, bool]:
    """End the runs of units that no longer have to do it; unit → whether a deadline was missed before. Nothing was kept."""
    missed: dict[int, bool] = {}
    ended = [c for c in scene.clocks if _rule_of(scene, c).each == each and c.unit_id in units]
    for clock in ended:
        _end(scene, clock, by_act)
        missed[clock.unit_id or 0] = missed.get(clock.unit_id or 0, False) or clock.met is False
    scene.clocks = [c for c in scene.clocks if c.running]
    seats.note_met(scene, dict.fromkeys(clock.code for clock in ended))
    return missed


def stop_all(scene: Scene) -> None:
    """Stop what still runs when a matter ends; a clock that ran out stays missed, the others are neither kept nor missed."""
    for clock in scene.clocks:
        _end(scene, clock, "end")
    scene.clocks = []


def start(
    scene: Scene,
    act_id: str,
    *,
    given: date | datetime | None,
    within: str = "",
    but: frozenset[str] = frozenset(),
) -> None:
    """Start every clock that this act starts; an earlier run that ran out stays missed.

    A run whose deadline was given from outside goes on: it is the deadline of the same thing.
    `within` is a period of its own for the clock that a completion stops, in place of the pack's.
    `but` are verbs that were taken already, whose clocks do not start.
    """
    facts = facts_of(scene.matter)
    for rule in scene.loop.clocks.values():
        if act_id not in rule.start_on or _ended_by(scene, rule) & but or _is_done_already(scene, rule, act_id):
            continue
        held = [c for c in scene.clocks if seats.begins_anew(scene, rule, c)]
        if any(clock_rules.stays(old.rule, rule, given=given) for old in held):
            continue
        for old in held:
            _end(scene, old, act_id)
        scene.clocks = [c for c in scene.clocks if c.running]
        own = _own_period(scene, rule, within)
        period = clock_rules.period(rule, facts, given=given, own=own)
        for unit in seats.units_of(scene, rule):
            _begin(scene, rule, {**period, **_begun(scene, act_id)}, unit=unit)


def _own_period(scene: Scene, rule: CompiledClock, within: str) -> str:
    """The period of this matter alone: of its completion, or of serving what was ordered, by its menu item."""
    verbs = _ended_by(scene, rule)
    if rule.within == GIVEN:
        return ""
    if "complete" in verbs:
        return within
    ordered = scene.matter.kind == "order" and "deliver" in verbs
    return period_of(scene.matter.subject, scene.edition) if ordered else ""


def _begin(scene: Scene, rule: CompiledClock, held: dict[str, Any], *, unit: int | None) -> None:
    """Start one run, of one unit where each has its own."""
    run = scene.matter.runs.get(rule.id, 0) + 1
    scene.matter.runs = {**scene.matter.runs, rule.id: run}
    clock = Clock(
        matter=scene.matter,
        code=rule.id,
        run=run,
        unit_id=unit,
        title=rule.title or "",
        rule=held,
        started_at=scene.at,
    )
    reckon(scene, clock)
    scene.clocks.append(clock)
    touch(scene, clock, "start")


def start_given(scene: Scene, code: str, due: date | datetime) -> None:
    """Start a clock with a deadline that another system gave, counted from the report."""
    whole, at = scene.loop, scene.at
    rule = replace(whole.clocks[code], within=GIVEN, per=None, start_on=frozenset({"open"}))
    scene.loop, scene.at = replace(whole, clocks={code: rule}), scene.matter.opened_at
    start(scene, "open", given=due)
    scene.loop, scene.at = whole, at


def move_given(scene: Scene, clock: Clock, due: date | datetime) -> None:
    """Put a deadline that another system gives in the place of the run's, with what was added to it.

    What was missed stays missed: nobody tells when the other system moved it.
    """
    old = clock.rule
    was = {"within": old.get("given") or old["within"], "extensions": clock.extensions}
    kept = {name: old[name] for name in ("act", "round", "counting") if name in old} | _missed_by(scene, clock)
    fresh = {"within": GIVEN, "given": due.isoformat(), "per": "", "value": "", "was": [*old.get("was", []), was]}
    clock.rule, clock.extensions = {**fresh, **kept}, []
    reckon(scene, clock)
    touch(scene, clock, "give")


def _missed_by(scene: Scene, clock: Clock) -> dict[str, str]:
    """What is kept of a deadline that a run has missed by now, whatever its rule becomes."""
    if not clock_rules.missed(clock.rule, due_at=clock.due_at, at=_runs_until(scene, clock, scene.at)):
        return {}
    return {"missed": clock.rule.get("missed") or (clock.due_at.isoformat() if clock.due_at else "")}


def _runs_until(scene: Scene, clock: Clock, by_now: datetime) -> datetime:
    """When a running clock is seen to end: at a step that is told only now and stops it, else not yet."""
    ending = _ended_by(scene, _rule_of(scene, clock)) | {"complete"}
    return min([by_now, *(at for verb, at in scene.told.items() if verb in ending)])


def _begun(scene: Scene, act_id: str) -> dict[str, Any]:
    """By which act a run began, and after which rework if any."""
    reworks = scene.matter.reworks
    return {"act": act_id, "round": reworks} if reworks else {"act": act_id}


def _is_done_already(scene: Scene, rule: CompiledClock, act_id: str) -> bool:
    """Whether what the clock asks for was done in this round, so that another unit need not do it again."""
    verb = scene.loop.acts[act_id].verb if act_id in scene.loop.acts else ""
    if verb != "dispatch" or not scene.matter.runs.get(rule.id) or scene.matter.pk is None:
        return False
    done = {act for act in rule.stop_on if act in scene.loop.acts and scene.loop.acts[act].verb not in UNITS_OWN}
    runs = Clock.objects.filter(matter=scene.matter, code=rule.id, stopped_by__in=done)
    return any(run.rule.get("round", 0) == scene.matter.reworks for run in runs)


def _end(scene: Scene, clock: Clock, act_id: str, *, in_time: bool | None = None) -> None:
    """End one run: missed where its deadline has passed, with what that says of the matter, else `in_time`."""
    missed = clock_rules.missed(clock.rule, due_at=clock.due_at, at=scene.at)
    clock.stopped_at, clock.stopped_by, clock.next_at, clock.paused = scene.at, act_id, None, False
    clock.met = False if missed else in_time
    if missed:
        mark_missed(scene, _rule_of(scene, clock))
    touch(scene, clock, "stop")


def mark_missed(scene: Scene, rule: CompiledClock) -> None:
    """Put on the matter what a missed deadline says, whether the sweep or a later step finds it; a right only lapses."""
    if rule.right:
        return
    matter, verbs = scene.matter, _ended_by(scene, rule)
    if _is_the_leads(scene, rule.id):  # what another unit misses is not laid at the door of the one that has the matter
        matter.overdue = True
    if verbs == {"report-in"}:
        matter.reported_in_on_time = False
    if "contact" in verbs and matter.contacted_at is None:
        matter.contacted_on_time = False
    if "complete" in verbs:
        matter.completed_on_time = False


def _ended_by(scene: Scene, rule: CompiledClock) -> set[str]:
    """The verbs that stop this clock."""
    return {scene.loop.acts[act].verb for act in rule.stop_on if act in scene.loop.acts}


def due_of(scene: Scene, verb: str) -> datetime | None:
    """The deadline still ahead by which a step of this verb is due; None where none runs, or it is paused or past."""
    running = [c for c in scene.clocks if not c.paused and c.due_at and verb in _ended_by(scene, _rule_of(scene, c))]
    return min((c.due_at for c in running if c.due_at and c.due_at > scene.at), default=None)


def extend(scene: Scene, clock: Clock, by_text: str) -> None:
    """Prolong a running clock by a duration; asked before the deadline, it takes back what its passing said since."""
    was = clock.due_at
    clock.extensions = [*clock.extensions, by_text]
    reckon(scene, clock)
    if not clock_rules.missed(clock.rule, due_at=clock.due_at, at=scene.at):
        _forgive(scene, clock, by_now=scene.at)
    touch(scene, clock, "extend", was=was)


def forgive_told(scene: Scene, met: Mapping[str, bool | None], *, by_now: datetime) -> None:
    """Take back what the bell said of clocks that a step told later stopped in time: it knew what nobody had told it."""
    for clock in scene.touched:
        if clock.met and met.get(clock.code) and not clock.running:
            _forgive(scene, clock, by_now=by_now)


def drop(scene: Scene, clock: Clock) -> None:
    """Stop a clock that the matter's new loop does not have; neither kept nor missed, unless it ran out before."""
    _end(scene, clock, "move-edition")


def recount_rule(scene: Scene, clock: Clock, *, own: str | None = None) -> None:
    """Take the period anew from the facts as they are now, from the clock's own start; what was missed stays missed.

    A given deadline hangs on no fact and stays; `own` is a period that holds for this matter alone from now on.
    """
    rule, old, was = _rule_of(scene, clock), clock.rule, clock.due_at
    fresh = old
    if old["within"] != GIVEN:
        fresh = clock_rules.period(
            rule, facts_of(scene.matter), given=None, own=old.get("own", "") if own is None else own
        )
        fresh |= {name: old[name] for name in KEPT if name in old}
    clock.rule = {**fresh, **_missed_by(scene, clock)}
    reckon(scene, clock)
    touch(scene, clock, "recount", was=was)


def _forgive(scene: Scene, clock: Clock, *, by_now: datetime) -> None:
    """Take back what a deadline's running out said that is not missed after all, where no other run was missed."""
    matter = scene.matter
    late = set(Clock.objects.filter(matter=matter, met=False).values_list("code", flat=True))
    late |= {c.code for c in scene.touched if c.met is False}  # stopped just now, not written yet
    for one in scene.clocks:
        if clock_rules.missed(one.rule, due_at=one.due_at, at=_runs_until(scene, one, by_now)):
            late.add(one.code)
    late = {code for code in late if code not in scene.loop.clocks or not scene.loop.clocks[code].right}
    verbs = _ended_by(scene, _rule_of(scene, clock))
    matter.overdue = matter.overdue and any(_is_the_leads(scene, code) for code in late)
    if clock.code in late:
        return
    if verbs == {"report-in"} and matter.reported_in_on_time is False:
        matter.reported_in_on_time = None
    if "contact" in verbs and matter.contacted_at is None:
        matter.contacted_on_time = None
    if "complete" in verbs and matter.completed_on_time is False:
        matter.completed_on_time = None


def _is_the_leads(scene: Scene, code: str) -> bool:
    """Whether what is late by this clock is late of the unit that has the matter."""
    return code not in scene.loop.clocks or scene.loop.clocks[code].each in (None, "lead")


def restore(scene: Scene, states: list[dict[str, Any]], started: list[tuple[str, int]]) -> None:
    """Put clocks back as an undone step found them, and stop those that it started."""
    for state in states:
        clock = Clock.objects.get(matter=scene.matter, code=state["code"], run=state["run"])
        for name, value in state.items():
            is_moment = name.endswith("_at") and value
            setattr(clock, name, datetime.fromisoformat(value) if is_moment else value)
        scene.clocks = [c for c in scene.clocks if (c.code, c.run) != (clock.code, clock.run)] + [clock]
        touch(scene, clock, "restore")
    for clock in [c for c in scene.clocks if (c.code, c.run) in started]:
        clock.stopped_at, clock.stopped_by, clock.next_at = scene.at, "undo", None
        touch(scene, clock, "stop")
    scene.clocks = [c for c in scene.clocks if c.running]


def reckon(scene: Scene, clock: Clock) -> None:
    """Work the moments of a run out anew from its rule, pauses and extensions."""
    found = clock_rules.times(
        clock.rule,
        started_at=clock.started_at,
        calendar=scene.calendar,
        pauses=clock_rules.pauses_of(clock.pauses),
        extensions=clock.extensions,
        lamps=scene.loop.lamps,
    )
    clock.due_at, clock.earliest_at = found.due_at, found.earliest_at
    clock.working = found.deadline.working.to_data() if found.deadline else None
    clock.yellow_at, clock.red_at = found.yellow_at, found.red_at
    ladder = clock_rules.rungs(_rule_of(scene, clock), found.deadline, scene.calendar)
    if ladder:  # what lies ahead again rings again; a paused clock has no ladder and keeps what rang
        clock.rung = min(clock.rung, sum(clock_rules.has_come(rung, scene.at) for rung in ladder))
    clock.next_at = clock_rules.next_moment(ladder, clock.rung) or clock_rules.pause_bell(clock.pauses)


def write(scene: Scene) -> None:
    """Write every touched clock in one statement."""
    for clock in scene.touched:
        clock.pk = None  # the unique run decides between insert and update: one statement for both
    if scene.touched:
        Clock.objects.bulk_create(
            scene.touched,
            update_conflicts=True,
            unique_fields=["matter", "code", "run"],
            update_fields=list(WRITTEN),
        )


def show_nearest(scene: Scene) -> None:
    """Copy the nearest running deadline to the matter, where lists sort and lamps shine by it."""
    matter = scene.matter
    ticking = [c for c in scene.clocks if c.due_at and not c.paused and not _rule_of(scene, c).right]
    nearest = min(ticking, key=lambda c: (c.due_at, c.code), default=None)
    matter.running = len(scene.clocks)
    matter.paused = nearest is None and any(c.paused for c in scene.clocks)
    matter.due_at = nearest.due_at if nearest else None
    matter.yellow_at = nearest.yellow_at if nearest else None
    matter.red_at = nearest.red_at if nearest else None
    matter.due_clock = nearest.code if nearest else ""
    matter.due_from = nearest.started_at if nearest else None
    matter.due_natural = bool(nearest) and _is_natural(nearest)


def _is_natural(clock: Clock | None) -> bool:
    """True where nights and weekends run too."""
    within = clock.rule["within"] if clock else ""
    return not within.endswith(("working-days", "office-hours"))


def _rule_of(scene: Scene, clock: Clock) -> CompiledClock:
    return scene.loop.clocks[clock.code]


def _refuse_too_early(scene: Scene, clock: Clock) -> None:
    if clock.earliest_at is not None and scene.at < clock.earliest_at:
        say = f"“{clock.title}”还没到时候，要等到 {clock.earliest_at.astimezone(scene.calendar.zone):%m月%d日 %H:%M}。"
        raise Refused("too-early", say=say, have=scene.at.isoformat(), need=clock.earliest_at.isoformat())


def touch(scene: Scene, clock: Clock, what: str, *, was: datetime | None = None) -> None:
    """Note that a run changed: it is written at the end of the step, and its entry says how."""
    if clock not in scene.touched:
        scene.touched.append(clock)
    note: dict[str, Any] = {"clock": clock.code, "run": clock.run, "what": what}
    if clock.unit_id:
        note["unit"] = clock.unit_id
    if what in MOVING:
        note |= {"rule": clock.rule, "due_at": clock.due_at.isoformat() if clock.due_at else None}
    if what in ADDING:
        note |= {ADDING[what]: getattr(clock, ADDING[what])}
    if was is not None and was != clock.due_at:
        note["was"] = was.isoformat()
    if what in ("start", "take-over"):
        note |= {"from": clock.started_at.isoformat(), "pauses": clock.pauses, "extensions": clock.extensions}
    if what == "stop":
        note["met"] = clock.met
    scene.clock_notes.append(note)


def gives_due(scene: Scene, step: CompiledAct) -> bool:
    """True where a clock that this step starts has a rule of its own, so that the deadline need not be typed."""
    return any(step.id in rule.start_on and rule.within not in (None, "given") for rule in scene.loop.clocks.values())
