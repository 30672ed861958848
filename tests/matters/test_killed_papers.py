"""Killed at every statement of a step or an intake with a sheet: the sheet is there once with it, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.matters.test_killed import is_whole, play

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-papers")]
STORIES = {
    "rate": ["open", "dispatch", "accept", "sheets.fill", "rate-unit"],
    "bring": ["open", "sheets.fill"],
}
SHEETS = {"rate": ["rate-unit"], "bring": ["open"]}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What was found after every kill."""
    folder: Path = tmp_path_factory.mktemp("killed-papers")
    return play(folder, "killing_papers", *STORIES)


@pytest.mark.parametrize("scenario", STORIES)
def test_whatever_statement_it_was_killed_at_a_sheet_is_whole(
    killed: dict[str, list[dict[str, Any]]], scenario: str
) -> None:
    lines = killed[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 12
    for line in lines:
        assert is_whole(line), line
        assert (line["story"], line["sheets"]) == (STORIES[scenario], SHEETS[scenario]), line
