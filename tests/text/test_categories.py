"""Categories a street adds, models it trains from its own decided matters, and what a text is understood to say."""

from __future__ import annotations

import pytest

from tests.matters import world as worlds
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record.models import Entry
from youying.text import actions, queries
from youying.text.models import LocalCategory


@pytest.fixture
def world(at, db):
    """The fictional street."""
    at("2026-11-13 15:52")
    queries.forget()
    yield worlds.build()
    queries.forget()


def test_a_category_is_added_known_at_once_and_recorded(world):
    row = actions.add_category("appearance.flower-boxes", title="楼道花箱", words=["花箱"], by=SYSTEM)
    assert queries.known_category("appearance.flower-boxes") == "appearance.flower-boxes"
    assert Entry.objects.filter(subject=f"category:{row.pk}", act="text.add-category").count() == 1


def test_adding_a_category_is_refused_without_the_power_with_a_bad_code_or_twice(world):
    with pytest.raises(Refused, match="no-power"):
        actions.add_category("appearance.flower-boxes", title="楼道花箱", by=world.secretary)
    with pytest.raises(Refused, match="bad-code"):
        actions.add_category("花箱", title="楼道花箱", by=SYSTEM)
    with pytest.raises(Refused, match="category-known"):
        actions.add_category("city.lamps.lamp-out", title="路灯", by=SYSTEM)
    assert not LocalCategory.objects.exists()


def test_a_local_category_is_closed_and_a_shipped_one_cannot_be(world):
    actions.add_category("appearance.flower-boxes", title="楼道花箱", by=SYSTEM)
    actions.close_category("appearance.flower-boxes", by=SYSTEM)
    with pytest.raises(Refused, match="unknown-category"):
        queries.known_category("appearance.flower-boxes")
    with pytest.raises(Refused, match="unknown-category"):
        actions.close_category("city.lamps.lamp-out", by=SYSTEM)


def test_closing_a_category_needs_the_power(world):
    actions.add_category("appearance.flower-boxes", title="楼道花箱", by=SYSTEM)
    with pytest.raises(Refused, match="no-power"):
        actions.close_category("appearance.flower-boxes", by=world.secretary)


def test_below_the_threshold_a_person_decides_and_above_it_the_words_do(world):
    sure = queries.understand("杏林小区3号楼下水道堵塞，返水", threshold=0.3)
    unsure = queries.understand("杏林小区3号楼下水道堵塞，返水", threshold=0.999)
    assert (sure.decision.label, unsure.decision.label) == ("utilities.drainage.blocked-drain", None)
    assert unsure.decision.suggestions


def test_a_place_named_in_the_words_is_found_with_its_evidence(world):
    found = queries.understand("杏林小区3号楼的门禁坏了", threshold=0.9)
    assert found.place is not None
    assert found.place.building_id == world.place.building_id
    assert "杏林小区" in found.place_why
