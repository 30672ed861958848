"""An announcement is stored with its change, comes in order, takes effect once, and shows when it is stuck."""

import threading

import pytest
from django.db import connection

from tests.record import news
from tests.record.desk import OFFICER, STRANGER, open_matter
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record import book
from youying.record.actions import deliver, forget_delivered, give_up, retry
from youying.record.events import forget, listen
from youying.record.models import Announcement, Entry
from youying.record.queries import story, stuck_announcements, undelivered

ONE_AT_A_TIME = pytest.mark.django_db
REALLY_AT_ONCE = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ear():
    """Somebody who listens after the commit."""
    listen(news.Urged)(news.on_urged)
    yield
    forget(news.on_urged)


@pytest.fixture
def broken_ear():
    """A listener that fails until it is mended."""
    state = {"broken": True, "came": []}

    def on_urged_badly(event, *, key):
        if state["broken"]:
            raise ConnectionError("13900001111 cannot be reached")
        state["came"].append((event.subject, event.times, key))

    listen(news.Urged)(on_urged_badly)
    yield state
    forget(on_urged_badly)


def heard(subject):
    return [entry.facts["times"] for entry in story(f"ear:{subject}")]


@ONE_AT_A_TIME
def test_an_announcement_costs_one_statement_more(ear, count_statements):
    open_matter("matter:1", by=SYSTEM)
    with count_statements(at_most=4):
        news.urge("matter:1", 1, by=OFFICER)
    assert undelivered() == 1


@ONE_AT_A_TIME
def test_announcements_of_a_subject_come_in_order_and_once(ear):
    for subject in ("matter:1", "matter:2"):
        open_matter(subject, by=SYSTEM)
    for times in (1, 2, 3):
        news.urge("matter:1", times, by=OFFICER)
        news.urge("matter:2", times, by=OFFICER)
    assert deliver() == 6
    assert deliver() == 0
    assert (heard("matter:1"), heard("matter:2")) == ([1, 2, 3], [1, 2, 3])


@ONE_AT_A_TIME
def test_a_change_that_is_undone_announces_nothing(ear):
    open_matter("matter:1", by=SYSTEM)
    with pytest.raises(Refused):
        news.urge("matter:1", 1, by=STRANGER)
    assert undelivered() == 0


@ONE_AT_A_TIME
def test_only_what_was_recorded_is_announced(ear):
    open_matter("matter:1", by=SYSTEM)
    open_matter("matter:2", by=SYSTEM)
    with pytest.raises(book.AnnouncedUnrecorded):
        news.whisper("matter:2", by=OFFICER)
    assert Entry.objects.filter(subject="matter:1").count() == 1


@ONE_AT_A_TIME
def test_an_exact_listener_shares_the_transaction():
    seen = []

    def exactly(event, *, key):
        seen.append(key)
        raise Refused("tally-broken", say="计数不对。")

    listen(news.Urged, exact=True)(exactly)
    try:
        open_matter("matter:1", by=SYSTEM)
        with pytest.raises(Refused):
            news.urge("matter:1", 1, by=OFFICER)
    finally:
        forget(exactly)
    assert len(seen) == 1
    assert [entry.act for entry in story("matter:1")] == ["open"]


@ONE_AT_A_TIME
def test_a_failing_delivery_waits_longer_each_time_while_others_pass(at, ear, broken_ear):
    clock = at("2026-11-18 09:40")
    open_matter("matter:1", by=SYSTEM)
    news.urge("matter:1", 1, by=OFFICER)
    news.urge("matter:1", 2, by=OFFICER)
    assert deliver() == 2
    assert heard("matter:1") == [1, 2]
    clock.forward(seconds=9)
    deliver()
    assert Announcement.objects.filter(tries=1).count() == 1
    clock.forward(seconds=2)
    broken_ear["broken"] = False
    assert deliver() == 2
    assert [times for _, times, _ in broken_ear["came"]] == [1, 2]
    assert len({key for _, _, key in broken_ear["came"]}) == 2


@ONE_AT_A_TIME
def test_a_stuck_announcement_is_seen_and_sent_again_by_a_person(at, broken_ear):
    clock = at("2026-11-18 09:40")
    open_matter("matter:1", by=SYSTEM)
    news.urge("matter:1", 1, by=OFFICER)
    for _ in range(8):
        deliver()
        clock.forward(hours=2)
    stuck = stuck_announcements(OFFICER).get()
    assert (stuck.tries, stuck.error) == (8, "ConnectionError")
    broken_ear["broken"] = False
    assert deliver() == 0
    with pytest.raises(Refused, match="no-power"):
        retry(stuck.id, by=STRANGER)
    retry(stuck.id, by=OFFICER)
    assert deliver() == 1
    with pytest.raises(Refused, match="announcement-not-stuck"):
        retry(stuck.id, by=OFFICER)


@ONE_AT_A_TIME
def test_giving_up_on_a_stuck_announcement_lets_later_ones_pass(at, broken_ear):
    clock = at("2026-11-18 09:40")
    open_matter("matter:1", by=SYSTEM)
    news.urge("matter:1", 1, by=OFFICER)
    news.urge("matter:1", 2, by=OFFICER)
    for _ in range(8):
        deliver()
        clock.forward(hours=2)
    broken_ear["broken"] = False
    assert deliver() == 0
    give_up(stuck_announcements(OFFICER).get().id, by=OFFICER, reason="address-gone")
    assert deliver() == 1
    assert broken_ear["came"][0][1] == 2
    assert story("matter:1")[-1].facts["reason"] == "address-gone"


@ONE_AT_A_TIME
def test_delivered_announcements_are_forgotten_after_their_time(at, ear):
    clock = at("2026-11-18 09:40")
    open_matter("matter:1", by=SYSTEM)
    news.urge("matter:1", 1, by=OFFICER)
    deliver()
    clock.forward(days=31)
    news.urge("matter:1", 2, by=OFFICER)
    assert forget_delivered() == 1
    assert undelivered() == 1


@REALLY_AT_ONCE
def test_deliverers_working_at_once_double_nothing_and_keep_the_order(ear):
    subjects = [f"matter:{number}" for number in range(5)]
    for subject in subjects:
        open_matter(subject, by=SYSTEM)
        for times in range(6):
            news.urge(subject, times, by=OFFICER)
    start = threading.Barrier(4)

    def work():
        start.wait()
        while undelivered():
            deliver(limit=10)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [heard(subject) for subject in subjects] == [list(range(6))] * 5


@REALLY_AT_ONCE
def test_officers_acting_at_once_on_one_matter_make_one_chain():
    open_matter("matter:1", by=SYSTEM)
    start = threading.Barrier(4)

    def work():
        start.wait()
        for times in range(5):
            news.urge("matter:1", times, by=OFFICER)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [entry.seq for entry in story("matter:1")] == list(range(1, 22))


@REALLY_AT_ONCE
def test_intakes_at_once_into_a_new_series_leave_no_gap():
    start = threading.Barrier(4)
    serials = []

    def work(name):
        start.wait()
        for number in range(5):
            serials.append(open_matter(f"matter:{name}{number}", by=SYSTEM, series="matter/630199").serial)
        connection.close()

    workers = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(serials) == list(range(1, 21))
