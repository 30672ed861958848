"""The shifts that a roster says, over midnight and New Year, and whose turn each is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.refusals import Refused
from youying.packs.schema_rhythm import Roster
from youying.people import roster_rules as rules
from youying.people.roster_rules import Load, RosterSaid, Spell

SHANGHAI = ZoneInfo("Asia/Shanghai")
URUMQI = ZoneInfo("Asia/Urumqi")
THREE = ["00:00-08:00", "08:00-16:00", "16:00-24:00"]
MONDAY = date(2026, 11, 23)


def roster(**words):
    """A roster of the duty officers."""
    return Roster(**{"title": "值班", "posts": ["duty-officer"], "hours": THREE, **words})


def wall(day, hour, minute=0):
    """A moment of a day of November there."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def said(**words):
    """The roster as it is in force."""
    return RosterSaid("/99", "duty", roster(**words.pop("roster", {})), "e", SHANGHAI, **words)


def times(spells):
    """Spells as wall-clock words."""
    return [f"{one.begins_at:%d %H:%M}-{one.ends_at:%d %H:%M}" for one in spells]


def test_a_shift_until_24_ends_at_the_midnight_after_and_the_next_begins_there():
    found = rules.spells(roster(), MONDAY, MONDAY, SHANGHAI)
    assert times(found) == ["23 00:00-23 08:00", "23 08:00-23 16:00", "23 16:00-24 00:00"]
    assert found[1].ends_at == found[2].begins_at


def test_a_shift_that_ends_before_it_begins_runs_past_midnight():
    assert times(rules.spells(roster(hours=["20:00-08:00"]), MONDAY, MONDAY, SHANGHAI)) == ["23 20:00-24 08:00"]


def test_a_roster_without_hours_runs_the_whole_day():
    assert times(rules.spells(roster(hours=[]), MONDAY, MONDAY, SHANGHAI)) == ["23 00:00-24 00:00"]


@pytest.mark.parametrize(
    ("days", "hours", "moment", "running"),
    [
        (["mon"], ["20:00-08:00"], wall(23, 21), True),
        (["mon"], ["20:00-08:00"], wall(24, 7, 59), True),
        (["mon"], ["20:00-08:00"], wall(24, 8), False),
        (["mon"], ["20:00-08:00"], wall(24, 21), False),
        (["tue"], ["20:00-08:00"], wall(24, 7), False),
        ([], ["16:00-24:00"], wall(23, 23, 59), True),
        ([], ["16:00-24:00"], wall(24, 0), False),
    ],
)
def test_a_shift_of_mondays_runs_on_into_tuesday_morning(days, hours, moment, running):
    assert (rules.spell_at(roster(days=days, hours=hours), moment) is not None) is running


@pytest.mark.parametrize(
    ("during", "day", "works"),
    [
        (["10-15", "04-15"], date(2026, 12, 31), True),
        (["10-15", "04-15"], date(2027, 4, 15), True),
        (["10-15", "04-15"], date(2026, 4, 16), False),
        (["05-01", "09-30"], date(2026, 6, 1), True),
        (["05-01", "09-30"], date(2026, 10, 1), False),
        ([], date(2026, 10, 1), True),
    ],
)
def test_a_season_may_run_over_new_year(during, day, works):
    assert rules.works_on(roster(during=during), day) is works


def test_the_hours_are_those_of_the_place():
    there, here = (rules.spells(roster(), MONDAY, MONDAY, one)[0].begins_at for one in (URUMQI, SHANGHAI))
    assert there - here == timedelta(hours=2)


def test_turns_of_a_month_are_shared_out_fairly_with_nights_and_days_off():
    people = [1, 2, 3, 4]
    loads = {one: Load() for one in people}
    off = frozenset(date(2026, 11, day) for day in (1, 7, 8, 14, 15, 21, 22, 28, 29))
    first, last = rules.month_of(MONDAY)
    rule = said(days_off=off)
    turns = rules.rotate(rules.spells(rule.roster, first, last, SHANGHAI), people, loads=loads, said=rule)
    assert all(account for _spell, account in turns) and len(turns) == 90
    for measure in ("seconds", "nights", "days_off"):
        carried = [getattr(load, measure) for load in loads.values()]
        unit = 8 * 3600 if measure == "seconds" else 1
        assert max(carried) - min(carried) <= 3 * unit, (measure, carried)


@given(
    people=st.integers(1, 6), rest=st.sampled_from([0, 8, 11]), days=st.integers(1, 20),
    hours=st.sampled_from([THREE, ["00:00-24:00"], ["08:00-20:00", "20:00-08:00"]]),
)  # fmt: skip
def test_nobody_is_ever_booked_twice_or_without_rest(people, rest, days, hours):
    rule = said(rest=timedelta(hours=rest), roster={"hours": hours})
    loads = {one: Load() for one in range(people)}
    spells = rules.spells(rule.roster, MONDAY, MONDAY + timedelta(days=days), SHANGHAI)
    turns = rules.rotate(spells, list(loads), loads=loads, said=rule)
    assert [spell for spell, _who in turns] == spells
    for person in loads:
        mine = sorted((spell for spell, who in turns if who == person), key=lambda one: one.begins_at)
        gaps = [after.begins_at - before.ends_at for before, after in pairwise(mine)]
        assert all(gap >= timedelta(hours=rest) for gap in gaps)


def test_where_nobody_is_rested_a_shift_stays_uncovered():
    loads = {1: Load()}
    turns = rules.rotate(rules.spells(roster(), MONDAY, MONDAY, SHANGHAI), [1], loads=loads, said=said())
    assert [who for _spell, who in turns] == [1, None, 1]


def spell(start, end):
    """A spell of the 23rd."""
    return Spell(MONDAY, wall(23, start), wall(23, end))


@pytest.mark.parametrize(("booked", "double"), [(spell(8, 16), True), (spell(15, 20), True), (spell(16, 20), False)])
def test_two_shifts_at_once_are_refused_but_not_one_after_the_other(booked, double):
    if double:
        with pytest.raises(Refused, match="double-booked"):
            rules.refuse_double("韩树成", spell(8, 16), booked=[booked])
    else:
        rules.refuse_double("韩树成", spell(8, 16), booked=[booked])


@pytest.mark.parametrize(("month", "code"), [(date(2026, 10, 1), "month-past"), (date(2027, 12, 1), "month-too-far")])
def test_a_month_gone_by_or_too_far_ahead_is_not_planned(month, code):
    with pytest.raises(Refused, match=code):
        rules.month_asked(month, today=MONDAY)


def test_of_the_running_month_only_the_days_to_come_are_planned():
    assert rules.month_asked(date(2026, 11, 1), today=MONDAY) == (MONDAY, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("said_by", "moment", "code"),
    [
        ({"on_it": False, "keeps": False}, wall(23, 16), "not-your-shift"),
        ({"on_it": True, "keeps": False}, wall(23, 14, 59), "shift-not-over"),
        ({"on_it": True, "keeps": False}, wall(23, 15), None),
        ({"on_it": False, "keeps": True}, wall(23, 20), None),
    ],
)
def test_a_note_is_written_by_who_was_on_duty_at_the_end_of_it(said_by, moment, code):
    if code is None:
        rules.may_write(**said_by, ends_at=wall(23, 16), at=moment)
    else:
        with pytest.raises(Refused, match=code):
            rules.may_write(**said_by, ends_at=wall(23, 16), at=moment)


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        ({"next_one": True, "keeps": False, "wrote": False, "read": False}, None),
        ({"next_one": False, "keeps": True, "wrote": False, "read": False}, None),
        ({"next_one": False, "keeps": False, "wrote": False, "read": False}, "not-taking-over"),
        ({"next_one": True, "keeps": True, "wrote": True, "read": False}, "own-hand-over"),
        ({"next_one": True, "keeps": True, "wrote": False, "read": True}, "hand-over-read"),
    ],
)
def test_a_note_is_read_by_who_takes_over(reader, code):
    if code is None:
        rules.may_read(**reader)
    else:
        with pytest.raises(Refused, match=code):
            rules.may_read(**reader)
