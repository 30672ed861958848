"""Points that service earns by itself: booked with the last step of the order, to the one who came, once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.partners import street as play
from tests.partners.street import Street
from youying.editions.queries import edition_for
from youying.funds import actions as funds
from youying.funds.models import Booking, Purse
from youying.funds.queries import reconcile, statement
from youying.funds.rules import terms_of
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.actions import Opened
from youying.partners.models import Offer
from youying.people.models import RegisterEntry
from youying.record.queries import story, verify

GOOD = {"solved": True, "satisfaction": "满意"}


def change(street: Street, **said: Any) -> None:
    """From now on helpers have a purse of points, with these keys of it said otherwise."""
    play.change(street.world, play.paying(**said))


@pytest.fixture
def helper(street: Street) -> RegisterEntry:
    """乔晓月, listed with her consent to be given orders."""
    change(street)
    return play.helper(street.world)


@pytest.fixture
def hers(street: Street, helper: RegisterEntry) -> Offer:
    """What she offers."""
    return play.offer(
        street.world, street.team, items=("haircut",), who="volunteer", entry_id=helper.pk, what="理发", capacity=30
    )


def delivered(street: Street, offer: Offer) -> Opened:
    """An order that this offer served and nobody rated yet."""
    opened = play.ordered(street, "haircut")
    actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=offer.pk)
    actions.act(opened.matter.pk, "accept", by=street.volunteer)
    actions.act(opened.matter.pk, "deliver", by=street.volunteer, note="理好了")
    return opened


def rate(opened: Opened, **said: Any) -> None:
    """The resident's word."""
    actions.act(opened.matter.pk, "verdict", by=play.reporter(opened), **(said or GOOD))


def points(helper: RegisterEntry) -> int:
    """What she holds."""
    return Purse.objects.get(code="points", holder=helper.key).balance


@pytest.mark.word("purse.earns", "purse.earns.of:loop")
def test_a_service_that_was_rated_earns_what_the_pack_says_and_the_ledger_balances(
    street: Street, helper: RegisterEntry, hers: Offer
) -> None:
    opened = delivered(street, hers)
    assert points(helper) == 0
    rate(opened)
    assert points(helper) == 2
    assert reconcile(street.secretary, "points").balances
    assert sum(Purse.objects.filter(code="points").values_list("balance", flat=True)) == 0
    change(street, earns={"hour": {"of": "loop:order", "each": 5}, "thanks": {"of": "loop:order", "each": 1}})
    rate(delivered(street, hers))
    assert points(helper) == 8
    change(street, earns={"hour": {"of": "loop:demand", "each": 5}})
    rate(delivered(street, hers))
    assert points(helper) == 8
    assert reconcile(street.secretary, "points").balances


@pytest.mark.word("purse.earns.where")
def test_only_what_the_pack_counts_is_earned(street: Street, helper: RegisterEntry, hers: Offer) -> None:
    happy = {"of": "loop:order", "each": 2, "where": {"satisfaction": ["满意"]}}
    rate(delivered(street, hers), solved=True, satisfaction="基本满意")
    assert points(helper) == 2
    change(street, earns={"hour": happy})
    rate(delivered(street, hers), solved=True, satisfaction="基本满意")
    assert points(helper) == 2
    rate(delivered(street, hers))
    assert points(helper) == 4


def test_the_booking_names_the_order_as_its_proof_and_the_order_names_the_points(
    street: Street, helper: RegisterEntry, hers: Offer
) -> None:
    opened = delivered(street, hers)
    rate(opened)
    row = Booking.objects.get(kind="take")
    assert (row.cause, row.line, row.amount) == (opened.matter.subject, "hour", 2)
    (line,) = statement(street.secretary, row.target_id).lines
    assert opened.matter.number in line.words["other-evidence"]
    assert story(opened.matter.subject)[-1].facts["earned"] == {"points.hour": 2}
    assert verify().ok


def test_an_order_sent_back_earns_nothing_until_it_is_done_well(
    street: Street, helper: RegisterEntry, hers: Offer
) -> None:
    opened = delivered(street, hers)
    rate(opened, solved=False, satisfaction="不满意")
    assert points(helper) == 0
    actions.act(opened.matter.pk, "end", by=street.secretary, reason="no-offer")
    assert points(helper) == 0


def test_what_a_unit_serves_without_naming_a_person_is_nobodys(street: Street, helper: RegisterEntry) -> None:
    rate(delivered(street, street.haircut))
    assert points(helper) == 0
    assert not Booking.objects.exists()


def test_the_same_work_is_paid_once_however_often_it_is_said(
    street: Street, helper: RegisterEntry, hers: Offer
) -> None:
    opened = delivered(street, hers)
    rate(opened)
    with pytest.raises(Refused):
        rate(opened)
    terms = terms_of(edition_for(street.world.community), "points")
    work = {"path": helper.path, "holder": helper.key, "cause": opened.matter.subject, "words": "又说了一遍"}
    assert funds.earn(terms, by=SYSTEM, earning=terms.earns[0], **work) is None
    assert points(helper) == 2


def test_points_go_for_a_service_as_for_a_thing_and_the_ledger_balances(
    street: Street, helper: RegisterEntry, hers: Offer
) -> None:
    rate(delivered(street, hers))
    terms, by = terms_of(edition_for(street.world.community), "points"), street.secretary
    shelf = {"terms": terms, "by": by, "path": street.world.community, "price": 1, "pieces": 1}
    gifts = [
        funds.stock_gift(line="gift", title="肥皂", **shelf),
        funds.stock_gift(line="course", title="书法课", **shelf),
    ]
    purse = Purse.objects.get(code="points", holder=helper.key)
    for gift in gifts:
        funds.exchange(purse.pk, by=by, terms=terms, gift_id=gift.pk, proofs={"other-evidence": "兑换登记第3行"})
    assert points(helper) == 0
    assert reconcile(by, "points").balances
    with pytest.raises(Refused, match="stock-short"):
        funds.exchange(purse.pk, by=by, terms=terms, gift_id=gifts[0].pk, proofs={"other-evidence": "再来一块"})
