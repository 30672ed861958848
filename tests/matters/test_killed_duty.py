"""Killed at every statement of a month sheet, a swap, a hand-over or a landing: nothing is half done, nothing doubled."""

from __future__ import annotations

import pytest

from tests.matters.test_killed import is_whole, play

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-duty")]
STORIES = {"sheet": ["open"], "swap": ["open"], "hand-over": ["open", "land-next"], "land": ["open", "land"]}


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """What was found after every kill."""
    return play(tmp_path_factory.mktemp("killed-duty"), "killing_duty", *STORIES)


@pytest.mark.parametrize("scenario", STORIES)
def test_whatever_statement_it_was_killed_at_duty_is_whole(killed, scenario):
    lines = killed[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 8
    for line in lines:
        assert is_whole(line), line
        assert (line["matters"], line["story"]) == (1, STORIES[scenario]), line
