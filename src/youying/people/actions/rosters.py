"""Planning duty: the shifts of a month, who is on each, and what is told before nobody is.

People lies below the adopted packs: the caller hands in the roster that holds at the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import IntegrityError
from django.db.models import Q

from youying.access.models import Account, Post
from youying.access.queries import within
from youying.access.rules import phone_that_fits
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people import roster_rules as rules
from youying.people.models import Shift, Swap
from youying.people.on_duty import able, holders, keepers, live
from youying.people.roster_events import DutyTold
from youying.people.roster_rules import Load, RosterSaid, Spell
from youying.places.queries import path_words, zone_of
from youying.record.actions import Draft, announce, write, write_many
from youying.record.acts import act, attempt, unchanged

BOOKED_AROUND = timedelta(days=2)
"""So far before and after a month shifts are looked at for who is rested."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan came to: new shifts, those that found somebody, those that nobody could take."""

    added: int
    covered: int
    uncovered: int


@act("people.plan-shifts", power="rosters")
def plan_shifts(said: RosterSaid, *, month: date, by: Viewer, phone: str = "") -> Planned:
    """Make the shifts of a month that the roster says and that are not planned yet, and share them out fairly.

    Who is planned already stays. A shift that nobody can take stands uncovered, to be seen. Refused where nobody holds
    a post of the roster.
    """
    by.require_reach(said.path)
    at, phone = now(), phone_that_fits(phone)
    first, last = rules.month_asked(month, today=local(at, said.zone).date())
    wanted = [one for one in rules.spells(said.roster, first, last, said.zone) if one.begins_at > at]
    people = holders(said.path, said.roster.posts)
    if not people:
        titles = "、".join(said.roster.posts)
        say = f"“{said.roster.title}”要由这些岗位轮值：{titles}，这里还没有人在岗。请先任命，再排班。"
        raise Refused("nobody-to-plan", say=say, need=list(said.roster.posts))
    lock_people(post.account_id for post in people)
    held = {row.begins_at: row for row in standing(said, wanted)}
    open_spells = [one for one in wanted if (row := held.get(one.begins_at)) is None or row.account_id is None]
    if not open_spells:
        unchanged()
        return Planned(0, 0, 0)
    turns = rules.rotate(open_spells, [p.account_id for p in people], loads=_loads(said, people, wanted), said=said)
    return _store(said, turns, held, phone=phone or phone_of(people), by=by)


def standing(said: RosterSaid, wanted: Sequence[Spell]) -> list[Shift]:
    """The shifts of the roster between the first and the last of these spells, locked."""
    if not wanted:
        return []
    inside = live().filter(path=said.path, roster=said.code, begins_at__gte=wanted[0].begins_at)
    return list(inside.filter(begins_at__lte=wanted[-1].begins_at).select_for_update().order_by("pk"))


def phone_of(people: Sequence[Post]) -> str:
    """The office number of the first unit that has one."""
    return next((post.unit.phone for post in people if post.unit and post.unit.phone), "")


def _loads(said: RosterSaid, people: Sequence[Post], wanted: Sequence[Spell]) -> dict[int, Load]:
    """What each carries in the month already, and everything they are booked for around it."""
    loads = {post.account_id: Load() for post in people}
    since, until = wanted[0].begins_at - BOOKED_AROUND, wanted[-1].ends_at + BOOKED_AROUND
    first = rules.month_of(wanted[0].day)[0]
    near = live().filter(account__in=loads, ends_at__gt=since, begins_at__lt=until)
    month = Q(path=said.path, roster=said.code, day__gte=first, day__lte=wanted[-1].day)
    for row in live().filter(account__in=loads).filter(month | Q(pk__in=near.values("pk"))):
        spell, load = spell_of(row), loads[row.account_id or 0]
        if (row.path, row.roster) == (said.path, said.code) and first <= row.day:
            load.take(spell, zone=said.zone, off=said.days_off)
        else:
            load.booked.append(spell)
    return loads


def spell_of(row: Shift) -> Spell:
    """The time of a stored shift."""
    return Spell(row.day, row.begins_at, row.ends_at)


def _store(
    said: RosterSaid, turns: Sequence[tuple[Spell, int | None]], held: dict[datetime, Shift], *, phone: str, by: Viewer
) -> Planned:
    fresh = [row_of(said, spell, account, phone) for spell, account in turns if spell.begins_at not in held]
    filled = [(held[spell.begins_at], account) for spell, account in turns if account and spell.begins_at in held]
    keep_new(fresh)
    for row, account in filled:
        row.account_id, row.version, row.told_at = account, row.version + 1, None
    Shift.objects.bulk_update([row for row, _account in filled], ["account", "version", "told_at"])
    told = {"edition": said.edition, "rest_hours": said.rest.total_seconds() / 3600}
    drafts = [drafted(row, "people.plan-shifts", by=by, told=told, fresh=True) for row in fresh]
    drafts += [drafted(row, "people.plan-shifts", by=by, told=told) for row, _account in filled]
    if not drafts:
        unchanged()
        return Planned(0, 0, len(turns))
    write_many(drafts)
    covered = sum(account is not None for _spell, account in turns)
    return Planned(len(fresh), covered, len(turns) - covered)


def row_of(said: RosterSaid, spell: Spell, account: int | None, phone: str) -> Shift:
    """A new shift of a roster, with its posts and its rule for swaps as they hold now."""
    return Shift(
        path=said.path,
        roster=said.code,
        title=said.roster.title[:60],
        posts=list(said.roster.posts),
        day=spell.day,
        begins_at=spell.begins_at,
        ends_at=spell.ends_at,
        day_off=spell.day in said.days_off,
        account_id=account,
        phone=phone,
        keeper_yes=said.keeper_yes,
    )


def keep_new(rows: Sequence[Shift]) -> None:
    """Store new shifts; refused where somebody else has just planned the same."""
    try:
        with attempt():
            Shift.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused("roster-changed", say="刚才有人排了同样的班，请刷新再看。") from None


def facts_of(row: Shift) -> dict[str, Any]:
    """A shift as its entries say it."""
    return {
        "place": row.path,
        "roster": row.roster,
        "begins_at": row.begins_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "account": row.account_id,
    }


def number_of(row: Shift) -> dict[str, Any] | None:
    """The number shown for a shift as its entries keep it, sealed; nothing where none is shown."""
    return {"phone": row.phone} if row.phone else None


def drafted(row: Shift, act_name: str, *, by: Viewer, told: Mapping[str, Any], fresh: bool = False) -> Draft:
    """The entry of one shift among many; a fresh one opens its own record."""
    return Draft(
        row.subject,
        act_name,
        by,
        facts=facts_of(row) | dict(told),
        sealed=number_of(row),
        series="" if fresh else None,
    )


def lock_people(accounts: Iterable[int | None]) -> dict[int, Account]:
    """The accounts by key, locked in one order, so that two plans never book the same person at once.

    Every act of duty locks people first, then shifts, then swaps, each by key: so no two wait for each other.
    """
    keys = sorted({one for one in accounts if one})
    found = Account.objects.select_for_update(no_key=True).filter(pk__in=keys)
    return {row.pk: row for row in found.order_by("pk")}


def lock_shifts(shift_ids: Iterable[int | None]) -> dict[int, Shift]:
    """The shifts that stand by key, locked in one order, after the people on them."""
    keys = sorted({one for one in shift_ids if one})
    return {row.pk: row for row in live().select_for_update().filter(pk__in=keys).order_by("pk")}


def shift_in_hand(shift_id: int, *, expected_version: int | None = None) -> Shift:
    """A shift that stands, locked; refused where it changed since it was shown."""
    row = of_those(lock_shifts([shift_id]), shift_id)
    if expected_version is not None and expected_version != row.version:
        say = "这一班刚才被别人改过，请看清现在的安排再改。"
        raise Refused("shift-changed", say=say, have=expected_version, need=row.version)
    return row


def of_those(rows: Mapping[int, Shift], shift_id: int) -> Shift:
    """One of some locked shifts; refused where it does not stand any more."""
    if shift_id not in rows:
        raise Refused("not-found", say="没有这一班，可能已经取消。", have=shift_id)
    return rows[shift_id]


def check_fits(row: Shift, account: Account, *, giving_up: Shift | None = None) -> None:
    """Refuse somebody who does not hold the roster's posts there, is disabled, or has another shift at that time."""
    holds = account.active and account.pk in able(row.path, row.posts)
    rules.refuse_not_holder(account.name, holds=holds, posts="、".join(row.posts))
    near = live().filter(account=account, begins_at__lt=row.ends_at, ends_at__gt=row.begins_at)
    others = near.exclude(pk__in=[one.pk for one in (row, giving_up) if one])
    rules.refuse_double(account.name, spell_of(row), booked=[spell_of(one) for one in others])


@act("people.assign-shift", power="rosters")
def assign_shift(
    shift_id: int, *, account_id: int | None, by: Viewer, phone: str | None = None, expected_version: int | None = None
) -> Shift:
    """Put somebody else on a shift that has not begun, or nobody; the number shown may change with it.

    A correction is the same act again. Open swaps of the shift lapse; both are told who is on it now.
    """
    people = lock_people([account_id])
    row = shift_in_hand(shift_id, expected_version=expected_version)
    by.require_reach(row.path)
    rules.refuse_past(row.begins_at, at=now())
    number = row.phone if phone is None else phone_that_fits(phone)
    if (row.account_id, row.phone) == (account_id, number):
        unchanged()
        return row
    if account_id and account_id != row.account_id:
        if account_id not in people:
            raise Refused("not-found", say="没有这个人。", have=account_id, field="account")
        check_fits(row, people[account_id])
    before = row.account_id
    row.account_id, row.phone = account_id, number
    put(row, "people.assign-shift", by=by, facts={"before": before})
    if before != account_id:
        lapse_swaps([row.pk])
        tell(row, "assigned", (before, account_id), f"{when(row)}的{row.title}改由{_name(account_id, people)}值。")
    return row


def _name(account_id: int | None, people: dict[int, Account]) -> str:
    return people[account_id].name if account_id else "（空缺，待定）"


def put(row: Shift, act_name: str, *, by: Viewer, facts: dict[str, Any]) -> None:
    """Store who is on a shift and write it down; an uncovered one is looked at again by the timer."""
    row.version += 1
    row.told_at = None
    row.save(update_fields=["account", "phone", "version", "told_at"])
    write(row.subject, act_name, by=by, facts=facts_of(row) | facts, sealed=number_of(row))


def lapse_swaps(shift_ids: Iterable[int]) -> int:
    """Close the open swaps of shifts that went another way; how many."""
    keys = list(shift_ids)
    found = Swap.objects.filter(Q(shift__in=keys) | Q(in_return__in=keys), answer="")
    swaps = list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    return Swap.objects.filter(pk__in=swaps).update(answer="lapsed", answered_at=now()) if swaps else 0


def when(row: Shift) -> str:
    """The time of a shift as its place says it: "11月24日16:00—24:00"."""
    there = zone(zone_of(row.path))
    begins, ends = local(row.begins_at, there), local(row.ends_at, there)
    closes = "24:00" if f"{ends:%H:%M}" == "00:00" else f"{ends:%H:%M}"
    return f"{begins.month}月{begins.day}日{begins:%H:%M}—{closes}"


def tell(row: Shift, what: str, accounts: Iterable[int | None], say: str) -> None:
    """Announce something that some accounts must know of a shift."""
    told = tuple(dict.fromkeys(one for one in accounts if one))
    if told:
        announce(DutyTold(row.pk, what, told, row.path, say), subject=row.subject)


@act("people.clear-shifts", power="rosters")
def clear_shifts(path: str, *, code: str, month: date, by: Viewer) -> int:
    """Take away the shifts of a month that have not begun, so that it can be planned anew; how many.

    Whoever was on one is told.
    """
    by.require_reach(path)
    first, last = rules.month_of(month)
    found = live().select_for_update().filter(path=path, roster=code, day__gte=first, day__lte=last)
    rows = list(found.filter(begins_at__gt=now()).order_by("pk"))
    if not rows:
        unchanged()
        return 0
    lapse_swaps(row.pk for row in rows)
    Shift.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=now())
    write_many(Draft(row.subject, "people.clear-shifts", by, facts=facts_of(row)) for row in rows)
    say = f"{month.month}月的{rows[0].title}撤下了{len(rows)}班，要重新排，请等新的值班表。"
    tell(rows[0], "assigned", [row.account_id for row in rows], say)
    return len(rows)


@act("people.free-shifts")
def free_shifts(account_id: int, *, by: Viewer) -> int:
    """Uncover the coming shifts of somebody who left the post or may no longer sign in; how many."""
    if by.kind != "system":
        raise Refused("no-power", say="离岗的人以后的班由系统自己空出来。")
    mine = live().select_for_update().filter(account=account_id, begins_at__gt=now())
    fits, minding = cache(_fits), cache(keepers)
    rows = [row for row in mine.order_by("pk") if not fits(account_id, row.path, tuple(row.posts))]
    for row in rows:
        row.account_id = None
        put(row, "people.free-shifts", by=by, facts={"before": account_id})
        tell(row, "uncovered", minding(row.path), f"{path_words(row.path)}{when(row)}的{row.title}空出来了，请另排人。")
    lapse_swaps(row.pk for row in rows)
    if not rows:
        unchanged()
    return len(rows)


def _fits(account_id: int, path: str, posts: tuple[str, ...]) -> bool:
    """Whether somebody may serve at a place; asked once for all the shifts of a roster."""
    return account_id in able(path, posts)


@act("people.move-shifts", power="places")
def move_shifts(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the shifts at or below a moved place its new path; returns how many there were."""
    by.require_reach(old_path)
    rows = list(Shift.objects.select_for_update().filter(within(old_path, column="path")).order_by("pk"))
    if not rows:
        unchanged()
        return 0
    for row in rows:
        row.path = new_path + row.path[len(old_path) :]
    Shift.objects.bulk_update(rows, ["path"], batch_size=500)
    write_many(
        Draft(row.subject, "people.move-shifts", by, facts={"before": old_path, "after": new_path}) for row in rows
    )
    return len(rows)
