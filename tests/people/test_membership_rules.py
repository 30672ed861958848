"""Days in households, by table and by search: nobody is in two at once, nothing is lost when files are one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.refusals import Refused
from youying.people.membership_rules import Stay, age_on, check_apart, checked_birth, taken_over, widened

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(45)]


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    """A stay of up to ten days, or an open one, in one of two households."""
    since, length = draw(st.integers(0, 30)), draw(st.one_of(st.none(), st.integers(0, 10)))
    until = None if length is None else FIRST + timedelta(days=since + length)
    return Stay(draw(st.integers(1, 2)), FIRST + timedelta(days=since), until)


@given(stays(), stays())
def test_two_stays_meet_exactly_where_they_share_a_day(one: Stay, other: Stay) -> None:
    shared = any(one.holds_on(day) and other.holds_on(day) for day in DAYS)
    assert one.meets(other) == other.meets(one) == shared


@given(stays(), stays())
def test_a_widened_stay_holds_every_day_of_both(one: Stay, other: Stay) -> None:
    wide = widened(one, Stay(one.household_id, other.since, other.until))
    assert all(wide.holds_on(day) for day in DAYS if one.holds_on(day) or other.holds_on(day))


@given(st.lists(stays(), max_size=4), st.lists(stays(), max_size=4))
def test_what_is_taken_over_never_puts_anybody_into_two_households(older: list[Stay], other: list[Stay]) -> None:
    standing = _apart(older)
    try:
        plan = taken_over(standing, _apart(other))
    except Refused:
        return
    kept = [*standing, *(one for one, into in plan if into is None)]
    for day in DAYS:
        assert len({stay.household_id for stay in [*kept, *_apart(other)] if stay.holds_on(day)}) <= 1


def _apart(found: list[Stay]) -> list[Stay]:
    """Those that one file can hold."""
    held: list[Stay] = []
    for one in found:
        if not any(one.meets(other) for other in held):
            held.append(one)
    return held


@pytest.mark.parametrize(
    ("since", "until", "free"),
    [
        ("2026-01-01", "2026-03-01", True),  # leaves on the day the other comes
        ("2026-01-01", "2026-03-02", False),
        ("2026-01-01", None, False),
        ("2026-05-01", None, True),  # comes on the day the other left
        ("2026-04-30", None, False),
        ("2026-03-10", "2026-03-20", False),
    ],
)
def test_on_the_day_of_a_move_somebody_lives_where_they_move_to(since: str, until: str | None, free: bool) -> None:
    held = Stay(1, date(2026, 3, 1), date(2026, 5, 1))
    new = Stay(2, date.fromisoformat(since), date.fromisoformat(until) if until else None)
    if free:
        check_apart([held], new)
        return
    with pytest.raises(Refused, match=r"^lives-there-already:"):
        check_apart([held], new)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("1946-11-13", "2026-11-12", 79),
        ("1946-11-13", "2026-11-13", 80),
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
        ("2024-02-29", "2028-02-29", 4),
        ("2026-11-13", "2026-11-13", 0),
    ],
)
def test_an_age_is_counted_in_full_years(born: str, day: str, years: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == years


@pytest.mark.parametrize(("born", "code"), [("2026-11-14", "day-ahead"), ("1890-01-01", "birth-too-early")])
def test_a_birth_day_is_one_that_somebody_can_have(born: str, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}:"):
        checked_birth(date.fromisoformat(born), today=date(2026, 11, 13))
