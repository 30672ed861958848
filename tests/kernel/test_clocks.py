"""The case table, each case with its instant worked out by hand, and what must hold for every clock."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from youying.kernel.calendar import WorkCalendar, national_calendar
from youying.kernel.clocks import (
    Deadline,
    add_months,
    count,
    cut_off,
    earliest,
    given_deadline,
    lamp,
    moment_after,
    moment_of_share,
    recount,
)
from youying.kernel.durations import Duration, parse_duration
from youying.kernel.moments import zone
from youying.kernel.refusals import Refused

TABLE = tomllib.loads((Path(__file__).parent / "clock_cases.toml").read_text("utf-8"))
CASES: list[dict[str, Any]] = TABLE["case"]


@cache
def calendar_named(name: str) -> WorkCalendar:
    said = TABLE["calendars"][name]
    years = range(2024, 2027) if said.get("national", True) else ()
    return national_calendar(zone(said["zone"]), years=list(years), hours=said["hours"])


def wall(moment: datetime, calendar: WorkCalendar) -> datetime:
    return moment.replace(tzinfo=calendar.zone)


def deadline_of(case: dict[str, Any]) -> Deadline:
    calendar = calendar_named(case.get("calendar", "office"))
    pauses = [
        (wall(start, calendar), None if end == "open" else wall(end, calendar), "等住户在家")
        for start, end in case.get("pauses", [])
    ]
    extensions = [parse_duration(written) for written in case.get("extensions", [])]
    start = wall(case["start"], calendar)
    if "given" in case:
        due = case["given"]
        due = wall(due, calendar) if isinstance(due, datetime) else due
        return given_deadline(start, due, calendar, pauses=pauses, extensions=extensions)
    return count(
        start,
        parse_duration(case["within"]),
        calendar,
        counting=case.get("counting", "legal"),
        pauses=pauses,
        extensions=extensions,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_deadline_is_the_one_worked_out_by_hand(case: dict[str, Any]) -> None:
    due_at = deadline_of(case).due_at
    expected = case["due"]
    if expected == "paused":
        assert due_at is None
    else:
        assert due_at is not None
        assert due_at.tzinfo is UTC
        assert due_at == wall(expected, calendar_named(case.get("calendar", "office")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_anyone_can_recompute_the_deadline_from_the_stored_working(case: dict[str, Any]) -> None:
    deadline = deadline_of(case)
    stored = json.loads(json.dumps(deadline.working.to_data(), ensure_ascii=False))
    again = recount(stored)
    assert again.due_at == deadline.due_at
    assert again.working.ends_at == deadline.working.ends_at
    assert again.working.to_data() == stored
    assert again.working.say() == deadline.working.say()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_ruler_adds_up_to_the_time_the_clock_had(case: dict[str, Any]) -> None:
    working = deadline_of(case).working
    if working.paused_since:
        assert working.used_seconds(working.paused_since) < working.total_seconds()
        return
    segments = working.segments()
    counted = sum(((piece.end - piece.start) for piece in segments if piece.counted), timedelta())
    assert counted == timedelta(seconds=working.total_seconds())
    assert all(earlier.end <= later.start for earlier, later in pairwise(segments))
    assert all(piece.why for piece in segments if not piece.counted)


def test_the_table_has_at_least_forty_cases_and_no_name_twice() -> None:
    assert len(CASES) >= 40
    assert len({case["name"] for case in CASES}) == len(CASES)


OFFICE = calendar_named("office")
WEDNESDAY = datetime(2026, 11, 18, 10, 0, tzinfo=OFFICE.zone)


def office(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE.zone)


class TestTheDrainInTheMock:
    """The clock of the drawn matter page: 3 working days of 7 h 30 from Friday 16:20, paused for 2 h 30."""

    deadline = deadline_of(next(case for case in CASES if "lunch break" in case["name"] and "pauses" in case))

    def test_its_used_share_is_exact_and_stands_still_in_pause_and_at_night(self) -> None:
        working = self.deadline.working
        assert working.total_seconds() == 22 * 3600 + 30 * 60
        assert working.used_share(office("2026-11-18 09:40")) == Fraction(15 * 60 + 20, 22 * 60 + 30)
        assert working.used_share(office("2026-11-16 10:00")) == working.used_share(office("2026-11-16 14:30"))
        assert working.used_share(office("2026-11-17 18:00")) == working.used_share(office("2026-11-18 08:30"))
        assert working.used_share(office("2026-11-13 16:20")) == 0
        assert working.used_share(office("2026-11-19 09:20")) == 1
        assert working.used_share(office("2026-11-19 10:20")) == 1 + Fraction(60, 22 * 60 + 30)

    def test_what_is_left_is_working_time_and_goes_below_nothing(self) -> None:
        assert self.deadline.working.left_seconds(office("2026-11-18 09:40")) == 7 * 3600 + 10 * 60
        assert self.deadline.working.left_seconds(office("2026-11-19 11:40")) == -(2 * 3600 + 20 * 60)

    def test_it_is_overdue_only_after_its_last_moment(self) -> None:
        assert not self.deadline.is_overdue(office("2026-11-19 09:20"))
        assert self.deadline.is_overdue(office("2026-11-19 09:20") + timedelta(seconds=1))

    def test_its_lamps_turn_at_moments_that_can_be_stored(self) -> None:
        yellow = moment_of_share(self.deadline, Fraction(1, 2))
        assert yellow == office("2026-11-17 15:05")  # 11 h 15: Fri 1:40, Mon 6:40, Tue 10:10 at 12:00
        for percent in (1, 33, 50, 80, 99, 100, 120):
            moment = moment_of_share(self.deadline, Fraction(percent, 100))
            assert self.deadline.working.used_share(moment) >= Fraction(percent, 100)
            assert self.deadline.working.used_share(moment - timedelta(seconds=1)) < Fraction(percent, 100)

    def test_its_ruler_says_what_did_not_count_and_why(self) -> None:
        segments = self.deadline.working.segments()
        uncounted = [(f"{piece.day:%d}", piece.why) for piece in segments if not piece.counted]
        assert uncounted == [("14", "周末"), ("15", "周末"), ("16", "暂停：等住户在家"), ("16", "暂停：等住户在家")]
        paused = sum(((piece.end - piece.start) for piece in segments if "暂停" in piece.why), timedelta())
        assert paused == timedelta(hours=2, minutes=30)

    def test_its_sentence_can_be_checked_by_a_reader(self) -> None:
        assert self.deadline.working.say(what="一般诉求", act="派单", source="接诉即办第7版“办结期限”") == (
            "一般诉求3个工作日（按实际用时），11月13日（周五）16:20派单起算，周末2天不计，暂停：等住户在家，共2小时30分，"
            "11月19日（周四）09:20到期。工作时间 08:30—12:00、14:00—18:00。依据：接诉即办第7版“办结期限”。"
        )


def case_named(name: str) -> Deadline:
    return deadline_of(next(case for case in CASES if case["name"] == name))


def test_a_legal_clock_says_that_the_first_day_and_the_holidays_are_left_out() -> None:
    assert case_named("legal working days over Mid-autumn").working.say() == (
        "3个工作日，9月24日（周四）16:00起算，首日不计，节假日：中秋节3天不计，9月30日（周三）18:00到期。"
        "工作时间 09:00—12:00、14:00—18:00。"
    )


def test_an_end_at_midnight_is_said_as_the_day_that_ends() -> None:
    said = case_named("legal working days without hours end at midnight").working.say()
    assert said.endswith("11月23日（周一）24:00到期。")


def test_extensions_and_open_pauses_are_said() -> None:
    said = case_named("an extension goes on from the last day").working.say()
    assert "延期1次（2个工作日），11月25日（周三）18:00到期" in said
    said = case_named("an open pause leaves no deadline").working.say()
    assert "11月19日（周四）10:00起暂停，恢复后再算到期时间" in said
    assert "到期。" not in said


def test_a_last_day_that_was_moved_is_said_with_its_reason() -> None:
    said = case_named("legal days ending on New Year's Day move to the worked Sunday").working.say()
    assert "2026年1月1日（周四）不是工作日，顺延，2026年1月4日（周日）18:00到期" in said
    said = case_named("a period does not end inside a pause").working.say()
    assert "11月23日（周一）下班时还在暂停，顺延，11月24日（周二）18:00到期" in said


def test_a_matter_parked_for_years_is_counted_at_once() -> None:
    parked = [(office("2016-11-18 12:00"), office("2026-11-17 12:00"), "挂账")]
    begun = perf_counter()
    deadline = count(office("2016-11-17 10:00"), Duration(2, "working-days"), OFFICE, pauses=parked)
    assert deadline.due_at == office("2026-11-17 18:00")  # Fri 18 Nov 2016 partly paused = 1; Tue 17 Nov 2026 = 2
    assert perf_counter() - begun < 2


def test_a_worked_sunday_is_counted_and_named_on_the_ruler() -> None:
    segments = case_named("legal working days count a worked Sunday").working.segments()
    sunday = [piece for piece in segments if piece.day == date(2026, 9, 20)]
    assert [(piece.counted, piece.why) for piece in sunday] == [(True, "国庆节调休上班")] * 2
    assert [piece.why for piece in segments if piece.day == date(2026, 9, 18)] == ["首日不计"] * 2


def test_a_step_after_a_deadline_counts_from_the_day_that_ends() -> None:
    at_the_close = case_named("legal working days from within hours over a weekend")  # Mon 23, 18:00
    assert moment_after(at_the_close, Duration(1, "working-days")) == office("2026-11-24 18:00")
    assert moment_after(at_the_close, Duration(2, "hours")) == office("2026-11-23 20:00")
    at_midnight = case_named("legal working days without hours end at midnight")  # Mon 23, 24:00
    assert moment_after(at_midnight, Duration(1, "working-days")) == office("2026-11-25 00:00")


def test_a_paused_clock_stands_still_whatever_the_hour() -> None:
    working = case_named("an elapsed clock that is paused stands still").working
    assert working.used_share(office("2026-11-18 11:00")) == Fraction(1, 7)
    assert working.used_share(office("2027-11-18 11:00")) == Fraction(1, 7)


@pytest.mark.parametrize(
    ("share", "flags", "shown"),
    [
        (Fraction(0), {}, "green"),
        (Fraction(4_999, 10_000), {}, "green"),
        (Fraction(1, 2), {}, "yellow"),
        (Fraction(79_999, 100_000), {}, "yellow"),
        (Fraction(4, 5), {}, "red"),
        (Fraction(2), {}, "red"),
        (Fraction(2), {"overdue": True}, "overdue"),
        (Fraction(2), {"overdue": True, "paused": True}, "overdue"),
        (Fraction(1, 10), {"paused": True}, "paused"),
        (Fraction(2), {"overdue": True, "waiting": True}, "waiting"),
    ],
)
def test_lamps(share: Fraction, flags: dict[str, bool], shown: str) -> None:
    assert lamp(share, **flags) == shown


def test_a_pack_may_set_other_thresholds() -> None:
    assert lamp(Fraction(60, 100), (70, 90)) == "green"
    assert lamp(Fraction(90, 100), (70, 90)) == "red"


@pytest.mark.parametrize(
    ("due", "ask_before", "last_moment"),
    [
        ("2026-11-23 18:00", "17:00", "2026-11-23 17:00"),
        ("2026-11-23 18:00", time(17), "2026-11-23 17:00"),
        ("2026-11-23 16:00", "17:00", "2026-11-23 16:00"),  # never after the deadline
        ("2026-11-24 00:00", "17:00", "2026-11-23 17:00"),  # 24:00 belongs to the day that ends
        ("2026-11-23 18:00", "2 hours", "2026-11-23 16:00"),
        ("2026-11-23 18:00", "90 minutes", "2026-11-23 16:30"),
        ("2026-11-23 18:00", "1 days", "2026-11-22 18:00"),
        ("2026-03-31 18:00", "1 months", "2026-02-28 18:00"),
        ("2026-11-23 18:00", "1 working-days", "2026-11-20 18:00"),  # Friday's close
        ("2026-10-08 18:00", "2 working-days", "2026-09-29 18:00"),  # Wed 30 is 1, Tue 29 is 2
        ("2026-11-23 10:00", "2 office-hours", "2026-11-20 17:00"),  # Mon 1 h, Fri 17–18
        ("2026-11-23 10:00", "1 office-hours", "2026-11-23 09:00"),  # the latest moment, not Friday's close
    ],
)
def test_an_extension_must_be_asked_for_by_its_cut_off(due: str, ask_before: str | time, last_moment: str) -> None:
    assert cut_off(office(due), ask_before, OFFICE) == office(last_moment)


@pytest.mark.parametrize("written", ["25:00", "soon", "17:00:99", "0 days"])
def test_a_cut_off_that_is_neither_an_hour_nor_a_duration_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refusal:
        cut_off(office("2026-11-23 18:00"), written, OFFICE)
    assert written in refusal.value.say


@pytest.mark.parametrize(
    ("wait", "first_moment"),
    [
        ("15 days", "2026-12-04 00:00"),  # 19 Nov is 1, 3 Dec is 15, full at its 24:00
        ("2 days", "2026-11-21 00:00"),
        ("4 days", "2026-11-23 00:00"),  # Sun 22 is the last day and is not moved: nothing is asked of anybody on it
        ("2 working-days", "2026-11-21 00:00"),  # Thu, Fri
        ("3 working-days", "2026-11-24 00:00"),  # Thu, Fri, Mon
        ("1 months", "2026-12-19 00:00"),
        ("24 hours", "2026-11-19 10:00"),
        ("3 office-hours", "2026-11-18 15:00"),
    ],
)
def test_what_has_to_wait_may_be_done_when_full_days_have_passed(wait: str, first_moment: str) -> None:
    assert earliest(WEDNESDAY, parse_duration(wait), OFFICE) == office(first_moment)


def test_a_wait_is_longer_by_the_days_it_was_paused_and_shorter_when_elapsed() -> None:
    whole_thursday = [(office("2026-11-19 09:00"), office("2026-11-19 18:00"), "")]
    assert earliest(WEDNESDAY, Duration(2, "days"), OFFICE, pauses=whole_thursday) == office("2026-11-22 00:00")
    assert earliest(WEDNESDAY, Duration(2, "days"), OFFICE, counting="elapsed") == office("2026-11-20 10:00")


def test_pauses_that_cannot_be_are_refused() -> None:
    three_days = Duration(3, "working-days")
    fine = (office("2026-11-19 10:00"), office("2026-11-19 11:00"), "")
    assert count(WEDNESDAY, three_days, OFFICE, pauses=[fine]).due_at == office("2026-11-23 18:00")
    with pytest.raises(Refused, match="pause-backwards"):
        count(WEDNESDAY, three_days, OFFICE, pauses=[(fine[1], fine[0], "")])
    with pytest.raises(Refused, match="pause-twice-open"):
        count(WEDNESDAY, three_days, OFFICE, pauses=[(fine[0], None, ""), (fine[1], None, "")])


def test_a_given_day_named_after_its_close_of_business_ends_at_midnight() -> None:
    evening = office("2026-11-18 19:30")
    counted = given_deadline(evening, date(2026, 11, 18), OFFICE)
    assert counted.due_at == office("2026-11-19 00:00")
    assert recount(counted.working.to_data()).due_at == counted.due_at


@pytest.mark.parametrize(("counting", "due"), [("legal", "2026-11-20 18:00"), ("elapsed", "2026-11-20 12:00")])
def test_an_extension_of_a_given_deadline_counts_as_its_clock_does(counting, due) -> None:
    counted = given_deadline(
        WEDNESDAY, office("2026-11-19 12:00"), OFFICE, counting=counting, extensions=(Duration(1, "working-days"),)
    )
    assert counted.due_at == office(due)
    assert recount(counted.working.to_data()).due_at == counted.due_at


def test_a_given_date_that_has_passed_is_refused_and_today_is_not() -> None:
    assert given_deadline(WEDNESDAY, date(2026, 11, 18), OFFICE).due_at == office("2026-11-18 18:00")
    with pytest.raises(Refused, match="given-date-passed"):
        given_deadline(WEDNESDAY, date(2026, 11, 17), OFFICE)


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(Refused, match="moment-without-zone"):
        count(datetime(2026, 11, 18, 10), Duration(1, "hours"), OFFICE)  # noqa: DTZ001


def test_months_can_be_taken_back_too() -> None:
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 15), -13) == date(2024, 12, 15)


# --- what must hold for every clock ---

starts = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001
units = st.sampled_from(["minutes", "hours", "days", "months", "working-days", "office-hours"])
durations = st.builds(Duration, st.integers(1, 40), units)
countings = st.sampled_from(["legal", "elapsed"])
calendars = st.sampled_from(["office", "street", "plain", "night", "urumqi"]).map(calendar_named)


@st.composite
def pause_lists(draw: st.DrawFn, start: datetime) -> list[tuple[datetime, datetime, str]]:
    made = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + timedelta(minutes=draw(st.integers(-600, 60_000)))
        made.append((begin, begin + timedelta(minutes=draw(st.integers(0, 8_000))), ""))
    return made


def due(*args: Any, **kwargs: Any) -> datetime:
    deadline = count(*args, **kwargs).due_at
    assert deadline is not None
    return deadline


@given(starts, durations, calendars, countings, st.data())
def test_a_deadline_is_never_before_its_start_and_pauses_never_bring_it_forward(
    start: datetime, within: Duration, calendar: WorkCalendar, counting: Any, data: st.DataObject
) -> None:
    plain = due(start, within, calendar, counting=counting)
    paused = due(start, within, calendar, counting=counting, pauses=data.draw(pause_lists(start)))
    assert start.replace(microsecond=0) <= plain <= paused


@given(starts, st.integers(0, 200_000), durations, calendars, countings)
def test_a_later_start_never_has_an_earlier_deadline(
    start: datetime, minutes: int, within: Duration, calendar: WorkCalendar, counting: Any
) -> None:
    later = start + timedelta(minutes=minutes)
    assert due(start, within, calendar, counting=counting) <= due(later, within, calendar, counting=counting)


@given(starts, durations, calendars, countings, st.data())
def test_more_time_never_has_an_earlier_deadline(
    start: datetime, within: Duration, calendar: WorkCalendar, counting: Any, data: st.DataObject
) -> None:
    more = Duration(within.n + 1, within.unit)
    pauses = data.draw(pause_lists(start))
    assert due(start, within, calendar, counting=counting, pauses=pauses) <= due(
        start, more, calendar, counting=counting, pauses=pauses
    )


@given(starts, durations, calendars, countings, durations)
def test_an_extension_always_gives_time(
    start: datetime, within: Duration, calendar: WorkCalendar, counting: Any, extension: Duration
) -> None:
    assert due(start, within, calendar, counting=counting) < due(
        start, within, calendar, counting=counting, extensions=[extension]
    )


@given(starts, st.integers(1, 40), st.sampled_from(["minutes", "hours", "office-hours"]), calendars, st.data())
def test_a_clock_of_hours_ran_exactly_its_hours_whatever_the_pauses(
    start: datetime, n: int, unit: Any, calendar: WorkCalendar, data: st.DataObject
) -> None:
    working = count(start, Duration(n, unit), calendar, pauses=data.draw(pause_lists(start))).working
    assert working.total_seconds() == n * {"minutes": 60, "hours": 3_600, "office-hours": 3_600}[unit]


@given(starts, durations, calendars, countings, st.data())
def test_the_share_goes_from_nothing_to_one_and_never_back(
    start: datetime, within: Duration, calendar: WorkCalendar, counting: Any, data: st.DataObject
) -> None:
    pauses = data.draw(pause_lists(start))
    working = count(start, within, calendar, counting=counting, pauses=pauses).working
    assume(working.total_seconds() > 0)
    assert working.used_share(working.started_at) == 0
    assert working.used_share(working.ends_at) == 1
    span = working.ends_at - working.started_at
    shares = [working.used_share(working.started_at + span * step / 10) for step in range(14)]
    assert shares == sorted(shares)
    assert all(share <= 1 for share in shares[:11])


@given(starts, st.builds(Duration, st.integers(1, 12), units), calendars, countings, st.data())
def test_the_ruler_of_any_clock_adds_up_and_never_goes_back(
    start: datetime, within: Duration, calendar: WorkCalendar, counting: Any, data: st.DataObject
) -> None:
    pauses = data.draw(pause_lists(start))
    working = count(start, within, calendar, counting=counting, pauses=pauses, extensions=[within]).working
    segments = working.segments()
    counted = sum(((piece.end - piece.start) for piece in segments if piece.counted), timedelta())
    assert counted == timedelta(seconds=working.total_seconds())
    assert all(earlier.end <= later.start for earlier, later in pairwise(segments))


@given(starts, durations, calendars, st.data())
def test_a_legal_period_of_days_ends_at_the_close_of_a_working_day_outside_every_pause(
    start: datetime, within: Duration, calendar: WorkCalendar, data: st.DataObject
) -> None:
    assume(within.counts_days)
    pauses = data.draw(pause_lists(start))
    ends = due(start, within, calendar, pauses=pauses)
    last_day = calendar.day_of(ends - timedelta(seconds=1))
    assert calendar.is_working_day(last_day)
    assert calendar.close_of(last_day) == ends
    assert not any(begin.replace(microsecond=0) < ends <= end.replace(microsecond=0) for begin, end, _ in pauses)
