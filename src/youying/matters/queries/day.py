"""A person's day: what is due and the one next step of each, what waits for a yes, who waits for a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from youying.access.models import Unit
from youying.editions.queries import edition_by_digest, editions_around
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.designation_rules import waits_for_dispute
from youying.matters.facts import situation_of
from youying.matters.models import Ask, Assignment, Clock, Matter
from youying.matters.part_rules import roles_in_parts
from youying.matters.queries.acts import Possible, possible_step
from youying.matters.queries.sight import visible
from youying.matters.queries.worklist import COUNTED_MOST, FIELDS, Filters, Row, end_of_day, filtered, row_of
from youying.packs.compiled import CompiledAct, CompiledLoop
from youying.packs.words import HOUSE_ACTS
from youying.record.queries import opener

LOOKED_AT = 150
EDITIONS_MOST = 40
NEXT = (
    "dispatch", "report-in", "accept", "contact", "judge", "recheck", "call-back", "verdict", "complete", "decide",
    "publish", "deliver", "cross-off", "urge",
)  # fmt: skip
"""The verbs that are somebody's next step, most pressing first; the others are ways around."""
ONCE = frozenset({"contact", "judge", "urge"})


@dataclass(frozen=True, slots=True)
class Todo:
    """One matter of the day with the step that its reader takes next; none where others have it in hand.

    `waits_for` names then who has to act, `waits_step` the title of the step.
    """

    row: Row
    next: Possible | None
    waits_for: str = ""
    waits_step: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """Today's own work by deadline and what others have late; counts may exceed the rows, those "in sight" are the ledger's."""

    overdue: list[Todo]
    today: list[Todo]
    undated: list[Todo]
    later: list[Todo]
    elsewhere: list[Todo]
    overdue_count: int
    today_count: int
    later_count: int
    elsewhere_count: int
    overdue_in_sight: int
    today_in_sight: int
    open_count: int
    today_elsewhere: list[Todo]
    today_elsewhere_count: int


@dataclass(frozen=True, slots=True)
class AskView:
    """One ask that waits for a yes: what for, by whom, why; the units that it names, the coded reasons of a no.

    `until` is, of more time, the new deadline that was asked for, of a step the day that it names: `of_until` says which,
    "extension", "pause" or "step"; `right` the unit that a unit which sends it back names.
    """

    id: int
    kind: str
    title: str
    number: str
    matter_title: str
    asked_by: str
    asked_at: datetime
    due_at: datetime | None
    reason: str
    note: str
    posts: str
    mine: bool
    named: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    until: datetime | None = None
    of_until: str = ""
    right: str = ""


def day(viewer: Viewer, *, most: int = 20) -> Day:
    """What this post can do now or leads, by its own deadline; then, for who answers for the figures, what others have late."""
    at = now()
    tonight = end_of_day(at, viewer)
    own = _own(viewer, at)
    overdue = [todo for todo in own if todo.row.lamp.colour == "overdue"]
    today = [todo for todo in own if _due_by(todo, at, tonight)]
    undated = [todo for todo in own if todo.row.due_at is None]
    seen = {todo.row.id for todo in (*overdue, *today, *undated)}
    later = [todo for todo in own if todo.row.id not in seen]
    late = filtered(viewer, Filters(lamp="overdue"), at=at)
    others_today = filtered(viewer, Filters(due="today"), at=at).exclude(pk__in=[todo.row.id for todo in today])
    shown_today = _others(others_today, most // 4, at)
    watches = viewer.may("rates")
    in_sight = _bounded(late) if overdue or watches else 0
    in_hand = [todo.row.id for todo in overdue if not _calls(todo)]
    others = max(in_sight - len(in_hand), 0) if watches else 0
    return Day(
        overdue=_first(overdue, most),
        today=_first(today, most),
        undated=undated[:most],
        later=_first(later, most // 2),
        elsewhere=_others(late.exclude(pk__in=in_hand), most // 4, at) if others else [],
        overdue_count=len(overdue),
        today_count=len(today),
        later_count=len(later),
        elsewhere_count=others,
        overdue_in_sight=in_sight,
        today_in_sight=_bounded(filtered(viewer, Filters(due="today"), at=at)) if today else 0,
        open_count=open_count(viewer),
        today_elsewhere=shown_today,
        today_elsewhere_count=_bounded(others_today) if len(shown_today) == most // 4 else len(shown_today),
    )


def _others(found: QuerySet[Matter], most: int, at: datetime) -> list[Todo]:
    rows = found.select_related("lead").order_by("due_at", "id")[:most]
    return [Todo(row_from(matter, at), None, *_waits_for(matter)) for matter in rows]


def _waits_for(matter: Matter) -> tuple[str, str]:
    """Who has to take which step now, by their titles: the post that the pack names, or the unit that has it."""
    edition = edition_by_digest(matter.edition_id)
    steps = [step for step in edition.loops[matter.loop].acts_from(matter.stage) if step.verb in NEXT[:-1]]
    done = situation_of(matter)
    owed = [step for step in steps if set(step.by) != {"system"} and not (step.verb in ONCE and done.times(step.id))]
    if not owed:
        return "", ""
    step = min(owed, key=lambda one: NEXT.index(one.verb))
    lead = matter.lead.title if matter.lead and {"lead", "keeper"} & set(step.by) else ""
    return lead or rules.actors_in_words(edition, step.by), step.title


def _own(viewer: Viewer, at: datetime, *, until: datetime | None = None) -> list[Todo]:
    """What this post can do now and what its unit leads, by deadline; `until` leaves out later and undated matters."""
    found = filtered(viewer, Filters(), at=at).filter(_in_hand(viewer, at)).select_related("lead")
    standing = Clock.objects.filter(matter=OuterRef("pk"), paused=True, stopped_at__isnull=True)
    found = found.annotate(held=Exists(standing))
    dated = found.filter(due_at__lte=until) if until else found.filter(due_at__isnull=False)
    bare = found.filter(due_at__isnull=True).order_by("opened_at", "id")[:LOOKED_AT]
    read = [*dated.order_by("due_at", "id")[:LOOKED_AT], *([] if until else bare)]
    todos = [_todo(viewer, matter, at) for matter in read]
    return [todo for todo in todos if todo.next or (_leads(viewer, todo) and not _waits(todo))]


def _leads(viewer: Viewer, todo: Todo) -> bool:
    return (
        viewer.unit_id is not None
        and todo.row.unit_id == viewer.unit_id
        and (todo.row.due_at is not None or todo.row.held)
    )


def _calls(todo: Todo) -> bool:
    return todo.next is not None and todo.next.verb == "call-back"


def _waits(todo: Todo) -> bool:
    return todo.row.lamp.colour == "waiting"


def _in_hand(viewer: Viewer, at: datetime) -> Q:
    """Where a step of this post may stand open, wider than the step's own conditions; nobody reads a whole town for it."""
    own = Q(lead_id=viewer.unit_id) if viewer.unit_id else Q(pk__isnull=True)
    if viewer.unit_id:
        held = Assignment.objects.filter(unit=viewer.unit_id, until__isnull=True).exclude(role="lead")
        own |= Q(pk__in=held.values("matter_id"))
    digests = editions_around(viewer.reach or "/")
    if len(digests) > EDITIONS_MOST:
        return Q()
    steps = [_stages(digest, viewer.post_code or "", viewer.unit_kind or "") for digest in digests]
    stages = {stage for own_steps, _urged in steps for stage in own_steps}
    urged = {stage for _own_steps, urged_steps in steps for stage in urged_steps}
    return own | Q(stage__in=stages) | Q(stage__in=urged, due_at__lt=at)


@lru_cache(maxsize=256)
def _stages(digest: str, post_code: str, unit_kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stages in which a post or a kind of unit has a next step of its own, and those in which it may only urge."""
    mine: dict[bool, set[str]] = {True: set(), False: set()}
    loops = edition_by_digest(digest).loops.values()
    roles = {post_code, unit_kind} | {role for loop in loops for role in roles_in_parts(loop, post_code)}
    for loop in loops:
        for step in loop.acts.values():
            if step.verb in NEXT and roles & set(step.by):
                mine[step.verb == "urge"] |= set(step.from_stages)
    return frozenset(mine[False]), frozenset(mine[True])


def pressing(viewer: Viewer) -> int:
    """How many matters of this post's own are overdue or due today, for the number beside "my day"."""
    at = now()
    tonight = end_of_day(at, viewer)
    return sum(
        todo.row.lamp.colour == "overdue" or _due_by(todo, at, tonight) for todo in _own(viewer, at, until=tonight)
    )


def open_count(viewer: Viewer) -> int:
    """How many open matters are within sight; bounded."""
    return _bounded(filtered(viewer, Filters()))


def next_step(viewer: Viewer, matter: Matter) -> Possible | None:
    """The one step that this viewer takes next, if any."""
    edition = edition_by_digest(matter.edition_id)
    loop, situation = edition.loops[matter.loop], situation_of(matter)
    roles = rules.stands_as(viewer, situation)
    open_steps = sorted(
        (step for step in loop.acts_from(matter.stage) if step.verb in NEXT and roles & set(step.by)),
        key=lambda step: NEXT.index(step.verb),
    )
    for step in open_steps:
        if _due_now(step, situation, matter, roles) and not waits_for_dispute(loop, step, situation=situation):
            refused = rules.why_not(edition, loop, step, viewer=viewer, situation=situation)
            if refused is None:
                return possible_step(edition, step, viewer)
    return None


def _due_now(step: CompiledAct, situation: rules.Situation, matter: Matter, roles: frozenset[str]) -> bool:
    """Whether the step is still to be done and is this reader's own: what the lead does, nobody else does first."""
    times = situation.times(step.id)
    if step.verb in ONCE and times:
        return False
    if step.verb == "call-back" and times > matter.reworks:
        return False
    if step.verb == "decide" and step.needs_word("reason"):  # a refusal is a way around, never the next step
        return False
    if step.verb == "urge" and not (matter.due_at and matter.due_at < now()):
        return False
    return "lead" not in step.by or "lead" in roles or step.verb == "urge"


def waiting(viewer: Viewer, *, most: int = 3) -> tuple[list[Todo], int]:
    """The matters whose resident waits for a call, longest first, and how many there are."""
    found = filtered(viewer, Filters(lamp="waiting"))
    rows = found.select_related("lead").order_by("completed_at", "id")[:most]
    return [_todo(viewer, matter, now()) for matter in rows], _bounded(found)


def asks_for(viewer: Viewer, *, matter: Matter | None = None, most: int = 200) -> list[AskView]:
    """Open asks within sight that this post is to answer, the oldest first, at most so many; all those of one matter."""
    found = Ask.objects.filter(answer="").select_related("matter").order_by("asked_at")
    if matter is not None:
        found = found.filter(matter=matter)
    else:  # before the limit: what others are to answer takes nobody's place
        named = found.annotate(named=Cast("posts", TextField())).filter(named__contains=f'"{viewer.post_code or ""}"')
        found = named.filter(matter__in=Matter.objects.filter(visible(viewer)))
    rows = list(found[:most])
    keys = opener(ask.matter.subject for ask in rows)
    said = {ask.pk: _said(keys.value(ask.matter.subject, bytes(ask.sealed)) if ask.sealed else None) for ask in rows}
    wanted = {int(unit) for one in said.values() for unit in one.get("summoned") or ()}
    wanted |= {ask.seat for ask in rows if ask.seat} | {
        int(one["right_unit"]) for one in said.values() if one.get("right_unit")
    }
    titles = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}
    return [_ask(viewer, ask, said[ask.pk], titles) for ask in rows]


def _ask(viewer: Viewer, ask: Ask, said: dict[str, Any], titles: Mapping[int, str]) -> AskView:
    edition = edition_by_digest(ask.matter.edition_id)
    loop = edition.loops[ask.matter.loop]
    step, clock = loop.acts.get(ask.step), loop.clocks.get(ask.step)
    title = f"“{clock.title}”延期" if ask.kind == "extension" and clock else step.title if step else _house(ask)
    reason = edition.pack.reasons.get(str(said.get("reason", "")))
    asker = edition.pack.posts.get(ask.asked_by.get("code") or "")
    unnamed = "系统" if ask.kind in ("proposal", "merge") else "承办单位"
    own = viewer.account_id is not None and ask.asked_by.get("account") == viewer.account_id
    return AskView(
        id=ask.pk,
        kind=ask.kind,
        title=title,
        number=ask.matter.number,
        matter_title=ask.matter.title,
        asked_by=asker.title if asker else titles.get(ask.seat, unnamed),
        asked_at=ask.asked_at,
        due_at=ask.due_at,
        reason=reason.title if reason else "",
        note=str(said.get("note") or said.get("scheme") or _into(ask, said)),
        posts=rules.actors_in_words(edition, tuple(ask.posts)),
        mine=viewer.post_code in ask.posts and not own,
        named=tuple(titles[int(unit)] for unit in said.get("summoned") or () if int(unit) in titles),
        reasons=tuple((code, one.title) for code, one in rules.reasons_that(edition, "refuse").items())
        if step is not None and "summoned" in step.assigns
        else (),
        right=titles.get(int(said.get("right_unit") or 0), ""),
        until=datetime.fromisoformat(said["due_at"]) if said.get("due_at") else None,
        of_until=ask.kind if ask.kind == "extension" else "pause" if _pauses(loop, ask.step) else "step",
    )


def _pauses(loop: CompiledLoop, act_id: str) -> bool:
    """Whether a step lets a clock stand still and stays where it is."""
    step = loop.acts.get(act_id)
    return step is not None and step.verb == "step" and any(act_id in clock.pause for clock in loop.clocks.values())


def _into(ask: Ask, said: dict[str, Any]) -> str:
    """Which matter a merge goes into, and why, where the system proposes it."""
    why = "：同一诉求人、同一类、同一处" if ask.kind == "merge" else ""
    return f"并入{said['into']}{why}" if said.get("into") else ""


def _house(ask: Ask) -> str:
    """What is asked of a matter's place in the rates."""
    return HOUSE_ACTS.get(
        {"exclusion": "propose-exclusion", "objection": "object-exclusion"}.get(ask.kind, ""), ask.step
    )


def _said(plain: str | None) -> dict[str, Any]:
    return msgspec.json.decode(plain.encode()) if plain else {}


def _todo(viewer: Viewer, matter: Matter, at: datetime) -> Todo:
    """A matter with the next step; whoever owes the call back sees its own clock, not that the resident is waited for."""
    found = Todo(row_from(matter, at), next_step(viewer, matter))
    return Todo(row_from(matter, at, called=True), found.next) if _calls(found) else found


def row_from(matter: Matter, at: datetime, *, called: bool = False) -> Row:
    """A list row of a matter already read with its lead; `called` by the clock of the call back that is owed."""
    values = {name: getattr(matter, name) for name in FIELDS if name != "lead__title"}
    values["waiting"] = matter.waiting and not called
    values["held"] = getattr(matter, "held", False)
    return row_of(values | {"lead__title": matter.lead.title if matter.lead else None}, at)


def _due_by(todo: Todo, at: datetime, until: datetime) -> bool:
    due = todo.row.due_at
    return todo.row.lamp.colour in ("green", "yellow", "red") and due is not None and at <= due <= until


def _first(todos: Iterable[Todo], most: int) -> list[Todo]:
    """The first so many: a step of one's own, then what only waits or is to be urged; each kind by deadline."""
    return sorted(todos, key=lambda todo: todo.next is None or todo.next.verb == "urge")[:most]


def _bounded(found: QuerySet[Matter]) -> int:
    return min(found.order_by().values("pk")[: COUNTED_MOST + 1].count(), COUNTED_MOST)
