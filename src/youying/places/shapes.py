"""Polygons: read, checked and searched with shapely."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from youying.kernel.refusals import Refused

MOST_CORNERS = 20_000
MOST_CHARACTERS = 2_000_000


def checked_polygon(given: object) -> dict[str, Any] | None:
    """A GeoJSON Polygon or MultiPolygon in degrees, made valid and rounded to 1e-7; nothing when left empty."""
    data = _read(given)
    if data is None:
        return None
    if data.get("type") == "FeatureCollection" and len(data.get("features") or ()) == 1:
        data = data["features"][0]
    if data.get("type") == "Feature":
        data = data.get("geometry") or {}
    if data.get("type") not in ("Polygon", "MultiPolygon"):
        raise _refused("需要 GeoJSON 的 Polygon 或 MultiPolygon（一块或几块面）。")
    return _mended(_shape(data))


def _read(given: object) -> dict[str, Any] | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if isinstance(given, str):
        if len(given) > MOST_CHARACTERS:
            raise _refused("文字太长，请先简化边界。")
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            raise _refused("不是 JSON，请整段粘贴 GeoJSON。") from None
    if not isinstance(given, dict):
        raise _refused("需要 GeoJSON 的对象。")
    return given


def _shape(data: dict[str, Any]) -> BaseGeometry:
    try:
        found = shape(data)
        corners = int(shapely.get_num_coordinates(found))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise _refused("坐标写法不对，应为 [[[经度, 纬度], …]]，首尾相同。") from None
    if not 4 <= corners <= MOST_CORNERS:
        raise _refused(f"角点应在4到{MOST_CORNERS}个之间。")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _refused("坐标应为度：经度在±180内，纬度在±90内；可能把平面坐标（米）当成了经纬度。")
    return found


def _mended(found: BaseGeometry) -> dict[str, Any]:
    valid = found if found.is_valid else found.buffer(0)
    valid = shapely.set_precision(valid, 1e-7)
    if valid.is_empty or valid.geom_type not in ("Polygon", "MultiPolygon"):
        raise _refused("边界自相交或没有面积，请重新画。")
    as_stored: dict[str, Any] = json.loads(json.dumps(mapping(valid)))
    return as_stored  # tuples become lists, as the database gives them back


def checked_point(longitude: float | None, latitude: float | None) -> tuple[float | None, float | None]:
    """Both coordinates or none."""
    if (longitude is None) != (latitude is None):
        raise Refused("point-half", say="经度和纬度要一起填，或者都不填。", field="longitude")
    return longitude, latitude


class Finder:
    """Which of many polygons holds a point; the smallest where several do."""

    def __init__(self, polygons: Sequence[tuple[int, dict[str, Any]]]) -> None:
        self._keys = [key for key, _ in polygons]
        self._shapes = [shape(polygon) for _, polygon in polygons]
        self._tree = shapely.STRtree(self._shapes)

    def at(self, point: tuple[float, float]) -> int | None:
        """The key of the polygon that covers the point (its edge included)."""
        hits = self._tree.query(shapely.Point(point), predicate="intersects")
        if not len(hits):
            return None
        return self._keys[min(hits, key=lambda hit: (self._shapes[hit].area, self._keys[hit]))]


def _refused(why: str) -> Refused:
    return Refused("polygon-unreadable", say=f"这个边界不能用：{why}", field="polygon")
