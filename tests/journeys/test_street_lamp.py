"""The main job, end to end in a real browser: a broken street lamp, from a phone to the red seal."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe_faults, listen, sideways
from tests.cast import sign_in
from tests.faces.desk.conftest import open_accounts
from tests.matters import world as worlds
from tests.matters.world import World
from youying.access.models import Account
from youying.editions.queries import calendar_for
from youying.insight.report import rates_report
from youying.kernel.clocks import count
from youying.kernel.durations import parse_duration
from youying.kernel.moments import now, still, zone
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Clock, Matter
from youying.record.queries import verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 780}
WORDS = "杏林小区3号楼门口的路灯坏了一个星期，晚上看不清路。"


@pytest.fixture
def street(transactional_db) -> World:
    """The street as of now: the server answers by the real clock."""
    with still(now()):
        made = worlds.build()
        open_accounts(by=SYSTEM)
    return made


def photo(name: str) -> dict[str, object]:
    """A drawn photograph as a phone sends it."""
    made = io.BytesIO()
    Image.new("RGB", (320, 240), "darkslategray").save(made, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


def desk(browser: Browser, live_server, world: World, name: str) -> Page:
    """A member of staff at a desk, signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    client = sign_in(Client(), Account.objects.get(pk=world.people[name].account_id))
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def complete(page: Page, live_server, number: str, note: str) -> None:
    """The unit says that it is done, with a photograph."""
    page.goto(f"{live_server.url}/desk/matters/{number}/?act=complete")
    page.get_by_label("情况说明").fill(note)
    page.locator("#act-panel #uploads").set_input_files(photo("办好了.jpg"))
    page.locator("#act-panel button.btn-primary").click()
    expect(page.locator("#story")).to_contain_text(note)


def judge(page: Page, live_server, number: str, *, solved: bool) -> None:
    """The resident's two answers."""
    page.goto(f"{live_server.url}/m/{number}/verdict/")
    assert axe_faults(page) == []
    page.locator("label", has=page.locator("#contacted-yes")).click()
    page.locator("label", has=page.locator("#solved-yes" if solved else "#solved-no")).click()
    page.locator("label", has_text="满意").first.click() if solved else page.locator("label", has_text="不满意").click()
    page.get_by_role("button", name="提交评价").click()
    page.wait_for_url(f"**/m/{number}/")


def rates(world: World) -> dict[str, int]:
    """Received, completed and solved of the community, as the report says."""
    today = now().astimezone(zone("Asia/Shanghai")).date()
    cells = rates_report(SYSTEM, world.community, since=today, until=today + timedelta(days=1))["rows"][0]["figures"]
    return {
        "received": cells["received"]["count"],
        "completed": cells["completion"]["numerator"],
        "solved": cells["solved"]["numerator"],
        "satisfied": cells["satisfaction"]["numerator"],
    }


def test_a_broken_street_lamp_goes_from_a_phone_to_the_residents_seal(street, browser_page, browser, live_server):
    phone = browser_page
    phone.set_viewport_size(PHONE)
    before = rates(street)

    phone.goto(live_server.url)
    assert (axe_faults(phone), sideways(phone)) == ([], 0)
    phone.get_by_role("link", name="我要说").click()
    assert (axe_faults(phone), sideways(phone)) == ([], 0)
    phone.get_by_label("什么事").fill(WORDS)
    phone.locator("#photos").set_input_files(photo("路灯.jpg"))
    phone.get_by_label("手机号").fill("１３９０００１００１７")
    phone.get_by_role("button", name="提交").click()
    number, secret = phone.locator("#number b").inner_text(), phone.locator("#secret b").inner_text()

    matter = Matter.objects.get(number=number)
    assert (matter.grid_id, matter.category) == (street.place.grid_id, "city.lamps.lamp-out")
    assert (matter.place_words.find("3号楼") >= 0, matter.photo_count) == (True, 1)

    officer = desk(browser, live_server, street, "dispatcher")
    officer.goto(f"{live_server.url}/desk/matters/")
    expect(officer.locator("table")).to_contain_text(number)
    officer.goto(f"{live_server.url}/desk/matters/{number}/?act=dispatch")
    expect(officer.locator("main")).to_contain_text("第3网格")
    expect(officer.locator("main")).to_contain_text("路灯不亮")
    expect(officer.locator("#act-panel select[name=category]")).to_have_value("city.lamps.lamp-out")
    officer.locator("#act-panel select[name=unit]").select_option(label="和顺物业")
    officer.locator("#act-panel button.btn-primary").click()
    expect(officer.locator("#story")).to_contain_text("派单")
    expect(officer.locator("main")).to_contain_text("路灯不亮")
    clock = Clock.objects.get(matter=matter, code="complete")
    calendar = calendar_for(street.edition, street.community)
    assert clock.due_at == count(clock.started_at, parse_duration("7 working-days"), calendar).due_at

    unit = desk(browser, live_server, street, "manager")
    unit.goto(f"{live_server.url}/desk/")
    unit.get_by_role("button", name="签收").click()
    expect(unit.locator("#toasts")).to_contain_text("撤回")
    complete(unit, live_server, number, "换了灯泡")

    phone.goto(f"{live_server.url}/progress/")
    phone.get_by_label("编号").fill(number)
    phone.get_by_label("查询码").fill(secret.lower())
    phone.get_by_role("button", name="查").click()
    phone.wait_for_url(f"**/m/{number}/")
    assert (axe_faults(phone), sideways(phone)) == ([], 0)
    judge(phone, live_server, number, solved=False)
    expect(phone.locator("main")).to_contain_text("接着办")
    urge = phone.get_by_role("button", name="催一催").bounding_box()
    assert urge is not None
    assert (urge["width"] > 120, urge["x"] + urge["width"] <= 360, axe_faults(phone), sideways(phone)) == (
        True,
        True,
        [],
        0,
    )
    matter.refresh_from_db()
    assert (matter.reworks, matter.crossed_off, matter.completed) == (1, False, False)

    unit.goto(f"{live_server.url}/desk/matters/{number}/")
    expect(unit.locator("#story")).to_contain_text("重办")
    complete(unit, live_server, number, "换了整盏灯，夜里复看亮了")
    judge(phone, live_server, number, solved=True)
    expect(phone.locator(".verdict-seal")).to_be_visible()

    matter.refresh_from_db()
    after = rates(street)
    assert (matter.crossed_off, matter.solved, matter.satisfaction) == (True, True, "满意")
    assert {name: after[name] - before[name] for name in before} == dict.fromkeys(before, 1)
    assert verify().ok


def test_a_wrong_secret_opens_nothing_and_after_five_tries_even_the_right_one_waits(street, browser, live_server):
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    opened = worlds.opened(street)
    heard = listen(page)
    for _ in range(5):
        page.goto(f"{live_server.url}/progress/")
        page.get_by_label("编号").fill(opened.matter.number)
        page.get_by_label("查询码").fill("AAAAAAAA")
        page.get_by_role("button", name="查").click()
        expect(page.locator(".note-bad")).to_contain_text("编号或查询码不对")
    page.get_by_label("查询码").fill(opened.secret)
    page.get_by_role("button", name="查").click()
    expect(page.locator(".note-bad")).to_contain_text("15分钟")
    assert heard and all("422" in one or "429" in one for one in heard)
