"""The still morning, the cast, and an upload folder of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import Cast
from youying.files import queries, storage
from youying.kernel.moments import StillClock


@pytest.fixture
def clock(at: Callable[[str], StillClock]) -> StillClock:
    """A Wednesday morning in Shanghai."""
    return at("2026-11-18 09:00")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's uploads lie."""
    monkeypatch.setattr(storage, "folder", lambda: tmp_path / "uploads")
    return tmp_path / "uploads"


@pytest.fixture
def cast(clock: StillClock, db: None, folder: Path) -> Cast:
    """The cast on that morning."""
    return Cast()


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, queries.Guard]]:
    """A register of guards of this test alone."""
    mine: dict[str, queries.Guard] = {}
    monkeypatch.setattr(queries, "GUARDS", mine)
    yield mine
