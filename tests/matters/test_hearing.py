"""Several reporters of one matter: each is asked, one "not solved" stands, and no single word closes for the others."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, opened, photo
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.actions import ReporterIn
from youying.matters.hearing_rules import Said, together
from youying.matters.models import Matter, Verdict
from youying.matters.replaying import differences

GRADES = ("满意", "基本满意", "不满意")


def done(world):
    """A matter of two reporters that its unit called done; the two, as they look it up."""
    one, two = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),)), opened(world)
    actions.act(one.matter.pk, "merge", by=world.dispatcher, into=two.matter.number)
    key = two.matter.pk
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    actions.act(key, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    return (
        Matter.objects.get(pk=key),
        queries.by_reporter(one.reporter_id).viewer,
        queries.by_reporter(two.reporter_id).viewer,
    )


def says(matter, by, *, solved=True, satisfaction="满意", **more):
    """Give a word."""
    return actions.act(matter.pk, "verdict", by=by, solved=solved, satisfaction=satisfaction, **more)


def closing(world, matter):
    """What the page says is still missing before it may close."""
    return " ".join(one.refused.say for one in queries.possible_acts(world.caller, matter).cannot)


def test_one_of_two_closes_nothing_and_both_together_close_it_as_satisfied_as_the_less_satisfied(world):
    matter, wu, chen = done(world)
    after = says(matter, wu)
    assert (after.crossed_off, after.solved, after.answered, after.waiting) == (False, None, 1, True)
    assert "还有1位诉求人没有说" in closing(world, after)
    closed = says(matter, chen, satisfaction="基本满意")
    assert (closed.crossed_off, closed.solved, closed.satisfaction) == (True, True, "基本满意")
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_one_not_solved_sends_it_back_whatever_the_other_said_and_both_are_asked_anew(world):
    matter, wu, chen = done(world)
    says(matter, wu)
    back = says(matter, chen, solved=False, satisfaction="不满意")
    assert (back.solved, back.reworks, back.answered, back.crossed_off) == (False, 1, 0, False)
    actions.act(matter.pk, "complete", by=world.manager, note="又通了", uploads=[photo(world.manager)])
    assert says(matter, chen).crossed_off is False
    assert says(matter, wu).crossed_off is True


def test_the_same_person_twice_is_one_word(world):
    matter, wu, _chen = done(world)
    says(matter, wu)
    after = says(matter, wu, satisfaction="基本满意")
    assert (after.answered, after.crossed_off) == (1, False)


def test_staff_say_whose_word_it_is(world):
    matter, wu, chen = done(world)
    for named in ({}, {"reporter": 987_654}):
        with pytest.raises(Refused, match="needs-reporter"):
            says(matter, world.caller, **named)
    assert not Verdict.objects.exists()
    says(matter, world.caller, reporter=wu.reporter_id)
    shown = {one.id: one.answer for one in queries.reporters(world.caller, matter)}
    assert shown == {wu.reporter_id: "解决了，满意", chen.reporter_id: ""}
    assert says(matter, world.caller, reporter=chen.reporter_id).crossed_off is True


def calls(world, matter, reporter, *, times=3):
    """Calls that nobody answers."""
    for _time in range(times):
        world.clock.forward(hours=1)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False, reporter=reporter)


def test_silence_closes_only_when_everybody_who_did_not_speak_was_tried(world):
    matter, wu, chen = done(world)
    calls(world, matter, wu.reporter_id)
    world.clock.forward(days=9)
    actions.sweep()
    matter.refresh_from_db()
    assert matter.crossed_off is False
    calls(world, matter, chen.reporter_id)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.crossed_off, matter.solved, matter.excluded) == (True, None, "unreachable")


def test_a_word_and_a_silence_close_as_the_word_says(world):
    matter, wu, chen = done(world)
    says(matter, wu, satisfaction="基本满意")
    calls(world, matter, chen.reporter_id)
    world.clock.forward(days=9)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.crossed_off, matter.solved, matter.satisfaction, matter.excluded) == (True, True, "基本满意", "")


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ([Said(1, True, "满意")], {"answered": 1, "solved": None, "satisfaction": ""}),
        ([Said(1, True, "满意"), Said(2, True, "不满意")], {"answered": 2, "solved": True, "satisfaction": "不满意"}),
        ([Said(1, True, "满意"), Said(2, False, "不满意")], {"answered": 2, "solved": False, "satisfaction": "不满意"}),
        ([Said(1, False, "不满意"), Said(1, True, "满意")], {"answered": 1, "solved": None, "satisfaction": ""}),
    ],
)
def test_words_together(words, facts):
    assert together(words, asked=[1, 2], order=GRADES) == facts
