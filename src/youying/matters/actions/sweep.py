"""The sweep: passing deadlines, given dates, silence and unanswered asks become entries, each exactly once.

Safe to run twice and on many machines: every bell rings under the lock of its matter, and what rang moves on in the
same transaction as its entry.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.db.models import Q, QuerySet

from youying.kernel.moments import now, say_dated
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import clock_rules, hearing_rules
from youying.matters.actions import (
    asks,
    clocks,
    escalation,
    hearing,
    house,
    keeping,
    parts,
    pausing,
    stuck,
    tallies,
    waking,
)
from youying.matters.actions.committing import commit, plain
from youying.matters.actions.door import following_steps, perform, tell_whole
from youying.matters.actions.ending import end_beside
from youying.matters.actions.parking import ring_review
from youying.matters.actions.scene import Scene, lock
from youying.matters.actions.supervising import ring_supervision
from youying.matters.clock_rules import LONG_PAUSE, OVERDUE, Rung
from youying.matters.events import ClockRang
from youying.matters.facts import TRACKED, facts_of
from youying.matters.models import Ask, Clock, Matter, Parking, Reporter, Supervision, Verdict
from youying.packs.compiled import CompiledClock
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.record.acts import unchanged

BATCH = 500
SAID = {
    OVERDUE: "到期未办",
    "remind": "催一下",
    "tell": "请知晓",
    "watch-by": "上级关注",
    LONG_PAUSE: "暂停太久，请过问",
}


def sweep(at: datetime | None = None, *, most: int = 100_000) -> int:
    """Ring everything that is due by now; returns how many bells rang.

    A bell that cannot be rung, whatever the fault, is kept as stuck and tried again after a growing pause; the others
    ring all the same. What is to be done within a time may be done at its last moment: only then it is late.
    """
    moment, rang = at or now(), 0
    while rang < most:
        unanswered = _unanswered(moment).order_by("due_at")
        bells = (
            ("clock", ring_clock, Clock.objects.filter(next_at__lte=moment).order_by("next_at"), "matter_id"),
            ("wake", wake, Matter.objects.filter(wake_at__lte=moment).order_by("wake_at"), "pk"),
            ("ask", settle_ask, unanswered, "matter_id"),
            (
                "supervision",
                ring_supervision,
                Supervision.objects.filter(ring_at__lt=moment).order_by("ring_at"),
                "matter_id",
            ),
            (
                "parking",
                ring_review,
                Parking.objects.filter(review_at__lt=moment, matter__ended_at__isnull=True).order_by("review_at"),
                "matter_id",
            ),
        )
        tried = [_each(name, ring, rows, of, moment) for name, ring, rows, of in bells]
        rang += sum(rung for rung, _ in tried)
        if not any(rung or failed for rung, failed in tried):
            stuck.forget_rung(moment)
            return rang
    return rang


def _each(name: str, ring: Callable[..., int], rows: QuerySet[Any, Any], of: str, moment: datetime) -> tuple[int, int]:
    """Ring some of one kind; how many rang and how many got stuck."""
    rung, failed = 0, 0
    for pk, matter_id in rows.exclude(pk__in=stuck.waiting_rows(name, moment)).values_list("pk", of)[:BATCH]:
        try:
            rung += ring(pk, by=SYSTEM, at=moment)
        except Exception as error:
            stuck.note(name, pk, matter_id, error=error, at=moment)
            failed += 1
    return rung, failed


@recorded_act("matters.ring")
def ring_clock(clock_id: int, *, by: Viewer, at: datetime) -> int:
    """Ring every rung of one clock that is due; the entry carries the moment at which it was due."""
    row = Clock.objects.filter(pk=clock_id).values_list("matter_id", "code").first()
    if row is None:
        return _nothing()
    scene = lock(row[0], by=by, at=at)
    clock = next((c for c in scene.clocks if c.pk == clock_id and c.next_at is not None and c.next_at <= at), None)
    if clock is None:
        return _nothing()
    rule, was = scene.loop.clocks[clock.code], facts_of(scene.matter)
    due = _long_paused(scene, clock) if clock.paused else _reached(scene, clock, rule)
    clock.save(update_fields=["rung", "next_at", "pauses"])
    if not due:  # a day entered since moved the rung on
        return _nothing()
    for rung in due:
        _ring(scene, clock, rule, rung)
    with tallies.gathered(), keeping.together(scene):  # a part that runs out moves the cells of its whole too
        _keep(scene, clock, due, was)
        if any(rung.do == OVERDUE for rung in due):
            _run_out(scene, clock)
    return 1


def _reached(scene: Scene, clock: Clock, rule: CompiledClock) -> list[Rung]:
    """The rungs that a running clock has reached; the clock moves on to the next."""
    ladder = clock_rules.rungs(rule, clock_rules.as_counted(clock.working, scene.calendar), scene.calendar)
    due = list(takewhile(lambda rung: clock_rules.has_come(rung, scene.at), ladder[clock.rung :]))
    clock.rung += len(due)
    clock.next_at = clock_rules.next_moment(ladder, clock.rung)
    return due


def _long_paused(scene: Scene, clock: Clock) -> list[Rung]:
    """What a pause of too long rings, once."""
    due = pausing.overlong(scene, clock)
    clock.next_at = clock_rules.pause_bell(clock.pauses)
    return due


def _nothing() -> int:
    """Somebody else rang first, or it is not time yet: rightly nothing to do."""
    unchanged()
    return 0


def _ring(scene: Scene, clock: Clock, rule: CompiledClock, rung: Rung) -> None:
    matter = scene.matter
    if rung.do == OVERDUE:
        clocks.mark_missed(scene, rule)
    elif rung.do == "watch-by":
        escalation.watch(scene, rung.to)
    elif rung.do == "propose-supervision":
        escalation.propose(scene, ("supervise",), why=_since(scene, clock), to=rung.to)
    say = SAID.get(rung.do, "提请督办")
    event = ClockRang(
        matter.pk,
        matter.number,
        clock.code,
        rung.do,
        rung.to,
        matter.area_path,
        matter.lead_id,
        f"“{clock.title}”{say}",
        seat=(rule.each, clock.unit_id) if rule.each and clock.unit_id else None,
    )
    record.announce(event, subject=matter.subject)


def _since(scene: Scene, clock: Clock) -> str:
    """Which deadline has passed, and since when."""
    if clock.due_at is None:
        return f"“{clock.title}”已超期"
    return f"“{clock.title}”应在{say_dated(clock.due_at, scene.at, scene.calendar.zone)}前完成，到期没有完成"


def _keep(scene: Scene, clock: Clock, due: list[Rung], was: dict[str, Any]) -> None:
    matter = scene.matter
    matter.changed_at = scene.at
    matter.version += 1
    changed = {n: [plain(was[n]), plain(getattr(matter, n))] for n in TRACKED if was[n] != getattr(matter, n)}
    keeping.changed(scene, [*changed, "version"], was=was)
    facts = {
        "verb": "ring",
        "clock": clock.code,
        "run": clock.run,
        "rungs": [{"do": rung.do, "to": rung.to, "at": rung.at.isoformat()} for rung in due],
        "change": changed,
        **({"unit": clock.unit_id} if clock.unit_id else {}),
        **scene.noted,
    }
    scene.noted = {}
    record.write(matter.subject, "ring", by=scene.by, facts=facts)


def _run_out(scene: Scene, clock: Clock) -> None:
    """Take the step that a pack hangs on a clock's running out."""
    if step := next(iter(following_steps(scene, f"clock:{clock.code}")), None):
        perform(scene, step, {})


@recorded_act("matters.wake")
def wake(matter_id: int, *, by: Viewer, at: datetime) -> int:
    """Take up a parked matter on its date, or close a silent one after proven attempts."""
    scene = lock(matter_id, by=by, at=at)
    matter = scene.matter
    if matter.wake_at is None or matter.wake_at > at:
        return _nothing()
    if matter.wake_for == waking.RESUME:
        step = next(iter(following_steps(scene, "due")), None)
        if step is not None:
            perform(scene, step, {})
            return 1
    over_at = waking.silence_from(scene) if matter.wake_for == waking.SILENCE else None
    if over_at is not None and over_at <= at:
        return _close_silent(scene)
    was = facts_of(matter)
    matter.wake_at, matter.wake_for = over_at, matter.wake_for if over_at else ""
    changed = {n: [plain(was[n]), plain(getattr(matter, n))] for n in TRACKED if was[n] != getattr(matter, n)}
    matter.save(update_fields=["wake_at", "wake_for"])
    record.write(matter.subject, "wake", by=by, facts={"verb": "wake", "change": changed})
    return 1


def _close_silent(scene: Scene) -> int:
    """Cross off by silence: never counted as satisfied, and out of the rates only where nobody ever said a word.

    Silence after a rework takes no "not solved" back: that word stands until whoever said it says otherwise.
    """
    matter, was = scene.matter, facts_of(scene.matter)
    step = next((s for s in scene.loop.acts.values() if s.verb == "cross-off"), None)
    if step is None:
        raise Refused("no-cross-off", say="这个流程没有“销号”这一步，不能自动销号。")
    spoken = hearing.said(scene) if matter.answered else []
    unsolved = _still_unsolved(scene)
    if unsolved is not None:
        matter.solved, matter.satisfaction = False, unsolved.satisfaction
    elif spoken:  # whoever spoke called it solved; the silent add nothing and take nothing away
        agreed = hearing_rules.agreed(spoken, order=list(scene.edition.pack.values.get("satisfaction", {})))
        matter.solved, matter.satisfaction = agreed["solved"], agreed["satisfaction"]
    else:
        matter.excluded = waking.silent_reason(scene)
    matter.crossed_off, matter.waiting, matter.ended_at = True, False, scene.at
    matter.stage = step.to or matter.stage
    matter.wake_at, matter.wake_for = None, ""
    end_beside(scene)
    with tallies.gathered():
        parts.end_open(scene)
        commit(scene, step.id, "cross-off", was=was, data={}, tells=("reporter",), extra={"silence": True})
        tell_whole(scene)
    return 1


def _still_unsolved(scene: Scene) -> Verdict | None:
    """The word of somebody who called it not solved, in whatever round, and has said nothing since."""
    rows = Verdict.objects.filter(matter=scene.matter).order_by("pk")
    of = _speakers(scene) if scene.matter.reporter_count > 1 else {}
    latest = {of.get(row.reporter_id): row for row in rows}
    return next((row for row in latest.values() if not row.solved), None)


def _speakers(scene: Scene) -> dict[int | None, int]:
    """Whose word it is, by the row it names; one that names none was said while the matter's own reporter was alone."""
    known: dict[int | None, int] = dict(hearing.voices(scene).items())
    own = Reporter.objects.filter(matter=scene.matter, came_as=None).order_by("at", "pk").first()
    return known | ({None: known[own.pk]} if own else {})


def _unanswered(at: datetime) -> QuerySet[Ask]:
    """The asks whose time is over; one for more time is settled with its deadline, before that one is missed."""
    over = Q(due_at__lt=at) | Q(due_at=at, kind=asks.EXTENSION)
    return Ask.objects.filter(over, answer="").exclude(silent=asks.TOLD)


@recorded_act("matters.settle-ask")
def settle_ask(ask_id: int, *, by: Viewer, at: datetime) -> int:
    """An ask that nobody answered in time: granted, refused or passed up, as the pack says."""
    matter_id = Ask.objects.filter(pk=ask_id).values_list("matter_id", flat=True).first()
    if matter_id is None:
        return _nothing()
    lock(matter_id, by=by, at=at)
    ask = _unanswered(at).filter(pk=ask_id).first()
    if ask is None:
        return _nothing()
    if ask.silent == "grant" and house.still_open(ask):
        house.approve(ask_id, by=by, at=at)
    elif ask.silent in ("grant", "refuse"):
        house.refuse(ask_id, by=by, at=at, note="到期没有答复，按规定视为不同意")
    else:
        house.pass_up(ask, by=by, at=at)
    return 1
