"""What work earns by itself: points for whoever served an order, booked once, in the transaction that crosses it off."""

from __future__ import annotations

from youying.funds.actions.booking import lock, move
from youying.funds.actions.opening import open_purse, outside
from youying.funds.models import Booking
from youying.funds.rules import Earning, Terms
from youying.kernel.viewers import Viewer
from youying.record.acts import act, unchanged


@act("funds.earn")
def earn(
    terms: Terms, *, by: Viewer, path: str, holder: str, earning: Earning, cause: str, words: str
) -> Booking | None:
    """Book what a piece of work earned its holder, whose purse is opened where there is none; nothing a second time.

    `cause` is the work's name in the record; `words` stand for every proof that the purse asks for.
    """
    purse = open_purse(terms, by=by, path=path, holder=holder)
    source = outside(purse, earning.line)
    lock(source, purse)
    if Booking.objects.filter(kind="take", target=purse, line=earning.line, cause=cause).exists():
        unchanged()
        return None
    given = dict.fromkeys(terms.needs or ("note",), words)
    return move(
        "take", source, purse, own=purse, by=by, line=earning.line, amount=earning.each, given=given, cause=cause
    )
