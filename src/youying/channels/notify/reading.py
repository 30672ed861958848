"""What the listeners must know of a matter and its street before they can say who is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from youying.channels.notify.rules import Street
from youying.editions.queries import edition_by_digest, edition_for
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import queries as matters
from youying.packs.edition import Edition


def street_of(
    number: str, *, units: Mapping[str, tuple[int, ...]] | None = None, reporters: tuple[int, ...] = ()
) -> Street:
    """The posts of the matter's own edition, the units that had it, and whether anybody waits for an answer.

    `units` and `reporters` are those of the moment that is told of; without them, those of now.
    """
    matter = matters.find(SYSTEM, number)
    told = reporters or tuple(matters.reporter_ids(matter))
    edition = edition_by_digest(matter.edition_id)
    held = dict(units) if units is not None else _units_now(matter)
    street = _street(edition, units=held, has_reporter=bool(told) or matter.reporter_count > 0)
    return replace(
        street, reporters=told, posts={role: tuple(matter.units.get(f"{role}_posts", ())) for role in POSTED}
    )


POSTED = ("keeper", "host")
"""The relations in which a post may stand to a part of a whole."""


def _units_now(matter: Any) -> dict[str, tuple[int, ...]]:
    units: dict[str, tuple[int, ...]] = {"host": tuple(matter.units.get("host", ()))}
    for row in matters.assignments(matter):
        if row.role != "host":
            units[row.role] = (*units.get(row.role, ()), row.unit_id)
    return units


def street_at(path: str) -> Street:
    """The posts of a place; nothing is known of it where no rules are adopted."""
    try:
        return _street(edition_for(path), units={}, has_reporter=False)
    except Refused:
        return Street()


def _street(edition: Edition, *, units: dict[str, tuple[int, ...]], has_reporter: bool) -> Street:
    tiers: dict[str, tuple[str, ...]] = {}
    for code, post in edition.pack.posts.items():
        if post.at:
            tiers[post.at] = (*tiers.get(post.at, ()), code)
    acting = {code for loop in edition.loops.values() for step in loop.acts_of("supervise") for code in step.by}
    return Street(tiers, tuple(sorted(acting & set(edition.pack.posts))), units, has_reporter)
