"""Where the database has one writer, the acts of a process come in one after another, and none is left outside."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection, transaction

from tests.record.desk import OFFICER, TOWN, dispatch, open_matter
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record import acts
from youying.record.acts import act
from youying.record.models import Entry
from youying.record.queries import verify

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS, EACH = 8, 6


@act("test.turned-away")
def be_turned_away(*, by):
    """Never get anywhere."""
    raise Refused("no", say="不行。")


@pytest.fixture
def clerks() -> Iterator[ThreadPoolExecutor]:
    """People who write at once, each on a connection of their own that is closed in the end."""
    with ThreadPoolExecutor(CLERKS) as pool:
        yield pool
        everybody = Barrier(CLERKS)

        def go_home():
            everybody.wait(10)
            connection.close()

        for one in [pool.submit(go_home) for _ in range(CLERKS)]:
            one.result()


def test_eight_clerks_who_write_at_once_all_get_in_and_the_book_is_whole(clerks):
    open_matter("matter:1", by=SYSTEM)
    asked = [clerks.submit(dispatch, "matter:1", by=OFFICER, unit=n) for n in range(CLERKS * EACH)]
    for one in asked:
        one.result()
    units = [entry.facts["unit"] for entry in Entry.objects.filter(act="dispatch")]
    assert sorted(units) == list(range(CLERKS * EACH))
    assert verify().ok


def test_a_refused_act_gives_up_its_turn(clerks):
    with pytest.raises(Refused):
        be_turned_away(by=SYSTEM)
    assert clerks.submit(open_matter, "matter:1", by=SYSTEM).result(5).series == TOWN


def test_whoever_writes_already_waits_for_nobody_who_waits_for_it(clerks, monkeypatch):
    """The worker of announcements holds the database when its listener begins an act; a clerk comes in between."""
    monkeypatch.setattr(acts, "TURN_SECONDS_MOST", 60)
    began = Event()

    def deliver():
        with transaction.atomic():
            open_matter("matter:1", by=SYSTEM)
            began.set()
            sleep(0.3)
            open_matter("matter:2", by=SYSTEM)

    worker = clerks.submit(deliver)
    assert began.wait(10)
    clerk = clerks.submit(open_matter, "matter:3", by=SYSTEM)
    worker.result(10)
    clerk.result(10)
    assert verify().ok


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_only_a_database_with_one_writer_has_a_queue(monkeypatch, vendor):
    monkeypatch.setattr(acts, "connection", type("Said", (), {"vendor": vendor, "in_atomic_block": False}))
    with acts.in_turn():
        taken = not acts._turn.acquire(blocking=False)
        if not taken:
            acts._turn.release()
    assert taken is (vendor == "sqlite")


def test_who_waits_too_long_goes_on_and_lets_the_database_decide(monkeypatch):
    monkeypatch.setattr(acts, "TURN_SECONDS_MOST", 0.01)
    monkeypatch.setattr(acts, "connection", type("Said", (), {"vendor": "sqlite", "in_atomic_block": False}))
    with acts.in_turn(), acts.in_turn():
        assert not acts._turn.acquire(blocking=False)
    assert acts._turn.acquire(blocking=False), "the turn was given back once, and only once"
    acts._turn.release()
