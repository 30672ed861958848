"""What the tests of the loop share: the street on a Friday afternoon, and matters at each stage."""

from __future__ import annotations

import pytest

from tests.matters import world as worlds


@pytest.fixture
def world(at, db):
    """The fictional street on Friday 13 November 2026, 15:52; its clock can be moved."""
    clock = at("2026-11-13 15:52")
    made = worlds.build()
    made.clock = clock
    return made
