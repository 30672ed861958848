"""The first day of an empty installation, by a clock that goes on: from the link in the terminal to the first order."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe_faults, listen, sideways
from youying.access.actions import offer_set_up
from youying.access.models import Account
from youying.editions.models import Adoption
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.record.queries import verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "一个够长的口令 2026"


def window(browser: Browser, *, width: int = 1440) -> Page:
    """A browser of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def readable(page: Page) -> None:
    """The page is accessible and no wider than its window."""
    assert (axe_faults(page), sideways(page)) == ([], 0), page.url


def found(page: Page, address: str) -> None:
    """The four steps of the set-up, as the first administrator."""
    page.goto(address)
    readable(page)
    for label, value in (
        ("单位名称", "柳湾街道办事处"),
        ("您的姓名", "叶青"),
        ("登录名", "yeqing"),
        ("密码", PASSWORD),
        ("再写一遍", PASSWORD),
    ):
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/set-up/places/")
    readable(page)
    page.get_by_label("街道或乡镇").fill("柳湾街道")
    page.get_by_label("社区、村").fill("槐花里社区\n渡口社区")
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/set-up/pack/")
    readable(page)
    page.locator("input[name=base][value=m01]").check()
    page.get_by_role("button", name="采用").click()
    page.wait_for_url("**/set-up/done/")
    expect(page.locator("h1")).to_contain_text("可以用了")
    readable(page)


def engage(page: Page, live_server, name: str, username: str, *, post: str, unit: str = "") -> str:
    """Add a person and appoint them; the link for them."""
    page.goto(f"{live_server.url}/desk/units/add/")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("登录名").fill(username)
    page.get_by_role("button", name="加上").click()
    expect(page.locator("main")).to_contain_text("/desk/link/")
    link = re.search(r"/desk/link/[\w-]+/", page.content())
    assert link is not None
    page.goto(f"{live_server.url}/desk/units/{Account.objects.get(username=username).pk}/appoint/")
    page.locator("select[name=code]").select_option(label=post)
    page.locator("select[name=reach]").select_option(index=1)
    if unit:
        page.locator("select[name=unit]").select_option(label=unit)
    page.get_by_role("button", name="任命").click()
    page.wait_for_url(re.compile(r"/desk/units/\d+/$"))
    return live_server.url + link.group()


def test_an_empty_installation_is_ready_for_its_first_demand_within_its_first_hour(
    transactional_db, browser, live_server
):
    admin = window(browser)
    heard = listen(admin)
    found(admin, f"{live_server.url}/desk/set-up/{offer_set_up(by=SYSTEM)}/")
    adoption = Adoption.objects.get()
    assert adoption.since == adoption.adopted_at

    admin.goto(f"{live_server.url}/desk/units/units/add/")
    admin.get_by_label("单位名称").fill("和顺物业")
    admin.get_by_label("单位代码").fill("heshun")
    admin.locator("select[name=kind]").select_option(label="物业企业")
    admin.locator("select[name=reach]").select_option(index=1)
    admin.get_by_role("button", name="加单位").click()
    admin.wait_for_url(re.compile(r"/desk/units/units/"))
    link = engage(admin, live_server, "周智远", "zhouzhiyuan", post="派单员")

    phone = window(browser, width=360)
    phone.goto(live_server.url)
    readable(phone)
    phone.get_by_role("link", name="我要说").click()
    phone.get_by_label("什么事").fill("槐花里社区3号楼门口的路灯坏了，晚上看不见")
    phone.locator("select[name=compound]").select_option(label="槐花里社区，不在小区里")
    phone.get_by_role("button", name="提交").click()
    phone.wait_for_url("**/said/")
    number = phone.locator("#number b").inner_text()
    assert Matter.objects.get(number=number).category == "city.lamps.lamp-out"

    officer = window(browser)
    officer.goto(link)
    officer.locator("input[name=password]").fill(PASSWORD)
    officer.locator("input[name=again]").fill(PASSWORD)
    officer.get_by_role("button", name="设好密码并登录").click()
    officer.wait_for_url("**/desk/")
    officer.goto(f"{live_server.url}/desk/matters/{number}/?act=dispatch")
    expect(officer.locator("main")).to_contain_text("路灯不亮")
    officer.locator("#act-panel select[name=unit]").select_option(label="和顺物业")
    officer.locator("#act-panel button.btn-primary").click()
    expect(officer.locator("#story")).to_contain_text("派单")
    assert Matter.objects.get(number=number).stage == "dispatched"
    assert (verify().ok, heard) == (True, [])
