"""Working calendars: 调休, hours, zones, and arithmetic that adds up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.calendar import (
    WEEK_WORDS,
    WorkCalendar,
    calendar_from_words,
    national_calendar,
    national_days,
    years_known,
)
from youying.kernel.moments import zone
from youying.kernel.refusals import Refused

SHANGHAI = zone("Asia/Shanghai")
HOURS = ["09:00-12:00", "14:00-18:00"]


@cache
def office() -> WorkCalendar:
    return national_calendar(SHANGHAI, years=range(2024, 2027), hours=HOURS)


@cache
def new_york() -> WorkCalendar:
    return WorkCalendar(zone("America/New_York"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_weekends_holidays_and_worked_sundays() -> None:
    days = {date(2026, 9, day): office().is_working_day(date(2026, 9, day)) for day in (18, 19, 20, 24, 25, 26, 28)}
    assert list(days.values()) == [True, False, True, True, False, False, True]
    assert office().why_not_worked(date(2026, 9, 19)) == "周末"
    assert office().why_not_worked(date(2026, 9, 25)) == "节假日：中秋节"
    assert office().next_working_day(date(2026, 9, 18)) == date(2026, 9, 20)
    assert office().working_day_from(date(2026, 9, 25)) == date(2026, 9, 28)
    assert office().working_day_from(date(2026, 9, 24)) == date(2026, 9, 24)


def test_a_holiday_without_a_name_is_still_a_holiday() -> None:
    flood_day = date(2026, 11, 19)
    calendar = WorkCalendar(SHANGHAI, special={flood_day: False})
    assert not calendar.is_working_day(flood_day)
    assert calendar.why_not_worked(flood_day) == "节假日"


def test_a_day_has_the_seconds_of_its_hours() -> None:
    assert office().day_seconds == 7 * 3600
    assert WorkCalendar(SHANGHAI).day_seconds == 86_400
    assert calendar_from_words(SHANGHAI, week=["mon"], hours=["22:00-24:00"]).day_seconds == 7_200


def test_worked_time_leaves_out_nights_lunch_and_days_off() -> None:
    assert office().worked_seconds(at("2026-09-18 17:00"), at("2026-09-20 11:00")) == 3 * 3600
    assert office().worked_seconds(at("2026-11-18 12:30"), at("2026-11-18 13:30")) == 0
    assert office().worked_seconds(at("2026-11-18 15:00"), at("2026-11-18 14:00")) == 0
    # 2026: 365 days, 104 days of weekends, and by name: 1 and 2 Jan, 16–20 and 23 Feb, 6 Apr, 1, 4 and 5 May, 19 Jun,
    # 25 Sep, 1, 2, 5, 6 and 7 Oct off on weekdays: 19; worked at weekends: 4 Jan, 14 and 28 Feb, 9 May, 20 Sep, 10 Oct
    assert office().worked_seconds(at("2026-01-01"), at("2027-01-01")) == (365 - 104 - 19 + 6) * 7 * 3600


def test_the_closing_time_is_midnight_where_there_are_no_hours() -> None:
    assert office().close_of(date(2026, 11, 18)) == at("2026-11-18 18:00")
    assert office().close_of(date(2026, 11, 21)) == at("2026-11-22 00:00")
    assert WorkCalendar(SHANGHAI).close_of(date(2026, 11, 18)) == at("2026-11-19 00:00")


def test_working_days_are_found_forwards_and_backwards_over_the_years_end() -> None:
    assert office().nth_working_day(date(2025, 12, 31), 1) == date(2026, 1, 4)
    assert office().nth_working_day(date(2026, 1, 4), -1) == date(2025, 12, 31)
    assert office().nth_working_day(date(2026, 1, 2), -1) == date(2025, 12, 31)
    assert office().nth_working_day(date(2026, 9, 25), 1) == date(2026, 9, 28)


@pytest.mark.parametrize(
    "hours",
    [["18:00-09:00"], ["09:00-12:00", "11:00-18:00"], ["14:00-18:00", "09:00-12:00"], ["09:00-09:00"], ["9-12"]]
    + [["25:00-26:00"], ["22:00-24:30"], ["22:00-06:00"], ["00:00-24:00", "00:00-24:00"], ["09:00-12:00; DROP"]],
)
def test_hours_that_cannot_be_are_refused(hours: list[str]) -> None:
    assert calendar_from_words(SHANGHAI, week=["mon"], hours=HOURS).hours == (
        (time(9), time(12)),
        (time(14), time(18)),
    )
    with pytest.raises(Refused, match="calendar-hours-wrong"):
        calendar_from_words(SHANGHAI, week=["mon"], hours=hours)


@pytest.mark.parametrize("week", [[], ["monday"], ["mon", "周二"]])
def test_a_week_without_working_days_or_with_unknown_ones_is_refused(week: list[str]) -> None:
    with pytest.raises(Refused, match="calendar-without-week"):
        calendar_from_words(SHANGHAI, week=week, hours=HOURS)


def test_a_calendar_on_which_nobody_ever_works_is_refused_and_does_not_hang() -> None:
    never = WorkCalendar(
        SHANGHAI,
        week=frozenset({0}),
        special={date(2026, 1, 5) + timedelta(weeks=week): False for week in range(52 * 160)},
    )
    with pytest.raises(Refused, match="calendar-without-end"):
        never.nth_working_day(date(2026, 1, 1), 1)


def test_the_seed_knows_the_years_it_says_and_is_empty_for_others() -> None:
    assert 2026 in years_known()
    assert len(national_days(2026)) == 39
    assert national_days(2026)[date(2026, 10, 10)] == (True, "国庆节调休上班")
    assert national_days(2026)[date(2026, 2, 17)] == (False, "春节")
    assert national_days(max(years_known()) + 1) == {}
    assert all(name.isascii() is False for year in years_known() for _, name in national_days(year).values())


def test_days_on_which_the_clocks_change_have_their_real_length() -> None:
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    calendar = WorkCalendar(zone("America/New_York"), week=frozenset(range(7)))
    for day, hours in ((spring, 23), (autumn, 25), (date(2026, 6, 1), 24)):
        opens, closes = calendar.spans(day)[0]
        assert calendar.worked_seconds(opens, closes) == hours * 3600


def test_thousands_of_deadlines_are_counted_a_second() -> None:
    """A floor far below what it does, so that a slow machine does not fail it but a day-by-day loop would."""
    calendar = office()
    start = at("2024-01-02 10:00")
    calendar.after_worked(start, 700 * calendar.day_seconds)
    begun = perf_counter()
    for n in range(2_000):
        calendar.after_worked(start, 700 * calendar.day_seconds - n)
    assert perf_counter() - begun < 1


moments = st.datetimes(datetime(2023, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
calendars = st.sampled_from([office, new_york]).map(lambda make: make())


@given(calendars, moments, moments, moments)
def test_worked_time_is_additive(calendar: WorkCalendar, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    worked = calendar.worked_seconds
    assert worked(first, second) + worked(second, third) == worked(first, third)
    assert 0 <= worked(first, second) <= (second - first).total_seconds()


@given(calendars, moments, st.integers(0, 20_000_000))
def test_using_up_worked_time_and_taking_it_back_are_exact(
    calendar: WorkCalendar, start: datetime, seconds: int
) -> None:
    end = calendar.after_worked(start, seconds)
    assert calendar.worked_seconds(start, end) == seconds
    if seconds:
        assert calendar.worked_seconds(start, end - timedelta(seconds=1)) == seconds - 1
        back = calendar.before_worked(end, seconds)
        assert calendar.worked_seconds(back, end) == seconds
        assert calendar.worked_seconds(back + timedelta(seconds=1), end) == seconds - 1
        assert back >= start


@given(st.dates(date(2023, 6, 1), date(2027, 6, 1)), st.integers(1, 400))
def test_counting_working_days_forth_and_back_agree_with_a_plain_loop(day: date, n: int) -> None:
    there = office().nth_working_day(day, n)
    walked, left = day, n
    while left:
        walked += timedelta(days=1)
        left -= office().is_working_day(walked)
    assert there == walked
    assert office().nth_working_day(there, -n) <= office().working_day_from(day)


def test_the_words_of_the_week_are_the_seven_of_the_pack_language() -> None:
    calendar = calendar_from_words(SHANGHAI, week=WEEK_WORDS, hours=[])
    assert calendar.week == frozenset(range(7))
    assert calendar.nth_working_day(date(2026, 11, 18), 7) == date(2026, 11, 25)
