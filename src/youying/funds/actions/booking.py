"""Booking: so much out of one purse into another, with its proof; a wrong one is taken back by a counter-entry."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.db.models import F

from youying.funds import rules
from youying.funds.actions.opening import held, outside
from youying.funds.models import Booking, Gift, Purse, SpendAsk
from youying.funds.rules import Terms
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import zone_of
from youying.record.actions import seal_for, write
from youying.record.acts import act


@act("funds.take")
def take(
    purse_id: int, *, by: Viewer, terms: Terms, line: str, amount: int, proofs: Mapping[str, str], form: str = ""
) -> Booking:
    """Book an income into a purse; `amount` in the smallest unit, `proofs` what the purse asks for.

    The same `form` sent twice is refused the second time.
    """
    purse = _of(purse_id, terms, by)
    given = rules.checked_proofs(terms, proofs)
    line = rules.checked_line(terms, "take", line)
    _check_amount(amount)
    source = outside(purse, line)
    _refuse_again(form, source, purse)
    return move("take", source, purse, own=purse, by=by, line=line, amount=amount, given=given, form=form)


@act("funds.grant")
def grant(purse_id: int, *, by: Viewer, terms: Terms, proofs: Mapping[str, str] | None = None) -> Booking:
    """Book what the pack grants a purse for the running period; once a period."""
    purse = _of(purse_id, terms, by)
    if terms.grant <= 0:
        raise Refused("grant-none", say=f"机制包没有给“{terms.title}”定期拨入。", have=terms.code)
    period = rules.period_of(terms.every, local(now(), zone(zone_of(purse.path))).date())
    source = outside(purse, "grant")
    lock(source, purse)
    if Booking.objects.filter(kind="grant", target=purse, period=period).exists():
        raise Refused("grant-twice", say=f"{period}这一期已经拨过了。", have=period)
    given = {"note": str((proofs or {}).get("note", ""))[: rules.MOST_WORDS]}
    return move("grant", source, purse, own=purse, by=by, amount=terms.grant, given=given, period=period)


@act("funds.spend")
def spend(
    purse_id: int, *, by: Viewer, terms: Terms, line: str, amount: int, proofs: Mapping[str, str], form: str = ""
) -> Booking | SpendAsk:
    """Book a spending, or ask for it where the pack names others to say yes; refused when there is not enough.

    Whoever holds the approving post approves by acting.
    """
    purse = _of(purse_id, terms, by)
    given = rules.checked_proofs(terms, proofs)
    line = rules.checked_line(terms, "spend", line)
    _check_amount(amount)
    asked_of = rules.approvers(terms, amount)
    target = outside(purse, line)
    _refuse_again(form, purse, target)
    if not asked_of or by.kind == "system" or by.post_code in asked_of:
        return move("spend", purse, target, own=purse, by=by, line=line, amount=amount, given=given, form=form)
    rules.check_enough(purse.balance, amount, purse.unit)
    row = SpendAsk(purse=purse, line=line, amount=amount, asked_of=list(asked_of), asked_at=now(), **_signed(by))
    row.form = form or None
    row.needs, row.words_sealed = sorted(given), _sealed(purse, given)
    row.save(force_insert=True)
    facts = {"line": line, "amount": amount, "asked_of": list(asked_of), "proofs": row.needs}
    write(purse.subject, "funds.ask-spending", by=by, facts=facts)
    return row


@act("funds.reverse")
def reverse(booking_id: int, *, by: Viewer, terms: Terms, reason: str, purse_id: int | None = None) -> Booking:
    """Take a booking back by one the other way round; it stays readable, and is taken back once.

    What was exchanged stands on the shelf again. A spending that others say yes to is taken back by them too; `purse_id` is the purse whose statement it stands in.
    """
    found = Booking.objects.select_related("source", "target").filter(pk=booking_id).first()
    if found is None:
        raise Refused("booking-unknown", say="没有这一笔。", have=booking_id)
    own = found.source if found.target.outside else found.target
    if purse_id not in (None, own.pk):
        raise Refused("booking-of-another-purse", say="这一笔不在这本账里，没有冲正。", have=booking_id, need=purse_id)
    _of(own.pk, terms, by)
    if found.kind == "spend":
        rules.check_may_reverse(terms, found.amount, by)
    gift = Gift.objects.select_for_update().filter(pk=found.gift_id).first() if found.gift_id else None
    lock(found.source, found.target)
    if found.kind == "reverse" or Booking.objects.filter(reverses=found).exists():
        raise Refused("booking-reversed", say="这一笔已经冲正，或本身就是冲正，不能再冲。", have=booking_id)
    words = " ".join(reason.split())[: rules.MOST_WORDS]
    if not words:
        raise Refused("reason-missing", say="请写明为什么冲正。", field="reason")
    if gift is not None:
        Gift.objects.filter(pk=gift.pk).update(stock=F("stock") + (found.pieces or 0))
        write(gift.subject, "funds.reverse", by=by, facts={"booking": found.pk, "pieces": found.pieces})
    return move(
        "reverse", found.target, found.source, own=own, by=by, line=found.line, amount=found.amount,
        given={"note": words}, reverses=found,
    )  # fmt: skip


def move(
    kind: str,
    source: Purse,
    target: Purse,
    *,
    own: Purse,
    by: Viewer,
    amount: int,
    given: Mapping[str, str],
    line: str = "",
    period: str = "",
    cause: str = "",
    form: str = "",
    reverses: Booking | None = None,
) -> Booking:
    """Write one movement under the lock of both purses, with its entry in the record of the purse it is about."""
    lock(source, target)
    if not source.outside:
        rules.check_enough(source.balance, amount, source.unit)
    row = Booking(code=own.code, kind=kind, line=line, source=source, target=target, amount=amount, period=period)
    row.needs, row.words_sealed, row.reverses = sorted(given), _sealed(own, given), reverses
    row.booked_at, row.cause, row.form = now(), cause, form or None
    for name, value in _signed(by).items():
        setattr(row, name, value)
    row.save(force_insert=True)
    Purse.objects.filter(pk=source.pk).update(balance=F("balance") - amount)
    Purse.objects.filter(pk=target.pk).update(balance=F("balance") + amount)
    source.balance, target.balance = source.balance - amount, target.balance + amount
    facts = {"booking": row.pk, "line": line, "amount": amount, "balance": own.balance, "proofs": row.needs}
    facts |= {"reverses": reverses.pk} if reverses else {}
    facts |= {"cause": cause} if cause else {}
    write(own.subject, f"funds.{kind}", by=by, facts=facts)
    return row


def _of(purse_id: int, terms: Terms, by: Viewer) -> Purse:
    purse = held(purse_id, by=by)
    if purse.code != terms.code or purse.unit != terms.unit:
        raise Refused("purse-otherwise", say="这个账户是按另一种规则开的，请找机制包管理员。", have=purse.code)
    return purse


def lock(*purses: Purse) -> None:
    """Hold purses until the act ends, always in the same order, and read what they hold now."""
    ids = sorted(one.pk for one in purses)
    now_there = {one.pk: one for one in Purse.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    for one in purses:
        one.balance = now_there[one.pk].balance


def _refuse_again(form: str, *purses: Purse) -> None:
    """Refuse a form that has booked or asked already; under the lock of its purses, so that no two get in."""
    lock(*purses)
    if form and (Booking.objects.filter(form=form).exists() or SpendAsk.objects.filter(form=form).exists()):
        raise Refused("booked-already", say="这张表已经记过了，没有再记一遍；要再记一笔，请重新打开。", have=form[:40])


def _check_amount(amount: int) -> None:
    if not 0 < amount <= rules.MOST:
        raise Refused("amount-unfit", say="数额要大于零，也不能大得离谱，请核对。", have=amount, field="amount")


def _signed(by: Viewer) -> dict[str, object]:
    return {"account_id": by.account_id, "post_title": by.post_title[:60]}


def _sealed(own: Purse, given: Mapping[str, str]) -> bytes:
    return seal_for(own.subject, msgspec.json.encode(dict(given)).decode())
