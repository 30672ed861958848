"""Counting for the watches: which groups of which place came up how often, now and in the year before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Value

from youying.access.models import Unit
from youying.editions.queries import edition_by_digest, params_for
from youying.editions.rules import adopted_at
from youying.editions.snapshot import snapshot
from youying.insight.facts import condition
from youying.insight.watch_rules import GROUPS, Found, Plan
from youying.matters.models import Matter
from youying.matters.queries import in_place
from youying.packs.chinese import Namer
from youying.packs.edition import Edition
from youying.places.queries import path_words
from youying.places.rules import lies_in
from youying.places.snapshot import snapshot as places
from youying.text.queries import category_title

PLACES = ("building", "compound", "grid", "community", "area")
"""Grouping facts that are places, the smallest first."""


@dataclass(frozen=True)
class Ground:
    """An area that has adopted an edition, without the areas below that have their own."""

    path: str
    edition: Edition
    without: tuple[str, ...]

    def matters(self, plan: Plan) -> Q:
        """The matters that a watch looks at here."""
        found = in_place(self.path)
        for path in self.without:
            found &= ~in_place(path)
        if plan.loop:
            found &= Q(loop=plan.loop)
        return found & condition(plan.where, params=params_for(self.edition, self.path))


def grounds(at: datetime) -> Iterator[Ground]:
    """Every area with an edition in force, in the order of paths."""
    adoptions = snapshot().adoptions
    ruling = {path: adopted for path in sorted(adoptions) if (adopted := adopted_at(adoptions, path, at=at))}
    own = [path for path in ruling if any(one.since <= at for one in adoptions[path])]
    for path in own:
        below = tuple(other for other in own if other != path and lies_in(other, path))
        yield Ground(path, edition_by_digest(ruling[path].digest), below)


def count_groups(ground: Ground, plan: Plan, at: datetime) -> list[Found]:
    """The groups that have enough in the window to be looked at, with what came before; two statements."""
    rows = Matter.objects.filter(ground.matters(plan), _known_groups(plan), opened_at__lt=at)
    since = plan.since(at)
    windows = plan.known_windows(at, first=rows.aggregate(first=Min("opened_at"))["first"]) if since else 0
    now = Q(opened_at__gte=since) if since else Q()
    counts = {"now": Count("pk", filter=now)}
    if since and plan.length:
        start = since - plan.length * windows
        rows = rows.filter(opened_at__gte=start)
        counts["before"] = Count("pk", filter=Q(opened_at__lt=since))
    columns = {fact: GROUPS[fact] for fact in plan.group}
    grouped: Any = rows.values(*columns.values()) if columns else rows.annotate(together=Value(1)).values("together")
    return [
        Found(
            {fact: values[column] for fact, column in columns.items()}, values["now"], values.get("before", 0), windows
        )
        for values in grouped.annotate(**counts).filter(now__gte=plan.least).order_by(*columns.values())
    ]


def count_again(ground: Ground, plan: Plan, found: Found, *, after: datetime, at: datetime) -> Found:
    """One group counted only from after its last judgement on."""
    of_group = Q(**{GROUPS[fact]: value for fact, value in found.group.items()})
    since = max(filter(None, (plan.since(at), after)))
    n = Matter.objects.filter(ground.matters(plan), of_group, opened_at__gte=since, opened_at__lt=at).count()
    return Found(found.group, n, found.before, found.windows)


def _known_groups(plan: Plan) -> Q:
    """Matters without a category, without a compound … belong to no group."""
    known = Q()
    for fact in plan.group:
        column = GROUPS[fact]
        known &= Q(**{f"{column}__isnull": False}) if column.endswith("_id") else ~Q(**{column: ""})
    return known


def key_of(group: Mapping[str, Any]) -> str:
    """A group's name in the table: its facts in order."""
    return "|".join(f"{fact}={value}" for fact, value in sorted(group.items()))[:200]


def place_of(ground: Ground, group: Mapping[str, Any]) -> str:
    """The smallest place that a group is about, for who may see it; the whole area where it names none."""
    known = places()
    for fact in PLACES:
        if fact not in group:
            continue
        value = group[fact]
        if fact == "building":
            building = known.building(value)
            return building.path if building else ground.path
        if fact in ("compound", "grid"):
            one = (known.compounds if fact == "compound" else known.grids).get(value)
            return one.path if one else ground.path
        return str(value)
    return ground.path


def title_of(ground: Ground, group: Mapping[str, Any]) -> str:
    """A group in words: "柳湾街道·槐花里社区·杏林小区，下水返堵"."""
    named = Namer(ground.edition.pack)
    place = path_words(place_of(ground, group))
    rest = [_said(fact, value, named) for fact, value in group.items() if fact not in PLACES]
    return "，".join(part for part in (place, *rest) if part)[:160]


def _said(fact: str, value: Any, named: Namer) -> str:
    if fact == "category":
        return category_title(value, short=True)
    if fact in ("unit", "lead"):
        return Unit.objects.filter(pk=value).values_list("title", flat=True).first() or ""
    return named.value(fact, value)
