"""吹哨报到 in a real browser: the leader calls two units, one signs and reports in from a phone; readable by all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import WIDTHS, axe_faults, sideways
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_in_the_browser import enter, keep_picture
from tests.matters import world as worlds
from tests.matters.whistling import EMERGENCY, came, whistle_street, whistled
from tests.matters.world import in_hand
from youying.access.models import Unit
from youying.kernel.moments import now, still
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Summons

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def street(transactional_db):
    """The street with its whistle pack as of a while ago: the server answers by the real clock."""
    with still(now() - timedelta(hours=3)) as clock:  # what it adopts an hour on is in force by now
        made = worlds.build()
        made.clock = clock
        whistle_street(made)
        open_accounts(by=SYSTEM)
    return made


def test_the_leader_calls_and_a_unit_reports_in_from_its_phone(street, browser_page, live_server):
    page = browser_page
    with still(now()):
        matter = in_hand(street)
    enter(page, live_server, street, "leader")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/?act=whistle")
    page.get_by_label("应急处置").check()
    page.get_by_label("区供电公司").check()
    page.get_by_label("区园林局").check()
    page.get_by_label("情况说明").fill("树枝压着高压线，请来现场")
    keep_picture(page, "whistle-form-1440")
    assert axe_faults(page) == []
    page.locator("#act-panel").get_by_role("button", name="吹哨").click()
    expect(page.locator("section", has_text="吹哨报到").first).to_contain_text("等签收")
    page.context.clear_cookies()
    page.set_viewport_size({"width": 360, "height": 740})
    enter(page, live_server, street, "gongdian")
    page.goto(f"{live_server.url}/desk/")
    expect(page.locator("h2", has_text="吹到我们的哨")).to_be_visible()
    keep_picture(page, "whistle-day-360")
    assert (axe_faults(page), sideways(page)) == ([], 0)
    page.get_by_role("button", name="签收哨单").click()
    page.goto(f"{live_server.url}/desk/")
    page.get_by_role("link", name="报到", exact=True).click()
    page.get_by_label("谁来了").fill("赵工")
    page.get_by_label("情况说明").fill("到了，先断电")
    keep_picture(page, "whistle-report-in-360")
    assert (axe_faults(page), sideways(page)) == ([], 0)
    page.locator("#act-panel").get_by_role("button", name="报到").click()
    expect(page.locator("section", has_text="吹哨报到").first).to_contain_text("赵工")
    called, closed = page.locator("#whistles-title").bounding_box(), page.locator(".refused").bounding_box()
    assert called and closed and called["y"] < closed["y"]
    assert Summons.objects.get(unit=street.gongdian.unit_id).end == "reported"


EDGES = """boxes => boxes.map(box => {
    const last = box.lastElementChild.getBoundingClientRect(), own = box.getBoundingClientRect();
    return Math.max(0, Math.round(last.bottom - own.bottom));
})"""
ALIGNED = "kinds => kinds.map(kind => getComputedStyle(kind).textAlign)"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_kinds_of_whistle_stand_in_one_line_and_no_unit_is_cut(street, browser_page, live_server, width):
    """Seven departments in one box, the last as whole as the first; a kind of two lines begins where the others do."""
    county = street.town.rpartition("/")[0]
    for code, title in (("qixiang", "区气象局"), ("wenlv", "区文旅局")):
        Unit.objects.create(code=code, title=title, kind="department", reach=county)
    page = browser_page
    with still(now()):
        matter = in_hand(street)
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, street, "leader")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/?act=whistle")
    boxes = page.locator("#act-panel .pick-many")
    assert max(boxes.evaluate_all("boxes => boxes.map(box => box.children.length)")) == 7
    assert set(boxes.evaluate_all(EDGES)) == {0}
    kinds = page.locator("#act-panel .choice input[name=grade] + span")
    assert kinds.evaluate_all(ALIGNED) == ["left"] * 3
    keep_picture(page, f"whistle-kinds-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_panel_and_the_board_are_readable_at_every_width(street, browser_page, live_server, width):
    page = browser_page
    with still(now()):
        matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
        came(street, matter, "gongdian", place="3号楼东侧")
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, street, "leader")
    for name, address in (("panel", f"/desk/matters/{matter.number}/"), ("board", "/desk/whistles/")):
        page.goto(live_server.url + address)
        keep_picture(page, f"whistle-{name}-{width}")
        assert (axe_faults(page), sideways(page)) == ([], 0)
