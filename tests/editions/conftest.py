"""The town, and the pack language with every word executed, for tests of adoption."""

from __future__ import annotations

import pytest

from tests.places.town import Town, build_town
from youying.packs import executed
from youying.packs.said import vocabulary


@pytest.fixture
def town(db: None) -> Town:
    """A town built by the real acts."""
    return build_town()


@pytest.fixture
def every_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every word of the language were executed, so that adoption hangs on nothing else."""
    monkeypatch.setattr(executed, "_REGISTERED", {word: {"tests"} for word in vocabulary()})
