"""Signed agreements: dates, renewal, the reminder, lapsing by date, ending for a reason, and what goes with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.matters.world import adopt, photo
from tests.partners import street as play
from tests.partners.street import SIGNED, UNTIL, Street
from youying.access.models import Unit
from youying.channels.notify.queries import notices_for
from youying.files.queries import for_subject
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.partners import actions, agreement_rules, queries
from youying.partners.actions import agreements
from youying.partners.actions.agreements import settle_agreement
from youying.partners.actions.links import revoke_idle_links
from youying.partners.models import Agreement, Offer
from youying.people.models import RegisterEntry
from youying.record.actions import deliver
from youying.record.queries import story


def third(street: Street) -> Unit:
    """A unit that has signed nothing yet."""
    return Unit.objects.create(code="yuhe", title="雨禾药房", kind="partner", reach=street.world.community)


def agreement_of(unit: Unit) -> Agreement:
    return Agreement.objects.get(unit=unit, ended_on=None)


def state_of(street: Street, unit: Unit) -> str:
    return queries.partner_of(street.secretary, unit.pk).state


def test_signing_lists_the_unit_in_the_register_and_keeps_the_paper(street: Street) -> None:
    unit = third(street)
    token = photo(street.secretary)
    row = play.sign(street.world, unit, file=token, class_code="enterprise")
    entry = RegisterEntry.objects.get(register="partner", unit=unit)
    assert (entry.class_code, entry.left_at) == ("enterprise", None)
    assert [one.token for one in for_subject(street.secretary, row.subject)] == [token]
    assert [one.act for one in story(row.subject)] == ["partners.sign-agreement"]
    with pytest.raises(Refused):
        for_subject(PUBLIC, row.subject)
    with pytest.raises(Refused):
        for_subject(street.world.stranger, row.subject)


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"signed_on": date(2026, 11, 14)}, "signed-ahead", "signed_on"),
        ({"since": date(2026, 11, 1)}, "starts-early", "since"),
        ({"until": date(2026, 11, 12)}, "ends-early", "until"),
        ({"since": date(2026, 12, 1), "until": date(2026, 11, 20)}, "ends-early", "until"),
        ({"until": date(2056, 1, 1)}, "ends-late", "until"),
        ({"remind_days": -1}, "remind-days", "remind_days"),
        ({"remind_days": 366}, "remind-days", "remind_days"),
        ({"class_code": "nobody"}, "class-unknown", "class_code"),
    ],
)
def test_dates_that_cannot_be_are_refused_beside_their_field(
    street: Street, said: dict[str, Any], code: str, field: str
) -> None:
    unit = third(street)
    with pytest.raises(Refused) as refused:
        play.sign(street.world, unit, **said)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Agreement.objects.filter(unit=unit).exists()
    assert not RegisterEntry.objects.filter(unit=unit).exists()


def test_the_last_day_may_be_the_first(street: Street) -> None:
    unit, today = third(street), date(2026, 11, 13)
    row = play.sign(street.world, unit, signed_on=today, since=today, until=today)
    assert (row.since, row.until) == (today, today)


def test_only_the_keeper_of_the_register_signs_and_only_within_reach(street: Street) -> None:
    unit = third(street)
    for by in (street.world.worker, street.world.stranger, street.lawyer):
        with pytest.raises(Refused):
            actions.sign_agreement(unit.pk, by=by, signed_on=SIGNED, since=SIGNED, until=UNTIL, class_code="other")
    with pytest.raises(Refused) as refused:
        without = play.without_power(street.secretary)
        actions.sign_agreement(unit.pk, by=without, signed_on=SIGNED, since=SIGNED, until=UNTIL)
    assert refused.value.code == "no-power"
    assert play.sign(street.world, unit).pk


def test_a_unit_with_a_running_agreement_renews_it_instead(street: Street) -> None:
    with pytest.raises(Refused) as refused:
        play.sign(street.world, street.office)
    assert refused.value.code == "signed-already"
    row = actions.renew_agreement(agreement_of(street.office).pk, by=street.secretary, until=date(2028, 11, 1))
    assert (row.until, row.renewals) == (date(2028, 11, 1), 1)
    with pytest.raises(Refused) as refused:
        actions.renew_agreement(row.pk, by=street.secretary, until=date(2028, 11, 1))
    assert refused.value.code == "renews-nothing"


def test_of_two_who_sign_at_one_moment_the_second_is_told_of_the_first(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = third(street)
    checked_days = agreement_rules.checked_days

    def other_first(days: int) -> int:
        said = {"signed_on": SIGNED, "since": SIGNED, "until": UNTIL}
        Agreement.objects.create(unit=unit, area_path=unit.reach, register="partner", **said)
        return checked_days(days)

    monkeypatch.setattr(agreement_rules, "checked_days", other_first)
    with pytest.raises(Refused) as refused:
        play.sign(street.world, unit)
    assert (refused.value.code, refused.value.field) == ("signed-already", "until")


def test_the_keeper_is_reminded_once_before_the_end_and_again_after_a_renewal(street: Street) -> None:
    street.clock.forward(days=(UNTIL - timedelta(days=31) - date(2026, 11, 13)).days)
    assert actions.settle_agreements() == 0
    street.clock.forward(days=1)
    assert state_of(street, street.office) == "ending"
    assert actions.settle_agreements() == 2
    assert actions.settle_agreements() == 0
    assert agreement_of(street.office).reminded_for == UNTIL
    actions.renew_agreement(agreement_of(street.office).pk, by=street.secretary, until=UNTIL + timedelta(days=20))
    assert actions.settle_agreements() == 0
    street.clock.forward(days=20)
    assert actions.settle_agreements() == 1


def test_the_reminder_reaches_the_posts_that_keep_the_register(street: Street) -> None:
    street.clock.forward(days=(UNTIL - timedelta(days=5) - date(2026, 11, 13)).days)
    actions.settle_agreements()
    deliver(limit=100)
    told = [one.say for one in notices_for(street.secretary)]
    assert sorted(told) == [
        "“明和法律服务所”的共建协议2027-11-01到期，还有5天，请商量续签。",
        "“槐香志愿队”的共建协议2027-11-01到期，还有5天，请商量续签。",
    ]
    assert not notices_for(street.world.worker).exists()


def test_an_agreement_counts_to_the_end_of_its_last_day_and_lapses_the_day_after(street: Street) -> None:
    street.clock.forward(days=(UNTIL - date(2026, 11, 13)).days)
    assert state_of(street, street.office) == "ending"
    assert queries.supplies(street.world.community, day=UNTIL)
    street.clock.forward(days=1)
    assert state_of(street, street.office) == "lapsed"
    assert queries.supplies(street.world.community, day=UNTIL + timedelta(days=1)) == []
    assert queries.published(street.world.community) == []
    assert actions.settle_agreements() == 2
    assert not Agreement.objects.filter(ended_on=None).exists()
    assert not Offer.objects.filter(closed_at=None).exists()
    assert set(RegisterEntry.objects.values_list("left_reason", flat=True)) == {"lapsed"}


def test_what_lapses_is_closed_though_the_place_no_longer_keeps_partners(street: Street) -> None:
    adopt("m01", street.world.town)
    street.clock.forward(days=(UNTIL - date(2026, 11, 13)).days + 1)
    assert actions.settle_agreements() == 2
    assert not Agreement.objects.filter(ended_on=None).exists()
    assert set(RegisterEntry.objects.values_list("left_reason", flat=True)) == {"lapsed"}


def test_one_agreement_that_cannot_be_settled_stops_no_other_and_is_named(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = agreement_of(street.office)

    def revoke(unit_id: int) -> int:
        if unit_id == street.office.pk:
            raise OSError("the disk is full")
        return revoke_idle_links(unit_id)

    monkeypatch.setattr(agreements, "revoke_idle_links", revoke)
    street.clock.forward(days=(UNTIL - date(2026, 11, 13)).days + 1)
    with pytest.raises(ExceptionGroup) as failed:
        actions.settle_agreements()
    assert [one.__notes__ for one in failed.value.exceptions] == [[bad.subject]]
    assert agreement_of(street.office) and not Agreement.objects.filter(unit=street.team, ended_on=None).exists()


def test_what_has_lapsed_is_signed_anew_and_not_renewed(street: Street) -> None:
    old = agreement_of(street.office)
    street.clock.forward(days=(UNTIL - date(2026, 11, 13)).days + 1)
    with pytest.raises(Refused) as refused:
        actions.renew_agreement(old.pk, by=street.secretary, until=date(2029, 1, 1))
    assert refused.value.code == "lapsed"
    since = UNTIL + timedelta(days=1)
    fresh = play.sign(street.world, street.office, signed_on=since, since=since, until=date(2028, 11, 1))
    old.refresh_from_db()
    assert (old.ended_on, fresh.ended_on) == (since, None)
    assert RegisterEntry.objects.filter(unit=street.office, left_at=None).count() == 1


def test_ending_early_needs_a_coded_reason_and_takes_lists_links_and_the_listing_with_it(street: Street) -> None:
    row = agreement_of(street.office)
    made = actions.make_link(street.office.pk, by=street.secretary)
    with pytest.raises(Refused) as refused:
        actions.end_agreement(row.pk, by=street.secretary, reason="no-offer")
    assert refused.value.code == "reason-unknown"
    assert agreement_of(street.office)
    ended = actions.end_agreement(row.pk, by=street.secretary, reason="contract-ended")
    assert (ended.end_reason, ended.ended_on) == ("contract-ended", date(2026, 11, 13))
    assert not Offer.objects.filter(unit=street.office, closed_at=None).exists()
    assert Offer.objects.filter(unit=street.team, closed_at=None).exists()
    assert RegisterEntry.objects.get(unit=street.office).left_reason == "contract-ended"
    with pytest.raises(Refused) as refused:
        actions.open_link(made.token, by=PUBLIC, what="list")
    assert refused.value.code == "link-revoked"
    with pytest.raises(Refused) as refused:
        actions.end_agreement(row.pk, by=street.secretary, reason="contract-ended")
    assert refused.value.code == "agreement-ended"


def test_the_database_keeps_one_running_agreement_a_unit_and_its_dates_in_order(street: Street) -> None:
    row = agreement_of(street.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(
            unit=street.office, area_path=row.area_path, register="partner", signed_on=SIGNED, since=SIGNED, until=UNTIL
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=row.pk).update(until=SIGNED - timedelta(days=1))


def test_settling_one_that_is_gone_does_nothing(street: Street) -> None:
    assert settle_agreement(404, by=street.secretary) == 0


def test_partners_are_listed_within_reach_and_the_published_ones_for_everybody(street: Street) -> None:
    assert [one.unit.pk for one in queries.partners(street.secretary)] == [street.office.pk, street.team.pk]
    assert {one.unit.pk for one in queries.published(street.world.community)} == {street.office.pk, street.team.pk}
    assert queries.partners(street.world.stranger) == []
    with pytest.raises(Refused):
        queries.partner_of(street.world.stranger, street.office.pk)
    with pytest.raises(Refused):
        queries.partners(street.world.stranger, street.world.community)
