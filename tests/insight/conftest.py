"""What the tests of insight share."""

from __future__ import annotations

import pytest

from tests.insight import street as streets


@pytest.fixture
def street(at, db):
    """The town on Tuesday 17 November 2026, 10:00, following M01 since New Year 2025."""
    clock = at("2025-01-01 08:00")
    laid = streets.lay_out()
    clock.go_to(clock().replace(year=2026, month=11, day=17, hour=2))
    return laid
