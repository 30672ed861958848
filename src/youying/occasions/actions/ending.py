"""Occasions that end undone because there is nobody and nothing left to do them to, and those that move with a place."""

from __future__ import annotations

from collections.abc import Iterable

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.occasions.actions.doing import opened
from youying.occasions.models import Campaign, Course, Occasion
from youying.people.actions.carrying import carry_all
from youying.people.models import RegisterEntry
from youying.places.models import Building, Home
from youying.record.actions import erase, write
from youying.record.acts import act, unchanged
from youying.record.queries import unerased

GONE = {
    "home": lambda pk: Home.objects.filter(pk=pk, closed_at=None, building__closed_at=None),
    "building": lambda pk: Building.objects.filter(pk=pk, closed_at=None),
    "matter": lambda pk: Matter.objects.filter(pk=pk, ended_at=None),
    "register-entry": lambda pk: RegisterEntry.objects.filter(pk=pk, left_at=None),
}


def is_gone(row: Occasion) -> bool:
    """Whether what an occasion is about was closed, has ended or has left its register since it was laid out."""
    kind, _, key = row.key.partition(":")
    return kind in GONE and key.isdecimal() and not GONE[kind](int(key)).exists()


def end_undone(row: Occasion, reason: str, *, by: Viewer) -> None:
    """End one locked occasion with a house reason; its entry says so."""
    opened(row)
    row.reason, row.ended_at, row.ring_at = reason, now(), None
    row.version += 1
    row.save(update_fields=["reason", "ended_at", "ring_at", "version"])
    write(row.subject, "occasions.let-go", by=by, facts={"reason": reason})


@act("occasions.let-go")
def let_go(keys: Iterable[str], *, by: Viewer, reason: str) -> int:
    """End the open occasions of whoever or whatever is there no more, with a house reason; how many."""
    if by.kind != "system":
        raise Refused("no-power", say="对象移出以后，没做的由系统自己结束。")
    rows = list(Occasion.objects.select_for_update().filter(key__in=list(keys), ended_at=None).order_by("pk"))
    if not rows:
        unchanged()
    for row in rows:
        end_undone(row, reason, by=by)
    return len(rows)


@act("occasions.forget")
def forget(subject: str, *, by: Viewer, reason: str) -> int:
    """Erase what visits wrote down of a person whose file was erased, and end what was still due; how many."""
    if by.kind != "system":
        raise Refused("no-power", say="个人信息由系统随档案一起删除。")
    entries = [row.subject for row in RegisterEntry.objects.filter(key=subject)]
    rows = list(Occasion.objects.select_for_update().filter(key__in=[subject, *entries]).order_by("pk"))
    for row in rows:
        if row.ended_at is None:
            end_undone(row, "erased", by=by)
    still = unerased([*entries, *(row.subject for row in rows)])
    for one in still:
        erase(one, by=by, reason=reason)
    if not rows and not still:
        unchanged()
    return len(still)


@act("occasions.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the occasions, campaigns and courses at or below a moved place its new path; how many rows there were."""
    by.require_reach(old_path)
    columns = ((Occasion, "path"), (Occasion, "area_path"), (Campaign, "path"), (Course, "path"))
    return carry_all(columns, "occasions-moved", "occasions.follow-move", by=by, old=old_path, new=new_path)
