"""A personal link in use: who acts by it, and which orders it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from youying.kernel.viewers import Viewer
from youying.partners.models import Match, PartnerLink
from youying.partners.reading import has_agreement

KEPT = ("", "served")
"""What became of a match whose order is, or stays, with whoever it went to."""


@dataclass(frozen=True, slots=True)
class LinkHeld:
    """What a good link opens: the viewer who acts by it, for all that waits for a unit, or for one order alone."""

    id: int
    viewer: Viewer
    unit: str
    entry_id: int | None
    order: str
    expires_at: datetime
    winding_up: bool = False
    """Its unit has no agreement any more, or is out of use: it opens what was accepted before, and nothing new."""

    @property
    def origin(self) -> str:
        """Where the acts taken by it come from, for their entries."""
        return f"partner-link:{self.id}"

    def opens(self, subject: str) -> bool:
        """Whether an order is among those that the link is for: those its unit or person has or had."""
        return _matches(self.viewer.unit_id, self.entry_id, self.order).filter(subject=subject).exists()

    def holds(self, match: Match | None) -> bool:
        """Whether an order is with the unit or person of the link, by its latest match; once declined it is not."""
        if match is None or match.outcome not in KEPT or match.offer.unit_id != self.viewer.unit_id:
            return False
        if self.winding_up and match.accepted_at is None:
            return False
        return self.entry_id in (None, match.offer.entry_id)


def held(row: PartnerLink) -> LinkHeld:
    """The link as pages use it."""
    over = is_winding_up(row)
    return LinkHeld(row.pk, viewer_of(row), row.unit.title, row.entry_id, row.order, row.expires_at, over)


def is_winding_up(row: PartnerLink) -> bool:
    """Whether a link is for nothing new any more."""
    return not (row.unit.active and has_agreement(row.unit))


def in_hand(row: PartnerLink, *, since: datetime | None = None) -> QuerySet[Match]:
    """What a link's unit or person accepted and still has to do, or has done since a moment."""
    still = Q(ended_at=None) if since is None else Q(ended_at=None) | Q(outcome="served", ended_at__gte=since)
    return _matches(row.unit_id, row.entry_id, row.order).filter(still, accepted_at__isnull=False)


def subjects_of(link: LinkHeld) -> list[str]:
    """The orders that are with the unit or person of a link, and those it served, the latest first."""
    rows = _matches(link.viewer.unit_id, link.entry_id, link.order).filter(outcome__in=KEPT)
    rows = rows.order_by(F("ended_at").desc(nulls_first=True), "-at", "-pk")
    return list(dict.fromkeys(rows.values_list("subject", flat=True)[:60]))


def _matches(unit_id: int | None, entry_id: int | None, order: str) -> QuerySet[Match]:
    """Every match that a unit, or a person of it, had; of one order alone where one is named."""
    rows = Match.objects.filter(offer__unit=unit_id)
    if entry_id is not None:
        rows = rows.filter(offer__entry=entry_id)
    return rows.filter(subject=order) if order else rows


def viewer_of(row: PartnerLink) -> Viewer:
    """Whoever holds the link as somebody who acts: the unit's own relation to its orders, no power, no other reach.

    People of a post that the menu names stand in that post, within the area of the unit.
    """
    unit = row.unit
    person = row.who != unit.kind
    return Viewer(
        kind="post",
        post_code=row.who if person else "",
        post_title="凭链接办理",
        name=unit.title,
        reach=unit.reach if person else "",
        unit_id=unit.pk,
        unit_title=unit.title,
        unit_kind=unit.kind,
    )
