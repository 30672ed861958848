"""Every write of the jobs: asking, claiming under a lease, progress, finishing, failing, timers."""

from __future__ import annotations

import traceback
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks.base import Task, TaskResultStatus
from django_tasks.utils import get_random_id, normalize_json

from youying.jobs import rules
from youying.jobs.models import Job, Step, Timer
from youying.jobs.queries import audited
from youying.jobs.timers import TimerInfo
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.book import ANNOUNCED

OPEN = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
current_attempt: ContextVar[tuple[str, int] | None] = ContextVar("current_attempt", default=None)


class LeaseLost(Exception):
    """Another worker has taken the job over; this attempt must stop and leave no trace."""


def ask(task: Task[Any, Any], *args: Any, by: Viewer, key: str = "", priority: int = 0, **kwargs: Any) -> str:
    """Ask for a task on behalf of a person, who can then watch it; the id of the job.

    With a key, asking again gives the job that was asked first. Arguments are stored in the clear: ids, no names.
    """
    task.get_backend().validate_task(task)
    return store(task, args=args, kwargs=kwargs, by=by, key=key, priority=priority).id


def store(
    task: Task[Any, Any],
    *,
    args: Any,
    kwargs: Any,
    by: Viewer | None = None,
    key: str = "",
    priority: int | None = None,
) -> Job:
    """Write a job down: one INSERT, in the transaction of the caller."""
    moment = now()
    job = Job(
        id=get_random_id(),
        task=task.module_path,
        queue=task.queue_name,
        args=normalize_json(args),
        kwargs=normalize_json(kwargs),
        priority=task.priority if priority is None else priority,
        run_at=task.run_after or moment,
        most_attempts=getattr(task, "most_attempts", rules.MOST_ATTEMPTS),
        asked_by=by.account_id if by else None,
        key=key or None,
        asked_at=moment,
    )
    if key:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        job = Job.objects.get(key=key)
    else:
        job.save(force_insert=True)
    transaction.on_commit(ANNOUNCED.set)
    return job


def waiting() -> QuerySet[Job]:
    """Jobs that a worker may take: due ones, and those whose worker has fallen silent."""
    moment = now()
    due = Q(state=TaskResultStatus.READY, run_at__lte=moment)
    silent = Q(state=TaskResultStatus.RUNNING, lease_until__lt=moment)
    return Job.objects.filter(due | silent, state__in=OPEN).order_by("-priority", "run_at", "asked_at")


def claim(worker: str, *, lease_seconds: float = rules.LEASE_SECONDS) -> Job | None:
    """Take the next job under a lease; none where nothing waits or where it has killed its workers too often."""
    if not waiting().exists():
        return None
    with transaction.atomic():
        job = waiting().select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.attempts >= job.most_attempts:
            _give_up(job)
            return None
        moment = now()
        job.state, job.worker, job.attempts = TaskResultStatus.RUNNING, worker, job.attempts + 1
        job.workers = [*job.workers, worker][-20:]
        job.started_at, job.attempted_at = job.started_at or moment, moment
        job.heartbeat, job.lease_until = moment, moment + timedelta(seconds=lease_seconds)
        job.save()
        return job


def _give_up(job: Job) -> None:
    job.state, job.finished_at = TaskResultStatus.FAILED, now()
    job.error = f"处理它的程序中断了 {job.attempts} 次，已停止重试。请联系系统管理员。"
    job.save()


def _held(job_id: str, attempt: int) -> QuerySet[Job]:
    """The job, as long as this attempt still has the lease."""
    return Job.objects.filter(id=job_id, attempts=attempt, state=TaskResultStatus.RUNNING)


def renew(job: Job, *, lease_seconds: float) -> bool:
    """Say that the worker is alive; false when somebody else has the job."""
    moment = now()
    until = moment + timedelta(seconds=lease_seconds)
    return bool(_held(job.id, job.attempts).update(heartbeat=moment, lease_until=until))


def progress(job_id: str, done: int, total: int, note: str = "") -> None:
    """Tell whoever watches how far the job is; raises `LeaseLost` in an attempt that has lost the job."""
    attempt = current_attempt.get()
    jobs = _held(*attempt) if attempt and attempt[0] == job_id else Job.objects.filter(id=job_id)
    if not jobs.update(done=done, total=total, note=note[:200]):
        raise LeaseLost(job_id)


def once(job_id: str, step: str) -> bool:
    """Whether a step has still to be done; call it first in the step's transaction, which then stores that it was.

    A killed job that runs again finds its finished steps done, and does the others.
    """
    attempt = current_attempt.get()
    if attempt and attempt[0] == job_id and not _held(*attempt).select_for_update().exists():
        raise LeaseLost(job_id)
    if Step.objects.filter(job_id=job_id, name=step).exists():
        return False
    Step.objects.create(job_id=job_id, name=step)
    return True


def finish(job: Job, *, result: Any) -> bool:
    """Store the result; false when the lease was lost meanwhile."""
    return bool(
        _held(job.id, job.attempts).update(
            state=TaskResultStatus.SUCCESSFUL,
            result=normalize_json(result),
            finished_at=now(),
            lease_until=None,
            error="",
        )
    )


def fail(job: Job, *, error: Exception) -> bool:
    """Store what went wrong, and try again after a pause; a refusal, or the last attempt, is final."""
    final = isinstance(error, Refused) or job.attempts >= job.most_attempts
    moment = now()
    return bool(
        _held(job.id, job.attempts).update(
            state=TaskResultStatus.FAILED if final else TaskResultStatus.READY,
            run_at=moment + rules.pause_after(job.attempts),
            finished_at=moment if final else None,
            lease_until=None,
            error=_words(error, attempts=job.attempts, final=final),
            errors=[*job.errors, {"kind": _kind(error), "trace": _trace(error)}][-5:],
        )
    )


def again(job_id: str, *, by: Viewer) -> None:
    """Let a job within reach that failed for good run again from its first attempt; its finished steps stay done."""
    by.require("audit")
    moment = now()
    waits = audited(by).filter(id=job_id, state=TaskResultStatus.FAILED)
    if not waits.update(state=TaskResultStatus.READY, attempts=0, run_at=moment, finished_at=None, error=""):
        raise Refused("job-not-failed", say="这项任务没有失败，或已经在重做。请刷新页面再看。", have=job_id)
    transaction.on_commit(ANNOUNCED.set)


def release(job: Job) -> None:
    """Put a job back that this worker must leave unfinished; the attempt does not count."""
    _held(job.id, job.attempts).update(
        state=TaskResultStatus.READY, attempts=job.attempts - 1, lease_until=None, run_at=now()
    )


def _words(error: Exception, *, attempts: int, final: bool) -> str:
    if isinstance(error, Refused):
        return error.say[:300]
    after = "已停止重试，请联系系统管理员。" if final else "稍后自动重试。"
    return f"第 {attempts} 次没有成功（{type(error).__name__}），{after}"


def _kind(error: Exception) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _trace(error: Exception) -> str:
    """Where it went wrong, without the error's own words, which may hold personal values."""
    return "".join(traceback.format_tb(error.__traceback__))[-4000:]


def fire(timer: TimerInfo, *, tick: datetime, task: Task[Any, Any]) -> bool:
    """Ask for one tick of a timer, once on however many workers; not while an earlier tick's job is open."""
    with transaction.atomic():
        row = Timer(name=timer.name, every_seconds=timer.rate.every_seconds)
        if not Timer.objects.filter(name=timer.name).exists():
            Timer.objects.bulk_create([row], ignore_conflicts=True)
        fresh = Timer.objects.filter(Q(last_run__isnull=True) | Q(last_run__lt=tick), name=timer.name)
        if not fresh.update(last_run=tick, every_seconds=timer.rate.every_seconds):
            return False
        if Job.objects.filter(key__startswith=f"timer:{timer.name}:", state__in=OPEN).exists():
            return False
        store(task, args=[timer.name], kwargs={}, key=f"timer:{timer.name}:{tick.isoformat()}")
        return True


def due_tick(timer: TimerInfo) -> datetime:
    """The tick that should have been asked for by now."""
    return rules.tick_at(timer.rate, now(), zone=zone(settings.YOUYING_ZONE))


def forget_finished(*, days: int = 30) -> int:
    """Remove finished jobs: those of timers after a day, others after so many days; how many."""
    moment = now()
    of_timers = Q(key__startswith="timer:", finished_at__lt=moment - timedelta(days=1))
    old = Q(finished_at__lt=moment - timedelta(days=days))
    return Job.objects.exclude(state__in=OPEN).filter(of_timers | old).delete()[0]
