"""`youying doctor` says what is not well, and what to do about it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from tests.conftest import SHANGHAI
from tests.matters.world import opened
from youying.cli import health
from youying.editions import actions as editions
from youying.kernel.viewers import SYSTEM

pytestmark = pytest.mark.django_db


def said(title):
    """What the doctor says under one title."""
    return [finding for finding in health.examine() if finding.title == title]


class TestPlacesOfMatters:
    def test_a_matter_in_an_area_that_there_is_is_well(self, world):
        opened(world)
        assert [one.state for one in said("事项地点")] == [health.WELL]

    def test_a_matter_in_no_area_is_named_with_what_to_do(self, world):
        number = opened(world).matter.number
        connection.cursor().execute("UPDATE matters_matter SET area_path = %s", ["/99/9901/990102/990102009"])
        (found,) = said("事项地点")
        assert (found.state, number in found.say, "更正" in found.do) == (health.BAD, True, True)


class TestHolidays:
    @pytest.fixture
    def seeded(self, world):
        """2026 is entered as announced."""
        editions.seed_calendar(2026, by=SYSTEM)
        return world

    def test_a_year_that_is_entered_is_well(self, seeded):
        seeded.clock.go_to(datetime(2026, 10, 9, 10, tzinfo=SHANGHAI))
        assert [one.state for one in said("放假安排")] == [health.WELL]

    def test_before_the_turn_of_the_year_the_next_one_is_asked_for(self, seeded):
        seeded.clock.go_to(datetime(2026, 12, 1, 10, tzinfo=SHANGHAI))
        (found,) = said("放假安排")
        assert (found.state, "2027年" in found.say, "逐日填入" in found.do) == (health.LOOK, True, True)

    def test_a_known_year_that_nobody_entered_is_entered_by_one_tap(self, world):
        world.clock.go_to(datetime(2026, 10, 9, 10, tzinfo=SHANGHAI))
        (found,) = said("放假安排")
        assert (found.state, "一键填入" in found.do) == (health.LOOK, True)
