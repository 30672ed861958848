"""Processes are killed between any two statements, and race each other: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.databases import own_installation

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-matters")]
KILLED = ("intake", "complete", "unsolved", "ring", "whistle", "come", "review", "unreviewed", "merge")
RACES = {
    "accept-twice": ["conflict", "done"],
    "accept-unseen": ["done", "wrong-stage"],
    "report-twice": ["again", "done"],
    "sweep-twice": ["done", "done"],
    "merge-crosswise": ["done", "merge-into-ended"],
    "answer-twice": ["already-answered", "done"],
    "answer-and-take": ["done", "wrong-stage"],
    "come-both": ["done", "done"],
    "come-and-call-off": ["done", "wrong-stage"],
    "review-and-take-up": ["done", "not-parked"],
    "split-and-merge": ["done", "ended"],
}
ALSO = {
    "answer-and-take": ["ask-lapsed", "done"], "split-and-merge": ["done", "done"], "review-and-take-up": ["done", "done"], "come-and-call-off": ["done", "not-awaited"],
}  # fmt: skip
"""What comes of it where the other one is first."""
PARKED = ["open", "dispatch", "accept", "ask", "park"]
STORIES = {
    "intake": ["open"],
    "complete": ["open", "dispatch", "accept", "complete"],
    "unsolved": ["open", "dispatch", "accept", "complete", "verdict", "rework"],
    "ring": ["open", "dispatch", "ring", "ring"],
    "review": [*PARKED, "review-parking"],
    "unreviewed": [*PARKED, "ring"],
    "merge": ["open", "dispatch", "accept", "merged-here"],
    "whistle": ["open", "dispatch", "accept", "whistle"],
    "come": ["open", "dispatch", "accept", "whistle", "report-in", "report-in", "answered"],
}
BESIDE = {
    "intake": [0, 0, 0], "complete": [4, 0, 0], "unsolved": [5, 0, 1], "ring": [3, 0, 0], "review": [3, 0, 0], "unreviewed": [3, 0, 0], "merge": [3, 0, 0],
    "whistle": [7, 0, 0], "come": [7, 0, 0],
}  # fmt: skip


def play(folder, module, *scenarios):
    """Play scenarios in an installation of their own; what each said."""
    with own_installation(folder, settings_module="tests.matters.relaxed_settings") as environment:
        command = [sys.executable, "-m", f"tests.matters.{module}", *scenarios]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said = {}
    for line in map(json.loads, done.stdout.splitlines()):
        if "scenario" in line:
            lines = said.setdefault(line["scenario"], [])
        else:
            lines.append(line)
    return said


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """What was found after every kill."""
    return play(tmp_path_factory.mktemp("killed"), "killing", *KILLED)


@pytest.fixture(scope="module")
def races(tmp_path_factory):
    """What was found after every race."""
    return play(tmp_path_factory.mktemp("races"), "racing", *RACES)


def is_whole(line):
    """The book is whole, the row equals its record, the tallies equal the rows, every announcement came."""
    return (line["whole"], line["replays"], line["tallies"], line["undelivered"]) == (True, True, True, 0)


@pytest.mark.parametrize("scenario", KILLED)
def test_whatever_statement_it_was_killed_at_nothing_is_lost_or_doubled(killed, scenario):
    lines = killed[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 12
    for line in lines:
        assert is_whole(line), line
        assert (line["matters"], line["reporters"], line["indexed"]) == (1, 1 + (scenario == "merge"), 1), line
        assert (line["story"], line["beside"]) == (STORIES[scenario], BESIDE[scenario]), line
        assert line["heard"] == [act for act in STORIES[scenario] if act not in ("ring", "ask")], line


def test_a_review_is_held_or_missed_once_however_often_it_was_killed(killed):
    assert {tuple(map(tuple, line["parkings"])) for line in killed["review"]} == {((1, 0),)}
    assert {tuple(map(tuple, line["parkings"])) for line in killed["unreviewed"]} == {((0, 1),)}


def test_a_killed_merge_leaves_the_earlier_deadline_once(killed):
    assert {tuple(line["rules"]) for line in killed["merge"]} == {("1 working-days",)}


@pytest.mark.parametrize("scenario", RACES)
def test_of_two_at_once_each_gets_a_clear_answer_and_the_matter_one_change(races, scenario):
    assert len(races[scenario]) == 3
    for line in races[scenario]:
        assert line["outcomes"] in (RACES[scenario], ALSO.get(scenario)), line
        assert is_whole(line), line


def test_two_that_bring_the_same_outer_number_make_one_matter(races):
    assert {(line["matters"], tuple(line["story"])) for line in races["report-twice"]} == {(1, ("open",))}


def test_two_that_sweep_ring_every_bell_once(races):
    assert {tuple(line["rungs"]) for line in races["sweep-twice"]} == {("overdue", "remind", "overdue")}


def test_two_departments_that_come_at_once_move_the_matter_on_once(races):
    for line in races["come-both"]:
        assert (line["stage"], line["summonses"]) == ("in-hand", ["reported", "reported"]), line
        assert line["story"].count("answered") == 1, line


def test_a_whistle_is_whole_or_not_there_whenever_it_was_cut_off(killed):
    assert {tuple(line["summonses"]) for line in killed["whistle"]} == {("", "")}
    assert {tuple(line["summonses"]) for line in killed["come"]} == {("reported", "reported")}
