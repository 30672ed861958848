"""陈桂芳 calls again about the drain that was seen to: whether that is a repeat, and what figures make of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.matters.changing import change
from tests.matters.world import completed, need, opened
from youying.editions.actions import set_param
from youying.insight.queries import figures
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.actions import ReporterIn, Told, open_many
from youying.matters.models import Tally
from youying.matters.replaying import differences


def crossed_off(world, **more):
    """Her demand, done and crossed off by her own word."""
    matter = completed(world)
    return actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意", contacted=True, **more)


def again(world, *, days=0, **more):
    """What she brings so many days later."""
    world.clock.forward(days=days)
    return opened(world, **more).matter


def test_the_same_again_after_it_was_crossed_off_is_a_repeat(world):
    first = crossed_off(world)
    second = again(world, days=5)
    assert (first.repeat, second.repeat) == (False, True)
    assert differences(second) == {}
    assert sum(Tally.objects.by_unit().filter(repeat=True).values_list("n", flat=True)) == 1


def test_the_same_again_while_the_first_is_open_is_no_repeat(world):
    completed(world)
    assert not again(world, days=5).repeat


@pytest.mark.parametrize(
    "more",
    [
        {"category": ""},
        {"category": "property.fees.high-fees"},
        {"reporters": ()},
        {"reporters": (ReporterIn("吴家栋", "13800000500"),)},
        {"reporters": (ReporterIn("陈桂芳", "13800000417", protected=True),)},
    ],
    ids=["no category yet", "another category", "nobody named", "somebody else", "protected"],
)
def test_another_need_is_no_repeat(world, more):
    crossed_off(world)
    assert not again(world, days=5, **more).repeat


def test_that_a_protected_reporter_came_before_is_not_told(world):
    reporters = (ReporterIn("陈桂芳", "13800000417", protected=True),)
    first = opened(world, reporters=reporters).matter
    actions.act(first.pk, "end", by=world.dispatcher, reason="withdrawn", note="本人撤回")
    assert not again(world, days=5).repeat


def test_the_same_elsewhere_is_no_repeat(world):
    crossed_off(world)
    world.clock.forward(days=5)
    elsewhere = world.place.__class__(area_path=world.community)
    assert not actions.open_matter(need(), place=elsewhere, by=world.dispatcher).matter.repeat


@pytest.mark.parametrize(("said", "n"), [(True, 1), (False, 2)])
def test_word_fact_repeat(world, said, n):
    """Of three demands that came in, a figure of the pack counts those that are repeats, or those that are not."""
    change(world, {"figure.own": {"title": "自报", "of": "loop:demand", "where": {"repeat": said}}})
    crossed_off(world)
    again(world, days=5)
    again(world, reporters=(ReporterIn("吴家栋", "13800000500"),))
    year = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
    assert figures(world.leader, ["own"], **year).total.cells["own"].n == n


@pytest.mark.parametrize(("days", "repeat"), [(30, True), (31, False)])
def test_a_repeat_comes_within_thirty_days_of_the_end(world, days, repeat):
    crossed_off(world)
    assert again(world, days=days).repeat is repeat


@pytest.mark.parametrize(("days", "repeat"), [("4", False), ("5", True)])
def test_how_long_a_need_is_remembered_follows_the_number_of_the_place(world, days, repeat):
    set_param(world.town, name="repeat-days", value=int(days), by=SYSTEM)
    crossed_off(world)
    assert again(world, days=5).repeat is repeat


def told(world, number, *, days_ago, **more):
    """What another system tells of her demand."""
    at = now() - timedelta(days=days_ago)
    return Told(need(channel="hotline", external_id=number, **more), world.place, at)


def test_an_import_knows_repeats_of_what_is_in_and_of_its_own_rows(world):
    crossed_off(world)
    world.clock.forward(days=9)
    solved = {"solved": True, "satisfaction": "满意", "note": "已疏通"}
    other = (ReporterIn("吴家栋", "13800000500"),)
    moment = now()
    rows = [
        told(world, "A1", days_ago=8),
        told(world, "A2", days_ago=400),
        Told(
            need(channel="hotline", external_id="B1", reporters=other), world.place, moment - timedelta(days=6),
            unit_id=world.property_company.pk, done_at=moment - timedelta(days=5), **solved,
        ),
        told(world, "B2", days_ago=2, reporters=other),
    ]  # fmt: skip
    met = [one.matter.repeat for one in open_many(rows, by=SYSTEM)]
    assert met == [True, False, False, True]
