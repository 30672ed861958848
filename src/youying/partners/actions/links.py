"""Personal links: made, used, revoked; every use an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.partners import link_rules as rules
from youying.partners.links import in_hand, is_winding_up
from youying.partners.models import Match, Offer, PartnerLink
from youying.partners.reading import has_agreement, unit_in_hand
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged
from youying.record.keys import ring

AFTERWARDS = timedelta(days=1)
"""How long what was served last is still shown by a link that is for nothing new."""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link just made; the token is shown once and kept only as a digest."""

    row: PartnerLink
    token: str


@act("partners.make-link", power="act")
def make_link(
    unit_id: int, *, by: Viewer, days: int = rules.LIFE_DAYS, order: str = "", offer_id: int | None = None
) -> MadeLink:
    """Make a link for a unit, or for the person of one offer; for all that waits for it, or for one order alone.

    `order` is the subject of that order; refused where it is not with the unit now, and without an agreement.
    """
    unit, _, _ = unit_in_hand(unit_id, by=by)
    if not has_agreement(unit):
        say = f"“{unit.title}”没有生效的共建协议，先签协议，再发链接。"
        raise Refused("no-agreement", say=say, have=unit.pk, field="unit")
    if order and not Match.objects.filter(subject=order, offer__unit=unit, ended_at=None).exists():
        raise Refused("order-elsewhere", say="这一单不在这家单位手上，链接没有发。", have=order, field="order")
    life = rules.checked_life(days)
    offer = Offer.objects.filter(pk=offer_id, unit=unit, closed_at=None).first() if offer_id else None
    if offer_id and offer is None:
        raise Refused("offer-unknown", say="清单里没有这一条，请重新选。", have=offer_id, field="offer")
    token = rules.new_token(ring().current("secret").secret)
    row = PartnerLink.objects.create(
        unit=unit,
        who=offer.who if offer else unit.kind,
        entry=offer.entry if offer else None,
        order=order,
        token_hash=rules.digest_of(token),
        made_at=now(),
        made_by_id=by.account_id,
        expires_at=now() + life,
    )
    open_subject(row.subject)
    facts = {"unit": unit.pk, "order": order, "until": row.expires_at.isoformat(), "entry": row.entry_id}
    write(row.subject, "partners.make-link", by=by, facts=facts)
    return MadeLink(row, token)


@act("partners.open-link")
def open_link(token: str, *, by: Viewer, what: str) -> PartnerLink:
    """Use a link: who made it up, whose time is over, or was revoked, is told so; every good use leaves an entry.

    `what` is the page or step it was used for. Without an agreement it opens for what is in hand, and a day longer.
    """
    if not any(rules.is_signed(token, key.secret) for key in ring().held("secret")):
        raise rules.unknown_link()
    row = PartnerLink.objects.filter(token_hash=rules.digest_of(token)).select_related("unit", "entry").first()
    if row is None:
        raise rules.unknown_link()
    rules.refuse_dead(expires_at=row.expires_at, revoked_at=row.revoked_at, at=now())
    idle = is_winding_up(row) and not in_hand(row, since=now() - AFTERWARDS).exists()
    if idle or (row.entry is not None and not _agrees(row)):
        raise Refused("link-revoked", say=f"这个链接已经停用。{rules.GONE}", have=row.pk)
    PartnerLink.objects.filter(pk=row.pk).update(uses=F("uses") + 1, used_at=now())
    write(row.subject, "partners.open-link", by=by, facts={"what": what[:40]})
    return row


def _agrees(row: PartnerLink) -> bool:
    """Whether the person still agrees to be given orders."""
    entry = row.entry
    return (
        entry is not None
        and entry.left_at is None
        and entry.consents.filter(purpose="match", withdrawn_at=None).exists()
    )


@act("partners.revoke-link", power="act")
def revoke_link(link_id: int, *, by: Viewer) -> PartnerLink:
    """Void a link at once."""
    row = PartnerLink.objects.select_for_update().filter(pk=link_id).first()
    if row is None:
        raise Refused("link-unknown", say="没有这个链接，或不在您的辖区内。", have=link_id)
    unit_in_hand(row.unit_id, by=by)
    if row.revoked_at is not None:
        unchanged()
        return row
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    write(row.subject, "partners.revoke-link", by=by, facts={"uses": row.uses})
    return row


def revoke_idle_links(unit_id: int) -> int:
    """Void the links of a unit whose agreement ends, but for those with orders in hand; told in the agreement's entry."""
    rows = PartnerLink.objects.filter(unit=unit_id, revoked_at=None)
    idle = [row.pk for row in rows if not in_hand(row).exists()]
    return PartnerLink.objects.filter(pk__in=idle).update(revoked_at=now())
