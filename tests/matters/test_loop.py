"""The loop from report to cross-off, through the one door."""

from __future__ import annotations

import pytest

from tests.matters import world as worlds
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.models import Clock, Matter, Tally

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "地下室下水道又返水了，味儿顺着楼道往上走，麻烦这回把根儿找到。"


@pytest.fixture
def world(at):
    """The street on a Friday afternoon."""
    clock = at("2026-11-13 15:52")
    made = worlds.build()
    made.__dict__["clock"] = clock
    return made


def need(**more):
    """The need that the tests report."""
    base = {
        "kind": "demand",
        "text": WORDS,
        "channel": "qr",
        "category": "utilities.drainage.blocked-drain",
        "urgency": "ordinary",
    }
    return NeedIn(**{**base, "reporters": (ReporterIn("陈桂芳", "13800000417"),), **more})


def opened(world, **more):
    """A matter just reported."""
    return actions.open_matter(need(**more), place=world.place, by=world.dispatcher)


def in_hand(world):
    """A matter that the property company has accepted."""
    matter = opened(world).matter
    actions.act(
        matter.pk,
        "dispatch",
        by=world.dispatcher,
        unit=world.property_company.pk,
        category="utilities.drainage.blocked-drain",
    )
    return actions.act(matter.pk, "accept", by=world.manager)


def completed(world):
    """A matter that the unit says is done."""
    matter = in_hand(world)
    return actions.act(matter.pk, "complete", by=world.manager, note="主管已疏通", uploads=["t1"])


def test_a_demand_goes_from_report_to_cross_off_by_the_residents_word(world):
    first = opened(world)
    matter = first.matter
    assert len(first.secret) == 8
    actions.act(
        matter.pk,
        "dispatch",
        by=world.dispatcher,
        unit=world.property_company.pk,
        category="utilities.drainage.blocked-drain",
    )
    actions.act(matter.pk, "accept", by=world.manager)
    actions.act(matter.pk, "contact", by=world.manager, note="周一上午来看")
    actions.act(matter.pk, "complete", by=world.manager, note="主管已疏通", uploads=["t1"])
    found = queries.look_up(matter.number, first.secret)
    actions.act(found.matter.pk, "verdict", by=found.viewer, solved=True, satisfaction="满意")
    matter.refresh_from_db()
    assert matter.stage == "crossed-off"
    assert matter.crossed_off
    assert matter.contacted_on_time
    assert matter.completed_on_time


def test_not_solved_goes_back_under_the_same_number_and_is_counted(world):
    matter = completed(world)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    again = actions.act(matter.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意")
    assert (again.stage, again.reworks, again.completed_at, again.number) == ("in-hand", 1, None, matter.number)
    assert Clock.objects.filter(matter=matter, code="complete", stopped_at__isnull=True, run=2).exists()


def test_the_tallies_equal_the_matters_after_every_step(world):
    matter = completed(world)
    actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    rows = Tally.objects.filter(n__gt=0)
    assert [(t.n, t.completed, t.solved, t.crossed_off, t.unit_id) for t in rows] == [
        (1, True, True, True, world.property_company.pk)
    ]


def test_completing_needs_a_note_and_a_photo(world):
    matter = in_hand(world)
    with pytest.raises(Refused) as refused:
        actions.act(matter.pk, "complete", by=world.manager)
    assert "照片" in refused.value.say
    assert Matter.objects.get(pk=matter.pk).version == matter.version


def test_another_unit_cannot_accept(world):
    matter = opened(world).matter
    actions.act(
        matter.pk,
        "dispatch",
        by=world.dispatcher,
        unit=world.property_company.pk,
        category="utilities.drainage.blocked-drain",
    )
    with pytest.raises(Refused, match="not-yours"):
        actions.act(matter.pk, "accept", by=world.secretary)


def test_statements_of_an_intake_and_an_act_stay_within_their_budget(world, count_statements):
    opened(world)
    with count_statements(at_most=12):
        matter = opened(world).matter
    with count_statements(at_most=10):
        actions.act(
            matter.pk,
            "dispatch",
            by=world.dispatcher,
            unit=world.property_company.pk,
            category="utilities.drainage.blocked-drain",
        )
    with count_statements(at_most=10):
        actions.act(matter.pk, "accept", by=world.manager)
    with count_statements(at_most=10):
        actions.act(matter.pk, "complete", by=world.manager, note="好了", uploads=["t1"])
