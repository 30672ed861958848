"""Every write of insight: watches raise warnings, people judge them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from youying.insight import watch_rules, watching
from youying.insight.events import WarningJudged, WarningRaised
from youying.insight.models import Warning
from youying.insight.watch_rules import Found, Plan
from youying.insight.watching import Ground
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record import actions as record
from youying.record.acts import act, unchanged


@dataclass
class Swept:
    """What one sweep of the watches did; `faults` are watches that could not be run, each with why."""

    raised: int = 0
    updated: int = 0
    faults: list[str] = field(default_factory=list)


def sweep_watches(at: datetime | None = None) -> Swept:
    """Count every watch of every edition in force and warn where there is more than it allows.

    Safe to run twice and on several machines: a group has one open warning, which the next sweep brings up to date.
    """
    moment, swept = at or now(), Swept()
    for ground in watching.grounds(moment):
        for code, watch in ground.edition.pack.watch.items():
            try:
                _sweep(ground, watch_rules.plan(code, watch), moment, swept)
            except Refused as refused:
                swept.faults.append(refused.say)
    return swept


def _sweep(ground: Ground, plan: Plan, at: datetime, swept: Swept) -> None:
    judged = _judged_until(ground, plan)
    for found in watching.count_groups(ground, plan, at):
        after = judged.get(watching.key_of(found.group))
        fresh = watching.count_again(ground, plan, found, after=after, at=at) if after else found
        why = watch_rules.warns(plan, fresh) if fresh.n else ""
        if not why:
            continue
        try:
            done = warn(ground, plan, fresh, by=SYSTEM, at=at, why=why)
        except IntegrityError:
            continue  # another machine raised the same warning at this moment
        swept.raised += done == "raise"
        swept.updated += done == "update"


def _judged_until(ground: Ground, plan: Plan) -> dict[str, datetime]:
    """Up to which moment each group was counted when it was last judged."""
    rows = Warning.objects.filter(area_path=ground.path, watch=plan.code, judged_at__isnull=False)
    return dict(rows.order_by("until").values_list("group_key", "until"))


@act("insight.warn")
def warn(ground: Ground, plan: Plan, found: Found, *, by: Viewer, at: datetime, why: str) -> str:
    """Raise the warning of a group, or bring the open one up to date: "raise", "update", or "" where nothing changed."""
    key = watching.key_of(found.group)
    row = Warning.objects.select_for_update().filter(
        area_path=ground.path, watch=plan.code, group_key=key, judged_at__isnull=True
    )
    old = row.first()
    counted = {"n": found.n, "before": found.before, "windows": found.windows}
    if old is not None and all(getattr(old, name) == value for name, value in counted.items()):
        unchanged()
        return ""
    values = counted | {"why": why, "since": plan.since(at), "until": at}
    if old is not None:
        for name, value in values.items():
            setattr(old, name, value)
        old.save(update_fields=list(values))
        record.write(old.subject, "update", by=by, facts=counted)
        return "update"
    _raise(_new(ground, plan, found, key=key, at=at, values=values), plan, by=by, counted=counted)
    return "raise"


def _new(ground: Ground, plan: Plan, found: Found, *, key: str, at: datetime, values: dict[str, Any]) -> Warning:
    return Warning.objects.create(
        area_path=ground.path,
        watch=plan.code,
        title=plan.title,
        edition_id=ground.edition.digest,
        group=dict(found.group),
        group_key=key,
        group_title=watching.title_of(ground, found.group),
        place_path=watching.place_of(ground, found.group),
        tells=list(plan.tells),
        judges=list(plan.judges),
        raised_at=at,
        **values,
    )


def _raise(warning: Warning, plan: Plan, *, by: Viewer, counted: dict[str, int]) -> None:
    record.open_subject(warning.subject)
    group = {"watch": warning.watch, "group": warning.group, "place": warning.place_path, "edition": warning.edition_id}
    record.write(warning.subject, "raise", by=by, facts=group | counted)
    say = f"{warning.title}：{warning.group_title}，{warning.why}，请研判。"
    event = WarningRaised(warning.pk, warning.watch, warning.title, warning.place_path, plan.tells, plan.judges, say)
    record.announce(event, subject=warning.subject)


@act("insight.judge-warning", power="view")
def judge_warning(warning_id: int, *, by: Viewer, judged_as: str, note: str) -> Warning:
    """Say what a warning is, with a note that stays sealed; only the posts that the pack names, within their reach.

    What was counted up to then is not counted again. Refused when somebody else has judged it already.
    """
    said = watch_rules.check_judgement(judged_as, note)
    warning = Warning.objects.select_for_update().filter(pk=warning_id).first()
    if warning is None or not by.reaches(warning.place_path):
        raise Refused("not-found", say="没有这条预警，或不在您的辖区内。", have=warning_id)
    if by.post_code not in warning.judges:
        raise Refused("not-yours", say="这条预警要由指定的岗位来研判。", have=by.post_code, need=list(warning.judges))
    if warning.judged_at is not None:
        raise Refused("already-judged", say="这条预警已经有人研判过了。", have=warning.judged_as)
    warning.judged_at, warning.judged_as, warning.judged_by = now(), judged_as, by.post_id
    warning.note_sealed = record.seal_for(warning.subject, said)
    warning.save(update_fields=["judged_at", "judged_as", "judged_by", "note_sealed"])
    facts = {"judged_as": judged_as, "n": warning.n}
    record.write(warning.subject, "judge", by=by, facts=facts, sealed={"note": said})
    record.announce(WarningJudged(warning.pk, warning.watch, warning.place_path, judged_as), subject=warning.subject)
    return warning
