"""A timer's tick becomes one job, however many workers look at the clock."""

import threading
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from youying.jobs import actions, tasks
from youying.jobs.models import Job
from youying.jobs.rules import Rate, tick_at
from youying.jobs.timers import TIMERS, timer
from youying.jobs.worker import Rounds
from youying.kernel.moments import now
from youying.record.models import Root

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def sweep():
    """A timer that ticks each minute and counts its runs."""
    ran = []
    known = dict(TIMERS)
    TIMERS.clear()
    timer("test.sweep", every=60)(lambda: ran.append(now()))
    yield ran
    TIMERS.clear()
    TIMERS.update(known)


def rounds(worker="w1"):
    return Rounds(worker, threading.Event(), {})


@pytest.mark.django_db
def test_two_workers_run_a_tick_once(at, sweep):
    clock = at("2026-11-18 09:40")
    one, two = rounds("w1"), rounds("w2")
    for _ in range(3):
        one.once()
        two.once()
        clock.forward(seconds=60)
    assert len(sweep) == 3


@pytest.mark.django_db
def test_within_a_tick_a_quiet_round_writes_nothing(at, sweep, count_statements):
    at("2026-11-18 09:40")
    worker = rounds()
    worker.once()
    worker.once()
    with count_statements() as seen:
        assert not worker.once()
    assert all(text.startswith("SELECT") for text in seen.sql), str(seen)


@pytest.mark.django_db
def test_a_tick_waits_while_the_job_of_an_earlier_one_is_open(at, sweep):
    clock = at("2026-11-18 09:40")
    info = TIMERS["test.sweep"]
    assert actions.fire(info, tick=actions.due_tick(info), task=tasks.tick)
    actions.claim("slow", lease_seconds=600)
    clock.forward(seconds=60)
    assert not actions.fire(info, tick=actions.due_tick(info), task=tasks.tick)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_ask_for_a_tick_once(sweep):
    info = TIMERS["test.sweep"]
    tick = actions.due_tick(info)
    start = threading.Barrier(6)
    fired = []

    def look():
        start.wait()
        fired.append(actions.fire(info, tick=tick, task=tasks.tick))
        connection.close()

    workers = [threading.Thread(target=look) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(fired) == [False] * 5 + [True]
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_the_day_that_ended_is_sealed_by_a_timer(at):
    at("2026-11-18 00:21")
    TIMERS["record.seal-day"].function()
    assert str(Root.objects.get().day) == "2026-11-17"


@pytest.mark.parametrize(
    ("moment", "tick"),
    [
        ("2026-11-18 00:19", "2026-11-17 00:20"),
        ("2026-11-18 00:20", "2026-11-18 00:20"),
        ("2026-11-18 23:59", "2026-11-18 00:20"),
    ],
)
def test_a_daily_timer_ticks_at_its_time_in_the_zone(moment, tick):
    there = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    expected = datetime.fromisoformat(tick).replace(tzinfo=SHANGHAI)
    assert tick_at(Rate(86_400, time(0, 20)), there, zone=SHANGHAI) == expected


@given(
    seconds=st.integers(0, 4_000_000_000),
    rate=st.one_of(st.builds(Rate, st.integers(1, 86_400)), st.builds(Rate, st.just(86_400), st.times())),
)
def test_a_tick_is_never_in_the_future_and_never_more_than_one_period_ago(seconds, rate):
    moment = datetime.fromtimestamp(seconds, UTC)
    gap = (moment - tick_at(rate, moment, zone=ZoneInfo("UTC"))).total_seconds()
    assert 0 <= gap <= rate.every_seconds
