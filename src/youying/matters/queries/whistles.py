"""Whistles as people read them: each unit that was called, what one's own unit is called to, the board by unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from youying.access.queries import within
from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import rules
from youying.matters.facts import situation_of
from youying.matters.lamp_rules import Deadline, Lamp, lamp_of
from youying.matters.models import Ask, Clock, Matter, Summons
from youying.matters.queries.acts import Possible, possible_step
from youying.matters.queries.sight import visible
from youying.matters.whistle_rules import (
    ABSENT,
    ARRIVALS,
    CALLED_OFF,
    ENDS,
    RELEASED,
    REPORTED,
    SUMMONED,
    ends_by_reporting,
    is_seated,
)
from youying.record.queries import opener

LISTED_MOST = 200


@dataclass(frozen=True, slots=True)
class SummonsView:
    """One unit that was called: where it stands in words, its lamp, who came; `late` where its time passed before."""

    matter_id: int
    number: str
    title: str
    place: str
    whistle: int
    kind: str
    unit_id: int
    unit: str
    state: str
    said: str
    late: bool
    lamp: Lamp
    summoned_at: datetime
    due_at: datetime | None
    signed_at: datetime | None
    reported_in_at: datetime | None
    who: str = ""
    spot: str = ""
    acts: tuple[Possible, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How one unit answered whistles: how often it was named, and how that ended; `decided` is the base of the rate."""

    unit_id: int
    unit: str
    named: int
    waiting: int
    in_time: int
    late: int
    absent: int
    spared: int
    decided: int


@dataclass(frozen=True, slots=True)
class Board:
    """The whistles within sight: whoever is still awaited, by unit how they answered, and how many were wrong."""

    waiting: list[SummonsView]
    units: list[UnitCount]
    whistles: int
    wrong: int


def summonses(matter: Matter) -> list[SummonsView]:
    """Everybody who was ever called to a matter, the latest whistle first."""
    if not matter.whistles and not matter.units.get("summoned") and not matter.units.get(ABSENT):
        return []
    rows = Summons.objects.filter(matter=matter).select_related("unit", "matter").order_by("-whistle", "pk")
    return _views(rows, opened=True)


def called(viewer: Viewer) -> list[SummonsView]:
    """Where the viewer's own unit is awaited, by deadline, each with what it does next: sign, report in."""
    if viewer.unit_id is None:
        return []
    rows = list(Summons.objects.filter(unit_id=viewer.unit_id, end="").select_related("unit", "matter")[:LISTED_MOST])
    acts = {row.matter_id: _own_acts(viewer, row.matter) for row in rows}
    return _by_deadline([replace(one, acts=acts[one.matter_id]) for one in _views(rows)])


def _own_acts(viewer: Viewer, matter: Matter) -> tuple[Possible, ...]:
    """The steps that a unit takes for itself and that are open to it now, reporting in last."""
    edition = edition_by_digest(matter.edition_id)
    loop, situation = edition.loops[matter.loop], situation_of(matter)
    steps = [step for step in loop.acts_from(matter.stage) if is_seated(loop, step)]
    open_now = [
        step for step in steps if rules.why_not(edition, loop, step, viewer=viewer, situation=situation) is None
    ]
    return tuple(possible_step(edition, step, viewer) for step in sorted(open_now, key=lambda s: s.verb == "report-in"))


def whistle_board(viewer: Viewer, *, since: datetime | None = None, until: datetime | None = None) -> Board:
    """Who is awaited now, and how every unit answered the whistles of a period, within sight."""
    seen = _within(viewer, since, until)
    waiting = _views(seen.filter(end="").select_related("unit", "matter").order_by("pk")[:LISTED_MOST])
    whistles = seen.values("matter_id", "whistle").distinct().count()
    counts = reported_by_unit(viewer, since=since, until=until)
    return Board(_by_deadline(waiting), counts, whistles, _wrong(viewer, since, until))


def _wrong(viewer: Viewer, since: datetime | None, until: datetime | None) -> int:
    """How many whistles of a period were refused by one of the reasons that their pack has for a no."""
    asks = Ask.objects.filter(matter__in=Matter.objects.filter(visible(viewer)), answer="refused")
    asks = asks.filter(answered_at__gte=since) if since else asks
    asks = asks.filter(answered_at__lt=until) if until else asks
    said = asks.exclude(reason="").values_list("matter__edition_id", "matter__loop", "step", "reason").order_by()
    return sum(n for *of, n in said.annotate(n=Count("pk")) if _is_wrong(*of))


def _is_wrong(digest: str, loop: str, act: str, reason: str) -> bool:
    edition = edition_by_digest(digest)
    step = edition.loops[loop].acts.get(act)
    return step is not None and SUMMONED in step.assigns and reason in rules.reasons_that(edition, "refuse")


def reported_by_unit(
    viewer: Viewer, *, since: datetime | None = None, until: datetime | None = None, path: str = "/"
) -> list[UnitCount]:
    """How each unit answered the whistles of a period at or below a place: named, in time, late, absent.

    Whoever need not come counts in neither.
    """
    over = Clock.objects.filter(
        matter=OuterRef("matter"), code=OuterRef("clock"), run=OuterRef("run"), stopped_at=None, due_at__lt=now()
    )
    there = _within(viewer, since, until).filter(within(path, column="matter__area_path"))
    rows = there.annotate(over=Exists(over)).values("unit_id", "unit__title")
    counted = rows.annotate(
        named=Count("pk"),
        waiting=Count("pk", filter=Q(end="", over=False)),
        in_time=Count("pk", filter=Q(end=REPORTED, on_time=True)),
        late=Count("pk", filter=Q(on_time=False, end__in=(REPORTED, CALLED_OFF)) | Q(end="", over=True)),
        absent=Count("pk", filter=Q(end=ABSENT)),
        spared=Count("pk", filter=Q(end__in=(RELEASED, CALLED_OFF)) & ~Q(on_time=False)),
    ).order_by("unit_id")
    made = []
    for row in counted:
        decided = row["in_time"] + row["late"] + row["absent"]
        counts = {name: row[name] for name in ("unit_id", "named", "waiting", "in_time", "late", "absent", "spared")}
        made.append(UnitCount(unit=row["unit__title"], decided=decided, **counts))
    return made


def _within(viewer: Viewer, since: datetime | None, until: datetime | None) -> QuerySet[Summons]:
    seen = Summons.objects.filter(matter__in=Matter.objects.filter(visible(viewer)).values("pk"))
    seen = seen.filter(since__gte=since) if since else seen
    return seen.filter(since__lt=until) if until else seen


def _by_deadline(found: list[SummonsView]) -> list[SummonsView]:
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.summoned_at))


def _views(rows: Iterable[Summons], *, opened: bool = False) -> list[SummonsView]:
    """Summonses with the clocks of their own; two statements, and one for the keys where names are opened."""
    held = list(rows)
    if not held:
        return []
    clocks = Clock.objects.filter(matter__in={row.matter_id for row in held}, unit__isnull=False)
    runs = {(clock.matter_id, clock.code, clock.run): clock for clock in clocks}
    keys = opener({row.matter.subject for row in held}) if opened else None
    at = now()
    return [_view(row, runs.get((row.matter_id, row.clock, row.run)), keys, at) for row in held]


def _view(row: Summons, run: Clock | None, keys: Any, at: datetime) -> SummonsView:
    matter = row.matter
    edition = edition_by_digest(matter.edition_id)
    loop = edition.loops[matter.loop]
    late = row.on_time is False or (row.end == "" and run is not None and run.due_at is not None and run.due_at < at)
    who, spot = _came(row, keys)
    deadline = Deadline(
        run.due_at if run else None, row.since, run.yellow_at if run else None, run.red_at if run else None,
        run is not None and not run.rule["within"].endswith(("working-days", "office-hours")),
        False, False, bool(row.end), False, loop.lamps,
    )  # fmt: skip
    lamp = lamp_of(deadline, at, calendar_for(edition, matter.area_path))
    return SummonsView(
        matter_id=matter.pk, number=matter.number, title=matter.title, place=matter.place_words, whistle=row.whistle,
        kind=edition.pack.values.get("class", {}).get(row.grade, row.grade), unit_id=row.unit_id, unit=row.unit.title,
        state=row.end or ("late" if late else "signed" if row.signed_at else "open"), said=_said(row, late), late=late,
        lamp=lamp, summoned_at=row.since, due_at=run.due_at if run else None, signed_at=row.signed_at,
        reported_in_at=row.reported_in_at, who=who, spot=spot,
    )  # fmt: skip


def _said(row: Summons, late: bool) -> str:
    """Where one unit stands, in words: nothing of it hangs on a colour."""
    if row.end == REPORTED:
        return f"{ARRIVALS.get(row.way, '到场')}{'，晚到' if late else ''}"
    if row.end:
        return f"{ENDS[row.end]}{'，此前已超期' if late and row.end == CALLED_OFF else ''}"
    if late:
        return "已签收，超期未到" if row.signed_at else "超期未到"
    return "已签收，等报到" if row.signed_at else "等签收"


def _came(row: Summons, keys: Any) -> tuple[str, str]:
    """Who came and where, unsealed; empty where it was erased or is not asked for."""
    plain = keys.value(row.matter.subject, bytes(row.who_sealed)) if keys and row.who_sealed else None
    if not plain:
        return "", ""
    who, spot = msgspec.json.decode(plain.encode())
    return str(who), str(spot)


def report_in_period(matter: Matter, grade: str) -> str:
    """The time to report in that the pack gives to this class of whistle, as it is written; empty where none."""
    loop = edition_by_digest(matter.edition_id).loops[matter.loop]
    clock = next((one for one in loop.clocks.values() if ends_by_reporting(loop, one)), None)
    return "" if clock is None else str(clock.limit({clock.per or "": grade}) or "")
