"""The worker: timers, deliveries and jobs, one after another, until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

from django.db import close_old_connections, connection
from django.utils.module_loading import import_string
from django_tasks.base import Task, TaskContext

from youying.jobs import actions, tasks
from youying.jobs.backend import result_of
from youying.jobs.models import Job
from youying.jobs.rules import LEASE_SECONDS
from youying.jobs.timers import TIMERS
from youying.kernel.refusals import Refused
from youying.record.actions import deliver
from youying.record.book import ANNOUNCED

POLL_SECONDS = 1.0
LONGEST_REST_SECONDS = 30.0
DELIVERIES_AT_ONCE = 100
logger = logging.getLogger(__name__)


class Heartbeat(AbstractContextManager["Heartbeat"]):
    """Renews the lease of a job from a thread of its own, three times a lease."""

    def __init__(self, job: Job, *, lease_seconds: float) -> None:
        self.job = job
        self.lease_seconds = lease_seconds
        self.over = threading.Event()
        self.lost = False
        self.thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.id}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()

    def _beat(self) -> None:
        try:
            while not self.lost and not self.over.wait(self.lease_seconds / 3):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            self.lost = not actions.renew(self.job, lease_seconds=self.lease_seconds)
        except Exception:
            logger.exception("the lease of job %s could not be renewed; trying again", self.job.id)
            connection.close()


def worker_name() -> str:
    """A name that tells host and process, and no other worker has."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


def work_once(worker: str, *, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Take one job and do it; false where none waits."""
    job = actions.claim(worker, lease_seconds=lease_seconds)
    if job is None:
        return False
    token = actions.current_attempt.set((job.id, job.attempts))
    try:
        with Heartbeat(job, lease_seconds=lease_seconds):
            _attempt(job)
    finally:
        actions.current_attempt.reset(token)
    return True


def _attempt(job: Job) -> None:
    try:
        result = _call(job)
        held = actions.finish(job, result=result)
    except actions.LeaseLost:
        held = False
    except Exception as error:
        if not isinstance(error, Refused):
            logger.exception("job %s (%s) failed at attempt %s", job.id, job.task, job.attempts)
        held = actions.fail(job, error=error)
    except BaseException:
        actions.release(job)
        raise
    if not held:
        logger.warning("job %s was taken over by another worker", job.id)


def _call(job: Job) -> Any:
    task = import_string(job.task)
    if not isinstance(task, Task):
        raise TypeError(f"{job.task} is not a task")
    if task.takes_context:
        context = TaskContext(task_result=result_of(job, alias=task.backend))
        return task.call(context, *job.args, **job.kwargs)
    return task.call(*job.args, **job.kwargs)


@dataclass
class Rounds:
    """One worker's rounds; remembers which ticks it has seen, so that a quiet round costs no write."""

    worker: str
    stop: threading.Event
    seen: dict[str, datetime]
    lease_seconds: float = LEASE_SECONDS

    def once(self) -> bool:
        """Fire due timers, deliver, do one job; whether there was anything to do."""
        fired = self._fire_timers()
        delivered = deliver(limit=DELIVERIES_AT_ONCE, stopping=self.stop.is_set)
        worked = not self.stop.is_set() and work_once(self.worker, lease_seconds=self.lease_seconds)
        return bool(fired or delivered or worked)

    def _fire_timers(self) -> int:
        fired = 0
        for timer in list(TIMERS.values()):
            tick = actions.due_tick(timer)
            if self.seen.get(timer.name) != tick:
                fired += actions.fire(timer, tick=tick, task=tasks.tick)
                self.seen[timer.name] = tick
        return fired


def run(
    *,
    stop: threading.Event | None = None,
    poll_seconds: float = POLL_SECONDS,
    lease_seconds: float = LEASE_SECONDS,
    signals: bool = True,
) -> None:
    """Work until told to stop; after SIGTERM or SIGINT the job in hand is finished first.

    A database that is away is waited for. `signals=False` in a thread that is not the main one.
    """
    stop = stop or threading.Event()
    if signals:
        _stop_on_signals(stop)
    rounds = Rounds(worker_name(), stop, {}, lease_seconds)
    rest = poll_seconds
    while not stop.is_set():
        ANNOUNCED.clear()
        try:
            close_old_connections()
            busy, rest = rounds.once(), poll_seconds
        except Exception:
            logger.exception("the worker could not do its round; resting %s s", rest)
            connection.close()
            busy = stop.wait(rest)
            rest = min(rest * 2, LONGEST_REST_SECONDS)
        if not busy:
            ANNOUNCED.wait(poll_seconds)
    connection.close()


def _stop_on_signals(stop: threading.Event) -> None:
    def end(number: int, frame: Any) -> None:
        stop.set()
        ANNOUNCED.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


@dataclass
class Background:
    """A worker beside the web server."""

    end: Callable[[float], None]

    def stop(self, *, within_seconds: float = 30) -> None:
        """Let it finish the job in hand, then end it."""
        self.end(within_seconds)


def run_in_background(*, process: bool = False) -> Background:
    """Start one worker beside this process's own work: a thread, or a child process that heavy jobs cannot slow us by."""
    if process:
        child = subprocess.Popen([sys.executable, "-m", "youying.jobs"])

        def end_child(within_seconds: float) -> None:
            child.terminate()
            try:
                child.wait(within_seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

        return Background(end_child)
    stop = threading.Event()
    thread = threading.Thread(target=run, kwargs={"stop": stop, "signals": False}, name="worker", daemon=True)
    thread.start()

    def end_thread(within_seconds: float) -> None:
        stop.set()
        ANNOUNCED.set()
        thread.join(within_seconds)

    return Background(end_thread)
