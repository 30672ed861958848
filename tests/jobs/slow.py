"""A task that takes its time."""

import time

from django_tasks import task

from youying.jobs.actions import progress


@task(takes_context=True)
def dawdle(context, seconds):
    """Take so many seconds, and say how far it is."""
    for number in range(seconds * 4):
        progress(context.task_result.id, number + 1, seconds * 4)
        time.sleep(0.25)
