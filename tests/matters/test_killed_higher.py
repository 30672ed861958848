"""Killed at every statement of a supervision or a joint meeting: nothing is half done, nothing doubled."""

from __future__ import annotations

import pytest

from tests.matters.test_killed import is_whole, play

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("killed-higher")]
STORIES = {
    "supervise": ["open", "dispatch", "supervise"],
    "reply": ["open", "dispatch", "supervise", "reply-supervision"],
    "meet": ["open", "meet", "dispatch"],
}


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """What was found after every kill."""
    return play(tmp_path_factory.mktemp("killed-higher"), "killing_higher", *STORIES)


@pytest.mark.parametrize("scenario", STORIES)
def test_whatever_statement_it_was_killed_at_a_supervision_or_a_meeting_is_whole(killed, scenario):
    lines = killed[scenario]
    assert [line["killed"] for line in lines] == [True] * (len(lines) - 1) + [False]
    assert len(lines) > 12
    for line in lines:
        assert is_whole(line), line
        assert line["story"] == STORIES[scenario], line
