"""The desk's pages of what recurs: today's list, one doing with its sheet, what is overdue, and campaigns."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cast import sign_in
from tests.faces.desk.conftest import open_accounts
from tests.occasions.town import Town, build, due, homes, listed
from youying.access.models import Account, Post
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.occasions.actions import begin_campaign, sweep
from youying.occasions.models import Occasion


@pytest.fixture
def elders(at: Any, db: None) -> Town:
    """One elder who lives alone, due this week, on Friday 13 November 2026."""
    clock = at("2026-11-13 09:00")
    town = build("m11")
    town.world.clock = clock
    listed(town)
    due(town, "weekly")
    return town


def at_desk(client: Any, town: Town, who: str) -> Any:
    """Somebody signed in at the desk."""
    open_accounts(by=SYSTEM)
    return sign_in(client, Account.objects.get(pk=town.people[who].account_id))


FILLED = {"act": "meet", "meet-way": "door", "sheet.health": "良好", "sheet.water_power": "yes"}


class TestToday:
    def test_the_list_names_nobody_in_clear(self, client: Any, elders: Town) -> None:
        page = at_desk(client, elders, "worker").get("/desk/occasions/").content.decode()
        assert "今天要做 1 次" in page and "陈**" in page and "陈桂芳" not in page

    def test_a_post_that_does_none_of_it_reads_that_there_is_nothing(self, client: Any, elders: Town) -> None:
        assert "今天没有要做的" in at_desk(client, elders, "patroller").get("/desk/occasions/").content.decode()

    def test_what_was_missed_stands_on_its_own_page_until_it_is_done(self, client: Any, elders: Town) -> None:
        elders.world.clock.go_to(datetime(2026, 11, 16, 1, tzinfo=UTC))
        sweep()
        desk = at_desk(client, elders, "secretary")
        assert "逾期未做 1 次" in desk.get("/desk/occasions/overdue/").content.decode()


class TestOne:
    def test_a_visit_is_noted_with_its_sheet(self, client: Any, elders: Town) -> None:
        row = Occasion.objects.get(rhythm="weekly")
        answer = at_desk(client, elders, "worker").post(f"/desk/occasions/{row.pk}/", FILLED)
        row.refresh_from_db()
        assert (answer.status_code, row.met) == (302, True)
        assert "良好" not in client.get(f"/desk/occasions/{row.pk}/").content.decode()

    def test_the_same_form_sent_twice_is_one_visit(self, client: Any, elders: Town) -> None:
        row = Occasion.objects.get(rhythm="weekly")
        desk = at_desk(client, elders, "worker")
        answers = [desk.post(f"/desk/occasions/{row.pk}/", {**FILLED, "client_id": "a1"}).status_code for _ in range(2)]
        row.refresh_from_db()
        assert (answers, row.attempts) == ([302, 302], 1)

    def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(self, client: Any, elders: Town) -> None:
        row = Occasion.objects.get(rhythm="weekly")
        said = {"act": "meet", "meet-way": "door", "sheet.health": "需就医", "meet-note": "女儿在外地"}
        answer = at_desk(client, elders, "worker").post(f"/desk/occasions/{row.pk}/", said)
        page = answer.content.decode()
        assert answer.status_code == 422 and "请填写“水电安全”。" in page and "女儿在外地" in page
        assert Matter.objects.count() == 0

    def test_a_want_told_at_the_door_becomes_a_matter(self, client: Any, elders: Town) -> None:
        row = Occasion.objects.get(rhythm="weekly")
        at_desk(client, elders, "worker").post(f"/desk/occasions/{row.pk}/", {**FILLED, "meet-wants": "楼道灯不亮"})
        assert [matter.kind for matter in Matter.objects.all()] == ["demand"]

    @pytest.mark.parametrize(("said", "status", "ended"), [({"act": "excuse", "excuse-reason": "hospitalised"}, 302, True), ({"act": "excuse", "excuse-reason": ""}, 422, False), ({"act": "attempt", "attempt-again_at": "后天"}, 422, False), ({"act": "爬墙"}, 422, False)])  # fmt: skip
    def test_other_doings_and_nonsense(
        self, client: Any, elders: Town, said: dict[str, str], status: int, ended: bool
    ) -> None:
        row = Occasion.objects.get(rhythm="weekly")
        answer = at_desk(client, elders, "worker").post(f"/desk/occasions/{row.pk}/", said)
        row.refresh_from_db()
        assert (answer.status_code, row.ended_at is not None) == (status, ended)

    def test_somebody_of_another_street_finds_nothing(self, client: Any, elders: Town) -> None:
        row = Occasion.objects.get(rhythm="weekly")
        assert at_desk(client, elders, "stranger").get(f"/desk/occasions/{row.pk}/").status_code == 404


class TestCampaigns:
    def test_a_campaign_is_begun_followed_and_stopped(self, client: Any, at: Any, db: None) -> None:
        at("2026-11-13 09:00")
        town = build("m15")
        homes(town, 3)
        desk = at_desk(client, town, "secretary")
        assert "敲门行动" in desk.get("/desk/occasions/campaigns/").content.decode()
        begun = desk.post("/desk/occasions/campaigns/begin/", {"code": "knock", "place": town.path})
        page = desk.get(begun["Location"]).content.decode()
        assert "应做 3 户，做到 0 户" in page and "3号楼" in page
        assert desk.post("/desk/occasions/campaigns/begin/", {"code": "knock", "place": town.path}).status_code == 422
        desk.post(begun["Location"])
        assert "已停止" in desk.get(begun["Location"]).content.decode()

    def test_a_campaign_of_another_street_is_not_found(self, client: Any, at: Any, db: None) -> None:
        at("2026-11-13 09:00")
        town = build("m15")
        homes(town, 1)
        row = begin_campaign(town.path, "knock", by=town.secretary)
        assert at_desk(client, town, "stranger").get(f"/desk/occasions/campaigns/{row.pk}/").status_code == 404


def test_the_rates_page_shows_how_many_were_visited_in_time(client: Any, at: Any, db: None) -> None:
    at("2026-11-13 09:00")
    town = build("m12")
    listed(town)
    due(town, "care-visit")
    Post.objects.filter(pk=town.secretary.post_id).update(powers=["view", "rates"])
    page = at_desk(client, town, "secretary").get("/desk/rates/?period=month").content.decode()
    assert "按期探访率" in page and "脱管漏管人数" in page


def test_every_field_of_the_page_has_a_name_of_its_own(client: Any, elders: Town) -> None:
    row = Occasion.objects.get(rhythm="weekly")
    page = at_desk(client, elders, "worker").get(f"/desk/occasions/{row.pk}/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
