"""Django's task API over our own table: asking is one INSERT inside the business transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from youying.jobs.actions import store
from youying.jobs.models import Job
from youying.jobs.rules import MOST_ATTEMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableTask(Task[Any, Any]):
    """A task that says how often it may be attempted: `@task(most_attempts=1)`."""

    most_attempts: int = MOST_ATTEMPTS


class DatabaseBackend(BaseTaskBackend):
    """Jobs in the installation's own database."""

    task_class = DurableTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Ask for a task; it becomes visible to workers when the surrounding transaction commits."""
        self.validate_task(task)
        return result_of(store(task, args=args, kwargs=kwargs), alias=self.alias)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """What became of a task."""
        job = Job.objects.filter(id=result_id).first()
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, alias=self.alias)


def result_of(job: Job, *, alias: str) -> TaskResult[Any]:
    """A job in the words of Django's task API."""
    result: TaskResult[Any] = TaskResult(
        task=import_string(job.task),
        id=job.id,
        status=TaskResultStatus[job.state],
        enqueued_at=job.asked_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.attempted_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=alias,
        errors=[TaskError(exception_class_path=error["kind"], traceback=error["trace"]) for error in job.errors],
        worker_ids=list(job.workers),
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
