"""What a worker sees to do, what nobody may overlook, and how far a campaign got."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cast import CHEN_GUIFANG, SUN_DESHUN
from tests.occasions.test_occasions import SEEN
from tests.occasions.town import Town, build, due, homes, listed
from youying.kernel.viewers import PUBLIC
from youying.occasions import queries
from youying.occasions.actions import attempt, begin_campaign, excuse, give, meet, sweep
from youying.occasions.actions.doing import Doing
from youying.occasions.models import Occasion


@pytest.fixture
def elders(at: Any, db: None) -> Town:
    """Two elders who live alone, each visited weekly, on Friday 13 November 2026."""
    clock = at("2026-11-13 09:00")
    town = build("m11")
    town.world.clock = clock
    listed(town)
    listed(town, SUN_DESHUN.name)
    due(town, "weekly")
    return town


def states(town: Town) -> list[str]:
    """How the occasions of the week stand."""
    return [queries.state_of(row) for row in Occasion.objects.filter(rhythm="weekly").order_by("pk")]


class TestToDo:
    def test_a_worker_sees_what_the_post_does_with_names_masked(self, elders: Town) -> None:
        page = queries.to_do(elders.worker)
        assert [(row.shown, row.title, row.state) for row in page.rows] == [
            (f"{CHEN_GUIFANG.name[0]}**", "独居老人每周上门", "due"),
            (f"{SUN_DESHUN.name[0]}**", "独居老人每周上门", "due"),
        ]

    @pytest.mark.parametrize("who", ["patroller", "stranger"])
    def test_another_post_and_another_street_have_nothing_to_do(self, elders: Town, who: str) -> None:
        assert queries.to_do(elders.people[who]).total == 0

    def test_the_public_sees_nothing(self, elders: Town) -> None:
        assert queries.visible(PUBLIC).count() == 0

    def test_what_was_given_to_one_is_no_longer_on_the_others_list(self, elders: Town) -> None:
        row = Occasion.objects.filter(rhythm="weekly").order_by("pk")[0]
        give([row.pk], by=elders.secretary, to=elders.other.account_id)
        assert (queries.to_do(elders.other).total, queries.to_do(elders.worker).total) == (2, 1)

    def test_what_is_put_off_comes_back_on_its_day(self, elders: Town) -> None:
        row = Occasion.objects.filter(rhythm="weekly").order_by("pk")[0]
        attempt(row.pk, by=elders.worker, reason="hospitalised")
        assert (states(elders)[0], queries.to_do(elders.worker).total) == ("again", 1)
        elders.world.clock.go_to(datetime(2026, 11, 14, 1, tzinfo=UTC))
        assert (states(elders)[0], queries.to_do(elders.worker).total) == ("due", 2)

    def test_a_page_of_fifty_costs_no_statement_more_than_one_of_two(self, elders: Town, count_statements: Any) -> None:
        with count_statements() as two:
            queries.to_do(elders.worker)
        for n in range(48):
            listed(elders, f"老人{n}")
        due(elders, "weekly")
        queries.to_do(elders.worker)
        with count_statements(at_most=len(two)):
            assert len(queries.to_do(elders.worker).rows) == 50


class TestOverdue:
    def test_nobody_overdue_stays_unseen_until_seen_or_excused(self, elders: Town) -> None:
        first, second = Occasion.objects.filter(rhythm="weekly").order_by("pk")
        attempt(first.pk, by=elders.worker, reason="hospitalised")
        elders.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
        sweep()
        assert (queries.overdue(elders.secretary).total, states(elders)) == (2, ["missed", "missed"])
        meet(first.pk, by=elders.worker, doing=Doing(values=SEEN))
        excuse(second.pk, by=elders.worker, reason="hospitalised")
        assert (queries.overdue(elders.secretary).total, states(elders)) == (0, ["met", "excused"])


class TestCoverage:
    def test_a_campaign_says_building_by_building_how_far_it_got(self, at: Any, db: None) -> None:
        at("2026-11-13 09:00")
        town = build("m15")
        homes(town, 4)
        campaign = begin_campaign(town.path, "knock", by=town.secretary)
        one, two, three, _ = Occasion.objects.filter(rhythm="knock").order_by("pk")
        meet(one.pk, by=town.team, doing=Doing(values={"people": 3, "tenure": "自住", "heating": "正常"}))
        attempt(two.pk, by=town.team)
        excuse(three.pk, by=town.team, reason="vacant")
        found = queries.coverage(town.secretary, "knock", path=town.path, period=campaign.period)
        building = town.world.place.place_path
        assert found == [queries.Coverage(building, due=4, met=1, tried=1, missed=0, left_out=1)]
        assert queries.whole(found) == queries.Coverage("", 4, 1, 1, 0, 1)
        assert [row.id for row in queries.campaigns(town.secretary)] == [campaign.pk]
        assert queries.campaigns(town.stranger) == []
