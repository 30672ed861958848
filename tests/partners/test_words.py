"""Every word that partners execute, changed in a pack: another outcome through the real query or act."""

from __future__ import annotations

from datetime import date

import pytest

from tests.partners import street as play
from tests.partners.street import Street
from youying.editions.queries import edition_for
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.models import Matter
from youying.matters.queries.offers import offers_open_to, proposals
from youying.partners.models import Match, OfferMonth
from youying.partners.wish_rules import lines_of


def proposed(street: Street, matter: Matter) -> list[int]:
    return [one.supply.id for one in proposals(street.secretary, matter).fitting]


def test_word_menu_says_what_can_be_ordered(street: Street) -> None:
    assert [line.code for line in lines_of(edition_for(street.world.community))] == [
        "legal", "repair", "haircut", "shopping",
    ]  # fmt: skip
    play.change(street.world, {"menu.service.items": {"legal": {"title": "法律咨询", "by": ["partner"]}}})
    with pytest.raises(Refused) as refused:
        play.ordered(street, "haircut")
    assert refused.value.code == "unknown-item"
    assert play.ordered(street, "legal").matter.kind == "order"


def test_word_menu_items_where_says_for_whom_an_item_is(street: Street) -> None:
    with pytest.raises(Refused):
        play.ordered(street, "haircut", declared={"age": "60"})
    play.change(street.world, {"menu.service.items.haircut.where": {"age": {"at_least": 60}}})
    assert play.ordered(street, "haircut", declared={"age": "60"}).matter.kind == "order"


def test_word_fact_age_is_what_the_resident_declares(street: Street) -> None:
    play.change(street.world, {"menu.service.items.legal.where": {"age": {"below": 18}}})
    with pytest.raises(Refused) as refused:
        play.ordered(street, "legal", declared={"age": "18"})
    assert "要年龄小于18岁" in refused.value.say
    assert play.ordered(street, "legal", declared={"age": "17"}).matter.kind == "order"


def test_word_menu_offers_says_from_which_register_offers_come(street: Street) -> None:
    matter = play.ordered(street).matter
    assert proposed(street, matter) == [street.legal.pk]
    other = {
        "title": "街道单位名册",
        "of": "unit",
        "keeper": "secretary",
        "enter": ["secretary"],
        "leave": ["contract-ended"],
    }
    play.change(street.world, {"register.street": other, "menu.service.offers": "street"})
    moved = play.ordered(street).matter
    assert proposed(street, moved) == []
    assert offers_open_to(moved) == []


def test_word_menu_plan_says_how_the_program_proposes(street: Street) -> None:
    play.change(street.world, {"menu.service.plan": None})
    matter = play.ordered(street).matter
    assert proposed(street, matter) == []
    assert [one.id for one in offers_open_to(matter)] == [street.legal.pk]


def test_word_plan_ties_orders_to_the_offers_of_its_limits_and_wishes(street: Street) -> None:
    play.change(
        street.world,
        {
            "plan.open": {
                "title": "谁都行", "assign": "register:partner", "to": "loop:order", "by": ["secretary"], "keep": ["area"],
            },
            "menu.service.plan": "open",
            "menu.service.items.legal.by": ["partner", "volunteer"],
        },
    )  # fmt: skip
    assert proposed(street, play.ordered(street).matter) == [street.legal.pk, street.haircut.pk]


def test_word_plan_by_says_who_may_take_a_proposal(street: Street) -> None:
    matter = play.ordered(street).matter
    assert proposals(street.secretary, matter).open_to_viewer
    assert not proposals(street.world.dispatcher, matter).open_to_viewer
    play.change(street.world, {"plan.match.by": ["dispatcher"]})
    matter = play.ordered(street).matter
    assert not proposals(street.secretary, matter).open_to_viewer
    assert proposals(street.world.dispatcher, matter).open_to_viewer


def keep(street: Street, *limits: str) -> None:
    play.change(street.world, {"plan.match.keep": list(limits)})


def test_word_plan_keep_capacity_leaves_out_what_a_month_has_used_up(street: Street) -> None:
    for _ in range(2):
        play.accepted(street, "haircut")
    assert proposed(street, play.ordered(street, "haircut").matter) == []
    keep(street, "skill", "area")
    assert proposed(street, play.ordered(street, "haircut").matter) == [street.haircut.pk]


def test_word_plan_keep_hours_leaves_out_who_has_no_time_then(street: Street) -> None:
    mornings = play.offer(street.world, street.office, parts=("morning",), weekdays=(1,), what="周一上午坐班")
    matter = play.ordered(street, wanted_on=date(2026, 11, 17), part="evening").matter
    assert proposed(street, matter) == [street.legal.pk]
    with pytest.raises(Refused) as refused:
        actions.act(matter.pk, "dispatch", by=street.secretary, offer=mornings.pk)
    assert refused.value.code == "offer-hours"
    keep(street, "skill", "area", "capacity")
    matter = play.ordered(street, wanted_on=date(2026, 11, 17), part="evening").matter
    assert proposed(street, matter) == [street.legal.pk, mornings.pk]
    assert actions.act(matter.pk, "dispatch", by=street.secretary, offer=mornings.pk).lead_id == street.office.pk


def test_word_plan_keep_skill_leaves_out_who_does_something_else(street: Street) -> None:
    repairs = play.offer(street.world, street.office, items=("repair",), what="修小家电")
    matter = play.ordered(street).matter
    assert repairs.pk not in proposed(street, matter)
    keep(street, "area", "capacity")
    assert repairs.pk in proposed(street, play.ordered(street).matter)


def test_word_plan_keep_area_leaves_out_who_serves_elsewhere(street: Street) -> None:
    building = street.world.place.place_path
    compound = building.rpartition("/")[0]
    own = play.offer(street.world, street.office, area_path=street.world.community, what="全社区")
    narrow = play.offer(
        street.world, street.office, area_path=f"{compound}/b999", base_path=compound, what="只到别的楼"
    )
    assert proposed(street, play.ordered(street).matter) == [street.legal.pk, own.pk]
    keep(street, "skill", "capacity")
    assert set(proposed(street, play.ordered(street).matter)) == {street.legal.pk, own.pk, narrow.pk}


def prefer(street: Street, *wishes: str) -> None:
    play.change(street.world, {"plan.match.prefer": list(wishes)})


def test_word_plan_prefer_nearest_puts_the_nearer_first(street: Street) -> None:
    near = play.offer(street.world, street.office, base_path=street.world.place.place_path, what="就在楼下")
    assert proposed(street, play.ordered(street).matter) == [near.pk, street.legal.pk]
    prefer(street, "least-loaded")
    assert proposed(street, play.ordered(street).matter) == [street.legal.pk, near.pk]


def test_word_plan_prefer_least_loaded_puts_the_less_used_first(street: Street) -> None:
    other = play.offer(street.world, street.office, what="另一位律师")
    play.accepted(street)
    assert proposed(street, play.ordered(street).matter) == [other.pk, street.legal.pk]
    prefer(street, "nearest")
    assert proposed(street, play.ordered(street).matter) == [street.legal.pk, other.pk]


def test_word_loop_kind_order_makes_what_is_ordered_a_matter_of_its_own_kind(street: Street) -> None:
    assert play.ordered(street).matter.kind == "order"
    play.change(street.world, {"loop.order.kind": "application"})
    matter = play.ordered(street).matter
    assert matter.kind == "application"
    actions.act(matter.pk, "dispatch", by=street.secretary, offer=street.legal.pk)
    actions.act(matter.pk, "accept", by=street.lawyer)
    assert not OfferMonth.objects.filter(taken__gt=0).exists()


def test_word_loop_acts_verb_deliver_is_the_units_word_that_it_is_done(street: Street) -> None:
    matter = play.served(street)
    assert (matter.completed, matter.completed_on_time, matter.waiting) == (True, True, True)
    play.change(street.world, {"loop.order.acts.deliver.verb": "step"})
    matter = play.served(street)
    assert (matter.completed, matter.waiting) == (False, False)
    assert Match.objects.get(subject=matter.subject).outcome == ""


def test_word_loop_acts_needs_offer_asks_for_a_line_of_a_list(street: Street) -> None:
    by_hand = {"by": street.secretary, "unit": street.office.pk}
    with pytest.raises(Refused) as refused:
        actions.act(play.ordered(street).matter.pk, "dispatch", **by_hand)
    assert refused.value.code == "needs-offer"
    play.change(street.world, {"loop.order.acts.dispatch.needs": ["unit"]})
    assert actions.act(play.ordered(street).matter.pk, "dispatch", **by_hand).lead_id == street.office.pk


def test_word_menu_items_within_says_how_soon_an_item_is_served(street: Street) -> None:
    usual = play.accepted(street)
    play.change(street.world, {"menu.service.items.legal.within": "1 days"})
    sooner, other = play.accepted(street), play.accepted(street, "haircut")
    assert sooner.due_at is not None and usual.due_at is not None and other.due_at is not None
    assert (usual.due_at.day, sooner.due_at.day) == (20, 16)  # a day from Friday ends on Monday
    assert (sooner.due_clock, other.due_at.date()) == ("deliver", usual.due_at.date())
