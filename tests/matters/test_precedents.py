"""Who saw such matters through before, where no directory row speaks."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, in_hand, opened
from youying.access.models import Unit
from youying.kernel.moments import now
from youying.matters import queries
from youying.matters.models import Matter

pytestmark = pytest.mark.django_db


def ended(world, *leads, **columns):
    """Matters of the category that these units saw to an end."""
    for unit in leads:
        matter = in_hand(world)
        known = {"crossed_off": True, "ended_at": now(), "solved": True, "lead": unit, **columns}
        Matter.objects.filter(pk=matter.pk).update(**known)


def told(world, category=CATEGORY):
    """What is told of a new matter, as unit and counts."""
    return [(one.title, one.ended, one.solved) for one in queries.precedents(opened(world).matter, category)]


def test_the_units_that_saw_such_matters_through_are_told_most_first(world):
    ended(world, world.property_company, world.property_company)
    assert told(world) == []  # two are no rule yet
    ended(world, world.office, solved=False)
    assert told(world) == [("和顺物业", 2, 2), ("槐花里社区", 1, 0)]
    assert told(world, "property.fees.dispute") == []


def test_what_runs_lies_elsewhere_is_long_past_or_was_closed_is_no_precedent(world):
    ended(world, *[world.property_company] * 3)
    assert told(world) == [("和顺物业", 3, 3)]
    Matter.objects.filter(lead=world.property_company).update(area_path="/99/9901/990101/990101002/990101002001")
    assert told(world) == []
    Matter.objects.filter(lead=world.property_company).update(area_path=world.community)
    world.clock.forward(days=400)
    assert told(world) == []


def test_a_unit_that_was_closed_is_not_offered_again(world):
    ended(world, *[world.property_company] * 3)
    Unit.objects.filter(pk=world.property_company.pk).update(active=False)
    assert told(world) == []


def test_it_is_read_in_one_statement(world, django_assert_num_queries):
    ended(world, *[world.property_company] * 3)
    matter = opened(world).matter
    with django_assert_num_queries(1):
        queries.precedents(matter, CATEGORY)
