"""Splitting a matter and moving it to another edition: what goes along, and what its pages show afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.matters.world import need, opened
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.facts import PLACE
from youying.matters.models import Matter
from youying.matters.replaying import differences
from youying.places import actions as places
from youying.places.models import Building, Grid
from youying.places.placing import place_of

LAMP = "还有楼道的路灯也不亮了。"


def where(matter):
    """Everything that a row says of its place."""
    row = Matter.objects.get(pk=matter.pk)
    return {name: getattr(row, name) for name in (*PLACE, "place_words")}


def by_the_river(world):
    """A matter at a point of a grid where no compound stands, with an entrance and a home noted."""
    bank = replace(
        place_of(area_path=world.community, words="河边"),
        grid_id=Grid.objects.get().pk, longitude=101.7, latitude=36.6, home_id=17, entrance=2,
    )  # fmt: skip
    return actions.open_matter(need(), place=bank, by=world.dispatcher).matter


@pytest.mark.parametrize("start", [by_the_river, lambda world: opened(world).matter])
def test_a_part_stands_where_the_whole_stands(world, start):
    whole = start(world)
    part = actions.split(whole.pk, by=world.dispatcher, words=LAMP).matter
    assert where(part) == where(whole)
    assert differences(Matter.objects.get(pk=part.pk)) == {}


def test_a_matter_of_a_building_closed_since_can_still_be_split(world):
    whole = opened(world).matter
    places.close(Building.objects.get().path, by=SYSTEM)
    assert where(actions.split(whole.pk, by=world.dispatcher, words=LAMP).matter) == where(whole)
