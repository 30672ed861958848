"""Adding, amending, moving and closing places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.places.town import ADMIN, Town, square, viewer
from youying.access import actions as access
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places import actions, queries
from youying.places.models import Area, Building, Compound, EntranceCode, Grid, GridCover
from youying.record.models import Entry
from youying.record.queries import opened, story


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def test_an_areas_path_is_the_codes_from_the_province_down(town: Town) -> None:
    assert town.community.path == "/99/9901/990101/990101001/990101001001"


def test_a_compound_a_building_and_a_grid_hang_below_the_community(town: Town) -> None:
    assert town.compound.path == f"{town.community.path}/c{town.compound.pk}"
    assert town.building.path == f"{town.compound.path}/b{town.building.pk}"
    assert town.grid.path == f"{town.community.path}/g{town.grid.pk}"


ACTS: dict[str, Callable[[Town, Viewer], Any]] = {
    "add-area": lambda t, by: actions.add_area(
        "990101001009", name="槐花新村", level="社区", parent=t.town.path, by=by
    ),
    "add-compound": lambda t, by: actions.add_compound(t.community.path, name="药厂小区", by=by),
    "add-building": lambda t, by: actions.add_building(t.compound.path, name="4号楼", by=by),
    "add-grid": lambda t, by: actions.add_grid(t.community.path, code="990101001001002", title="槐花里第二网格", by=by),
    "add-road": lambda t, by: actions.add_road(t.community.path, name="药厂路", by=by),
    "add-homes": lambda t, by: actions.add_homes(t.building.path, homes=[(1, 3, "302")], by=by),
    "rename": lambda t, by: actions.rename(t.compound.path, name="槐花新苑", by=by),
    "amend": lambda t, by: actions.amend(t.building.path, floors=7, by=by),
    "cover": lambda t, by: actions.cover(t.grid.path, paths=[t.building.path], by=by),
    "move": lambda t, by: actions.move(t.compound.path, to=t.other_community.path, by=by),
    "close": lambda t, by: actions.close(t.grid.path, by=by),
    "issue-codes": lambda t, by: actions.issue_entrance_codes(t.building.path, by=by),
}


@pytest.mark.parametrize("name", ACTS)
def test_whoever_has_the_power_and_the_reach_may(name: str, town: Town) -> None:
    by = viewer(town.town.path, "places", title="街道管理员")
    ACTS[name](town, by)
    assert name in ",".join(_last_acts())


@pytest.mark.parametrize("name", ACTS)
def test_whoever_lacks_the_power_over_places_may_not(name: str, town: Town) -> None:
    before = len(_last_acts())
    with refused("no-power"):
        ACTS[name](town, town.clerk)
    assert len(_last_acts()) == before


@pytest.mark.parametrize("name", ACTS)
def test_whoever_reaches_only_the_neighbouring_community_may_not(name: str, town: Town) -> None:
    before = len(_last_acts())
    with refused("out-of-reach"):
        ACTS[name](town, town.neighbour)
    assert len(_last_acts()) == before


def _last_acts() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("act", flat=True))


def test_a_code_is_given_once(town: Town) -> None:
    with refused("place-twice"):
        actions.add_area("990101001001", name="槐花里二社区", level="社区", parent=town.town.path, by=ADMIN)
    assert Area.objects.filter(code="990101001001").count() == 1


def test_a_community_may_not_hang_below_a_community(town: Town) -> None:
    with refused("parent-not-above"):
        actions.add_area("990101001099", name="误社区", level="社区", parent=town.community.path, by=ADMIN)


def test_a_twelve_digit_code_that_does_not_fit_its_level_is_refused(db: None) -> None:
    with refused("area-code-level"):
        actions.add_area("990101001001", name="柳湾街道", level="街道", by=ADMIN)


def test_a_grid_hangs_below_a_community_only(town: Town) -> None:
    with refused("area-too-high"):
        actions.add_grid(town.town.path, code="990101001000001", title="街道网格", by=ADMIN)


@pytest.mark.parametrize("name", ["", "   ", "楼" * 81])
def test_a_name_that_is_empty_or_too_long_is_refused(name: str, town: Town) -> None:
    with pytest.raises(Refused, match=r"^name-"):
        actions.add_compound(town.community.path, name=name, by=ADMIN)


def test_a_renamed_compound_is_still_found_by_its_old_name(town: Town) -> None:
    actions.rename(town.compound.path, name="槐花新苑", by=town.secretary)
    names = [
        row.name for row in queries.gazetteer_rows() if row.compound_id == town.compound.pk and row.kind == "compound"
    ]
    assert names == ["槐花新苑", "槐花里小区", "槐花里", "老药厂家属院"]


def test_an_amendment_is_recorded_before_and_after(town: Town) -> None:
    actions.amend(town.building.path, floors=7, by=town.secretary)
    assert story(f"building:{town.building.pk}")[-1].facts == {"before": {"floors": 6}, "after": {"floors": 7}}


def test_a_grid_workers_name_and_phone_are_sealed_in_the_record(town: Town) -> None:
    actions.amend(town.grid.path, worker_name="苏敏", worker_phone="13900000001", by=town.secretary)
    entry = story(f"grid:{town.grid.pk}")[-1]
    assert entry.facts == {"before": {}, "after": {}}
    assert opened(entry)["after"] == {"worker_name": "苏敏", "worker_phone": "13900000001"}


def test_an_amendment_that_changes_nothing_is_refused(town: Town) -> None:
    with refused("nothing-changed"):
        actions.amend(town.building.path, floors=6, by=town.secretary)


def test_something_that_a_building_does_not_have_is_refused(town: Town) -> None:
    with refused("field-unknown"):
        actions.amend(town.building.path, colour="红", by=town.secretary)


def test_half_a_point_is_refused(town: Town) -> None:
    with refused("point-half"):
        actions.amend(town.compound.path, longitude=101.7, latitude="", by=town.secretary)


def test_moving_a_compound_carries_its_buildings_and_drops_the_old_communitys_grid(town: Town) -> None:
    by = viewer(town.town.path, "places")
    actions.move(town.compound.path, to=town.other_community.path, by=by)
    assert Building.objects.get().path == f"{town.other_community.path}/c{town.compound.pk}/b{town.building.pk}"
    assert not GridCover.objects.exists()
    assert queries.place_of(building_id=town.building.pk).area_path == town.other_community.path


def test_moving_a_community_carries_all_below_it(town: Town) -> None:
    new_town = actions.add_area("990101003000", name="城北街道", level="街道", parent="/99/9901/990101", by=ADMIN)
    actions.move(town.community.path, to=new_town.path, by=ADMIN)
    moved = f"{new_town.path}/990101001001"
    assert Compound.objects.get().path == f"{moved}/c{town.compound.pk}"
    assert Building.objects.get().path == f"{moved}/c{town.compound.pk}/b{town.building.pk}"
    assert Grid.objects.get().path == f"{moved}/g{town.grid.pk}"


def test_units_of_a_moved_community_keep_their_place(town: Town) -> None:
    founder = viewer("/", "accounts", "places")
    unit = access.create_unit(
        code="huaili", title="槐花里社区居委会", kind="community-office", reach=town.community.path, by=founder
    )
    new_town = actions.add_area("990101003000", name="城北街道", level="街道", parent="/99/9901/990101", by=ADMIN)
    actions.move(town.community.path, to=new_town.path, by=ADMIN)
    unit.refresh_from_db()
    assert unit.reach == f"{new_town.path}/990101001001"


def test_an_area_cannot_move_below_itself(town: Town) -> None:
    with refused("move-into-itself"):
        actions.move("/99/9901/990101", to=town.town.path, by=ADMIN)


def test_an_area_in_use_is_not_closed(town: Town) -> None:
    with refused("area-not-empty"):
        actions.close(town.community.path, by=ADMIN)
    assert Area.objects.get(pk=town.community.pk).closed_at is None


def test_a_closed_compound_closes_its_buildings_and_reopens_with_them(town: Town) -> None:
    actions.close(town.compound.path, reason="整体拆迁", by=town.secretary)
    with refused("compound-unknown"):
        queries.place_of(compound_id=town.compound.pk)
    with refused("building-unknown"):
        queries.place_of(building_id=town.building.pk)
    actions.reopen(town.compound.path, by=town.secretary)
    assert queries.place_of(building_id=town.building.pk).compound_id == town.compound.pk


def test_only_whoever_has_the_power_and_the_reach_reopens(town: Town) -> None:
    actions.close(town.compound.path, by=town.secretary)
    with refused("no-power"):
        actions.reopen(town.compound.path, by=town.clerk)
    with refused("out-of-reach"):
        actions.reopen(town.compound.path, by=town.neighbour)
    assert Compound.objects.get().closed_at is not None


def test_a_place_that_is_open_is_not_reopened(town: Town) -> None:
    with refused("place-open"):
        actions.reopen(town.compound.path, by=town.secretary)


def test_a_closed_place_is_not_amended(town: Town) -> None:
    actions.close(town.grid.path, by=town.secretary)
    with refused("place-closed"):
        actions.amend(town.grid.path, title="旧网格", by=town.secretary)


def test_a_closed_road_is_no_longer_found_in_text(town: Town) -> None:
    road = actions.add_road(town.community.path, name="药厂路", aliases="药厂街", by=town.secretary)
    assert {"药厂路", "药厂街"} <= {row.name for row in queries.gazetteer_rows()}
    with refused("out-of-reach"):
        actions.close_road(road.pk, by=town.neighbour)
    with refused("no-power"):
        actions.close_road(road.pk, by=town.clerk)
    actions.close_road(road.pk, by=town.secretary)
    assert "药厂路" not in {row.name for row in queries.gazetteer_rows()}


def test_a_grid_looks_after_nothing_of_another_community(town: Town) -> None:
    strange = actions.add_compound(town.other_community.path, name="渡口花园", by=ADMIN)
    with refused("cover-elsewhere"):
        actions.cover(town.grid.path, paths=[strange.path], by=ADMIN)


def test_the_code_of_an_entrance_stays_the_same_for_good(town: Town) -> None:
    first = actions.issue_entrance_codes(town.building.path, by=town.secretary)
    again = actions.issue_entrance_codes(town.building.path, by=town.secretary)
    assert [row.entrance for row in first] == [1, 2, 3]
    assert [row.code for row in again] == [row.code for row in first]


def test_a_revoked_code_opens_nothing_and_is_replaced_by_another(town: Town) -> None:
    code = actions.issue_entrance_codes(town.building.path, by=town.secretary)[0].code
    assert queries.by_entrance_code(code).entrance == 1
    with refused("out-of-reach"):
        actions.revoke_entrance_code(code, reason="被撕", by=town.neighbour)
    with refused("no-power"):
        actions.revoke_entrance_code(code, reason="被撕", by=town.clerk)
    actions.revoke_entrance_code(code, reason="被撕", by=town.secretary)
    with refused("entrance-code-revoked"):
        queries.by_entrance_code(code)
    actions.issue_entrance_codes(town.building.path, by=town.secretary)
    assert EntranceCode.objects.filter(entrance=1).count() == 2


def test_a_polygon_in_metres_is_refused(town: Town) -> None:
    with refused("polygon-unreadable"):
        actions.amend(town.compound.path, polygon=square(450_000.0, 4_050_000.0), by=town.secretary)


@pytest.mark.parametrize("given", ["不是 JSON", "[1, 2]", '{"type": "Point", "coordinates": [101.7, 36.6]}'])
def test_what_is_no_polygon_is_refused(given: str, town: Town) -> None:
    with refused("polygon-unreadable"):
        actions.amend(town.compound.path, polygon=given, by=town.secretary)
