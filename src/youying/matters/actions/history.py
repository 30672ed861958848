"""What another system tells of a need: its steps in the order of the loop, and what of it cannot be true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from youying.kernel.moments import now
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.matters.actions.scene import Scene
from youying.matters.intake_rules import NeedIn, refuse_moment
from youying.matters.need_rules import Given
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.packs.edition import Edition
from youying.places.placing import Place

NEWS_FOR = timedelta(days=7)
"""An open need that is no older is news: whoever listens is told of it; older ones come in silently."""
NOTE_MOST = 20_000
WAY = ("dispatch", "accept", "complete", "verdict")
"""The verbs that lead a told need through its loop, first to last; a contact leads nowhere."""


@dataclass(frozen=True, slots=True)
class Told:
    """One need with what another system says became of it; `need.given_due` is that system's own target."""

    need: NeedIn
    place: Place
    at: datetime
    unit_id: int | None = None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    done_at: datetime | None = None
    note: str = ""
    solved: bool | None = None
    satisfaction: str = ""


Steps = list[tuple[str, datetime, Given]]


def steps_told(told: Told, loop: CompiledLoop, *, own_unit: int | None) -> Steps:
    """The steps that were told, in the order of the loop; who answered is the unit named, else the importing one.

    Accepting and contacting may come in either order, and both come before the answer; a verdict is the last.
    """
    unit = told.unit_id or (own_unit if told.done_at else None)
    found: Steps = [("dispatch", told.at, Given(unit_id=unit))] if unit else []
    between = (("accept", told.accepted_at), ("contact", told.contacted_at))
    found += sorted([(verb, at, Given()) for verb, at in between if at], key=lambda step: step[1])
    if told.done_at:
        found.append(("complete", told.done_at, Given(note=told.note)))
        if told.solved is not None or told.satisfaction:
            found.append(("verdict", told.done_at, Given()))
    verbs = {step.verb for step in loop.acts.values()}
    return [step for step in found if step[0] in verbs]


def refuse_history(told: Told, edition: Edition, moment: datetime) -> None:
    """Refuse steps before the report, after the answer or in the future, and an answer that the pack does not know."""
    _refuse_order(told, moment)
    for person in told.need.reporters:
        normal_phone(person.phone or "000")
    known = edition.pack.values.get("satisfaction", {})
    if told.satisfaction and told.satisfaction not in known:
        named = "、".join(known.values())
        say = f"满意程度只有：{named}。"
        raise Refused("unknown-satisfaction", say=say, have=told.satisfaction, field="satisfaction")
    if len(told.note) > NOTE_MOST:
        raise Refused("text-too-long", say=f"答复意见最多{NOTE_MOST}个字。", have=len(told.note), field="note")


def _refuse_order(told: Told, moment: datetime) -> None:
    for title, at in (("签收", told.accepted_at), ("联系", told.contacted_at), ("办结", told.done_at)):
        if at is None:
            continue
        refuse_moment(at, now=moment)
        if at < told.at:
            say = f"{title}时间早于登记时间，请核对两个日期。"
            raise Refused("before-report", say=say, have=at.isoformat(), need=told.at.isoformat(), field="done")
        if told.done_at is not None and at > told.done_at:
            say = f"{title}时间晚于办结时间，请核对两个日期。"
            raise Refused("after-done", say=say, have=at.isoformat(), need=told.done_at.isoformat(), field="done")


def moment_of(event: str, at: datetime) -> datetime:
    """When the system follows a step of the past: what closes does so then; what is taken up again is so from now on."""
    return now() if event == "unsolved" else at


def find_step(scene: Scene, verb: str) -> CompiledAct:
    """The loop's step of this verb: one that fits the stage, else the first, because steps between were not told."""
    fitting = [step for step in scene.loop.acts.values() if step.verb == verb]
    return next((step for step in fitting if scene.matter.stage in step.from_stages), fitting[0])


def is_behind(verb: str, done: set[str]) -> bool:
    """Whether a told step lies behind what was taken already: it adds what it says, and leads nowhere any more."""
    return verb in WAY and any(later in done for later in WAY[WAY.index(verb) + 1 :])


def judging(loop: CompiledLoop) -> str:
    """The clock that says whether a matter was completed in time; empty where the loop has none."""
    done = {act for act, step in loop.acts.items() if step.verb == "complete"}
    return next((code for code, rule in loop.clocks.items() if done & set(rule.stop_on)), "")
