"""The desk in a real browser: from the day through the ledger to a step, by keyboard; readable by all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser import WIDTHS, axe_faults, sideways
from tests.cast import sign_in
from tests.faces.desk.conftest import open_accounts
from tests.matters import world as worlds
from tests.matters.world import CATEGORY, World, completed, dispatched, in_hand, opened
from youying.access.models import Account
from youying.kernel.moments import now, still
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def street(transactional_db) -> World:
    """The street as of now: the server answers from a thread of its own, by the real clock."""
    with still(now()):
        made = worlds.build()
        open_accounts(by=SYSTEM)
    return made


def enter(page: Page, live_server, world: World, name: str) -> None:
    client = sign_in(Client(), Account.objects.get(pk=world.people[name].account_id))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("YOUYING_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_the_keyboard_leads_from_the_day_through_the_ledger_to_a_step(street, browser_page, live_server):
    page = browser_page
    first = dispatched(street)
    enter(page, live_server, street, "manager")
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("button", name="签收").click()
    expect(page.locator("#toasts")).to_contain_text("撤回")
    expect(page.locator(f"#todo-{first.pk}")).to_contain_text("首次联系")
    page.goto(f"{live_server.url}/desk/matters/")
    expect(page.locator("#tabs")).to_contain_text("我们主办 1")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/desk/matters/{first.number}/?list=&at=0")
    page.keyboard.press("t")
    page.get_by_label("情况说明").fill("周一上午来看")
    page.get_by_role("button", name="首次联系").click()
    expect(page.locator("#story")).to_contain_text("周一上午来看")
    assert Matter.objects.get(pk=first.pk).contacted_at is not None


def test_a_refused_form_stays_with_what_was_typed(street, browser_page, live_server):
    page = browser_page
    matter = in_hand(street)
    enter(page, live_server, street, "manager")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/")
    page.keyboard.press("c")
    page.get_by_label("情况说明").fill("主管已疏通")
    page.locator("#act-panel button.btn-primary").click()
    expect(page.locator("#act-panel .note-bad")).to_be_focused()
    expect(page.get_by_label("情况说明")).to_have_value("主管已疏通")


def test_a_few_words_narrow_the_long_list_of_categories_and_enter_takes_the_one_left(street, browser_page, live_server):
    page = browser_page
    matter = opened(street, category="").matter
    enter(page, live_server, street, "dispatcher")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/?act=dispatch")
    search = page.get_by_label("找分类")
    search.fill("路灯 不亮")
    expect(page.locator("#category option")).to_have_text(
        ["请选", "市政设施 / 路灯 / 路灯不亮", "市政设施 / 路灯 / 楼道灯不亮"]
    )
    search.fill("楼道灯不亮")
    with page.expect_response(lambda response: "acts/dispatch" in response.url):
        search.press("Enter")
    expect(page.locator("#category")).to_have_value("city.lamps.corridor-lamp")


def test_a_unit_chosen_before_the_form_is_drawn_anew_for_its_category_stays_chosen(street, browser_page, live_server):
    page = browser_page
    matter = opened(street, category="").matter
    enter(page, live_server, street, "dispatcher")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/?act=dispatch#act-panel")
    drawn, late = f"**/desk/matters/{matter.number}/acts/dispatch/?*", []
    page.route(drawn, lambda route: route.continue_() if late else late.append(route))
    with page.expect_request(drawn):
        page.locator("#category").select_option(CATEGORY)
    page.locator("#unit").select_option(str(street.office.pk))
    with page.expect_response(lambda answer: f"unit={street.office.pk}" in answer.url):
        late[0].continue_()
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#category")).to_have_value(CATEGORY)
    expect(page.locator("#unit")).to_have_value(str(street.office.pk))


def test_intake_shows_what_reads_alike_while_typing_and_offers_the_place(street, browser_page, live_server):
    page = browser_page
    matter = dispatched(street)
    enter(page, live_server, street, "dispatcher")
    page.goto(f"{live_server.url}/desk/matters/new/")
    page.get_by_label("居民说了什么").press_sequentially("杏林小区3号楼地下室下水道又返水了，味儿往上走", delay=5)
    expect(page.locator("#reading")).to_contain_text(matter.number)
    page.get_by_role("button", name="杏林小区 3号楼").click()
    expect(page.get_by_label("楼栋")).to_have_value(str(street.place.building_id))
    page.get_by_label("从哪儿来的").select_option("phone")
    page.get_by_role("button", name="登记，给编号").click()
    expect(page.get_by_role("heading", name="登记好了")).to_be_visible()
    assert Matter.objects.exclude(pk=matter.pk).get().building_id == street.place.building_id


def test_every_page_of_the_desk_is_readable_by_all_at_every_width(street, browser_page, live_server):
    page = browser_page
    done, new, hand = completed(street), opened(street).matter, in_hand(street)
    enter(page, live_server, street, "dispatcher")
    pages = {
        "day": "", "ledger": "matters/", "matter": f"matters/{hand.number}/", "done": f"matters/{done.number}/",
        "panel": f"matters/{new.number}/?act=dispatch", "intake": "matters/new/", "account": "account/",
        "print": f"matters/{hand.number}/print/", "choices": "matters/choose/since/",
    }  # fmt: skip
    for name, path in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}/desk/{path}")
            page.wait_for_load_state("networkidle")
            keep_picture(page, f"desk-{name}-{width}")
            assert axe_faults(page) == [], (name, width)
            assert sideways(page) <= 0, (name, width)


def test_signing_in_is_readable_by_all(street, browser_page, live_server):
    page = browser_page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/desk/sign-in/")
        keep_picture(page, f"desk-sign-in-{width}")
        assert axe_faults(page) == [] and sideways(page) <= 0
