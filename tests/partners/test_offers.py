"""The lists: what a line must say, who writes it, people who serve and their consent, and the month that fills."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.partners import street as play
from tests.partners.street import Street
from youying.access.models import Unit
from youying.editions.queries import edition_for
from youying.kernel.refusals import Refused
from youying.matters import actions as matters
from youying.partners import actions, queries
from youying.partners.models import Offer, OfferMonth
from youying.people.actions import enter, withdraw_consent
from youying.people.models import RegisterEntry
from youying.people.register_rules import Consented, Listed

PEOPLE = {
    "title": "志愿者名册", "of": "person", "keeper": "secretary", "enter": ["secretary"], "leave": ["contract-ended"],
}  # fmt: skip


def somebody(street: Street, *purposes: str) -> RegisterEntry:
    """A warm-hearted resident listed with these consents."""
    play.change(street.world, {"register.helpers": PEOPLE})
    return enter(
        "helpers",
        by=street.secretary,
        edition=edition_for(street.world.community),
        path=street.world.community,
        listed=Listed(name="乔晓月", phone="13900010088"),
        consents=[Consented(one, "written") for one in purposes],
    )


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"list": "wishes"}, "unknown-list", "list"),
        ({"what": "理"}, "text-too-short", "what"),
        ({"items": ()}, "needs-item", "items"),
        ({"items": ("gold",)}, "unknown-item", "items"),
        ({"capacity": 0}, "capacity-out-of-range", "capacity"),
        ({"capacity": 10_000}, "capacity-out-of-range", "capacity"),
        ({"weekdays": ()}, "needs-weekday", "weekdays"),
        ({"weekdays": (0,)}, "needs-weekday", "weekdays"),
        ({"weekdays": (8,)}, "needs-weekday", "weekdays"),
        ({"parts": ()}, "needs-part", "parts"),
        ({"parts": ("midnight",)}, "needs-part", "parts"),
        ({"who": "police"}, "unknown-server", "who"),
        ({"items": ("legal",), "who": "volunteer"}, "unknown-server", "who"),
        ({"valid_until": date(2026, 11, 12)}, "valid-past", "valid_until"),
        ({"area_path": "/98"}, "area-unknown", "area"),
        ({"base_path": "/98"}, "place-unknown", "base_path"),
        ({"entry_id": 404}, "entry-unknown", "entry"),
    ],
)
def test_a_line_that_says_too_little_or_too_much_is_refused_beside_its_field(
    street: Street, said: dict[str, Any], code: str, field: str
) -> None:
    before = Offer.objects.count()
    with pytest.raises(Refused) as refused:
        play.offer(street.world, street.office, **said)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert Offer.objects.count() == before


def test_a_line_good_for_two_items_is_served_by_whom_both_allow(street: Street) -> None:
    row = play.offer(street.world, street.team, items=("repair", "haircut"), who="volunteer", what="上门帮忙")
    assert (row.items, row.who) == (["repair", "haircut"], "volunteer")
    with pytest.raises(Refused):
        play.offer(street.world, street.team, items=("repair", "haircut"), who="partner", what="上门帮忙")


def test_a_unit_without_an_agreement_in_force_lists_nothing(street: Street) -> None:
    unit = Unit.objects.create(code="yuhe", title="雨禾药房", kind="partner", reach=street.world.community)
    with pytest.raises(Refused) as refused:
        play.offer(street.world, unit)
    assert refused.value.code == "no-agreement"


def test_only_the_keeper_writes_the_lists(street: Street) -> None:
    for by in (street.world.worker, street.world.stranger, street.lawyer):
        with pytest.raises(Refused):
            actions.change_capacity(street.legal.pk, by=by, capacity=9)
        with pytest.raises(Refused):
            actions.close_offer(street.legal.pk, by=by, reason="不做了")
    assert actions.change_capacity(street.legal.pk, by=street.secretary, capacity=9).capacity == 9


def test_offering_fewer_times_never_undoes_what_was_accepted(street: Street) -> None:
    for _ in range(3):
        play.accepted(street)
    actions.change_capacity(street.legal.pk, by=street.secretary, capacity=2)
    month = OfferMonth.objects.get(offer=street.legal)
    assert (month.taken, month.capacity) == (3, 3)
    (supply,) = [
        one for one in queries.supplies(street.world.community, day=date(2026, 11, 13)) if one.id == street.legal.pk
    ]
    assert supply.left == 0


def test_a_line_taken_off_is_not_proposed_and_not_changed_again(street: Street) -> None:
    actions.close_offer(street.legal.pk, by=street.secretary, reason="律师出差")
    assert street.legal.pk not in {one.id for one in queries.supplies(street.world.community, day=date(2026, 11, 13))}
    with pytest.raises(Refused) as refused:
        actions.close_offer(street.legal.pk, by=street.secretary, reason="律师出差")
    assert refused.value.code == "offer-closed"
    with pytest.raises(Refused) as refused:
        opened = play.ordered(street)
        matters.act(opened.matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    assert refused.value.code == "offer-closed"


def test_what_is_no_longer_valid_is_not_proposed(street: Street) -> None:
    row = play.offer(street.world, street.office, valid_until=date(2026, 11, 20))
    assert row.pk in {one.id for one in queries.supplies(street.world.community, day=date(2026, 11, 20))}
    assert row.pk not in {one.id for one in queries.supplies(street.world.community, day=date(2026, 11, 21))}


def test_a_person_is_listed_only_with_a_consent_to_be_given_orders(street: Street) -> None:
    entry = somebody(street, "keep")
    with pytest.raises(Refused) as refused:
        play.offer(street.world, street.team, items=("haircut",), who="volunteer", entry_id=entry.pk)
    assert refused.value.code == "consent-missing"


def test_a_consent_withdrawn_takes_the_person_off_the_lists_and_voids_the_link(street: Street) -> None:
    entry = somebody(street, "keep", "match")
    row = play.offer(street.world, street.team, items=("haircut",), who="volunteer", entry_id=entry.pk, what="理发")
    made = actions.make_link(street.team.pk, by=street.secretary, offer_id=row.pk)
    assert row.pk in {one.id for one in queries.supplies(street.world.community, day=date(2026, 11, 13))}
    edition = edition_for(street.world.community)
    withdraw_consent(entry.pk, by=street.secretary, edition=edition, purpose="match", way="oral")
    assert row.pk not in {one.id for one in queries.supplies(street.world.community, day=date(2026, 11, 13))}
    shown = queries.partner_of(street.secretary, street.team.pk)
    assert row.pk not in {one.pk for one in shown.offers}
    with pytest.raises(Refused) as refused:
        actions.open_link(made.token, by=street.secretary, what="list")
    assert refused.value.code == "link-revoked"


def test_the_name_of_a_person_stands_nowhere_in_the_lists(street: Street) -> None:
    entry = somebody(street, "keep", "match")
    row = play.offer(street.world, street.team, items=("haircut",), who="volunteer", entry_id=entry.pk, what="理发")
    fields = {str(value) for value in Offer.objects.filter(pk=row.pk).values()[0].values()}
    assert not any("乔" in value or "13900010088" in value for value in fields)


@pytest.mark.parametrize("change", [{"taken": -1}, {"taken": 3}])
def test_the_database_lets_nobody_take_less_than_nothing_or_more_than_there_is(
    street: Street, change: dict[str, int]
) -> None:
    row = OfferMonth.objects.create(offer=street.haircut, month=date(2026, 11, 1), capacity=2, taken=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferMonth.objects.filter(pk=row.pk).update(**change)
