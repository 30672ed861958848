"""Dates at the edge of the calendar, and dates that are none: every page that reads one answers with a sentence."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.desk.conftest import Enter, give
from tests.faces.desk_admin.test_packs import KEY
from tests.matters.world import World, in_hand, opened
from youying.access.models import Post
from youying.channels.hotline.models import Export
from youying.matters.models import Matter

EDGES = ("0001-01-01", "9999-12-31", "1900-01-01", "1989-12-31", "0000-00-00", "soon", "2026-13-01", "１", "\x00")
SEARCHED = [
    ("desk:ledger", (), "since"),
    ("desk:ledger", (), "until"),
    ("desk:ledger-counts", (), "until"),
    ("desk:ledger-choose", ("unit",), "since"),
    ("desk:rates", (), "since"),
    ("desk:rates", (), "until"),
    ("desk:rates-rows", (), "since"),
    ("desk:ledgers", (), "until"),
    ("desk:one-ledger", ("all",), "since"),
    ("desk:record", (), "day"),
    ("desk:pack-days", (), "year"),
]


@pytest.fixture
def client(street: World, enter: Enter) -> Client:
    """The leader, who may search and set everything."""
    give(street.leader, "audit", "rates", "packs", "accounts", "export", "act", "intake")
    return enter("leader")


@pytest.mark.parametrize(("page", "args", "name"), SEARCHED)
def test_a_list_asked_for_by_a_day_that_cannot_be_still_answers(
    client: Client, street: World, page: str, args: tuple[str, ...], name: str
) -> None:
    opened(street)
    for said in EDGES:
        answer = client.get(reverse(page, args=args), {name: said})
        assert answer.status_code < 500, (page, said)


@pytest.mark.parametrize("said", EDGES)
def test_the_ledger_says_that_the_condition_was_not_used_and_shows_the_rest(
    client: Client, street: World, said: str
) -> None:
    matter = opened(street).matter
    for name in ("since", "until"):
        page = client.get(reverse("desk:ledger"), {name: said}).content.decode()
        assert "日期要在1990年到明年之间" in page or "看不懂，这个条件没有用上" in page
        assert matter.number in page


@pytest.mark.parametrize("said", [said for said in EDGES if len(said) > 1])
def test_a_form_with_such_a_day_is_refused_beside_its_field_and_changes_nothing(
    client: Client, street: World, said: str
) -> None:
    account = street.people["duty"].account_id
    posts = Post.objects.count()
    reach = {"place": street.town}
    forms = [
        ("desk:pack-number", [], {**reach, "key": KEY, "value": "12", "unit": "hours", "since": said, "go": "1"}),
        ("desk:pack-days", [], {**reach, "day": said, "working": "no"}),
        ("desk:appoint", [account], {"code": "manager", "reach": street.town, "powers": ["view"], "since": said}),
        ("desk:appoint", [account], {"code": "manager", "reach": street.town, "powers": ["view"], "until": said}),
    ]
    for page, args, form in forms:
        answer = client.post(reverse(page, args=args), form)
        assert answer.status_code in (403, 422), (page, said)
        assert "日期" in answer.content.decode()
    assert Post.objects.count() == posts


@pytest.mark.parametrize("said", EDGES)
def test_a_deadline_at_the_edge_is_refused_in_the_steps_form(world: World, enter: Enter, said: str) -> None:
    matter = in_hand(world)
    answer = enter("dispatcher").post(
        reverse("desk:matter-act", args=[matter.number, "supervise"]), {"version": matter.version, "due_at": said}
    )
    assert answer.status_code < 500
    assert Matter.objects.get(pk=matter.pk).version == matter.version


def test_a_list_leaves_the_house_by_all_its_conditions_or_not_at_all(client: Client, street: World) -> None:
    opened(street)
    page = client.post(reverse("desk:export-matters"), {"query": "?since=0001-01-01"})
    assert page.status_code in (403, 422) and Export.objects.count() == 0
    assert client.post(reverse("desk:export-matters"), {"query": "?since=2026-01-01"}).status_code == 302
    assert Export.objects.count() == 1
