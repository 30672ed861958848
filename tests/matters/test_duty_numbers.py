"""The numbers of duty that a place sets change what happens: rest, the second yes to a swap, the warning before the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.matters.changing import change
from tests.people.duty import DECEMBER, THREE, at, keeper, leave, staff
from youying.channels.notify.models import Notice
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import tasks
from youying.matters.queries import duty
from youying.people import actions, on_duty
from youying.people.models import Shift
from youying.record.actions import deliver
from youying.record.models import Entry


@pytest.fixture
def street(world):
    """Three shifts a day; 韩树成 and 郑明远 share them, the secretary minds the roster."""
    world.crew = [world.duty, *staff(world, "郑明远")]
    world.people["secretary"] = keeper(world)
    return world


def planned(street, **numbers):
    """December planned by the roster in force, with these numbers in the place's pack."""
    said = {f"params.{name.replace('_', '-')}": {"title": "值班", "value": value} for name, value in numbers.items()}
    change(street, {"roster.community.hours": THREE, **said}, code="m03")
    rules = duty.roster_in_force(street.community, "community", month=DECEMBER)
    return actions.plan_shifts(rules, month=DECEMBER, by=street.secretary)


@pytest.mark.parametrize(("hours", "uncovered"), [(0, 0), (8, 0), (9, 31)])
def test_duty_rest_hours(street, hours, uncovered):
    outcome = planned(street, duty_rest_hours=hours)
    gaps = [
        after.begins_at - before.ends_at
        for one in street.crew
        for before, after in zip(*(list(shifts_of(one))[n:] for n in (0, 1)), strict=False)
    ]
    assert min(gaps) >= timedelta(hours=hours) and (outcome.uncovered > 0) == (uncovered > 0)


def shifts_of(viewer):
    """Somebody's shifts in order."""
    return Shift.objects.filter(account_id=viewer.account_id).order_by("begins_at")


@pytest.mark.parametrize(("yes", "changed"), [(0, True), (1, False)])
def test_duty_swap_yes(street, yes, changed):
    planned(street, duty_swap_yes=yes, duty_rest_hours=0)
    row = shifts_of(street.duty).first()
    swap = actions.ask_swap(row.pk, taker=street.crew[1].account_id, by=street.duty)
    actions.answer_swap(swap.pk, yes=True, by=street.crew[1])
    row.refresh_from_db()
    assert (row.account_id == street.crew[1].account_id) is changed
    assert [one.mine_to_approve for one in on_duty.swaps(street.secretary)] == ([] if changed else [True])


@pytest.mark.parametrize(("days", "from_day"), [(7, 24), (3, 28)])
def test_duty_plan_days(street, days, from_day):
    planned(street, duty_plan_days=days)
    street.clock.go_to(at(from_day - 1, 9, month=12))
    tasks.warn_of_plans()
    assert notices(street) == []
    street.clock.go_to(at(from_day, 9, month=12))
    tasks.warn_of_plans(), tasks.warn_of_plans()
    (said,) = notices(street)
    assert "只排到12月31日16:00—24:00" in said and f"还有{days}天" in said
    assert Entry.objects.filter(act="people.tell-running-out").count() == 1


def notices(street):
    """What whoever minds the roster is told of plans that run out."""
    deliver(limit=500)
    told = Notice.objects.filter(account_id=street.secretary.account_id, say__contains="接着排")
    return list(told.values_list("say", flat=True))


def test_a_plan_that_was_gone_on_with_is_told_of_anew_when_that_runs_out(street):
    planned(street)
    street.clock.go_to(at(28, 9, month=12))
    tasks.warn_of_plans()
    january = date(2027, 1, 1)
    rules = duty.roster_in_force(street.community, "community", month=january)
    actions.plan_shifts(rules, month=january, by=street.secretary)
    tasks.warn_of_plans()
    assert len(notices(street)) == 1
    street.clock.go_to(at(30, 9, month=1).replace(year=2027))
    tasks.warn_of_plans()
    assert len(notices(street)) == 2


def test_a_number_of_nought_and_a_season_that_ends_warn_nobody(street):
    planned(street, duty_plan_days=0)
    street.clock.go_to(at(31, 9, month=12))
    assert duty.running_out() == []
    change(street, {"roster.community.hours": THREE, "roster.community.during": ["11-15", "12-31"]}, code="m03")
    assert duty.running_out() == []
    change(street, {"roster.community.hours": THREE}, code="m03")
    assert [left for _row, left in duty.running_out()] == [0]


def test_where_nobody_minds_the_roster_it_waits_for_whoever_comes(street):
    planned(street)
    street.clock.go_to(at(28, 9, month=12))
    leave(street.secretary)
    tasks.warn_of_plans()
    assert Shift.objects.exclude(end_told_at=None).count() == 0


def test_only_the_system_tells_that_a_roster_runs_out(street):
    planned(street)
    row = Shift.objects.latest("begins_at")
    with pytest.raises(Refused, match="no-power"):
        actions.tell_running_out(row.pk, days_left=3, by=street.secretary)
    assert actions.tell_running_out(row.pk, days_left=3, by=SYSTEM)
