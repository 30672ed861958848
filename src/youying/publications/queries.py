"""Reading notices: what is up now for everybody, the archive, the objections that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from youying.access.queries import within
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import path_words
from youying.publications import rules
from youying.publications.models import Publication, PublicationObjection
from youying.publications.rules import Content
from youying.record.queries import opener
from youying.record.reaching import register_places

PAGE = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is shown to anybody."""

    id: int
    subject: str
    code: str
    title: str
    place_words: str
    area_path: str
    at: tuple[str, ...]
    content: Content
    digest: str
    clause: str
    posted_at: datetime
    until: datetime
    state: str
    withdrawn_why: str
    takes_objections: bool
    objections: int
    answered: int
    post_title: str


@dataclass(frozen=True, slots=True)
class ObjectionShown:
    """An objection as whoever answers it sees it; the telephone only for who may unmask."""

    id: int
    publication_id: int
    title: str
    words: str
    contact: str
    made_at: datetime
    due_at: datetime
    asked_of: tuple[str, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answered objection as everybody reads it: the outcome and its words, not who objected nor with what."""

    made_at: datetime
    answered_at: datetime
    upheld: bool
    words: str


def board(*, at: str, path: str = "", offset: int = 0, limit: int = PAGE) -> list[Notice]:
    """What is up now at a kind of place (board, portal …), for everybody; of one area where a path is given."""
    rows = Publication.objects.filter(posted_at__lte=now(), until__gt=now(), withdrawn_at__isnull=True)
    rows = rows.filter(at__contains=f",{at},")
    if path:
        rows = rows.filter(within(path, column="area_path"))
    return _notices(rows.order_by("-posted_at", "-pk")[offset : offset + limit], limit)


def board_places(*, at: str) -> list[str]:
    """The areas for which something is up now at a kind of place."""
    rows = Publication.objects.filter(posted_at__lte=now(), until__gt=now(), withdrawn_at__isnull=True)
    rows = rows.filter(at__contains=f",{at},").order_by("area_path")
    return list(rows.values_list("area_path", flat=True).distinct())


def notice(publication_id: int) -> Notice:
    """One notice, also when it is down; what it showed is for the desk alone from then on."""
    found = _notices(Publication.objects.filter(pk=publication_id), 1)
    if not found:
        raise Refused("not-found", say="没有这张公示。", have=publication_id)
    return found[0]


def archive(viewer: Viewer, *, path: str = "", offset: int = 0, limit: int = PAGE) -> list[Notice]:
    """Every notice within reach, up or down, the latest first; needs the power `view`."""
    viewer.require("view")
    rows = Publication.objects.filter(_reach(viewer, path)).order_by("-posted_at", "-pk")
    return _notices(rows[offset : offset + limit], limit)


def objections_waiting(viewer: Viewer) -> list[ObjectionShown]:
    """The objections within reach that nobody has answered yet, the most urgent first."""
    viewer.require("view")
    found = PublicationObjection.objects.filter(answered_at__isnull=True).select_related("publication")
    reach = within(viewer.reach, column="publication__area_path") if viewer.reach else Q(pk=None)
    rows = list(found.filter(reach).order_by("due_at", "pk")[:PAGE])
    keys, may = opener(row.publication.subject for row in rows), viewer.may("unmask")
    return [
        ObjectionShown(
            id=row.pk,
            publication_id=row.publication_id,
            title=row.publication.title,
            words=keys.value(row.publication.subject, row.words_sealed) or "",
            contact=(keys.value(row.publication.subject, row.contact_sealed) or "") if may else "",
            made_at=row.made_at,
            due_at=row.due_at,
            asked_of=tuple(row.publication.objection_to),
            late=row.due_at < now(),
        )
        for row in rows
    ]


def answers(one: Notice) -> list[AnswerShown]:
    """What was answered to the objections to a notice, for everybody, in the order they came."""
    rows = list(PublicationObjection.objects.filter(publication=one.id, answered_at__isnull=False).order_by("pk"))
    keys = opener([one.subject])
    return [
        AnswerShown(row.made_at, row.answered_at, bool(row.upheld), keys.value(one.subject, row.answer_sealed) or "")
        for row in rows
        if row.answered_at
    ]


def objection_due(publication_id: int, *, objection_id: int) -> datetime | None:
    """By when an objection to this notice is answered; nothing where there is none."""
    found = PublicationObjection.objects.filter(publication=publication_id, pk=objection_id)
    return found.values_list("due_at", flat=True).first()


def posted_for_its_days(shows: str, area_path: str) -> bool:
    """Whether what a publication shows has been up for its days at an area, and no objection waits: a proof."""
    rows = Publication.objects.filter(shows=shows, area_path=area_path, until__lte=now(), withdrawn_at__isnull=True)
    return rows.exclude(objections__answered_at__isnull=True, objections__isnull=False).exists()


def _notices(rows: QuerySet[Publication], limit: int) -> list[Notice]:
    counted = rows.annotate(
        n=Count("objections"), done=Count("objections", filter=Q(objections__answered_at__isnull=False))
    )
    return [_notice(row) for row in counted[:limit]]


def _notice(row: Publication) -> Notice:
    return Notice(
        id=row.pk,
        subject=row.subject,
        code=row.code,
        title=row.title,
        place_words=path_words(row.area_path),
        area_path=row.area_path,
        at=tuple(place for place in row.at.split(",") if place),
        content=rules.content_from(row.content),
        digest=row.digest,
        clause=row.clause,
        posted_at=row.posted_at,
        until=row.until,
        state=rules.state(until=row.until, withdrawn=row.withdrawn_at is not None, at=now()),
        withdrawn_why=row.withdrawn_why,
        takes_objections=bool(row.objection_to),
        objections=row.n,  # type: ignore[attr-defined]
        answered=row.done,  # type: ignore[attr-defined]
        post_title=row.post_title,
    )


def _reach(viewer: Viewer, path: str) -> Q:
    reach = within(viewer.reach, column="area_path") if viewer.reach else Q(pk=None)
    return reach & within(path, column="area_path") if path else reach


def _lie(keys: Sequence[str] | Iterable[str]) -> dict[str, list[str]]:
    rows = Publication.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): [path] for pk, path in rows.values_list("pk", "area_path")}


register_places("publication", _lie)
