"""Splitting a matter and moving it to another edition: what goes along, and what its pages show afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.matters.changing import change
from tests.matters.world import in_hand, need, opened
from youying.access.models import Post, Unit
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.facts import PLACE
from youying.matters.models import Matter
from youying.matters.replaying import differences
from youying.packs.source import library
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


def packer(world):
    """The dispatcher with the power over packs."""
    return replace(world.dispatcher, powers=world.dispatcher.powers | {"packs"})


def moved(world, matter, **more):
    """Move a matter to the edition now in force."""
    return actions.move_edition(matter.pk, by=packer(world), note="换新版本", **more)


# ------------------------------------------------------------------ another edition
def test_a_clock_that_the_new_edition_lacks_keeps_its_name_and_working_on_the_page(world):
    matter = in_hand(world)
    before = {one.code: one.title for one in queries.clocks(matter)}
    change(world, gone=("loop.demand.clocks.contact",))
    shown = {one.code: one for one in queries.clocks(moved(world, matter))}
    gone = shown["contact"]
    assert (gone.title, gone.running) == (before["contact"], False)
    assert before["contact"] in gone.say and "派单起" in gone.say.replace("“", "").replace("”", "")
    assert shown["complete"].running
    assert [one.code for one in queries.extendable(world.manager, Matter.objects.get(pk=matter.pk))] == ["complete"]
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_a_matter_whose_loop_is_gone_stays_with_its_own_edition(world):
    matter = in_hand(world)
    loops = library()["m01"].table["loop"]
    change(world, {"loop.complaint": loops["demand"]}, gone=("loop.demand",))
    with pytest.raises(Refused, match="loop-gone"):
        moved(world, matter)
    assert Matter.objects.get(pk=matter.pk).edition_id == matter.edition_id


@pytest.mark.parametrize("to", ["no-such-stage", "crossed-off"])
def test_a_stage_is_mapped_only_to_a_running_one_of_the_new_loop(world, to):
    matter = in_hand(world)
    change(world, {"loop.demand.clocks.contact.within": "4 hours"})
    with pytest.raises(Refused, match="stage-unmapped") as refused:
        moved(world, matter, stages={"in-hand": to})
    assert "销号" not in refused.value.say
    assert moved(world, matter, stages={"in-hand": "dispatched"}).stage == "dispatched"


def test_a_matter_where_nothing_is_adopted_any_more_opens_and_is_offered_no_move(world):
    matter = opened(world).matter
    Post.objects.update(reach="/none")
    Unit.objects.update(reach="/none")
    county = world.town.rpartition("/")[0]
    beyond = places.add_area("990101002", name="临溪街道", level="town", parent=county, by=SYSTEM).path
    change(world, gone=("loop.demand.clocks.contact",))
    offered = replace(packer(world), reach="/99")
    assert "move-edition" in [one.id for one in queries.possible_acts(offered, matter).can]
    places.move(world.community, to=beyond, by=SYSTEM)
    matter.refresh_from_db()
    assert matter.area_path.startswith(beyond)
    can = [one.id for one in queries.possible_acts(offered, matter).can]
    assert "correct" in can and "move-edition" not in can
