"""A rate of what was in time counts what was judged: neither what is not due yet, nor what nobody told; never less."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.matters.world import dispatched, in_hand, need, photo
from youying.insight.queries.board import figures
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.actions import Told, open_many

MONTHS = {"since": date(2026, 9, 1), "until": date(2026, 12, 1)}


def rate(code):
    """Above and below the line of one rate."""
    cell = figures(SYSTEM, [code], **MONTHS).total.cells[code]
    return cell.n, cell.d


def test_what_was_sent_out_a_moment_ago_is_no_missing_response(world):
    for _ in range(3):
        dispatched(world)
    assert rate("response") == (0, 0)


def test_who_does_nothing_is_judged_late_by_the_bell(world):
    for _ in range(3):
        dispatched(world)
    world.clock.forward(days=30)
    actions.sweep()
    assert rate("response") == (0, 3)
    assert rate("on-time") == (0, 3)


def test_one_who_was_in_touch_counts_from_then_on(world):
    matter = dispatched(world)
    dispatched(world)
    actions.act(matter.pk, "contact", by=world.manager, note="约好今天下午上门")
    assert rate("response") == (1, 1)


@pytest.mark.parametrize(("days", "counted"), [(1, (1, 1)), (30, (0, 1))], ids=["in time", "late"])
def test_what_was_completed_counts_as_its_clock_says(world, days, counted):
    matter = in_hand(world)
    world.clock.forward(days=days)
    actions.act(matter.pk, "complete", by=world.manager, note="修好了", uploads=[photo(world.manager)])
    assert rate("on-time") == counted


def test_a_past_without_a_deadline_is_neither_in_time_nor_late(world):
    at: datetime = now() - timedelta(days=9)
    told = [
        Told(need(channel="hotline", external_id=f"G-{n}"), world.place, at, done_at=at + timedelta(hours=7))
        for n in range(35)
    ]
    open_many(told, by=SYSTEM)
    assert (rate("response"), rate("on-time"), rate("completion")) == ((0, 0), (0, 0), (35, 35))
