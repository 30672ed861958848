"""When what recurs is due, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.refusals import Refused
from youying.occasions import ladder_rules, rhythm_rules
from youying.packs.schema_rhythm import Rhythm

SHANGHAI = ZoneInfo("Asia/Shanghai")


def rhythm(**said: Any) -> Rhythm:
    """A rhythm with these words."""
    return Rhythm.model_validate({"title": "走访", "of": "home", "does": "visit", "by": ["grid-worker"], **said})


def days(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("every", "day", "period", "first", "last"),
    [
        ("day", "2026-11-21", "2026-11-21", "2026-11-21", "2026-11-21"),
        ("week", "2026-11-22", "2026-W47", "2026-11-16", "2026-11-22"),
        ("week", "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"),
        ("fortnight", "2026-11-22", "2026-11-09-F", "2026-11-09", "2026-11-22"),
        ("fortnight", "2027-01-03", "2026-12-21-F", "2026-12-21", "2027-01-03"),
        ("month", "2028-02-29", "2028-02", "2028-02-01", "2028-02-29"),
        ("quarter", "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("half-year", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30"),
        ("year", "2026-03-01", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_turn_is_the_period_that_the_day_lies_in(every: str, day: str, period: str, first: str, last: str) -> None:
    turn = rhythm_rules.turn_on(rhythm(every=every), days(day), {})
    assert turn is not None
    assert (turn.period, turn.first, turn.last) == (period, days(first), days(last))


@given(
    st.sampled_from(["day", "week", "fortnight", "month", "quarter", "half-year", "year"]),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_the_turns_of_a_rhythm_follow_one_another_without_gap_or_overlap(every: str, day: date) -> None:
    turn = rhythm_rules.turn_on(rhythm(every=every), day, {})
    assert turn is not None and turn.first <= day <= turn.last
    after = rhythm_rules.turn_on(rhythm(every=every), turn.last + timedelta(days=1), {})
    assert after is not None and after.first == turn.last + timedelta(days=1) and after.period != turn.period


def test_fixed_weekdays_are_turns_of_their_own() -> None:
    patrol = rhythm(on=["sun", "fri"])
    found = list(rhythm_rules.turns(patrol, days("2026-11-16"), days("2026-11-29"), {}))
    assert [turn.period for turn in found] == ["2026-11-20", "2026-11-22", "2026-11-27", "2026-11-29"]


def test_weekdays_beside_a_period_say_when_to_go_within_it() -> None:
    weekend = rhythm(every="quarter", on=["sat", "sun"])
    turn = rhythm_rules.turn_on(weekend, days("2026-11-18"), {})
    assert turn is not None and turn.period == "2026-Q4"
    assert rhythm_rules.day_to_go(weekend, days("2026-11-18")) == days("2026-11-21")
    friday, saturday = (datetime(2026, 11, day, 4, tzinfo=UTC) for day in (20, 21))
    assert [rhythm_rules.in_hours(weekend, at, SHANGHAI) for at in (friday, saturday)] == [False, True]


def test_a_season_cuts_the_turns_and_may_run_over_new_year() -> None:
    heating = rhythm(every="month", during=["10-15", "04-15"])
    found = [rhythm_rules.turn_on(heating, days(day), {}) for day in ("2026-10-14", "2026-10-20", "2027-01-05")]
    assert found[0] is None
    assert [(turn.first, turn.last) for turn in found[1:] if turn] == [
        (days("2026-10-15"), days("2026-10-31")),
        (days("2027-01-01"), days("2027-01-31")),
    ]


def test_a_table_gives_each_value_its_own_period_and_nothing_to_the_rest() -> None:
    care = rhythm(every={"high": "week", "key": "month"}, per="risk")
    found = {risk: rhythm_rules.turn_on(care, days("2026-11-21"), {"risk": risk}) for risk in ("high", "key", "none")}
    assert [turn.period if turn else None for turn in found.values()] == ["2026-W47", "2026-11", None]


def test_a_named_date_is_due_from_that_day_for_as_long_as_the_pack_says() -> None:
    back = rhythm(date="return_date", within="1 days")
    facts = {"return_date": "2026-12-05"}
    found = [rhythm_rules.turn_on(back, days(day), facts) for day in ("2026-12-04", "2026-12-05", "2026-12-06")]
    assert [turn.period if turn else None for turn in found] == [None, "2026-12-05", None]
    assert rhythm_rules.turn_on(back, days("2026-12-05"), {}) is None


def test_a_campaign_lasts_as_long_as_the_pack_says_and_one_without_length_is_refused() -> None:
    turn = rhythm_rules.campaign(rhythm(every="once", within="60 days"), days("2026-11-01"), today=days("2026-11-01"))
    assert (turn.first, turn.last) == (days("2026-11-01"), days("2026-12-31"))
    with pytest.raises(Refused, match=r"^campaign-without-end:"):
        rhythm_rules.campaign(rhythm(every="once"), days("2026-11-01"), today=days("2026-11-01"))


def test_the_hours_of_a_rhythm_include_their_ends() -> None:
    late = rhythm(every="quarter", hours=["19:00-21:00"])
    at = [
        datetime(2026, 11, 20, 10, 59, tzinfo=UTC),
        datetime(2026, 11, 20, 11, 0, tzinfo=UTC),
        datetime(2026, 11, 20, 13, 0, tzinfo=UTC),
        datetime(2026, 11, 20, 13, 1, tzinfo=UTC),
    ]
    assert [rhythm_rules.in_hours(late, one, SHANGHAI) for one in at] == [False, True, True, False]


def test_nobody_met_is_tried_again_as_often_as_the_pack_says() -> None:
    knock = rhythm(every="once", within="60 days", unmet={"again": "3 days", "most": 2, "then": ["tell:secretary"]})
    day = days("2026-11-20")
    assert [rhythm_rules.next_attempt(knock, day, attempts=n) for n in (1, 2, 3)] == [days("2026-11-23")] * 2 + [None]


def test_what_is_missed_is_marked_before_anybody_is_told_of_it() -> None:
    care = rhythm(
        every="week",
        ladder=[
            {"at": "80%", "do": "remind", "to": "keeper"},
            {"at": "due", "do": "tell", "to": "secretary"},
            {"at": "due + 2 days", "do": "propose-supervision", "to": "town"},
        ],
    )
    opens, due = datetime(2026, 11, 16, tzinfo=SHANGHAI), datetime(2026, 11, 23, tzinfo=SHANGHAI)
    found = ladder_rules.rungs(care, opens, due)
    assert [rung.do for rung in found] == ["remind", "missed", "tell", "propose-supervision"]
    assert found[0].at == opens + timedelta(hours=134, minutes=24)
    assert [ladder_rules.next_ring(care, opens, due, rung=n) for n in (1, 4)] == [due, None]


def test_a_campaign_does_not_begin_in_the_past() -> None:
    with pytest.raises(Refused, match=r"^day-past:"):
        rhythm_rules.campaign(rhythm(every="once", within="60 days"), days("2026-10-31"), today=days("2026-11-01"))


def test_a_date_that_nobody_can_read_is_no_turn() -> None:
    assert rhythm_rules.turn_on(rhythm(date="return_date"), days("2026-12-05"), {"return_date": "过年前"}) is None
