"""Reading what recurs: what is to be done now, what was missed, and how far a rhythm covers a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from youying.access.queries import within
from youying.editions.queries import edition_by_digest, editions_around
from youying.files.queries import register_guard
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.queries.sight import NOBODY, in_place
from youying.occasions.doing_rules import HOUSE_REASONS
from youying.occasions.models import Campaign, Occasion
from youying.occasions.reading import keeper_of, rhythm_at, serves
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Rhythm
from youying.people.register_queries import names_of_entries
from youying.places.queries import path_words, zone_of

PAGE = 50
ENTRY = "register-entry:"
STILL_MISSED: dict[str, Any] = {"missed": True, "ended_at": None}
"""What was not done in time and still waits to be done."""
A_SECOND = timedelta(seconds=1)
STATES: dict[str, str] = {
    "later": "未到时候", "due": "待做", "again": "改日再去", "missed": "逾期未做", "met": "已做", "excused": "已说明原因",
    "unmet": "多次未见到",
}  # fmt: skip
"""How an occasion stands, with what people call it."""


@dataclass(frozen=True, slots=True)
class OccasionShown:
    """An occasion as lists show it: of a person the name masked, else the place."""

    id: int
    rhythm: str
    title: str
    does: str
    key: str
    shown: str
    place_words: str
    period: str
    class_code: str
    opens_at: datetime
    due_at: datetime
    next_at: datetime
    done_at: datetime | None
    state: str
    missed: bool
    attempts: int
    reason: str
    found: int
    sheet: str
    last_day: date
    mine: bool
    owner_id: int | None
    area_path: str
    edition: str
    building_id: int | None
    home_id: int | None


@dataclass(frozen=True, slots=True)
class OccasionPage:
    """Some occasions and how many there are in all."""

    rows: Sequence[OccasionShown]
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a rhythm got in one place: due, met, tried in vain, missed, left out for a reason."""

    path: str
    due: int
    met: int
    tried: int
    missed: int
    left_out: int


@dataclass(frozen=True, slots=True)
class CampaignShown:
    """A campaign as lists show it; `period` is what its occasions carry."""

    id: int
    rhythm: str
    title: str
    path: str
    place_words: str
    first: date
    last: date
    stopped_at: datetime | None

    @property
    def period(self) -> str:
        """The period of its occasions."""
        return f"{self.first}-c{self.id}"


def visible(viewer: Viewer) -> QuerySet[Occasion]:
    """The occasions within a viewer's reach, and those that it was given."""
    if viewer.kind == "system":
        return Occasion.objects.all()
    seen = in_place(viewer.reach) if viewer.may("view") else NOBODY
    return Occasion.objects.filter(seen | Q(owner=viewer.account_id) if viewer.account_id else seen)


def to_do(viewer: Viewer, *, until: datetime | None = None, offset: int = 0, limit: int = PAGE) -> OccasionPage:
    """What this viewer is to do by a moment (now), the latest first to be due in front: what its post serves or it was given."""
    by_moment = until or now()
    open_ones = visible(viewer).filter(ended_at=None, opens_at__lte=now(), next_at__lte=by_moment)
    mine = open_ones.filter(Q(owner=viewer.account_id) | Q(owner=None, rhythm__in=_served(viewer)))
    return _page(viewer, mine.order_by("due_at", "pk"), offset=offset, limit=limit)


def overdue(viewer: Viewer, *, rhythm: str = "", offset: int = 0, limit: int = PAGE) -> OccasionPage:
    """What was missed within reach and is not done yet, the longest overdue first: nobody stays unseen."""
    viewer.require("view")
    rows = _overdue(viewer)
    rows = rows.filter(rhythm=rhythm) if rhythm else rows
    return _page(viewer, rows.order_by("due_at", "pk"), offset=offset, limit=limit)


def missed(viewer: Viewer) -> int:
    """How many stand there overdue; 0 for who may not view the place."""
    return _overdue(viewer).count() if viewer.may("view") else 0


def overdue_entries(path: str) -> set[int]:
    """The keys of the register entries at or below a place that somebody should have come to and nobody has yet."""
    rows = Occasion.objects.filter(in_place(path), key__startswith=ENTRY, **STILL_MISSED)
    return {int(key.removeprefix(ENTRY)) for key in rows.order_by().values_list("key", flat=True).distinct()}


def _overdue(viewer: Viewer) -> QuerySet[Occasion]:
    return visible(viewer).filter(**STILL_MISSED)


def occasion(viewer: Viewer, occasion_id: int) -> OccasionShown:
    """One occasion; refused beyond sight."""
    row = visible(viewer).filter(pk=occasion_id).first()
    if row is None:
        raise Refused("not-found", say="没有这一次，或不在您的辖区内。", have=occasion_id)
    return _shown([row], viewer)[0]


def story_of(viewer: Viewer, key: str, *, limit: int = 100) -> list[OccasionShown]:
    """What recurred for one home, entry or place, the newest first, within sight."""
    viewer.require("view")
    return _shown(list(visible(viewer).filter(key=key, opens_at__lte=now()).order_by("-opens_at")[:limit]), viewer)


def coverage(viewer: Viewer, rhythm: str, *, path: str, period: str) -> list[Coverage]:
    """How far a rhythm got in a period, building by building."""
    viewer.require("view")
    viewer.require_reach(path)
    rows = Occasion.objects.filter(in_place(path), rhythm=rhythm, period=period)
    counts = {
        "n_due": Count("pk"),
        "n_met": Count("pk", filter=Q(met=True)),
        "n_tried": Count("pk", filter=Q(met=False, attempts__gt=0, reason="")),
        "n_missed": Count("pk", filter=Q(missed=True, met=False)),
        "n_left_out": Count("pk", filter=Q(met=False, ended_at__isnull=False) & ~Q(reason="")),
    }
    return [Coverage(*row) for row in rows.values_list("path").annotate(**counts).order_by("path")]


def whole(rows: Iterable[Coverage]) -> Coverage:
    """Several places taken together."""
    counted = [(row.due, row.met, row.tried, row.missed, row.left_out) for row in rows]
    return (
        Coverage("", *(sum(column) for column in zip(*counted, strict=True)))
        if counted
        else Coverage("", 0, 0, 0, 0, 0)
    )


def campaigns(viewer: Viewer, *, most: int = 200) -> list[CampaignShown]:
    """The campaigns within reach, the newest first."""
    viewer.require("view")
    rows = Campaign.objects.filter(within(viewer.reach, column="path") if viewer.reach else NOBODY)
    return [_campaign(row) for row in rows.order_by("-first", "-pk")[:most]]


def campaign(viewer: Viewer, campaign_id: int) -> CampaignShown:
    """One campaign; refused beyond reach."""
    viewer.require("view")
    row = Campaign.objects.filter(pk=campaign_id).first()
    if row is None or not viewer.reaches(row.path):
        raise Refused("not-found", say="没有这次集中行动，或不在您的辖区内。", have=campaign_id)
    return _campaign(row)


def _campaign(row: Campaign) -> CampaignShown:
    title = rhythm_at(edition_by_digest(row.edition_id), row.rhythm).title
    return CampaignShown(row.pk, row.rhythm, title, row.path, path_words(row.path), row.first, row.last, row.stopped_at)


def rhythms_served(viewer: Viewer) -> dict[str, Rhythm]:
    """The rhythms that this viewer's post does, in the editions of its reach."""
    found: dict[str, Rhythm] = {}
    for edition in _editions(viewer):
        for code, rhythm in edition.pack.rhythm.items():
            if serves(viewer, rhythm, keeper=keeper_of(edition, rhythm)):
                found.setdefault(code, rhythm)
    return found


def _editions(viewer: Viewer) -> list[Edition]:
    return [edition_by_digest(digest) for digest in editions_around(viewer.reach)] if viewer.reach else []


def _served(viewer: Viewer) -> list[str]:
    return list(rhythms_served(viewer))


def _page(viewer: Viewer, rows: QuerySet[Occasion], *, offset: int, limit: int) -> OccasionPage:
    return OccasionPage(_shown(list(rows[offset : offset + limit]), viewer), rows.count())


def _shown(rows: Sequence[Occasion], viewer: Viewer) -> list[OccasionShown]:
    names = names_of_entries(row.key for row in rows)
    return [_view(row, names, viewer) for row in rows]


def _view(row: Occasion, names: dict[str, str], viewer: Viewer) -> OccasionShown:
    edition = edition_by_digest(row.edition_id)
    rhythm = rhythm_at(edition, row.rhythm)
    reason = edition.pack.reasons.get(row.reason)
    said = reason.title if reason else HOUSE_REASONS.get(row.reason, row.reason)
    words = path_words(row.path)
    return OccasionShown(
        id=row.pk,
        rhythm=row.rhythm,
        title=rhythm.title,
        does=row.does,
        key=row.key,
        shown=names.get(row.key, "") or words,
        place_words=words,
        period=row.period,
        class_code=row.class_code,
        opens_at=row.opens_at,
        due_at=row.due_at,
        next_at=row.next_at,
        done_at=row.done_at,
        state=state_of(row),
        missed=row.missed,
        attempts=row.attempts,
        reason=said,
        found=row.found,
        sheet=rhythm.sheet or "",
        last_day=local(row.due_at - A_SECOND, zone(zone_of(row.area_path))).date(),
        mine=row.owner_id == viewer.account_id or serves(viewer, rhythm, keeper=keeper_of(edition, rhythm)),
        owner_id=row.owner_id,
        area_path=row.area_path,
        edition=row.edition_id,
        building_id=row.building_id,
        home_id=row.home_id,
    )


def state_of(row: Occasion, at: datetime | None = None) -> str:
    """How an occasion stands, see `STATES`."""
    moment = at or now()
    if row.met:
        return "met"
    if row.ended_at is not None:
        return "excused" if row.reason else "unmet"
    if moment < row.opens_at:
        return "later"
    if row.missed:
        return "missed"
    return "again" if row.attempts and row.next_at > moment else "due"


def _guard(viewer: Viewer, subject: str) -> None:
    """Whoever may see an occasion may read its sheet and files."""
    key = subject.partition(":")[2]
    occasion(viewer, int(key) if key.isdecimal() and len(key) < 18 else 0)


register_guard("occasion", _guard)
