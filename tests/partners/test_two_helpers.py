"""Two helpers of one unit, each with an own link: an order that one declined and the other took opens for one alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from tests.partners import street as play
from tests.partners.street import Street
from tests.partners.test_offers import PEOPLE
from youying.editions.queries import edition_for
from youying.matters import actions as matters
from youying.matters.models import Matter
from youying.partners import actions
from youying.partners.models import Match, Offer
from youying.people.actions import enter
from youying.people.register_rules import Consented, Listed
from youying.record.queries import story

TELEPHONE = "13800000417"


@dataclass(frozen=True)
class Helper:
    """A helper's line on the list, and where the own link leads."""

    offer: Offer
    link: str


def listed(street: Street, name: str, phone: str) -> Helper:
    """Somebody of the team with an own line and an own link."""
    path = street.world.community
    entry = enter(
        "helpers",
        by=street.secretary,
        edition=edition_for(path),
        path=path,
        listed=Listed(name=name, phone=phone),
        consents=[Consented(one, "written") for one in ("keep", "match")],
    )
    offer = play.offer(
        street.world, street.team, items=("haircut",), who="volunteer", entry_id=entry.pk, what=f"{name}理发"
    )
    made = actions.make_link(street.team.pk, by=street.secretary, offer_id=offer.pk)
    return Helper(offer, f"/partner/{made.token}/")


@pytest.fixture
def helpers(street: Street) -> tuple[Helper, Helper]:
    """乔晓月 and 田小满, both of the team."""
    play.change(street.world, {"register.helpers": PEOPLE})
    return listed(street, "乔晓月", "13900010088"), listed(street, "田小满", "13900010099")


@pytest.fixture
def handed_on(street: Street, helpers: tuple[Helper, Helper], client: Client) -> Matter:
    """An order that the first declined and that was given to the second."""
    first, second = helpers
    matter = play.sent(street, "haircut", to=first.offer)
    assert client.post(f"{first.link}{matter.number}/acts/decline/", {"reason": "no-answer"}).status_code == 302
    return matters.act(matter.pk, "dispatch", by=street.secretary, offer=second.offer.pk)


def test_whoever_declined_reads_no_more_than_that_it_went_elsewhere(
    helpers: tuple[Helper, Helper], handed_on: Matter, client: Client
) -> None:
    first, second = helpers
    assert handed_on.number not in client.get(first.link).content.decode()
    page = client.get(f"{first.link}{handed_on.number}/").content.decode()
    assert "不在您手上" in page and "想问问遗嘱怎么写" not in page
    assert "想问问遗嘱怎么写" in client.get(f"{second.link}{handed_on.number}/").content.decode()


def test_whoever_declined_cannot_accept_what_went_to_the_other(
    helpers: tuple[Helper, Helper], handed_on: Matter, client: Client
) -> None:
    first, second = helpers
    assert client.post(f"{first.link}{handed_on.number}/acts/accept/").status_code == 422
    assert Match.objects.get(subject=handed_on.subject, ended_at=None).accepted_at is None
    assert client.post(f"{second.link}{handed_on.number}/acts/accept/").status_code == 302


def test_whoever_declined_gets_no_telephone_and_reports_nothing_done(
    helpers: tuple[Helper, Helper], handed_on: Matter, client: Client
) -> None:
    first, second = helpers
    client.post(f"{second.link}{handed_on.number}/acts/accept/")
    answer = client.post(f"{first.link}{handed_on.number}/contact/")
    assert answer.status_code == 422 and TELEPHONE not in answer.content.decode()
    assert "access.unmask" not in [entry.act for entry in story(handed_on.subject)]
    assert client.post(f"{first.link}{handed_on.number}/acts/deliver/", {"note": "理好了"}).status_code == 422
    assert Match.objects.get(subject=handed_on.subject, ended_at=None)
    assert TELEPHONE in client.post(f"{second.link}{handed_on.number}/contact/").content.decode()
    assert client.post(f"{second.link}{handed_on.number}/acts/deliver/", {"note": "理好了"}).status_code == 302
    assert handed_on.number in client.get(second.link).content.decode()


def test_the_link_of_one_order_closes_when_the_order_goes_to_another(
    street: Street, helpers: tuple[Helper, Helper], client: Client
) -> None:
    first, second = helpers
    matter = play.sent(street, "haircut", to=first.offer)
    made = actions.make_link(street.team.pk, by=street.secretary, offer_id=first.offer.pk, order=matter.subject)
    base = f"/partner/{made.token}/{matter.number}/"
    assert "想问问遗嘱怎么写" in client.get(base).content.decode()
    matters.act(matter.pk, "decline", by=street.volunteer, reason="no-answer")
    matters.act(matter.pk, "dispatch", by=street.secretary, offer=second.offer.pk)
    assert "想问问遗嘱怎么写" not in client.get(base).content.decode()
    assert client.post(f"{base}acts/accept/").status_code == 422
