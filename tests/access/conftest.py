"""The still morning and the cast that the tests of access share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Cast
from youying.kernel.moments import StillClock


@pytest.fixture
def clock(at: Callable[[str], StillClock]) -> StillClock:
    """A Wednesday morning in Shanghai."""
    return at("2026-11-18 09:00")


@pytest.fixture
def cast(clock: StillClock, db: None) -> Cast:
    """The cast on that morning."""
    return Cast()
