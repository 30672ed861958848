"""Saying and looking up: where a need goes, what counts as the same form, who is stopped."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection

from tests.matters import world as worlds
from tests.matters.world import opened
from youying import stories
from youying.channels.intake import actions, offers, rules
from youying.channels.intake.models import Try
from youying.channels.intake.rules import Said
from youying.editions.actions import adopt
from youying.kernel.identifiers import matter_number
from youying.kernel.moments import now, still
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions as matters
from youying.matters import queries
from youying.matters.models import Matter, Reporter
from youying.places.actions import add_building, add_compound
from youying.record import queries as record
from youying.text.rules import Decision

LOCAL = Path(stories.__file__).parent / "local" / "huaihuali.toml"
TOKEN = "0123456789abcdef0123456789abcdef"
WORDS = "杏林小区3号楼门口的路灯坏了，晚上看不清路。"
HERE, NEARBY = (101.75, 36.62), (101.7504, 36.6204)
SQUARE = {"type": "Polygon", "coordinates": [[[101.74, 36.61], [101.76, 36.61], [101.76, 36.63], [101.74, 36.63], [101.74, 36.61]]]}  # fmt: skip


def said(**more) -> Said:
    """What a resident sends."""
    return Said(**{"text": WORDS, "token": TOKEN, **more})


def test_the_same_form_is_one_matter_with_one_secret_that_opens_it(world):
    first, again = actions.report(said()), actions.report(said(text="别的话也不算第二件"))
    assert (again.again, again.matter.pk, again.secret) == (True, first.matter.pk, first.secret)
    assert queries.look_up(first.matter.number, first.secret).matter.pk == first.matter.pk
    assert actions.report(said(token=TOKEN[::-1])).secret != first.secret


def test_the_form_is_known_in_the_database_by_a_mark_that_opens_nothing(world):
    found = actions.report(said())
    matter = Matter.objects.get()
    stored = [str(matter.external_id), *(str(entry.facts) for entry in record.story(matter.subject))]
    assert matter.external_id.startswith("portal:")
    assert not any(TOKEN in text or found.secret in text for text in stored)
    again = actions.report(said(token=matter.external_id.partition(":")[2]))
    assert (again.again, again.secret == found.secret) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_two_fingers_at_once_make_one_matter(transactional_db):
    with still(now()):
        worlds.build()
    found, barrier = [], threading.Barrier(2)

    def press() -> None:
        barrier.wait()
        found.append(actions.report(said()))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(found), len({one.secret for one in found}), Matter.objects.count()) == (2, 1, 1)
    assert Reporter.objects.count() == 1


def test_a_point_inside_the_chosen_compound_keeps_the_building_and_the_point(world):
    compound = add_compound(world.community, name="河沿小区", by=SYSTEM, polygon=SQUARE)
    building = add_building(compound.path, name="1号楼", by=SYSTEM, entrances=1, floors=6)
    matter = actions.report(said(compound_id=compound.pk, building_id=building.pk, point=HERE)).matter
    assert (matter.building_id, matter.longitude, matter.latitude) == (building.pk, *HERE)


def test_a_point_goes_before_another_compound_that_was_chosen(world):
    compound = add_compound(world.community, name="河沿小区", by=SYSTEM, polygon=SQUARE)
    matter = actions.report(said(compound_id=world.place.compound_id, point=HERE)).matter
    assert (matter.compound_id, matter.building_id) == (compound.pk, None)


def test_a_point_beyond_our_polygons_is_refused_unless_a_place_was_chosen_too(world):
    with pytest.raises(Refused, match="point-outside"):
        actions.report(said(point=(0.5, 0.5)))
    matter = actions.report(said(point=(0.5, 0.5), compound_id=world.place.compound_id)).matter
    assert matter.compound_id == world.place.compound_id


def test_a_choice_goes_before_what_the_words_say(world):
    other = add_compound(world.community, name="河沿小区", by=SYSTEM)
    assert actions.report(said(compound_id=other.pk)).matter.compound_id == other.pk
    assert actions.report(said(token=TOKEN[::-1])).matter.building_id == world.place.building_id


@pytest.mark.parametrize(
    ("hint", "category"),
    [("", "city.lamps.lamp-out"), ("city", "city.lamps.lamp-out"), ("care", ""), ("city.lamps", "city.lamps")],
)
def test_the_residents_choice_stands_and_a_sure_reading_only_inside_it(world, monkeypatch, hint, category):
    monkeypatch.setattr(actions, "decide_category", lambda text, threshold, area_path: sure("city.lamps.lamp-out"))
    assert actions.report(said(hint=hint)).matter.category == category


def sure(label):
    """A sure reading of the words."""
    return Decision(label, "model", "有把握。")


def test_below_the_packs_threshold_a_person_decides(world):
    assert actions.report(said(text="杏林小区有件事想说一说")).matter.category == ""


def test_a_number_with_one_wrong_digit_is_said_to_be_so_and_counts_as_no_try(world):
    number = opened(world).matter.number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(Refused, match="number-check-digit"):
        actions.look_up(wrong, "AAAAAAAA", address="1.2.3.4")
    assert Try.objects.count() == 0


def test_however_a_number_is_written_five_wrong_tries_stop_it_from_any_address(world):
    found = opened(world)
    number = found.matter.number
    ways = [number, number.replace("-", ""), number.replace("-", " "), f" {number}", number.replace("-", "－")]
    for place, way in enumerate(ways):
        with pytest.raises(Refused, match="not-found"):
            actions.look_up(way, "AAAAAAAA", address=f"10.0.0.{place}")
    with pytest.raises(Refused, match="too-many"):
        actions.look_up(number, found.secret, address="10.0.0.99")


def test_five_wrong_tries_from_an_address_stop_it_for_every_number_and_no_other_address(world):
    found = opened(world)
    for serial in range(5):
        with pytest.raises(Refused, match="not-found"):
            actions.look_up(matter_number("2611", 90_000 + serial), "AAAAAAAA", address="10.0.0.1")
    with pytest.raises(Refused, match="too-many"):
        actions.look_up(found.matter.number, found.secret, address="10.0.0.1")
    assert actions.look_up(found.matter.number, found.secret, address="10.0.0.2").matter.pk == found.matter.pk
    world.clock.forward(minutes=16)
    assert actions.look_up(found.matter.number, found.secret, address="10.0.0.1").matter.pk == found.matter.pk


def test_a_right_try_is_not_counted(world):
    found = opened(world)
    for _ in range(8):
        actions.look_up(found.matter.number, found.secret, address="10.0.0.1")
    assert Try.objects.count() == 0


def test_a_wrong_number_and_a_wrong_secret_cost_the_same_statements(world, count_statements):
    found = opened(world)
    costs = []
    for number, secret in ((found.matter.number, "AAAAAAAA"), (matter_number("2611", 99_999), found.secret)):
        with count_statements() as seen, pytest.raises(Refused, match="not-found"):
            actions.look_up(number, secret, address="10.0.0.1")
        costs.append([sql.split()[0] for sql in seen.sql])
    assert costs[0] == costs[1]


def test_an_address_is_kept_as_nothing_that_can_be_read(world):
    actions.admit("203.0.113.7")
    assert "203.0.113.7" not in Try.objects.get().whose


def test_more_than_thirty_matters_an_hour_from_one_address_are_stopped_but_no_form_sent_again(world):
    for n in range(rules.REPORTS):
        actions.report(said(token=f"{n:032x}"), address="10.0.0.1")
    with pytest.raises(Refused, match="too-many"):
        actions.report(said(token=f"{99:032x}"), address="10.0.0.1")
    assert actions.report(said(token=f"{7:032x}"), address="10.0.0.1").again
    assert not actions.report(said(token=f"{98:032x}"), address="10.0.0.2").again


def test_a_form_to_mend_does_not_use_up_the_matters_of_an_hour(world):
    for _ in range(rules.REPORTS + 1):
        with pytest.raises(Refused, match="text"):
            actions.report(said(text=""), address="10.0.0.1")
    assert not actions.report(said(), address="10.0.0.1").again


def test_a_flood_of_sendings_from_one_address_is_stopped(world):
    for _ in range(rules.SENDINGS):
        actions.admit("10.0.0.1")
    with pytest.raises(Refused, match="too-many"):
        actions.admit("10.0.0.1")
    actions.admit("10.0.0.2")
    world.clock.forward(minutes=61)
    actions.admit("10.0.0.1")


def test_tries_are_forgotten_after_a_day(world):
    actions.admit("10.0.0.1")
    assert actions.forget_tries() == 0
    world.clock.forward(hours=25)
    assert (actions.forget_tries(), Try.objects.count()) == (1, 0)


def test_urging_waits_for_the_packs_gap_and_ends_at_its_most(world):
    first = opened(world)
    matters.act(
        first.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=worlds.CATEGORY
    )
    found = queries.look_up(first.matter.number, first.secret)
    for _ in range(10):
        actions.urge(found)
        with pytest.raises(Refused, match="too-soon"):
            actions.urge(found)
        world.clock.forward(hours=24)
    with pytest.raises(Refused, match="too-many"):
        actions.urge(found)
    assert Matter.objects.get(pk=first.matter.pk).urged == 10


def test_what_is_promised_is_what_the_edition_says(world):
    promised = offers.promise_anywhere()
    assert promised is not None
    assert promised.in_words("zh-hans") == ("24小时", "7个工作日")
    assert promised.in_words("en") == ("24 hours", "7 working days")


def test_where_places_promise_differently_nothing_is_promised_until_one_is_chosen(world):
    adopt(world.community, local_toml=LOCAL.read_text("utf-8"), by=SYSTEM)
    places = worlds.places
    other = places.add_area("990101001002", name="渡口社区", level="community", parent=world.town, by=SYSTEM)
    assert offers.promise(other.path) != offers.promise(world.community)
    assert offers.promise_anywhere() is None


def test_the_map_names_our_polygons_after_the_compounds_in_them(world):
    places = worlds.places
    places.add_compound(world.community, name="河沿小区", by=SYSTEM, longitude=NEARBY[0], latitude=NEARBY[1])
    places.add_grid(world.community, code="990101001001009", title="第9网格", by=SYSTEM, polygon=SQUARE)
    assert [shape["title"] for shape in offers.map_data()["shapes"]] == ["河沿小区"]
    assert offers.map_data("/99/9999")["shapes"] == []
