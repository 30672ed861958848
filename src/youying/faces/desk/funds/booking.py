"""What a form books: income, spending, a grant, an exchange, a counter-entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
    return doing(said(request), viewer, terms, purse_id)


def said(request: HttpRequest) -> dict[str, str]:
    """What the form that was sent says; each form of the page has its act before the names of its fields."""
    return {name.removeprefix(f"{request.POST.get('act', '')}-"): str(value) for name, value in request.POST.items()}


def _proofs(given: Mapping[str, str], terms: Terms) -> dict[str, str]:
    return {need: given.get(need, "") for need in (*terms.needs, "note")}


def _form(given: Mapping[str, str]) -> str:
    return given.get("form", "")[:40]


def _take(given: Mapping[str, str], viewer: Viewer, terms: Terms, purse_id: int) -> str:
    amount = rules.amount_said(given.get("amount", ""), terms.unit)
    line = given.get("line", "")
    actions.take(
        purse_id, by=viewer, terms=terms, line=line, amount=amount, proofs=_proofs(given, terms), form=_form(given)
    )
    return _("记上了：收入 %(amount)s。") % {"amount": rules.say_amount(amount, terms.unit)}


def _spend(given: Mapping[str, str], viewer: Viewer, terms: Terms, purse_id: int) -> str:
    amount = rules.amount_said(given.get("amount", ""), terms.unit)
    line = given.get("line", "")
    done = actions.spend(
        purse_id, by=viewer, terms=terms, line=line, amount=amount, proofs=_proofs(given, terms), form=_form(given)
    )
    if hasattr(done, "asked_of"):
        return _("送审批了，同意以后才记账。")
    return _("记上了：支出 %(amount)s。") % {"amount": rules.say_amount(amount, terms.unit)}


def _grant(given: Mapping[str, str], viewer: Viewer, terms: Terms, purse_id: int) -> str:
    actions.grant(purse_id, by=viewer, terms=terms, proofs=_proofs(given, terms))
    return _("这一期拨入了。")


def _exchange(given: Mapping[str, str], viewer: Viewer, terms: Terms, purse_id: int) -> str:
    gift, pieces = given.get("gift", ""), given.get("pieces", "1")
    numbers = [int(text) if text.isdecimal() and len(text) < 10 else 0 for text in (gift, pieces)]
    proofs = _proofs(given, terms)
    actions.exchange(
        purse_id, by=viewer, terms=terms, gift_id=numbers[0], pieces=numbers[1], proofs=proofs, form=_form(given)
    )
    return _("换好了，积分和货架都改了。")


def _reverse(given: Mapping[str, str], viewer: Viewer, terms: Terms, purse_id: int) -> str:
    wanted = given.get("booking", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0
    reason = given.get("reason", "")
    actions.reverse(number, by=viewer, terms=terms, reason=reason, purse_id=purse_id)
    return _("冲正了，原来那一笔还在。")


BOOKINGS: dict[str, Callable[[Mapping[str, str], Viewer, Terms, int], str]] = {
    "take": _take,
    "spend": _spend,
    "grant": _grant,
    "exchange": _exchange,
    "reverse": _reverse,
}
