"""A year whose holidays are not announced: what the law fixes is off, and the working says what it does not know."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from youying.kernel.calendar import legal_days, national_calendar, national_days, years_announced, years_known
from youying.kernel.clock_working import calendar_from_data
from youying.kernel.clocks import count, recount
from youying.kernel.durations import parse_duration

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = ["09:00-12:00", "14:00-18:00"]
UNKNOWN = max(years_known()) + 1


def at(words):
    """A moment in Shanghai."""
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.fixture
def known_to_2026():
    """A calendar that knows 2026 and no later year."""
    return national_calendar(SHANGHAI, years=[2026], hours=HOURS)


def test_the_law_fixes_six_days_by_the_solar_calendar_and_2_may_since_2025():
    assert [f"{day:%m-%d}" for day in legal_days(2027)] == ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]
    assert date(2024, 5, 2) not in legal_days(2024)
    assert date(2024, 5, 1) in legal_days(2024)


def test_what_the_law_fixes_is_off_in_every_announced_year_too():
    for year in range(2008, UNKNOWN):
        arranged = national_days(year)
        assert {day for day in legal_days(year) if arranged.get(day, (True, ""))[0]} == set(), year


def test_a_year_is_announced_when_its_days_off_are_as_many_as_the_law_gives():
    whole = {day: worked for day, (worked, _) in national_days(2026).items()}
    assert years_announced(whole) == {2026}
    assert years_announced({date(2027, 1, 1): False, date(2027, 1, 2): True}) == frozenset()


def test_new_years_day_of_an_unannounced_year_is_no_working_day(known_to_2026):
    day = date(2027, 1, 1)  # a Friday
    assert not known_to_2026.is_working_day(day)
    assert known_to_2026.why_not_worked(day) == "节假日：元旦"
    assert known_to_2026.is_working_day(date(2027, 1, 4))


def test_a_count_over_new_year_skips_it_and_says_what_is_not_known(known_to_2026):
    deadline = count(at("2026-12-31 09:30"), parse_duration("1 working-days"), known_to_2026)
    assert deadline.due_at == at("2027-01-04 18:00")
    said = deadline.working.say()
    assert "节假日：元旦1天" in said
    assert "2027年的放假安排还没有公布或填入，只算了法定的元旦、劳动节、国庆节" in said


def test_a_day_off_fixed_by_law_moves_the_last_day_of_a_period_in_days(known_to_2026):
    deadline = count(at("2026-12-30 09:30"), parse_duration("2 days"), known_to_2026)
    assert deadline.due_at == at("2027-01-04 18:00")


def test_within_a_known_year_and_by_the_hour_nothing_is_said(known_to_2026):
    for start, within in (("2026-11-16 09:30", "5 working-days"), ("2026-12-31 09:30", "24 hours")):
        working = count(at(start), parse_duration(within), known_to_2026).working
        assert working.unannounced == []
        assert "放假安排" not in working.say()


def test_what_was_stored_is_counted_and_said_the_same_when_the_year_is_announced_later(known_to_2026):
    deadline = count(at("2026-12-31 09:30"), parse_duration("1 working-days"), known_to_2026)
    stored = deadline.working.to_data()
    again = recount(stored)
    assert (again.due_at, again.working.say()) == (deadline.due_at, deadline.working.say())
    assert again.working.to_data() == stored
    assert calendar_from_data(stored["calendar"]).unannounced(2027)


@pytest.mark.parametrize(("known", "unknown"), [([2025, 2026], [2027]), ([2026, 2027], [2025]), ([2026], [2025, 2027])])
def test_of_a_period_over_three_years_the_announced_ones_stay_announced(known, unknown):
    calendar = national_calendar(SHANGHAI, years=[], hours=HOURS)
    calendar = type(calendar)(SHANGHAI, hours=calendar.hours, announced=frozenset(known))
    working = count(at("2025-12-20 09:30"), parse_duration("400 days"), calendar).working
    assert (working.started_at.year, working.ends_at.year) == (2025, 2027)
    again = recount(working.to_data()).working
    assert (working.unannounced, again.unannounced) == (unknown, unknown)
    assert again.say() == working.say()


def test_a_day_that_somebody_entered_holds_before_the_law():
    calendar = national_calendar(SHANGHAI, years=[2026])
    entered = type(calendar)(SHANGHAI, special={date(2027, 1, 1): True}, announced=frozenset({2026}))
    assert entered.is_working_day(date(2027, 1, 1))


def test_a_calendar_that_follows_no_national_holidays_knows_none():
    calendar = type(national_calendar(SHANGHAI, years=[2026]))(SHANGHAI)
    assert calendar.is_working_day(date(2027, 1, 1))
    assert not calendar.unannounced(2027)
