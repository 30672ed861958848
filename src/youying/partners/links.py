"""A personal link in use: who acts by it, and which orders it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from youying.kernel.viewers import Viewer
from youying.partners.models import Match, PartnerLink

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

    @property
    def origin(self) -> str:
        """Where the acts taken by it come from, for their entries."""
        return f"partner-link:{self.id}"

    def opens(self, subject: str) -> bool:
        """Whether an order is among those that the link is for: those its unit or person has or had."""
        return _matches_of(self).filter(subject=subject).exists()

    def holds(self, match: Match | None) -> bool:
        """Whether an order is with the unit or person of the link, by its latest match; once declined it is not."""
        if match is None or match.outcome not in KEPT or match.offer.unit_id != self.viewer.unit_id:
            return False
        return self.entry_id in (None, match.offer.entry_id)


def held(row: PartnerLink) -> LinkHeld:
    """The link as pages use it."""
    return LinkHeld(row.pk, viewer_of(row), row.unit.title, row.entry_id, row.order, row.expires_at)


def subjects_of(link: LinkHeld) -> list[str]:
    """The orders that are with the unit or person of a link, and those it served, the latest first."""
    rows = _matches_of(link).filter(outcome__in=KEPT).order_by(F("ended_at").desc(nulls_first=True), "-at", "-pk")
    return list(dict.fromkeys(rows.values_list("subject", flat=True)[:60]))


def _matches_of(link: LinkHeld) -> QuerySet[Match]:
    """Every match that the unit or person of a link had."""
    rows = Match.objects.filter(offer__unit=link.viewer.unit_id)
    if link.entry_id is not None:
        rows = rows.filter(offer__entry=link.entry_id)
    return rows.filter(subject=link.order) if link.order else rows


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
