"""Every write of the record: opening, writing, announcing, sealing, erasing, the daily root, delivery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.sealing import seal
from youying.kernel.viewers import Viewer
from youying.record import acts, book, rules
from youying.record.acts import act
from youying.record.events import SubjectErased
from youying.record.models import Entry

__all__ = ["announce", "erase", "lock", "open_subject", "seal_for", "write", "write_many"]


def open_subject(subject: str, *, series: str = "") -> book.Standing:
    """Open the chain of a new subject and give it the next serial of its series (its kind, where none is named).

    One statement, which locks the series until commit: serials have no gap. The first entry must follow in the act.
    """
    return book.open_head(subject, series=series)


def lock(*subjects: str) -> None:
    """Lock the heads of several subjects at once, in one statement and always in the same order."""
    book.lock(subjects)


def write(
    subject: str,
    act: str,
    *,
    by: Viewer,
    facts: dict[str, Any],
    sealed: dict[str, Any] | None = None,
    origin: str = "",
) -> Entry:
    """Add one entry; it reaches the database when the outermost act ends, and has its `id` from then on.

    `facts` hold no personal value and no free text: those go into `sealed`, encrypted under the subject's data key.
    """
    return book.chain(subject, act, by=by, facts=facts, sealed=sealed, origin=origin or acts.origin())


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry to be written among many; `series` opens its subject first."""

    subject: str
    act: str
    by: Viewer
    facts: dict[str, Any]
    sealed: dict[str, Any] | None = None
    origin: str = ""
    series: str | None = field(default=None)


def write_many(drafts: Iterable[Draft]) -> list[Entry]:
    """Add many entries, equal to those that `write` makes one by one, with all heads locked in one statement."""
    drafts = list(drafts)
    book.lock(draft.subject for draft in drafts if draft.series is None)
    return [_write_draft(draft) for draft in drafts]


def _write_draft(draft: Draft) -> Entry:
    if draft.series is not None:
        open_subject(draft.subject, series=draft.series)
    return write(draft.subject, draft.act, by=draft.by, facts=draft.facts, sealed=draft.sealed, origin=draft.origin)


def announce(event: Any, *, subject: str) -> None:
    """Tell whoever listens that something happened to a subject on which this act leaves an entry."""
    book.book().events.append((event, subject))


def seal_for(subject: str, plaintext: str) -> bytes:
    """Encrypt a value under the subject's data key, which is made with the first value; refused once erased."""
    return seal(book.data_key_of(book.head_of(subject)), plaintext.encode(), rules.bound_to_value(subject))


@act("record.erase", power="audit")
def erase(subject: str, *, by: Viewer, reason: str) -> Entry:
    """Destroy the data key of a subject: its entries stay whole and provable, its personal values are gone.

    `reason` is a code (the retention rule, the person's request), never free text.
    """
    standing = book.head_of(subject)
    if standing.erased_at is not None:
        raise Refused("subject-erased", say="这份资料的个人信息早已删除，不必再删。", have=subject)
    entry = write(subject, rules.ERASING_ACT, by=by, facts={"reason": reason})
    book.book().put(replace(book.head_of(subject), data_key=None, erased_at=now()))
    announce(SubjectErased(subject, reason), subject=subject)
    return entry
