"""A worker may run beside the web server."""

import time

import pytest

from tests.jobs import errands
from youying.jobs import queries
from youying.jobs.actions import ask
from youying.jobs.timers import TIMERS
from youying.jobs.worker import run_in_background
from youying.kernel.viewers import Viewer

DISPATCHER = Viewer(kind="post", account_id=7, post_id=9)


@pytest.fixture
def worker():
    """A worker in a thread, without timers, ended with the test."""
    known = dict(TIMERS)
    TIMERS.clear()
    beside = run_in_background()
    yield beside
    beside.stop()
    TIMERS.update(known)


@pytest.mark.django_db(transaction=True)
def test_a_worker_in_a_thread_does_the_job_and_delivers_its_news(worker):
    job_id = ask(errands.run_errand, "errand:1", by=DISPATCHER)
    deadline = time.monotonic() + 20
    while not queries.job(DISPATCHER, job_id).over or len(errands.heard_of("errand:1")) < 3:
        assert time.monotonic() < deadline, queries.job(DISPATCHER, job_id)
        time.sleep(0.05)
    assert errands.steps_of("errand:1") == ["open", *errands.STEPS]


@pytest.mark.django_db(transaction=True)
def test_a_stopped_worker_takes_no_more_jobs(worker):
    worker.stop()
    job_id = ask(errands.add, 1, 2, by=DISPATCHER)
    time.sleep(0.3)
    assert not queries.job(DISPATCHER, job_id).over
