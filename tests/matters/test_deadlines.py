"""Deadlines end to end: a pack says the period, acts run the clock, the engine stores the moment. Worked out by hand.

The street works Monday to Friday, 09:00 to 12:00 and 14:00 to 18:00. Tuesday 6 October 2026 to Thursday 8 October are
days off and Saturday 10 October is worked (调休), as this place's own calendar says. Legal counting leaves out the
starting day and ends at the close of business of the last (Civil Code 201 to 203).
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.conftest import SHANGHAI
from tests.matters.changing import change
from tests.matters.town import accepted, dispatched_at, due, go_to, park
from tests.matters.world import in_hand, photo
from youying.editions.actions import edit_calendar_day
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.models import Clock, Matter
from youying.record.models import Entry

COMPLETE = "loop.demand.clocks.complete"


PERIODS = [
    # period, given to the unit at, due: why
    ("30 minutes", "10-05 23:50", "10-06 00:20"),  # minutes run from the moment, through a day off
    ("24 hours", "10-05 10:00", "10-06 10:00"),  # so do hours
    ("1 days", "10-05 10:00", "10-09 18:00"),  # ends on the 6th, a day off: moves to Friday the 9th
    ("5 days", "10-05 10:00", "10-10 18:00"),  # ends on Saturday the 10th, which is worked
    ("7 days", "10-04 10:00", "10-12 18:00"),  # ends on Sunday the 11th: moves to Monday
    ("1 working-days", "10-05 08:00", "10-09 18:00"),  # the 5th is left out, the 6th to 8th are off
    ("2 working-days", "10-05 17:59", "10-10 18:00"),  # Friday and the worked Saturday
    ("3 working-days", "10-05 17:59", "10-12 18:00"),  # and Monday
    ("1 working-days", "10-07 12:00", "10-09 18:00"),  # begun on a day off
    ("2 office-hours", "10-05 11:30", "10-05 15:30"),  # half an hour, lunch, an hour and a half
    ("2 office-hours", "10-05 17:30", "10-09 10:30"),  # half an hour, then Friday morning
    ("2 office-hours", "10-05 20:00", "10-09 11:00"),  # after hours
    ("2 office-hours", "10-05 06:00", "10-05 11:00"),  # before hours
    ("1 months", "10-31 10:00", "11-30 18:00"),  # no 31 November: month's end, a Monday
    ("3 months", "10-05 10:00", "01-05 18:00"),  # into the next year
]


@pytest.mark.parametrize(("within", "start", "expected"), PERIODS)
def test_a_period_of_the_pack_ends_where_the_law_says(town, within, start, expected):
    change(town, {"loop.demand.clocks.contact.within": within})
    assert due(dispatched_at(town, start), "contact") == expected


ELAPSED = [
    ("1 working-days", "10-05 16:00", "10-09 16:00"),  # two hours on Monday, five on Friday
    ("2 working-days", "10-05 09:00", "10-09 18:00"),  # Monday whole, Friday whole
]


@pytest.mark.parametrize(("within", "start", "expected"), ELAPSED)
def test_elapsed_counting_uses_up_working_time(town, within, start, expected):
    change(town, {"loop.demand.clocks.contact.within": within, "loop.demand.clocks.contact.counting": "elapsed"})
    assert due(dispatched_at(town, start), "contact") == expected


def test_a_table_of_urgencies_gives_each_its_own_day(town):
    table = {"urgent": "10-09 18:00", "simple": "10-12 18:00", "ordinary": "10-16 18:00", "hard": "10-22 18:00"}
    for urgency, expected in table.items():
        assert due(dispatched_at(town, "10-05 10:00", urgency=urgency)) == expected, urgency


def test_while_parked_there_is_no_deadline_and_a_day_parked_through_is_given_back(town):
    matter = accepted(town, "10-12 10:00")
    assert due(matter) == "10-21 18:00"
    park(town, matter, "10-14 10:00", "10-16 10:00")
    assert due(matter) is None
    go_to(town, "10-16 10:00")  # of the 14th to the 16th only the 15th was parked from opening to close
    actions.sweep()
    assert due(matter) == "10-22 18:00"


PAUSES = [
    ([("10-13 08:00", "10-13 13:00"), ("10-13 13:30", "10-13 19:00")], "10-22 18:00"),  # together the whole 13th
    ([("10-13 10:00", "10-14 10:00"), ("10-15 10:00", "10-16 10:00")], "10-21 18:00"),  # no day whole
    ([("10-13 08:00", "10-14 10:00"), ("10-15 08:00", "10-16 20:00")], "10-26 18:00"),  # 13th, 15th, 16th
]


@pytest.mark.parametrize(("pauses", "expected"), PAUSES)
def test_two_pauses_give_back_the_days_they_fill_together(town, pauses, expected):
    matter = accepted(town, "10-12 10:00")
    for stop, go in pauses:
        park(town, matter, stop, "10-30 10:00")
        go_to(town, go)
        actions.act(matter.pk, "unpark", by=town.manager)
    assert due(matter) == expected


def test_what_rang_before_a_pause_does_not_ring_again_after_it(town):
    matter = accepted(town, "10-12 10:00")
    go_to(town, "10-20 18:00")
    actions.sweep()
    park(town, matter, "10-21 10:00", "10-23 10:00")
    go_to(town, "10-23 10:00")
    actions.sweep()
    go_to(town, "10-26 10:00")
    actions.sweep()
    rung = [r["do"] for e in Entry.objects.filter(subject=matter.subject, act="ring") for r in e.facts["rungs"]]
    assert rung.count("remind") == 1


def test_a_pause_over_days_off_gives_back_working_days_only(town):
    matter = accepted(town, "10-05 10:00")
    assert due(matter) == "10-16 18:00"
    park(town, matter, "10-05 17:00", "10-09 09:30")
    go_to(town, "10-09 09:30")
    actions.sweep()
    assert due(matter) == "10-16 18:00"


def test_an_extension_goes_on_from_the_end_of_the_period_before(town):
    matter = accepted(town, "10-05 10:00")
    go_to(town, "10-16 17:00")
    ask = actions.ask_extension(matter.pk, by=town.manager, clock="complete", reason="weather", note="下雨")
    actions.approve(ask.pk, by=town.dispatcher)
    assert due(matter) == "10-27 18:00"


def test_not_solved_begins_a_second_run_with_a_period_of_its_own(town):
    matter = accepted(town, "10-05 10:00")
    actions.act(matter.pk, "complete", by=town.manager, note="通了", uploads=[photo(town.manager)])
    go_to(town, "10-12 10:00")
    actions.act(matter.pk, "verdict", by=town.caller, solved=False, satisfaction="不满意")
    assert due(matter) == "10-21 18:00"
    assert list(Clock.objects.filter(matter=matter, code="complete").values_list("run", "met")) == [
        (1, True),
        (2, None),
    ]


def test_reopening_begins_a_second_run_too(town):
    matter = accepted(town, "10-05 10:00")
    actions.act(matter.pk, "complete", by=town.manager, note="通了", uploads=[photo(town.manager)])
    actions.act(matter.pk, "verdict", by=town.caller, solved=True, satisfaction="满意")
    go_to(town, "10-19 10:00")
    actions.reopen(matter.pk, by=town.caller, words="又返水了")
    assert due(matter) == "10-28 18:00"


@pytest.mark.parametrize(("done", "kept"), [("10-16 18:00", True), ("10-16 18:01", False)])
def test_the_last_moment_is_in_time_and_the_next_is_not(town, done, kept):
    matter = accepted(town, "10-05 10:00")
    go_to(town, done)
    actions.sweep()
    after = actions.act(matter.pk, "complete", by=town.manager, note="通了", uploads=[photo(town.manager)])
    assert after.completed_on_time is kept


def test_a_holiday_entered_later_moves_only_deadlines_counted_after_it(town):
    go_to(town, "10-05 10:00")
    first = in_hand(town)
    assert due(first) == "10-16 18:00"
    edit_calendar_day(date(2026, 10, 12), working=False, name="校庆", by=SYSTEM, area_path=town.town)
    assert (due(first), due(in_hand(town))) == ("10-16 18:00", "10-19 18:00")


LADDER = "loop.demand.clocks.complete.ladder"


def rung_on(matter):
    """What the complete clock rang, and when it was due."""
    entries = Entry.objects.filter(subject=matter.subject, act="ring").order_by("seq")
    rungs = [rung for entry in entries for rung in entry.facts["rungs"] if entry.facts["clock"] == "complete"]
    return [(rung["do"], f"{datetime.fromisoformat(rung['at']).astimezone(SHANGHAI):%m-%d %H:%M}") for rung in rungs]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_holiday_entered_while_a_clock_runs_splits_neither_ladder_nor_lamp_nor_verdict(town, when):
    change(town, {LADDER: [{"at": "due + 1 working-days", "do": "tell", "to": "dispatcher"}]})
    matter = accepted(town, "10-05 10:00")
    if when == "before":  # the last day itself becomes a day off
        edit_calendar_day(date(2026, 10, 16), working=False, name="停工日", by=SYSTEM, area_path=town.town)
    go_to(town, "10-16 18:01")
    assert (actions.sweep(), actions.sweep()) == (1, 0)
    if when == "after":  # the day of the next rung becomes one
        edit_calendar_day(date(2026, 10, 19), working=False, name="停工日", by=SYSTEM, area_path=town.town)
        go_to(town, "10-19 18:01")
        assert actions.sweep() == 0
    go_to(town, "10-20 18:01")
    actions.sweep()
    assert rung_on(matter) == [
        ("overdue", "10-16 18:00"),
        ("tell", "10-19 18:00" if when == "before" else "10-20 18:00"),
    ]
    clock = Clock.objects.get(matter=matter, code="complete")
    assert (clock.next_at, queries.lamp(Matter.objects.get(pk=matter.pk)).colour) == (None, "overdue")
    after = actions.act(matter.pk, "complete", by=town.manager, note="通了", uploads=[photo(town.manager)])
    assert (after.overdue, after.completed_on_time) == (True, False)
