"""The page that shows how a deadline came about, on the desk and for the resident; the list of what is parked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.matters.changing import HOLD, change, held, parked
from tests.matters.world import CATEGORY, in_hand, opened
from youying.matters import actions, queries


@pytest.fixture
def told(world):
    """A matter whose clock stood still, whose level changed, and for which more time was asked and refused, then given."""
    change(world, HOLD)
    found = opened(world)
    matter = found.matter
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(matter.pk, "accept", by=world.manager)
    held(world, matter, due_at=world.clock() + timedelta(days=5))
    world.clock.forward(days=5, minutes=1)
    actions.sweep()
    actions.correct(matter.pk, by=world.dispatcher, urgency="hard", note="要挖开路面")
    more = {"clock": "complete", "reason": "weather"}
    ask = actions.ask_extension(matter.pk, by=world.manager, note="连着下雨", **more)
    actions.refuse(ask.pk, by=world.dispatcher, note="后天就晴了")
    ask = actions.ask_extension(matter.pk, by=world.manager, note="又下了三天", **more)
    actions.approve(ask.pk, by=world.dispatcher, note="情况属实")
    return found


def page_of(client, matter, code="complete", run=1):
    return client.get(f"/desk/matters/{matter.number}/deadlines/{code}/{run}/").content.decode()


def test_the_page_says_what_began_it_by_which_rule_and_everything_that_moved_it(world, enter, told):
    page = page_of(enter("manager"), told.matter)
    for said in (
        "11个工作日", "紧急程度", "疑难", "《民法典》第203条", "暂停计时", "等居民配合", "居民出差，周五回来开门", "恢复计时", "从开始那天重新算",
        "要挖开路面", "连着下雨", "不同意延期", "后天就晴了", "又下了三天", "同意延期11个工作日", "情况属实", "周末", "第1天", "到期",
    ):  # fmt: skip
        assert said in page, said


def test_every_day_of_the_table_stands_on_the_page_and_the_sum_is_right(world, enter, told):
    page = page_of(enter("manager"), told.matter)
    days = queries.worked_out(told.matter, "complete").days
    assert page.count('<th scope="row"') == len(days)
    assert "一共数了22天" in page


def test_in_english_the_same_page_speaks_english(world, enter, told):
    client = enter("manager")
    client.cookies["django_language"] = "en"
    page = page_of(client, told.matter)
    for said in ("11 working days", "Weekend", "Civil Code, article 203", "Count it yourself", "22 days counted"):
        assert said in page, said
    table = page.partition("dl-sheet")[2].partition("</section>")[0]
    assert re.findall(r"[一-鿿]+", table) == []


def test_the_resident_sees_the_same_days_without_what_staff_write_to_each_other(world, told):
    phone = Client()
    phone.post("/progress/", {"number": told.matter.number, "secret": told.secret})
    page = phone.get(f"/m/{told.matter.number}/deadline/").content.decode()
    for said in ("期限怎么算的", "等居民配合", "不同意延期", "第1天", "《民法典》第1259条"):
        assert said in page, said
    for hidden in ("后天就晴了", "情况属实", "派单员"):
        assert hidden not in page, hidden


def test_without_the_secret_nobody_sees_how_a_deadline_was_reckoned(told):
    answer = Client().get(f"/m/{told.matter.number}/deadline/")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/progress/")


def test_before_anything_was_dispatched_the_resident_is_told_when_the_clock_begins(world):
    found, phone = opened(world), Client()
    phone.post("/progress/", {"number": found.matter.number, "secret": found.secret})
    answer = phone.get(f"/m/{found.matter.number}/deadline/", follow=True)
    assert "从派单那一刻起算" in answer.content.decode()


def test_a_deadline_that_the_matter_does_not_have_is_refused_in_words(world, enter, told):
    answer = enter("manager").get(f"/desk/matters/{told.matter.number}/deadlines/never/1/")
    assert answer.status_code >= 400
    assert "没有这个期限" in answer.content.decode()


def test_the_matter_page_leads_to_how_its_deadline_came_about(world, enter, told):
    page = enter("manager").get(f"/desk/matters/{told.matter.number}/").content.decode()
    assert f"/desk/matters/{told.matter.number}/deadlines/complete/1/" in page


class TestParked:
    def test_the_list_says_plan_date_and_next_review(self, world, enter):
        matter = parked(world, days=40, plan="等管网改造")
        page = enter("leader").get("/desk/matters/parked/").content.decode()
        for said in (matter.number, "等管网改造", "受客观条件限制", "去复核", "销账率", "0 / 1"):
            assert said in page, said

    def test_a_review_is_taken_in_its_form(self, world, enter):
        matter = parked(world, days=40)
        client = enter("manager")
        address = f"/desk/matters/{matter.number}/acts/review-parking/"
        assert "复核结果" in client.get(address).content.decode()
        client.post(address, {"version": matter.version, "result": "keep", "note": "配件还没到"})
        page = client.get("/desk/matters/parked/").content.decode()
        assert "上次复核：配件还没到" in page
        assert "复核1次" in page

    def test_what_was_not_reviewed_stands_apart(self, world, enter):
        matter = parked(world, days=90)
        world.clock.forward(days=31)
        actions.sweep()
        page = enter("leader").get("/desk/matters/parked/?view=missed").content.decode()
        assert "该看没看" in page
        assert matter.number in page

    def test_an_empty_list_says_how_something_comes_to_stand_there(self, world, enter):
        assert "没有挂账的事项" in enter("leader").get("/desk/matters/parked/").content.decode()


def test_a_step_that_makes_the_clock_stand_still_asks_for_reason_proof_and_the_day_it_goes_on(world, enter):
    change(world, HOLD)
    matter = in_hand(world)
    client = enter("manager")
    form = client.get(f"/desk/matters/{matter.number}/acts/hold/").content.decode()
    for said in ("等居民配合", "情况说明", "什么时候恢复"):
        assert said in form, said
    assert "什么时候恢复" not in client.get(f"/desk/matters/{matter.number}/acts/step/").content.decode()
