"""难诉清单 and joint meetings, for who may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from youying.access.models import Unit
from youying.editions.queries import edition_by_digest, editions_around
from youying.files.queries import FileView, for_subject, register_guard
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import consultation_rules
from youying.matters.consultation_rules import SOLVING
from youying.matters.facts import situation_of
from youying.matters.models import AgendaItem, Consultation, Invited, Matter
from youying.matters.queries.sight import visible
from youying.record import queries as record

PAGE = 50


@dataclass(frozen=True, slots=True)
class HardMatter:
    """One hard matter: how often it was met on, and whether this viewer may call a meeting on it now."""

    matter: Matter
    stage: str
    unit: str
    sessions: int
    way: str
    may_meet: bool


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in a list."""

    id: int
    number: str
    title: str
    meets_at: datetime
    place: str
    state: str
    items: int


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One matter on an agenda: its title and how it is to be solved; the matter itself only for who may see it."""

    number: str
    title: str
    way: str
    matter: Matter | None
    stages: bool


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One meeting in full; names and minutes only for who may read them."""

    row: MeetingRow
    called_by: str
    units: list[str]
    invited: list[tuple[int, str]]
    came: list[tuple[str, str]]
    absent: list[str]
    minutes: str
    agenda: list[AgendaLine]
    held_at: datetime | None
    subject: str
    may_hold: bool
    reads: bool
    """Whether the names, the minutes and the photos are open to this viewer."""
    photos: list[FileView]


STATES = {"called": "已通知，还没开", "held": "已开", "cancelled": "已取消"}


def hard_matters(viewer: Viewer, *, limit: int = 200) -> list[HardMatter]:
    """Running matters of the loops that the pack lets meet on, and those classed for them; the oldest first."""
    rows = Matter.objects.select_related("lead").filter(visible(viewer), ended_at__isnull=True)
    editions = {digest: edition_by_digest(digest) for digest in _editions(viewer)}
    wanted, loops, classes = Q(pk__isnull=True), set[str](), set[str]()
    for digest, edition in editions.items():
        own, hard = consultation_rules.meeting_loops(edition), consultation_rules.hard_classes(edition)
        wanted |= Q(edition_id=digest) & (Q(loop__in=own) | Q(grade__in=hard))
        loops, classes = loops | own, classes | hard
    some = Q(loop__in=loops) | Q(grade__in=classes)  # by index; which of them by which edition is asked of those alone
    found = list(rows.filter(some).filter(wanted).order_by("opened_at", "pk")[:limit])
    ways = dict(AgendaItem.objects.filter(matter__in=found).exclude(way="").order_by("pk").values_list("matter", "way"))
    return [_hard(viewer, row, editions[row.edition_id], ways.get(row.pk, "")) for row in found]


def _editions(viewer: Viewer) -> list[str]:
    """The editions of what the viewer may see: those of its place, and those of what its unit has elsewhere."""
    found = set(editions_around(viewer.reach or "/")) if viewer.reach or viewer.unit_id is None else set()
    if viewer.unit_id is not None:
        held = Matter.objects.filter(visible(replace(viewer, reach="")), ended_at__isnull=True)
        found |= set(held.values_list("edition_id", flat=True).distinct())
    return sorted(found)


def _hard(viewer: Viewer, row: Matter, edition: Any, way: str) -> HardMatter:
    loop = edition.loops[row.loop]
    may = consultation_rules.meeting_step(edition, viewer, situation_of(row), loop=row.loop) is not None
    unit = row.lead.title if row.lead else ""
    return HardMatter(row, loop.stages.get(row.stage, row.stage), unit, row.sessions, SOLVING.get(way, ""), may)


def _mine(viewer: Viewer) -> QuerySet[Consultation]:
    """Meetings on matters within sight, and those to which the viewer's unit was invited."""
    on = AgendaItem.objects.filter(matter__in=Matter.objects.filter(visible(viewer)))
    mine = Q(pk__in=on.values("consultation"))
    if viewer.unit_id is not None:
        mine |= Q(pk__in=Invited.objects.filter(unit=viewer.unit_id).values("consultation"))
    return Consultation.objects.filter(mine)


def meetings(viewer: Viewer, *, limit: int = PAGE) -> list[MeetingRow]:
    """The joint meetings within sight, the latest first."""
    rows = list(_mine(viewer).prefetch_related("agenda").order_by("-meets_at", "-pk")[:limit])
    return [_row(one, len(one.agenda.all())) for one in rows]


def held_on(matter: Matter) -> list[MeetingRow]:
    """The meetings that were held with this matter on their agenda and are not noted on it yet."""
    items = AgendaItem.objects.filter(matter=matter, way="", consultation__held_at__isnull=False)
    return [_row(one.consultation, 0) for one in items.select_related("consultation").order_by("pk")]


def _row(one: Consultation, items: int) -> MeetingRow:
    state = "held" if one.held_at else "cancelled" if one.cancelled_at else "called"
    return MeetingRow(one.pk, one.number, one.title, one.meets_at, one.place, state, items)


def meeting(viewer: Viewer, number: str) -> MeetingView:
    """One meeting by its number; refused alike where it is unknown and where none of its matters may be seen.

    A unit that was invited reads the whole agenda and the minutes, and of its matters nothing but their titles. Who sees
    some of its matters reads that they were met on; names and minutes are theirs only who called, came or see them all.
    """
    found = _mine(viewer).filter(number=number).first()
    if found is None:
        raise Refused("not-found", say="没有这次会商，或不归您这里看。", have=number)
    items = list(found.agenda.select_related("matter", "matter__lead").order_by("place"))
    seen = set(
        Matter.objects.filter(visible(viewer), pk__in=[one.matter_id for one in items]).values_list("pk", flat=True)
    )
    reads = _reads(viewer, found, sees_all=len(seen) == len(items))
    said = _said(found) if reads else NOTHING_SAID
    named = {*found.units, *(unit for unit, _ in said["came"] if unit)}
    titles = dict(Unit.objects.filter(pk__in=named).values_list("pk", "title"))
    return MeetingView(
        row=_row(found, len(items)),
        called_by=str(found.called_by.get("title") or ""),
        units=[titles.get(unit, "") for unit in found.units],
        invited=[(unit, titles.get(unit, "")) for unit in found.units],
        came=[(titles.get(unit, ""), name) for unit, name in said["came"]],
        absent=[titles.get(unit, "") for unit in found.units if unit not in found.came] if found.held_at else [],
        minutes=said["minutes"],
        agenda=[
            _line(one, seen=one.matter_id in seen)
            for one in items
            if one.matter_id in seen or viewer.unit_id in found.units
        ],
        held_at=found.held_at,
        subject=found.subject,
        may_hold=consultation_rules.why_not_hold(_called(found), viewer=viewer) is None,
        reads=reads,
        photos=for_subject(viewer, found.subject) if reads and found.photo_count else [],
    )


def _called(found: Consultation) -> consultation_rules.Called:
    return consultation_rules.Called(
        found.called_by, found.held_at is not None, found.cancelled_at is not None, found.area_path
    )


def _reads(viewer: Viewer, found: Consultation, *, sees_all: bool) -> bool:
    units = {*found.units, *found.came}
    return consultation_rules.reads_minutes(_called(found), viewer=viewer, units=units, sees_all=sees_all)


def let_in(viewer: Viewer, subject: str) -> None:
    """The guard of a meeting's photos: who reads the minutes sees them, everybody else reads that there are none."""
    key = subject.partition(":")[2]
    found = Consultation.objects.filter(pk=int(key)).first() if key.isdecimal() else None
    if found is not None:
        agenda = Matter.objects.filter(consultations__consultation=found)
        sees_all = not agenda.exclude(pk__in=Matter.objects.filter(visible(viewer)).values("pk")).exists()
        if _reads(viewer, found, sees_all=sees_all):
            return
    raise Refused("not-found", say="没有这个文件，或不归您看。")


register_guard("consultation", let_in)


def _line(item: AgendaItem, *, seen: bool) -> AgendaLine:
    matter = item.matter
    stages = consultation_rules.lists_stages(edition_by_digest(matter.edition_id).loops[matter.loop])
    return AgendaLine(matter.number, matter.title, SOLVING.get(item.way, ""), matter if seen else None, stages)


NOTHING_SAID: dict[str, Any] = {"minutes": "", "came": []}


def _said(found: Consultation) -> dict[str, Any]:
    plain = record.unseal_for(found.subject, bytes(found.sealed)) if found.sealed else ""
    return msgspec.json.decode(plain.encode()) if plain and plain.startswith("{") else NOTHING_SAID
