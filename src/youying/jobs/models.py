"""Durable work: jobs, the steps they have done, and the timers that ask for them."""

from __future__ import annotations

from django.db import models
from django_tasks.base import TaskResultStatus


class Job(models.Model):
    """One asked piece of work; it runs under a lease, so that a killed worker's job runs again."""

    id = models.CharField(primary_key=True, max_length=32)
    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=40)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=TaskResultStatus.choices, default=TaskResultStatus.READY)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=5)
    worker = models.CharField(max_length=80, blank=True)
    workers = models.JSONField(default=list)
    lease_until = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)
    errors = models.JSONField(default=list)
    asked_by = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, null=True, unique=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "run_at"],
                name="jobs_job_open",
                condition=models.Q(state__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]),
            ),
            models.Index(fields=["asked_by", "-asked_at"], name="jobs_job_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class Step(models.Model):
    """A step that a job has done, stored in the same transaction as the step's own change."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="a_job_does_a_step_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.name}"


class Timer(models.Model):
    """What must run again and again, and the tick that was asked for last."""

    name = models.CharField(primary_key=True, max_length=80)
    every_seconds = models.PositiveIntegerField()
    last_run = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
