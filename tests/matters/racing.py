"""Lets two processes do something to the same matter at the same moment, and says as JSON lines what each got."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.matters.killing import CALLED, START, Street, found, in_a_fork, say, stage, tell  # sets Django up

from django.db import connection  # isort: skip
from youying.kernel.moments import set_clock
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.models import Ask, Matter

STRETCH_S = 0.01


def stretched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Wait a little before every statement, so that two who start together meet inside."""
    time.sleep(STRETCH_S)
    return execute(sql, params, many, context)


def both_at_once(works: list[Callable[[], Any]], at: datetime) -> list[str]:
    """Run both in processes of their own, started by one signal; what each got, or the code of its refusal."""
    gate, opened = os.pipe()
    children = []
    for work in works:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(opened)
            set_clock(lambda: at)
            os.read(gate, 1)
            os.write(writing, outcome_of(work).encode())
            os._exit(0)
        os.close(writing)
        children.append((child, reading))
    time.sleep(0.3)
    os.close(gate)
    os.write(opened, b"go")
    os.close(opened)
    outcomes = []
    for child, reading in children:
        with os.fdopen(reading, "rb") as pipe:
            outcomes.append(pipe.read().decode())
        os.waitpid(child, 0)
    return outcomes


def outcome_of(work: Callable[[], Any]) -> str:
    """What came of it, in a word."""
    try:
        with connection.execute_wrapper(stretched):
            got = work()
    except Refused as refused:
        return refused.code
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "again" if getattr(got, "again", False) else "done"


def accept_twice(street: Street, key: str) -> list[Callable[[], Any]]:
    """Two people of the unit take the same matter, both having seen the same version."""
    matter = found(key)
    return [lambda: street.do_accept(matter, expected_version=matter.version)] * 2


def accept_unseen(street: Street, key: str) -> list[Callable[[], Any]]:
    """The same without a version: the second finds it taken."""
    return [lambda: street.do_accept(found(key))] * 2


def report_twice(street: Street, key: str) -> list[Callable[[], Any]]:
    """The same outer number comes by two connections."""
    return [lambda: street.report(key)] * 2


def sweep_twice(street: Street, key: str) -> list[Callable[[], Any]]:
    """Two machines sweep."""
    return [actions.sweep] * 2


def merge_crosswise(street: Street, key: str) -> list[Callable[[], Any]]:
    """Two dispatchers merge two matters, each into the other."""
    one, other = found(key), street.report(f"{key}-other").matter

    def into(source: Matter, target: Matter) -> Callable[[], Any]:
        return lambda: actions.act(source.pk, "merge", by=street.dispatcher, into=target.number)

    return [into(one, other), into(other, one)]


def answer_twice(street: Street, key: str) -> list[Callable[[], Any]]:
    """One says yes and one says no to the same ask."""
    ask = Ask.objects.get(matter=found(key), answer="").pk
    return [
        lambda: actions.approve(ask, by=street.dispatcher),
        lambda: actions.refuse(ask, by=street.dispatcher, note="归你们管"),
    ]


def answer_and_take(street: Street, key: str) -> list[Callable[[], Any]]:
    """One agrees that the unit hands it back while the unit takes it after all."""
    ask = Ask.objects.get(matter=found(key), answer="").pk
    return [lambda: actions.approve(ask, by=street.dispatcher), lambda: street.do_accept(found(key))]


def review_and_take_up(street: Street, key: str) -> list[Callable[[], Any]]:
    """One reviews what is parked while another takes it up."""
    matter = found(key)
    return [
        lambda: actions.review_parking(matter.pk, by=street.leader, result="keep", note="再等等"),
        lambda: actions.act(matter.pk, "unpark", by=street.manager),
    ]


def split_and_merge(street: Street, key: str) -> list[Callable[[], Any]]:
    """One splits a matter while another merges it away."""
    one, other = found(key), street.report(f"{key}-other").matter
    return [
        lambda: actions.split(one.pk, by=street.dispatcher, words="楼道的路灯也不亮了。"),
        lambda: actions.act(one.pk, "merge", by=street.dispatcher, into=other.number),
    ]


def come_both(street: Street, key: str) -> list[Callable[[], Any]]:
    """The two departments that are awaited report in at once."""
    return [lambda code=code: street.do_come(found(key), code) for code in CALLED]  # type: ignore[misc]


def come_and_go_on(street: Street, key: str) -> list[Callable[[], Any]]:
    """The last department comes while the street leader calls the whistle off."""
    matter = found(key)
    return [
        lambda: street.do_come(matter, CALLED[1]),
        lambda: actions.call_off(matter.pk, by=street.leader, note="不用来了"),
    ]


RACES: dict[str, tuple[tuple[str, ...] | None, timedelta, Callable[[Street, str], list[Callable[[], Any]]]]] = {
    "accept-twice": (("dispatch",), timedelta(minutes=5), accept_twice),
    "accept-unseen": (("dispatch",), timedelta(minutes=5), accept_unseen),
    "report-twice": (None, timedelta(), report_twice),
    "sweep-twice": (("dispatch",), timedelta(hours=25), sweep_twice),
    "merge-crosswise": ((), timedelta(minutes=5), merge_crosswise),
    "answer-twice": (("dispatch", "hand-back"), timedelta(minutes=5), answer_twice),
    "answer-and-take": (("dispatch", "hand-back"), timedelta(minutes=5), answer_and_take),
    "come-both": (("dispatch", "accept", "whistle"), timedelta(minutes=5), come_both),
    "come-and-call-off": (("dispatch", "accept", "whistle", "come"), timedelta(minutes=5), come_and_go_on),
    "review-and-take-up": (("dispatch", "accept", "park"), timedelta(days=2), review_and_take_up),
    "split-and-merge": ((), timedelta(minutes=5), split_and_merge),
}


def race(scenario: str, told: dict[str, Any]) -> None:
    """Let two meet, a few times over; each time in a month of its own, so that a series begins with them."""
    steps, later, works = RACES[scenario]
    for number in range(1, 4):
        key, at = f"{scenario}-{number}", START + timedelta(days=35 * number)

        def prepare(key: str = key, at: datetime = at) -> None:
            set_clock(lambda: at)
            actions.sweep()
            if steps is not None:
                Street(told).at(key, *steps)

        def meet(key: str = key, at: datetime = at) -> list[str]:
            set_clock(lambda: at + later)
            pair = works(Street(told), key)
            connection.close()
            return both_at_once(pair, at + later)

        def see(key: str = key, at: datetime = at) -> dict[str, Any]:
            set_clock(lambda: at + later)
            return say(key)

        in_a_fork(prepare)
        _, outcomes = in_a_fork(meet)
        _, seen = in_a_fork(see)
        tell({"outcomes": sorted(outcomes)} | seen)


def main(*scenarios: str) -> None:
    """Play each scenario, its name before its lines."""
    told = stage()
    for scenario in scenarios:
        tell({"scenario": scenario})
        race(scenario, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
