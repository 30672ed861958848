"""Orders as partners and the four slips show them: what was wished, who has it, what came of each slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from youying.matters.models import Matter
from youying.matters.queries.page import StoryLine, story
from youying.partners import queries as partners
from youying.partners.models import Match, Wish

SLIPS: dict[str, tuple[str, frozenset[str]]] = {
    "order": ("点单", frozenset({"open"})),
    "dispatch": ("派单", frozenset({"dispatch"})),
    "accept": ("接单", frozenset({"accept", "hand-back", "deliver"})),
    "rate": ("评单", frozenset({"call-back", "verdict", "rework", "cross-off", "end"})),
}
"""The four slips of an order: their names, and the verbs whose entries stand on each."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One of the four slips with the entries of the record that it is made of; all carry the order's number."""

    code: str
    title: str
    number: str
    lines: tuple[StoryLine, ...]

    @property
    def at(self) -> datetime | None:
        """When it was last written on."""
        return self.lines[-1].at if self.lines else None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with what was wished and the offer that has it or had it last."""

    matter: Matter
    wish: Wish | None
    match: Match | None


def four_slips(matter: Matter) -> list[Slip]:
    """点单、派单、接单、评单 of one order, read off its entries, under its one number."""
    lines = story(matter)
    return [
        Slip(code, title, matter.number, tuple(line for line in lines if line.verb in verbs))
        for code, (title, verbs) in SLIPS.items()
    ]


def orders_among(subjects: Sequence[str]) -> list[OrderView]:
    """These orders in the same order, with wish and last match; three statements."""
    keys = {subject: int(key) for subject in subjects if (key := subject.partition(":")[2]).isdigit()}
    rows = Matter.objects.select_related("lead").in_bulk(keys.values())
    wishes = partners.wishes_of(subjects)
    sent = Match.objects.filter(subject__in=subjects).select_related("offer").order_by("at", "pk")
    matches = {one.subject: one for one in sent}
    return [
        OrderView(rows[key], wishes.get(subject), matches.get(subject)) for subject, key in keys.items() if key in rows
    ]


def order_of(matter: Matter) -> OrderView:
    """One order with wish and last match."""
    return next(iter(orders_among([matter.subject])))
