"""Reading assessments: runs within reach, each score with its working, in classes and never ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from youying.access.queries import within
from youying.assessments.models import AssessmentRun, AssessmentScore
from youying.assessments.rules import say_score
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import path_words
from youying.record.reaching import register_places

PAGE = 50


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """One score: as printed, exact, its class, its working line by line."""

    of: str
    title: str
    score: Fraction | None
    said: str
    band: str
    working: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RunShown:
    """One run with its scores by class; within a class they stand by title, not by score."""

    id: int
    code: str
    title: str
    place_words: str
    area_path: str
    since: date
    until: date
    run_at: datetime
    post_title: str
    replaced: bool
    edition: str
    classes: Sequence[tuple[str, Sequence[ScoreShown]]] = ()


def runs(viewer: Viewer, code: str = "", *, path: str = "") -> list[RunShown]:
    """The runs within reach, the latest first; needs the power `rates`."""
    rows = _runs(viewer, path).order_by("-until", "-pk")
    return [_shown(row, []) for row in (rows.filter(code=code) if code else rows)[:PAGE]]


def one_run(viewer: Viewer, run_id: int) -> RunShown:
    """One run with every score, in two statements; refused beyond reach."""
    row = _runs(viewer, "").filter(pk=run_id).first()
    if row is None:
        raise Refused("not-found", say="没有这次考评，或不在您的辖区内。", have=run_id)
    return _shown(row, list(row.scores.order_by("title", "pk")))


def _runs(viewer: Viewer, path: str) -> QuerySet[AssessmentRun]:
    viewer.require("rates")
    reach = within(viewer.reach, column="area_path") if viewer.reach else Q(pk=None)
    return AssessmentRun.objects.filter(reach & within(path, column="area_path") if path else reach)


def _shown(row: AssessmentRun, scores: Sequence[AssessmentScore]) -> RunShown:
    best: dict[str, list[ScoreShown]] = {}
    for one in sorted((_score(one) for one in scores), key=lambda one: -(one.score if one.score is not None else -1)):
        best.setdefault(one.band or say_score(None), []).append(one)
    return RunShown(
        id=row.pk,
        code=row.code,
        title=row.title,
        place_words=path_words(row.area_path),
        area_path=row.area_path,
        since=row.since,
        until=row.until,
        run_at=row.run_at,
        post_title=row.post_title,
        replaced=row.replaced_by_id is not None,
        edition=row.edition,
        classes=[(band, sorted(found, key=lambda one: one.title)) for band, found in best.items()],
    )


def _score(row: AssessmentScore) -> ScoreShown:
    score = None
    if row.numerator is not None and row.denominator is not None:
        score = Fraction(int(row.numerator), int(row.denominator))
    return ScoreShown(row.of, row.title, score, say_score(score), row.band, row.working)


def _lie(keys: Iterable[str]) -> dict[str, list[str]]:
    rows = AssessmentRun.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): [path] for pk, path in rows.values_list("pk", "area_path")}


register_places("assessment", _lie)
