"""A need that somebody brings twice is put before the dispatcher as one merge to say yes to; nothing merges by itself."""

from __future__ import annotations

import threading

import pytest

from tests.matters.changing import change
from tests.matters.test_acts import crossed_off
from tests.matters.world import opened
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.actions.doubling import propose_merge
from youying.matters.intake_rules import ReporterIn
from youying.matters.models import Ask, Matter
from youying.matters.replaying import differences
from youying.record.actions import deliver

pytestmark = pytest.mark.django_db


def told():
    """Everything announced reaches whoever listens."""
    while deliver(limit=100):
        pass


def twice(world):
    """陈桂芳 reports the same drain twice; the second is put before the dispatcher."""
    first, second = opened(world).matter, opened(world).matter
    told()
    return first, second


def proposals():
    """The merges that wait for a yes."""
    return list(Ask.objects.filter(kind="merge", answer=""))


def test_the_second_report_is_proposed_for_the_first_and_merges_by_one_yes(world):
    first, second = twice(world)
    [ask] = proposals()
    assert (ask.matter_id, ask.posts, ask.asked_by["into"]) == (second.pk, ["dispatcher"], first.number)
    [shown] = [one for one in queries.asks_for(world.dispatcher) if one.kind == "merge"]
    assert (shown.title, shown.mine, shown.asked_by, first.number in shown.note) == ("并单", True, "系统", True)
    assert Matter.objects.get(pk=second.pk).ended_at is None
    after = actions.approve(ask.pk, by=world.dispatcher)
    assert (after.merged_into_id, after.ended_at is not None) == (first.pk, True)
    for matter in (first, second):
        assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_a_demand_is_the_double_of_no_topic_and_merges_into_none(world):
    change(world, code="m22")
    topic, demand = opened(world, kind="topic").matter, opened(world).matter
    told()
    assert proposals() == []
    with pytest.raises(Refused, match="merge-another-kind"):
        actions.act(demand.pk, "merge", by=world.dispatcher, into=topic.number)
    assert Matter.objects.get(pk=demand.pk).ended_at is None


def test_whoever_may_not_merge_says_no_yes(world):
    twice(world)
    with pytest.raises(Refused, match="not-yours"):
        actions.approve(proposals()[0].pk, by=world.manager)


def test_a_no_is_kept_and_not_asked_again(world):
    _first, second = twice(world)
    actions.refuse(proposals()[0].pk, by=world.dispatcher, note="两处不同的下水道")
    propose_merge(second.pk, by=SYSTEM)
    assert proposals() == []
    assert Matter.objects.get(pk=second.pk).merged_into_id is None


@pytest.mark.parametrize(
    "more",
    [
        {"reporters": (ReporterIn("刘建国", "13800000528"),)},
        {"category": "utilities.heating.not-warm"},
        {"reporters": (ReporterIn("陈桂芳", "13800000417", protected=True),)},
        {"reporters": ()},
    ],
)
def test_another_person_another_matter_or_a_protected_reporter_is_no_double(world, more):
    opened(world)
    opened(world, **more)
    told()
    assert proposals() == []


def test_what_had_ended_or_lies_too_far_back_is_no_double(world):
    ended = crossed_off(world)
    opened(world)
    told()
    assert proposals() == []  # the first is over, the second is a repeat and no double
    world.clock.forward(days=30)
    opened(world)
    told()
    assert proposals() == []
    assert ended.pk


def test_a_target_that_ended_meanwhile_is_told(world):
    first, _second = twice(world)
    Matter.objects.filter(pk=first.pk).update(ended_at=first.opened_at, stage="crossed-off")
    with pytest.raises(Refused, match="merge-into-ended"):
        actions.approve(proposals()[0].pk, by=world.dispatcher)
    assert len(proposals()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_yes_at_once_one_merges(world):
    first, second = twice(world)
    [ask] = proposals()
    said = []

    def yes():
        try:
            said.append(actions.approve(ask.pk, by=world.dispatcher).merged_into_id)
        except Refused as refused:
            said.append(refused.code)

    threads = [threading.Thread(target=yes) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, said)) == sorted([str(first.pk), "already-answered"])
    assert Matter.objects.get(pk=second.pk).merged_into_id == first.pk
