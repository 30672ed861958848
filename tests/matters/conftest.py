"""What the tests of the loop share."""

from __future__ import annotations

from datetime import date

import pytest

from tests.matters import world as worlds
from youying.editions.actions import edit_calendar_day
from youying.kernel.viewers import SYSTEM


@pytest.fixture
def town(at, db):
    """The street in the week before, its own days off entered."""
    clock = at("2026-09-28 10:00")
    made = worlds.build()
    made.clock = clock
    for day in (6, 7, 8):
        edit_calendar_day(date(2026, 10, day), working=False, name="假日", by=SYSTEM, area_path=made.town)
    edit_calendar_day(date(2026, 10, 10), working=True, name="调休", by=SYSTEM, area_path=made.town)
    return made
