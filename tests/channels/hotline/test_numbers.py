"""A number of another system stands for one need, whatever channel a later table puts it under."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tests.channels.hotline.world import HEADER, a_row, csv_file, importer, loaded, taken
from youying.channels.hotline import queries
from youying.channels.hotline.models import Came
from youying.matters.models import Matter

WITH_CHANNEL = (*HEADER, "来源渠道")
OPEN = {"答复意见": "", "办结时间": "", "是否解决": "", "满意度": ""}


@pytest.fixture
def held(world):
    """The lamp of building 3, come in by the hotline."""
    loaded(world, csv_file([a_row(**OPEN)]))
    return Matter.objects.get()


def put_under(channel, **cells):
    """The same row in a table that says another channel."""
    return csv_file([[*a_row(**{**OPEN, **cells}), channel]], header=WITH_CHANNEL)


def test_a_row_under_another_channel_is_the_same_need(world, held):
    again = loaded(world, put_under("来访"))
    assert (again.opened, again.again, again.refused) == (0, 1, 0)
    assert (Matter.objects.get().pk, held.channel) == (held.pk, "hotline")


def test_its_news_are_followed_all_the_same(world, held):
    again = loaded(world, put_under("来访", 办结时间="2026-10-14 16:00", 是否解决="是", 满意度="满意"))
    assert (again.opened, again.followed) == (0, 1)
    assert Matter.objects.get().crossed_off is True


def test_the_preview_says_so_too(world, held):
    seen = queries.preview(importer(world), taken(world, put_under("来访")))
    assert (seen.again, seen.taken) == (1, 0)


def test_one_number_written_in_two_ways_under_two_channels_is_one_need(world):
    rows = [[*a_row(**OPEN), "来访"], [*a_row(**{**OPEN, "工单编号": "Ｇ-1"}), "扫码"]]
    said = loaded(world, csv_file(rows, header=WITH_CHANNEL))
    assert (said.opened, said.again, Matter.objects.get().channel) == (1, 1, "walk-in")


def test_the_database_keeps_the_promise(world, held):
    with pytest.raises(IntegrityError), transaction.atomic():
        Came.objects.create(matter_id=1, number="G-1", channel="walk-in", need=b"", whole=b"")


def test_two_numbers_are_two_needs(world, held):
    loaded(world, put_under("来访", 工单编号="G-2", 诉求内容="地下室返水，味道很大。"))
    assert Matter.objects.count() == 2


def test_two_lists_of_one_area_may_both_count_from_one(world):
    drain = {"工单编号": "1", "诉求内容": "地下室返水，味道很大。"}
    first, second = csv_file([a_row(**{**OPEN, "工单编号": "1"})]), put_under("来访", **drain)
    assert loaded(world, first).opened == 1
    seen = queries.preview(importer(world), taken(world, put_under("来访", **drain)))
    said = loaded(world, second)
    assert (seen.taken, seen.bad) == (1, 0)
    assert (said.opened, said.refused) == (1, 0)
    assert loaded(world, put_under("来访", **drain)).again == 1
    code = world.town.rpartition("/")[2]
    assert set(Came.objects.values_list("number", flat=True)) == {
        f"{channel}:{code}#{1}" for channel in ("hotline", "walk-in")
    }


def test_a_serial_used_again_for_another_need_of_its_list_is_refused(world):
    loaded(world, csv_file([a_row(**{**OPEN, "工单编号": "1"})]))
    said = loaded(world, csv_file([a_row(**{**OPEN, "工单编号": "1", "诉求内容": "地下室返水，味道很大。"})]))
    assert (said.opened, said.refused) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_serials_that_came_in_before_get_their_channel_by_the_migration(world):
    loaded(world, csv_file([a_row(**{**OPEN, "工单编号": "1"})]))
    matter = Matter.objects.get()
    Came.objects.update(number=matter.external_id)
    executor = MigrationExecutor(connection)
    try:
        executor.migrate([("hotline", "0003_known_numbers")])
        executor.loader.build_graph()
    finally:
        executor.migrate([("hotline", "0004_serials_in_their_channel")])
    assert Came.objects.get().number == f"hotline:{matter.external_id}"


@pytest.mark.django_db(transaction=True)
def test_numbers_that_came_in_before_are_known_after_the_migration(world, held):
    executor = MigrationExecutor(connection)
    try:
        executor.migrate([("hotline", "0002_known_rows")])
        executor.loader.build_graph()
    finally:
        executor.migrate([("hotline", "0004_serials_in_their_channel")])
    assert list(Came.objects.values_list("matter_id", "number", "channel")) == [(held.pk, "G-1", "hotline")]
