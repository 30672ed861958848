"""Long work of the hotline channel: rows in, lists out."""

from __future__ import annotations

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext

from youying.channels.hotline.actions.keeping import remove_old
from youying.channels.hotline.actions.loading import load
from youying.channels.hotline.actions.writing import write_export
from youying.jobs.actions import progress
from youying.jobs.timers import timer
from youying.kernel.viewers import SYSTEM


@task(takes_context=True)
def run_import(context: TaskContext, import_id: int) -> dict[str, Any]:
    """Bring the rows of an import in."""
    job_id = context.task_result.id
    row = load(import_id, job_id=job_id, watch=lambda done, total, note: progress(job_id, done, total, note=note))
    return {"import": row.pk, "opened": row.opened, "again": row.again, "refused": row.refused}


@task(takes_context=True)
def run_export(context: TaskContext, export_id: int) -> dict[str, Any]:
    """Write a list into a file."""
    job_id = context.task_result.id
    row = write_export(export_id, watch=lambda done, total, note: progress(job_id, done, total, note=note))
    return {"export": row.pk, "rows": row.rows}


@timer("hotline.remove-old-files", daily="03:30")
def remove_old_files() -> None:
    """Remove raw tables and written lists whose days are over."""
    remove_old(by=SYSTEM)
