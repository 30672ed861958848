"""Month sheets of duty as streets keep them: what each line says, what is refused, and that twice is once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.matters.world import person
from tests.people.duty import DECEMBER, NUMBER, THREE, at, keeper, planned, said, staff
from youying.kernel.refusals import Refused
from youying.people import actions
from youying.people.models import Shift, Swap
from youying.people.roster_events import DutyTold
from youying.record.events import forget, listen
from youying.record.models import Entry
from youying.record.queries import opener, verify

TWO = ["08:00-20:00", "20:00-08:00"]
SHEET = [
    ["槐花里社区2026年12月值班表", "", "", "", "", ""],
    ["日期", "星期", "白班", "联系电话", "夜班", "联系电话"],
    ["12月1日", "二", "韩树成", "13900000418", "郑明远", "13900000419"],
    [2.0, "三", "白秋实", "", "米 兰", ""],
    [date(2026, 12, 3), "四", "韩树成", "", "—", ""],
    ["备注：交接班请提前十分钟到岗", "", "", "", "", ""],
]


@pytest.fixture
def crew(world):
    """Three colleagues of 韩树成, who hold the same post."""
    return [world.duty, *staff(world, "郑明远", "白秋实", "米兰")]


def taken(world, lines=SHEET, **more):
    """What a sheet comes to, taken in by the secretary."""
    rules = said(world, hours=more.pop("hours", TWO))
    return actions.import_month(rules, lines, month=more.pop("month", DECEMBER), by=keeper(world), **more)


def on(day, hour):
    """Who is on the shift that begins then."""
    row = Shift.objects.select_related("account").get(begins_at=at(day, hour), removed_at=None)
    return row.account.name if row.account else ""


def test_a_street_sheet_with_a_title_two_shifts_and_a_remark_becomes_shifts(world, crew):
    outcome = taken(world)
    assert (len(outcome.added), outcome.refused, outcome.month) == (5, [], DECEMBER)
    assert [on(1, 8), on(1, 20), on(2, 8), on(2, 20), on(3, 8)] == ["韩树成", "郑明远", "白秋实", "米兰", "韩树成"]
    night = Shift.objects.get(begins_at=at(1, 20))
    assert night.ends_at == at(2, 8) and night.day == date(2026, 12, 1)
    assert Entry.objects.filter(act="people.import-month").count() == 5 and verify().ok


def test_the_same_sheet_again_changes_nothing(world, crew):
    taken(world)
    before = list(Shift.objects.order_by("pk").values())
    again = taken(world)
    assert (again.added, again.changed, again.same, again.refused) == ([], {}, 5, [])
    assert list(Shift.objects.order_by("pk").values()) == before
    assert Entry.objects.filter(act="people.import-month").count() == 5


def test_trying_a_sheet_out_keeps_nothing(world, crew):
    outcome = actions.try_month(said(world, hours=TWO), SHEET, month=DECEMBER, by=keeper(world))
    assert len(outcome.added) == 5 and not Shift.objects.exists() and not Entry.objects.filter(
        act="people.import-month"
    ).exists()  # fmt: skip


def test_telephones_of_people_are_not_kept_and_the_number_of_the_office_is(world, crew):
    taken(world)
    assert "13900000418" not in str(list(Shift.objects.values_list("phone", flat=True)))
    lines = [["日期", "值班人", "手机", "值班电话"], ["12月9日", "韩树成", "13900000418", NUMBER]]
    outcome = taken(world, lines, hours=["00:00-24:00"])
    assert Shift.objects.get(begins_at=at(9)).phone == NUMBER and outcome.ignored_columns == ["手机"]


def test_what_does_not_fit_comes_back_with_its_line_and_why(world, crew):
    lines = [
        ["日期", "白班", "夜班"],
        ["12月1日", "韩树成", "查无此人"],
        ["下月", "韩树成", ""],
        ["2027-01-02", "韩树成", ""],
        ["12月4日", "韩树成、郑明远", ""],
        [12.1, "韩树成", ""],
    ]
    outcome = taken(world, lines)
    assert [(bad.row, bad.field) for bad in outcome.refused] == [
        (2, "name"), (3, "day"), (4, "day"), (5, "name"), (6, "day"),
    ]  # fmt: skip
    assert "查无此人" in outcome.refused[0].say and "2个人" in outcome.refused[3].say
    assert len(outcome.added) == 1 and on(1, 8) == "韩树成"


def test_a_merged_day_and_titles_in_two_lines_are_understood(world, crew):
    lines = [
        ["2026年12月", "", "", "", ""],
        ["日期", "白班", "", "夜班", ""],
        ["", "姓名", "电话", "姓名", "电话"],
        ["1日", "韩树成", "13900000418", "郑明远", ""],
    ]
    assert len(taken(world, lines).added) == 2 and on(1, 20) == "郑明远"
    long = [["日期", "时段", "值班人"], ["1日", "08:00-20:00", "白秋实"], ["", "20:00-次日8:00", "米兰"]]
    assert taken(world, long).changed.keys() == {"12月1日08:00", "12月1日20:00"} and on(1, 20) == "米兰"


def test_a_title_that_could_be_two_shifts_is_asked_to_say_its_hours(world, crew):
    with pytest.raises(Refused, match="shift-unclear"):
        taken(world, [["日期", "夜班"], ["1日", "韩树成"]], hours=THREE)
    outcome = taken(world, [["日期", "夜班（16:00-24:00）"], ["1日", "韩树成"]], hours=THREE)
    assert outcome.added == ["12月1日16:00"]


def test_a_sheet_without_days_or_names_is_refused_as_a_whole(world, crew):
    for lines in ([["韩树成", "郑明远"]], [["日期", "天气"], ["1日", "晴"]]):
        with pytest.raises(Refused, match="head-missing"):
            taken(world, lines)


def test_of_two_with_one_name_it_is_asked_who_is_meant(world, crew):
    other = person("韩树成", "duty-officer", "街道值班员", reach=world.town)
    lines = [["日期", "白班"], ["1日", "韩树成"]]
    outcome = taken(world, lines)
    assert [key for key, _label in outcome.asked["韩树成"]] == [world.duty.account_id, other.account_id]
    assert outcome.refused[0].row == 2 and not Shift.objects.exists()
    taken(world, lines, chosen={"韩树成": other.account_id})
    assert Shift.objects.get().account_id == other.account_id


def test_somebody_booked_elsewhere_is_not_booked_twice(world, crew):
    taken(world)
    Shift.objects.filter(begins_at=at(1, 8)).update(roster="police")
    outcome = taken(world)
    assert [(bad.row, bad.field) for bad in outcome.refused] == [
        (3, "account")
    ] and "不能同时值两班" in outcome.refused[0].say


def test_what_has_begun_is_not_changed_by_a_sheet(world, crew):
    taken(world)
    world.clock.go_to(at(1, 9))
    lines = [["日期", "白班", "夜班"], ["1日", "米兰", "米兰"]]
    outcome = taken(world, lines)
    assert [bad.row for bad in outcome.refused] == [2] and "已经开始" in outcome.refused[0].say
    assert (on(1, 8), on(1, 20)) == ("韩树成", "米兰")


def test_who_is_moved_is_told_once_and_open_swaps_lapse(world, crew):
    heard = []

    @listen(DutyTold, exact=True)
    def on_told(event, *, key):
        heard.append((event.what, set(event.accounts)))

    try:
        taken(world)
        row = Shift.objects.get(begins_at=at(1, 8))
        actions.ask_swap(row.pk, taker=crew[2].account_id, by=world.duty)
        heard.clear()
        taken(world, [["日期", "白班", "夜班"], ["1日", "米兰", "白秋实"]])
    finally:
        forget(on_told)
    assert heard == [("assigned", {one.account_id for one in crew})]
    assert Swap.objects.get().answer == "lapsed"


def shown_by_the_record():
    """The number that the last entry of each shift with one says, by the shift's own record."""
    last = {one.subject: one for one in Entry.objects.filter(subject__startswith="shift:").order_by("pk")}
    keys = opener(list(last))
    return {subject: keys.entry(one).get("phone", "") for subject, one in last.items()}


def test_the_number_shown_for_a_shift_stands_sealed_in_the_entry_that_set_it(world, crew):
    """Planned, put down by a sheet and changed by one: the record says of each shift what its row says."""
    rules = said(world, hours=TWO)
    actions.plan_shifts(rules, month=DECEMBER, by=keeper(world), phone=NUMBER)
    sheet = [["日期", "08:00-20:00", "值班电话"], ["12月1日", "白秋实", "0970-5550001"]]
    assert len(taken(world, sheet).changed) == 1
    rows = {row.subject: row.phone for row in Shift.objects.filter(removed_at=None)}
    assert set(rows.values()) == {NUMBER, "0970-5550001"} and shown_by_the_record() == rows
    january = [["日期", "08:00-20:00", "值班电话"], ["1月1日", "白秋实", "0970-5550002"]]
    assert len(taken(world, january, month=date(2027, 1, 1)).added) == 1
    rows = {row.subject: row.phone for row in Shift.objects.filter(removed_at=None)}
    assert shown_by_the_record() == rows and NUMBER not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_a_whole_month_takes_no_more_statements_to_read_than_a_day(world, crew, django_assert_max_num_queries):
    planned(world, said=said(world, hours=TWO))
    rows = Shift.objects.select_related("account").order_by("begins_at")
    month = [
        ["日期", "时段", "值班人"],
        *([f"{row.day:%Y-%m-%d}", TWO[at_night(row)], row.account.name] for row in rows),
    ]
    keeper(world)
    with django_assert_max_num_queries(12):
        outcome = taken(world, month)
    assert (outcome.same, outcome.refused) == (62, [])


def at_night(row):
    """Whether the shift is the one by night."""
    return row.begins_at == at(row.day.day, 20)


def test_who_does_not_mind_the_roster_or_reach_the_place_takes_in_no_sheet(world, crew):
    for who, code in ((world.worker, "no-power"), (world.stranger, "out-of-reach")):
        viewer = who if code == "no-power" else type(who)(**with_rosters(who))
        with pytest.raises(Refused, match=f"^{code}:"):
            actions.import_month(said(world, hours=TWO), SHEET, month=DECEMBER, by=viewer)


def with_rosters(viewer):
    """The same person with the power over rosters."""
    return {name: getattr(viewer, name) for name in viewer.__slots__} | {"powers": viewer.powers | {"rosters"}}
