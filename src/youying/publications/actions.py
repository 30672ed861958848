"""Every write of publications: posting, taking down early, objecting, answering."""

from __future__ import annotations

from youying.editions.queries import calendar_for, edition_by_digest, edition_for
from youying.kernel.clocks import count
from youying.kernel.durations import parse_duration
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.actions.carrying import carry_all
from youying.places.queries import known_area
from youying.publications import rules
from youying.publications.models import Publication, PublicationObjection
from youying.publications.rules import Content
from youying.record.actions import open_subject, seal_for, write
from youying.record.acts import act, unchanged


@act("publications.post", power="act")
def post(code: str, *, by: Viewer, path: str, content: Content) -> Publication:
    """Post what a pack's publication shows, frozen as it is now, for its days; refused below the law's floor."""
    by.require_reach(path)
    area = known_area(path).path
    edition = edition_for(area)
    terms = rules.terms_of(edition, code)
    shown = rules.frozen(content, terms.hides)
    deadline = rules.counted(terms, now(), calendar_for(edition, area))
    assert deadline.due_at is not None  # nothing pauses a notice
    row = Publication(
        code=code,
        title=terms.title,
        shows=terms.shows,
        area_path=area,
        at=f",{','.join(terms.at)},",
        content=shown.as_data(),
        digest=rules.digest(shown),
        clause=terms.clause[:200],
        objection_to=list(terms.objection_to),
        objection_within=terms.objection_within,
        edition=terms.edition,
        working=deadline.working.to_data(),
        posted_at=now(),
        until=deadline.due_at,
        post_title=by.post_title[:60],
    )
    row.save(force_insert=True)
    open_subject(row.subject)
    facts = {"code": code, "area": area, "at": list(terms.at), "digest": row.digest, "until": row.until.isoformat()}
    write(row.subject, "publications.post", by=by, facts=facts | {"rows": len(shown.rows)})
    return row


@act("publications.withdraw", power="act")
def withdraw(publication_id: int, *, by: Viewer, reason: str) -> Publication:
    """Take a notice down before its end, because something in it was wrong; it does not count as posted."""
    row = _row(publication_id)
    by.require_reach(row.area_path)
    if row.withdrawn_at is not None or row.until <= now():
        raise Refused("publication-over", say="这张公示已经不在栏里了。", have=publication_id)
    row.withdrawn_at, row.withdrawn_why = now(), rules.checked_words(reason, field="reason")[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    write(row.subject, "publications.withdraw", by=by, facts={"until": row.until.isoformat()})
    return row


@act("publications.object")
def object_to(
    publication_id: int, *, by: Viewer, words: str, contact: str = "", form: str = ""
) -> PublicationObjection:
    """Take down what somebody objects to a notice that is up; anybody may, with or without a telephone.

    The same `form` sent twice is the same objection.
    """
    row = _row(publication_id)
    if form and (sent := PublicationObjection.objects.filter(publication=row, form=form).first()):
        unchanged()
        return sent
    showing = rules.state(until=row.until, withdrawn=row.withdrawn_at is not None, at=now()) == "showing"
    rules.check_may_object(row.objection_to, showing=showing)
    said = rules.checked_words(words, field="words")
    calendar = calendar_for(edition_by_digest(row.edition), row.area_path)
    due = count(now(), parse_duration(row.objection_within), calendar).due_at
    assert due is not None  # nothing pauses an answer
    objection = PublicationObjection(publication=row, made_at=now(), due_at=due, form=form or None)
    objection.words_sealed = seal_for(row.subject, said)
    objection.contact_sealed = seal_for(row.subject, contact.strip()[:60]) if contact.strip() else None
    objection.save(force_insert=True)
    write(row.subject, "publications.object", by=by, facts={"objection": objection.pk, "due": due.isoformat()})
    return objection


@act("publications.answer")
def answer(objection_id: int, *, by: Viewer, upheld: bool, words: str) -> PublicationObjection:
    """Answer an objection, by the post that the pack names."""
    found = PublicationObjection.objects.select_for_update().filter(pk=objection_id).first()
    if found is None:
        raise Refused("objection-unknown", say="没有这条异议。", have=objection_id)
    row = _row(found.publication_id)
    by.require_reach(row.area_path)
    rules.check_may_answer(row.objection_to, by)
    if found.answered_at is not None:
        raise Refused("objection-answered", say="这条异议已经答复过了。", have=objection_id)
    found.answered_at, found.upheld = now(), upheld
    found.answer_sealed = seal_for(row.subject, rules.checked_words(words, field="answer"))
    found.save(update_fields=["answered_at", "upheld", "answer_sealed"])
    late = found.answered_at > found.due_at
    facts = {"objection": found.pk, "upheld": upheld, "late": late}
    write(row.subject, "publications.answer", by=by, facts=facts)
    return found


@act("publications.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the notices of a moved area its new path; how many there were."""
    columns = ((Publication, "area_path"),)
    return carry_all(columns, "publications-moved", "publications.follow-move", by=by, old=old_path, new=new_path)


def _row(publication_id: int) -> Publication:
    row = Publication.objects.select_for_update().filter(pk=publication_id).first()
    if row is None:
        raise Refused("not-found", say="没有这张公示。", have=publication_id)
    return row
