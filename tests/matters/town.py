"""A week with days off in it: the street of the loop, its own calendar, and matters brought to a moment by real acts."""

from __future__ import annotations

from datetime import datetime

from tests.conftest import SHANGHAI
from tests.matters.world import CATEGORY, opened
from youying.kernel.clocks import recount
from youying.matters import actions
from youying.matters.models import Ask, Clock


def moment(words):
    """A local moment as the table writes it."""
    return datetime.fromisoformat(f"2026-{words}").replace(tzinfo=SHANGHAI)


def go_to(town, words):
    """Move the clock to a local moment."""
    town.clock.go_to(moment(words))


def due(matter, code="complete"):
    """When the running clock is due, as the table writes it; its stored working gives the same moment again."""
    clock = Clock.objects.get(matter=matter, code=code, stopped_at__isnull=True)
    if clock.due_at is None:
        return None
    assert recount(clock.working).due_at == clock.due_at
    return f"{clock.due_at.astimezone(SHANGHAI):%m-%d %H:%M}"


def dispatched_at(town, words, **more):
    """A matter reported and given to the unit at that moment."""
    go_to(town, words)
    matter = opened(town, **more).matter
    unit = {"unit": town.property_company.pk, "category": CATEGORY}
    return actions.act(matter.pk, "dispatch", by=town.dispatcher, **unit)


def park(town, matter, words, until):
    """Parked with the leader's yes at that moment."""
    go_to(town, words)
    data = {"reason": "conditions", "scheme": "等管网改造", "due_at": moment(until)}
    actions.act(matter.pk, "park", by=town.manager, **data)
    return actions.approve(Ask.objects.get(matter=matter, kind="step", answer="").pk, by=town.leader)


def accepted(town, words):
    """A matter given and taken at that moment, its first word said."""
    matter = dispatched_at(town, words)
    actions.act(matter.pk, "accept", by=town.manager)
    return actions.act(matter.pk, "contact", by=town.manager, note="联系过")
