"""Figures of what recurs: counted by the day on which it was due, exact, with the reasons left out beside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from tests.cast import SUN_DESHUN
from tests.occasions.test_occasions import SEEN
from tests.occasions.town import Town, build, due, listed
from youying.insight.measures import say_scaled
from youying.insight.periods import Period
from youying.insight.queries import listed_figure, listed_figures
from youying.kernel.refusals import Refused
from youying.occasions.actions import attempt, excuse, meet, sweep
from youying.occasions.actions.doing import Doing
from youying.occasions.models import Occasion

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16))


def figure(town: Town, code: str, period: Period | None = WEEK) -> Any:
    """A figure of the community, as its secretary reads it."""
    return listed_figure(town.secretary, town.path, code, period)


@pytest.fixture
def begin(at: Any, db: None) -> Any:
    """`begin("m12")`: two elders due this week, on Friday 13 November 2026."""

    def make(code: str, rhythm: str, **said: Any) -> Town:
        clock = at("2026-11-13 09:00")
        town = build(code, **said)
        town.world.clock = clock
        for name in ("陈桂芳", SUN_DESHUN.name):
            listed(town, name)
        due(town, rhythm)
        return town

    return make


@pytest.mark.word("figure.of:rhythm", "fact:due", "fact:on_time", "fact:done")
def test_a_rate_counts_what_was_due_and_what_was_done_in_time(begin: Any) -> None:
    town = begin("m11", "weekly")
    assert (figure(town, "weekly-seen").n, figure(town, "weekly-seen").d) == (0, 0)
    first, second = Occasion.objects.filter(rhythm="weekly").order_by("pk")
    meet(first.pk, by=town.worker, doing=Doing(values=SEEN))
    town.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
    meet(second.pk, by=town.worker, doing=Doing(values=SEEN))
    found = figure(town, "weekly-seen")
    assert (found.n, found.d, found.fraction) == (1, 2, Fraction(1, 2))
    assert figure(town, "weekly-seen", Period(date(2026, 11, 2), date(2026, 11, 9))).d == 0


@pytest.mark.word("fact:missed", "fact:covered")
@pytest.mark.parametrize(("where", "n"), [({"missed": True}, 1), ({"covered": True}, 1), ({"met": True}, 0)])
def test_what_is_missed_and_what_is_covered(begin: Any, where: dict[str, bool], n: int) -> None:
    town = begin("m11", "weekly", figure__weekly_seen__where=where)
    first, _ = Occasion.objects.filter(rhythm="weekly").order_by("pk")
    excuse(first.pk, by=town.worker, reason="hospitalised")
    town.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
    sweep()
    assert figure(town, "weekly-seen").n == n


def test_a_coded_reason_is_left_out_and_said(begin: Any) -> None:
    town = begin("m12", "care-visit")
    first, second = Occasion.objects.filter(rhythm="care-visit").order_by("pk")
    excuse(first.pk, by=town.worker, reason="hospitalised")
    meet(second.pk, by=town.worker, doing=Doing(values={"conditions": "好", "guardian": "女儿", "living": "独居", "need": "无", "risk_level": "high"}))  # fmt: skip
    found = figure(town, "seen")
    assert (found.n, found.d, found.with_excluded, dict(found.excluded)) == (1, 1, (1, 2), {"hospitalised": 1})


@pytest.mark.word("fact:found", "fact:opened", "fact:at_hours", "fact:first_time")
@pytest.mark.parametrize("fact", ["found", "at_hours", "first_time"])
def test_other_facts_of_an_occasion(begin: Any, fact: str) -> None:
    town = begin("m11", "weekly", figure__weekly_seen__where={fact: True}, rhythm__weekly__hours=["08:00-10:00"])
    first, second = Occasion.objects.filter(rhythm="weekly").order_by("pk")
    meet(first.pk, by=town.worker, doing=Doing(values={**SEEN, "water_power": False}))
    attempt(second.pk, by=town.worker, reason="hospitalised")
    assert figure(town, "weekly-seen").n == 1


def test_how_many_matters_an_occasion_opened(begin: Any) -> None:
    town = begin("m11", "weekly", figure__weekly_seen__where={"opened": {"at_least": 2}})
    first, _ = Occasion.objects.filter(rhythm="weekly").order_by("pk")
    meet(first.pk, by=town.worker, doing=Doing(values={**SEEN, "water_power": False, "health": "需就医"}))
    assert figure(town, "weekly-seen").n == 1


def test_a_sum_reads_the_sheets_exactly(at: Any, db: None) -> None:
    at("2026-11-13 09:00")
    town = build("m10", figure__patrols={"title": "时长", "of": "rhythm:patrol", "sum": "hours"}, sheet__patrol__items={"hours": {"title": "时长", "type": "number", "unit": "小时"}})  # fmt: skip
    row = due(town, "patrol")[0]
    meet(row.pk, by=town.patroller, doing=Doing(values={"hours": "1.5"}))
    found = figure(town, "patrols")
    assert (found.n, found.scale, found.say) == (1_500_000, 6, "1.5")


@pytest.mark.parametrize(("n", "said"), [(0, "0"), (150, "1.5"), (123456, "1,234.56"), (-5, "−0.05"), (200, "2")])
def test_a_scaled_number_is_said_without_noughts_behind(n: int, said: str) -> None:
    assert say_scaled(n, 2) == said


@pytest.mark.word("fact:overdue_visit")
def test_how_many_of_a_register_nobody_came_to_in_time(begin: Any) -> None:
    town = begin("m12", "care-visit")
    assert figure(town, "none-unseen").n == 0
    town.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
    sweep()
    first, _ = Occasion.objects.filter(rhythm="care-visit").order_by("pk")
    excuse(first.pk, by=town.worker, reason="hospitalised")
    assert figure(town, "none-unseen").n == 1


def test_all_figures_of_a_place_in_a_bounded_number_of_statements(begin: Any, count_statements: Any) -> None:
    town = begin("m11", "weekly")
    listed_figures(town.secretary, town.path, WEEK)
    with count_statements(at_most=12):
        found = listed_figures(town.secretary, town.path, WEEK)
    assert {"weekly-seen", "seen"} <= set(found)


def test_another_place_and_an_unknown_fact_are_refused(begin: Any) -> None:
    town = begin("m11", "weekly", figure__weekly_seen__where={"attended": {"at_least": 1}})
    with pytest.raises(Refused, match=r"^fact-not-counted:"):
        figure(town, "weekly-seen")
    with pytest.raises(Refused, match=r"^out-of-reach:"):
        listed_figure(town.stranger, town.path, "weekly-seen", WEEK)
