"""Every write of assessments: a run, which freezes what went in, and a run in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError

from youying.assessments import rules
from youying.assessments.models import AssessmentRun, AssessmentScore
from youying.assessments.rules import Grade, Share, Terms
from youying.editions.queries import edition_for
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.actions.carrying import carry_all
from youying.places.queries import known_area, zone_of
from youying.record.actions import open_subject, write
from youying.record.acts import act, attempt


@dataclass(frozen=True, slots=True)
class Assessed:
    """Somebody to be assessed: a key (unit:…), a title, and what every line takes of it."""

    of: str
    title: str
    shares: Mapping[str, Share]


@act("assessments.run", power="rates")
def run(
    code: str, *, by: Viewer, path: str, since: date, until: date, assessed: Sequence[Assessed], again: bool = False
) -> AssessmentRun:
    """Assess a period that is over; `again` puts a new run in the place of the one before, which stays readable.

    The caller hands in what figures and sheets said: assessments lies below them.
    """
    by.require_reach(path)
    area = known_area(path).path
    terms = rules.terms_of(edition_for(area), code)
    _check_period(since, until, area)
    if not assessed:
        raise Refused("assessed-nobody", say="没有可以考评的单位，请先登记单位。", need=terms.of)
    known = {"code": code, "area_path": area, "since": since, "until": until}
    before = AssessmentRun.objects.select_for_update().filter(**known, replaced_by__isnull=True).first()
    if before is not None and not again:
        raise Refused("assessed-already", say="这一期已经考评过了；要重算，请选“重算”。", have=before.pk)
    row = AssessmentRun(**known, title=terms.title, edition=terms.edition, run_at=now(), post_title=by.post_title[:60])
    _put_in_place(row, before)
    AssessmentScore.objects.bulk_create(_score(row, one, rules.grade(terms, one.shares), terms) for one in assessed)
    open_subject(row.subject)
    facts = {"code": code, "area": area, "since": str(since), "until": str(until), "assessed": len(assessed)}
    write(row.subject, "assessments.run", by=by, facts=facts | {"replaces": before.pk if before else None})
    return row


def _put_in_place(row: AssessmentRun, before: AssessmentRun | None) -> None:
    """Store a run; the one before steps back first, because a period has one that counts.

    Refused where somebody else has assessed the period in the same moment.
    """
    if before is not None:
        AssessmentRun.objects.filter(pk=before.pk).update(replaced_by=before)
    try:
        with attempt():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("assessed-already", say="刚才有人考评了这一期，请刷新再看；要重算，请选“重算”。") from None
    if before is None:
        return
    AssessmentRun.objects.filter(pk=before.pk).update(replaced_by=row)


@act("assessments.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the runs of a moved area its new path; how many there were."""
    columns = ((AssessmentRun, "area_path"),)
    return carry_all(columns, "assessments-moved", "assessments.follow-move", by=by, old=old_path, new=new_path)


def _check_period(since: date, until: date, area: str) -> None:
    today = local(now(), zone(zone_of(area))).date()
    if not since < until:
        raise Refused("period-backwards", say="考评期的开始要早于结束。", have=[str(since), str(until)], field="since")
    if until > today:
        raise Refused("period-running", say="这一期还没有过完，过完再考评。", have=str(until), field="until")


def _score(row: AssessmentRun, one: Assessed, grade: Grade, terms: Terms) -> AssessmentScore:
    working = [
        {
            "code": line.line.code,
            "title": line.line.title,
            "takes": line.line.takes,
            "said_weight": line.line.weight,
            "weight": str(line.weight),
            "have": str(line.share.have),
            "of": str(line.share.of),
            "points": None if line.points is None else str(line.points),
        }
        for line in grade.lines
    ]
    score = grade.score
    return AssessmentScore(
        run=row,
        of=one.of,
        title=one.title[:80],
        numerator=None if score is None else str(score.numerator),
        denominator=None if score is None else str(score.denominator),
        band=grade.band.title if grade.band else "",
        working=working,
    )
