"""A deadline that was missed stays missed: whoever ends the run, and whether or not the sweep came first."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened, photo
from youying.matters import actions
from youying.matters.models import Ask, Clock, Matter
from youying.matters.replaying import differences

SWEPT = pytest.mark.parametrize("swept", [True, False], ids=["swept before", "not swept"])


def late_by_days(world, days, *, swept):
    """Time passes; the sweep comes, or its machine was down."""
    world.clock.forward(days=days)
    if swept:
        actions.sweep()


def handed_back_late(world, *, swept, days=5):
    """An urgent matter, one working day to do it, whose unit hands it back after five days."""
    matter = opened(world, urgency="urgent").matter
    unit = {"unit": world.property_company.pk, "category": CATEGORY}
    actions.act(matter.pk, "dispatch", by=world.dispatcher, **unit)
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    ask = Ask.objects.get(matter=matter, kind="step", answer="")
    late_by_days(world, days, swept=False)
    actions.approve(ask.pk, by=world.dispatcher)
    if swept:
        actions.sweep()
    return Matter.objects.get(pk=matter.pk)


def given_again(world, matter):
    """The matter goes to the community itself."""
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    return actions.act(matter.pk, "accept", by=world.secretary)


@SWEPT
def test_a_clock_that_starts_again_leaves_its_earlier_run_missed(world, swept):
    matter = given_again(world, handed_back_late(world, swept=swept))
    assert (matter.overdue, matter.completed_on_time, matter.contacted_on_time) == (True, False, False)
    runs = Clock.objects.filter(matter=matter, code="complete").order_by("run").values_list("run", "met")
    assert list(runs) == [(1, False), (2, None)]
    assert differences(matter) == {}


def test_a_clock_that_starts_again_in_time_leaves_nothing_missed(world):
    matter = given_again(world, handed_back_late(world, swept=False, days=0))
    assert (matter.overdue, matter.completed_on_time) == (False, None)


def test_an_extension_of_the_second_run_forgives_nothing_of_the_first(world):
    matter = given_again(world, handed_back_late(world, swept=True))
    reason = {"reason": "weather", "note": "下雨不能施工"}
    ask = actions.ask_extension(matter.pk, by=world.secretary, clock="complete", **reason)
    after = actions.approve(ask.pk, by=world.dispatcher)
    assert (after.overdue, after.completed_on_time) == (True, False)


def test_a_first_word_in_time_in_the_second_run_does_not_mend_the_first(world):
    matter = given_again(world, handed_back_late(world, swept=True))
    after = actions.act(matter.pk, "contact", by=world.secretary, note="已联系")
    assert after.contacted_on_time is False


@SWEPT
def test_a_step_taken_late_makes_the_matter_overdue(world, swept):
    matter = dispatched(world)
    late_by_days(world, 4, swept=swept)
    actions.act(matter.pk, "accept", by=world.manager)
    after = actions.act(matter.pk, "contact", by=world.manager, note="已联系")
    assert (after.overdue, after.contacted_on_time) == (True, False)


@SWEPT
def test_work_completed_late_makes_the_matter_overdue(world, swept):
    matter = in_hand(world)
    actions.act(matter.pk, "contact", by=world.manager, note="已联系")
    late_by_days(world, 30, swept=swept)
    after = actions.act(matter.pk, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    assert (after.overdue, after.completed_on_time) == (True, False)


@SWEPT
def test_a_matter_that_ends_late_ends_overdue(world, swept):
    matter, other = dispatched(world), opened(world).matter
    late_by_days(world, 30, swept=swept)
    after = actions.act(matter.pk, "merge", by=world.dispatcher, into=other.number)
    assert (after.overdue, after.completed_on_time, after.contacted_on_time) == (True, False, False)


def test_what_ends_in_time_is_not_overdue(world):
    assert completed(world).overdue is False
