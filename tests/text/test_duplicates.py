"""The same demand told twice is offered as such, never merged by the text alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from youying.text.duplicates import BANDS, Known, bands, likenesses, similarity

FIRST = "清泉里小区三号楼下水道堵塞，污水从井口冒出来流到路上，味道很大，已经三天没有人来处理，请尽快派人疏通。"
AGAIN = "清泉里小区三号楼下水道堵塞，污水从井口冒出来流到路面上，气味很大，已经四天没有人处理，请尽快派人来疏通！"
OTHER = "东篱花园门口的路灯坏了半个月，晚上老人出门看不见路，想问由哪个单位维修。"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FROZEN = [2097627304, 462516755]
PLACE = "/99/9901/990101/990101001/c1"


def test_a_demand_told_twice_shares_a_band_and_a_stranger_none():
    assert set(enumerate(bands(FIRST))) & set(enumerate(bands(AGAIN)))
    assert not set(enumerate(bands(FIRST))) & set(enumerate(bands(OTHER)))


def test_bands_are_the_same_for_good_and_fit_an_integer_column():
    assert bands(FIRST)[:2] == FROZEN
    assert len(bands(FIRST)) == BANDS
    assert all(0 <= value < 2**31 for value in bands(FIRST))


def test_width_spaces_and_case_do_not_change_the_bands():
    assert bands("Ａ座 ３号 电梯坏") == bands("a座3号电梯坏")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_has_no_bands(text):
    assert bands(text) == []
    assert similarity(text, FIRST) == 0.0


@pytest.mark.parametrize("text", ["水", "😀", "\ud800", "长" * 100_000])
def test_odd_texts_have_bands(text):
    assert len(bands(text)) == BANDS


def test_similarity_is_one_for_the_same_and_the_same_both_ways():
    assert similarity(FIRST, FIRST) == 1.0
    assert similarity(FIRST, AGAIN) == similarity(AGAIN, FIRST) > 0.6
    assert similarity(FIRST, OTHER) < 0.2


def test_the_likest_comes_first_with_its_reasons():
    demand = Known(1, FIRST, PLACE, "utilities.drainage", NOON)
    others = [
        Known(2, AGAIN, PLACE, "utilities.drainage", NOON - timedelta(days=3)),
        Known(3, OTHER, PLACE, "city.lamps", NOON),
        demand,
    ]
    found = likenesses(demand, others)
    assert [likeness.key for likeness in found] == [2]
    assert found[0].reasons[1:] == ("同一地点", "同一分类", "相隔 3 天")


def test_the_same_words_about_another_place_count_less():
    here = Known(2, AGAIN, PLACE)
    elsewhere = Known(3, AGAIN, PLACE[:-2] + "c9")
    found = {likeness.key: likeness.score for likeness in likenesses(Known(1, FIRST, PLACE), [here, elsewhere])}
    assert found[3] < found[2]


def test_a_building_in_the_compound_is_near():
    found = likenesses(Known(1, FIRST, PLACE + "/b3"), [Known(2, AGAIN, PLACE)])
    assert "地点相近" in found[0].reasons


def test_time_that_passes_takes_away():
    demand = Known(1, FIRST, at=NOON)
    recent, old = (likenesses(demand, [Known(2, AGAIN, at=NOON - timedelta(days=d))])[0] for d in (1, 300))
    assert recent.score > old.score
