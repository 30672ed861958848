"""The sheet of a deadline and the list of what is parked in a real browser: readable by all, on a telephone too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser import WIDTHS, axe_faults, sideways
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_in_the_browser import enter, keep_picture
from tests.matters import world as worlds
from tests.matters.changing import HOLD, change, held, parked
from tests.matters.world import CATEGORY, opened
from youying.kernel.moments import now, still
from youying.kernel.viewers import SYSTEM
from youying.matters import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(transactional_db):
    """A street where something was parked long ago, and a matter whose deadline was moved in every way."""
    with still(now() - timedelta(days=40)) as clock:
        world = worlds.build()
        world.clock = clock
        open_accounts(by=SYSTEM)
        parked(world, days=60, plan="等管网改造到这一片，预计明年开春")
        clock.forward(days=32)
        actions.sweep()
        change(world, HOLD)
        found = opened(world)
        unit = {"unit": world.property_company.pk, "category": CATEGORY}
        actions.act(found.matter.pk, "dispatch", by=world.dispatcher, **unit)
        actions.act(found.matter.pk, "accept", by=world.manager)
        held(world, found.matter)
        clock.forward(days=3)
        actions.act(found.matter.pk, "go-on", by=world.manager)
        actions.correct(found.matter.pk, by=world.dispatcher, urgency="hard", note="要挖开路面")
        more = {"clock": "complete", "reason": "weather", "note": "连着下雨，沟槽积水"}
        ask = actions.ask_extension(found.matter.pk, by=world.manager, **more)
        actions.approve(ask.pk, by=world.dispatcher, note="情况属实")
    return world, found


def test_the_sheet_of_a_deadline_and_the_parked_list_are_readable_by_all(told, browser_page, live_server):
    (world, found), page = told, browser_page
    enter(page, live_server, world, "dispatcher")
    pages = {"deadline": f"{found.matter.number}/deadlines/complete/1/", "parked": "parked/"}
    for name, path in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}/desk/matters/{path}")
            page.wait_for_load_state("networkidle")
            keep_picture(page, f"desk-{name}-{width}")
            assert axe_faults(page) == [], (name, width)
            assert sideways(page) <= 0, (name, width)
    page.goto(f"{live_server.url}/desk/matters/{pages['deadline']}")
    page.get_by_text("一天一行地看").click()
    assert page.locator("table.table-n tbody tr").first.is_visible()


def test_the_residents_sheet_is_readable_by_all(told, browser_page, live_server):
    (_, found), page = told, browser_page
    page.goto(f"{live_server.url}/progress/?number={found.matter.number}")
    page.locator("input[name=secret]").fill(found.secret)
    page.locator("input[name=secret]").press("Enter")
    page.wait_for_url(f"**/m/{found.matter.number}/")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/m/{found.matter.number}/deadline/")
        page.wait_for_load_state("networkidle")
        keep_picture(page, f"portal-deadline-{width}")
        assert axe_faults(page) == [], width
        assert sideways(page) <= 0, width
