"""The record on a page: searched, checked as a job with a bar, its root to publish, what is stuck sent again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from django_tasks.base import TaskResultStatus

from tests.faces.desk.conftest import Enter
from tests.matters.world import World, dispatched
from youying.jobs.models import Job
from youying.jobs.worker import work_once
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM
from youying.record.actions import give_leaves, seal_day
from youying.record.models import Announcement, Entry

HTMX = {"HX-Request": "true"}


def stuck(subject: str) -> Announcement:
    return Announcement.objects.create(
        topic="t", listener="nobody", subject=subject, seq=1, payload="{}", key="k", made_at=now(), try_at=now(),
        tries=9, stuck=True, error="TimeoutError",
    )  # fmt: skip


def test_the_record_is_searched_by_matter_act_person_and_day(street: World, enter: Enter) -> None:
    matter, client = dispatched(street), enter("leader")
    found = reverse("desk:record")
    page = client.get(found, {"subject": matter.number, "act": "dispatch", "who": "周智远", "day": "2026-11-13"})
    text = page.content.decode()
    assert text.count('<th scope="row"') == 1
    assert "派单" in text
    assert "周智远" in text
    assert "没有找到" in client.get(found, {"subject": matter.number, "day": "2026-11-12"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"who": "没有这人"}, {"day": "昨天"}, {"subject": "matter:999999"}, {"act": "<script>"}]
)
def test_what_is_not_there_is_said(street: World, enter: Enter, query: dict[str, str]) -> None:
    answer = enter("leader").get(reverse("desk:record"), query)
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace('<script type="module"', "")


def test_who_audits_a_community_sees_only_what_its_own_posts_did(street: World, enter: Enter) -> None:
    matter = dispatched(street)
    page = enter("secretary").get(reverse("desk:record"), {"subject": f"matter:{matter.pk}"}).content.decode()
    assert "没有找到" in page
    assert "这里只列您辖区内的岗位做的" in page


def test_older_entries_follow_page_by_page(street: World, enter: Enter) -> None:
    for _ in range(60):
        dispatched(street)
    client = enter("leader")
    page = client.get(reverse("desk:record")).content.decode()
    assert "更早的" in page
    before = Entry.objects.order_by("-id")[49].pk
    older = client.get(reverse("desk:record"), {"before": str(before)}).content.decode()
    assert "回到最新的" in older


def test_a_check_runs_as_a_job_with_a_bar_and_tells_its_result(street: World, enter: Enter) -> None:
    dispatched(street)
    client = enter("leader")
    watch = client.post(reverse("desk:check-record")).headers["Location"]
    assert "<progress" in client.get(watch, headers=HTMX).content.decode()
    assert work_once("tests")
    assert client.get(watch, headers=HTMX).headers["HX-Refresh"] == "true"
    page = client.get(watch).content.decode()
    assert "留痕完整" in page
    assert "<progress" not in page


def test_a_check_of_an_altered_book_says_where(street: World, enter: Enter) -> None:
    matter, client = dispatched(street), enter("leader")
    with connection.cursor() as cursor:
        disarm(cursor)
        cursor.execute("UPDATE record_entry SET act = 'other' WHERE subject = %s AND seq = 1", [f"matter:{matter.pk}"])
    watch = client.post(reverse("desk:check-record")).headers["Location"]
    work_once("tests")
    page = client.get(watch).content.decode()
    assert "留痕不完整" in page
    assert f"matter:{matter.pk} 第 1 条" in page


def disarm(cursor: object) -> None:
    """Take the guards of the table away, as somebody with the database in hand could."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'record_entry'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    else:
        cursor.execute("ALTER TABLE record_entry DISABLE TRIGGER USER")


def test_another_job_is_not_a_check(street: World, enter: Enter) -> None:
    Job.objects.create(id="x1", task="other.task", queue="default", run_at=now(), asked_at=now())
    assert enter("leader").get(reverse("desk:record-check", args=["x1"])).status_code == 404


def test_the_latest_root_can_be_copied_and_published(street: World, enter: Enter) -> None:
    dispatched(street)
    day = now().date()
    street.clock.forward(days=1)
    while give_leaves(day):
        pass
    root = seal_day(day, by=SYSTEM)
    assert root.root.hex() in enter("leader").get(reverse("desk:record")).content.decode()


def test_what_is_stuck_is_sent_again_or_given_up_with_a_reason(street: World, enter: Enter) -> None:
    subject = dispatched(street).subject
    client, first = enter("leader"), stuck(subject)
    assert "TimeoutError" in client.get(reverse("desk:record-waiting")).content.decode()
    client.post(reverse("desk:retry-announcement", args=[first.pk]))
    first.refresh_from_db()
    assert (first.stuck, first.tries) == (False, 0)
    Announcement.objects.filter(pk=first.pk).update(stuck=True)
    assert client.post(reverse("desk:give-up-announcement", args=[first.pk])).status_code == 422
    client.post(reverse("desk:give-up-announcement", args=[first.pk]), {"reason": "no-longer-needed"})
    first.refresh_from_db()
    assert first.delivered_at is not None
    assert Entry.objects.filter(act="record.give-up", subject=subject).count() == 1


def test_a_failed_job_runs_again(street: World, enter: Enter) -> None:
    job = Job.objects.create(
        id="f1", task="youying.jobs.tasks.verify_book", queue="default", run_at=now(), asked_at=now(), attempts=5,
        asked_by=street.dispatcher.account_id,
        state=TaskResultStatus.FAILED, finished_at=now(), error="第 5 次没有成功",
    )  # fmt: skip
    client = enter("leader")
    assert "第 5 次没有成功" in client.get(reverse("desk:record-waiting")).content.decode()
    assert client.post(reverse("desk:job-again", args=[job.id])).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == (TaskResultStatus.READY, 0)
    assert client.post(reverse("desk:job-again", args=[job.id])).status_code == 422


def test_without_the_power_nothing_is_retried_or_checked(street: World, enter: Enter) -> None:
    client, one = enter("dispatcher"), stuck(dispatched(street).subject)
    writes = [
        reverse("desk:check-record"),
        reverse("desk:retry-announcement", args=[one.pk]),
        reverse("desk:give-up-announcement", args=[one.pk]),
        reverse("desk:job-again", args=["f1"]),
    ]
    assert [client.post(write).status_code for write in writes] == [403] * 4
    one.refresh_from_db()
    assert one.stuck
