"""What the listeners must know of a matter and its street before they can say who is meant."""

from __future__ import annotations

from dataclasses import replace

from youying.channels.notify.rules import Street
from youying.editions.queries import edition_by_digest, edition_for
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import queries as matters
from youying.packs.edition import Edition


def street_of(number: str) -> Street:
    """The posts of the matter's own edition, the units that have it now, and whether anybody waits for an answer."""
    matter = matters.find(SYSTEM, number)
    units: dict[str, tuple[int, ...]] = {}
    for row in matters.assignments(matter):
        units[row.role] = (*units.get(row.role, ()), row.unit_id)
    street = _street(edition_by_digest(matter.edition_id), units=units, has_reporter=matter.reporter_count > 0)
    return replace(street, reporters=tuple(matters.reporter_ids(matter)))


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
