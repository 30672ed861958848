"""Two change the duty of the same people at once: one waits for the other, and no two wait crosswise."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.matters.test_moved_meanwhile import A_WHILE_SECONDS, PATIENCE_SECONDS, done, elsewhere, held_up
from tests.people.duty import DECEMBER, keeper, planned, said, staff
from youying.people import actions
from youying.people.actions import rosters
from youying.people.models import Shift, Swap

pytestmark = pytest.mark.django_db(transaction=True)
ORDER = ["access_account", "people_shift", "people_swap"]


@pytest.fixture(autouse=True)
def _locks() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: rows are not locked")


@pytest.fixture
def crew(world):
    """韩树成 and two colleagues, with December planned."""
    people = [world.duty, *staff(world, "郑明远", "白秋实")]
    planned(world)
    return people


def shift_of(viewer: Any, *, after: Any = None) -> Shift:
    """The first shift of somebody, or the first that begins at least a day after another ends."""
    mine = Shift.objects.filter(account_id=viewer.account_id, removed_at=None).order_by("begins_at")
    return next(one for one in mine if after is None or (one.begins_at - after.ends_at).days >= 1)


def test_who_is_put_on_a_shift_while_its_month_is_planned_waits_and_both_are_done(world, crew, monkeypatch):
    row = shift_of(crew[0])
    minding = keeper(world)
    Shift.objects.filter(pk__gt=row.pk + 40).delete()
    failed: list[Exception] = []

    def plan() -> None:
        try:
            actions.plan_shifts(said(world), month=DECEMBER, by=minding)
        except Exception as error:
            failed.append(error)

    Shift.objects.filter(pk=row.pk).update(account=None)
    with held_up(monkeypatch, rosters, "standing") as (there, go_on):
        planning = elsewhere(world, plan)
        assert there.wait(PATIENCE_SECONDS)
        putting = elsewhere(world, lambda: put_on(row, crew[0], minding, failed))
        putting.join(A_WHILE_SECONDS)
        go_on.set()
        done(planning)
        done(putting)
    assert failed == []
    assert Shift.objects.filter(removed_at=None).count() == 93


def put_on(row: Shift, who: Any, by: Any, failed: list[Exception]) -> None:
    """Put somebody on a shift; what goes wrong is kept."""
    try:
        actions.assign_shift(row.pk, account_id=who.account_id, by=by)
    except Exception as error:
        failed.append(error)


def ask(world: Any, crew: Any) -> Swap:
    """韩树成 asks 郑明远 to take a shift for one of theirs that is older in the table."""
    theirs = shift_of(crew[1])
    mine = shift_of(crew[0], after=theirs)
    return actions.ask_swap(mine.pk, taker=crew[1].account_id, in_return=theirs.pk, by=crew[0])


def assign(world: Any, crew: Any, swap: Swap) -> None:
    free = next(
        one
        for one in crew
        if not Shift.objects.filter(
            account_id=one.account_id, begins_at__lt=swap.shift.ends_at, ends_at__gt=swap.shift.begins_at
        ).exists()
    )
    actions.assign_shift(swap.shift_id, account_id=free.account_id, by=keeper(world))


ACTS: dict[str, Callable[[Any, Any, Swap], Any]] = {
    "yes": lambda world, crew, swap: actions.answer_swap(swap.pk, yes=True, by=crew[1]),
    "no": lambda world, crew, swap: actions.answer_swap(swap.pk, yes=False, by=crew[1]),
    "withdraw": lambda world, crew, swap: actions.withdraw_swap(swap.pk, by=crew[0]),
    "assign": assign,
}


def locked(queries: list[dict[str, str]]) -> list[str]:
    """The tables of duty whose rows these statements lock, in the order of locking."""
    locking = [one["sql"] for one in queries if re.search("FOR (NO KEY )?UPDATE", one["sql"])]
    names = [re.search(r'FROM "(\w+)"', sql) for sql in locking]
    return [name[1] for name in names if name and name[1] in ORDER]


@pytest.mark.parametrize("act", ACTS)
def test_people_are_locked_before_shifts_and_shifts_before_swaps(world, crew, act):
    swap = ask(world, crew)
    with CaptureQueriesContext(connection) as seen:
        ACTS[act](world, crew, swap)
    order = locked(seen.captured_queries)
    assert order == sorted(order, key=ORDER.index) and set(order) == set(ORDER)


def test_the_two_shifts_of_a_swap_are_locked_at_once_and_in_one_order(world, crew):
    with CaptureQueriesContext(connection) as seen:
        ask(world, crew)
    order = locked(seen.captured_queries)
    assert order == ["access_account", "people_shift"]
