"""Answering a spending that waits for a yes."""

from __future__ import annotations

import msgspec

from youying.funds import rules
from youying.funds.actions.booking import move
from youying.funds.actions.opening import held, outside
from youying.funds.models import SpendAsk
from youying.funds.rules import Terms
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import unseal_for, write
from youying.record.acts import act


@act("funds.answer-spending")
def answer_spending(ask_id: int, *, by: Viewer, terms: Terms, granted: bool, reason: str = "") -> SpendAsk:
    """Say yes to a spending, which is then booked, or no, with a coded reason where the pack has any.

    A no leaves everything as it stands.
    """
    row = SpendAsk.objects.select_for_update(of=("self",)).select_related("purse").filter(pk=ask_id).first()
    if row is None:
        raise Refused("ask-unknown", say="没有这笔申请。", have=ask_id)
    purse = held(row.purse_id, by=by)
    if row.answered_at is not None:
        raise Refused("ask-answered", say="这笔申请已经有人答复了。", have=ask_id)
    rules.check_may_answer(row.asked_of, by, asker=row.account_id)
    row.answered_at, row.granted = now(), granted
    if granted:
        words = unseal_for(purse.subject, row.words_sealed) or "{}"
        given = msgspec.json.decode(words, type=dict[str, str])
        spent_on = outside(purse, row.line)
        row.booking = move("spend", purse, spent_on, own=purse, by=by, line=row.line, amount=row.amount, given=given)
    else:
        row.reason = rules.checked_refusal(terms, reason)
    row.save(update_fields=["answered_at", "granted", "booking", "reason"])
    facts = {"ask": row.pk, "granted": granted, "reason": row.reason}
    write(purse.subject, "funds.answer-spending", by=by, facts=facts)
    return row
