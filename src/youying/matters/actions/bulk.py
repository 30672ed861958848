"""Many needs of the past at once, as another system tells them: the rows and entries that the one door would make.

Nothing is invented: a step that nobody told of is skipped, a period whose end nobody told is not judged, and nobody is
notified of what is long past. Every entry says `imported`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from youying.editions.queries import calendar_for, edition_by_digest, edition_for
from youying.kernel.identifiers import matter_number
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import clocks, door, parties, tallies, waking
from youying.matters.actions.committing import SEALED, plain
from youying.matters.actions.contacts import reporter_of
from youying.matters.actions.history import (
    NEWS_FOR,
    Steps,
    Told,
    find_step,
    judging,
    moment_of,
    refuse_history,
    steps_told,
)
from youying.matters.actions.intake import Opened, key_of, matter_from
from youying.matters.actions.landing import arrivals
from youying.matters.actions.repeats import Past, past_of
from youying.matters.actions.rows import insert
from youying.matters.actions.scene import Scene
from youying.matters.events import MatterActed, MatterOpened
from youying.matters.fact_rules import Answer, Doing, effects
from youying.matters.facts import PRIVATE, TRACKED, facts_of
from youying.matters.intake_rules import find_channel, refuse_moment
from youying.matters.models import Assignment, Landing, Matter, Reporter, Verdict
from youying.matters.need_rules import Given
from youying.matters.saying import sentence_of
from youying.matters.searching import index_many
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.places.placing import as_it_stands
from youying.places.snapshot import hold
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged


@dataclass(slots=True)
class Line:
    """One entry to be written when the matter has its number."""

    act: str
    by: Viewer
    facts: dict[str, Any]
    sealed: dict[str, Any] | None
    event: Callable[[Matter], Any]


@dataclass(slots=True)
class Life:
    """One matter in the making with everything that hangs on it; nothing is in the database yet."""

    told: Told
    scene: Scene
    news: bool
    facts: dict[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    landings: list[Landing] = field(default_factory=list)

    @property
    def matter(self) -> Matter:
        """The matter itself."""
        return self.scene.matter


@recorded_act("matters.open-many", power="import")
def open_many(rows: Sequence[Told], *, by: Viewer, origin: str = "") -> list[Opened | Refused]:
    """Bring needs in with their history in one transaction; for each row the matter, or the refusal that kept it out.

    A channel and external id that are in already change nothing (`again`). What is refused draws no number.
    Moments must lie between 1990 and now; the area's edition now in force holds for all of them.
    """
    hold("places")
    outcomes, lives = _lived(rows, by=by, origin=origin)
    if not lives:
        unchanged()
        return outcomes
    _write(lives)
    return outcomes


def try_many(rows: Sequence[Told], *, by: Viewer) -> list[Opened | Refused]:
    """What `open_many` would make of these, with nothing written and no number drawn."""
    return _lived(rows, by=by, origin="")[0]


def _lived(rows: Sequence[Told], *, by: Viewer, origin: str) -> tuple[list[Opened | Refused], list[Life]]:
    """For each row what becomes of it, and the histories that are new, all in memory."""
    known = _known(rows)
    past = past_of([told.need for told in rows], [told.at for told in rows] or [now()])
    outcomes: list[Opened | Refused] = []
    lives: list[Life] = []
    for told in rows:
        key = (told.need.channel, told.need.external_id or "")
        if key[1] and key in known:
            outcomes.append(Opened(known[key], again=True))
            continue
        try:
            life = _live(replace(told, place=as_it_stands(told.place)), past, by=by, origin=origin)
        except Refused as refused:
            outcomes.append(refused)
            continue
        known[key] = life.matter
        past.remember(life.matter, told.need)
        lives.append(life)
        outcomes.append(Opened(life.matter))
    return outcomes, lives


def _known(rows: Sequence[Told]) -> dict[tuple[str, str], Matter]:
    """What of these is in already, in one statement a channel."""
    found: dict[tuple[str, str], Matter] = {}
    for channel in {told.need.channel for told in rows}:
        ids = [told.need.external_id for told in rows if told.need.channel == channel and told.need.external_id]
        held = Matter.objects.filter(channel=channel, external_id__in=ids).only("number", "channel", "external_id")
        found |= {(channel, matter.external_id or ""): matter for matter in held}
    return found


def _live(told: Told, past: Past, *, by: Viewer, origin: str) -> Life:
    """Live a need's history through in memory; refused where it cannot be true."""
    moment = now()
    refuse_moment(told.at, now=moment)
    edition = edition_for(told.place.area_path, moment)
    find_channel(edition, told.need.channel)
    refuse_history(told, edition, moment)
    matter = matter_from(told.need, edition, place=told.place, at=told.at)
    past.mark(matter, told.need, edition, at=moment)
    loop = edition.loops[matter.loop]
    scene = Scene(matter, edition, loop, calendar_for(edition, told.place.area_path), by, told.at, origin)
    life = Life(told, scene, news=told.done_at is None and told.at >= moment - NEWS_FOR)
    steps = steps_told(told, loop, own_unit=by.unit_id)
    _open(life, steps)
    for verb, at, given in steps:
        _step(life, verb, at, given, steps)
    if (matter.ended_at is not None) != (matter.stage in loop.ends):
        say = "照所填的各步走下来，办理状态与是否结束对不上，没有导入。请核对这一行的签收、办结时间和是否解决。"
        raise Refused("ended-astray", say=say, have=matter.stage)
    return life


def _open(life: Life, steps: Steps) -> None:
    """The first entry, with the clocks that opening starts and the other system's own target."""
    scene, told = life.scene, life.told
    _start(life, "open", steps)
    clocks.show_nearest(scene)
    facts = life.facts = facts_of(scene.matter)
    change = {name: [None, plain(facts[name])] for name in TRACKED}
    kept = {"verb": "open", "change": change, "clocks": scene.clock_notes, "files": [], "imported": True}
    if told.need.given_due:
        kept["due"] = told.need.given_due.isoformat()
    sealed = {name: facts[name] for name in PRIVATE} | {"said": told.need.text}
    life.lines.append(Line("open", scene.by, kept, sealed, _opened))
    scene.clock_notes = []


def _opened(matter: Matter) -> MatterOpened:
    return MatterOpened(matter.pk, matter.number, matter.kind, matter.channel, matter.area_path)


def _start(life: Life, act_id: str, steps: Steps) -> None:
    """Start the clocks of a step: those that still run, and of a past one those whose end was told."""
    scene, told, whole = life.scene, life.told, life.scene.loop
    own = judging(whole) if told.need.given_due else ""
    verbs = None if told.done_at is None else frozenset(verb for verb, _, _ in steps)
    started = _starting(scene.edition.digest, whole.code, act_id, verbs, own)
    if started is not None:
        scene.loop = started
        clocks.start(scene, act_id, given=None)
        scene.loop = whole
    if told.need.given_due and own and act_id == "open":
        clocks.start_given(scene, own, told.need.given_due)


@lru_cache(maxsize=1000)
def _starting(digest: str, code: str, act_id: str, verbs: frozenset[str] | None, own: str) -> CompiledLoop | None:
    """The loop with the clocks alone that this step starts; nothing where it starts none.

    Of a past that was told (`verbs`) only those that it also ends, and nothing rings any more.
    """
    loop = edition_by_digest(digest).loops[code]
    started = {name: rule for name, rule in loop.clocks.items() if name != own and act_id in rule.start_on}
    if verbs is not None:
        ends = {act for act, step in loop.acts.items() if step.verb in verbs - {"verdict"}}
        started = {name: replace(rule, ladder=()) for name, rule in started.items() if ends & rule.stop_on}
    return replace(loop, clocks=started) if started else None


def _step(life: Life, verb: str, at: datetime, given: Given, steps: Steps) -> None:
    """One step of the history, then what the pack lets the system do next: close, or take it up again as not solved."""
    step = find_step(life.scene, verb)
    _take(life, step, at, given, steps)
    for event in door.follow_ups(life.scene, step):
        following = next(iter(door.following_steps(life.scene, event)), None)
        if following is not None:
            importer, life.scene.by = life.scene.by, SYSTEM
            _take(life, following, moment_of(event, at), Given(), steps)
            life.scene.by = importer


def _take(life: Life, step: CompiledAct, at: datetime, given: Given, steps: Steps) -> None:
    """What the one door does for a step, in memory."""
    scene, matter = life.scene, life.matter
    scene.at = at
    was = life.facts
    answer = Answer(life.told.solved, life.told.satisfaction) if step.verb == "verdict" else None  # type: ignore[arg-type]
    met = clocks.stop(scene, step.id)
    for name, value in effects(step.verb, was, Doing(given, at, answer, met)).items():
        setattr(matter, name, value)
    matter.stage = step.to or matter.stage
    if step.on == "unsolved":
        clocks.start(scene, step.id, given=None)  # from now on somebody sees to it again, by the clocks of the loop
    elif life.told.done_at is None or step.verb not in ("complete", "verdict"):
        _start(life, step.id, steps)
    if matter.stage in scene.loop.ends:
        matter.ended_at = at
        clocks.stop_all(scene)
    matter.doers = {**matter.doers, step.id: [*matter.doers.get(step.id, []), scene.by.account_id or 0]}
    _hang(life, step, given, answer)
    waking.set_alarm(scene, step, given)
    _keep(life, step, given)


def _hang(life: Life, step: CompiledAct, given: Given, answer: Answer | None) -> None:
    """The rows beside the matter."""
    at = life.scene.at
    if "lead" in step.assigns and given.unit_id:
        life.assignments.append(Assignment(role="lead", unit_id=given.unit_id, since=at))
    if answer is not None and answer.solved is not None:
        life.verdicts.append(Verdict(run=0, at=at, solved=answer.solved, satisfaction=answer.satisfaction, reasons=[]))


def _keep(life: Life, step: CompiledAct, given: Given) -> None:
    """The entry of a step."""
    scene, matter, was = life.scene, life.matter, life.facts
    clocks.show_nearest(scene)
    matter.changed_at = scene.at
    matter.version += 1
    now_facts = life.facts = facts_of(matter)
    changed = {n: [plain(was[n]), plain(now_facts[n])] for n in TRACKED if was[n] != now_facts[n]}
    facts = {"verb": step.verb, "change": changed, "clocks": scene.clock_notes, "imported": True}
    sealed = {name: getattr(given, name) for name in SEALED if getattr(given, name, "")}
    say, stage, lead = sentence_of(scene.loop, step.id, step.verb), matter.stage, matter.lead_id

    def event(kept: Matter) -> MatterActed:
        return MatterActed(kept.pk, kept.number, step.id, step.verb, stage, kept.area_path, lead, step.tells, say)

    life.lines.append(Line(step.id, scene.by, facts, sealed or None, event))
    scene.clock_notes = []


def _write(lives: list[Life]) -> None:
    """Number the matters and write everything, a table a statement."""
    units = {row.unit_id for life in lives for row in life.assignments}
    parties.refuse_units(units)
    reporters: list[Reporter] = []
    _land(lives)
    for life in lives:
        _number(life)
        people = life.told.need.reporters
        reporters += [reporter_of(life.matter, one, protected=one.protected, at=life.told.at) for one in people]
        _record(life)
    insert(life.matter for life in lives)
    insert(reporters)
    insert(_hung([(life, clock) for life in lives for clock in life.scene.touched]))
    insert(_hung([(life, row) for life in lives for row in life.assignments]))
    insert(_hung([(life, row) for life in lives for row in life.verdicts]))
    insert(_hung([(life, row) for life in lives for row in life.landings]))
    index_many([life.matter for life in lives])
    tallies.move([(tallies.cells_of(life.facts, life.scene.zone_name), 1) for life in lives])


def _land(lives: list[Life]) -> None:
    """Give what came in off hours and still stands there to whoever is on duty; what a unit has already is with it."""
    came = [life for life in lives if len(life.lines) == 1]
    for life, arrival in zip(came, arrivals([(life.scene, life.told.at) for life in came]), strict=True):
        if arrival is not None:
            life.landings.append(arrival.row)
            facts = arrival.facts | {"imported": True}
            life.lines.append(Line("land", SYSTEM, facts, arrival.sealed, arrival.event))


def _number(life: Life) -> None:
    matter, zone = life.matter, life.scene.calendar.zone
    yymm = f"{life.told.at.astimezone(zone):%y%m}"
    standing = record.open_next(f"matter/{yymm}", subject_of=lambda serial: f"matter:{key_of(yymm, serial)}")
    matter.pk = key_of(yymm, standing.serial)
    matter.number = matter_number(yymm, standing.serial)


def _hung(pairs: list[tuple[Life, Any]]) -> list[Any]:
    for life, row in pairs:
        row.matter_id = life.matter.pk
    return [row for _, row in pairs]


def _record(life: Life) -> None:
    subject, origin = life.matter.subject, life.scene.origin
    for line in life.lines:
        record.write(subject, line.act, by=line.by, facts=line.facts, sealed=line.sealed, origin=origin)
        if life.news:
            record.announce(line.event(life.matter), subject=subject)
