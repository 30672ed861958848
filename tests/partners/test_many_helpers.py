"""More helpers than a page lists: each can still be found by name and put on a list."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.desk.conftest import open_accounts
from tests.partners import street as play
from tests.partners.street import Street
from tests.partners.test_desk import seated
from tests.partners.test_offers import PEOPLE
from youying.editions.queries import edition_for
from youying.kernel.viewers import SYSTEM
from youying.partners.models import Offer
from youying.people import register_queries
from youying.people.actions import enter
from youying.people.models import RegisterEntry
from youying.people.register_rules import Consented, Listed


def chosen(page: str) -> list[str]:
    """The helpers that the form offers."""
    return re.findall(r"<option value=.([0-9]+)", page)


def listed(street: Street, name: str, phone: str) -> RegisterEntry:
    """Somebody who agreed to be given orders."""
    path = street.world.community
    consents = [Consented(one, "written") for one in ("keep", "match")]
    said = Listed(name=name, phone=phone)
    return enter("helpers", by=street.secretary, edition=edition_for(path), path=path, listed=said, consents=consents)


@pytest.fixture
def desk(street: Street) -> Client:
    """The secretary's desk."""
    open_accounts(by=SYSTEM)
    return seated(street.secretary)


def test_a_helper_beyond_the_first_page_is_found_by_name_and_offered(
    street: Street, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.change(street.world, {"register.helpers": PEOPLE})
    first, second = listed(street, "乔晓月", "13900010088"), listed(street, "田小满", "13900010099")
    monkeypatch.setattr(register_queries.entries, "__kwdefaults__", {"offset": 0, "limit": 1})
    address = reverse("desk:add-offer", args=[street.team.pk])
    page = desk.get(address).content.decode()
    assert chosen(page) == [str(second.pk)] and "还有 1 位" in page
    said = {"list": "service", "what": "上门理发", "items": ["haircut"], "capacity": "2", "weekdays": ["1"],
            "parts": ["morning"], "who": "volunteer"}  # fmt: skip
    found = desk.post(address, {**said, "do": "find", "entry_said": "乔晓月"}).content.decode()
    assert chosen(found) == [str(first.pk)] and "上门理发" in found
    assert not Offer.objects.filter(entry=first).exists()
    assert "没有找到" in desk.post(address, {**said, "do": "find", "entry_said": "无此人"}).content.decode()
    assert desk.post(address, {**said, "entry": str(first.pk)}).status_code == 302
    assert Offer.objects.get(entry=first).who == "volunteer"
