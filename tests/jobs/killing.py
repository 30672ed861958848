"""Kills a worker before its n-th statement, for every n, and says as JSON lines what a successor then made of it.

The process that loops never connects to the database; each piece of work runs in a fork of its own, which is a real
process and is really killed with SIGKILL.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.jobs import errands  # noqa: E402
from youying.jobs import actions, tasks  # noqa: E402
from youying.jobs.models import Job  # noqa: E402
from youying.jobs.timers import TIMERS, timer  # noqa: E402
from youying.jobs.worker import Rounds  # noqa: E402
from youying.kernel.moments import now, set_clock  # noqa: E402
from youying.kernel.viewers import SYSTEM  # noqa: E402
from youying.record.queries import undelivered, verify  # noqa: E402

MOST_STATEMENTS = 400
START = datetime(2026, 11, 18, 1, 40, tzinfo=UTC)


def in_a_fork(work: Callable[[], Any]) -> tuple[int, Any]:
    """Run it in a process of its own; the signal that ended it, and what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        answer = json.dumps(work()).encode()
        os.write(writing, answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status), None
    if not answer:
        raise SystemExit("a child failed; see its words above")
    return 0, json.loads(answer)


def killed_before(number: int) -> Callable[..., Any]:
    """A wrapper around every statement that kills this process before the n-th."""
    left = [number]

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    return count


def go_rounds(worker: str) -> None:
    """Do whatever there is to do."""
    rounds = Rounds(worker, threading.Event(), {})
    while rounds.once():
        pass


def work_until_killed(number: int, at: datetime) -> Callable[[], None]:
    """Rounds of a worker that will not live to see the n-th statement."""

    def work() -> None:
        set_clock(lambda: at)
        with connection.execute_wrapper(killed_before(number)):
            go_rounds("doomed")

    return work


def ask_for_errand(number: int, at: datetime) -> None:
    """Ask for the n-th errand."""
    set_clock(lambda: at)
    actions.ask(errands.run_errand, f"errand:{number}", by=SYSTEM)


def see_errand(number: int, at: datetime) -> dict[str, Any]:
    """Let a successor do its rounds, and say what became of the n-th errand."""
    set_clock(lambda: at + timedelta(minutes=5))
    go_rounds("successor")
    subject = f"errand:{number}"
    return {
        "steps": errands.steps_of(subject),
        "heard": errands.heard_of(subject),
        "states": sorted(set(Job.objects.values_list("state", flat=True))),
        "undelivered": undelivered(),
        "whole": verify().ok,
    }


def sweep_once_a_tick() -> None:
    """What the hourly timer of the test does: leave one trace a tick."""
    errands.open_errand(f"sweep:{now():%Y-%m-%d %H}", by=SYSTEM)


def see_sweep(number: int, at: datetime) -> dict[str, Any]:
    """Let a successor do its rounds within the same tick, and count the tick's jobs and traces."""
    set_clock(lambda: at + timedelta(minutes=5))
    go_rounds("successor")
    return {
        "steps": errands.steps_of(f"sweep:{at:%Y-%m-%d %H}"),
        "jobs": Job.objects.filter(task=tasks.tick.module_path, asked_at__gte=at).count(),
        "states": sorted(set(Job.objects.values_list("state", flat=True))),
        "whole": verify().ok,
    }


def main(scenario: str) -> None:
    """Kill before the first statement, the second … until a worker lives to the end."""
    TIMERS.clear()
    if scenario == "timer":
        timer("test.sweep", every=3600)(sweep_once_a_tick)
    prepare = ask_for_errand if scenario == "errand" else lambda number, at: None
    see = see_errand if scenario == "errand" else see_sweep
    in_a_fork(lambda: call_command("migrate", verbosity=0))
    for number in range(1, MOST_STATEMENTS):
        at = START + timedelta(hours=number)
        in_a_fork(lambda number=number, at=at: prepare(number, at))
        ended_by, _ = in_a_fork(work_until_killed(number, at))
        _, seen = in_a_fork(lambda number=number, at=at: see(number, at))
        sys.stdout.write(json.dumps({"number": number, "killed": ended_by == signal.SIGKILL} | seen) + "\n")
        if not ended_by:
            return
    raise SystemExit("no worker lived to the end")


if __name__ == "__main__":
    main(sys.argv[1])
