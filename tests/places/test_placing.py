"""Which place somebody means."""

from __future__ import annotations

from typing import Any

import pytest

from tests.places.town import ADMIN, Town, square
from youying.kernel.refusals import Refused
from youying.places import actions, queries

IN_COMPOUND = (101.705, 36.605)
IN_GRID_ONLY = (101.805, 36.605)
IN_COMMUNITY_ONLY = (101.905, 36.605)
NOWHERE = (10.0, 10.0)


def refused(code: str) -> Any:
    """The reading must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def test_a_building_gives_its_compound_community_town_and_grid(town: Town) -> None:
    place = queries.place_of(building_id=town.building.pk)
    assert place.place_path == town.building.path
    assert (place.area_path, place.community_code, place.town_code) == (
        town.community.path,
        "990101001001",
        "990101001",
    )
    assert (place.compound_id, place.grid_id) == (town.compound.pk, town.grid.pk)
    assert place.grid_path == town.grid.path
    assert place.words == "槐花里小区 3号楼"


def test_a_home_gives_its_building_and_entrance(town: Town) -> None:
    home = actions.add_homes(town.building.path, homes=[(2, 3, "302")], by=ADMIN)[0]
    place = queries.place_of(home_id=home.pk)
    assert (place.home_id, place.building_id, place.entrance) == (home.pk, town.building.pk, 2)
    assert place.words == "槐花里小区 3号楼 2单元 302"


def test_a_building_of_another_grid_is_not_its_compounds(town: Town) -> None:
    second = actions.add_grid(
        town.community.path, code="990101001001002", title="第二网格", covers=[town.building.path], by=ADMIN
    )
    assert queries.place_of(building_id=town.building.pk).grid_id == second.pk
    assert queries.place_of(compound_id=town.compound.pk).grid_id == town.grid.pk


def test_a_point_inside_a_compound_is_that_compound(town: Town) -> None:
    place = queries.place_of(point=IN_COMPOUND)
    assert (place.compound_id, place.grid_id, place.point) == (town.compound.pk, town.grid.pk, IN_COMPOUND)


def test_a_point_outside_every_compound_is_found_by_the_grids_polygon(town: Town) -> None:
    actions.amend(town.grid.path, polygon=square(101.80, 36.60), by=ADMIN)
    place = queries.place_of(point=IN_GRID_ONLY)
    assert (place.compound_id, place.grid_id, place.area_path) == (None, town.grid.pk, town.community.path)
    found = queries.grid_at(IN_GRID_ONLY)
    assert found and found.id == town.grid.pk


def test_a_point_outside_every_grid_is_found_by_the_communitys_polygon(town: Town) -> None:
    actions.amend(town.community.path, polygon=square(101.90, 36.60), by=ADMIN)
    place = queries.place_of(point=IN_COMMUNITY_ONLY)
    assert (place.area_path, place.grid_id) == (town.community.path, None)


def test_of_two_polygons_that_hold_a_point_the_smaller_is_meant(town: Town) -> None:
    actions.amend(town.town.path, polygon=square(101.5, 36.5, side=0.5), by=ADMIN)
    actions.amend(town.community.path, polygon=square(101.90, 36.60), by=ADMIN)
    assert queries.place_of(point=IN_COMMUNITY_ONLY).area_path == town.community.path


def test_a_point_outside_everything_is_refused(town: Town) -> None:
    with refused("point-outside"):
        queries.place_of(point=NOWHERE)


def test_the_sheet_at_an_entrance_gives_building_and_entrance(town: Town) -> None:
    code = actions.issue_entrance_codes(town.building.path, by=ADMIN)[1].code
    place = queries.place_of(code=code.lower())
    assert (place.building_id, place.entrance) == (town.building.pk, 2)


def test_a_code_of_nobody_is_refused(town: Town) -> None:
    with refused("entrance-code-unknown"):
        queries.by_entrance_code("ZZZZZZZZZZ")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "place-missing"),
        ({"building_id": 10**6}, "building-unknown"),
        ({"compound_id": 10**6}, "compound-unknown"),
        ({"home_id": 10**6}, "home-unknown"),
        ({"area_path": "/1/2"}, "area-unknown"),
        ({"area_path": "/99/9901/zzz"}, "area-unknown"),
    ],
)
def test_a_place_that_does_not_exist_is_refused(asked: dict[str, Any], code: str, town: Town) -> None:
    with refused(code):
        queries.place_of(**asked)


def test_words_written_beside_a_choice_are_kept(town: Town) -> None:
    assert queries.place_of(compound_id=town.compound.pk, words="南门 垃圾房旁").words == "槐花里小区 南门 垃圾房旁"


def test_the_zone_is_the_nearest_areas_own(town: Town) -> None:
    assert queries.zone_of(town.building.path) == "Asia/Shanghai"
    actions.amend(town.town.path, zone="America/New_York", by=ADMIN)
    assert queries.zone_of(town.building.path) == "America/New_York"
    assert queries.place_of(building_id=town.building.pk).zone == "America/New_York"


def test_a_path_is_said_from_the_street_down(town: Town) -> None:
    assert queries.path_words(town.building.path) == "柳湾街道·槐花里社区·槐花里小区·3号楼"
    assert queries.path_words(town.grid.path) == "柳湾街道·槐花里社区·槐花里第一网格"


def test_the_tree_begins_at_the_viewers_reach(town: Town) -> None:
    branches = queries.tree(town.secretary)
    assert [(branch.area.name, branch.depth, branch.compounds, branch.grids) for branch in branches] == [
        ("槐花里社区", 0, 1, 1)
    ]


def test_compounds_are_searched_by_name_alias_and_address(town: Town) -> None:
    actions.amend(town.compound.path, address="药厂路12号", by=ADMIN)
    for text in ("槐花", "老药厂", "药厂路"):
        assert [one.name for one in queries.search_places(text)] == ["槐花里小区"]
    assert queries.search_places("槐花", within=town.other_community.path) == []


def test_placing_a_building_again_asks_the_database_nothing(town: Town, count_statements: Any) -> None:
    queries.place_of(building_id=town.building.pk)
    with count_statements(at_most=0):
        queries.place_of(building_id=town.building.pk)


def test_sheets_are_printed_for_the_entrances_within_reach(town: Town) -> None:
    codes = actions.issue_entrance_codes(town.building.path, by=ADMIN)
    actions.revoke_entrance_code(codes[2].code, reason="停用", by=ADMIN)
    sheets = queries.qr_sheets(town.clerk, town.compound.path, base_url="https://example.test/")
    assert [(sheet.building, sheet.entrance) for sheet in sheets] == [("3号楼", 1), ("3号楼", 2)]
    assert sheets[0].url == f"https://example.test/q/{codes[0].code}"
    with refused("out-of-reach"):
        queries.qr_sheets(town.neighbour, town.compound.path, base_url="https://example.test/")
