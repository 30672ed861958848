"""The matters behind a number, exactly as many as the number says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from youying.insight.counting import PAIR, of_same_type
from youying.insight.declared import measure_named
from youying.insight.facts import condition
from youying.insight.measures import Measure, Part
from youying.insight.periods import Period, months_later
from youying.insight.queries.board import Asked, dimensions, periods_of
from youying.insight.questions import DIMENSIONS, NOW
from youying.insight.scopes import EVERYTHING, NOTHING, Narrow, area_of, in_period, within
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.matters.queries import in_place


def drill(
    viewer: Viewer,
    name: str,
    *,
    part: Part = "numerator",
    since: date,
    until: date,
    by: str | None = None,
    key: Any = None,
    reason: str = "",
    slot: str = NOW,
    narrow: Narrow = EVERYTHING,
) -> QuerySet[Matter]:
    """The matters behind one number of a board, latest first; of a sum, those that it adds up.

    `part` is numerator, denominator or excluded (of one `reason` where it is given); `by` and `key` pick one line;
    `slot="last-year"` gives those that it is compared with. Needs the powers to view and to see rates.
    """
    viewer.require("view")
    asked = Asked.of(viewer, since, until, narrow)
    one = measure_named(asked.editions, name)
    period = periods_of(asked.period, [] if slot == NOW else [slot])[0][slot]
    found = Matter.objects.filter(within(viewer, narrow, unit="lead_id"), in_period(period, asked.zones))
    if one.loop:
        found = found.filter(loop=one.loop)
    for dimension in dimensions(by):
        found = found.filter(_keyed(dimension, key, asked, period))
    if "same_type" in one.facts:
        found = found.annotate(pair=PAIR)
    return found.filter(_part(one, part, reason, of_same_type(period, asked.zones))).order_by("-opened_at", "-pk")


def _part(one: Measure, part: Part, reason: str, same_type: Q) -> Q:
    def said(where: Mapping[str, Any]) -> Q:
        """The condition that a table of the measure states."""
        return condition(where, params=one.params, same_type=same_type)

    if part == "excluded":
        return said(one.unanswered) & _out([reason] if reason else one.exclude)
    if part not in ("numerator", "denominator"):
        say = "明细只能看分子、分母或剔除的。"
        raise Refused("part-unknown", say=say, have=part, need=["numerator", "denominator", "excluded"], field="part")
    inside = said(one.base)
    if part == "numerator" or one.kind != "rate":
        inside &= said(one.where)
    return inside & ~_out(one.exclude) if one.exclude else inside


def _out(reasons: Iterable[str]) -> Q:
    codes = list(reasons)
    return Q(excluded__in=codes) | Q(excluded="", end_reason__in=codes)


def _keyed(dimension: str, key: Any, asked: Asked, period: Period) -> Q:
    if dimension == "month":
        first = months_later(key, -asked.period.months_after(period))
        month = Period(first, months_later(first, 1)).within(period)
        return in_period(month, asked.zones) if month else NOTHING
    if dimension == "area":
        return Q(area_path=key) if key == area_of(asked.root) else in_place(key)
    column = DIMENSIONS[dimension][1]
    return Q(**{f"{column}__isnull": True}) if key is None else Q(**{column: key})
