"""Steps that wait for another post's yes: asked, approved, refused, or settled by silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from youying.access.models import Post
from youying.access.queries import viewer_of
from youying.editions.queries import edition_by_digest
from youying.kernel.clocks import count
from youying.kernel.durations import Duration
from youying.kernel.identifiers import parse_matter_number
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import designation_rules, house_rules, rules
from youying.matters.actions.acting import who
from youying.matters.actions.scene import Scene, lock
from youying.matters.events import Asked, AskLapsed
from youying.matters.facts import facts_of, situation_of
from youying.matters.models import Ask, Clock
from youying.matters.saying import sentence_of
from youying.matters.whistle_rules import ends_by_reporting
from youying.packs.compiled import CompiledAct, CompiledApprove, CompiledLoop
from youying.record import actions as record
from youying.record.queries import unseal_for

EXTENSION = "extension"
STEP = "step"
PROPOSAL = "proposal"
MERGE = "merge"
EXCLUSION = "exclusion"
OBJECTION = "objection"
OUTLIVING = frozenset({EXCLUSION, OBJECTION})
"""What is asked of a matter's place in the rates: it stands where the matter goes on, and where it ends."""
ASK = "ask-extension"
LAPSED = "lapsed"
TOLD = "told"
"""How an ask stands whose silence was passed up already: it stays open, and nothing more happens by itself."""


def needs_yes(scene: Scene, step: CompiledAct) -> bool:
    """Whether the step waits for another's yes; who holds the approving post says it by acting."""
    if step.approve is None or scene.by.kind == "system":
        return False
    return not rules.stands_as(scene.by, scene.situation) & set(step.approve.by)


def put(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> Ask:
    """Ask another post for its yes; the data of the step wait sealed."""
    assert step.approve is not None
    if step.verb in rules.SENDS_BACK:
        _refuse_sent_back(scene, step, data)
    sooner = _sooner(scene, step, data)
    approve = replace(step.approve, within=sooner) if sooner else step.approve
    return put_ask(scene, kind=STEP, step=step.id, title=step.title, approve=approve, data=data)


def _sooner(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> Duration | None:
    """The time in which the units that a whistle calls are to come, where it is over before that of the answer.

    An emergency does not wait for an answer longer than for those who come; None where the answer's own time holds.
    """
    own = step.approve.within if step.approve else None
    if own is None or "summoned" not in step.assigns:
        return None
    facts = {**facts_of(scene.matter), "class": data.get("grade") or scene.matter.grade}
    clocks = [one for one in scene.loop.clocks.values() if step.id in one.start_on]
    coming = [one.limit(facts) for one in clocks if ends_by_reporting(scene.loop, one)]
    found = [own, *(limit for limit in coming if isinstance(limit, Duration))]
    first = min(found, key=lambda one: count(scene.at, one, scene.calendar).due_at or datetime.max.replace(tzinfo=UTC))
    return first if first != own else None


def _refuse_sent_back(scene: Scene, step: CompiledAct, data: Mapping[str, Any]) -> None:
    """Refuse to send back what is being sent back already, or for a reason that was answered with a no to this unit."""
    matter, unit = scene.matter, scene.by.unit_id
    steps = [act.id for act in scene.loop.acts_of(*rules.SENDS_BACK)]
    known = list(Ask.objects.filter(matter=matter, kind=STEP, step__in=steps, answer__in=("", "refused")))
    if any(not ask.answer for ask in known):
        raise Refused("already-asked", say="退单或异议已经提了一个，正等答复，请等答复以后再说。")
    for ask in known:
        ask.matter = matter
        same = ask.step == step.id and ask.asked_by.get("unit") == unit
        if same and asked_data(ask).get("reason") == data.get("reason"):
            say = f"“{step.title}”已经用这个理由提过，没有同意。换一个理由，或请派单的岗位再看。"
            raise Refused("refused-before", say=say, have=data.get("reason"), field="reason")


def put_ask(
    scene: Scene,
    *,
    kind: str,
    step: str,
    title: str,
    approve: CompiledApprove,
    data: Mapping[str, Any],
    lapses_at: datetime | None = None,
    seat: int = 0,
) -> Ask:
    """Store one open ask with its entry and announcement; a second one for the same step is refused.

    Silence is judged when the time to answer is over; where the pack gives none, at `lapses_at`. `seat` is the unit for
    whose own deadline it is asked.
    """
    matter, by = scene.matter, scene.by
    if Ask.objects.filter(matter=matter, kind=kind, step=step, seat=seat, answer="").exists():
        raise Refused("already-asked", say="这一项已经有人申请了，正等答复。")
    due = count(scene.at, approve.within, scene.calendar).due_at if approve.within else lapses_at
    ask = Ask.objects.create(
        matter=matter,
        kind=kind,
        step=step,
        seat=seat,
        posts=list(approve.by),
        asked_by=who(by) | _into(data),
        asked_at=scene.at,
        due_at=due,
        silent=approve.silent,
        sealed=record.seal_for(matter.subject, msgspec.json.encode(dict(data)).decode()),
    )
    facts = {"verb": "ask", "step": step, "kind": kind, "posts": list(approve.by)}
    if kind == EXTENSION:
        facts |= {"due_at": data["due_at"]} | ({"unit": seat} if seat else {})
    if scene.digests:
        facts, scene.digests = {**facts, "files": scene.digests}, []
    record.write(matter.subject, "ask", by=by, facts=facts, sealed={"note": str(data.get("note") or "")})
    say = f"申请“{title}”，等{'、'.join(approve.by)}答复"
    record.announce(
        Asked(matter.pk, matter.number, ask.pk, step, tuple(approve.by), matter.area_path, say), subject=matter.subject
    )
    return ask


def _into(data: Mapping[str, Any]) -> dict[str, str]:
    """The matter into which a merge was asked for: it is locked with this one when the yes comes."""
    return {"into": parse_matter_number(str(data["into"]))} if data.get("into") else {}


def open_ask(ask_id: int, *, by: Viewer, at: datetime) -> tuple[Scene, Ask]:
    """The open ask on its locked matter; refused where it is answered, unknown, not yours, or your own.

    The matter is locked first, as every step does, and the ask is read under that lock.
    """
    found = Ask.objects.filter(pk=ask_id).values_list("matter_id", "asked_by").first()
    if found is None:
        raise Refused("not-found", say="没有这个申请。")
    scene = lock(found[0], by=by, at=at, also=found[1].get("into", ""))  # a merge changes both
    ask = Ask.objects.get(pk=ask_id)
    ask.matter = scene.matter
    if ask.answer == LAPSED:
        raise Refused("ask-lapsed", say="事项已经往前走了，这个申请自动作废，不用再答复。", have=ask.answer)
    if ask.answer:
        raise Refused("already-answered", say="这个申请已经答复过了。", have=ask.answer)
    if by.kind != "system" and not rules.stands_as(by, scene.situation) & set(ask.posts):
        raise Refused("not-yours", say="这个申请不由您的岗位答复。", have=by.post_title, need=ask.posts)
    if by.account_id is not None and ask.asked_by.get("account") == by.account_id:
        raise Refused("own-ask", say="自己的申请要由别人答复。", clause="申请人与批准人分开（本系统规则）")
    if ask.kind == OBJECTION:
        house_rules.refuse_reviewing_oneself(by, scene.situation)
    if (step := scene.loop.acts.get(ask.step)) is not None and ask.kind == STEP:
        designation_rules.refuse_same_hand(scene.loop, step, by=by, situation=scene.situation)
    scene.open_asks -= 1  # this one is about to be answered
    return scene, ask


def unfit(ask: Ask, *, by: Viewer) -> Refused | None:
    """Why a yes of `by` would no longer do what was asked: the clock or the stage is past, or the asker could not now.

    A proposed supervision is the act of whoever agrees to it; every other step stays the asker's own.
    """
    matter = ask.matter
    edition, situation = edition_by_digest(matter.edition_id), situation_of(matter)
    loop = edition.loops[matter.loop]
    if ask.kind == EXTENSION:
        runs = Clock.objects.filter(matter=matter, code=ask.step, stopped_at__isnull=True)
        if not any(is_of(ask, run) for run in runs):
            return Refused("not-extendable", say="这个期限已经不在计时，不用延期了。")
        return _not_theirs(house_rules.why_not(ASK, edition, loop, viewer=asker_of(ask), situation=situation))
    if ask.kind in OUTLIVING:
        return house_rules.settled_already(ask.step, situation)
    step = step_of(ask, loop, matter.stage)
    if step is None:
        return Refused("wrong-stage", say="事项已经往前走了，这个申请不用再答复。")
    if ask.kind in (PROPOSAL, MERGE):
        return rules.why_not(edition, loop, step, viewer=by, situation=situation)
    return _not_theirs(rules.why_not(edition, loop, step, viewer=asker_of(ask), situation=situation))


def _not_theirs(refused: Refused | None) -> Refused | None:
    """The asker's refusal as whoever answers reads it."""
    if refused is None:
        return None
    say = "提申请的一方现在已经不能做这一步了，这个申请不能再同意，请写明原因退回。"
    return Refused(refused.code, say=say, clause=refused.clause, have=refused.have, need=refused.need)


def step_of(ask: Ask, loop: CompiledLoop, stage: str) -> CompiledAct | None:
    """The step that a yes would take now; a proposed one is whichever of the loop's of that verb fits the stage."""
    fitting = [step for step in loop.acts.values() if stage in step.from_stages]
    if ask.kind == PROPOSAL:
        verb = loop.acts[ask.step].verb if ask.step in loop.acts else "supervise"
        return next((step for step in fitting if step.verb == verb), None)
    return next((step for step in fitting if step.id == ask.step), None)


def asker_of(ask: Ask) -> Viewer:
    """Whoever asked, as their post stands now; a unit's ask stays the unit's where the person has left."""
    who = ask.asked_by
    if who.get("kind") == "reporter":
        return Viewer(kind="reporter", reporter_of=ask.matter_id, reporter_id=who.get("reporter"))
    post = Post.objects.select_related("account", "unit").filter(pk=who.get("post")).first()
    if post is not None:
        return viewer_of(post)
    code = who.get("code") or ""
    return Viewer(kind="post", account_id=who.get("account"), post_code=code, unit_id=who.get("unit"))


def lapse_overtaken(scene: Scene, was: Mapping[str, Any]) -> None:
    """What was asked of a stage, a unit or an edition that the matter has left needs no answer any more.

    An ask put while this step waited for the lock may be missed: whoever answers it is refused by `unfit`.
    """
    matter = scene.matter
    if not scene.open_asks:
        return
    left = {name for name in ("stage", "lead_id", "edition_id") if was[name] != getattr(matter, name)}
    stopped = any(not clock.running for clock in scene.touched)
    if (left or stopped) and matter.ended_at is None:
        running = scene.clocks if scene.with_clocks else None
        lapse(scene, lambda ask: _overtaken(ask, left, running))


def _overtaken(ask: Ask, left: set[str], running: Iterable[Clock] | None) -> bool:
    """A step falls with its stage, lead or edition, more time with its lead or its clock; a proposal stands."""
    if ask.kind == EXTENSION:
        passed_on = "lead_id" in left and not ask.seat
        return passed_on or (running is not None and not any(is_of(ask, clock) for clock in running))
    return ask.kind == STEP and bool(left)


def is_of(ask: Ask, clock: Clock) -> bool:
    """Whether more time is asked for this run."""
    return ask.step == clock.code and ask.seat in (0, clock.unit_id)


def lapse(scene: Scene, which: Callable[[Ask], bool] = lambda ask: ask.kind not in OUTLIVING) -> None:
    """Close open asks without an answer, each with its entry, and tell whoever asked.

    When a matter ends, all but those about its place in the rates.
    """
    matter = scene.matter
    gone = [ask for ask in Ask.objects.filter(matter=matter, answer="").order_by("pk") if which(ask)]
    if not gone:
        return
    Ask.objects.filter(pk__in=[ask.pk for ask in gone]).update(answer=LAPSED, answered_at=scene.at)
    for ask in gone:
        facts = {"verb": "lapse", "step": ask.step, "kind": ask.kind, "change": {}}
        record.write(matter.subject, "lapse", by=scene.by, facts=facts)
        record.announce(_lapsed(scene, ask), subject=matter.subject)


def _lapsed(scene: Scene, ask: Ask) -> AskLapsed:
    matter, clock = scene.matter, scene.loop.clocks.get(ask.step)
    title = f"“{clock.title}”延期" if ask.kind == EXTENSION and clock else sentence_of(scene.loop, ask.step, ask.step)
    say = f"申请“{title}”没等答复，事项已经往前走了，申请作废；还需要的话请重新申请"
    unit, code = ask.asked_by.get("unit"), ask.asked_by.get("code") or ""
    return AskLapsed(matter.pk, matter.number, ask.pk, ask.step, unit, code, matter.area_path, say)


def asked_data(ask: Ask) -> dict[str, Any]:
    """What the asker wrote, unsealed; dates read back."""
    plain = unseal_for(ask.matter.subject, bytes(ask.sealed)) if ask.sealed else "{}"
    data: dict[str, Any] = msgspec.json.decode((plain or "{}").encode())
    for said in (data, *data.get("parts", ())):
        if said.get("due_at"):
            said["due_at"] = datetime.fromisoformat(said["due_at"])
    return data


def answer(ask: Ask, word: str, *, at: datetime | None = None, reason: str = "") -> None:
    """Close an ask with its answer, and the coded reason of a no."""
    ask.answer, ask.answered_at, ask.reason = word, at or now(), reason
    ask.save(update_fields=["answer", "answered_at", "reason"])
