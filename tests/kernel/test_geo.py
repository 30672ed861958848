"""Points between the three systems in use."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.geo import (
    Point,
    bd09_to_gcj02,
    bd09_to_wgs84,
    distance_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    point,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from youying.kernel.refusals import Refused

inland = st.builds(Point, st.floats(75, 134), st.floats(18, 53))


def test_the_published_example_of_the_conversion() -> None:
    """116.404, 39.915: the example that the widely copied conversion tables print, to six decimals."""
    at = Point(116.404, 39.915)
    there = wgs84_to_gcj02(at)
    assert (round(there.lng, 6), round(there.lat, 6)) == (116.410244, 39.916404)
    baidu = gcj02_to_bd09(at)
    assert (round(baidu.lng, 6), round(baidu.lat, 6)) == (116.410369, 39.921337)


def test_abroad_nothing_is_shifted() -> None:
    boston = Point(-71.0589, 42.3601)
    assert wgs84_to_gcj02(boston) == boston
    assert gcj02_to_wgs84(boston) == boston


@given(inland)
def test_there_and_back_is_the_same_point_to_a_centimetre(at: Point) -> None:
    assert distance_m(gcj02_to_wgs84(wgs84_to_gcj02(at)), at) < 0.01
    assert distance_m(bd09_to_gcj02(gcj02_to_bd09(at)), at) < 0.01
    assert distance_m(bd09_to_wgs84(wgs84_to_bd09(at)), at) < 0.01
    assert 30 < distance_m(wgs84_to_gcj02(at), at) < 1_500


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert round(distance_m(Point(101, 36), Point(101, 37)) / 1_000, 1) == 111.2


@pytest.mark.parametrize(("lng", "lat"), [(181, 0), (101, 91), (math.nan, 36), (101, math.inf), (0, 0), (36.6, 101.8)])
def test_a_point_that_cannot_be_is_refused(lng: float, lat: float) -> None:
    assert point(101.8, 36.6) == (101.8, 36.6)
    with pytest.raises(Refused, match="point-impossible"):
        point(lng, lat)


def test_swapped_coordinates_are_named_as_such() -> None:
    with pytest.raises(Refused) as refusal:
        point(36.6, 101.8)
    assert "写反" in refusal.value.say
