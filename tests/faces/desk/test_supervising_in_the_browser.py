"""Supervisions and joint meetings in a real browser: readable by all, nothing sticks out on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import axe_faults, sideways
from tests.faces.desk.conftest import open_accounts
from tests.faces.desk.test_in_the_browser import enter, keep_picture
from tests.matters import world as worlds
from tests.matters.changing import change
from tests.matters.test_consultation import MEET
from tests.matters.world import World, in_hand, opened
from youying.kernel.moments import StillClock, now, still
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.models import Supervision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def street(transactional_db: None) -> World:
    """The street as of a minute ago, where the leader may meet on demands."""
    with still(now() - timedelta(minutes=1)) as clock:
        assert isinstance(clock, StillClock)
        made = worlds.build()
        made.clock = clock
        open_accounts(by=SYSTEM)
        change(made, MEET)
    return made


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_of_supervisions_and_meetings_are_readable_by_all(
    street: World, browser_page: Page, live_server: LiveServer, width: int
) -> None:
    page, matter = browser_page, in_hand(street)
    actions.act(matter.pk, "supervise", by=street.leader, note="居民多次来电", asked="请说明原因和办法", level="key")
    number = Supervision.objects.get(matter=matter).number
    other = opened(street).matter
    found = actions.call_meeting(
        by=street.leader, title="地下室返水协调会", meets_at=now() + timedelta(days=1), place="杏林小区门口",
        matters=[other.number], units=[street.office.pk, street.property_company.pk],
    )  # fmt: skip
    page.set_viewport_size({"width": width, "height": 900})
    enter(page, live_server, street, "leader")
    for name, address in (
        ("supervisions", "/desk/supervisions/"),
        ("supervision", f"/desk/supervisions/{number}/"),
        ("supervised-matter", f"/desk/matters/{matter.number}/"),
        ("hard-matters", "/desk/consultations/"),
        ("meeting", f"/desk/consultations/{found.number}/"),
    ):
        page.goto(f"{live_server.url}{address}")
        keep_picture(page, f"{name}-{width}")
        assert axe_faults(page) == [], name
        assert sideways(page) <= 0, name
