"""The tasks and timers of this context, and of the record and the posts below it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django_tasks import task

from youying.access.actions import close_lapsed_posts
from youying.jobs.actions import current_attempt, forget_finished, progress
from youying.jobs.timers import TIMERS, timer
from youying.kernel.moments import local, now, zone
from youying.kernel.viewers import SYSTEM
from youying.record import anchors
from youying.record.actions import forget_delivered, give_leaves, seal_day
from youying.record.queries import verify


@task()
def tick(name: str) -> None:
    """Run one timer once."""
    TIMERS[name].function()


MOST_FAULTS_TOLD = 50


@task()
def verify_book() -> dict[str, Any]:
    """Check the whole record and tell whoever watches how far it is."""
    attempt = current_attempt.get()

    def tell(done: int, total: int) -> None:
        """Move the bar, where somebody watches."""
        if attempt:
            progress(attempt[0], done, total)

    report = verify(progress=tell)
    return {
        "ok": report.ok,
        "entries": report.entries,
        "subjects": report.subjects,
        "root": report.root,
        "faults": [{"kind": one.kind, "say": one.say} for one in report.faults[:MOST_FAULTS_TOLD]],
        "untold": max(len(report.faults) - MOST_FAULTS_TOLD, 0) + report.untold,
        "at": now().isoformat(),
    }


@timer("record.seal-day", daily="00:20")
def seal_yesterday() -> None:
    """Seal the day that has just ended."""
    yesterday = local(now(), zone(settings.YOUYING_ZONE)).date() - timedelta(days=1)
    while give_leaves(yesterday):
        pass
    seal_day(yesterday, by=SYSTEM)
    anchors.keep()


@timer("record.keep-anchor", every=3600)
def keep_anchor() -> None:
    """Note outside the database how far the book has come; fails, and so is seen, where the book has become shorter."""
    anchors.keep()


@timer("jobs.tidy", daily="03:40")
def tidy() -> None:
    """Forget finished jobs and delivered announcements after their time."""
    forget_finished()
    forget_delivered()


@timer("access.close-lapsed-posts", every=3600)
def close_what_lapsed() -> None:
    """Announce posts whose term ran out, so that nobody's open work stays with somebody who has left."""
    close_lapsed_posts(by=SYSTEM)
