"""Killed at every statement of dropping a part or giving it to another unit: all of it happened once, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.matters.test_killed import is_whole, play

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-parts")]
FIRST, SECOND = "先拉警戒线、断电", "再修剪大枝"
"""The two stages, as the killed process lists them."""
BEFORE = ["open", "dispatch", "accept", "meet"]
STORIES = {"drop": [*BEFORE, "drop-part"], "give": [*BEFORE, "give-part"]}
PARTS = {
    "drop": [[FIRST, "dropped", True], [SECOND, "running", True]],
    "give": [[FIRST, "dropped", True], [SECOND, "waiting", False], [FIRST, "running", True]],
}
ENDED = {"drop": [True, False], "give": [True, False]}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What was found after every kill."""
    folder: Path = tmp_path_factory.mktemp("killed-parts")
    return play(folder, "killing_parts", *STORIES)


@pytest.mark.parametrize("scenario", STORIES)
def test_whatever_statement_it_was_killed_at_the_parts_are_whole(
    killed: dict[str, list[dict[str, Any]]], scenario: str
) -> None:
    lines = killed[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 12
    for line in lines:
        assert is_whole(line) and line["parts_replay"], line
        assert (line["story"], line["parts"]) == (STORIES[scenario], PARTS[scenario]), line
        assert (line["children"], line["ended"]) == (2, ENDED[scenario]), line
