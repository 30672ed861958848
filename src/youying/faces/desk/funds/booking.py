"""What a form books: income, spending, a grant, an exchange, a counter-entry."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from youying.funds import actions, rules
from youying.funds.rules import Terms
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer


def book(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> str:
    """Book what the form asks for; the sentence that says so."""
    doing = BOOKINGS.get(request.POST.get("act", ""))
    if doing is None:
        raise Refused("act-unknown", say=_("请选要做什么。"))
    return doing(request, viewer, terms, purse_id)


def _proofs(request: HttpRequest, terms: Terms) -> dict[str, str]:
    return {need: request.POST.get(need, "") for need in (*terms.needs, "note")}


def _take(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> str:
    amount = rules.amount_said(request.POST.get("amount", ""), terms.unit)
    line = request.POST.get("line", "")
    actions.take(purse_id, by=viewer, terms=terms, line=line, amount=amount, proofs=_proofs(request, terms))
    return _("记上了：收入 %(amount)s。") % {"amount": rules.say_amount(amount, terms.unit)}


def _spend(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> str:
    amount = rules.amount_said(request.POST.get("amount", ""), terms.unit)
    line = request.POST.get("line", "")
    done = actions.spend(purse_id, by=viewer, terms=terms, line=line, amount=amount, proofs=_proofs(request, terms))
    if hasattr(done, "asked_of"):
        return _("送审批了，同意以后才记账。")
    return _("记上了：支出 %(amount)s。") % {"amount": rules.say_amount(amount, terms.unit)}


def _grant(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> str:
    actions.grant(purse_id, by=viewer, terms=terms, proofs=_proofs(request, terms))
    return _("这一期拨入了。")


def _exchange(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> str:
    gift, pieces = request.POST.get("gift", ""), request.POST.get("pieces", "1")
    numbers = [int(text) if text.isdecimal() and len(text) < 10 else 0 for text in (gift, pieces)]
    proofs = _proofs(request, terms)
    actions.exchange(purse_id, by=viewer, terms=terms, gift_id=numbers[0], pieces=numbers[1], proofs=proofs)
    return _("换好了，积分和货架都改了。")


def _reverse(request: HttpRequest, viewer: Viewer, terms: Terms, purse_id: int) -> str:
    said = request.POST.get("booking", "")
    number = int(said) if said.isdecimal() and len(said) < 18 else 0
    reason = request.POST.get("reason", "")
    actions.reverse(number, by=viewer, terms=terms, reason=reason, purse_id=purse_id)
    return _("冲正了，原来那一笔还在。")


BOOKINGS: dict[str, Callable[[HttpRequest, Viewer, Terms, int], str]] = {
    "take": _take,
    "spend": _spend,
    "grant": _grant,
    "exchange": _exchange,
    "reverse": _reverse,
}
