"""Tables of places: every row lands or is listed with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from tests.places.town import ADMIN, Town, viewer
from youying.kernel.refusals import Refused
from youying.places import queries
from youying.places.actions import import_rows
from youying.places.models import Area, Building, Compound, Grid, Home, Road
from youying.record.models import Entry

AREAS = [
    {"代码": "880103005012", "名称": "东溪社区", "层级": "社区"},
    {"代码": "880103005000", "名称": "东溪街道", "层级": "街道"},
    {"代码": "880000000000", "名称": "白桦省", "层级": "省"},
    {"代码": "880100000000", "名称": "白桦市", "层级": "市"},
    {"代码": "880103000000", "名称": "东溪区", "层级": "区县"},
]
COMPOUNDS = [
    {"社区代码": "990101001001", "小区": "药厂小区", "别名": "药厂家属院", "类型": "住宅小区", "地址": "药厂路1号"},
    {"社区代码": "渡口社区", "小区": "渡口花园", "别名": "", "类型": "", "地址": ""},
]


def said(outcome: Any) -> list[tuple[int, str]]:
    """Row and field of each refused row."""
    return [(bad.row, bad.field) for bad in outcome.refused]


def test_areas_in_any_order_find_their_parents_by_code(db: None) -> None:
    outcome = import_rows("area", AREAS, by=ADMIN)
    assert (len(outcome.added), outcome.refused) == (5, [])
    assert Area.objects.get(name="东溪社区").path == "/88/8801/880103/880103005/880103005012"


def test_the_level_is_read_off_the_code_where_no_column_says_it(db: None) -> None:
    import_rows("area", [{"代码": row["代码"], "名称": row["名称"]} for row in AREAS], by=ADMIN)
    assert Area.objects.get(name="东溪街道").level == "town"


def test_a_table_taken_in_twice_changes_nothing_and_makes_no_second_entry_of_places(town: Town) -> None:
    first = import_rows("compound", COMPOUNDS, by=ADMIN)
    rows = list(Compound.objects.order_by("pk").values())
    again = import_rows("compound", COMPOUNDS, by=ADMIN)
    assert (len(first.added), again.same, again.touched) == (2, 2, False)
    assert list(Compound.objects.order_by("pk").values()) == rows


def test_a_changed_cell_changes_its_field_alone_and_an_empty_cell_says_nothing(town: Town) -> None:
    import_rows("compound", COMPOUNDS, by=ADMIN)
    outcome = import_rows("compound", [{**COMPOUNDS[0], "地址": "药厂路2号", "别名": ""}], by=ADMIN)
    row = Compound.objects.get(name="药厂小区")
    assert (row.address, row.aliases, len(outcome.changed)) == ("药厂路2号", ["药厂家属院"], 1)
    assert Entry.objects.order_by("-id")[0].facts["changed"] == {
        f"{town.community.path}/药厂小区": {"address": ["药厂路1号", "药厂路2号"]}
    }


def test_bad_rows_are_listed_with_their_reason_and_the_good_ones_land(town: Town) -> None:
    rows = [
        COMPOUNDS[0],
        {"社区代码": "123456", "小区": "无处小区"},
        {"社区代码": "990101001001", "小区": ""},
        {"社区代码": "990101001001", "小区": "怪小区", "类型": "飞船"},
        {"社区代码": "990101001001", "小区": "药厂小区", "地址": "别处"},
        {"社区代码": "990101", "小区": "区级小区"},
    ]
    outcome = import_rows("compound", rows, by=ADMIN)
    assert said(outcome) == [(3, "area"), (4, "name"), (5, "kind"), (6, ""), (7, "area")]
    assert outcome.refused[0].cells["小区"] == "无处小区"
    assert outcome.to_fix()[0] == {"行": "3", "社区代码": "123456", "小区": "无处小区", "原因": outcome.refused[0].say}
    assert "第2行" in outcome.refused[3].say
    assert Compound.objects.filter(name="药厂小区").exists()


def test_a_row_outside_reach_is_listed_and_nothing_of_it_lands(town: Town) -> None:
    by = viewer(town.community.path, "places")
    outcome = import_rows("compound", COMPOUNDS, by=by)
    assert [bad.row for bad in outcome.refused] == [3]
    assert not Compound.objects.filter(name="渡口花园").exists()


def test_whoever_lacks_the_power_over_places_takes_in_nothing(town: Town) -> None:
    with pytest.raises(Refused, match=r"^no-power:"):
        import_rows("compound", COMPOUNDS, by=town.clerk)
    assert not Compound.objects.filter(name="药厂小区").exists()


def test_buildings_find_their_compound_by_name_or_alias(town: Town) -> None:
    rows = [
        {"小区": "老药厂家属院", "楼栋": "5号楼", "单元数": 4.0, "层数": "18"},
        {"小区": "没有的小区", "楼栋": "1号楼", "单元数": "", "层数": ""},
        {"小区": "槐花里小区", "楼栋": "6号楼", "单元数": "很多", "层数": ""},
    ]
    outcome = import_rows("building", rows, by=ADMIN)
    row = Building.objects.get(name="5号楼")
    assert (row.entrances, row.floors, row.path) == (4, 18, f"{town.compound.path}/b{row.pk}")
    assert said(outcome) == [(3, "compound"), (4, "entrances")]


def test_grids_come_with_what_they_look_after(town: Town) -> None:
    row = {"网格代码": "990101001001002", "网格名称": "第二网格", "网格员": "方小雨", "网格员电话": "13900000002"}
    outcome = import_rows("grid", [{**row, "覆盖": "槐花里小区/3号楼"}], by=ADMIN)
    grid = Grid.objects.get(code="990101001001002")
    assert outcome.refused == []
    assert (grid.area, grid.worker_name) == (town.community, "方小雨")
    assert queries.place_of(building_id=town.building.pk).grid_id == grid.pk
    assert "方小雨" not in str(Entry.objects.order_by("-id")[0].facts)
    assert import_rows("grid", [{**row, "覆盖": "槐花里小区/3号楼"}], by=ADMIN).touched is False


def test_roads_and_homes_come_in_tables_too(town: Town) -> None:
    import_rows("road", [{"社区": "槐花里社区", "道路": "药厂路"}], by=ADMIN)
    homes = [{"小区": "槐花里小区", "楼栋": "3号楼", "单元": 1, "楼层": 3, "房号": 302.0}]
    import_rows("home", homes, by=ADMIN)
    home = Home.objects.get()
    assert Road.objects.get().name == "药厂路"
    assert (home.building, home.entrance, home.floor, home.number) == (town.building, 1, 3, "302")
    assert import_rows("home", homes, by=ADMIN).same == 1


def test_a_table_does_not_move_a_grid_to_another_community(town: Town) -> None:
    rows = [{"网格代码": "990101001001001", "网格名称": "槐花里第一网格", "社区代码": "990101001002"}]
    outcome = import_rows("grid", rows, by=ADMIN)
    assert "移动" in outcome.refused[0].say
    assert Grid.objects.get().area == town.community


def test_a_table_without_a_needed_column_is_refused_as_a_whole(town: Town) -> None:
    outcome = import_rows("building", [{"楼号": "5号楼"}], by=ADMIN)
    assert "小区" in outcome.refused[0].say


def test_a_kind_that_nobody_knows_is_refused(db: None) -> None:
    with pytest.raises(Refused, match=r"^place-kind-unknown:"):
        import_rows("planet", [], by=ADMIN)


def test_columns_that_say_nothing_to_us_are_named(town: Town) -> None:
    outcome = import_rows("compound", [{**COMPOUNDS[0], "备注": "旧"}], by=ADMIN)
    assert outcome.ignored_columns == ["备注"]


def test_a_thousand_rows_take_few_statements(town: Town, count_statements: Any) -> None:
    rows = [{"社区代码": "990101001001", "小区": f"小区{number}"} for number in range(1000)]
    with count_statements(at_most=30):
        import_rows("compound", rows, by=ADMIN)
    assert Compound.objects.filter(name="小区999", path__startswith=town.community.path).exists()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "'; DROP TABLE places_area; --", "🏠小区", "ＡＢＣ１２３小区"]
)
def test_odd_names_are_kept_as_names(name: str, town: Town) -> None:
    outcome = import_rows("compound", [{"社区代码": "990101001001", "小区": name}], by=ADMIN)
    assert outcome.refused == []
    assert Compound.objects.filter(area=town.community).count() == 2


def test_a_grid_with_what_it_covers_is_counted_once_and_its_covers_are_written_down(town: Town) -> None:
    def grid(**changed: str) -> dict[str, str]:
        row = {"网格代码": "990101001001003", "社区代码": "990101001001", "网格名称": "第三网格", "覆盖": "药厂小区"}
        return row | changed

    import_rows("compound", COMPOUNDS, by=ADMIN)
    made = import_rows("grid", [grid(), grid(网格代码="990101001001004", 覆盖="没有的小区")], by=ADMIN)
    assert (len(made.added), len(made.changed), made.same, len(made.refused), made.rows) == (1, 0, 0, 1, 2)
    assert [list(said) for said in made.facts()["changed"].values()] == [["covers"]]
    wider = import_rows("grid", [grid(覆盖="槐花里小区")], by=ADMIN)
    assert (len(wider.added), len(wider.changed), wider.same, wider.touched) == (0, 1, 0, True)
    again = import_rows("grid", [grid(覆盖="槐花里小区")], by=ADMIN)
    assert (len(again.changed), again.same, again.touched) == (0, 1, False)
