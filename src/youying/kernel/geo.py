"""Points on the earth: WGS-84 (GPS, what is stored), GCJ-02 (Chinese maps) and BD-09 (Baidu)."""

from __future__ import annotations

import math
from typing import NamedTuple

from youying.kernel.refusals import Refused

# Krasovsky 1940 ellipsoid, as the published GCJ-02 conversion uses it.
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_PI = math.pi * 3000.0 / 180.0
EARTH_RADIUS_M = 6_371_008.8


class Point(NamedTuple):
    """Degrees; longitude first, as in GeoJSON."""

    lng: float
    lat: float


def point(lng: float, lat: float) -> Point:
    """A point that can be; refused when out of range, not a number, or 0/0 (what a phone sends when it knows nothing)."""
    fine = math.isfinite(lng) and math.isfinite(lat) and abs(lng) <= 180 and abs(lat) <= 90
    if not fine or (lng == 0 and lat == 0):
        swapped = math.isfinite(lng) and math.isfinite(lat) and abs(lat) <= 180 and abs(lng) <= 90
        hint = "经度和纬度像是写反了。" if swapped and not fine else "请在地图上重新点一下位置。"
        raise Refused("point-impossible", say=f"这个位置不在地球上：经度 {lng}，纬度 {lat}。{hint}", have=(lng, lat))
    return Point(lng, lat)


def in_china(at: Point) -> bool:
    """Whether GCJ-02 shifts a point here: a rectangle around the mainland, as the published conversion has it."""
    return 72.004 <= at.lng <= 137.8347 and 0.8293 <= at.lat <= 55.8271


def wgs84_to_gcj02(at: Point) -> Point:
    """From GPS to Chinese maps; abroad nothing changes."""
    if not in_china(at):
        return at
    shift = _gcj02_shift(at)
    return Point(at.lng + shift.lng, at.lat + shift.lat)


def gcj02_to_wgs84(at: Point) -> Point:
    """From Chinese maps to GPS, by iteration to about a millimetre."""
    if not in_china(at):
        return at
    guess = at
    for _ in range(8):
        there = wgs84_to_gcj02(guess)
        guess = Point(guess.lng - (there.lng - at.lng), guess.lat - (there.lat - at.lat))
    return guess


def gcj02_to_bd09(at: Point) -> Point:
    """From Chinese maps to Baidu."""
    radius = math.hypot(at.lng, at.lat) + 0.00002 * math.sin(at.lat * _BAIDU_PI)
    angle = math.atan2(at.lat, at.lng) + 0.000003 * math.cos(at.lng * _BAIDU_PI)
    return Point(radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006)


def bd09_to_gcj02(at: Point) -> Point:
    """From Baidu to Chinese maps, by iteration on the way there."""
    guess = Point(at.lng - 0.0065, at.lat - 0.006)
    for _ in range(8):
        there = gcj02_to_bd09(guess)
        guess = Point(guess.lng - (there.lng - at.lng), guess.lat - (there.lat - at.lat))
    return guess


def wgs84_to_bd09(at: Point) -> Point:
    """From GPS to Baidu."""
    return gcj02_to_bd09(wgs84_to_gcj02(at))


def bd09_to_wgs84(at: Point) -> Point:
    """From Baidu to GPS."""
    return gcj02_to_wgs84(bd09_to_gcj02(at))


def distance_m(one: Point, other: Point) -> float:
    """Metres between two WGS-84 points on a sphere (haversine): within half a per cent."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    half_lat = (lat_2 - lat_1) / 2
    half_lng = math.radians(other.lng - one.lng) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def _gcj02_shift(at: Point) -> Point:
    x, y = at.lng - 105.0, at.lat - 35.0
    lat_rad = math.radians(at.lat)
    magic = 1 - _ECCENTRICITY_2 * math.sin(lat_rad) ** 2
    root = math.sqrt(magic)
    lat_metre = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / (magic * root) * math.pi / 180.0
    lng_metre = _SEMI_MAJOR_M / root * math.cos(lat_rad) * math.pi / 180.0
    return Point(_shift_lng(x, y) / lng_metre, _shift_lat(x, y) / lat_metre)


def _wave(value: float, amplitude: float, period: float) -> float:
    return amplitude * math.sin(value * math.pi / period)


def _shift_lat(x: float, y: float) -> float:
    flat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    waves = _wave(6 * x, 20, 1) + _wave(2 * x, 20, 1)
    waves += _wave(y, 20, 1) + _wave(y, 40, 3) + _wave(y, 160, 12) + _wave(y, 320, 30)
    return flat + waves * 2.0 / 3.0


def _shift_lng(x: float, y: float) -> float:
    flat = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    waves = _wave(6 * x, 20, 1) + _wave(2 * x, 20, 1)
    waves += _wave(x, 20, 1) + _wave(x, 40, 3) + _wave(x, 150, 12) + _wave(x, 300, 30)
    return flat + waves * 2.0 / 3.0
