"""A unit proposes that a matter be kept out of the rates, whoever it concerns objects, and another hand decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.matters.changing import change
from tests.matters.test_acts import crossed_off
from tests.matters.whistling import came, the_ask, whistle_street, whistled
from tests.matters.world import in_hand
from tests.people.duty import SHANGHAI
from youying.editions.actions import set_param
from youying.insight import queries as insight
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.models import Ask, Matter
from youying.matters.replaying import differences

pytestmark = pytest.mark.django_db


def proposed(world, matter):
    """董建平's unit proposes it."""
    return actions.propose_exclusion(matter.pk, by=world.manager, reason="litigation", note="业主已经起诉")


def objected(world, matter):
    """林晓禾 objects to the exclusion."""
    return actions.object_exclusion(matter.pk, by=world.secretary, note="法院没有立案")


def now_of(matter):
    """How the matter stands to the rates."""
    return Matter.objects.get(pk=matter.pk).excluded


def test_a_proposal_changes_nothing_until_a_reviewing_post_agrees(world):
    matter = in_hand(world)
    ask = proposed(world, matter)
    assert (ask.posts, now_of(matter)) == (["street-leader"], "")
    assert [(one.title, one.reason, one.mine) for one in queries.asks_for(world.leader)] == [
        ("提请剔除", "已进入诉讼、仲裁、复议或信访程序", True)
    ]
    actions.approve(ask.pk, by=world.leader, note="见立案通知书")
    assert now_of(matter) == "litigation"
    assert queries.story(matter)[-1].words == "业主已经起诉；见立案通知书"
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_a_proposal_that_is_refused_leaves_the_matter_counting(world):
    matter = in_hand(world)
    actions.refuse(proposed(world, matter).pk, by=world.leader, note="没有立案材料")
    assert now_of(matter) == ""


def test_whoever_may_not_review_answers_nothing(world):
    ask = proposed(world, in_hand(world))
    for who in (world.dispatcher, world.manager, world.stranger):
        with pytest.raises(Refused, match=r"not-yours|own-ask"):
            actions.approve(ask.pk, by=who)


def test_nobody_keeps_the_matter_of_their_own_unit_out_directly(world):
    matter = in_hand(world)
    Matter.objects.filter(pk=matter.pk).update(lead=world.office)
    with pytest.raises(Refused, match="own-unit"):
        actions.exclude(matter.pk, by=world.secretary, reason="litigation", note="已立案")
    actions.exclude(matter.pk, by=world.leader, reason="litigation", note="已立案")
    assert now_of(matter) == "litigation"


def test_a_colleague_of_the_same_unit_does_not_agree_to_its_proposal(world):
    """The leader also works for the manager's company: two people of one unit do not take their own matter out of the rates."""
    matter = in_hand(world)
    ask = proposed(world, matter)
    with pytest.raises(Refused, match="own-unit"):
        actions.approve(ask.pk, by=replace(world.leader, unit_id=world.manager.unit_id), note="同意剔除")
    assert now_of(matter) == ""
    actions.approve(ask.pk, by=world.leader, note="同意剔除")
    assert now_of(matter) == "litigation"


def test_an_objection_that_is_right_counts_the_matter_again_and_one_that_is_wrong_does_not(world):
    matter, other = in_hand(world), in_hand(world)
    for one in (matter, other):
        actions.exclude(one.pk, by=world.dispatcher, reason="litigation", note="已立案")
    actions.approve(objected(world, matter).pk, by=world.leader, note="查过了")
    actions.refuse(objected(world, other).pk, by=world.leader, note="立案通知书在案")
    assert (now_of(matter), now_of(other)) == ("", "litigation")


def test_who_kept_it_out_does_not_review_the_objection(world):
    matter = in_hand(world)
    actions.approve(proposed(world, matter).pk, by=world.leader)
    ask = objected(world, matter)
    for answer in (
        lambda: actions.approve(ask.pk, by=world.leader),
        lambda: actions.refuse(ask.pk, by=world.leader, note="就是要剔除"),
    ):
        with pytest.raises(Refused, match="third-hand"):
            answer()


def test_what_was_settled_meanwhile_is_not_settled_again(world):
    matter = in_hand(world)
    ask = proposed(world, matter)
    actions.exclude(matter.pk, by=world.dispatcher, reason="unlawful", note="已劝导")
    with pytest.raises(Refused, match="excluded-already"):
        actions.approve(ask.pk, by=world.leader)
    with pytest.raises(Refused, match="excluded-already"):
        proposed(world, matter)
    actions.include(matter.pk, by=world.leader, note="重新核过")
    with pytest.raises(Refused, match="not-excluded"):
        objected(world, matter)


def test_a_proposal_outlives_the_matters_going_on_and_its_end(world):
    matter = crossed_off(world)
    ask = proposed(world, matter)
    actions.reopen(matter.pk, by=world.caller, words="又返水了")
    ask.refresh_from_db()
    assert ask.answer == ""


def test_a_proposal_that_nobody_answers_is_passed_up_and_settles_nothing(world):
    matter = in_hand(world)
    ask = proposed(world, matter)
    world.clock.forward(days=12)
    actions.sweep()
    ask = Ask.objects.get(pk=ask.pk)
    assert (ask.answer, ask.silent, now_of(matter)) == ("", "told", "")


def test_both_figures_are_told_with_what_is_kept_out_and_without(world):
    matter = crossed_off(world)
    actions.exclude(matter.pk, by=world.dispatcher, reason="litigation", note="已立案")
    board = insight.figures(world.leader, ["solved"], since=date(2026, 1, 1), until=date(2027, 1, 1))
    held = board.total.cells["solved"]
    assert ((held.n, held.d), held.with_excluded, dict(held.excluded)) == ((0, 0), (1, 1), {"litigation": 1})


@pytest.mark.parametrize(("days", "due"), [(5, "2026-11-20"), (1, "2026-11-16")])
def test_exclusion_review_days(world, days, due):
    change(world, {"params.exclusion-review-days": {"title": "几个工作日内答复", "value": days}})
    ask = proposed(world, in_hand(world))
    assert f"{ask.due_at.astimezone(SHANGHAI):%Y-%m-%d}" == due


def test_the_days_of_a_review_follow_what_the_place_set_since(world):
    set_param(world.town, name="exclusion-review-days", value=1, by=SYSTEM)
    world.clock.forward(seconds=1)
    ask = proposed(world, in_hand(world))
    assert f"{ask.due_at.astimezone(SHANGHAI):%Y-%m-%d}" == "2026-11-16"


def test_nobody_calls_a_whistle_wrong_alone(world):
    """One of two units came in time: the community that whistled does not take that away without a second hand."""
    whistle_street(world)
    matter = whistled(world, "gongdian", "yuanlin")
    came(world, matter, "gongdian")
    said = {"reason": "wrong-whistle", "note": "社区自己能办"}
    for who in (world.secretary, world.leader):  # who has the rates, and who reviews but whistled
        with pytest.raises(Refused, match="second-hand"):
            actions.exclude(matter.pk, by=who, **said)
    ask = actions.propose_exclusion(matter.pk, by=world.secretary, **said)
    with pytest.raises(Refused, match=r"not-yours|own-ask"):
        actions.approve(ask.pk, by=world.secretary)
    assert now_of(matter) == ""
    actions.approve(ask.pk, by=world.leader, note="同意")
    assert now_of(matter) == "wrong-whistle"


def test_a_reviewing_post_that_did_not_whistle_calls_it_wrong_and_other_reasons_stay_as_they_were(world):
    whistle_street(world)
    for reason, who in (("wrong-whistle", world.leader), ("litigation", world.secretary)):
        matter = whistled(world, "gongdian", by="secretary")
        actions.approve(the_ask(matter).pk, by=replace(world.leader, account_id=world.dispatcher.account_id))
        actions.exclude(matter.pk, by=who, reason=reason, note="情况属实")
        assert now_of(matter) == reason


def test_only_a_matter_with_a_whistle_is_proposed_by_who_reads_the_rates(world):
    matter = in_hand(world)
    with pytest.raises(Refused, match="not-yours"):
        actions.propose_exclusion(matter.pk, by=world.secretary, reason="litigation", note="已立案")
