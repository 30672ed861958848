"""Codes, levels, paths and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.refusals import Refused
from youying.places import rules

DIGITS = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    ("code", "level", "stored"),
    [
        ("990000000000", "province", "99"),
        ("990100000000", "city", "9901"),
        ("990101000000", "county", "990101"),
        ("990101001000", "town", "990101001"),
        ("990101001001", "community", "990101001001"),
        ("990101001", "town", "990101001"),
        ("９９０１０１００１０００", "town", "990101001"),
        ("ward-7", "community", "WARD-7"),
    ],
)
def test_a_code_is_stored_with_the_digits_of_its_level(code: str, level: str, stored: str) -> None:
    assert rules.area_code(code, level=level) == stored


@pytest.mark.parametrize("code", ["", "a b c ！", "编码", "x" * 25, "-1"])
def test_a_code_of_other_characters_is_refused(code: str) -> None:
    with pytest.raises(Refused, match=r"^area-code-unreadable:"):
        rules.area_code(code, level="town")


@given(DIGITS)
def test_a_twelve_digit_code_always_shows_a_level_that_takes_it(code: str) -> None:
    level = rules.level_of_code(code)
    assert code.startswith(rules.area_code(code, level=level))


@pytest.mark.parametrize(("code", "level"), [("99", "province"), ("990101001", "town"), ("990101000000", "county")])
def test_the_length_of_a_code_shows_its_level(code: str, level: str) -> None:
    assert rules.level_of_code(code) == level


def test_a_code_that_shows_no_level_is_refused() -> None:
    with pytest.raises(Refused, match=r"^level-missing:"):
        rules.level_of_code("12345")


def test_a_level_is_known_by_the_words_people_use() -> None:
    assert [rules.level_named(word) for word in ("街道", "村", "旗", "TOWN")] == ["town", "community", "county", "town"]
    with pytest.raises(Refused, match=r"^level-unknown:"):
        rules.level_named("银河")


@given(st.text(max_size=60))
def test_a_cell_made_plain_is_plain_already(text: str) -> None:
    once = rules.plain(text)
    assert rules.plain(once) == once == once.strip()
    assert "\n" not in once and "\0" not in once


def test_a_whole_number_of_a_spreadsheet_has_no_point() -> None:
    assert rules.plain(990101001001.0) == "990101001001"
    assert rules.plain(2.5) == "2.5"


def test_aliases_are_divided_without_doubles_and_without_the_name() -> None:
    assert rules.split_aliases("甲、乙，甲;丙/丁", name="丁") == ["甲", "乙", "丙"]
    with pytest.raises(Refused, match=r"^aliases-too-many:"):
        rules.split_aliases("、".join(str(number) for number in range(40)))


@pytest.mark.parametrize("text", ["0", "61", "1.5", "很多", "-1"])
def test_a_count_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"^number-out-of-range:"):
        rules.whole(text, field="entrances", what="单元数", least=1, most=60)


@pytest.mark.parametrize(("text", "degrees"), [("101.7", 101.7), ("", None), ("-180", -180.0)])
def test_a_longitude_is_read(text: str, degrees: float | None) -> None:
    assert rules.coordinate(text, field="longitude") == degrees


@pytest.mark.parametrize("text", ["181", "nan", "inf", "东经"])
def test_what_is_no_longitude_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"^coordinate-unreadable:"):
        rules.coordinate(text, field="longitude")


def test_latitudes_end_at_ninety() -> None:
    with pytest.raises(Refused, match=r"^coordinate-unreadable:"):
        rules.coordinate("91", field="latitude")


def test_a_path_lies_in_itself_and_above_but_not_beside() -> None:
    assert rules.lies_in("/1/2", "/1/2") and rules.lies_in("/1/2/3", "/1/2") and rules.lies_in("/1", "/")
    assert not rules.lies_in("/1/23", "/1/2")


@pytest.mark.parametrize(("level", "parent"), [("community", "community"), ("town", "community"), ("province", "city")])
def test_a_parent_must_stand_above(level: str, parent: str) -> None:
    with pytest.raises(Refused, match=r"^parent-not-above:"):
        rules.check_parent(level, parent_level=parent)


def test_levels_may_be_left_out() -> None:
    rules.check_parent("town", parent_level="city")
    rules.check_parent("town", parent_level=None)


def test_compounds_hang_on_communities_and_towns_and_grids_on_communities() -> None:
    rules.check_bears("town", what="compound")
    rules.check_bears("community", what="grid")
    for level, what in (("town", "grid"), ("county", "compound")):
        with pytest.raises(Refused, match=r"^area-too-high:"):
            rules.check_bears(level, what=what)


def test_a_zone_is_an_iana_name_or_nothing() -> None:
    assert rules.checked_zone("") == ""
    assert rules.checked_zone("America/New_York") == "America/New_York"
    with pytest.raises(Refused, match=r"^zone-unknown:"):
        rules.checked_zone("火星/基地")


@pytest.mark.parametrize("text", ["13900000000", "0971-8230155", "+86 139 0000 0000", ""])
def test_a_printed_telephone_is_kept_as_written(text: str) -> None:
    assert rules.phone_shown(text) == text


def test_what_is_no_telephone_is_refused() -> None:
    with pytest.raises(Refused, match=r"^phone-unreadable:"):
        rules.phone_shown("打我电话")


def test_kinds_are_known_by_word_and_an_empty_one_is_an_estate() -> None:
    assert (rules.kind_named(""), rules.kind_named("自然村")) == ("estate", "village")
    with pytest.raises(Refused, match=r"^compound-kind-unknown:"):
        rules.kind_named("飞船")
