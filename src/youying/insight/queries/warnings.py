"""The warnings that a viewer may see, and the matters each of them counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from youying.editions.queries import edition_by_digest
from youying.insight import watch_rules
from youying.insight.models import Warning
from youying.insight.scopes import NOTHING
from youying.insight.watch_rules import GROUPS, JUDGEMENTS
from youying.insight.watching import Ground, grounds
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.record.queries import opener
from youying.record.reaching import register_places

MOST = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """One warning as a page shows it; `mine` where the viewer is to judge it."""

    id: int
    title: str
    group_title: str
    group: dict[str, Any]
    why: str
    n: int
    raised_at: datetime
    until: datetime
    place_path: str
    mine: bool
    judged_as: str
    judged_at: datetime | None
    note: str


def open_warnings(viewer: Viewer) -> list[Seen]:
    """The warnings within reach that nobody has judged yet, the latest first."""
    return _seen(viewer, Q(judged_at__isnull=True))


def open_warning_count(viewer: Viewer) -> int:
    """How many warnings within reach wait to be judged; nothing for whoever may not see them."""
    return Warning.objects.filter(_within(viewer), judged_at__isnull=True).count() if viewer.may("view") else 0


def judged_warnings(viewer: Viewer) -> list[Seen]:
    """The warnings within reach that were judged, the latest first, with what was said."""
    return _seen(viewer, Q(judged_at__isnull=False))


def _seen(viewer: Viewer, which: Q) -> list[Seen]:
    viewer.require("view")
    rows = list(Warning.objects.filter(which, _within(viewer)).order_by("-raised_at", "-pk")[:MOST])
    notes = opener(row.subject for row in rows if row.note_sealed)
    return [_one(row, viewer, notes.value(row.subject, bytes(row.note_sealed or b"")) or "") for row in rows]


def _one(row: Warning, viewer: Viewer, note: str) -> Seen:
    mine = row.judged_at is None and viewer.post_code in row.judges
    same = {name: getattr(row, name) for name in Seen.__slots__ if name not in ("mine", "note", "judged_as")}
    return Seen(**same, mine=mine, note=note, judged_as=JUDGEMENTS.get(row.judged_as, ""))


def _within(viewer: Viewer) -> Q:
    if viewer.reach == "/":
        return Q()
    return Q(place_path=viewer.reach) | Q(place_path__startswith=viewer.reach + "/") if viewer.reach else NOTHING


def warning_matters(viewer: Viewer, warning_id: int) -> QuerySet[Matter]:
    """The matters of a warning's group in its window, latest first; refused out of reach."""
    viewer.require("view")
    row = Warning.objects.filter(_within(viewer), pk=warning_id).first()
    if row is None:
        raise Refused("not-found", say="没有这条预警，或不在您的辖区内。", have=warning_id)
    edition = edition_by_digest(row.edition_id)
    without = next((one.without for one in grounds(row.until) if one.path == row.area_path), ())
    plan = watch_rules.plan(row.watch, edition.pack.watch[row.watch])
    group = Q(**{GROUPS[fact]: value for fact, value in row.group.items()})
    since = Q(opened_at__gte=row.since) if row.since else Q()
    found = Matter.objects.filter(Ground(row.area_path, edition, without).matters(plan), group, since)
    return found.filter(opened_at__lt=row.until).order_by("-opened_at", "-pk")


def _places_of(keys: Collection[str]) -> dict[str, list[str]]:
    rows = Warning.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in rows.values_list("pk", "place_path")}


register_places("warning", _places_of)
