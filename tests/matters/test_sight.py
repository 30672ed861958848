"""Who sees which matter: the list and the single read agree, for every kind of viewer and reach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.matters.world import CATEGORY, need, opened
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.matters import actions, queries
from youying.matters.actions import ReporterIn
from youying.matters.facts import situation_of
from youying.matters.models import Matter
from youying.matters.queries.staffing import units_for
from youying.matters.rules import sees
from youying.places import actions as places
from youying.places.placing import place_of

VIEW = frozenset({"view"})


@pytest.fixture
def matter(world):
    """A matter of building 3, given to the property company, the community helping."""
    came = opened(world)
    units = {"unit": world.property_company.pk, "joint": [world.office.pk], "category": CATEGORY}
    actions.act(came.matter.pk, "dispatch", by=world.dispatcher, **units)
    world.secret = came.secret
    return Matter.objects.get(pk=came.matter.pk)


def post(reach, *, unit=None, powers=VIEW):
    """Somebody in a post."""
    return Viewer(kind="post", account_id=77, post_code="clerk", reach=reach, unit_id=unit, powers=powers)


def path(matter, part):
    """A path of the matter's own place."""
    community = matter.area_path
    known = {
        "everywhere": "/",
        "county": community.rsplit("/", 2)[0],
        "town": community.rsplit("/", 1)[0],
        "community": community,
        "compound": f"{community}/c{matter.compound_id}",
        "building": matter.place_path,
        "grid": f"{community}/g{matter.grid_id}",
    }
    return known[part]


def agree(viewer, matter):
    """What the list and the single read say of one matter; they must not differ."""
    listed = matter.number in {row.number for row in queries.worklist(viewer, queries.Filters(state="all")).rows}
    assert listed is sees(viewer, situation_of(matter))
    try:
        queries.find(viewer, matter.number)
    except Refused as refused:
        assert (refused.code, listed) == ("not-found", False)
        return False
    assert listed
    return True


@pytest.mark.parametrize("part", ["everywhere", "county", "town", "community", "compound", "building", "grid"])
def test_whoever_reaches_the_place_with_the_power_sees_it_and_without_does_not(matter, part):
    assert agree(post(path(matter, part)), matter)
    assert not agree(post(path(matter, part), powers=frozenset({"act"})), matter)


@pytest.fixture
def beside(world, matter):
    """Places beside the matter's: another community, compound, building and grid."""
    community = places.add_area("990101001002", name="渡口社区", level="community", parent=world.town, by=SYSTEM)
    compound = places.add_compound(matter.area_path, name="渡口家园", by=SYSTEM)
    near = path(matter, "compound")
    building = places.add_building(near, name="4号楼", by=SYSTEM, entrances=1, floors=6)
    grid = places.add_grid(matter.area_path, code="990101001001004", title="第4网格", by=SYSTEM, covers=[compound.path])
    return {"community": community.path, "compound": compound.path, "building": building.path, "grid": grid.path}


@pytest.mark.parametrize("part", ["community", "compound", "building", "grid"])
def test_whoever_reaches_only_the_place_beside_it_does_not_see_it(matter, beside, part):
    assert not agree(post(beside[part]), matter)


def test_a_path_that_only_begins_alike_is_another_place(matter):
    assert not agree(post(matter.area_path[:-1]), matter)
    assert not agree(post(path(matter, "compound") + "1"), matter)
    assert not agree(post(""), matter)


def test_a_unit_that_has_it_sees_it_without_reaching_the_place_and_no_longer_when_it_is_taken_away(world, matter):
    lead, joint = post("", unit=world.property_company.pk), post("", unit=world.office.pk)
    assert agree(lead, matter)
    assert agree(joint, matter)
    assert agree(replace(lead, reach=path(matter, "community"), powers=frozenset()), matter)
    actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="改由社区办")
    matter.refresh_from_db()
    assert not agree(lead, matter)
    assert agree(joint, matter)


def test_another_unit_does_not_see_it(matter):
    assert not agree(post("", unit=987), matter)


def test_residents_see_only_the_matter_they_proved(world, matter):
    own = queries.look_up(matter.number, world.secret).viewer
    assert sees(own, situation_of(matter))
    other = opened(world).matter
    assert not sees(own, situation_of(other))
    for viewer in (own, PUBLIC):
        assert queries.worklist(viewer, queries.Filters(state="all")).rows == []
        with pytest.raises(Refused, match="not-found"):
            queries.find(viewer if viewer is PUBLIC else own, other.number)


def test_the_system_sees_everything(matter):
    assert agree(SYSTEM, matter)


@pytest.mark.parametrize("name", ["dispatcher", "caller", "secretary", "leader", "duty", "worker", "manager"])
def test_every_member_of_the_street_sees_it_and_the_stranger_does_not(world, matter, name):
    assert agree(world.people[name], matter)
    assert not agree(world.stranger, matter)


class TestEveryRead:
    """Every read of the package that takes a viewer, seen by somebody within and by the stranger."""

    READS = {
        "worklist": lambda viewer, matter: queries.worklist(viewer, queries.Filters(state="all")).total,
        "export": lambda viewer, matter: len(list(queries.each_row(viewer, queries.Filters(state="all")))),
        "counts": lambda viewer, matter: queries.counts(viewer, {"all": queries.Filters(state="all")})["all"],
        "search": lambda viewer, matter: queries.worklist(viewer, queries.Filters(text="返水")).total,
        "place": lambda viewer, matter: queries.worklist(viewer, queries.Filters(place=matter.area_path)).total,
        "day": lambda viewer, matter: queries.day(viewer).open_count,
        "open": lambda viewer, matter: queries.open_count(viewer),
        "callers": lambda viewer, matter: len(queries.callers(viewer, "13800000417")),
        "similar": lambda viewer, matter: len(
            queries.similar(viewer, matter.words, place=place_of(area_path=matter.area_path), category=CATEGORY)
        ),
    }

    @pytest.mark.parametrize("name", sorted(READS))
    def test_it_shows_the_matter_within_reach_and_nothing_to_the_stranger(self, world, name):
        matter = actions.open_matter(need(), place=place_of(area_path=world.community), by=world.dispatcher).matter
        read = self.READS[name]
        assert (read(world.dispatcher, matter), read(world.stranger, matter)) == (1, 0)

    def test_asks_and_relatives_are_read_within_reach(self, world, matter):
        part = actions.split(matter.pk, by=world.dispatcher, words="楼道灯也坏了").matter
        actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
        assert [how for how, m in queries.related(world.dispatcher, part)] == ["拆自"]
        assert queries.related(world.stranger, part) == []
        assert [ask.mine for ask in queries.asks_for(world.dispatcher)] == [True]
        assert queries.asks_for(replace(world.stranger, post_code="dispatcher")) == []

    def test_a_file_of_a_matter_is_let_out_to_those_who_see_the_matter(self, world, matter):
        queries.let_in(world.dispatcher, matter.subject)
        for viewer in (world.stranger, PUBLIC):
            with pytest.raises(Refused, match="not-found"):
                queries.let_in(viewer, matter.subject)

    def test_a_protected_reporter_shows_nothing_without_the_power_for_it(self, world):
        hazard = opened(world, reporters=(ReporterIn("陈桂芳", "13800000417", protected=True),)).matter
        plain = queries.reporters(world.dispatcher, hazard)[0]
        assert (plain.name, plain.phone) == ("（身份受保护）", "")
        cleared = replace(world.dispatcher, powers=world.dispatcher.powers | {"protected"})
        assert queries.reporters(cleared, hazard)[0].name == "陈**"

    def test_a_contact_is_shown_whole_only_with_the_power_and_within_reach(self, world, matter):
        row = queries.reporters(world.dispatcher, matter)[0]
        may = replace(world.dispatcher, powers=world.dispatcher.powers | {"unmask"})
        assert queries.contact_in_clear(queries.reporter_to_unmask(may, matter, row.id)).phone == "13800000417"
        with pytest.raises(Refused, match="no-power"):
            queries.reporter_to_unmask(world.dispatcher, matter, row.id)
        with pytest.raises(Refused, match="not-found"):
            queries.reporter_to_unmask(replace(may, reach=world.stranger.reach), matter, row.id)

    def test_units_are_offered_for_the_place_of_the_matter(self, world, matter):
        assert {one.title for one in units_for(matter)} == {"和顺物业", "槐花里社区"}
