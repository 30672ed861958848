"""Places that people name in their own words; every place here is invented."""

from __future__ import annotations

import pytest

from youying.text.housenumbers import building_number, house_numbers, plain_number
from youying.text.places import Gazetteer, PlaceName, winner

TOWN = "/99/9901/990101/990101001"
EAST, WEST = f"{TOWN}/990101001001", f"{TOWN}/990101001002"
SPRING = PlaceName("compound", 1, "清泉里小区", ("老机械厂宿舍",), f"{EAST}/c1")
SPRING_3 = PlaceName("building", 31, "3号楼", (), f"{EAST}/c1/b31")
SPRING_12 = PlaceName("building", 32, "12号楼", (), f"{EAST}/c1/b32")
TOWER = PlaceName("building", 33, "云台大厦", ("云台路8号",), f"{WEST}/b33")
GARDEN_EAST = PlaceName("compound", 2, "东篱花园", (), f"{EAST}/c2")
GARDEN_WEST = PlaceName("compound", 3, "东篱花园", (), f"{WEST}/c3")
ROAD = PlaceName("road", 4, "云台路", (), TOWN)
EAST_AREA = PlaceName("area", 5, "槐安社区", ("槐安社区居委会",), EAST)
WEST_AREA = PlaceName("area", 6, "北坡社区", (), WEST)
ALL = [SPRING, SPRING_3, SPRING_12, TOWER, GARDEN_EAST, GARDEN_WEST, ROAD, EAST_AREA, WEST_AREA]


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer(ALL)


@pytest.mark.parametrize(
    "said",
    [
        "清泉里小区3号楼2单元402",
        "清泉里小区３号楼２单元４０２室",
        "清泉里三栋二单元402",
        "清泉里小区3#楼2单元402",
        "清泉里小区 3-2-402",
        "清泉里3幢第二单元 402户",
        "老机械厂宿舍3栋的2单元402",
    ],
)
def test_a_home_is_found_however_it_is_written(gazetteer, said):
    guess = winner(gazetteer.find(f"我家住{said}，厨房漏水"))
    assert guess.entry == SPRING_3
    assert (guess.building_no, guess.entrance_no, guess.room_no) == ("3", "2", "402")


def test_a_building_not_in_the_register_leaves_its_number_with_the_compound(gazetteer):
    guess = winner(gazetteer.find("清泉里小区9号楼没有灯"))
    assert (guess.entry, guess.building_no) == (SPRING, "9")


def test_twelve_is_not_two(gazetteer):
    assert winner(gazetteer.find("清泉里小区十二号楼电梯坏")).entry == SPRING_12


def test_the_evidence_quotes_the_text_as_written(gazetteer):
    text = "你好， 清泉里 小区３号楼漏水"
    guess = winner(gazetteer.find(text))
    assert [span.words for span in guess.evidence] == ["清泉里 小区", "３号楼"]
    assert all(text[span.start : span.end] == span.words for span in guess.evidence)


def test_a_road_takes_a_door_number(gazetteer):
    guess = winner(gazetteer.find("云台路12号门前井盖破损"))
    assert (guess.entry, guess.door_no, guess.building_no) == (ROAD, "12", "")


def test_a_building_known_by_its_address_wins_over_the_road(gazetteer):
    found = gazetteer.find("云台路8号一楼油烟太大")
    assert winner(found).entry == TOWER
    assert ROAD not in [guess.entry for guess in found]


def test_one_name_of_two_places_has_no_winner(gazetteer):
    found = gazetteer.find("东篱花园路灯坏了")
    assert {guess.entry.id for guess in found} == {2, 3}
    assert winner(found) is None


def test_what_else_the_text_names_settles_which_of_two(gazetteer):
    assert winner(gazetteer.find("北坡社区东篱花园路灯坏了")).entry == GARDEN_WEST
    assert winner(gazetteer.find("东篱花园路灯坏了，找过槐安社区居委会")).entry == GARDEN_EAST


def test_the_office_that_reads_settles_which_of_two(gazetteer):
    assert winner(gazetteer.find("东篱花园路灯坏了", within=WEST)).entry == GARDEN_WEST


def test_two_places_in_one_text_are_both_offered(gazetteer):
    found = gazetteer.find("从清泉里小区到云台大厦的路没有灯")
    assert {SPRING, TOWER} <= {guess.entry for guess in found}


def test_a_number_stays_with_the_place_before_it(gazetteer):
    found = {guess.entry.id: guess for guess in gazetteer.find("清泉里小区对面的东篱花园5号楼")}
    assert found[1].building_no == ""
    assert found[2].building_no == found[3].building_no == "5"


@pytest.mark.parametrize("text", ["", "没有地名", "😀 ' OR 1=1 --", "<b>3号楼</b>"])
def test_a_text_without_a_known_name_names_no_place(gazetteer, text):
    assert gazetteer.find(text) == []
    assert winner([]) is None


def test_an_empty_register_finds_nothing():
    assert Gazetteer([]).find("清泉里小区") == []


@pytest.mark.parametrize(
    ("said", "plain"),
    [("三", "3"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("一百零二", "102"), ("一〇二", "102"), ("03", "3"), ("a", "a")],
)  # fmt: skip
def test_numbers_are_written_in_plain_digits(said, plain):
    assert plain_number(said) == plain


@pytest.mark.parametrize(
    "text", ["2024年3月5日", "2号上午来过", "1200元", "3号线地铁", "室温14度", "12345热线", "5号开始停水"]
)
def test_dates_sums_and_lines_are_no_house_numbers(text):
    assert list(house_numbers(text)) == []


@pytest.mark.parametrize(
    ("name", "number"), [("3号楼", "3"), ("三栋", "3"), ("A座", "a"), ("7", "7"), ("云台大厦", "")]
)
def test_a_building_s_own_name_gives_its_number(name, number):
    assert building_number(name.lower()) == number
