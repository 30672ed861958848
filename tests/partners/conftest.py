"""What the tests of partners ask for."""

from __future__ import annotations

import pytest

from tests.matters.world import World
from tests.partners import street as streets


@pytest.fixture
def street(world: World) -> streets.Street:
    """The street with partners, on Friday 13 November 2026."""
    return streets.build(world)
