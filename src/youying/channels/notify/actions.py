"""Keeping notices, and saying that one was seen or told."""

from __future__ import annotations

from datetime import timedelta

from youying.channels.notify.models import Notice
from youying.channels.notify.queries import mine
from youying.channels.notify.rules import REPORTER, Word
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import add_words
from youying.matters.queries import find, speakers
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged

DAYS_KEPT = 14


@act("notify.keep")
def keep(word: Word, *, key: str, by: Viewer) -> Notice:
    """Keep one notice, once for its key however often the announcement comes."""
    row, new = Notice.objects.get_or_create(
        key=key[:160],
        defaults={
            "audience": word.audience,
            "post_code": word.post_code,
            "unit_id": word.unit_id,
            "area_path": word.area_path,
            "matter_id": word.matter_id,
            "reporter_id": word.reporter_id,
            "account_id": word.account_id,
            "number": word.number,
            "meeting": word.meeting,
            "say": word.say[:200],
            "at": now(),
        },
    )
    if not new:
        unchanged()
        return row
    open_subject(row.subject)
    write(row.subject, "notify.keep", by=by, facts={"audience": row.audience, "matter": row.number})
    return row


@act("notify.seen")
def seen(notice_id: int, *, by: Viewer) -> Notice:
    """Take a notice off one's list; one for a reporter counts as told, which the matter's own record keeps."""
    row = Notice.objects.select_for_update().filter(mine(by), pk=notice_id).first()
    if row is None:
        raise Refused("not-found", say="没有这条通知，或不是给您的。")
    if row.seen_at is not None:
        unchanged()
        return row
    row.seen_at = now()
    row.save(update_fields=["seen_at"])
    write(row.subject, "notify.seen", by=by, facts={"audience": row.audience, "matter": row.number})
    if row.audience == REPORTER:
        _told(row, by=by)
    return row


def _told(row: Notice, *, by: Viewer) -> None:
    """Leave a line in the story of a matter that still runs, and settle what was to be told of it before."""
    mine = {"matter_id": row.matter_id, "reporter_id": row.reporter_id}
    older = Notice.objects.filter(**mine, audience=REPORTER, seen_at=None, pk__lt=row.pk)
    older.update(seen_at=row.seen_at)
    if find(SYSTEM, row.number).ended_at is None:
        add_words(row.matter_id or 0, by=by, words=f"已告诉居民：{row.say}")


def settle_answered(number: str, *, spoke: int) -> int:
    """Whoever has just given their word on a matter knows how it stands: nobody need tell them what came before.

    `spoke` is their row, 0 where nobody had to say who. How many notices that settles.
    """
    matter = find(SYSTEM, number)
    known = seen_by_reporter(*speakers(matter, spoke))
    if spoke:
        return known
    nameless = Notice.objects.filter(matter_id=matter.pk, reporter_id=None, audience=REPORTER, seen_at=None)
    return known + nameless.update(seen_at=now())


def seen_by_reporter(*reporter_ids: int) -> int:
    """The reporter has read the matter's page or given a word, whichever rows they are known by: nobody need tell this one any more.

    How many notices that settles.
    """
    return Notice.objects.filter(reporter_id__in=reporter_ids, audience=REPORTER, seen_at=None).update(seen_at=now())


@act("notify.expire")
def expire(*, by: Viewer, days: int = DAYS_KEPT) -> int:
    """Take old notices off every list: whoever needed them has the matter itself; returns how many.

    What a reporter is still to be told stays: nobody else knows it, and without it they were not answered.
    """
    if by.kind != "system":
        raise Refused("no-power", say="过期的通知由系统自己收起。")
    old = Notice.objects.filter(seen_at=None, at__lt=now() - timedelta(days=days)).exclude(audience=REPORTER)
    gone = old.update(seen_at=now())
    if not gone:
        unchanged()
        return 0
    subject = f"expiry:{now():%Y%m%d%H%M%S%f}"
    open_subject(subject)
    write(subject, "notify.expire", by=by, facts={"count": gone, "days": days})
    return gone
