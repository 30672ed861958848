"""The page of every part in a real browser: readable by all, nothing cut off, scripts alive under the policy."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import WIDTHS, axe_faults, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kit")]
PAGES = ("/kit/desk/", "/kit/portal/", "/no-such-page/")


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("YOUYING_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def open_at(page: Page, live_server: LiveServer, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + path)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES[:2])
def test_a_page_is_accessible_and_never_wider_than_its_window(
    browser_page: Page, live_server: LiveServer, path: str, width: int
) -> None:
    open_at(browser_page, live_server, path, width)
    keep_picture(browser_page, f"{path.strip('/').replace('/', '-')}-{width}")
    assert axe_faults(browser_page) == []
    assert sideways(browser_page) <= 0


def test_large_letters_keep_the_phone_page_within_360_pixels(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/portal/", 360)
    browser_page.get_by_role("button", name="大字").click()
    expect(browser_page.locator("html")).to_have_attribute("data-type", "large")
    keep_picture(browser_page, "kit-portal-360-large")
    assert sideways(browser_page) <= 0
    assert axe_faults(browser_page) == []
    browser_page.reload()
    expect(browser_page.locator("html")).to_have_attribute("data-type", "large")


def test_what_a_resident_wrote_is_still_there_after_leaving(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/portal/", 360)
    browser_page.get_by_label("什么事？").fill("楼道灯坏了")
    browser_page.goto(live_server.url + "/kit/desk/")
    open_at(browser_page, live_server, "/kit/portal/", 360)
    expect(browser_page.get_by_label("什么事？")).to_have_value("楼道灯坏了")


def test_without_a_network_a_form_stays_with_a_sentence(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/portal/", 360)
    browser_page.get_by_label("什么事？").fill("楼道灯坏了")
    browser_page.context.set_offline(True)
    browser_page.locator("form[method=post] button:not([type=button])").last.click()
    expect(browser_page.locator("#toasts")).to_contain_text("没有网，没交上")
    expect(browser_page.get_by_label("什么事？")).to_have_value("楼道灯坏了")


def test_reasons_appear_only_with_not_solved(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/portal/", 360)
    reasons = browser_page.get_by_text("只修了一半")
    expect(reasons).to_be_hidden()
    browser_page.get_by_label("没解决").check()
    expect(reasons).to_be_visible()


def test_a_photo_is_shown_shrunk_and_can_be_taken_away(
    browser_page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    picture = tmp_path / "lamp.png"
    open_at(browser_page, live_server, "/kit/portal/", 360)
    browser_page.screenshot(path=str(picture))
    browser_page.locator("input[type=file]").set_input_files([picture, picture])
    expect(browser_page.locator(".shots img")).to_have_count(2)
    browser_page.get_by_role("button", name="去掉 1").click()
    expect(browser_page.locator(".shots img")).to_have_count(1)


def test_the_keyboard_walks_the_ledger_and_chooses(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/desk/", 1440)
    for key in ("j", "j", "k", "x"):
        browser_page.keyboard.press(key)
    expect(browser_page.locator("tr.at")).to_contain_text("2611-04810-3")
    expect(browser_page.locator("[data-bulk]")).to_contain_text("已选 1 件")
    browser_page.keyboard.press("Escape")
    expect(browser_page.locator("[data-bulk]")).to_be_hidden()


def test_letters_typed_into_a_field_are_not_commands(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/desk/", 1440)
    browser_page.get_by_label("标题").press_sequentially("jx?")
    expect(browser_page.locator("tr.at")).to_have_count(0)
    expect(browser_page.locator("#keys")).to_be_hidden()


def test_the_question_mark_shows_all_keys(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/desk/", 1440)
    browser_page.keyboard.press("?")
    expect(browser_page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert axe_faults(browser_page) == []


def test_a_chart_gives_way_to_its_table(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/desk/", 1440)
    expect(browser_page.locator("#solved-chart svg")).to_be_visible()
    browser_page.get_by_role("button", name="看表格").click()
    expect(browser_page.locator("#solved-chart")).to_be_hidden()
    expect(browser_page.get_by_role("cell", name="90.2%")).to_be_visible()
    assert axe_faults(browser_page) == []


def test_the_map_draws_our_own_shapes_and_asks_nobody(browser_page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    open_at(browser_page, live_server, "/kit/desk/", 1440)
    expect(browser_page.locator("#grid-map path").first).to_be_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []


def test_a_narrow_desk_opens_its_navigation_by_a_button(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/desk/", 360)
    expect(browser_page.locator("#desk-side")).to_be_hidden()
    browser_page.get_by_role("button", name="打开导航").click()
    expect(browser_page.locator("#desk-side")).to_be_visible()
    assert axe_faults(browser_page) == []


def test_on_paper_a_lamp_is_words(browser_page: Page, live_server: LiveServer) -> None:
    open_at(browser_page, live_server, "/kit/desk/", 1440)
    browser_page.emulate_media(media="print")
    expect(browser_page.locator(".lamp svg").first).to_be_hidden()
    expect(browser_page.locator(".desk-side")).to_be_hidden()
    box = browser_page.locator(".lamp .sr").first.bounding_box()
    assert box is not None
    assert box["width"] > 10
