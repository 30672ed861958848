"""A place moves while matters come in: whoever is second goes by where the place stands then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from tests.matters.world import World, adopt, need, opened
from youying.access.models import Post, Unit
from youying.insight.queries import recount_differences
from youying.kernel.moments import now, still
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.actions import intake
from youying.matters.models import Matter
from youying.matters.queries.astray import astray
from youying.matters.replaying import differences
from youying.places import actions as places
from youying.places.actions import places as place_acts
from youying.places.models import Area, Building, Compound
from youying.places.placing import Place, place_of
from youying.places.trying import try_rows

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 15
A_WHILE_SECONDS = 0.6


def elsewhere(world: World, work: Callable[[], Any]) -> threading.Thread:
    """Start it as another process would: with a memory and a connection of its own."""

    def run() -> None:
        try:
            with still(world.clock()):
                work()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def done(thread: threading.Thread) -> None:
    """Wait until it has ended."""
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


@contextmanager
def held_up(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Whoever calls this function stops before it: what is set when somebody has come there, and what lets go."""
    real, there, go_on = getattr(module, name), threading.Event(), threading.Event()

    def waiting(*args: Any, **kwargs: Any) -> Any:
        there.set()
        assert go_on.wait(PATIENCE_SECONDS)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, waiting)
    yield there, go_on
    go_on.set()


@pytest.fixture
def world(world: World) -> World:
    """The street; nobody's reach stands in the way of a move, and the dispatcher also brings lists in."""
    Unit.objects.update(reach="/none")
    Post.objects.update(reach="/none")
    world.people["dispatcher"] = replace(world.dispatcher, reach="/99", powers=world.dispatcher.powers | {"import"})
    return world


@pytest.fixture
def next_street(world: World) -> str:
    """临溪街道 beside 柳湾街道, by the same edition: its path."""
    county = world.town.rpartition("/")[0]
    adopt("m01", county)
    return places.add_area("990101002", name="临溪街道", level="town", parent=county, by=SYSTEM).path


@pytest.fixture
def next_door(world: World) -> str:
    """渡口社区 beside 槐花里: its path."""
    return places.add_area("990101001002", name="渡口社区", level="community", parent=world.town, by=SYSTEM).path


def by_one(world: World, place: Place) -> Matter:
    return actions.open_matter(need(), place=place, by=world.dispatcher).matter


def by_list(world: World, place: Place) -> Matter:
    told = actions.Told(need(external_id="G-1"), place=place, at=now())
    came = actions.open_many([told], by=world.dispatcher)[0]
    assert not isinstance(came, Refused), came
    return came.matter


def by_correction(world: World, place: Place) -> Matter:
    matter = actions.open_matter(need(), place=place_of(area_path=world.town), by=world.dispatcher).matter
    return actions.correct(matter.pk, by=world.dispatcher, place=place)


WAYS = {"one": by_one, "a list": by_list, "a correction": by_correction}


def stands_whole(matter: Matter) -> None:
    """It stands in an area that there is, as its record and the tallies say."""
    assert Area.objects.filter(path=Matter.objects.get(pk=matter.pk).area_path).exists()
    assert differences(Matter.objects.get(pk=matter.pk)) == {}
    assert recount_differences() == []
    assert astray() == []


class TestMovedByAnother:
    """The place was found, then another process moved it, then the matter comes in, all within a second."""

    @pytest.mark.parametrize("way", WAYS)
    def test_a_matter_of_a_moved_community_stands_in_its_new_street(self, world, next_street, way):
        place = place_of(area_path=world.community)
        done(elsewhere(world, lambda: places.move(world.community, to=next_street, by=SYSTEM)))
        matter = WAYS[way](world, place)
        assert matter.area_path == f"{next_street}/990101001001"
        assert queries.find(replace(world.dispatcher, reach=next_street), matter.number).pk == matter.pk
        stands_whole(matter)

    @pytest.mark.parametrize("way", WAYS)
    def test_a_matter_of_a_moved_compound_stands_in_its_new_community(self, world, next_door, way):
        compound = Compound.objects.get()
        assert world.place.grid_id
        done(elsewhere(world, lambda: places.move(compound.path, to=next_door, by=SYSTEM)))
        matter = WAYS[way](world, world.place)
        assert (matter.area_path, matter.grid_id) == (next_door, None)
        assert matter.place_path.startswith(f"{next_door}/c{compound.pk}/b")
        stands_whole(matter)

    def test_the_part_of_a_matter_is_opened_where_the_whole_has_gone(self, world, next_door):
        whole = opened(world).matter
        compound = Compound.objects.get()
        done(elsewhere(world, lambda: places.move(compound.path, to=next_door, by=SYSTEM)))
        part = actions.split(whole.pk, by=world.dispatcher, words="另外单元门的灯也不亮。").matter
        assert part.area_path == next_door
        stands_whole(part)

    @pytest.mark.parametrize("way", ["one", "a list"])
    @pytest.mark.parametrize("moves", [True, False])
    def test_a_matter_of_a_compound_closed_meanwhile_stands_in_its_area_with_the_words(
        self, world, next_door, way, moves
    ):
        compound = Compound.objects.get()

        def close() -> None:
            path = places.move(compound.path, to=next_door, by=SYSTEM).path if moves else compound.path
            places.close(path, by=SYSTEM)

        done(elsewhere(world, close))
        matter = WAYS[way](world, world.place)
        area = next_door if moves else world.community
        assert (matter.area_path, matter.place_path) == (area, area)
        assert (matter.compound_id, matter.building_id, matter.entrance) == (None, None, 0)
        assert matter.place_words == "杏林小区 3号楼"
        stands_whole(matter)

    def test_a_matter_of_a_building_closed_meanwhile_stands_in_its_compound(self, world):
        compound, building = Compound.objects.get(), Building.objects.get()
        done(elsewhere(world, lambda: places.close(building.path, by=SYSTEM)))
        matter = by_one(world, world.place)
        assert (matter.compound_id, matter.building_id, matter.place_path) == (compound.pk, None, compound.path)
        assert matter.grid_id == world.place.grid_id
        stands_whole(matter)

    def test_a_matter_of_an_area_closed_meanwhile_stands_in_the_area_above(self, world, next_door):
        place = place_of(area_path=next_door)
        done(elsewhere(world, lambda: places.close(next_door, by=SYSTEM)))
        assert by_one(world, place).area_path == world.town

    def test_a_matter_is_not_corrected_into_a_place_closed_meanwhile(self, world):
        done(elsewhere(world, lambda: places.close(Compound.objects.get().path, by=SYSTEM)))
        with pytest.raises(Refused, match="place-closed"):
            by_correction(world, world.place)
        assert Matter.objects.get().area_path == world.town


class TestAtOnce:
    def test_a_move_waits_for_the_matter_that_is_coming_in_and_takes_it_along(self, world, next_street, monkeypatch):
        with held_up(monkeypatch, intake, "index_words") as (there, go_on):
            coming = elsewhere(world, lambda: by_one(world, world.place))
            assert there.wait(PATIENCE_SECONDS)
            moving = elsewhere(world, lambda: places.move(world.community, to=next_street, by=SYSTEM))
            moving.join(A_WHILE_SECONDS)
            assert moving.is_alive()
            go_on.set()
            done(coming)
            done(moving)
        matter = Matter.objects.get()
        assert matter.area_path == f"{next_street}/990101001001"
        stands_whole(matter)

    def test_a_matter_waits_for_the_move_that_has_begun_and_stands_where_it_ended(
        self, world, next_street, monkeypatch
    ):
        with held_up(monkeypatch, place_acts, "move_reach") as (there, go_on):
            moving = elsewhere(world, lambda: places.move(world.community, to=next_street, by=SYSTEM))
            assert there.wait(PATIENCE_SECONDS)
            coming = elsewhere(world, lambda: by_one(world, world.place))
            coming.join(A_WHILE_SECONDS)
            assert coming.is_alive()
            go_on.set()
            done(moving)
            done(coming)
        matter = Matter.objects.get()
        assert matter.area_path == f"{next_street}/990101001001"
        stands_whole(matter)

    @pytest.mark.parametrize("takes_in", [try_rows, places.import_rows])
    def test_a_matter_comes_in_while_a_table_of_places_is_read_and_a_move_waits_for_it(
        self, world, next_street, monkeypatch, takes_in
    ):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has one writer at a time")
        row = {"社区代码": "990101001001", "小区": "药厂小区"}
        with held_up(monkeypatch, place_acts, "_apply") as (there, go_on):
            reading = elsewhere(world, lambda: takes_in("compound", [row], by=SYSTEM))
            assert there.wait(PATIENCE_SECONDS)
            by_one(world, world.place)
            moving = elsewhere(world, lambda: places.move(world.community, to=next_street, by=SYSTEM))
            moving.join(A_WHILE_SECONDS)
            assert moving.is_alive()
            by_one(world, world.place)
            go_on.set()
            done(reading)
            done(moving)
        area = f"{next_street}/990101001001"
        assert set(Matter.objects.values_list("area_path", flat=True)) == {area}
        taken = [one.path for one in Compound.objects.filter(name="药厂小区")]
        assert all(path.startswith(area) for path in taken)
        assert len(taken) == (takes_in is places.import_rows)
        stands_whole(Matter.objects.latest("pk"))

    def test_two_matters_come_in_together(self, world, monkeypatch):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has one writer at a time")
        with held_up(monkeypatch, intake, "mark_repeat") as (there, go_on):
            coming = elsewhere(world, lambda: by_one(world, world.place))
            assert there.wait(PATIENCE_SECONDS)
            monkeypatch.undo()
            by_one(world, world.place)
            go_on.set()
            done(coming)
        assert Matter.objects.count() == 2


class TestAstray:
    def test_matters_whose_area_is_no_area_are_listed_with_their_numbers(self, world):
        lost, kept = opened(world).matter, opened(world).matter
        assert astray() == []
        lay(lost, "/99/9901/990102/990102009")
        assert [(one.area_path, one.n, one.numbers) for one in astray()] == [
            ("/99/9901/990102/990102009", 1, [lost.number])
        ]
        assert kept.number not in astray()[0].numbers


def lay(matter: Matter, path: str) -> None:
    """Put a matter below a path that there is not, as an older version could."""
    connection.cursor().execute("UPDATE matters_matter SET area_path = %s WHERE id = %s", [path, matter.pk])
