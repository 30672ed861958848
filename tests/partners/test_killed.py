"""Nobody takes more of a month than there is, and a process killed at any statement leaves nothing half done."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.databases import own_installation

WANTED = {
    "order": (["ordered"], []),
    "accept": (["accepted"], [""]),
    "decline": (["ordered"], ["declined"]),
    "rate": (["rated"], ["served"]),
}
"""Scenario → the stage in which the order stands, and the outcomes of its matches."""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """What each scenario said, in an installation of its own."""
    folder = tmp_path_factory.mktemp("partners")
    with own_installation(folder, settings_module="tests.matters.relaxed_settings") as environment:
        command = [sys.executable, "-m", "tests.partners.racing"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, list[dict]] = {}
    for line in map(json.loads, done.stdout.splitlines()):
        said.setdefault(line["scenario"], []).append(line)
    return said


def test_of_two_who_accept_the_last_of_a_month_one_gets_it_and_the_other_is_told(played):
    (line,) = played["last-of-a-month"]
    assert line["outcomes"] == ["capacity-used-up", "done"]
    assert (line["taken"], line["stages"]) == (1, ["accepted", "dispatched"])
    assert line["whole"] and line["replays"] and line["tallies"]


def test_of_two_who_rate_an_order_at_once_one_is_heard_and_the_points_are_booked_once(played):
    (line,) = played["rated-at-once"]
    assert line["outcomes"].count("done") == 1
    assert (line["stages"], line["paid"], line["even"]) == (["rated"], 1, True)
    assert line["whole"] and line["replays"] and line["tallies"]


@pytest.mark.parametrize("scenario", sorted(WANTED))
def test_whatever_statement_it_was_killed_at_the_order_and_its_month_are_whole(played, scenario):
    lines = played[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 8
    for line in lines:
        assert (line["stages"], line["matches"]) == WANTED[scenario], line
        assert (line["paid"], line["even"]) == (int(scenario == "rate"), True), line
        assert (line["wishes"], line["taken"]) == (1, line["accepted"]), line
        assert line["whole"] and line["replays"] and line["tallies"], line
