"""Raw tables and written lists are kept for their time only, and opened only in a running post that may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import override_settings

from tests.channels.hotline.world import a_row, csv_file, importer, loaded, taken
from youying.access.models import Account, Post
from youying.access.queries import viewer_without_post
from youying.channels.hotline import queries
from youying.channels.hotline.actions import exporting, importing, keeping
from youying.channels.hotline.models import Export, Import
from youying.files.models import Upload
from youying.files.queries import open_file
from youying.jobs.timers import TIMERS
from youying.jobs.worker import work_once
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.matters.queries import Filters
from youying.record import actions as record
from youying.record.models import Entry


@pytest.fixture
def row(world):
    """A table that came in, one of its rows refused."""
    return loaded(world, csv_file([a_row(), a_row(工单编号="G-2", 受理时间="何时")]))


@pytest.fixture
def written(world, row):
    """A list that the same person asked for, written."""
    made = exporting.start_export(Filters(state="all"), by=importer(world))
    while work_once("exporter"):
        pass
    return Export.objects.get(pk=made.pk)


def refused(run):
    with pytest.raises(Refused) as caught:
        run()
    return caught.value.code


def read(viewer, token):
    return b"".join(open_file(viewer, token).pieces)


def test_whoever_took_the_table_reads_it_in_a_post_that_may_import(world, row, written):
    asker = importer(world)
    assert "陈桂芳" in read(asker, row.upload).decode("utf-8-sig")
    assert read(asker, written.upload)
    for poorer in (
        replace(asker, powers=frozenset({"view", "act"})),
        replace(asker, reach=f"{world.town}/elsewhere"),
        replace(asker, account_id=world.leader.account_id),
    ):
        assert refused(lambda poorer=poorer: read(poorer, row.upload)) == "not-found"
        assert refused(lambda poorer=poorer: read(poorer, written.upload)) == "not-found"
    assert refused(lambda: list(queries.to_fix(replace(asker, powers=frozenset()), row))) == "no-power"


def test_the_table_and_the_list_close_with_the_post(world, row, written):
    Post.objects.filter(pk=world.dispatcher.post_id).update(until=now())
    left = viewer_without_post(Account.objects.get(pk=world.dispatcher.account_id))
    assert refused(lambda: read(left, row.upload)) == "not-found"
    assert refused(lambda: read(left, written.upload)) == "not-found"


def test_a_list_of_another_street_is_not_among_ones_own(world, written):
    asker = importer(world)
    assert queries.exports(asker) == [written]
    elsewhere = replace(asker, reach="/99/9902")
    assert queries.exports(elsewhere) == []
    assert refused(lambda: queries.one_export(elsewhere, written.pk)) == "not-found"


def test_a_raw_table_goes_thirty_days_after_it_came_in_and_says_so_in_the_record(world, row):
    world.clock.forward(days=30, minutes=-1)
    keeping.remove_old(by=SYSTEM)
    assert read(importer(world), row.upload)
    world.clock.forward(minutes=2)
    token = row.upload
    assert keeping.remove_old(by=SYSTEM) == 1
    assert refused(lambda: read(SYSTEM, token)) == "not-found"
    told = Entry.objects.filter(subject=row.subject).order_by("-seq").first()
    assert (told.act, told.facts["why"], told.facts["days"]) == ("hotline.remove-file", "time-over", 30)
    assert Upload.objects.get(token=token).removed_at == now()
    assert keeping.remove_old(by=SYSTEM) == 0
    gone = queries.one_import(importer(world), row.pk)
    assert refused(lambda: list(queries.to_fix(importer(world), gone))) == "file-gone"
    assert Matter.objects.count() == 1


def test_a_written_list_goes_after_seven_days(world, row, written):
    world.clock.forward(days=7, minutes=1)
    assert keeping.remove_old(by=SYSTEM) == 1
    assert refused(lambda: read(SYSTEM, written.upload)) == "not-found"
    left = Export.objects.get(pk=written.pk)
    assert (left.state, left.upload, left.rows) == ("ready", "", 1)
    assert Import.objects.get(pk=row.pk).upload


@override_settings(YOUYING_KEEP_IMPORTS_DAYS=2, YOUYING_KEEP_EXPORTS_DAYS=1)
def test_the_installation_says_how_many_days(world, row, written):
    assert queries.kept_until(written) == written.finished_at.replace(day=written.finished_at.day + 1)
    world.clock.forward(days=1, minutes=1)
    assert keeping.remove_old(by=SYSTEM) == 1
    world.clock.forward(days=1)
    assert keeping.remove_old(by=SYSTEM) == 1


def test_a_table_that_nobody_brought_in_goes_too_and_a_dropped_one_at_once(world):
    waiting = taken(world, csv_file([a_row()]))
    dropped = taken(world, csv_file([a_row(工单编号="G-5")]))
    importing.drop(dropped.pk, by=importer(world))
    assert refused(lambda: read(SYSTEM, dropped.upload)) == "not-found"
    world.clock.forward(days=31)
    keeping.remove_old(by=SYSTEM)
    assert refused(lambda: read(SYSTEM, waiting.upload)) == "not-found"
    assert Import.objects.get(pk=waiting.pk).state == "dropped"


def test_the_timer_removes_what_is_over(world, row):
    world.clock.forward(days=31)
    TIMERS["hotline.remove-old-files"].function()
    assert Import.objects.get(pk=row.pk).upload == ""


def test_erasing_a_matter_reaches_the_table_it_came_in_with(world, row):
    token = row.upload
    assert "陈桂芳" in read(importer(world), token).decode("utf-8-sig")
    Matter.objects.update(ended_at=world.clock())  # what runs is not erased
    record.erase(Matter.objects.get().subject, by=SYSTEM, reason="person-asked")
    assert refused(lambda: read(SYSTEM, token)) == "not-found"
    told = Entry.objects.filter(subject=row.subject).order_by("-seq").first()
    assert (told.act, told.facts["why"]) == ("hotline.remove-file", "erased")


def test_erasing_another_matter_leaves_the_table(world, row):
    world.clock.forward(hours=1)
    later = loaded(world, csv_file([a_row(工单编号="G-7", 诉求内容="杏林小区5号楼的电梯停了两天了。")]))
    assert later.opened == 1
    Matter.objects.update(ended_at=world.clock())
    record.erase(Matter.objects.get(external_id="G-7").subject, by=SYSTEM, reason="person-asked")
    assert read(importer(world), row.upload)
