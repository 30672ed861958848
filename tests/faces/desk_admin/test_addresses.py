"""Addresses that ask for what a page does not have: the page says so, and never shows a list as if it had obeyed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.faces.desk.conftest import Enter, give
from tests.matters.world import World, opened


@pytest.mark.parametrize(
    "page", ["desk:ledger", "desk:rates", "desk:ledgers", "desk:record", "desk:duty", "desk:texts"]
)
def test_a_condition_that_no_page_has_is_said_and_the_page_still_shows(street: World, enter: Enter, page: str) -> None:
    give(street.leader, "audit", "texts")
    client = enter("leader")
    assert "没有用上" not in client.get(reverse(page)).content.decode()
    answer = client.get(reverse(page), {"area": "/etc"})
    assert answer.status_code == 200
    assert "这一页没有“area”这个条件，没有用上。" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "reworked=banana",
        "parked=2",
        "sort=colour",
        "sort=;drop",
        "place=/etc",
        "area=/etc",
        "stage=nowhere",
        "page=-1",
        "view=9999",
    ],
)
def test_a_value_that_the_ledger_does_not_know_is_said_and_no_chip_pretends(
    street: World, enter: Enter, query: str
) -> None:
    matter = opened(street).matter
    page = enter("leader").get(f"{reverse('desk:ledger')}?{query}").content.decode()
    assert "去掉这个条件" in enter("leader").get(reverse("desk:ledger"), {"due": "today"}).content.decode()
    assert "没有用上" in page and matter.number in page
    assert "去掉这个条件" not in page


def test_a_search_of_the_record_for_an_act_that_is_none_says_so(street: World, enter: Enter) -> None:
    give(street.leader, "audit")
    client = enter("leader")
    page = client.get(reverse("desk:record"), {"act": "teleport"}).content.decode()
    assert "没有这种动作，请从单子里选。" in page and "没有找到" not in page
    assert "没有这种动作" not in client.get(reverse("desk:record"), {"act": "dispatch"}).content.decode()


def test_duty_of_a_place_that_is_none_is_refused(street: World, enter: Enter) -> None:
    answer = enter("leader").get(reverse("desk:duty"), {"place": "/etc"})
    assert answer.status_code in (403, 404, 422)
    assert "不在您的辖区内" in answer.content.decode()
