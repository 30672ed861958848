"""Which matters a viewer may see, as a condition for the database: every list starts here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from youying.kernel.viewers import Viewer
from youying.matters.models import Assignment, Reporter
from youying.places.queries import areas_below

IN_LIST_MOST = 400
NOBODY = Q(pk__isnull=True)


def in_place(path: str) -> Q:
    """Matters at or below a path of the tree: area, compound ("c"), building ("b") or grid ("g")."""
    if path in ("", "/"):
        return Q() if path == "/" else NOBODY
    last = path.rpartition("/")[2]
    for mark, column in (("c", "compound_id"), ("b", "building_id"), ("g", "grid_id")):
        if last.startswith(mark) and last[1:].isdigit():
            return Q(**{column: int(last[1:])})
    below = [area.path for area in areas_below(path, closed=True)]
    if not below:
        return NOBODY
    if len(below) == 1:
        return Q(area_path=below[0])
    if len(below) <= IN_LIST_MOST:
        return Q(area_path__in=below)
    return Q(area_path=path) | Q(area_path__startswith=path + "/")


def visible(viewer: Viewer) -> Q:
    """The condition of sight: by reach with the power to view, or as a unit that has the matter now."""
    if viewer.kind == "system" or (viewer.reach == "/" and viewer.may("view")):
        return Q()
    seen = in_place(viewer.reach) if viewer.reach and viewer.may("view") else NOBODY
    if viewer.unit_id is None:
        return seen
    held = Assignment.objects.filter(unit=viewer.unit_id, until__isnull=True).exclude(role="lead")
    mine = Q(lead_id=viewer.unit_id) | Q(pk__in=held.values("matter_id"))
    return mine if seen is NOBODY else seen | mine


def known_to(viewer: Viewer) -> QuerySet[Reporter]:
    """The reporters by whose telephone this viewer may find something: a protected identity only with its own power."""
    return Reporter.objects.all() if viewer.may("protected") else Reporter.objects.filter(protected=False)
