"""`youying doctor` says what is not well, and what to do about it."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.matters.world import opened
from youying.cli import health

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
