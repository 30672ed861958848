"""Tasks and acts that the tests of the jobs run: each leaves its traces in the record, where they can be counted."""

import os

from django_tasks import task

from tests.jobs.news import ErrandDone
from youying.jobs.actions import once, progress
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act, unchanged
from youying.record.book import lock
from youying.record.events import listen
from youying.record.models import Entry, Head

STEPS = ("fetch", "carry", "hand-over")


@act("errand.open")
def open_errand(subject, *, by):
    """Open the chain of an errand."""
    if Head.objects.filter(subject=subject).exists():
        unchanged()
        return
    open_subject(subject)
    write(subject, "open", by=by, facts={})


@act("errand.step")
def do_step(subject, job_id, step, *, by):
    """Do one step of an errand, once."""
    if not once(job_id, step):
        unchanged()
        return
    write(subject, step, by=by, facts={"step": step})
    announce(ErrandDone(subject, step), subject=subject)


@act("errand.heard")
def note_heard(subject, step, *, by):
    """Note that an announcement came."""
    open_subject(subject) if subject not in lock([subject]) else None
    write(subject, "heard", by=by, facts={"step": step})


@listen(ErrandDone)
def on_errand_done(event, *, key):
    """Leave a trace of what came."""
    note_heard(f"ear:{event.subject}", event.step, by=SYSTEM)


@task(takes_context=True)
def run_errand(context, subject):
    """Three steps, each in a transaction of its own."""
    job_id = context.task_result.id
    open_errand(subject, by=SYSTEM)
    for number, step in enumerate(STEPS, 1):
        do_step(subject, job_id, step, by=SYSTEM)
        progress(job_id, number, len(STEPS), note=step)
    return len(STEPS)


@task(most_attempts=2)
def stumble(words):
    """Fail with words that nobody else should read."""
    raise ValueError(words)


@task()
def be_refused():
    """Fail for a reason a person can mend."""
    raise Refused("no-rows", say="文件里没有一行可以导入，请换一个文件。")


@task()
def add(left, right):
    """Add two numbers."""
    return left + right


@task(most_attempts=3)
def die():
    """Kill the worker."""
    os.kill(os.getpid(), 9)


def steps_of(subject):
    """What was done, in order."""
    return list(Entry.objects.filter(subject=subject).order_by("seq").values_list("act", flat=True))


def heard_of(subject):
    """What was heard, in order."""
    rows = Entry.objects.filter(subject=f"ear:{subject}").order_by("seq")
    return [row.facts["step"] for row in rows]
