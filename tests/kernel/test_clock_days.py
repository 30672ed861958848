"""The days of a deadline one by one: whoever counts them comes to the same end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.calendar import national_calendar
from youying.kernel.clock_days import day_rows
from youying.kernel.clocks import count, given_deadline
from youying.kernel.durations import Duration, parse_duration

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = national_calendar(SHANGHAI, years=[2026, 2027], hours=["09:00-12:00", "14:00-18:00"])
START = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)  # the Monday before National Day: off 1 to 7, worked on the 10th


def told(deadline):
    """Day of the month, what it is, and how many are counted by then."""
    return [(row.day.day, row.mark, row.nth) for row in day_rows(deadline.working)]


def test_working_days_leave_out_the_first_day_and_every_holiday_and_count_a_make_up_day():
    rows = told(count(START, parse_duration("5 working-days"), OFFICE))
    # Tue 29 = 1, Wed 30 = 2, 1 to 7 October off, Thu 8 = 3, Fri 9 = 4, Sat 10 worked = 5
    assert rows[:3] == [(28, "start", None), (29, "counted", 1), (30, "counted", 2)]
    assert [row[1] for row in rows[3:10]] == ["off"] * 7
    assert rows[10:] == [(8, "counted", 3), (9, "counted", 4), (10, "counted", 5)]


def test_each_day_says_what_sort_it_is():
    rows = {row.day: row for row in day_rows(count(START, parse_duration("5 working-days"), OFFICE).working)}
    assert (rows[date(2026, 10, 1)].kind, rows[date(2026, 10, 1)].name) == ("holiday", "国庆节")
    assert (rows[date(2026, 10, 10)].kind, rows[date(2026, 10, 10)].ends) == ("worked", True)


def test_natural_days_that_end_on_a_holiday_roll_on_to_the_next_working_day():
    rows = told(count(START, parse_duration("4 days"), OFFICE))
    # 29, 30, 1, 2 October are counted; the 2nd is off: the end rolls to Thursday the 8th
    assert rows[4] == (2, "counted", 4)
    assert rows[5:] == [(day, "rolled", None) for day in (3, 4, 5, 6, 7, 8)]


def test_a_day_that_stood_still_is_named_and_not_counted():
    stop, go = datetime(2026, 9, 29, 8, tzinfo=SHANGHAI), datetime(2026, 9, 29, 20, tzinfo=SHANGHAI)
    deadline = count(START, parse_duration("2 working-days"), OFFICE, pauses=[(stop, go, "下雨")])
    assert told(deadline)[:3] == [(28, "start", None), (29, "paused", None), (30, "counted", 1)]


def test_an_extension_counts_on_from_the_last_day_of_the_period():
    two = parse_duration("2 working-days")
    rows = day_rows(count(START, two, OFFICE, extensions=[two]).working)
    assert [(row.stage, row.day.day, row.nth) for row in rows if row.mark == "counted"] == [
        (0, 29, 1), (0, 30, 2), (1, 8, 1), (1, 9, 2),
    ]  # fmt: skip
    assert [row.day.day for row in rows if row.ends] == [9]


def test_hours_say_how_much_of_each_day_was_used():
    rows = day_rows(count(datetime(2026, 9, 30, 17, tzinfo=SHANGHAI), parse_duration("3 office-hours"), OFFICE).working)
    assert [(row.day.day, row.mark, row.seconds) for row in rows][:2] == [(30, "ran", 3600), (1, "off", 0)]
    assert (rows[-1].day.day, rows[-1].seconds, rows[-1].ends) == (8, 7200, True)


def test_a_date_that_was_given_is_agreed_day_by_day():
    rows = told(given_deadline(START, date(2026, 9, 30), OFFICE))
    assert rows == [(28, "agreed", None), (29, "agreed", None), (30, "agreed", None)]


moments = st.integers(0, 330 * 86_400).map(
    lambda seconds: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
day_periods = st.builds(Duration, st.integers(1, 40), st.sampled_from(["days", "working-days", "months"])).filter(
    lambda one: one.unit != "months" or one.n < 4
)
any_periods = st.one_of(
    day_periods, st.builds(Duration, st.integers(1, 90), st.sampled_from(["hours", "office-hours"]))
)


@st.composite
def pauses(draw, start):
    """A few pauses in order, all over."""
    found, cursor = [], start
    for _ in range(draw(st.integers(0, 3))):
        begin = cursor + timedelta(hours=draw(st.integers(1, 90)))
        cursor = begin + timedelta(hours=draw(st.integers(1, 120)))
        found.append((begin, cursor, "等"))
    return found


@given(data=st.data(), start=moments, within=day_periods)
def test_exactly_the_days_of_the_period_are_counted_and_the_last_row_is_the_due_day(data, start, within):
    deadline = count(start, within, OFFICE, pauses=data.draw(pauses(start)))
    rows = day_rows(deadline.working)
    counted = [row for row in rows if row.mark == "counted"]
    assert len(counted) == counted[-1].nth == counted[-1].of
    assert within.unit == "months" or len(counted) == within.n
    assert rows[-1].day == OFFICE.day_of(deadline.due_at - timedelta(seconds=1))
    assert [row.ends for row in rows] == [False] * (len(rows) - 1) + [True]


@given(data=st.data(), start=moments, within=any_periods)
def test_time_that_is_used_up_adds_up_to_the_period(data, start, within):
    deadline = count(start, within, OFFICE, counting="elapsed", pauses=data.draw(pauses(start)))
    rows = day_rows(deadline.working)
    assert sum(row.seconds or 0 for row in rows) == deadline.working.total_seconds()


@given(data=st.data(), start=moments, within=any_periods, seed=st.randoms())
def test_the_order_in_which_pauses_were_written_down_changes_nothing(data, start, within, seed):
    stops = data.draw(pauses(start))
    shuffled = seed.sample(stops, len(stops))
    assert count(start, within, OFFICE, pauses=shuffled).due_at == count(start, within, OFFICE, pauses=stops).due_at


@given(data=st.data(), start=moments, within=day_periods, more=day_periods)
def test_more_time_granted_before_or_after_a_pause_in_the_first_period_comes_to_the_same(data, start, within, more):
    stops = data.draw(pauses(start))
    first = count(start, within, OFFICE, pauses=stops[:1], extensions=[more])
    both = count(start, within, OFFICE, pauses=stops, extensions=[more])
    assert both.due_at >= first.due_at >= count(start, within, OFFICE, extensions=[more]).due_at
    assert both == count(start, within, OFFICE, pauses=list(reversed(stops)), extensions=[more])


@given(start=moments, within=day_periods, n=st.integers(1, 3))
def test_extensions_of_one_length_are_one_after_another_whatever_their_order(start, within, n):
    one, two = Duration(n, "working-days"), Duration(n + 1, "working-days")
    there = count(start, within, OFFICE, extensions=[one, two]).due_at
    assert there == count(start, within, OFFICE, extensions=[two, one]).due_at
