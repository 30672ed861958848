"""The ledger of supervisions: what is asked of whom, by when, and how it stands; letters only for who may read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet

from youying.editions.queries import edition_by_digest
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import supervision_rules
from youying.matters.facts import situation_of
from youying.matters.given_rules import LEVELS
from youying.matters.models import Matter, Supervision
from youying.matters.queries.sight import visible
from youying.matters.supervision_rules import standing
from youying.record import queries as record

PAGE = 50
WHICH: dict[str, Q] = {
    "open": Q(ended_at__isnull=True, replied_at__isnull=True),
    "overdue": Q(ended_at__isnull=True, replied_at__isnull=True, overdue=True),
    "replied": Q(ended_at__isnull=True, replied_at__isnull=False),
    "ended": Q(ended_at__isnull=False),
    "all": Q(),
}
"""The lists of the ledger: waiting, late, answered, over, and all of them."""


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """One supervision in a list."""

    id: int
    number: str
    matter: str
    title: str
    level: str
    state: str
    unit: str
    opened_at: datetime
    due_at: datetime
    renewed: int
    late: bool


@dataclass(frozen=True, slots=True)
class SupervisionView:
    """One supervision in full, for who may read its letter; `may_reply` and `may_release` are the viewer's own."""

    row: SupervisionRow
    opened_by: str
    reason: str
    asked: str
    reply: str
    replied_at: datetime | None
    release: str
    ended_at: datetime | None
    within: str
    may_reply: bool
    may_release: bool
    where: str = field(default="")


def _rows(viewer: Viewer, *, ours: bool) -> QuerySet[Supervision]:
    rows = Supervision.objects.select_related("matter", "unit")
    if ours:
        return rows.filter(Q(unit=viewer.unit_id) | Q(matter__lead=viewer.unit_id)) if viewer.unit_id else rows.none()
    return rows.filter(matter__in=Matter.objects.filter(visible(viewer)))


def supervisions(
    viewer: Viewer, which: str = "open", *, ours: bool = False, after: int = 0, limit: int = PAGE
) -> list[SupervisionRow]:
    """A list of the ledger, the nearest deadline first; `ours` are those asked of the viewer's own unit."""
    rows = _rows(viewer, ours=ours).filter(WHICH.get(which, WHICH["open"]))
    return [
        _row(one) for one in rows.order_by("due_at" if which != "ended" else "-ended_at", "pk")[after : after + limit]
    ]


def supervision_counts(viewer: Viewer, *, ours: bool = False) -> dict[str, int]:
    """How many stand in each list, in one statement."""
    counted = {name: Count("pk", filter=condition) for name, condition in WHICH.items() if name != "all"}
    return _rows(viewer, ours=ours).aggregate(**counted, all=Count("pk"))


def supervisions_of(viewer: Viewer, matter: Matter) -> list[SupervisionView]:
    """Every supervision of one matter, the latest first, for who may read them; nothing for others."""
    if not matter.supervised:
        return []
    rows = Supervision.objects.select_related("unit").filter(matter=matter).order_by("-pk")
    return [view for row in rows if (view := _view(viewer, row, matter)) is not None]


def is_supervised(matter: Matter) -> bool:
    """Whether a supervision of it still runs; what was supervised once keeps its level."""
    return bool(matter.supervised) and Supervision.objects.filter(matter=matter, ended_at__isnull=True).exists()


def supervision(viewer: Viewer, number: str) -> tuple[SupervisionView, Matter]:
    """One supervision by its number with its matter; refused alike where it is unknown and where it may not be read."""
    row = Supervision.objects.select_related("matter", "unit").filter(number=number).first()
    view = _view(viewer, row, row.matter) if row else None
    if row is None or view is None:
        raise Refused("not-found", say="没有这份督办，或不归您这里看。", have=number)
    return view, row.matter


def waiting_supervisions(viewer: Viewer, limit: int = 8) -> list[SupervisionRow]:
    """What waits for this person: letters that their unit is to answer, and replies that wait for a release."""
    if viewer.kind != "post":
        return []
    asked = Q(unit=viewer.unit_id) & WHICH["open"] if viewer.unit_id else Q(pk__isnull=True)
    mine = Q(opened_by__code=viewer.post_code, matter__in=Matter.objects.filter(visible(viewer))) & WHICH["replied"]
    rows = Supervision.objects.select_related("matter", "unit").filter(asked | mine if viewer.post_code else asked)
    return [_row(one) for one in rows.order_by(F("due_at").asc(), "pk")[:limit]]


def _row(one: Supervision) -> SupervisionRow:
    return SupervisionRow(
        id=one.pk,
        number=one.number,
        matter=one.matter.number,
        title=one.matter.title,
        level=LEVELS[one.level],
        state=supervision_rules.state_of(
            ended_as=one.ended_as, replied=one.replied_at is not None, overdue=one.overdue
        ),
        unit=one.unit.title if one.unit else "",
        opened_at=one.opened_at,
        due_at=one.due_at,
        renewed=one.renewed,
        late=one.overdue,
    )


def _view(viewer: Viewer, row: Supervision, matter: Matter) -> SupervisionView | None:
    edition, situation, stands = edition_by_digest(matter.edition_id), situation_of(matter), standing(row)
    loop = edition.loops[matter.loop]
    if not supervision_rules.may_read(edition, loop, viewer, situation, stands):
        return None
    row.matter = matter
    said: dict[str, Any] = msgspec.json.decode(_plain(matter, row.sealed, "{}").encode())
    running = row.ended_at is None
    return SupervisionView(
        row=_row(row),
        opened_by=str(row.opened_by.get("title") or "系统"),
        reason=str(said.get("reason") or ""),
        asked=str(said.get("asked") or ""),
        reply=_plain(matter, row.reply_sealed),
        replied_at=row.replied_at,
        release=_plain(matter, row.release_sealed),
        ended_at=row.ended_at,
        within=row.within,
        may_reply=running and row.replied_at is None and supervision_rules.is_asked(viewer, situation, stands),
        may_release=running
        and supervision_rules.watches(edition, loop, viewer, situation, stands)
        and not supervision_rules.is_answerer(viewer, stands),
    )


def _plain(matter: Matter, sealed: bytes | memoryview | None, empty: str = "") -> str:
    """What was sealed under the matter; a plain word where it was erased."""
    said = record.unseal_for(matter.subject, bytes(sealed)) if sealed else empty
    if said == "erased" or said is None:
        return empty
    return said
