"""A secretary changes one number in a real browser: new matters follow it, old ones keep their own deadline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import WIDTHS, axe_faults, sideways
from tests.cast import sign_in
from tests.faces.desk.conftest import Enter
from tests.faces.desk_admin.conftest import cells, table
from tests.matters.world import World, dispatched
from youying.access.models import Account
from youying.kernel.moments import set_clock
from youying.matters.models import Clock, Matter
from youying.places.models import Building, Grid

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKED_AT = (
    "desk:rates",
    "desk:packs",
    "desk:places",
    "desk:accounts",
    "desk:record",
    "desk:map",
    "desk:pack-days",
    "desk:unit-imports",
)


@pytest.fixture
def street(street: World) -> Iterator[World]:
    """The street, whose still clock the server's own threads see too."""
    set_clock(street.clock)
    yield street
    set_clock(None)


def seat(page: Page, live_server: LiveServer, world: World, name: str) -> None:
    """Let somebody of the street sit down at the browser."""
    client = sign_in(Client(), Account.objects.get(pk=world.people[name].account_id))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def hours_to_contact(matter: Matter) -> float:
    clock = Clock.objects.get(matter=matter, code="contact")
    return (clock.due_at - clock.started_at).total_seconds() / 3600


def test_a_secretary_changes_one_number_and_sees_it_work(
    street: World, browser_page: Page, live_server: LiveServer
) -> None:
    old = dispatched(street)
    seat(browser_page, live_server, street, "secretary")
    browser_page.goto(live_server.url + reverse("desk:packs"))
    row = browser_page.get_by_role("row", name="“首次联系”的时限")
    expect(row).to_contain_text("24小时")
    row.get_by_role("link").click()
    browser_page.get_by_label("改成多少").fill("8")
    browser_page.get_by_label("为什么改").fill("冬天供暖诉求等不得")
    browser_page.get_by_role("button", name="看会变什么").click()
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("由24小时改为8小时")
    assert axe_faults(browser_page) == []
    browser_page.get_by_role("button", name="采用：改为8小时").click()
    expect(browser_page.get_by_role("row", name="“首次联系”的时限")).to_contain_text("8小时")
    expect(browser_page.get_by_text("冬天供暖诉求等不得")).to_be_visible()
    street.clock.forward(minutes=1)
    new = dispatched(street)
    assert (hours_to_contact(old), hours_to_contact(new)) == (24, 8)
    browser_page.goto(live_server.url + reverse("desk:matter", args=[new.number]))
    expect(browser_page.get_by_text("首次联系").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_administration_are_accessible_and_never_wider_than_their_window(
    street: World, browser_page: Page, live_server: LiveServer, width: int
) -> None:
    dispatched(street)
    seat(browser_page, live_server, street, "leader")
    browser_page.set_viewport_size({"width": width, "height": 900})
    places = [Building.objects.get(name="3号楼").path, Grid.objects.get(title="第3网格").path]
    pages = [reverse(page) for page in LOOKED_AT] + [f"{reverse('desk:place')}?path={path}" for path in places]
    for page in pages:
        browser_page.goto(live_server.url + page)
        browser_page.wait_for_load_state("networkidle")
        expect(browser_page.get_by_role("navigation", name="主导航")).to_have_count(1 if width >= 1024 else 0)
        assert (page, axe_faults(browser_page), sideways(browser_page)) == (page, [], 0)


def test_the_sentence_of_a_dialog_says_what_closing_a_place_means(
    street: World, browser_page: Page, live_server: LiveServer, enter: Enter
) -> None:
    seat(browser_page, live_server, street, "secretary")
    building = Building.objects.get(name="3号楼")
    browser_page.goto(f"{live_server.url}{reverse('desk:place')}?path={building.path}")
    browser_page.get_by_role("button", name="停用“3号楼”").click()
    dialog = browser_page.get_by_role("dialog", name="停用“3号楼”")
    expect(dialog).to_contain_text("已有的事项照常办")
    dialog.get_by_role("button", name="停用“3号楼”").click()
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("已停用")
    building.refresh_from_db()
    assert building.closed_at is not None


@pytest.mark.parametrize("width", WIDTHS)
def test_people_come_in_by_a_table_and_their_links_are_taken_along(
    street: World, browser_page: Page, live_server: LiveServer, tmp_path: Path, width: int
) -> None:
    sheet = tmp_path / "人员.xlsx"
    good = ["qinhai", "秦海", "13900010088", "回访员", "槐花里社区"]
    sheet.write_bytes(
        table(["账号", "姓名", "手机号", "岗位角色", "辖区"], good, ["x", "田芸", "", "皇帝", "月球"]).read()
    )
    seat(browser_page, live_server, street, "leader")
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.goto(live_server.url + reverse("desk:accounts"))
    browser_page.get_by_role("link", name="用表格导入").click()
    browser_page.locator("input[type=file]").set_input_files(sheet)
    browser_page.get_by_role("button", name="看一遍").click()
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("新增 1")
    assert (axe_faults(browser_page), sideways(browser_page)) == ([], 0)
    browser_page.get_by_role("button", name="收下能收的 1 行").click()
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("给 1 位新同事的邀请链接")
    assert (axe_faults(browser_page), sideways(browser_page)) == ([], 0)
    with browser_page.expect_download() as coming:
        browser_page.get_by_role("button", name="下载成表格").click()
    rows = cells(Path(coming.value.path()).read_bytes())
    assert rows[1][:2] == ["秦海", "qinhai"]
    browser_page.context.clear_cookies()
    browser_page.goto(rows[1][2])
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("请设一个密码")
