"""Matters that stand in no area: nobody whose reach ends below the top can see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from youying.matters.models import Matter
from youying.places.models import Area

NUMBERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Astray:
    """A path that is no area (any more), how many matters say that they stand there, and the first numbers."""

    area_path: str
    n: int
    numbers: list[str]


def astray() -> list[Astray]:
    """The paths of matters that are no area; empty when every matter stands somewhere. For the operator, not for a page."""
    known = Exists(Area.objects.filter(path=OuterRef("area_path")))
    rows = Matter.objects.filter(~known).values("area_path").annotate(n=Count("pk")).order_by("area_path")
    return [Astray(path, n, _numbers(path)) for path, n in rows.values_list("area_path", "n")]


def _numbers(path: str) -> list[str]:
    found = Matter.objects.filter(area_path=path).order_by("pk").values_list("number", flat=True)
    return list(found[:NUMBERS_SHOWN])
