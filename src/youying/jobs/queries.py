"""Reading jobs: what a person asked for, how far it is, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django_tasks.base import TaskResultStatus

from youying.jobs.models import Job
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.reaching import reached

TITLES = {
    TaskResultStatus.READY: "等待中",
    TaskResultStatus.RUNNING: "进行中",
    TaskResultStatus.SUCCESSFUL: "已完成",
    TaskResultStatus.FAILED: "没有成功",
}


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job as the person who asked for it sees it; `percent` is None while the total is unknown."""

    id: str
    task: str
    state: str
    title: str
    done: int
    total: int
    percent: int | None
    note: str
    error: str
    result: Any
    attempts: int
    asked_at: datetime
    finished_at: datetime | None

    @property
    def over(self) -> bool:
        """Whether it will change no more."""
        return self.state in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)


def for_account(viewer: Viewer, *, most: int = 50) -> list[JobSeen]:
    """The jobs that this person asked for, newest first."""
    if viewer.account_id is None:
        return []
    return [_seen(job) for job in Job.objects.filter(asked_by=viewer.account_id).order_by("-asked_at")[:most]]


def job(viewer: Viewer, id: str) -> JobSeen:
    """One job; refused unless this person asked for it or may audit."""
    row = _visible(viewer).filter(id=id).first()
    if row is None:
        raise Refused("job-unknown", say="没有这项任务，或它不是您发起的。请从任务列表里打开。", have=id)
    return _seen(row)


def failed(viewer: Viewer, *, most: int = 100) -> list[JobSeen]:
    """What did not succeed and waits for a person, of those within reach; needs the power `audit`."""
    viewer.require("audit")
    rows = audited(viewer).filter(state=TaskResultStatus.FAILED).order_by("-finished_at")[:most]
    return [_seen(row) for row in rows]


def audited(viewer: Viewer) -> QuerySet[Job]:
    """The jobs that somebody with the power `audit` answers for: asked for by people whose posts lie within reach.

    What the house asked for itself, and what somebody without any post asked for, is seen from everywhere ("/") alone.
    """
    if viewer.kind == "system" or viewer.reach == "/":
        return Job.objects.all()
    asked = Job.objects.filter(asked_by__isnull=False).order_by().values_list("asked_by", flat=True).distinct()
    within = {int(one.partition(":")[2]) for one in reached(viewer, (f"account:{key}" for key in asked))}
    return Job.objects.filter(asked_by__in=within)


def open_job(task: str, first_argument: str) -> JobSeen | None:
    """The waiting or running job of a task for one thing, whoever asked for it; the caller has seen to who may know."""
    rows = Job.objects.filter(task=task, state__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    return next((_seen(row) for row in rows.order_by("asked_at") if row.args[:1] == [first_argument]), None)


def _visible(viewer: Viewer) -> QuerySet[Job]:
    own = Job.objects.filter(asked_by=viewer.account_id, asked_by__isnull=False)
    return own | audited(viewer) if viewer.may("audit") else own


def _seen(row: Job) -> JobSeen:
    over = row.state == TaskResultStatus.SUCCESSFUL
    percent = 100 if over else min(row.done * 100 // row.total, 100) if row.total else None
    return JobSeen(
        id=row.id,
        task=row.task,
        state=row.state,
        title=TITLES[TaskResultStatus(row.state)],
        done=row.done,
        total=row.total,
        percent=percent,
        note=row.note,
        error=row.error,
        result=row.result,
        attempts=row.attempts,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
    )
