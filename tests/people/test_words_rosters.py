"""Each word about rosters, changed in a pack, changes which shifts a month has and who is on them."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.matters.changing import change
from tests.matters.world import person
from tests.people.duty import keeper, staff
from youying.access.models import Account
from youying.kernel.refusals import Refused
from youying.matters.queries import duty
from youying.people import actions
from youying.people.models import Shift

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def world(world):
    """Enough people for any roster."""
    staff(world, "郑明远", "白秋实", "米兰")
    return world


def plan(world, said, *, code="m03"):
    """The month from the 14th on by the pack with these words changed; its shifts in order."""
    change(world, {f"roster.community.{word}": value for word, value in said.items()}, code=code)
    rules = duty.roster_in_force(world.community, "community", month=NOVEMBER)
    actions.plan_shifts(rules, month=NOVEMBER, by=keeper(world))
    return [one for one in Shift.objects.order_by("begins_at") if one.day > date(2026, 11, 13)]


@pytest.mark.word("roster")
def test_a_month_is_planned_only_by_a_roster_of_the_pack(world):
    assert plan(world, {})
    change(world, code="m01")
    with pytest.raises(Refused, match="roster-unknown"):
        duty.roster_in_force(world.community, "community")


@pytest.mark.word("roster.days")
@pytest.mark.parametrize(("days", "count"), [([], 17), (["sat", "sun"], 6), (["mon"], 3)])
def test_shifts_begin_on_the_weekdays_the_pack_says(world, days, count):
    assert len(plan(world, {"days": days})) == count


@pytest.mark.word("roster.days")
def test_who_is_on_call_follows_the_weekdays_of_the_pack(world):
    change(world, {"roster.community.days": ["fri"]}, code="m03")
    running = [shift.running for shift in duty.shifts(world.community)]
    change(world, {"roster.community.days": ["mon"]}, code="m03")
    assert (running[0], duty.shifts(world.community)[0].running) == (True, False)


@pytest.mark.word("roster.during")
@pytest.mark.parametrize(
    ("during", "count"), [(["10-15", "04-15"], 17), (["11-20", "11-25"], 6), (["04-16", "10-14"], 0)]
)
def test_shifts_begin_in_the_season_the_pack_says(world, during, count):
    assert len(plan(world, {"during": during})) == count


@pytest.mark.word("roster.hours")
@pytest.mark.parametrize(
    ("hours", "a_day"), [(["00:00-24:00"], 1), (["08:00-20:00", "20:00-08:00"], 2), (["00:00-08:00", "08:00-16:00", "16:00-24:00"], 3)]
)  # fmt: skip
def test_a_day_has_the_shifts_the_pack_says(world, hours, a_day):
    shifts = plan(world, {"hours": hours})
    assert set(Counter(one.day for one in shifts).values()) == {a_day}


@pytest.mark.word("roster.posts")
@pytest.mark.parametrize(("posts", "who"), [(["grid-worker"], {"马小川", "苏和"}), (["police-deputy"], None)])
def test_those_in_the_posts_the_pack_says_take_turns(world, posts, who):
    person("苏和", "grid-worker", "网格员", reach=world.community)
    if who is None:
        with pytest.raises(Refused, match="nobody-to-plan"):
            plan(world, {"posts": posts})
        return
    on_it = {one.account_id for one in plan(world, {"posts": posts})} - {None}
    assert set(Account.objects.filter(pk__in=on_it).values_list("name", flat=True)) == who
