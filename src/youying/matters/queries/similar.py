"""Open matters that say nearly the same: shown before saving and on the matter page; a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.matters.queries.sight import visible
from youying.places.placing import Place
from youying.text.duplicates import Known, likenesses

LOOKED_AT = 300
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """A candidate with its likeness (0 to 1) and why it was offered."""

    matter: Matter
    likeness: float
    why: str


def similar(
    viewer: Viewer,
    text: str,
    *,
    place: Place | None = None,
    category: str = "",
    days: int = 30,
    skip: int | None = None,
) -> list[Similar]:
    """At most five open matters of the last days near the place that read alike, likest first."""
    near = Q()
    if place is not None:
        near = Q(compound_id=place.compound_id) if place.compound_id else Q(area_path=place.area_path)
    since = now() - timedelta(days=days)
    open_ones = Matter.objects.filter(visible(viewer), near, ended_at__isnull=True, opened_at__gte=since)
    rows = {row.pk: row for row in open_ones.exclude(pk=skip or 0).order_by("-opened_at")[:LOOKED_AT]}
    mine = Known(0, text, place.place_path if place else "", category, now())
    others = (Known(row.pk, row.words, row.place_path, row.category, row.opened_at) for row in rows.values())
    return [Similar(rows[int(found.key)], found.score, "，".join(found.reasons)) for found in likenesses(mine, others)][
        :SHOWN
    ]
