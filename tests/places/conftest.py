"""The town, for every test of places."""

from __future__ import annotations

import pytest

from tests.places.town import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    """A town built by the real acts."""
    return build_town()
