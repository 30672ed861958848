"""Dates without an hour and steps out of order: what a row may say, what it says of the matter, what keeps it out."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.channels.hotline.world import csv_file, loaded, xlsx_file
from tests.conftest import SHANGHAI
from tests.matters.world import photo
from youying.channels.hotline.models import Finding
from youying.kernel.moment_reading import names_a_day_only
from youying.kernel.refusals import Refused
from youying.matters.actions import act
from youying.matters.models import Clock, Matter
from youying.matters.queries import possible_acts
from youying.matters.replaying import differences

HEADER = (
    *("工单编号", "受理时间", "诉求内容", "来电人", "联系电话", "事发地址", "承办单位"),
    *("签收时间", "首次联系时间", "办理期限", "办结时间", "是否按时", "是否解决", "满意度"),
)


def row(number="D-1", opened="2026-11-03 09:20", accepted="", contacted="", due="", done="", on_time="", solved=""):
    """The lamp of building 3 with the moments of its order."""
    said = (number, opened, "杏林小区3号楼的路灯坏了一个星期，夜里看不见路。", "陈桂芳", "13900010001", "杏林小区3号楼")
    return [*said, "和顺物业", accepted, contacted, due, done, on_time, solved, "满意" if solved == "是" else ""]


def brought_in(world, *rows, file=csv_file):
    """The import of these rows."""
    return loaded(world, file(rows, header=HEADER))


def findings():
    """Column and sentence of everything that an import lists."""
    return list(Finding.objects.values_list("kind", "column", "say"))


def moment(*parts):
    """A moment by the street's wall clock."""
    return datetime(*parts, tzinfo=SHANGHAI)


def is_whole(matter):
    """Whether the matter is ended just where its stage is an end, and its entries say the same."""
    return (matter.ended_at is not None) == (matter.stage == "crossed-off") and differences(matter) == {}


AFTER_THE_END = ["propose-exclusion"]
"""A unit may still ask for a review of whether its matter counts; that moves nothing."""


def open_to(viewer, matter):
    """Every step and house act that this viewer may take now."""
    return [one.id for one in possible_acts(viewer, matter).can]


SAME_DAY = {
    "the answer has no hour": ({"accepted": "2026-11-04 10:00", "done": "2026-11-04"}, (2026, 11, 4, 10, 0)),
    "nothing has an hour": ({"accepted": "2026-11-04", "done": "2026-11-04"}, (2026, 11, 4, 0, 0)),
    "on the report's own day": ({"opened": "2026-11-04 09:20", "done": "2026-11-04"}, (2026, 11, 4, 9, 20)),
    "the acceptance has no hour": ({"accepted": "2026-11-04", "done": "2026-11-04 09:00"}, (2026, 11, 4, 9, 0)),
    "a contact before the acceptance": (
        {"contacted": "2026-11-04 08:00", "accepted": "2026-11-04 09:00", "done": "2026-11-04"},
        (2026, 11, 4, 9, 0),
    ),
}


@pytest.mark.parametrize(("said", "done"), SAME_DAY.values(), ids=SAME_DAY)
def test_a_day_without_an_hour_contradicts_nothing_of_that_day(world, said, done):
    brought_in(world, row(**said, solved="是"))
    matter = Matter.objects.get()
    assert findings() == []
    assert (matter.stage, matter.crossed_off, matter.completed_at) == ("crossed-off", True, moment(*done))
    assert is_whole(matter)


def test_what_has_ended_by_an_import_takes_no_further_step(world):
    brought_in(world, row(accepted="2026-11-04 10:00", done="2026-11-04", solved="是"))
    matter = Matter.objects.get()
    assert open_to(world.manager, matter) == AFTER_THE_END
    with pytest.raises(Refused):
        act(matter.pk, "complete", by=world.manager, note="再办一次", uploads=[photo(world.manager)])


def test_a_matter_that_ended_without_an_end_is_not_moved_on(world):
    brought_in(world, row(accepted="2026-11-12 09:00", opened="2026-11-12 08:00"))
    matter = Matter.objects.get()
    assert "complete" in [step.id for step in possible_acts(world.manager, matter).can]
    Matter.objects.filter(pk=matter.pk).update(ended_at=world.clock())
    matter.refresh_from_db()
    assert open_to(world.manager, matter) == AFTER_THE_END
    with pytest.raises(Refused, match="ended-astray"):
        act(matter.pk, "complete", by=world.manager, note="修好了", uploads=[photo(world.manager)])


CONTRADICTIONS = {
    "accepted a day after the answer": (
        {"accepted": "2026-11-05 10:00", "done": "2026-11-04 16:00"},
        "签收时间",
        "签收时间晚于答复（办结）时间（2026-11-05 10:00，2026-11-04 16:00），请核对这两格。",
    ),
    "accepted an hour after the answer": (
        {"accepted": "2026-11-04 17:00", "done": "2026-11-04 16:00"},
        "签收时间",
        "签收时间晚于答复（办结）时间（2026-11-04 17:00，2026-11-04 16:00），请核对这两格。",
    ),
    "accepted on a later day without an hour": (
        {"accepted": "2026-11-05", "done": "2026-11-04"},
        "签收时间",
        "签收时间晚于答复（办结）时间（2026-11-05，2026-11-04），请核对这两格。",
    ),
    "in touch only after the answer": (
        {"contacted": "2026-11-06 10:00", "done": "2026-11-04 16:00"},
        "首次联系时间",
        "首次联系时间晚于答复（办结）时间（2026-11-06 10:00，2026-11-04 16:00），请核对这两格。",
    ),
    "answered a day before the report": (
        {"done": "2026-11-02"},
        "办结时间",
        "答复（办结）时间早于来电时间（2026-11-02，2026-11-03 09:20），请核对这两格。",
    ),
    "due a day before the report": (
        {"due": "2026-11-02"},
        "办理期限",
        "办理期限早于来电时间（2026-11-02，2026-11-03 09:20），请核对这两格。",
    ),
}


@pytest.mark.parametrize(("said", "column", "say"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_keeps_the_row_out_and_names_both_cells(world, said, column, say):
    brought_in(world, row(**said, solved="是" if "done" in said else ""))
    assert findings() == [("refused", column, say)]
    assert Matter.objects.count() == 0


TARGETS = {
    "answered in the afternoon of the day": ("2026-11-06", "2026-11-06 15:00", True),
    "answered that day": ("2026-11-06", "2026-11-06", True),
    "answered after the close of business": ("2026-11-06", "2026-11-06 18:01", False),
    "answered the day after": ("2026-11-06", "2026-11-07", False),
    "a Saturday has no business hours and ends at midnight": ("2026-11-07", "2026-11-07 23:00", True),
    "the report's own day": ("2026-11-03", "2026-11-03 15:00", True),
    "a moment stays a moment": ("2026-11-06 12:00", "2026-11-06 15:00", False),
}


@pytest.mark.parametrize(("due", "done", "kept"), TARGETS.values(), ids=TARGETS)
def test_a_target_without_an_hour_is_kept_until_the_close_of_its_day(world, due, done, kept):
    brought_in(world, row(opened="2026-11-03 09:20", due=due, done=done, on_time="否" if kept else "是"))
    matter = Matter.objects.get()
    assert (matter.completed_on_time, matter.overdue) == (kept, not kept)
    assert [kind for kind, _, _ in findings()] == ["target-disagrees"]
    assert is_whole(matter)


def test_a_target_of_a_day_whose_business_is_over_at_the_report_ends_at_midnight(world):
    brought_in(world, row(opened="2026-11-03 20:00", due="2026-11-03"))
    assert Clock.objects.get(code="complete").due_at == moment(2026, 11, 4, 0, 0)


@pytest.mark.parametrize("due", ["2026-11-20", date(2026, 11, 20), datetime(2026, 11, 20)])  # noqa: DTZ001
def test_a_day_is_a_day_in_every_kind_of_file(world, due):
    brought_in(world, row(due=due), file=csv_file if isinstance(due, str) else xlsx_file)
    clock = Clock.objects.get(code="complete")
    assert (clock.rule["given"], clock.due_at) == ("2026-11-20", moment(2026, 11, 20, 18, 0))


@pytest.mark.parametrize(
    "cell",
    ["2026-11-03", "2026年11月13日", "2026/11/13 星期五", "20261113", 46330, 46330.0, date(2026, 11, 13)],
)
def test_a_cell_names_a_day_only(cell):
    assert names_a_day_only(cell)


@pytest.mark.parametrize(
    "cell",
    ["2026-11-03 00:00", "2026-11-03 9时", "202611130000", 46330.5, None, True, moment(2026, 11, 13), "明天", ""],
)
def test_a_cell_names_an_hour_or_nothing(cell):
    assert not names_a_day_only(cell)


class TestToldLater:
    """What a later export tells of a matter that is in."""

    def test_an_answer_before_the_acceptance_is_refused_there_too(self, world):
        brought_in(world, row())
        brought_in(world, row(accepted="2026-11-04 10:00", done="2026-11-04 09:00", solved="是"))
        matter = Matter.objects.get()
        assert [kind for kind, _, _ in findings()] == ["refused"]
        assert (matter.stage, matter.ended_at) == ("dispatched", None)

    def test_an_answer_of_that_day_without_an_hour_is_followed(self, world):
        brought_in(world, row())
        brought_in(world, row(accepted="2026-11-04 10:00", done="2026-11-04", solved="是"))
        matter = Matter.objects.get()
        assert (matter.stage, matter.crossed_off) == ("crossed-off", True)
        assert is_whole(matter)

    def test_an_acceptance_told_after_the_answer_adds_itself_and_moves_nothing(self, world):
        brought_in(world, row(done="2026-11-04 16:00"))
        brought_in(world, row(accepted="2026-11-04 10:00", done="2026-11-04 16:00"))
        matter = Matter.objects.get()
        assert (matter.stage, matter.waiting, "accept" in matter.doers) == ("completed", True, True)
        assert is_whole(matter)

    def test_a_unit_told_after_the_acceptance_is_added_and_its_clocks_run(self, world):
        nobody = row(accepted="2026-11-12 09:00", opened="2026-11-12 08:50")
        nobody[HEADER.index("承办单位")] = ""
        brought_in(world, nobody)
        brought_in(world, row(accepted="2026-11-12 09:00", opened="2026-11-12 08:50"))
        matter = Matter.objects.get()
        assert (matter.stage, matter.lead_id) == ("in-hand", world.property_company.pk)
        assert set(Clock.objects.filter(stopped_at=None).values_list("code", flat=True)) == {"contact", "complete"}
        assert is_whole(matter)
