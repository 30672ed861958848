"""A sheet in a real browser: every kind of item on a phone and on the desk, and a signature drawn with the finger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import axe_faults, sideways
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_in_the_browser import enter, keep_picture
from tests.matters import world as worlds
from tests.matters.changing import change, own_act
from tests.matters.world import World, opened
from tests.sheets.forms import ITEMS
from youying.files.models import Upload
from youying.kernel.moments import StillClock, now, still
from youying.kernel.viewers import SYSTEM
from youying.sheets import queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def street(transactional_db: None) -> World:
    """The street as of a minute ago, with a step that asks for one item of every type."""
    with still(now() - timedelta(minutes=1)) as clock:
        assert isinstance(clock, StillClock)
        made = worlds.build()
        made.clock = clock
        open_accounts(by=SYSTEM)
        optional = {code: {**item, "must": code in ("what", "signed")} for code, item in ITEMS.items()}
        said = {"sheet.survey": {"title": "勘查表", "items": optional}, **own_act(verb="step", needs=["sheet:survey"])}
        change(made, said)
    return made


@pytest.mark.parametrize("width", [360, 1440])
def test_a_sheet_is_readable_by_all_and_signed_with_the_finger(
    street: World, browser_page: Page, live_server: LiveServer, width: int
) -> None:
    page, matter = browser_page, opened(street).matter
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, street, "dispatcher")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/?act=try")
    expect(page.locator("canvas")).to_be_visible()
    keep_picture(page, f"sheet-form-{width}")
    assert axe_faults(page) == []
    assert sideways(page) <= 0
    page.get_by_label("事由").fill("核对继承")
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] - 20, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="试一步").click()
    expect(page.locator("#papers")).to_contain_text("核对继承")
    keep_picture(page, f"sheet-list-{width}")
    assert axe_faults(page) == []
    assert sideways(page) <= 0
    signed = next(line for line in queries.filled(street.dispatcher, matter.subject)[0].lines if line.code == "signed")
    assert Upload.objects.get(token=signed.files[0]).role == "sheet"
