"""Purses, notices and assessments: a process killed at any statement leaves nothing half done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import own_installation

WANTED: dict[str, list[Any]] = {
    "ask": [5, ["open-purse", "take", "ask-spending"], []],
    "say-yes": [2, ["open-purse", "take", "ask-spending", "spend", "answer-spending"], []],
    "reverse": [0, ["open-purse", "take", "reverse"], []],
    "exchange": [3, ["open-purse", "take", "spend"], [2]],
    "earn": [5, ["open-purse", "take"], []],
    "grant": [200_000, ["open-purse", "grant"], []],
    "post": [False, [], ["post"]],
    "object": [False, [None], ["post", "object"]],
    "answer": [False, [True], ["post", "object", "answer"]],
    "again": [[2, False, 1], [2, True, 1]],
}
"""Scenario → what stands afterwards, wherever it was killed and done again."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What each scenario said, in an installation of its own."""
    folder: Path = tmp_path_factory.mktemp("means")
    with own_installation(folder, settings_module="tests.matters.relaxed_settings") as environment:
        command = [sys.executable, "-m", "tests.funds.killing"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, list[dict[str, Any]]] = {}
    for line in map(json.loads, done.stdout.splitlines()):
        said.setdefault(line["scenario"], []).append(line)
    return said


@pytest.mark.parametrize("scenario", sorted(WANTED))
def test_whatever_statement_it_was_killed_at_it_is_done_once_and_everything_balances(
    played: dict[str, list[dict[str, Any]]], scenario: str
) -> None:
    lines = played[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 4
    for line in lines:
        assert line["seen"] == WANTED[scenario], line
        assert line["even"], line
    assert lines[-1]["whole"]
