"""挂账清单: everything that is parked, how long, on what plan, when it is looked at again, and how much was taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from youying.editions.queries import edition_by_digest
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter, Parking
from youying.matters.parking_rules import REVIEW, Settled
from youying.matters.queries.sight import visible
from youying.packs.compiled import CompiledLoop
from youying.record.models import Entry
from youying.record.queries import opener

PAGE = 50
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked matter: since when, why, on what plan and until when; its reviews, held and missed."""

    number: str
    title: str
    place: str
    unit: str
    since: datetime
    days: int
    reason: str
    plan: str
    last_word: str
    until: datetime | None
    past: bool
    review_at: datetime | None
    reviews: int
    missed: int
    missed_since: datetime | None
    moved: int


@dataclass(frozen=True, slots=True)
class ParkedPage:
    """One page of the list with how many stand in each view, and what became of everything that ever was parked."""

    rows: list[Parked]
    total: int
    views: dict[str, int]
    settled: Settled


def parked(viewer: Viewer, *, view: str = "all", start: int = 0) -> ParkedPage:
    """What is parked within sight, the one waiting longest first; five statements, whatever the number of rows.

    A matter is listed because it is parked, whoever has it now and whether or not its unit still exists.
    """
    at = now()
    conditions = _views(at)
    if view not in conditions:
        raise Refused(
            "unknown-view", say="请选：全部、该复核没复核、过了计划日期、快到计划日期。", have=view, field="view"
        )
    standing = Parking.objects.filter(ended_at__isnull=True, matter__in=_mine(viewer))
    views = standing.aggregate(**{name: Count("pk", filter=where) for name, where in conditions.items()})
    found = standing.filter(conditions[view]).select_related("matter__lead").order_by("since", "pk")
    rows = list(found[start : start + PAGE])
    words = _words([row.matter for row in rows])
    return ParkedPage([_row(row, at, words) for row in rows], views[view], views, _settled(viewer))


def _views(at: datetime) -> dict[str, Q]:
    """What each view shows; the count of every one stands on the page."""
    return {
        "all": Q(pk__isnull=False),
        "missed": Q(missed_since__isnull=False),
        "past": Q(until__lt=at),
        "soon": Q(until__gte=at, until__lt=at + SOON),
    }


def _mine(viewer: Viewer) -> QuerySet[Matter, Any]:
    return Matter.objects.filter(visible(viewer), parked=True, ended_at__isnull=True).values("pk")


def _settled(viewer: Viewer) -> Settled:
    """What became of every parking within sight: it goes on, was taken up again, or the matter ended otherwise."""
    mine = Matter.objects.filter(visible(viewer), pk=OuterRef("matter_id"))
    counted = Parking.objects.filter(Exists(mine)).aggregate(
        parked=Count("pk", filter=Q(ended_at__isnull=True)),
        taken_up=Count("pk", filter=Q(ended_by="unpark")),
        ended=Count("pk", filter=Q(ended_at__isnull=False) & ~Q(ended_by="unpark")),
    )
    return Settled(**counted)


def _words(matters: list[Matter]) -> dict[tuple[str, str], str]:
    """The plan and the last word of a review of each matter, opened with one set of keys."""
    subjects = [matter.subject for matter in matters]
    acts = {step.id for matter in matters for step in _loop(matter).acts_of("park")}
    entries = list(Entry.objects.filter(subject__in=subjects, act__in=[*acts, REVIEW]).order_by("seq"))
    keys = opener(subjects)
    said: dict[tuple[str, str], str] = {}
    for entry in entries:
        opened = keys.entry(entry)
        kind = "last_word" if entry.act == REVIEW else "plan"
        said[entry.subject, kind] = str(opened.get("scheme") or opened.get("note") or "")
        if kind == "plan":
            said.pop((entry.subject, "last_word"), None)  # reviews of an earlier parking say nothing of this one
    return said


def _loop(matter: Matter) -> CompiledLoop:
    return edition_by_digest(matter.edition_id).loops[matter.loop]


def _row(row: Parking, at: datetime, words: dict[tuple[str, str], str]) -> Parked:
    matter = row.matter
    reason = edition_by_digest(matter.edition_id).pack.reasons.get(row.reason)
    return Parked(
        number=matter.number,
        title=matter.title,
        place=matter.place_words,
        unit=matter.lead.title if matter.lead else "",
        since=row.since,
        days=(at - row.since).days,
        reason=reason.title if reason else "",
        plan=words.get((matter.subject, "plan"), ""),
        last_word=words.get((matter.subject, "last_word"), ""),
        until=row.until,
        past=row.until is not None and row.until < at,
        review_at=row.review_at,
        reviews=row.reviews,
        missed=row.missed,
        missed_since=row.missed_since,
        moved=row.moved,
    )
