"""Swapping shifts: one asks, the other says yes, who minds the roster says yes where the place wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from youying.access.models import Account
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people import roster_rules as rules
from youying.people.actions.rosters import (
    check_fits,
    lapse_swaps,
    lock_people,
    lock_shifts,
    of_those,
    put,
    tell,
    when,
)
from youying.people.models import Shift, Swap
from youying.people.on_duty import keepers
from youying.record.actions import write
from youying.record.acts import act, attempt, unchanged


@act("people.ask-swap")
def ask_swap(shift_id: int, *, taker: int, by: Viewer, in_return: int | None = None) -> Swap:
    """Ask a colleague to take one's own coming shift, for one of theirs or for nothing; they are told.

    Nothing changes before their yes. Refused for a shift that has begun, that is somebody else's, or that is being
    swapped already, and where either would be booked twice.
    """
    people, shifts = lock_people([taker, by.account_id]), lock_shifts([shift_id, in_return])
    row = of_those(shifts, shift_id)
    if by.account_id is None or row.account_id != by.account_id:
        raise Refused("not-your-shift", say="只能换自己的班。要改别人的班，请找管值班表的人。", have=shift_id)
    back = of_those(shifts, in_return) if in_return else None
    _check(row, back, people, taker=taker, asker=by.account_id)
    swap = Swap(shift=row, in_return=back, asked_by_id=by.account_id, taker_id=taker, asked_at=now())
    try:
        with attempt():
            swap.save(force_insert=True)
    except IntegrityError:
        raise Refused("swap-open", say="这一班已经在换，请等对方答复，或先撤回。", have=shift_id) from None
    write(row.subject, "people.ask-swap", by=by, facts=_facts(swap))
    give = f"，用您{when(back)}的班换" if back else ""
    tell(row, "swap-asked", [taker], f"{by.name}想请您值{when(row)}的{row.title}{give}，请答复。")
    return swap


def _check(row: Shift, back: Shift | None, people: Mapping[int, Account], *, taker: int, asker: int) -> None:
    """Refuse what cannot be done: begun, not the taker's, booked twice, not of the roster."""
    for one in (row, back):
        if one is not None:
            rules.refuse_past(one.begins_at, at=now())
    if taker == asker:
        raise Refused("swap-with-oneself", say="请选另一个人来换。", field="taker")
    if back is not None and back.account_id != taker:
        raise Refused("not-their-shift", say="要换回来的那一班不是对方的，请重新选。", field="in_return")
    if taker not in people:
        raise Refused("not-found", say="没有这个人。", have=taker, field="taker")
    check_fits(row, people[taker], giving_up=back)
    if back is not None:
        check_fits(back, people[asker], giving_up=row)


def _facts(swap: Swap) -> dict[str, Any]:
    return {
        "swap": swap.pk,
        "from": swap.asked_by_id,
        "to": swap.taker_id,
        "in_return": swap.in_return_id,
    }


@dataclass(frozen=True, slots=True)
class _InHand:
    """An open swap with its people and shifts, everything locked."""

    swap: Swap
    people: Mapping[int, Account]


def _open_swap(swap_id: int) -> _InHand:
    """The swap, locked after its people and its shifts."""
    found = Swap.objects.filter(pk=swap_id).first()
    if found is None:
        raise Refused("not-found", say="没有这个换班申请。", have=swap_id)
    people = lock_people([found.asked_by_id, found.taker_id])
    shifts = lock_shifts([found.shift_id, found.in_return_id])
    swap = Swap.objects.select_for_update().get(pk=swap_id)
    if swap.answer:
        raise Refused("swap-settled", say="这个换班申请已经有了结果，请刷新再看。", have=swap.answer)
    swap.asked_by, swap.taker = people[swap.asked_by_id], people[swap.taker_id]
    swap.shift = of_those(shifts, swap.shift_id)
    swap.in_return = of_those(shifts, swap.in_return_id) if swap.in_return_id else None
    return _InHand(swap, people)


@act("people.answer-swap")
def answer_swap(swap_id: int, *, yes: bool, by: Viewer) -> Swap:
    """Say yes or no to a colleague who asks to swap; with a yes the shifts change hands.

    Where the place wants the yes of who minds the roster, that is asked for next.
    """
    held = _open_swap(swap_id)
    swap = held.swap
    if swap.taker_id != by.account_id:
        raise Refused("not-asked", say="这个换班申请不是问您的。", have=swap_id)
    if not yes:
        return _settle(swap, "no", "people.answer-swap", by=by)
    row = swap.shift
    if not row.keeper_yes:
        return _change_hands(held, "people.answer-swap", by=by)
    if swap.taker_yes_at is not None:
        unchanged()
        return swap
    swap.taker_yes_at = now()
    swap.save(update_fields=["taker_yes_at"])
    write(row.subject, "people.answer-swap", by=by, facts=_facts(swap) | {"yes": True, "then": "keeper"})
    say = f"{swap.asked_by.name}和{swap.taker.name}要换{when(row)}的{row.title}，等您同意。"
    tell(row, "swap-to-approve", keepers(row.path), say)
    return swap


@act("people.approve-swap", power="rosters")
def approve_swap(swap_id: int, *, yes: bool, by: Viewer) -> Swap:
    """Say yes or no, as who minds the roster, to a swap that both have agreed; never to one's own."""
    held = _open_swap(swap_id)
    swap = held.swap
    by.require_reach(swap.shift.path)
    if by.account_id in (swap.asked_by_id, swap.taker_id):
        raise Refused("own-swap", say="自己的换班要由另一位管值班表的人同意。", clause="本系统规则：不批自己的申请")
    if swap.taker_yes_at is None:
        raise Refused("swap-not-agreed", say="对方还没有答应，答应以后才轮到您同意。", have=swap_id)
    if not yes:
        return _settle(swap, "no", "people.approve-swap", by=by)
    return _change_hands(held, "people.approve-swap", by=by)


@act("people.withdraw-swap")
def withdraw_swap(swap_id: int, *, by: Viewer) -> Swap:
    """Take back what one asked for, while it stands open."""
    swap = _open_swap(swap_id).swap
    if swap.asked_by_id != by.account_id:
        raise Refused("not-your-ask", say="只能撤回自己提的换班申请。", have=swap_id)
    return _settle(swap, "withdrawn", "people.withdraw-swap", by=by)


def _change_hands(held: _InHand, act_name: str, *, by: Viewer) -> Swap:
    """Both shifts to their new people, after looking again at everything that may have changed since it was asked."""
    swap = held.swap
    row, back = swap.shift, swap.in_return
    if row.account_id != swap.asked_by_id:
        raise Refused("shift-changed", say="这一班已经不是原来那个人的了，请重新商量。", have=row.pk)
    _check(row, back, held.people, taker=swap.taker_id, asker=swap.asked_by_id)
    before, row.account_id = row.account_id, swap.taker_id
    put(row, act_name, by=by, facts=_facts(swap) | {"yes": True, "before": before})
    if back is not None:
        back.account_id = swap.asked_by_id
        put(back, act_name, by=by, facts=_facts(swap) | {"yes": True, "before": swap.taker_id})
    _close(swap, "yes")
    lapse_swaps(one.pk for one in (row, back) if one)
    tell(row, "swap-settled", _parties(swap, by), f"换班成了：{when(row)}的{row.title}由{swap.taker.name}值。")
    return swap


def _settle(swap: Swap, answer: str, act_name: str, *, by: Viewer) -> Swap:
    _close(swap, answer)
    row = swap.shift
    write(row.subject, act_name, by=by, facts=_facts(swap) | {"yes": False, "answer": answer})
    said = {"no": "没有换成", "withdrawn": "不换了"}[answer]
    tell(row, "swap-settled", _parties(swap, by), f"{when(row)}的{row.title}{said}，还由{swap.asked_by.name}值。")
    return swap


def _close(swap: Swap, answer: str) -> None:
    swap.answer, swap.answered_at = answer, now()
    swap.save(update_fields=["answer", "answered_at"])


def _parties(swap: Swap, by: Viewer) -> list[int]:
    return [one for one in (swap.asked_by_id, swap.taker_id) if one != by.account_id]
