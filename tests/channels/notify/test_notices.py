"""What the pack tells reaches whoever it is for, once, and is taken off by whoever saw or said it."""

from __future__ import annotations

import pytest

from tests.matters import world as worlds
from tests.matters.world import dispatched, in_hand
from youying.channels.notify import actions, queries
from youying.channels.notify.models import Notice
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions as matters
from youying.matters import queries as reading
from youying.record.actions import deliver


@pytest.fixture
def world(at, db):
    """The street on a Friday afternoon."""
    clock = at("2026-11-13 15:52")
    made = worlds.build()
    made.clock = clock
    return made


def delivered():
    """Deliver everything announced."""
    while deliver(limit=100):
        pass


def test_what_a_pack_tells_the_reporter_stands_on_the_officers_list_until_it_is_told(world):
    matter = dispatched(world)
    delivered()
    delivered()
    notice = queries.to_tell(world.dispatcher)[0]
    assert (notice.number, Notice.objects.filter(audience="reporter").count()) == (matter.number, 1)
    actions.seen(notice.pk, by=world.dispatcher)
    assert list(queries.to_tell(world.dispatcher)) == []
    assert "已告诉居民" in reading.story(matter)[-1].words


def test_a_reminder_reaches_the_unit_and_nobody_elses_list(world):
    dispatched(world)
    world.clock.forward(hours=72)
    matters.sweep()
    delivered()
    assert [n.audience for n in queries.notices_for(world.manager)] == ["unit"]
    assert list(queries.notices_for(world.stranger)) == []


def test_an_ask_reaches_the_post_that_answers_it(world):
    matter = in_hand(world)
    matters.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")
    delivered()
    assert [n.number for n in queries.notices_for(world.dispatcher)] == [matter.number]


def test_a_notice_is_seen_only_by_whom_it_is_for(world):
    dispatched(world)
    delivered()
    notice = Notice.objects.get(audience="reporter")
    with pytest.raises(Refused, match="not-found"):
        actions.seen(notice.pk, by=world.stranger)
    assert Notice.objects.get(pk=notice.pk).seen_at is None


def test_notify_expire_takes_old_notices_off_and_only_the_system_does_it(world):
    dispatched(world)
    delivered()
    with pytest.raises(Refused, match="no-power"):
        actions.expire(by=world.dispatcher)
    assert actions.expire(by=SYSTEM) == 0
    world.clock.forward(days=15)
    assert actions.expire(by=SYSTEM) == 1
    assert list(queries.to_tell(world.dispatcher)) == []
