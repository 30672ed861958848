"""Whoever audits looks after what lies within reach: stuck notices, failed jobs, bells that could not be rung."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django_tasks.base import TaskResultStatus

from tests.access.telling import code_of
from tests.matters import world as worlds
from youying.jobs import actions as jobs
from youying.jobs import queries as job_queries
from youying.jobs.models import Job
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.models import StuckBell
from youying.matters.queries import stuck_bells
from youying.record import actions as record
from youying.record.models import Announcement
from youying.record.queries import stuck_announcements
from youying.record.reaching import reached


def auditor(viewer: Viewer) -> Viewer:
    return replace(viewer, powers=frozenset({"view", "audit"}))


@pytest.fixture
def stuck(world):
    """One notice of this street's matter that could not be delivered."""
    matter = worlds.dispatched(world)
    row = Announcement.objects.filter(subject=matter.subject).earliest("pk")
    Announcement.objects.filter(pk=row.pk).update(stuck=True)
    return row


@pytest.fixture
def failed(world):
    """A job of the dispatcher's that failed for good, and one that nobody asked for."""
    for name, account in (("d1", world.dispatcher.account_id), ("t1", None)):
        Job.objects.create(
            id=name,
            task="any.task",
            queue="default",
            asked_by=account,
            run_at=now(),
            asked_at=now(),
            finished_at=now(),
            state=TaskResultStatus.FAILED,
        )


def test_a_stuck_notice_is_seen_and_sent_again_within_reach_only(world, stuck):
    ours, theirs = auditor(world.leader), auditor(world.stranger)
    assert [row.pk for row in stuck_announcements(ours)] == [stuck.pk]
    assert list(stuck_announcements(theirs)) == []
    assert code_of(lambda: record.retry(stuck.pk, by=theirs)) == "out-of-reach"
    record.retry(stuck.pk, by=ours)
    assert list(stuck_announcements(ours)) == []


def test_a_stuck_notice_is_given_up_within_reach_only(world, stuck):
    give_up = record.give_up
    assert code_of(lambda: give_up(stuck.pk, by=auditor(world.stranger), reason="no-longer-needed")) == "out-of-reach"
    assert Announcement.objects.get(pk=stuck.pk).delivered_at is None
    give_up(stuck.pk, by=auditor(world.leader), reason="no-longer-needed")
    assert Announcement.objects.get(pk=stuck.pk).delivered_at == now()


def test_a_stuck_notice_of_something_nobody_places_is_for_everywhere_alone(world, stuck):
    Announcement.objects.filter(pk=stuck.pk).update(subject="records:roots")
    assert list(stuck_announcements(auditor(world.leader))) == []
    assert stuck_announcements(replace(auditor(world.leader), reach="/")).count() == 1


def test_a_failed_job_is_seen_and_run_again_where_its_asker_works(world, failed):
    ours, theirs = auditor(world.leader), auditor(world.stranger)
    assert [one.id for one in job_queries.failed(ours)] == ["d1"]
    assert job_queries.failed(theirs) == []
    assert job_queries.job(ours, "d1").id == "d1"
    assert code_of(lambda: job_queries.job(theirs, "d1")) == "job-unknown"
    assert code_of(lambda: jobs.again("d1", by=theirs)) == "job-not-failed"
    jobs.again("d1", by=ours)
    assert Job.objects.get(pk="d1").state == TaskResultStatus.READY


def test_a_job_of_the_house_itself_is_for_everywhere_alone(world, failed):
    everywhere = replace(auditor(world.leader), reach="/")
    assert {one.id for one in job_queries.failed(everywhere)} == {"d1", "t1"}
    assert code_of(lambda: jobs.again("t1", by=auditor(world.leader))) == "job-not-failed"
    jobs.again("t1", by=everywhere)


def test_a_bell_that_could_not_be_rung_is_seen_within_reach_only(world):
    matter = worlds.dispatched(world)
    StuckBell.objects.create(
        matter=matter,
        bell="clock",
        row_id=matter.clocks.earliest("pk").pk,
        error="x",
        tries=1,
        since=now(),
        try_at=now(),
    )
    assert [one.number for one in stuck_bells(auditor(world.leader))] == [matter.number]
    assert stuck_bells(auditor(world.stranger)) == []


def test_an_account_with_posts_on_two_streets_is_reached_by_neither(cast):
    both = cast.zhou_zhiyuan
    subject = both.account.subject
    assert reached(cast.ma_ruilin.viewer, [subject]) == {subject}
    cast.tang_qiyuan.post.__class__.objects.filter(pk=cast.tang_qiyuan.post.pk).update(account=both.account)
    assert reached(cast.ma_ruilin.viewer, [subject]) == set()
    assert reached(cast.ye_qing.viewer, [subject]) == {subject}
