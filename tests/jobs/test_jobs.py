"""A job is stored with the change that asked for it, runs once, and is seen by who asked."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks import task_backends
from django_tasks.exceptions import TaskResultDoesNotExist

from tests.jobs import errands
from youying.jobs import queries
from youying.jobs.actions import LeaseLost, ask, claim, current_attempt, forget_finished, progress, release, renew
from youying.jobs.models import Job
from youying.jobs.worker import work_once
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer

pytestmark = pytest.mark.django_db

DISPATCHER = Viewer(kind="post", account_id=7, post_id=9)
NEIGHBOUR = Viewer(kind="post", account_id=8, post_id=10)
AUDITOR = Viewer(kind="post", account_id=9, post_id=11, reach="/", powers=frozenset({"audit"}))


def test_asking_costs_one_statement(count_statements):
    with count_statements(at_most=1):
        ask(errands.add, 2, 3, by=DISPATCHER)


def test_a_job_runs_and_its_result_is_seen_by_who_asked(at):
    at("2026-11-18 09:40")
    job_id = ask(errands.add, 2, 3, by=DISPATCHER)
    assert queries.job(DISPATCHER, job_id).title == "等待中"
    assert work_once("w1")
    seen = queries.job(DISPATCHER, job_id)
    assert (seen.title, seen.result, seen.percent, seen.over) == ("已完成", 5, 100, True)
    assert not work_once("w1")


def test_somebody_elses_job_is_not_shown():
    job_id = ask(errands.add, 2, 3, by=DISPATCHER)
    with pytest.raises(Refused, match="job-unknown"):
        queries.job(NEIGHBOUR, job_id)
    assert queries.for_account(NEIGHBOUR) == []
    assert queries.job(AUDITOR, job_id).id == job_id
    assert [seen.id for seen in queries.for_account(DISPATCHER)] == [job_id]


def test_a_job_vanishes_with_the_change_that_was_rolled_back():
    with transaction.atomic():
        ask(errands.add, 2, 3, by=DISPATCHER)
        transaction.set_rollback(True)
    assert not work_once("w1")


def test_the_same_key_gives_the_same_job():
    first = ask(errands.add, 2, 3, by=DISPATCHER, key="import:7")
    assert ask(errands.add, 2, 3, by=DISPATCHER, key="import:7") == first
    assert Job.objects.count() == 1


def test_a_failed_job_is_tried_again_after_a_pause_and_then_stays_failed(at):
    clock = at("2026-11-18 09:40")
    job_id = ask(errands.stumble, "13900001111", by=DISPATCHER)
    assert work_once("w1")
    assert "稍后自动重试" in queries.job(DISPATCHER, job_id).error
    assert not work_once("w1")
    clock.forward(seconds=11)
    assert work_once("w1")
    seen = queries.job(DISPATCHER, job_id)
    assert (seen.title, seen.attempts) == ("没有成功", 2)
    assert "ValueError" in seen.error
    assert [failed.id for failed in queries.failed(AUDITOR)] == [job_id]


def test_what_is_kept_of_an_error_holds_none_of_its_words():
    job_id = ask(errands.stumble, "words", by=DISPATCHER)
    work_once("w1")
    job = Job.objects.get(id=job_id)
    assert job.errors[0]["kind"] == "builtins.ValueError"
    assert "stumble" in job.errors[0]["trace"]
    assert "ValueError: words" not in job.errors[0]["trace"]


def test_a_refusal_is_final_and_says_what_to_do():
    job_id = ask(errands.be_refused, by=DISPATCHER)
    work_once("w1")
    seen = queries.job(DISPATCHER, job_id)
    assert (seen.over, seen.error) == (True, "文件里没有一行可以导入，请换一个文件。")


def test_the_job_of_a_silent_worker_runs_again_after_its_lease(at):
    clock = at("2026-11-18 09:40")
    job_id = ask(errands.add, 2, 3, by=DISPATCHER)
    claim("killed", lease_seconds=60)
    clock.forward(seconds=59)
    assert not work_once("w2")
    clock.forward(seconds=2)
    assert work_once("w2")
    assert queries.job(DISPATCHER, job_id).attempts == 2


def test_a_heartbeat_keeps_the_lease(at):
    clock = at("2026-11-18 09:40")
    ask(errands.add, 2, 3, by=DISPATCHER)
    job = claim("w1", lease_seconds=60)
    clock.forward(seconds=50)
    assert renew(job, lease_seconds=60)
    clock.forward(seconds=50)
    assert claim("w2") is None


def test_an_attempt_that_lost_its_lease_can_write_nothing_more(at):
    clock = at("2026-11-18 09:40")
    job_id = ask(errands.run_errand, "errand:1", by=DISPATCHER)
    slow = claim("slow", lease_seconds=60)
    clock.forward(seconds=61)
    claim("quick", lease_seconds=60)
    assert not renew(slow, lease_seconds=60)
    token = current_attempt.set((job_id, slow.attempts))
    try:
        with pytest.raises(LeaseLost):
            progress(job_id, 1, 3)
        errands.open_errand("errand:1", by=DISPATCHER)
        with pytest.raises(LeaseLost):
            errands.do_step("errand:1", job_id, "fetch", by=DISPATCHER)
    finally:
        current_attempt.reset(token)
    assert errands.steps_of("errand:1") == ["open"]


def test_a_job_that_kills_every_worker_is_given_up(at):
    clock = at("2026-11-18 09:40")
    job_id = ask(errands.die, by=DISPATCHER)
    for _ in range(3):
        assert claim("doomed", lease_seconds=60)
        clock.forward(seconds=61)
    assert claim("doomed", lease_seconds=60) is None
    seen = queries.job(DISPATCHER, job_id)
    assert (seen.over, "中断了 3 次" in seen.error) == (True, True)


def test_a_job_put_back_at_shutdown_has_lost_no_attempt():
    job_id = ask(errands.add, 2, 3, by=DISPATCHER)
    release(claim("w1"))
    assert work_once("w2")
    assert queries.job(DISPATCHER, job_id).attempts == 1


def test_progress_is_seen_while_the_job_runs():
    job_id = ask(errands.run_errand, "errand:1", by=DISPATCHER)
    progress(job_id, 50, 200, note="第 50 行")
    seen = queries.job(DISPATCHER, job_id)
    assert (seen.percent, seen.note) == (25, "第 50 行")


def test_a_deferred_job_waits_for_its_time_and_an_urgent_one_goes_first(at):
    clock = at("2026-11-18 09:40")
    errands.add.using(run_after=clock() + timedelta(hours=1)).enqueue(1, 1)
    errands.add.enqueue(2, 2)
    urgent = errands.add.using(priority=50).enqueue(3, 3)
    assert claim("w1").id == urgent.id
    assert work_once("w1")
    assert not work_once("w1")
    clock.forward(hours=2)
    assert work_once("w1")


def test_the_task_api_tells_the_result():
    asked = errands.add.enqueue(2, 3)
    work_once("w1")
    asked.refresh()
    assert (asked.return_value, asked.attempts) == (5, 1)
    assert errands.add.get_result(asked.id).is_finished
    with pytest.raises(TaskResultDoesNotExist):
        task_backends["default"].get_result("nothing")


def test_finished_jobs_are_forgotten_after_their_time(at):
    clock = at("2026-10-01 09:40")
    ask(errands.add, 2, 3, by=DISPATCHER)
    work_once("w1")
    waiting = ask(errands.add, 4, 5, by=DISPATCHER)
    clock.forward(days=31)
    forget_finished()
    assert list(Job.objects.values_list("id", flat=True)) == [waiting]
