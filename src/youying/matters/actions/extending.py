"""Asking for more time on a running deadline: which one, why, and until when."""

from __future__ import annotations

from datetime import datetime

from youying.kernel.clocks import cut_off
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.matters import extension_rules, house_rules, rules
from youying.matters.actions import asks
from youying.matters.actions.entering import enter
from youying.matters.facts import facts_of
from youying.matters.models import Ask
from youying.record.acts import act as recorded_act


@recorded_act("matters.ask-extension")
def ask_extension(
    matter_id: int,
    *,
    by: Viewer,
    clock: str,
    reason: str,
    note: str,
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Ask:
    """Ask for more time on a running clock, before its cut-off and at most as often as the pack allows.

    The lead asks for the deadlines of the matter; a unit that has one of its own (that was whistled for) asks for that.

    `due_at` is the new deadline that is asked for: the most that the pack gives at one time where nothing is said, and
    never beyond it. Whoever answers reads it, and the page of the deadline keeps it.
    """
    scene = enter(matter_id, "ask-extension", by=by, at=at)
    rule, runs = scene.loop.clocks.get(clock), [one for one in scene.clocks if one.code == clock]
    own = [one for one in runs if rule and house_rules.may_extend(rule, one.unit_id, by, scene.situation)]
    if runs and not own:
        say = "这个期限是别的单位的，由它自己申请延期。"
        raise Refused("not-yours", say=say, have=by.unit_title or by.post_title, field="clock")
    running = own[0] if own else None
    if running is None or running.due_at is None or rule is None or rule.extend is None:
        raise Refused("not-extendable", say="这个期限不能延期，或现在不在计时。", have=clock, field="clock")
    allowed = rules.reasons_that(scene.edition, "extend")
    last = cut_off(running.due_at, rule.extend.hour or rule.extend.before or "17:00", scene.calendar)
    house_rules.refuse_extension(
        running, rule, reason=reason, allowed=allowed, at=scene.at, last=last, zone=scene.calendar.zone
    )
    most = extension_rules.most_of(running, rule, facts_of(scene.matter), scene.calendar)
    if most is None:
        say = f"“{running.title}”是当次约定的日期，本地机制包没有写能延多久，请先请管理员补上。"
        raise Refused("not-extendable", say=say, have=clock, field="clock")
    asked = extension_rules.chosen(running, most, until=due_at, calendar=scene.calendar)
    data = {
        "clock": clock,
        "by": asked.by,
        "reason": reason,
        "note": clean_text(note, least=2, most=500, field="note", label="情况说明"),
    }
    return asks.put_ask(
        scene,
        kind=asks.EXTENSION,
        step=clock,
        title=f"“{running.title}”延期{extension_rules.in_full(asked, scene.calendar)}",
        approve=rule.extend.approve,
        data={**data, "due_at": asked.due_at.isoformat()},
        lapses_at=running.due_at,
        seat=house_rules.seat_of(rule, running.unit_id),
    )
