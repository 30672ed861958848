"""Personal links: signed, expiring, revocable, every use recorded; what a wrong one is told."""

from __future__ import annotations

import pytest

from tests.partners import street as play
from tests.partners.street import Street
from youying.access.models import Unit
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.partners import actions, link_rules, queries
from youying.partners.links import viewer_of
from youying.partners.models import PartnerLink
from youying.record.queries import story


def refusal(token: str) -> str:
    with pytest.raises(Refused) as refused:
        actions.open_link(token, by=PUBLIC, what="list")
    return refused.value.code


def test_a_link_opens_until_it_expires_and_every_use_leaves_an_entry(street: Street) -> None:
    made = actions.make_link(street.office.pk, by=street.secretary, days=3)
    for what in ("list", "accept"):
        assert actions.open_link(made.token, by=PUBLIC, what=what).unit_id == street.office.pk
    made.row.refresh_from_db()
    assert (made.row.uses, made.row.used_at) == (2, street.clock())
    said = [entry.facts.get("what") for entry in story(made.row.subject)]
    assert said == [None, "list", "accept"]
    street.clock.forward(days=3)
    assert refusal(made.token) == "link-expired"


def test_a_link_that_was_revoked_says_so(street: Street) -> None:
    made = actions.make_link(street.office.pk, by=street.secretary)
    actions.revoke_link(made.row.pk, by=street.secretary)
    assert refusal(made.token) == "link-revoked"
    actions.revoke_link(made.row.pk, by=street.secretary)
    assert [entry.act for entry in story(made.row.subject)] == ["partners.make-link", "partners.revoke-link"]


@pytest.mark.parametrize(
    "spoil", [lambda t: "", lambda t: t[:-1], lambda t: t + "x", lambda t: "中" * 48, lambda t: t[::-1]]
)
def test_a_token_that_is_none_of_ours_is_told_what_may_be_wrong(street: Street, spoil) -> None:
    made = actions.make_link(street.office.pk, by=street.secretary)
    assert refusal(spoil(made.token)) == "link-unknown"
    made.row.refresh_from_db()
    assert made.row.uses == 0


def test_only_the_digest_of_a_token_is_kept(street: Street) -> None:
    made = actions.make_link(street.office.pk, by=street.secretary)
    assert made.row.token_hash == link_rules.digest_of(made.token)
    kept = PartnerLink.objects.filter(pk=made.row.pk).values()[0].values()
    assert made.token not in {str(value) for value in kept}


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_link_lives_for_some_days_and_no_longer(street: Street, days: int) -> None:
    with pytest.raises(Refused) as refused:
        actions.make_link(street.office.pk, by=street.secretary, days=days)
    assert (refused.value.code, refused.value.field) == ("link-life", "days")


def test_only_the_keeper_makes_and_revokes_links(street: Street) -> None:
    made = actions.make_link(street.office.pk, by=street.secretary)
    for by in (street.world.worker, street.world.stranger, street.lawyer):
        with pytest.raises(Refused):
            actions.make_link(street.office.pk, by=by)
        with pytest.raises(Refused):
            actions.revoke_link(made.row.pk, by=by)
    with pytest.raises(Refused):
        queries.links_of(street.world.stranger, street.office.pk)
    assert [one.pk for one in queries.links_of(street.secretary, street.office.pk)] == [made.row.pk]


def test_a_link_that_still_opens_is_shown_however_many_came_after_it(street: Street) -> None:
    old = actions.make_link(street.office.pk, by=street.secretary, days=30)
    made = [actions.make_link(street.office.pk, by=street.secretary, days=1) for _ in range(queries.OVER_SHOWN + 2)]
    street.clock.forward(days=2)
    shown = [one.pk for one in queries.links_of(street.secretary, street.office.pk)]
    assert shown == [old.row.pk, *(one.row.pk for one in reversed(made[2:]))]


def test_a_unit_without_an_agreement_in_force_gets_no_link_until_it_signs(street: Street) -> None:
    unit = Unit.objects.create(code="yuhe", title="雨禾药房", kind="partner", reach=street.world.community)
    with pytest.raises(Refused) as refused:
        actions.make_link(unit.pk, by=street.secretary)
    assert refused.value.code == "no-agreement"
    row = play.sign(street.world, unit)
    assert actions.make_link(unit.pk, by=street.secretary).row.unit_id == unit.pk
    actions.end_agreement(row.pk, by=street.secretary, reason="contract-ended")
    with pytest.raises(Refused) as refused:
        actions.make_link(unit.pk, by=street.secretary)
    assert refused.value.code == "no-agreement"


def test_the_link_of_one_order_is_made_for_an_order_that_the_unit_has(street: Street) -> None:
    mine, other = play.sent(street), play.sent(street, "haircut")
    served = play.served(street)
    assert actions.make_link(street.office.pk, by=street.secretary, order=mine.subject).row.order == mine.subject
    for subject in (other.subject, served.subject, "matter:404"):
        with pytest.raises(Refused) as refused:
            actions.make_link(street.office.pk, by=street.secretary, order=subject)
        assert refused.value.code == "order-elsewhere"


def test_whoever_holds_the_link_of_a_unit_takes_its_orders_and_nobody_elses(street: Street) -> None:
    made = actions.make_link(street.office.pk, by=street.secretary)
    holder = viewer_of(made.row)
    assert not holder.powers
    mine, other = play.sent(street), play.sent(street, "haircut")
    assert matters.act(mine.pk, "accept", by=holder).stage == "accepted"
    with pytest.raises(Refused) as refused:
        matters.act(other.pk, "accept", by=holder)
    assert refused.value.code == "not-yours"


def test_the_link_of_another_units_line_is_not_made(street: Street) -> None:
    with pytest.raises(Refused) as refused:
        actions.make_link(street.office.pk, by=street.secretary, offer_id=street.haircut.pk)
    assert refused.value.code == "offer-unknown"


def test_a_volunteers_link_stands_in_the_post_that_the_menu_names(street: Street) -> None:
    made = actions.make_link(street.team.pk, by=street.secretary, offer_id=street.haircut.pk)
    holder = viewer_of(made.row)
    assert (holder.post_code, holder.unit_id) == ("volunteer", street.team.pk)
    assert matters.act(play.sent(street, "haircut").pk, "accept", by=holder).stage == "accepted"
