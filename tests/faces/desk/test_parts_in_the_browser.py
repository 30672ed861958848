"""Parts in a real browser: the page of a whole for the window, one progress for the applicant, on a phone and a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import axe_faults, sideways
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_in_the_browser import enter, keep_picture
from tests.matters import world as worlds
from tests.matters.jointly import applied, do_part, forwarded, joint_street, papers
from tests.matters.world import World
from youying.kernel.moments import StillClock, now, still
from youying.kernel.viewers import SYSTEM
from youying.matters import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1440])
def test_the_window_sees_the_graph_and_the_applicant_one_progress(
    transactional_db: None, browser_page: Page, live_server: LiveServer, width: int
) -> None:
    with still(now() - timedelta(minutes=1)) as clock:
        assert isinstance(clock, StillClock)
        street: World = worlds.build()
        street.clock = clock
        joint_street(street)
        open_accounts(by=SYSTEM)
        came = applied(street)
        actions.act(came.matter.pk, "accept", by=street.window, papers=papers(street))
        matter = do_part(street, forwarded(street, came.matter), "notarise")
    page = browser_page
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, street, "window")
    page.goto(f"{live_server.url}/desk/matters/{matter.number}/")
    expect(page.get_by_text("4项，已办完1项")).to_be_visible()
    expect(page.get_by_text("等核税", exact=True)).to_be_visible()
    keep_picture(page, f"parts-{width}")
    assert axe_faults(page) == []
    assert not sideways(page)
    page.goto(f"{live_server.url}/progress/")
    page.fill("[name=number]", matter.number)
    page.fill("[name=secret]", came.secret)
    page.keyboard.press("Enter")
    expect(page.get_by_text("一共4步，办完了1步")).to_be_visible()
    keep_picture(page, f"parts-applicant-{width}")
    assert axe_faults(page) == []
    assert not sideways(page)
    for name, at in (("services", "/apply/"), ("apply", "/apply/application/")):
        page.goto(f"{live_server.url}{at}")
        expect(page.get_by_text("缺").first).to_be_visible()
        keep_picture(page, f"parts-{name}-{width}")
        assert axe_faults(page) == []
        assert not sideways(page)
