"""A personal link in use: who acts by it, and which orders it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from youying.kernel.viewers import Viewer
from youying.partners.models import Match, PartnerLink


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
        """Whether an order is among those that the link is for: its own, or those its unit or person has or had."""
        if self.order:
            return self.order == subject
        return subject in subjects_of(self)


def held(row: PartnerLink) -> LinkHeld:
    """The link as pages use it."""
    return LinkHeld(row.pk, viewer_of(row), row.unit.title, row.entry_id, row.order, row.expires_at)


def subjects_of(link: LinkHeld) -> list[str]:
    """The orders that went to the unit or person of a link, the latest first."""
    rows = Match.objects.filter(offer__unit=link.viewer.unit_id)
    if link.entry_id is not None:
        rows = rows.filter(offer__entry=link.entry_id)
    if link.order:
        rows = rows.filter(subject=link.order)
    return list(dict.fromkeys(rows.order_by("-at", "-pk").values_list("subject", flat=True)[:60]))


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
