"""A worker is killed between every two statements: nothing is lost, nothing is doubled."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.databases import own_installation

pytestmark = pytest.mark.kill


@pytest.fixture
def installation(tmp_path):
    """An installation apart, with a real database of its own."""
    with own_installation(tmp_path, settings_module="tests.slim_settings") as environment:
        yield environment


def kill_everywhere(scenario, installation):
    done = subprocess.run(
        [sys.executable, "-m", "tests.jobs.killing", scenario],
        env=installation,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_job_and_its_announcements_survive_a_kill_at_any_statement(installation):
    outcomes = kill_everywhere("errand", installation)
    assert [outcome["killed"] for outcome in outcomes] == [True] * (len(outcomes) - 1) + [False]
    assert len(outcomes) > 50
    for outcome in outcomes:
        assert outcome["steps"] == ["open", "fetch", "carry", "hand-over"], outcome
        assert outcome["heard"] == ["fetch", "carry", "hand-over"], outcome
        assert (outcome["states"], outcome["undelivered"], outcome["whole"]) == (["SUCCESSFUL"], 0, True), outcome


def test_a_tick_survives_a_kill_at_any_statement(installation):
    outcomes = kill_everywhere("timer", installation)
    assert len(outcomes) > 10
    for outcome in outcomes:
        assert (outcome["steps"], outcome["jobs"], outcome["whole"]) == (["open"], 1, True), outcome
        assert outcome["states"] == ["SUCCESSFUL"], outcome


def run_in(installation, code):
    """Run a few lines in the installation; what they print."""
    lines = f"import django; django.setup()\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", lines], env=installation, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


ASK = """
from django.core.management import call_command
from tests.jobs import slow
from youying.jobs.actions import ask
from youying.kernel.viewers import SYSTEM
call_command("migrate", verbosity=0)
print(ask(slow.dawdle, {seconds}, by=SYSTEM))
"""
SEE = """
from youying.jobs.models import Job
job = Job.objects.get(id="{id}")
print(job.state, job.attempts, job.done)
"""


def see(installation, job_id):
    state, attempts, done = run_in(installation, SEE.format(id=job_id)).split()
    return state, int(attempts), int(done)


def start_worker(installation, lease_seconds=None):
    """The worker as it is deployed, or one with a short lease."""
    code = f"import django; django.setup(); from youying.jobs.worker import run; run(lease_seconds={lease_seconds})"
    how = ["-c", code] if lease_seconds else ["-m", "youying.jobs"]
    return subprocess.Popen([sys.executable, *how], env=installation)


def wait_until_started(installation, job_id):
    deadline = time.monotonic() + 30
    while see(installation, job_id)[2] == 0:
        assert time.monotonic() < deadline, "the job did not start"


@pytest.fixture
def workers():
    """Worker processes, ended with the test."""
    started = []
    yield started
    for worker in started:
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
        worker.wait()


def test_on_sigterm_a_worker_finishes_the_job_in_hand(installation, workers):
    job_id = run_in(installation, ASK.format(seconds=4))
    workers.append(start_worker(installation))
    wait_until_started(installation, job_id)
    workers[0].terminate()
    assert workers[0].wait(30) == 0
    assert see(installation, job_id)[:2] == ("SUCCESSFUL", 1)


def test_a_long_job_keeps_its_worker_while_its_heart_beats(installation, workers):
    job_id = run_in(installation, ASK.format(seconds=5))
    workers += [start_worker(installation, lease_seconds=1.5), start_worker(installation, lease_seconds=1.5)]
    wait_until_started(installation, job_id)
    time.sleep(6)
    assert see(installation, job_id)[:2] == ("SUCCESSFUL", 1)


def test_a_job_of_a_killed_worker_process_is_done_by_another(installation, workers):
    job_id = run_in(installation, ASK.format(seconds=10))
    workers.append(start_worker(installation, lease_seconds=1.5))
    wait_until_started(installation, job_id)
    os.kill(workers[0].pid, signal.SIGKILL)
    workers.append(start_worker(installation, lease_seconds=30))
    deadline = time.monotonic() + 60
    while see(installation, job_id)[0] != "SUCCESSFUL":
        assert time.monotonic() < deadline, "nobody took the job over"
    assert see(installation, job_id)[1] == 2
