"""Open matters that may be the same: by what the pack compares, or by nearly the same words; a person decides."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from youying.editions.queries import calendar_for, edition_by_digest, edition_for
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, Viewer
from youying.matters.merge_rules import Told, looked_back, nobody_like, same_by
from youying.matters.models import Matter
from youying.matters.queries.page import open_contact
from youying.matters.queries.sight import known_to, visible
from youying.matters.reporting import phone_indexes
from youying.packs.compiled import CompiledMerge
from youying.packs.edition import Edition
from youying.places.placing import Place
from youying.text.duplicates import Known, likenesses

LOOKED_AT = 300
SHOWN = 5
COMPARED = ("pk", "words", "place_path", "category", "opened_at")
OFFERED = ("number", "kind", "title", "category", "area_path", "compound_id", "opened_at")


@dataclass(frozen=True, slots=True)
class Similar:
    """A candidate with its likeness (0 to 1), why it was offered, and whether the pack's own rule calls it the same.

    Of the matter only what `OFFERED` names is read.
    """

    matter: Matter
    likeness: float
    why: str
    same: bool = False


def similar(
    viewer: Viewer,
    text: str,
    *,
    place: Place | None = None,
    category: str = "",
    days: int = 30,
    skip: int | None = None,
    phone: str = "",
) -> list[Similar]:
    """At most five open matters within sight: first those that the pack's `merge` takes for the same, then those of
    the last days near the place that read alike, likest first.

    `skip` is the matter at hand, if it is one already; `phone` is the caller's.
    """
    edition = _edition(place.area_path if place else viewer.reach)
    open_ones = Matter.objects.filter(visible(viewer), ended_at__isnull=True).exclude(pk=skip or 0)
    mine = _told(viewer, place, category, skip, phone)
    same = _same(viewer, open_ones, edition, mine) if edition else []
    known = {one.matter.pk for one in same}
    near = open_ones.filter(_near(place), opened_at__gte=now() - timedelta(days=days)).exclude(pk__in=known)
    return (same + _alike(near, text, place=place, category=category))[:SHOWN]


def double_of(matter: Matter) -> Matter | None:
    """The older open matter that the pack's rule takes for the same as this one; the oldest of several.

    Protected reporters are compared on neither side: that two reports are of one person would tell who reported.
    """
    rows = known_to(PUBLIC).filter(matter=matter, protected=False).exclude(phone_index="")
    mine = Told(
        frozenset(rows.values_list("phone_index", flat=True)),
        matter.category, matter.area_path, matter.compound_id, matter.opened_at,
    )  # fmt: skip
    older = Matter.objects.filter(ended_at__isnull=True, pk__lt=matter.pk, kind=matter.kind)
    same = _same(PUBLIC, older, edition_by_digest(matter.edition_id), mine)
    return same[-1].matter if same else None


def _edition(path: str) -> Edition | None:
    with suppress(Refused):  # where nothing is adopted yet, only the words can be compared
        return edition_for(path)
    return None


def _told(viewer: Viewer, place: Place | None, category: str, skip: int | None, phone: str) -> Told:
    """What is known of the report at hand."""
    mine = Matter.objects.filter(pk=skip).values_list("opened_at", flat=True).first() if skip else None
    known = known_to(viewer).filter(matter=skip).select_related("came_as", "matter") if skip else ()
    phones = [open_contact(row).get("phone", "") for row in known if row.phone_index]
    indexes = {index for one in (*phones, phone) for index in phone_indexes(one)}
    return Told(
        reporters=frozenset(indexes),
        category=category,
        area_path=place.area_path if place else "",
        compound_id=place.compound_id if place else None,
        opened_at=mine or now(),
    )


def _same(viewer: Viewer, open_ones: QuerySet[Matter], edition: Edition, mine: Told) -> list[Similar]:
    """Those that the rule of their own loop takes for the same, newest first."""
    found: dict[int, Similar] = {}
    for loop in edition.loops.values():
        if loop.merge is None or nobody_like(loop.merge, mine):
            continue
        alike = open_ones.filter(_equal(viewer, loop.merge, mine), loop=loop.code)
        rows = alike.only(*OFFERED).order_by("-opened_at")[:LOOKED_AT]
        people = _reporters(viewer, rows) if "reporter" in loop.merge.same else {}
        for row in rows:
            other = Told(people.get(row.pk, frozenset()), row.category, row.area_path, row.compound_id, row.opened_at)
            if why := same_by(loop.merge, mine, other, calendar=calendar_for(edition, row.area_path)):
                found[row.pk] = Similar(row, 1.0, "，".join((*why, _days_apart(mine.opened_at, row.opened_at))), True)
    return sorted(found.values(), key=lambda one: one.matter.opened_at, reverse=True)


def _equal(viewer: Viewer, merge: CompiledMerge, mine: Told) -> Q:
    """The part of the rule that the database can answer; the rule itself is asked again for each row."""
    window = looked_back(merge.over)
    where = Q(opened_at__gte=mine.opened_at - window, opened_at__lte=mine.opened_at + window)
    if "category" in merge.same:
        where &= Q(category=mine.category)
    if "place" in merge.same:
        where &= Q(compound_id=mine.compound_id) if mine.compound_id else Q(area_path=mine.area_path)
    if "reporter" in merge.same:
        theirs = known_to(viewer).filter(phone_index__in=mine.reporters).values("matter_id")
        where &= Q(pk__in=theirs)
    return where


def _reporters(viewer: Viewer, rows: QuerySet[Matter]) -> dict[int, frozenset[str]]:
    """The blind indexes of everybody known to the viewer who reported these matters."""
    held: dict[int, set[str]] = {}
    keys = [row.pk for row in rows]
    for matter_id, index in known_to(viewer).filter(matter__in=keys).values_list("matter_id", "phone_index"):
        held.setdefault(matter_id, set()).add(index)
    return {pk: frozenset(indexes - {""}) for pk, indexes in held.items()}


def _days_apart(one: datetime, other: datetime) -> str:
    return f"相隔 {abs((one - other).total_seconds()) / 86_400:.0f} 天"


def _near(place: Place | None) -> Q:
    if place is None:
        return Q()
    return Q(compound_id=place.compound_id) if place.compound_id else Q(area_path=place.area_path)


def _alike(near: QuerySet[Matter], text: str, *, place: Place | None, category: str) -> list[Similar]:
    """Those that read alike, likest first."""
    newest = near.order_by("-opened_at").values_list(*COMPARED)[:LOOKED_AT]
    mine = Known(0, text, place.place_path if place else "", category, now())
    found = likenesses(mine, (Known(*row) for row in newest))[:SHOWN]
    rows = Matter.objects.only(*OFFERED).in_bulk([int(one.key) for one in found]) if found else {}
    return [Similar(rows[int(one.key)], one.score, "，".join(one.reasons)) for one in found]
