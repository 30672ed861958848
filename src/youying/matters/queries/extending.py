"""The deadlines on which somebody may ask for more time, each with the latest that may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.viewers import Viewer
from youying.matters import extension_rules, house_rules
from youying.matters.facts import facts_of, situation_of
from youying.matters.models import Clock, Matter


@dataclass(frozen=True, slots=True)
class Extendable:
    """One running deadline: when it is due, until when more time may be asked, by how long, how often it was given."""

    code: str
    title: str
    due_at: datetime
    until: datetime
    by: str


def extendable(viewer: Viewer, matter: Matter) -> list[Extendable]:
    """The running deadlines on which this viewer may ask for more time; those that stand still have none to extend."""
    edition = edition_by_digest(matter.edition_id)
    loop, calendar, facts = edition.loops[matter.loop], calendar_for(edition, matter.area_path), facts_of(matter)
    found, situation = [], situation_of(matter)
    for run in Clock.objects.filter(matter=matter, stopped_at=None, due_at__isnull=False).order_by("due_at", "pk"):
        rule = loop.clocks.get(run.code)
        if rule is None or rule.extend is None or run.due_at is None:
            continue
        if not house_rules.may_extend(rule, run.unit_id, viewer, situation):
            continue
        most = extension_rules.most_of(run, rule, facts, calendar)
        if most is not None:
            found.append(Extendable(run.code, run.title, run.due_at, most.due_at, most.by))
    return found
