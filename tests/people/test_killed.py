"""The merge of two person files: a process killed at any statement leaves nothing half done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import own_installation

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-people")]
MERGED = {
    "pointer": True,
    "entries": [["", True], ["merged", True]],
    "consents": ["keep", "show"],
    "since": ["2026-04-01"],
    "left_behind": 1,
    "told": ["people.merge", "people.merge"],
    "merges": 2,
    "whole": True,
}


def test_wherever_it_was_killed_two_files_are_one_once_and_nothing_of_them_is_lost(tmp_path: Path) -> None:
    with own_installation(tmp_path, settings_module="tests.matters.relaxed_settings") as environment:
        command = [sys.executable, "-m", "tests.people.killing"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.pop("killed") for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 10
    assert [line for line in lines if line != MERGED] == []
