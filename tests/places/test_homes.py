"""What is said of a home: its use, its exact area with the source, who occupies it; by an act and by table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.places.town import ADMIN, Town, viewer
from youying.kernel.refusals import Refused
from youying.places.actions import add_homes, describe_home, import_rows
from youying.places.models import Home
from youying.record.models import Entry
from youying.record.queries import story

ROW = {"小区": "槐花里小区", "楼栋": "3号楼", "单元": 1, "楼层": 3, "房号": 302.0}
SAID = {"房屋用途": "商铺", "建筑面积": "89.50平方米", "面积来源": "房产证", "居住情况": "租住"}


@pytest.fixture
def home(town: Town) -> Home:
    """302 at the first entrance of building 3."""
    return add_homes(town.building.path, homes=[(1, 3, "302")], by=ADMIN)[0]


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def test_a_home_is_described_within_reach_and_the_record_says_what_changed(town: Town, home: Home) -> None:
    describe_home(home.pk, use="住宅", area_m2="89.50", area_source="测绘", occupancy="空置", by=town.secretary)
    row = Home.objects.get()
    assert (row.use, row.area_m2, row.area_source, row.occupancy) == ("dwelling", Decimal("89.50"), "survey", "empty")
    assert story(home.subject)[-1].facts == {
        "before": {"area_m2": None, "area_source": "", "occupancy": ""},
        "after": {"area_m2": "89.50", "area_source": "survey", "occupancy": "empty"},
        "building": town.building.path,
    }


def test_the_neighbouring_community_does_not_describe_it(town: Town, home: Home) -> None:
    with refused("home-unknown"):
        describe_home(home.pk, occupancy="出租", by=town.neighbour)
    assert Home.objects.get().occupancy == ""


def test_whoever_may_only_look_does_not_describe_it(town: Town, home: Home) -> None:
    with refused("no-power"):
        describe_home(home.pk, occupancy="出租", by=town.clerk)


def test_the_same_once_more_is_refused_and_leaves_no_entry(town: Town, home: Home) -> None:
    describe_home(home.pk, occupancy="出租", by=town.secretary)
    with refused("nothing-changed"):
        describe_home(home.pk, occupancy="let", by=town.secretary)
    assert len(story(home.subject)) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"area_m2": "89.505", "area_source": "测绘"}, "home-area-unfit"),
        ({"area_m2": "0", "area_source": "测绘"}, "home-area-unfit"),
        ({"area_m2": "约90", "area_source": "测绘"}, "home-area-unfit"),
        ({"area_m2": "89.5"}, "area-source-missing"),
        ({"area_source": "测绘"}, "area-missing"),
        ({"area_m2": "89.5", "area_source": "听说"}, "area-source-unknown"),
        ({"use": "仙宫"}, "use-unknown"),
        ({"occupancy": "有人"}, "occupancy-unknown"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(
    said: dict[str, str], code: str, town: Town, home: Home
) -> None:
    with refused(code):
        describe_home(home.pk, by=town.secretary, **said)
    assert Home.objects.get().area_m2 is None


def test_an_area_without_its_source_is_not_stored(home: Home) -> None:
    with pytest.raises(IntegrityError, match="an_area_of_a_home_names_its_source"), transaction.atomic():
        Home.objects.filter(pk=home.pk).update(area_m2=Decimal(90))


def test_a_table_of_homes_takes_use_area_source_and_occupancy(town: Town) -> None:
    outcome = import_rows("home", [ROW | SAID], by=ADMIN)
    row = Home.objects.get()
    assert outcome.refused == []
    assert (row.use, row.area_m2, row.area_source, row.occupancy) == ("shop", Decimal("89.5"), "certificate", "let")
    assert import_rows("home", [ROW | SAID], by=ADMIN).same == 1


def test_a_later_table_changes_the_cell_that_differs_and_tells_it_exactly(town: Town, home: Home) -> None:
    import_rows("home", [ROW | SAID], by=ADMIN)
    import_rows("home", [ROW | {"面积": 91.25, "面积来源": "测绘"}], by=ADMIN)
    changed = Entry.objects.order_by("-id")[0].facts["changed"]
    assert list(changed.values()) == [{"area_m2": ["89.50", "91.25"], "area_source": ["certificate", "survey"]}]


def test_a_row_with_an_area_that_names_no_source_is_listed_and_the_others_land(town: Town) -> None:
    outcome = import_rows("home", [ROW | {"面积": 90}, ROW | {"房号": "303"}], by=viewer("/", "places"))
    assert [(bad.row, bad.field) for bad in outcome.refused] == [(2, "area_source")]
    assert list(Home.objects.values_list("number", flat=True)) == ["303"]
