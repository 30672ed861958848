"""What the closed loop does by the clock, and with photos that no matter took."""

from typing import Any

from django_tasks import task
from django_tasks.base import TaskContext

from youying.files.actions import drop_unattached, sweep_strays
from youying.jobs.actions import ask, progress
from youying.jobs.timers import timer
from youying.kernel.viewers import SYSTEM
from youying.matters.actions.learning import learn_anew, learn_by_night, viewer_at
from youying.matters.actions.sweep import sweep
from youying.matters.queries.duty import running_out
from youying.people.actions import tell_running_out


@timer("matters.sweep", every=60)
def sweep_every_minute() -> None:
    """Ring what is due."""
    sweep()


@timer("matters.mind-plans", daily="08:00")
def warn_of_plans() -> None:
    """Tell who minds a roster that its planned shifts run out."""
    for row, days_left in running_out():
        tell_running_out(row.pk, days_left=days_left, by=SYSTEM)


@timer("files.tidy", daily="03:20")
def tidy_uploads() -> None:
    """Remove uploads that were never used, and what a killed upload left on the disk."""
    while drop_unattached(by=SYSTEM):
        pass
    sweep_strays()


@task(takes_context=True)
def learn_categories(context: TaskContext, area_path: str, post_id: int | None) -> dict[str, Any]:
    """Learn from a place's decided matters, in the name of whoever asked."""
    job_id = context.task_result.id
    row = learn_anew(
        area_path,
        by=viewer_at(post_id),
        tell=lambda done, total: progress(job_id, done, total, note="用已定的分类再学一次"),
    )
    return {"model": row.pk, "taken": row.taken, "rows": row.rows}


@timer("matters.learn-categories", daily="02:40")
def learn_weekly() -> None:
    """Learn once a week where enough was decided, and the night after an erasure."""
    learn_by_night(by=SYSTEM, ask=lambda area_path: ask(learn_categories, area_path, None, by=SYSTEM))
