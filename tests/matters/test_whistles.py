"""吹哨报到: units are called, sign, come or answer, each by its own clock; the matter goes on when all are in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.whistling import EMERGENCY, came, unit, whistle_street, whistled
from youying.matters import actions
from youying.matters.models import Clock, Summons
from youying.matters.replaying import differences


@pytest.fixture
def street(world):
    """The street with its whistle pack."""
    return whistle_street(world)


def summons(matter, viewer):
    """The summons of one unit."""
    return Summons.objects.get(matter=matter, unit=viewer.unit_id)


def test_each_unit_that_is_named_gets_a_clock_and_a_summons_of_its_own(street):
    matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
    assert (matter.stage, matter.whistles, matter.reported_in) == ("summoned", 1, False)
    runs = Clock.objects.filter(matter=matter, code="report-in")
    assert {run.unit_id for run in runs} == {unit(street.gongdian), unit(street.yuanlin)}
    assert {run.due_at - run.started_at for run in runs} == {timedelta(hours=2)}
    assert Summons.objects.filter(matter=matter, end="", grade=EMERGENCY).count() == 2
    assert differences(matter) == {}


def test_the_matter_goes_on_when_the_last_unit_has_come(street):
    matter = whistled(street, "gongdian", "yuanlin")
    after = came(street, matter, "gongdian")
    assert (after.stage, after.reported_in, after.reported_in_on_time) == ("summoned", False, None)
    after = came(street, matter, "yuanlin", arrival="answered")
    assert (after.stage, after.reported_in, after.reported_in_on_time) == ("in-hand", True, True)
    row = summons(matter, street.yuanlin)
    assert (row.end, row.way, row.on_time) == ("reported", "answered", True)
    assert differences(after) == {}


def test_a_late_unit_is_late_for_good_and_the_lead_is_not_blamed(street):
    matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
    came(street, matter, "gongdian")
    street.clock.forward(hours=3)
    actions.sweep()
    after = came(street, matter, "yuanlin")
    assert (after.stage, after.reported_in, after.reported_in_on_time) == ("in-hand", True, False)
    assert [summons(matter, who).on_time for who in (street.gongdian, street.yuanlin)] == [True, False]
    assert after.overdue is False
    assert differences(after) == {}
