"""An order from the menu to its rating: who has it, what a month has left, what comes after a no."""

from __future__ import annotations

from datetime import date

import pytest

from tests.partners import street as play
from tests.partners.street import Street
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.queries.offers import offers_open_to, proposals
from youying.partners.models import Match, OfferMonth, Wish
from youying.record.acts import ACTS
from youying.record.queries import story


def taken(offer_id: int) -> int:
    return sum(OfferMonth.objects.filter(offer=offer_id).values_list("taken", flat=True))


def test_an_order_becomes_a_matter_of_its_own_kind_with_number_and_secret(street: Street) -> None:
    opened = play.ordered(street, "legal", wanted_on=date(2026, 11, 16), part="morning")
    assert (opened.matter.kind, opened.matter.loop, opened.matter.stage) == ("order", "order", "ordered")
    assert opened.matter.title == "法律咨询"
    assert opened.matter.words == "点单：法律咨询。想问问遗嘱怎么写"
    assert opened.secret
    wish = Wish.objects.get(subject=opened.matter.subject)
    assert (wish.item, wish.wanted_on, wish.part, wish.declared) == ("legal", date(2026, 11, 16), "morning", {})


def test_the_same_form_sent_twice_is_one_order(street: Street) -> None:
    first = play.ordered(street, need={"external_id": "form-1"})
    again = play.ordered(street, need={"external_id": "form-1"})
    assert again.again and again.matter.pk == first.matter.pk
    assert ACTS["matters.order"].path.startswith("youying.matters.actions.ordering")
    assert Wish.objects.count() == 1


def test_somebody_too_young_for_an_item_is_told_for_whom_it_is_and_nothing_is_kept(street: Street) -> None:
    with pytest.raises(Refused) as refused:
        play.ordered(street, "haircut", declared={"age": "64"})
    assert refused.value.code == "not-for-you"
    assert "要年龄满65岁" in refused.value.say
    assert Wish.objects.count() == 0
    assert play.ordered(street, "haircut", declared={"age": "65"}).matter.kind == "order"


@pytest.mark.parametrize("age", ["", "很大", "-1", "131", None])
def test_an_age_that_is_none_is_asked_for_again(street: Street, age: str | None) -> None:
    with pytest.raises(Refused) as refused:
        play.ordered(street, "haircut", declared={"age": age})
    assert (refused.value.code, refused.value.field) == ("needs-age", "age")


def test_a_dispatch_without_an_offer_is_refused_and_one_with_it_gives_the_order_to_its_unit(street: Street) -> None:
    opened = play.ordered(street)
    with pytest.raises(Refused) as refused:
        actions.act(opened.matter.pk, "dispatch", by=street.secretary)
    assert refused.value.code == "needs-offer"
    matter = actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    assert (matter.lead_id, matter.stage) == (street.office.pk, "dispatched")
    assert Match.objects.get(subject=matter.subject).offer_id == street.legal.pk


def test_an_offer_that_is_for_something_else_is_refused_with_the_reason(street: Street) -> None:
    opened = play.ordered(street)
    with pytest.raises(Refused) as refused:
        actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=street.haircut.pk)
    assert refused.value.code == "offer-who"
    assert not Match.objects.exists()


def test_accepting_takes_one_of_the_month_and_declining_afterwards_gives_it_back(street: Street) -> None:
    matter = play.accepted(street)
    assert taken(street.legal.pk) == 1
    actions.act(matter.pk, "decline", by=street.lawyer, reason="no-answer")
    assert taken(street.legal.pk) == 0
    match = Match.objects.get(subject=matter.subject)
    assert (match.outcome, match.reason) == ("declined", "no-answer")


def test_what_was_served_stays_taken(street: Street) -> None:
    play.served(street)
    assert taken(street.legal.pk) == 1
    assert Match.objects.get().outcome == "served"


def test_an_order_for_the_coming_month_takes_of_that_month(street: Street) -> None:
    play.accepted(street, wanted_on=date(2026, 12, 3))
    assert list(OfferMonth.objects.values_list("month", "taken")) == [(date(2026, 12, 1), 1)]


def test_the_last_of_a_month_is_taken_once_and_the_next_accept_is_told_so(street: Street) -> None:
    orders = [play.sent(street, "haircut") for _ in range(2)]
    for matter in orders:
        actions.act(matter.pk, "accept", by=street.volunteer)
    third = play.ordered(street, "haircut").matter
    with pytest.raises(Refused) as refused:
        actions.act(third.pk, "dispatch", by=street.secretary, offer=street.haircut.pk)
    assert refused.value.code == "offer-capacity"


def test_accepting_beyond_the_month_is_refused_whole(street: Street) -> None:
    first, second = (play.sent(street, "haircut") for _ in range(2))
    actions.act(first.pk, "accept", by=street.volunteer)
    OfferMonth.objects.update(capacity=1)
    with pytest.raises(Refused) as refused:
        actions.act(second.pk, "accept", by=street.volunteer)
    assert refused.value.code == "capacity-used-up"
    second.refresh_from_db()
    assert second.stage == "dispatched"
    assert taken(street.haircut.pk) == 1


def test_a_partner_that_does_not_answer_loses_the_order_and_is_not_proposed_again(street: Street) -> None:
    other = play.offer(street.world, street.team, items=("legal",), what="法律讲解", who="partner")
    matter = play.sent(street)
    street.clock.forward(hours=24, minutes=1)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.stage, matter.lead_id, matter.due_clock) == ("ordered", None, "dispatch")
    assert Match.objects.get(subject=matter.subject).outcome == "lapsed"
    found = proposals(street.secretary, matter)
    assert [one.supply.id for one in found.fitting] == [other.pk]
    assert [(one.supply.id, one.say) for one in found.left_out if one.supply.id == street.legal.pk] == [
        (street.legal.pk, "这一单它没有接，不再推荐")
    ]
    assert street.legal.pk in {one.id for one in offers_open_to(matter)}


def test_a_partner_that_declined_is_not_proposed_again(street: Street) -> None:
    matter = play.sent(street)
    actions.act(matter.pk, "decline", by=street.lawyer, reason="no-answer")
    matter.refresh_from_db()
    assert street.legal.pk not in {one.supply.id for one in proposals(street.secretary, matter).fitting}


def test_a_good_word_of_the_resident_crosses_the_order_off(street: Street) -> None:
    opened = play.ordered(street)
    actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    actions.act(opened.matter.pk, "accept", by=street.lawyer)
    actions.act(opened.matter.pk, "deliver", by=street.lawyer, note="当面答复了")
    actions.act(opened.matter.pk, "verdict", by=play.reporter(opened), solved=True, satisfaction="满意")
    opened.matter.refresh_from_db()
    assert (opened.matter.stage, opened.matter.crossed_off) == ("rated", True)
    said = [entry.act for entry in story(opened.matter.subject)]
    assert said == ["open", "dispatch", "accept", "deliver", "verdict", "cross-off"]


def test_an_unhappy_resident_sends_the_order_back_under_its_number_and_it_is_counted(street: Street) -> None:
    opened = play.ordered(street)
    actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    actions.act(opened.matter.pk, "accept", by=street.lawyer)
    actions.act(opened.matter.pk, "deliver", by=street.lawyer, note="当面答复了")
    actions.act(opened.matter.pk, "verdict", by=play.reporter(opened), solved=False, satisfaction="不满意")
    matter = opened.matter
    matter.refresh_from_db()
    assert (matter.stage, matter.reworks, matter.crossed_off) == ("ordered", 1, False)
    assert [one.supply.id for one in proposals(street.secretary, matter).fitting] == [street.legal.pk]
    actions.act(matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    assert Match.objects.filter(subject=matter.subject).count() == 2


def test_an_order_ended_for_a_reason_gives_back_what_was_taken(street: Street) -> None:
    matter = play.accepted(street)
    actions.act(matter.pk, "decline", by=street.lawyer, reason="no-answer")
    actions.act(matter.pk, "end", by=street.secretary, reason="no-offer")
    assert taken(street.legal.pk) == 0
    assert not Match.objects.filter(ended_at=None).exists()


def test_an_order_given_to_another_unit_by_hand_frees_the_offer(street: Street) -> None:
    matter = play.accepted(street)
    actions.reassign(matter.pk, by=street.world.dispatcher, unit=street.team.pk, note="改由志愿队去")
    assert taken(street.legal.pk) == 0
    assert Match.objects.get(subject=matter.subject).outcome == "withdrawn"


def test_accepting_an_order_cannot_be_taken_back_silently_because_it_took_of_the_month(street: Street) -> None:
    matter = play.accepted(street)
    with pytest.raises(Refused):
        actions.undo(matter.pk, by=street.lawyer)
    assert taken(street.legal.pk) == 1


def test_a_neighbouring_partner_cannot_accept_what_was_not_given_to_it(street: Street) -> None:
    matter = play.sent(street)
    with pytest.raises(Refused) as refused:
        actions.act(matter.pk, "accept", by=street.world.manager)
    assert refused.value.code == "not-yours"


def test_an_offer_on_a_demand_is_refused(street: Street) -> None:
    demand = actions.open_matter(
        actions.NeedIn(kind="demand", text="楼道灯不亮了", channel="qr"), place=street.world.place, by=SYSTEM
    ).matter
    with pytest.raises(Refused) as refused:
        actions.act(
            demand.pk, "dispatch", by=street.world.dispatcher, offer=street.legal.pk,
            category="utilities.drainage.blocked-drain",
        )  # fmt: skip
    assert refused.value.code == "no-menu-line"


@pytest.mark.parametrize("said", ["x", "-1", "0", "1; drop table", "9" * 30, "²"])
def test_an_offer_that_is_none_is_refused_in_words(street: Street, said: str) -> None:
    opened = play.ordered(street)
    with pytest.raises(Refused) as refused:
        actions.act(opened.matter.pk, "dispatch", by=street.secretary, offer=said)
    assert refused.value.field == "offer"


def test_the_steps_of_an_order_are_offered_to_who_may_take_them(street: Street) -> None:
    matter = play.sent(street)
    assert {"accept", "decline"} <= {one.id for one in queries.possible_acts(street.lawyer, matter).can}
    assert not {"accept", "decline"} & {one.id for one in queries.possible_acts(street.secretary, matter).can}


def test_an_order_is_served_within_its_clock_or_is_late(street: Street) -> None:
    matter = play.accepted(street)
    street.clock.forward(days=8)
    actions.sweep()
    matter.refresh_from_db()
    assert matter.overdue
    assert matter.due_clock == "deliver"
