"""What the steps of an order leave here: its wish, to which offer it went, whose capacity it took and gave back.

These are rows of the order's own act, which locks the order and writes the entry; the capacity of a month is taken
and given back in one statement each, so that two who accept at once never take more than there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from youying.kernel.refusals import Refused
from youying.partners.models import Match, OfferMonth, Wish
from youying.partners.reading import today_at
from youying.partners.rules import month_of
from youying.partners.wish_rules import MenuLine, WishIn

NOT_SERVED = ("declined", "lapsed", "withdrawn")


def note_wish(subject: str, wish: WishIn, *, line: MenuLine, declared: Mapping[str, Any]) -> Wish:
    """Keep what was ordered beside the order."""
    return Wish.objects.create(
        subject=subject,
        menu=line.menu,
        item=line.code,
        title=line.title,
        wanted_on=wish.wanted_on,
        part=wish.part,
        declared=dict(declared),
    )


def send_to(subject: str, offer_id: int, *, at: datetime) -> Match:
    """Note that an order went to an offer; one that is still with another is taken from it first."""
    end_match(subject, outcome="withdrawn", at=at)
    return Match.objects.create(subject=subject, offer_id=offer_id, at=at)


def accept_match(subject: str, *, at: datetime) -> Match | None:
    """Note that the order was accepted and take its share of the month; refused where the month is used up."""
    match = _open_match(subject)
    if match is None or match.accepted_at is not None:
        return match
    month = _month_wanted(match, at)
    offer = match.offer
    OfferMonth.objects.bulk_create(
        [OfferMonth(offer=offer, month=month, capacity=offer.capacity)], ignore_conflicts=True
    )
    free = OfferMonth.objects.filter(offer=offer, month=month, taken__lt=F("capacity"))
    if not free.update(taken=F("taken") + 1):
        say = f"“{offer.what}”{month:%-m月}的{offer.capacity}次已经接满了。请点“不能接单”，社区会另派。"
        raise Refused("capacity-used-up", say=say, have=offer.capacity, need=offer.capacity + 1)
    match.accepted_at, match.month = at, month
    match.save(update_fields=["accepted_at", "month"])
    return match


def end_match(subject: str, *, outcome: str, at: datetime, reason: str = "") -> Match | None:
    """Note how a match ended; what was taken and not served is given back."""
    match = _open_match(subject)
    if match is None:
        return None
    match.ended_at, match.outcome, match.reason = at, outcome, reason
    match.save(update_fields=["ended_at", "outcome", "reason"])
    if match.month is not None and outcome in NOT_SERVED:
        OfferMonth.objects.filter(offer=match.offer_id, month=match.month).update(taken=F("taken") - 1)
    return match


def _open_match(subject: str) -> Match | None:
    return Match.objects.filter(subject=subject, ended_at=None).select_related("offer").first()


def _month_wanted(match: Match, at: datetime) -> Any:
    """The month in which the service counts: that of the wanted day, else that of accepting."""
    wanted = Wish.objects.filter(subject=match.subject).values_list("wanted_on", flat=True).first()
    today = today_at(match.offer.area_path, at)
    return month_of(max(wanted, today) if wanted else today)
