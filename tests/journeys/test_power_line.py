"""One hard matter in a real browser: branches on a power line, from a call over a whistle to the resident's word.

The resident calls; the community cannot do it alone and whistles; the power company comes, the parks bureau is late;
the street's leader supervises by one tap; all meet on site and take on parts; what could be done at once is done at
once, the rest by stages; the resident says that it is solved.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe_faults, listen, sideways
from tests.faces.desk.conftest import open_accounts
from tests.journeys.test_street_lamp import PHONE, complete, desk, judge, photo
from tests.matters import world as worlds
from tests.matters.whistling import whistle_street
from tests.matters.world import World
from youying.kernel.moments import StillClock, local, set_clock, zone
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.models import Matter, Part, Summons, Supervision
from youying.matters.replaying import differences
from youying.record.queries import verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "杏林小区3号楼东头的树枝压在高压线上，刮风就冒火花，楼下孩子天天走。"


@pytest.fixture
def clock() -> Iterator[StillClock]:
    """Nine on a Wednesday morning for the whole process, the server too; it moves when the test says so."""
    held = StillClock(datetime(2026, 11, 18, 9, 0, tzinfo=zone("Asia/Shanghai")))
    set_clock(held)
    yield held
    set_clock(None)


@pytest.fixture
def street(transactional_db, clock) -> World:
    """The street with its whistle pack, the departments of the county, and accounts for everybody."""
    made = worlds.build()
    made.clock = clock
    whistle_street(made)
    open_accounts(by=SYSTEM)
    return made


def readable(page: Page) -> None:
    """The page is accessible and no wider than its window."""
    assert (axe_faults(page), sideways(page)) == ([], 0), page.url


def step(page: Page, live_server, number: str, act: str) -> None:
    """Open the form of one step."""
    page.goto(f"{live_server.url}/desk/matters/{number}/?act={act}")
    expect(page.locator("#act-panel form")).to_be_visible()


def send(page: Page) -> None:
    """Press the form's button and wait until it was taken."""
    page.locator("#act-panel button.btn-primary").click()
    expect(page.locator("#act-panel form")).to_have_count(0)


def called_in(page: Page, live_server) -> tuple[str, str]:
    """The resident calls; whoever picks up takes it down and reads number and secret out."""
    page.goto(f"{live_server.url}/desk/matters/new/")
    page.get_by_label("居民说了什么").press_sequentially(WORDS, delay=2)
    page.get_by_role("button", name="杏林小区 3号楼").click()
    page.get_by_label("从哪儿来的").select_option("phone")
    page.locator("#phone").fill("13900010017")
    page.get_by_role("button", name="登记，给编号").click()
    expect(page.get_by_role("heading", name="登记好了")).to_be_visible()
    readable(page)
    number, secret = page.locator(".slip .big").all_inner_texts()
    return number.strip(), secret.replace(" ", "")


def whistle(page: Page, live_server, number: str) -> None:
    """The secretary whistles for two units of the county, as an emergency."""
    step(page, live_server, number, "whistle")
    readable(page)
    for unit in ("区供电公司", "区园林局"):
        page.locator("label", has_text=unit).click()
    page.locator("label", has_text="应急处置").click()
    page.get_by_label("情况说明").fill("树枝压着高压线，社区没有绝缘工具，请供电和园林马上到场。")
    send(page)


def agree(page: Page) -> None:
    """Say yes to the one thing that waits for this post."""
    with page.expect_navigation():
        page.locator("button[name=answer][value=approve]").first.click()


def report_in(page: Page, live_server, number: str, *, who: str, note: str) -> None:
    """A unit signs with one tap on its day and reports in with a photo, on the phone."""
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/desk/")
    readable(page)
    page.locator("#called-title").locator("..").locator("..").get_by_role("button", name="签收哨单").click()
    page.goto(f"{live_server.url}/desk/matters/{number}/?act=report-in")
    page.get_by_label("谁来了").fill(who)
    page.get_by_label("情况说明").fill(note)
    page.locator("#act-panel #uploads").set_input_files(photo("到场.jpg"))
    send(page)


def meet(page: Page, live_server, number: str, clock: StillClock) -> None:
    """On site all agree who does what by when; the form lists the parts."""
    step(page, live_server, number, "meet")
    page.locator("#act-panel").get_by_label("地点").fill("3号楼东头树下")
    page.get_by_label("谁到场了").fill("书记、供电公司赵工、园林局钱工")
    page.get_by_label("情况说明").fill("今天先断电剪掉压线的枝，园林一周内整株修剪。")
    page.locator("#act-panel #uploads").set_input_files(photo("现场.jpg"))
    for n, (what, unit, days) in enumerate((("断电剪除压线枝", "区供电公司", 1), ("整株修剪", "区园林局", 6)), start=1):
        page.get_by_label(f"任务 {n}：做什么").fill(what)
        page.get_by_label(f"任务 {n}：谁来办").select_option(label=unit)
        due = local(clock() + timedelta(days=days), zone("Asia/Shanghai"))
        page.get_by_label(f"任务 {n}：最晚什么时候").fill(f"{due:%Y-%m-%dT17:00}")
    send(page)


def do_part(page: Page, live_server, part: Part, note: str) -> None:
    """A unit takes its part on and says that it is done."""
    number = part.child.number
    step(page, live_server, number, "accept")
    send(page)
    step(page, live_server, number, "complete")
    page.get_by_label("情况说明").fill(note)
    send(page)


def check_part(page: Page, live_server, part: Part) -> None:
    """Whoever has the whole looks at what a unit did and takes it over."""
    step(page, live_server, part.child.number, "recheck")
    page.locator("#act-panel label", has_text="合格").first.click()
    send(page)


def test_branches_on_a_power_line_from_a_call_to_a_satisfied_resident(
    street, clock, browser_page, browser: Browser, live_server
):
    phone = browser_page
    phone.set_viewport_size(PHONE)
    officer, secretary, leader, power, parks = (
        desk(browser, live_server, street, name)
        for name in ("dispatcher", "secretary", "leader", "gongdian", "yuanlin")
    )
    heard = [listen(page) for page in (officer, secretary, leader, power, parks)]

    number, secret = called_in(officer, live_server)
    matter = Matter.objects.get(number=number)
    step(officer, live_server, number, "dispatch")
    officer.locator("#act-panel select[name=unit]").select_option(label="槐花里社区")
    officer.locator("#act-panel select[name=category]").select_option(index=1)
    send(officer)
    secretary.goto(f"{live_server.url}/desk/")
    secretary.get_by_role("button", name="签收").click()
    expect(secretary.locator("#toasts")).to_contain_text("撤回")

    whistle(secretary, live_server, number)
    leader.goto(f"{live_server.url}/desk/")
    readable(leader)
    agree(leader)
    matter.refresh_from_db()
    assert (matter.stage, Summons.objects.filter(matter=matter).count()) == ("summoned", 2)

    clock.forward(minutes=40)
    report_in(power, live_server, number, who="赵工", note="到了，先拉警戒线，联系停电。")
    clock.forward(hours=3)
    actions.sweep()
    leader.goto(f"{live_server.url}/desk/whistles/")
    expect(leader.locator("main")).to_contain_text("超期未到")
    readable(leader)

    leader.goto(f"{live_server.url}/desk/")
    agree(leader)
    one = Supervision.objects.get(matter=matter)
    leader.goto(f"{live_server.url}/desk/supervisions/{one.number}/")
    readable(leader)
    secretary.goto(f"{live_server.url}/desk/supervisions/{one.number}/")
    secretary.get_by_label("办到哪一步了").fill("园林局已在路上，供电正在断电。")
    secretary.get_by_role("button", name="交上答复").click()

    report_in(parks, live_server, number, who="钱工", note="高空车晚到，已到现场。")
    matter.refresh_from_db()
    assert (matter.stage, matter.reported_in_on_time) == ("in-hand", False)
    leader.goto(f"{live_server.url}/desk/supervisions/{one.number}/")
    leader.get_by_label("解除意见").fill("两家都到了，现场已控制。")
    leader.get_by_role("button", name="解除督办").click()

    meet(secretary, live_server, number, clock)
    parts = {part.title: part for part in Part.objects.filter(matter=matter).select_related("child")}
    assert set(parts) == {"断电剪除压线枝", "整株修剪"}
    do_part(power, live_server, parts["断电剪除压线枝"], "压线的枝剪掉了，送电正常。")
    secretary.goto(f"{live_server.url}/desk/matters/{number}/")
    readable(secretary)
    expect(secretary.locator("main")).to_contain_text("整株修剪")
    clock.forward(days=2)
    secretary, parks = (desk(browser, live_server, street, name) for name in ("secretary", "yuanlin"))  # a new day
    heard += [listen(page) for page in (secretary, parks)]
    do_part(parks, live_server, parts["整株修剪"], "整株修完，枝条清走。")

    for part in parts.values():
        check_part(secretary, live_server, part)

    complete(secretary, live_server, number, "先断电剪枝，再整株修剪，两步都做完了。")
    phone.goto(f"{live_server.url}/progress/")
    phone.get_by_label("编号").fill(number)
    phone.get_by_label("查询码").fill(secret)
    phone.get_by_role("button", name="查").click()
    phone.wait_for_url(f"**/m/{number}/")
    readable(phone)
    judge(phone, live_server, number, solved=True)
    expect(phone.locator(".verdict-seal")).to_be_visible()

    matter.refresh_from_db()
    assert (matter.crossed_off, matter.solved, matter.satisfaction, matter.whistles) == (True, True, "满意", 1)
    assert Supervision.objects.get(pk=one.pk).ended_as == "released"
    assert differences(matter) == {}
    leader = desk(browser, live_server, street, "leader")
    leader.goto(f"{live_server.url}/desk/whistles/")
    expect(leader.locator("main")).to_contain_text("区园林局")
    assert heard == [[] for _ in heard]
    assert verify().ok
