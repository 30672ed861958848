"""What a matter does when others change: its place moves, the last post of its unit ends."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, dispatched, in_hand, opened, person
from youying.access.actions import disable, end_post
from youying.access.models import Account, Post, Unit
from youying.editions.actions import import_directory
from youying.insight.queries import recount_differences
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions, queries
from youying.matters.actions.following import follow_move
from youying.matters.actions.handing import hand_over_unit
from youying.matters.models import Matter, Tally
from youying.matters.replaying import differences
from youying.places import actions as places
from youying.places.models import Compound
from youying.record.actions import deliver, open_subject, write
from youying.record.acts import act
from youying.record.models import Announcement, Entry, Head
from youying.record.queries import verify

OTHER = "utilities.heating.not-warm"


@act("test.enter-people")
def enter_people(*, by):
    """Give the accounts and units of the street, laid straight into the tables, their place in the book."""
    for row in (*Account.objects.all(), *Unit.objects.all()):
        if not Head.objects.filter(subject=row.subject).exists():
            open_subject(row.subject)
            write(row.subject, "entered", by=by, facts={})


@pytest.fixture
def world(world):
    """The street, its people in the book."""
    Post.objects.filter(reach="/none").update(reach=world.community)
    enter_people(by=SYSTEM)
    return world


@pytest.fixture
def next_door(world):
    """渡口社区 beside 槐花里, with a secretary of its own."""
    area = places.add_area("990101001002", name="渡口社区", level="community", parent=world.town, by=SYSTEM)
    world.people["neighbour"] = person("沈玉兰", "secretary", "社区书记", reach=area.path)
    return area


def counted(path):
    """How many matters the tallies hold at an area."""
    return sum(row.n for row in Tally.objects.full().filter(area_path=path))


def keeps_its_promises(*matters):
    """Row equals record, tallies equal rows, the book is whole."""
    assert [differences(Matter.objects.get(pk=matter.pk)) for matter in matters] == [{}] * len(matters)
    assert recount_differences() == []
    assert verify().ok


class TestPlaceMoved:
    def test_matters_of_a_compound_go_with_it_to_its_new_community(self, world, next_door):
        matter, other = opened(world).matter, in_hand(world)
        compound = Compound.objects.get()
        places.move(compound.path, to=next_door.path, by=SYSTEM)
        matter.refresh_from_db()
        assert matter.area_path == next_door.path
        assert matter.place_path.startswith(f"{next_door.path}/c{compound.pk}/b")
        assert (matter.grid_id, counted(world.community), counted(next_door.path)) == (None, 0, 2)
        keeps_its_promises(matter, other)

    def test_whoever_reaches_the_new_place_sees_the_matter_and_the_old_one_no_longer(self, world, next_door):
        matter = opened(world).matter
        places.move(Compound.objects.get().path, to=next_door.path, by=SYSTEM)
        assert queries.find(world.neighbour, matter.number).pk == matter.pk
        with pytest.raises(Refused, match="not-found"):
            queries.find(world.secretary, matter.number)

    def test_a_community_takes_its_matters_along_and_their_grid_stays(self, world):
        matter = opened(world).matter
        county = world.town.rpartition("/")[0]
        street = places.add_area("990101002", name="临溪街道", level="town", parent=county, by=SYSTEM)
        places.move(world.community, to=street.path, by=SYSTEM)
        after = Matter.objects.get(pk=matter.pk)
        assert after.area_path == f"{street.path}/990101001001"
        assert after.grid_id == matter.grid_id
        keeps_its_promises(matter)

    def test_the_move_is_an_entry_of_each_matter(self, world, next_door):
        matter = opened(world).matter
        places.move(Compound.objects.get().path, to=next_door.path, by=SYSTEM)
        entry = Entry.objects.get(subject=matter.subject, act="follow-move")
        assert entry.facts["change"]["area_path"] == [world.community, next_door.path]

    def test_a_place_without_matters_moves_too(self, world, next_door):
        assert places.move(Compound.objects.get().path, to=next_door.path, by=SYSTEM).area_id == next_door.pk

    def test_who_may_not_move_places_moves_no_matters(self, world):
        with pytest.raises(Refused, match="no-power"):
            follow_move(world.community, new_path=world.town, by=world.dispatcher)
        elsewhere = Viewer(kind="post", reach="/98", powers=frozenset({"places"}))
        with pytest.raises(Refused, match="out-of-reach"):
            follow_move(world.community, new_path=world.town, by=elsewhere)


class TestPostEnded:
    @pytest.fixture
    def successor(self, world):
        """A member of another unit, who takes over."""
        world.people["successor"] = person(
            "吴长河", "secretary", "社区副书记", reach=world.community, unit=world.office
        )
        enter_people(by=SYSTEM)
        return Post.objects.get(pk=world.successor.post_id)

    def test_the_open_matters_of_an_empty_unit_go_to_the_unit_of_the_successor(self, world, successor):
        matter, ended = dispatched(world), Post.objects.get(pk=world.manager.post_id)
        end_post(ended, by=SYSTEM, hand_over_to=successor)
        deliver()
        assert Matter.objects.get(pk=matter.pk).lead_id == world.office.pk
        assert [a.unit_id for a in queries.assignments(matter)] == [world.office.pk]
        keeps_its_promises(matter)

    def test_hearing_it_twice_moves_nothing_twice(self, world, successor):
        matter, ended = dispatched(world), Post.objects.get(pk=world.manager.post_id)
        end_post(ended, by=SYSTEM, hand_over_to=successor)
        deliver()
        assert hand_over_unit(world.property_company.pk, to_post=successor.pk, by=SYSTEM) == 0
        assert Entry.objects.filter(subject=matter.subject, act="reassign").count() == 1

    def test_a_matter_that_the_successor_may_not_take_is_told_of_and_the_others_go(self, world, successor):
        barred, other = dispatched(world), dispatched(world)
        actions.correct(other.pk, by=world.dispatcher, category=OTHER, note="分错了")
        told = {"category": CATEGORY, "unit": "和顺物业", "not_to": world.office.title}
        assert import_directory(world.town, rows=[told], by=SYSTEM).refused == []
        end_post(Post.objects.get(pk=world.manager.post_id), by=SYSTEM, hand_over_to=successor)
        deliver()
        leads = [Matter.objects.get(pk=one.pk).lead_id for one in (barred, other)]
        assert leads == [world.property_company.pk, world.office.pk]
        entry = Entry.objects.get(act="left-behind")
        assert (entry.subject, entry.facts["why"]) == (barred.subject, "directory-not-to")
        keeps_its_promises(barred)

    def test_a_matter_left_behind_is_told_of_once_when_the_hand_over_is_tried_again(self, world, successor):
        barred = dispatched(world)
        told = {"category": CATEGORY, "unit": "和顺物业", "not_to": world.office.title}
        assert import_directory(world.town, rows=[told], by=SYSTEM).refused == []
        end_post(Post.objects.get(pk=world.manager.post_id), by=SYSTEM, hand_over_to=successor)
        told = Announcement.objects.get(
            topic__endswith="PostEnded", listener__endswith="matters.listeners.on_post_ended"
        )
        for _again in range(2):
            deliver()
            Announcement.objects.filter(pk=told.pk).update(delivered_at=None)
        deliver()
        left = Entry.objects.filter(subject=barred.subject, act="left-behind")
        alerts = Announcement.objects.filter(subject=barred.subject, topic__endswith="Alerted")
        assert (left.count(), len({one.key for one in alerts})) == (1, 1)
        hand_over_unit(world.property_company.pk, to_post=successor.pk, by=SYSTEM, cause="post:another#1.0")
        assert left.count() == 2

    def test_a_unit_with_somebody_left_keeps_its_matters(self, world, successor):
        person("董小满", "", "维修工", unit=world.property_company)
        matter, ended = dispatched(world), Post.objects.get(pk=world.manager.post_id)
        end_post(ended, by=SYSTEM, hand_over_to=successor)
        deliver()
        assert Matter.objects.get(pk=matter.pk).lead_id == world.property_company.pk

    def test_a_colleague_whose_account_is_barred_is_nobody_left(self, world, successor):
        barred = person("董小满", "", "维修工", unit=world.property_company)
        enter_people(by=SYSTEM)
        matter, ended = dispatched(world), Post.objects.get(pk=world.manager.post_id)
        disable(barred.account_id, by=SYSTEM)
        end_post(ended, by=SYSTEM, hand_over_to=successor)
        deliver()
        assert Matter.objects.get(pk=matter.pk).lead_id == world.office.pk
        keeps_its_promises(matter)

    def test_nothing_goes_to_a_successor_who_was_barred_meanwhile(self, world, successor):
        matter, ended = dispatched(world), Post.objects.get(pk=world.manager.post_id)
        end_post(ended, by=SYSTEM, hand_over_to=successor)
        disable(world.successor.account_id, by=SYSTEM)
        deliver()
        assert Matter.objects.get(pk=matter.pk).lead_id == world.property_company.pk

    def test_without_a_successor_the_matter_stays_and_the_dispatcher_reassigns_it(self, world):
        matter, ended = dispatched(world), Post.objects.get(pk=world.manager.post_id)
        end_post(ended, by=SYSTEM)
        deliver()
        assert Matter.objects.get(pk=matter.pk).lead_id == world.property_company.pk
        given = actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="项目部撤了")
        assert given.lead_id == world.office.pk
