"""Every write of the record: opening, writing, announcing, sealing, erasing, the daily root, delivery."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from youying.kernel.merkle import Frontier, leaf_hash
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.sealing import Purpose, rewrap_data_key, seal
from youying.kernel.viewers import Viewer
from youying.record import acts, anchors, book, rules
from youying.record.acts import act
from youying.record.events import LISTENERS, SubjectErased, event_from
from youying.record.keys import ring
from youying.record.models import Announcement, Entry, Head, Root
from youying.record.queries import unseal_for
from youying.record.reaching import require_reached

__all__ = [
    "Draft",
    "accept_shorter",
    "announce",
    "deliver",
    "erase",
    "forget_delivered",
    "give_leaves",
    "give_up",
    "lock",
    "open_next",
    "open_subject",
    "retry",
    "rewrap",
    "rotate",
    "seal_day",
    "seal_for",
    "unseal_for",
    "write",
    "write_many",
]

GIVE_LEAVES = """
    UPDATE record_entry SET leaf = fresh.place
    FROM (SELECT id AS fresh_id, %s + row_number() OVER (ORDER BY id) - 1 AS place
          FROM record_entry WHERE leaf IS NULL AND at < %s ORDER BY id LIMIT %s) AS fresh
    WHERE record_entry.id = fresh.fresh_id"""
HEADS_AT_ONCE = 500
LEAVES_AT_ONCE = 50_000
logger = logging.getLogger(__name__)


def open_subject(subject: str, *, series: str = "") -> book.Standing:
    """Open the chain of a new subject and give it the next serial of its series (its kind, where none is named).

    One statement, which locks the series until commit: serials have no gap. The first entry must follow in the act.
    """
    return book.open_head(subject, series=series)


def open_next(series: str, *, subject_of: Callable[[int], str]) -> book.Standing:
    """Open the chain of a new subject whose name is made from the serial that it draws from the series."""
    return book.open_next(series, subject_of=subject_of)


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
    opened_here = {draft.subject for draft in drafts if draft.series is not None}
    book.lock(draft.subject for draft in drafts if draft.subject not in opened_here)
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
    rules.check_reason_code(reason)
    if subject not in book.lock([subject]):
        raise Refused("subject-unknown", say=f"留痕里没有“{subject[:80]}”，请核对编号或名字。", have=subject[:80])
    standing = book.head_of(subject)
    if standing.erased_at is not None:
        raise Refused("subject-erased", say="这份资料的个人信息早已删除，不必再删。", have=subject)
    entry = write(subject, rules.ERASING_ACT, by=by, facts={"reason": reason})
    book.book().put(replace(book.head_of(subject), data_key=None, erased_at=now()))
    announce(SubjectErased(subject, reason), subject=subject)
    return entry


@act(rules.SEALING_ACT)
def seal_day(day: date, *, by: Viewer) -> Root:
    """Give every entry up to the end of a day its leaf and store the root of the tree (RFC 6962); once a day.

    Days that were missed go into the next root. Refused while the day is not over in the installation's zone.
    """
    end = _end_of(day)
    if end > now():
        raise Refused("day-not-over", say=f"{day} 还没有过完，过了零点才能封存。", have=now().isoformat())
    if rules.ROOTS_SUBJECT not in book.lock([rules.ROOTS_SUBJECT]):
        open_subject(rules.ROOTS_SUBJECT)
    last = Root.objects.order_by("-day").first()
    if last is not None and last.day >= day:
        acts.unchanged()
        return last
    root = _grow(last, day=day, end=end)
    root.save(force_insert=True)
    write(rules.ROOTS_SUBJECT, rules.SEALING_ACT, by=by, facts=_said(root))
    return root


def give_leaves(day: date) -> int:
    """Give up to 50,000 entries of a day, or of days before, their leaves; how many.

    Called until it gives 0 before `seal_day`, so that a large import never keeps other writers waiting for long.
    """
    with transaction.atomic():
        list(Head.objects.select_for_update().filter(subject=rules.ROOTS_SUBJECT))
        return _give_leaves(_end_of(day), most=LEAVES_AT_ONCE)


def _give_leaves(end: datetime, *, most: int) -> int:
    last = Entry.objects.aggregate(last=Max("leaf"))["last"]
    first = 0 if last is None else last + 1
    with connection.cursor() as cursor:
        cursor.execute(GIVE_LEAVES, [first, connection.ops.adapt_datetimefield_value(end), most])
        return cursor.rowcount


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone(settings.YOUYING_ZONE))


def _said(root: Root) -> dict[str, Any]:
    return {"day": str(root.day), "size": root.size, "root": root.root.hex()}


def _grow(last: Root | None, *, day: date, end: datetime) -> Root:
    frontier = Frontier.from_bytes(last.frontier) if last else Frontier()
    while _give_leaves(end, most=LEAVES_AT_ONCE):
        pass
    fresh = Entry.objects.filter(leaf__gte=frontier.size).order_by("leaf").values_list("hash", flat=True)
    frontier.extend(leaf_hash(bytes(hash)) for hash in fresh.iterator(chunk_size=5000))
    return Root(day=day, size=frontier.size, root=frontier.root(), frontier=frontier.to_bytes(), sealed_at=now())


@act("record.accept-shorter", power="audit")
def accept_shorter(*, by: Viewer, reason: str) -> Entry:
    """Go on with a book that is shorter than its anchor says, after a restore: what the anchor knew is written down.

    `reason` is a code. The caller moves the anchor afterwards, with `anchors.keep(accepting=True)`.
    """
    rules.check_reason_code(reason)
    before = anchors.held()
    if before is None or not anchors.shorter_than(before):
        raise Refused("book-not-shorter", say="留痕并不比锚短，没有什么要接受的。")
    if rules.ANCHORS_SUBJECT not in book.lock([rules.ANCHORS_SUBJECT]):
        open_subject(rules.ANCHORS_SUBJECT)
    said = ("entries", "last_id", "last_hash", "size", "root", "day")
    facts = {name: getattr(before, name) for name in said} | {"made_at": rules.moment_text(before.made_at)}
    return write(
        rules.ANCHORS_SUBJECT,
        "record.accept-shorter",
        by=by,
        facts={"anchor": facts, "reason": reason, "entries": Entry.objects.count()},
    )


@act("record.rotate", power="audit")
def rotate(purpose: Purpose, *, by: Viewer) -> str:
    """Make a new key for a purpose; values sealed from now on use it, older ones stay readable. Its id."""
    key = ring().rotate(purpose)
    if rules.KEYS_SUBJECT not in book.lock([rules.KEYS_SUBJECT]):
        open_subject(rules.KEYS_SUBJECT)
    write(rules.KEYS_SUBJECT, "record.rotate", by=by, facts={"purpose": purpose, "key": key.key_id})
    return key.key_id


@act("record.rewrap", power="audit")
def rewrap(*, by: Viewer, after: str = "") -> str | None:
    """Move the next heads to the current master and head keys; where to go on from, None when all have moved."""
    subjects = list(
        Head.objects.filter(subject__gt=after).order_by("subject").values_list("subject", flat=True)[:HEADS_AT_ONCE]
    )
    if not subjects:
        acts.unchanged()
        return None
    heads = book.lock(subjects)
    for subject in subjects:
        wrapped = heads[subject].data_key
        if wrapped is not None:
            wrapped = rewrap_data_key(ring(), wrapped, bound_to=subject.encode())
        book.book().put(replace(heads[subject], data_key=wrapped))
    if rules.KEYS_SUBJECT not in book.lock([rules.KEYS_SUBJECT]):
        open_subject(rules.KEYS_SUBJECT)
    write(rules.KEYS_SUBJECT, "record.rewrap", by=by, facts={"heads": len(subjects)})
    return subjects[-1]


def deliver(*, limit: int = 100, stopping: Callable[[], bool] = lambda: False) -> int:
    """Hand due announcements to their listeners, in order per subject; how many arrived.

    Safe from many processes at once. Each goes in one transaction with the mark that it came, so that a killed
    process neither loses nor doubles its effect. A failure is tried again after a pause, and at last is stuck.
    """
    arrived = 0
    while arrived < limit and not stopping():
        ids = list(_due().values_list("id", flat=True)[: limit - arrived])
        came = sum(_deliver_one(number) for number in ids if not stopping())
        if not came:
            break
        arrived += came
    return arrived


def _due() -> QuerySet[Announcement]:
    """What may go now: nothing that an earlier one for the same subject and listener still waits before."""
    earlier = Announcement.objects.filter(
        subject=OuterRef("subject"), listener=OuterRef("listener"), delivered_at__isnull=True, id__lt=OuterRef("id")
    )
    ready = Announcement.objects.filter(delivered_at__isnull=True, stuck=False, try_at__lte=now())
    return ready.filter(~Exists(earlier)).order_by("id")


def _deliver_one(number: int) -> bool:
    try:
        with transaction.atomic():
            row = _due().select_for_update(skip_locked=True).filter(id=number).first()
            if row is None:
                return False
            _hand_over(row)
            Announcement.objects.filter(id=number).update(delivered_at=now(), error="")
            return True
    except Exception as error:
        logger.exception("announcement %s could not be delivered", number)
        _note_failure(number, error=error)
        return False


def _hand_over(row: Announcement) -> None:
    listening = LISTENERS.get(row.listener)
    if listening is None:
        raise book.BookError(f"nobody is called {row.listener} any more")
    listening.function(event_from(row.payload, listening.event), key=row.key)


def _note_failure(number: int, *, error: Exception) -> None:
    """Count the try; of the error only its kind is kept, because its words may hold personal values."""
    words = f"{error.code}" if isinstance(error, Refused) else type(error).__name__
    with transaction.atomic():
        row = Announcement.objects.select_for_update().get(id=number)
        tries = row.tries + 1
        Announcement.objects.filter(id=number, delivered_at__isnull=True).update(
            tries=tries, try_at=now() + rules.pause_after(tries), stuck=rules.is_stuck(tries), error=words[:300]
        )


@act("record.retry", power="audit")
def retry(number: int, *, by: Viewer) -> None:
    """Send a stuck announcement on its way again; refused where its subject does not lie within reach."""
    row = _stuck(number, by=by)
    write(row.subject, "record.retry", by=by, facts={"listener": row.listener, "key": row.key})
    Announcement.objects.filter(id=number).update(stuck=False, tries=0, try_at=now())


@act("record.give-up", power="audit")
def give_up(number: int, *, by: Viewer, reason: str) -> None:
    """Give up on a stuck announcement, so that later ones for the same subject can pass; `reason` is a code.

    Refused where its subject does not lie within reach.
    """
    row = _stuck(number, by=by)
    facts = {"listener": row.listener, "key": row.key, "reason": reason}
    write(row.subject, "record.give-up", by=by, facts=facts)
    Announcement.objects.filter(id=number).update(stuck=False, delivered_at=now(), error=f"given up: {reason}"[:300])


def _stuck(number: int, *, by: Viewer) -> Announcement:
    row = Announcement.objects.select_for_update().filter(id=number, stuck=True, delivered_at__isnull=True).first()
    if row is None:
        raise Refused("announcement-not-stuck", say="这条通知没有卡住，可能已经送达。请刷新页面再看。", have=number)
    require_reached(by, row.subject)
    return row


def forget_delivered(*, days: int = 30) -> int:
    """Remove announcements that arrived more than so many days ago; how many."""
    return Announcement.objects.filter(delivered_at__lt=now() - timedelta(days=days)).delete()[0]
