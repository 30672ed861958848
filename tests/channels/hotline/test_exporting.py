"""Lists leave the house: by a job, masked, signed, and beyond a size only with another one's yes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from tests.channels.hotline.world import a_row, csv_file, importer, loaded
from youying.access.models import Post
from youying.channels.hotline import queries
from youying.channels.hotline.actions import exporting
from youying.channels.hotline.models import Export
from youying.files.queries import open_file
from youying.files.rules import MOST_BYTES
from youying.jobs.worker import work_once
from youying.kernel.refusals import Refused
from youying.matters.queries import Filters
from youying.record.models import Entry
from youying.record.queries import opened

ALL = Filters(state="all")


@pytest.fixture
def asker(world):
    """The dispatcher, with a few matters to list."""
    rows = [a_row(工单编号=f"G-{n}", 诉求内容=f"{n}号楼的灯坏了，请打13900010001找陈桂芳。") for n in range(6)]
    loaded(world, csv_file([*rows, a_row(工单编号="G-9", 诉求内容="=1+1 开头的一句话，像公式。")]))
    while work_once("before"):
        pass
    return importer(world)


@pytest.fixture
def leader(world):
    """Another post that may allow exports."""
    powers = ["view", "export", "approve-export"]
    Post.objects.filter(pk=world.leader.post_id).update(powers=powers)
    return replace(world.leader, powers=frozenset(powers))


def written(row, viewer):
    """The rows of the file, as a person opens it."""
    while work_once("exporter"):
        pass
    row = Export.objects.get(pk=row.pk)
    assert row.state == "ready"
    data = b"".join(open_file(viewer, row.upload).pieces)
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(), data


def test_a_list_is_written_with_who_and_when_and_without_personal_values(asker):
    row = exporting.start_export(ALL, ["number", "title", "words", "received", "verdict"], by=asker)
    cells, data = written(row, asker)
    assert cells[0][0].startswith("周智远（派单员） 于 2026-11-13 15:52 导出")
    assert cells[1] == ["编号", "诉求", "内容", "登记时间", "居民评价"]
    assert len(cells) == 2 + 7
    assert "解决了，满意" in [line[4] for line in cells]
    assert f"{cells[2][3]:%Y-%m-%d %H:%M}" == "2026-10-12 09:20"
    assert "13900010001" not in str(cells)
    assert b"13900010001" not in data


def test_what_begins_like_a_formula_stays_a_text(asker):
    row = exporting.start_export(ALL, ["number", "words"], by=asker)
    cells, _ = written(row, asker)
    assert "=1+1 开头的一句话，像公式。" in [line[1] for line in cells]


def test_the_filters_and_columns_of_the_view_are_those_of_the_file(asker):
    number = queries.filtered(asker, ALL).first().number
    row = exporting.start_export(Filters(state="all", numbers=(number,)), ["number"], by=asker, sort="number")
    cells, _ = written(row, asker)
    assert [line[0] for line in cells[2:]] == [number]


def test_an_export_leaves_entries_that_say_what_left(asker):
    row = exporting.start_export(ALL, by=asker)
    written(row, asker)
    entries = list(Entry.objects.filter(subject=row.subject).order_by("seq"))
    assert [entry.act for entry in entries] == ["hotline.start-export", "hotline.finish-export"]
    assert (entries[-1].facts["rows"], entries[-1].account_id) == (7, asker.account_id)


def test_the_words_searched_for_stand_in_the_record_only_sealed(asker):
    row = exporting.start_export(Filters(state="all", text="号楼"), ["number"], by=asker)
    written(row, asker)
    entries = list(Entry.objects.filter(subject=row.subject).order_by("seq"))
    assert [entry.facts["filters"] for entry in entries] == [{"state": "all"}] * 2
    assert [opened(entry)["text"] for entry in entries] == ["号楼"] * 2


def test_a_list_longer_than_any_upload_may_be_still_leaves(asker, monkeypatch):
    monkeypatch.setitem(MOST_BYTES, "sheet", 100)
    cells, data = written(exporting.start_export(ALL, by=asker), asker)
    assert len(cells) == 2 + 7
    assert len(data) > MOST_BYTES["sheet"]


def test_a_long_export_waits_for_another_post(asker, leader, monkeypatch):
    monkeypatch.setattr(exporting, "unasked", lambda viewer: 3)
    row = exporting.start_export(ALL, by=asker)
    assert (row.state, row.job_id) == ("asked", "")
    assert not work_once("nobody")
    assert [one.pk for one in queries.exports_to_answer(leader)] == [row.pk]
    both = replace(asker, powers=asker.powers | {"approve-export"})
    with pytest.raises(Refused) as refused:
        exporting.answer_export(row.pk, by=both, allow=True)
    assert refused.value.code == "same-person"
    exporting.answer_export(row.pk, by=leader, allow=True)
    cells, _ = written(row, asker)
    assert len(cells) == 9


def test_a_refused_export_writes_nothing(asker, leader, monkeypatch):
    monkeypatch.setattr(exporting, "unasked", lambda viewer: 3)
    row = exporting.start_export(ALL, by=asker)
    assert exporting.answer_export(row.pk, by=leader, allow=False).state == "refused"
    assert not work_once("nobody")
    with pytest.raises(Refused) as refused:
        exporting.answer_export(row.pk, by=leader, allow=True)
    assert refused.value.code == "export-answered"


def test_small_lists_of_one_day_count_together(asker, leader, world, monkeypatch):
    monkeypatch.setattr(exporting, "unasked", lambda viewer: 15)
    first = exporting.start_export(ALL, by=asker)
    assert (first.rows, first.state) == (7, "running")
    assert exporting.start_export(ALL, by=asker).state == "running"
    third = exporting.start_export(ALL, by=asker)
    assert third.state == "asked"
    assert exporting.start_export(ALL, by=leader).state == "running"
    exporting.answer_export(third.pk, by=leader, allow=True)
    world.clock.forward(days=1)
    assert exporting.start_export(ALL, by=asker).state == "running"


def test_what_another_post_allowed_does_not_count(asker, leader, world, monkeypatch):
    monkeypatch.setattr(exporting, "unasked", lambda viewer: 3)
    row = exporting.start_export(ALL, by=asker)
    exporting.answer_export(row.pk, by=leader, allow=True)
    monkeypatch.setattr(exporting, "unasked", lambda viewer: 7)
    assert exporting.start_export(ALL, by=asker).state == "running"


def test_the_streets_own_number_decides_what_is_long(asker, world):
    assert exporting.unasked(asker) == 2000


def test_only_whoever_asked_fetches_the_file(asker, leader):
    row = exporting.start_export(ALL, by=asker)
    written(row, asker)
    with pytest.raises(Refused) as refused:
        open_file(leader, Export.objects.get().upload)
    assert refused.value.code == "not-found"


@pytest.mark.parametrize(
    "said, code",
    [
        ({"filters": ALL, "columns": ["salary"]}, "column-unknown"),
        ({"filters": ALL, "sort": "colour"}, "unknown-sort"),
        ({"filters": Filters(state="all", category="no-such")}, "export-size"),
    ],
)
def test_what_cannot_be_exported_is_refused(asker, said, code):
    said = dict(said)
    with pytest.raises(Refused) as refused:
        exporting.start_export(said.pop("filters"), by=asker, **said)
    assert refused.value.code == code


def test_nobody_exports_without_the_power(asker, world):
    with pytest.raises(Refused) as refused:
        exporting.start_export(ALL, by=world.worker)
    assert refused.value.code == "no-power"


def test_a_post_that_has_ended_exports_no_more(asker):
    row = exporting.start_export(ALL, by=asker)
    Post.objects.filter(pk=asker.post_id).update(until=row.made_at)
    while work_once("exporter"):
        pass
    assert Export.objects.get(pk=row.pk).state == "running"
    assert not Export.objects.get(pk=row.pk).upload
