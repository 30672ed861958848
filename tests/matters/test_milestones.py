"""The one line along time of a joint service: what is behind it, what is ahead by when, and no body's name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.jointly import applied, do_part, forwarded, joint_street, papers
from tests.matters.world import in_hand
from youying.faces.shared.axis import axis_of
from youying.matters import actions, queries
from youying.matters.models import Matter
from youying.sheets.value_rules import SIGNED


@pytest.fixture
def street(world):
    """The street with its pack of joint service."""
    return joint_street(world)


def stones(matter):
    """What stands on the line, in order."""
    matter = Matter.objects.get(pk=matter.pk)
    parts = queries.progress(matter) if matter.parts_done is not None else None
    return queries.milestones(matter, parts)


def test_a_missing_paper_stands_on_the_line_by_its_promised_day_until_it_is_there(street):
    matter, due = applied(street).matter, street.clock() + timedelta(days=9)
    assert [one.what for one in stones(matter)] == ["asked"]
    actions.act(matter.pk, "accept-missing", by=street.window, due_at=due,
                sheet={**papers(street, "deed"), "promise": f"{SIGNED}陈桂芳"})  # fmt: skip
    assert [(one.what, one.at, one.ahead) for one in stones(matter)][1:] == [("papers", due, True)]
    actions.act(matter.pk, "supply", by=street.window, papers={"deed": papers(street)["deed"]})
    assert [one.what for one in stones(matter)] == ["asked"]


def test_steps_done_and_the_day_by_which_all_is_done_stand_in_order_of_time(street):
    matter = forwarded(street)
    street.clock.forward(days=2)
    do_part(street, matter, "notarise")
    found = stones(matter)
    assert [(one.what, one.n, one.ahead) for one in found] == [
        ("asked", 0, False),
        ("step", 1, False),
        ("due", 0, True),
    ]
    drawn = axis_of(found, at=street.clock(), lines=queries.progress(Matter.objects.get(pk=matter.pk)).lines)
    assert [mark.tone for mark in drawn.marks] == ["did", "did", "now", "ahead"]
    assert drawn.marks[0].x == 2.0 and drawn.marks[-1].x == 98.0
    assert [mark.x for mark in drawn.marks] == sorted(mark.x for mark in drawn.marks)
    assert set(drawn.bars) == {"notarise", "assess-tax"}  # what waits has no time yet
    assert drawn.bars["notarise"].x + drawn.bars["notarise"].width <= drawn.now_x + 0.1


def test_a_deadline_that_is_past_is_late_on_the_line_and_today_comes_after_it(street):
    matter = forwarded(street)
    street.clock.forward(days=40)
    drawn = axis_of(stones(matter), at=street.clock())
    assert [(mark.tone, mark.words) for mark in drawn.marks][-2:] == [("late", "最晚这天办完"), ("now", "今天")]


def test_what_has_ended_has_no_today_and_nothing_ahead(street):
    matter = forwarded(street)
    actions.act(matter.pk, "withdraw", by=street.window, reason="withdrawn")
    found = stones(matter)
    assert [one.what for one in found] == ["asked", "ended"]
    assert "now" not in {mark.tone for mark in axis_of(found, at=street.clock()).marks}


def test_a_matter_of_one_unit_has_no_such_line(street):
    matter = in_hand(street)
    assert not queries.is_joint(matter) and queries.is_joint(applied(street).matter)


def test_what_was_said_to_be_done_over_open_parts_does_not_stand_on_the_line_as_all_done(street):
    matter = forwarded(street)
    completed_at = street.clock()
    Matter.objects.filter(pk=matter.pk).update(completed_at=completed_at)
    assert "done" not in [one.what for one in stones(matter)]
    Matter.objects.filter(pk=matter.pk).update(parts_done=True)
    assert "done" in [one.what for one in stones(matter)]
