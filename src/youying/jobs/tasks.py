"""The tasks and timers of this context, and of the record below it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django_tasks import task

from youying.jobs.actions import forget_finished
from youying.jobs.timers import TIMERS, timer
from youying.kernel.moments import local, now, zone
from youying.kernel.viewers import SYSTEM
from youying.record.actions import forget_delivered, give_leaves, seal_day


@task()
def tick(name: str) -> None:
    """Run one timer once."""
    TIMERS[name].function()


@timer("record.seal-day", daily="00:20")
def seal_yesterday() -> None:
    """Seal the day that has just ended."""
    yesterday = local(now(), zone(settings.YOUYING_ZONE)).date() - timedelta(days=1)
    while give_leaves(yesterday):
        pass
    seal_day(yesterday, by=SYSTEM)


@timer("jobs.tidy", daily="03:40")
def tidy() -> None:
    """Forget finished jobs and delivered announcements after their time."""
    forget_finished()
    forget_delivered()
