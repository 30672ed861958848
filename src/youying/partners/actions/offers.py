"""Putting lines on the resource and service lists and taking them off."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Greatest

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.partners import offer_rules as rules
from youying.partners.models import Agreement, Offer, OfferMonth
from youying.partners.offer_rules import OfferIn
from youying.partners.reading import today_at, unit_in_hand
from youying.partners.rules import month_of
from youying.partners.wish_rules import lines_of
from youying.people.models import RegisterEntry
from youying.places.placing import known_area, nearest_area
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged


@act("partners.add-offer", power="act")
def add_offer(unit_id: int, offer: OfferIn, *, by: Viewer, register: str = "") -> Offer:
    """Put a line on a partner's list: what, for which menu items, how often a month, when, where, by whom."""
    unit, edition, terms = unit_in_hand(unit_id, by=by, register=register)
    today = today_at(unit.reach)
    if not Agreement.objects.filter(unit=unit, ended_on=None, until__gte=today).exists():
        raise Refused("no-agreement", say="还没有签共建协议，或已到期。请先签协议，再公开清单。", have=unit_id)
    weekdays, parts = rules.checked_times(offer.weekdays, offer.parts)
    area = offer.area_path or unit.reach
    known_area(area)
    by.require_reach(area)
    row = Offer(
        unit=unit,
        register=terms.code,
        list=rules.checked_list(offer.list),
        what=rules.checked_what(offer.what),
        items=rules.checked_items(offer.items, {line.code: line.title for line in lines_of(edition)}),
        capacity=rules.checked_capacity(offer.capacity),
        who=rules.checked_who(offer.who or unit.kind, _servers(edition, offer.items), words_of_servers(edition)),
        entry=_helper(offer.entry_id, by=by) if offer.entry_id else None,
        weekdays=weekdays,
        parts=parts,
        area_path=area,
        base_path=_base(offer.base_path or unit.reach, by=by),
        longitude=offer.point[0] if offer.point else None,
        latitude=offer.point[1] if offer.point else None,
        valid_until=rules.checked_validity(offer.valid_until, today=today),
        made_at=now(),
    )
    row.save(force_insert=True)
    open_subject(row.subject)
    facts = {"unit": unit.pk, "list": row.list, "items": row.items, "capacity": row.capacity, "who": row.who}
    write(row.subject, "partners.add-offer", by=by, facts=facts, sealed={"what": row.what})
    return row


@act("partners.change-capacity", power="act")
def change_capacity(offer_id: int, *, by: Viewer, capacity: int) -> Offer:
    """Offer more or fewer times a month, from this month on; what is taken stays taken."""
    row = _in_hand(offer_id, by=by)
    was, row.capacity = row.capacity, rules.checked_capacity(capacity)
    if was == row.capacity:
        unchanged()
        return row
    row.save(update_fields=["capacity"])
    months = OfferMonth.objects.filter(offer=row, month__gte=month_of(today_at(row.area_path)))
    months.update(capacity=Greatest(F("taken"), capacity))
    write(row.subject, "partners.change-capacity", by=by, facts={"before": was, "after": row.capacity})
    return row


@act("partners.close-offer", power="act")
def close_offer(offer_id: int, *, by: Viewer, reason: str) -> Offer:
    """Take a line off the list; what was accepted is still to be served."""
    row = _in_hand(offer_id, by=by)
    row.closed_at = now()
    row.close_reason = clean_line(reason, least=2, most=120, field="reason", label="为什么撤下")
    row.save(update_fields=["closed_at", "close_reason"])
    write(row.subject, "partners.close-offer", by=by, facts={}, sealed={"reason": row.close_reason})
    return row


def words_of_servers(edition: Edition) -> dict[str, str]:
    """Unit types and posts by code, as the place calls them."""
    pack = edition.pack
    return {code: one.title for code, one in pack.units.items()} | {c: one.title for c, one in pack.posts.items()}


def _servers(edition: Edition, items: tuple[str, ...]) -> list[str]:
    """Who may serve all of the items."""
    lists = [line.who for line in lines_of(edition) if line.code in items]
    return [code for code in dict.fromkeys(code for who in lists for code in who) if all(code in who for who in lists)]


def _helper(entry_id: int, *, by: Viewer) -> RegisterEntry:
    """Somebody listed who agreed to be given orders.

    Source: Personal Information Protection Law, article 13.
    """
    row = RegisterEntry.objects.filter(pk=entry_id, of="person", left_at=None).first()
    if row is None or not by.reaches(row.path):
        raise Refused("entry-unknown", say="名册里没有这个人，或不在您的辖区内。", have=entry_id, field="entry")
    if not row.consents.filter(purpose="match", withdrawn_at=None).exists():
        say = "他还没有同意“向居民介绍特长、派单”，不能列进清单。请先征得同意。"
        raise Refused("consent-missing", say=say, clause="个人信息保护法第十三条", have=entry_id, field="entry")
    return row


def _base(path: str, *, by: Viewer) -> str:
    """Where it is based: an area, compound or building that is known."""
    if nearest_area(path) is None:
        raise Refused("place-unknown", say="没有这个地方，请重新选。", have=path[:60], field="base_path")
    by.require_reach(path)
    return path


def _in_hand(offer_id: int, *, by: Viewer) -> Offer:
    row = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if row is None:
        raise Refused("offer-unknown", say="清单里没有这一条，或不在您的辖区内。", have=offer_id)
    unit_in_hand(row.unit_id, by=by, register=row.register)
    if row.closed_at is not None:
        raise Refused("offer-closed", say="这一条已经撤下，不能再改。", have=offer_id)
    return row
