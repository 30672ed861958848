"""An import killed at any statement goes on where it stopped: nothing half done, nothing lost, nothing doubled."""

import json
import subprocess
import sys

import pytest

from tests.databases import own_installation


@pytest.mark.kill
def test_an_import_survives_a_kill_at_any_statement(tmp_path):
    with own_installation(tmp_path) as environment:
        done = subprocess.run(
            [sys.executable, "-m", "tests.channels.hotline.killing"],
            env=environment, capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [outcome["killed"] for outcome in outcomes] == [True] * (len(outcomes) - 1) + [False]
    assert len(outcomes) > 5
    for outcome in outcomes:
        assert (outcome["matters"], outcome["reporters"]) == (11, 11), outcome
        assert outcome["counted"] == ["done", 12, 11, 0, 1], outcome
        assert (outcome["batches"], outcome["findings"]) == (3, 1), outcome
        assert (outcome["tallied"], outcome["states"], outcome["whole"]) == (True, ["SUCCESSFUL"], True), outcome
