"""Raw tables and written lists leave the disk when their days are over, or when somebody in them is erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from youying.channels.hotline.models import Came, Export, Import
from youying.channels.hotline.queries import days_kept
from youying.files.actions import expire
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.queries import Filters, filtered
from youying.record.actions import write
from youying.record.acts import act, unchanged
from youying.record.queries import story

AT_ONCE = 200
KEPT = (Import, Export)


def remove_old(*, by: Viewer) -> int:
    """Remove every raw table and every written list whose days are over; how many. For the timer."""
    removed = 0
    for model in KEPT:
        ids = list(_over(model).order_by("pk").values_list("pk", flat=True))
        removed += sum(
            remove_files(model, ids[place : place + AT_ONCE], by=by) for place in range(0, len(ids), AT_ONCE)
        )
    return removed


def _over(model: type[Import] | type[Export]) -> QuerySet[Import] | QuerySet[Export]:
    """Rows whose file is older than its days: counted from the end of the work, or from the taking where it never ended."""
    limit = now() - timedelta(days=days_kept(model))
    ended = Q(finished_at__lt=limit) | Q(finished_at__isnull=True, made_at__lt=limit)
    return model.objects.filter(ended).exclude(upload="")


@act("hotline.remove-file", power="import")
def remove_files(model: type[Import] | type[Export], ids: list[int], *, by: Viewer, why: str = "time-over") -> int:
    """Remove the files of imports or exports; what they were, and what became of their rows, stays; how many."""
    held: Any = model.objects.select_for_update().filter(pk__in=ids).exclude(upload="")
    rows: list[Import | Export] = list(held.order_by("pk"))
    if not rows:
        unchanged()
        return 0
    expire([row.upload for row in rows], by=SYSTEM, why=why)
    for row in rows:
        write(row.subject, "hotline.remove-file", by=by, facts={"why": why, "days": days_kept(model)})
    model.objects.filter(pk__in=[row.pk for row in rows]).update(upload="")
    if model is Import:
        Import.objects.filter(pk__in=[row.pk for row in rows], state="mapping").update(state="dropped")
    return len(rows)


def remove_of_erased(subject: str, *, by: Viewer) -> int:
    """Remove the raw tables that may hold an erased matter: those of its place that came in since it was known; how many.

    A later table of the same system tells the same row again, so the first one alone would not do. A table that is
    coming in at this moment stays until its days are over.
    """
    kind, _, key = subject.partition(":")
    if kind != "matter" or not Came.objects.filter(matter_id=int(key)).exists():
        return 0
    matter = filtered(SYSTEM, Filters(state="all")).filter(pk=int(key)).first()
    if matter is None:
        return 0
    came_in = story(subject)[0].at
    rows = Import.objects.filter(state="done", finished_at__gte=came_in).exclude(upload="")
    ids = [row.pk for row in rows if Viewer(kind="post", reach=row.area_path).reaches(matter.area_path)]
    return remove_files(Import, ids, by=by, why="erased") if ids else 0
