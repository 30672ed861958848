"""Handing over at the end of a shift, and what the clock does about shifts without anybody and notes not written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people import roster_rules as rules
from youying.people.actions.rosters import lapse_swaps, lock_people, put, shift_in_hand, tell, when
from youying.people.models import HandOver, Shift, Swap
from youying.people.on_duty import LOOKED_BACK, able, keepers, keeps, live, next_shift
from youying.people.roster_events import HandOverRead
from youying.places.queries import path_words
from youying.record.actions import announce, seal_for, write
from youying.record.acts import act, unchanged

MOST_WORDS, MOST_NUMBERS = 1000, 200


@act("people.write-hand-over")
def write_hand_over(shift_id: int, *, note: str, numbers: Sequence[str], by: Viewer) -> HandOver:
    """Write what the next one has to know at the end of one's shift: the open matters by number, the rest in words.

    Writing it again before it is read corrects it. Who minds the roster may write it for somebody who cannot.
    """
    lock_people([by.account_id])
    row = shift_in_hand(shift_id)
    on_it = row.account_id is not None and row.account_id == by.account_id
    rules.may_write(on_it=on_it, keeps=keeps(by, row.path), ends_at=row.ends_at, at=now())
    words = note.strip()
    if len(words) > MOST_WORDS:
        raise Refused("words-unfit", say=f"最多写{MOST_WORDS}个字。", have=len(words), need=MOST_WORDS, field="note")
    if not words and not numbers:
        raise Refused("words-missing", say="请写一句，没有事也写“无事”。", field="note")
    found = HandOver.objects.select_for_update().filter(shift=row).first()
    if found and found.read_at:
        raise Refused("hand-over-read", say="接班的人已经看过了，不能再改；有补充请直接告诉接班的人。")
    kept = found or HandOver(shift=row)
    kept.written_by_id, kept.written_at = by.account_id or 0, now()
    kept.numbers = list(dict.fromkeys(numbers))[:MOST_NUMBERS]
    kept.note_sealed = seal_for(row.subject, words) if words else None
    kept.save()
    facts = {"matters": kept.numbers, "again": found is not None}
    write(row.subject, "people.write-hand-over", by=by, facts=facts, sealed={"note": words} if words else None)
    if taker := next_shift(row):
        tell(row, "hand-over-written", [taker.account_id], f"{when(row)}的{row.title}交接班记录写好了，请看过确认。")
    return kept


@act("people.read-hand-over")
def read_hand_over(shift_id: int, *, by: Viewer) -> HandOver:
    """Confirm as the one who takes over that the note was read; what waited with the last one waits with them now."""
    lock_people([by.account_id])
    row = shift_in_hand(shift_id)
    kept = HandOver.objects.select_for_update().filter(shift=row).first()
    if kept is None:
        raise Refused("hand-over-missing", say="这一班还没有写交接班记录。", have=shift_id)
    taker = next_shift(row)
    next_one = taker is not None and taker.account_id == by.account_id
    wrote = kept.written_by_id == by.account_id
    rules.may_read(next_one=next_one, keeps=keeps(by, row.path), wrote=wrote, read=kept.read_at is not None)
    kept.read_by_id, kept.read_at = by.account_id, now()
    kept.save(update_fields=["read_by", "read_at"])
    write(row.subject, "people.read-hand-over", by=by, facts={"matters": kept.numbers})
    reader = taker.account_id if taker and taker.account_id else by.account_id
    event = HandOverRead(row.pk, row.account_id or 0, reader or 0, taker.pk if taker else None)
    announce(event, subject=row.subject)
    return kept


@act("people.mind-rosters")
def mind_rosters(*, by: Viewer) -> int:
    """Tell who minds a roster, once, of a shift that begins soon with nobody on it and of a note that is late.

    Open swaps of shifts that have begun lapse. Safe to run twice and on many machines; returns how much was told.
    """
    if by.kind != "system":
        raise Refused("no-power", say="值班表由系统自己盯。")
    at = now()
    rows = _due(at)
    told = sum(_tell_uncovered(row, by=by) for row in rows if row.begins_at > at)
    told += sum(_tell_late(row, at, by=by) for row in rows if row.noteless)
    begun = [row for row in rows if row.begins_at <= at and row.swapping]
    lapse_swaps(row.pk for row in begun)
    for row in begun:
        write(row.subject, "people.mind-rosters", by=by, facts={"swap": "lapsed"})
    if not told and not begun:
        unchanged()
    return told


def _due(at: datetime) -> list[Any]:
    """The shifts that the clock may have something to do about, locked at once and in one order.

    Those of the next day that are not told of yet, those that ended without a note, those that began with an open swap.
    """
    soon = Q(told_at=None, begins_at__gt=at, begins_at__lte=at + rules.TELL_BEFORE)
    late = Q(ends_at__lt=at - rules.WRITE_BY, ends_at__gt=at - LOOKED_BACK, account__isnull=False, note_told_at=None)
    open_swaps = Swap.objects.filter(shift=OuterRef("pk"), answer="")
    rows = live().annotate(
        noteless=ExpressionWrapper(
            late & ~Exists(HandOver.objects.filter(shift=OuterRef("pk"))), output_field=BooleanField()
        ),
        swapping=Exists(open_swaps),
    )
    due = soon | Q(noteless=True) | Q(begins_at__lte=at, swapping=True)
    return list(rows.filter(due).select_for_update(of=("self",)).order_by("pk"))


def _tell_uncovered(row: Shift, *, by: Viewer) -> bool:
    before = row.account_id
    if before and before in able(row.path, row.posts, at=row.begins_at):
        return False
    if before:
        row.account_id = None
        put(row, "people.mind-rosters", by=by, facts={"before": before, "uncovered": True})
    else:
        write(row.subject, "people.mind-rosters", by=by, facts={"uncovered": True})
    row.told_at = now()
    row.save(update_fields=["told_at"])
    tell(row, "uncovered", keepers(row.path), f"{path_words(row.path)}{when(row)}的{row.title}还没有人值，请排人。")
    return True


def _tell_late(row: Shift, at: datetime, *, by: Viewer) -> bool:
    row.note_told_at = at
    row.save(update_fields=["note_told_at"])
    write(row.subject, "people.mind-rosters", by=by, facts={"note": "late"})
    told = (row.account_id, *keepers(row.path))
    tell(row, "note-late", told, f"{path_words(row.path)}{when(row)}的{row.title}还没有写交接班记录。")
    return True
