"""Every page of administration: opened by whoever holds the power, shut to the others, and a visitor signs in first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.matters.world import World

PAGES = {
    "rates": ("desk:rates", "desk:ledgers", "desk:rates-table"),
    "packs": (
        "desk:packs",
        "desk:pack-text",
        "desk:pack-library",
        "desk:pack-explained",
        "desk:pack-days",
        "desk:pack-directory",
        "desk:pack-directory-form",
    ),
    "places": ("desk:places", "desk:place-imports"),
    "accounts": (
        "desk:accounts",
        "desk:units",
        "desk:add-unit",
        "desk:add-account",
        "desk:missing-posts",
        "desk:unit-imports",
    ),
    "audit": ("desk:record", "desk:record-waiting"),
    "view": ("desk:map", "desk:warnings"),
}
DOORS = [(power, page) for power, pages in PAGES.items() for page in pages]
AT_A_PLACE = [page for page in PAGES["packs"] if page != "desk:pack-library"] + ["desk:missing-posts", "desk:map"]


@pytest.mark.parametrize(("power", "page"), DOORS)
def test_whoever_holds_the_power_opens_the_page(street: World, enter: Enter, power: str, page: str) -> None:
    answer = enter("leader").get(reverse(page))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize(("power", "page"), [door for door in DOORS if door[0] not in ("view", "rates")])
def test_without_the_power_the_page_says_whom_to_ask(street: World, enter: Enter, power: str, page: str) -> None:
    answer = enter("dispatcher").get(reverse(page))
    assert answer.status_code == 403
    assert "请找本单位管理员" in answer.content.decode()


@pytest.mark.parametrize("page", [page for _power, page in DOORS])
def test_a_visitor_is_sent_to_sign_in(street: World, page: str) -> None:
    answer = Client().get(reverse(page))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize("page", AT_A_PLACE)
def test_a_place_out_of_reach_is_refused(street: World, enter: Enter, page: str) -> None:
    answer = enter("stranger").get(reverse(page), {"place": street.town})
    assert answer.status_code == 403
    assert "不在您的辖区内" in answer.content.decode()


def test_english_pages_say_it_in_english(street: World, enter: Enter) -> None:
    client = enter("leader")
    client.cookies["django_language"] = "en"
    page = client.get(reverse("desk:packs")).content.decode()
    assert 'lang="en"' in page
    assert "Change" in page
