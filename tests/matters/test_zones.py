"""Months are counted in the zone of the place: what changes the zone, or crosses it, keeps the tallies exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import SHANGHAI
from tests.matters.world import CATEGORY, World, adopt, need, opened
from youying.access.models import Post, Unit
from youying.insight.queries import recount_differences
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.models import Matter, Tally
from youying.places import actions as places
from youying.places.models import Area, Compound
from youying.places.placing import place_of
from youying.places.queries import zone_of

NEW_YORK = "America/New_York"


@pytest.fixture
def world(world: World) -> World:
    """The street in the first hours of December, when it is still November in New York; the county has adopted too."""
    adopt("m01", world.town.rpartition("/")[0])
    Unit.objects.update(reach="/99")
    Post.objects.update(reach="/99")
    world.people["dispatcher"] = replace(world.dispatcher, reach="/99")
    world.clock.go_to(datetime(2026, 12, 1, 9, 30, tzinfo=SHANGHAI))
    return world


@pytest.fixture
def far_street(world: World) -> str:
    """A street of the same county that counts its days in New York: its path."""
    county = world.town.rpartition("/")[0]
    return places.add_area("990101009", name="远洋街道", level="town", parent=county, by=SYSTEM, zone=NEW_YORK).path


@pytest.fixture
def far_community(far_street: str) -> Any:
    """A community of the far street: its path."""
    return places.add_area("990101009001", name="远洋社区", level="community", parent=far_street, by=SYSTEM).path


def months() -> dict[str, int]:
    """How many matters the full cells hold, by month; no cell is below nought."""
    found: dict[str, int] = {}
    for row in Tally.objects.full():
        assert row.n >= 0
        found[f"{row.month:%Y-%m}"] = found.get(f"{row.month:%Y-%m}", 0) + row.n
    return {month: n for month, n in found.items() if n}


def dispatch(world: World, matter: Matter) -> None:
    """The next step after the change."""
    unit = world.property_company.pk
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=unit, category=CATEGORY)


@pytest.mark.parametrize("level", ["community", "town", "county"])
def test_the_zone_of_an_area_with_matters_stays(world, level):
    matter = opened(world).matter
    path = Area.objects.get(level=level).path
    with pytest.raises(Refused, match="zone-counted: 这里和下面已有1件事项") as refused:
        places.amend(path, by=SYSTEM, zone=NEW_YORK)
    assert refused.value.have == "Asia/Shanghai"
    assert zone_of(world.community) == "Asia/Shanghai"
    dispatch(world, matter)
    assert (recount_differences(), months()) == ([], {"2026-12": 1})


def test_an_area_without_matters_gets_another_zone(world, far_street):
    opened(world)
    places.amend(far_street, by=SYSTEM, zone="Asia/Urumqi")
    assert zone_of(far_street) == "Asia/Urumqi"


def test_saying_the_zone_that_it_has_from_above_changes_nothing_that_was_counted(world):
    opened(world)
    assert places.amend(world.community, by=SYSTEM, zone="Asia/Shanghai").zone == "Asia/Shanghai"
    assert recount_differences() == []


def test_a_table_does_not_change_the_zone(world):
    opened(world)
    outcome = places.import_rows("area", [{"代码": "990101001001", "名称": "槐花里社区", "时区": NEW_YORK}], by=SYSTEM)
    assert ["时区" in row.say for row in outcome.refused] == [True]
    assert zone_of(world.community) == "Asia/Shanghai"


def test_a_compound_that_moves_to_another_zone_takes_its_matters_to_the_month_there(world, far_community):
    matter = opened(world).matter
    places.move(Compound.objects.get().path, to=far_community, by=SYSTEM)
    assert (recount_differences(), months()) == ([], {"2026-11": 1})
    dispatch(world, matter)
    assert (recount_differences(), months()) == ([], {"2026-11": 1})


def test_a_community_that_moves_takes_the_zone_of_the_new_street(world, far_street):
    opened(world)
    places.move(world.community, to=far_street, by=SYSTEM)
    assert (recount_differences(), months()) == ([], {"2026-11": 1})


def test_a_community_with_a_zone_of_its_own_keeps_it_where_it_moves(world, far_community):
    actions.open_matter(need(), place=place_of(area_path=far_community), by=world.dispatcher)
    places.amend(far_community.rpartition("/")[0], by=SYSTEM, name="远洋新街道")
    own = places.add_area(
        "990101009002", name="远航社区", level="community", parent=far_community.rpartition("/")[0], by=SYSTEM,
        zone="Asia/Urumqi",
    ).path  # fmt: skip
    actions.open_matter(need(), place=place_of(area_path=own), by=world.dispatcher)
    places.move(own, to=world.town, by=SYSTEM)
    assert (recount_differences(), months()) == ([], {"2026-11": 1, "2026-12": 1})


def test_a_place_corrected_into_another_zone_counts_there(world, far_community):
    matter = opened(world).matter
    actions.correct(matter.pk, by=world.dispatcher, place=place_of(area_path=far_community))
    assert (recount_differences(), months()) == ([], {"2026-11": 1})
    actions.correct(matter.pk, by=world.dispatcher, place=world.place)
    assert (recount_differences(), months()) == ([], {"2026-12": 1})
