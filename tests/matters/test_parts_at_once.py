"""Parts that end at the same moment, or in a process that is killed: the whole moves once and nothing is lost."""

from __future__ import annotations

import pytest

from tests.matters.test_killed import is_whole, play

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-parts")]
RACES = ("both-checked", "check-and-withdraw", "drop-and-check", "meet-and-note")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What was found after every kill and every race."""
    return play(tmp_path_factory.mktemp("parts"), "parting", "check", *RACES)


def test_wherever_it_is_killed_a_part_and_its_whole_end_together(found):
    lines = found["check"]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 20
    for line in lines:
        assert is_whole(line) and line["children_replay"], line
        assert line["story"] == ["open", "sheets.fill", "accept", "forward", "part", "part"], line
        assert line["parts"] == {"notarise": "done", "assess-tax": "done", "pay-tax": "running",
                                 "register-deed": "waiting"}, line  # fmt: skip
        assert line["children"] == ["公证", "核税", "缴税"], line


@pytest.mark.parametrize("scenario", RACES)
def test_whoever_comes_first_the_book_is_whole(found, scenario):
    assert len(found[scenario]) == 3
    assert all(is_whole(line) and line["children_replay"] for line in found[scenario])


def test_two_parts_that_end_at_once_open_the_next_one_once(found):
    for line in found["both-checked"]:
        assert line["outcomes"] == ["done", "done"], line
        assert (line["parts"]["pay-tax"], line["children"]) == ("running", ["公证", "核税", "缴税"]), line


def test_a_whole_withdrawn_while_a_part_ends_leaves_no_part_open(found):
    for line in found["check-and-withdraw"]:
        assert line["outcomes"] in (["done", "done"], ["done", "wrong-stage"]), line
        assert (line["stage"], line["running"]) == ("off", []), line
        assert line["parts"]["pay-tax"] == "dropped", line


def test_a_part_dropped_while_another_ends_opens_the_next_one_once(found):
    for line in found["drop-and-check"]:
        assert line["outcomes"] == ["done", "done"], line
        assert (line["parts"]["notarise"], line["parts"]["pay-tax"]) == ("dropped", "running"), line


def test_a_meeting_on_a_part_and_a_word_to_it_never_wait_for_each_other_in_a_ring(found):
    for line in found["meet-and-note"]:
        assert line["outcomes"] == ["done", "done"], line
