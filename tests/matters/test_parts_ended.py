"""A part that ends with its whole leaves nothing running beside it: nobody awaited, no review, no ring."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.matters.changing import change
from tests.matters.jointly import child, do_part, forwarded, joint_street, part, unit
from tests.matters.whistling import whistle, whistle_street
from tests.matters.world import CATEGORY, World, opened
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, part_rules
from youying.matters.actions.sweep import ring_clock
from youying.matters.models import Ask, Clock, Matter, Parking, Summons
from youying.matters.queries.teaching import ERASED_WORDS
from youying.matters.replaying import differences
from youying.record.actions import erase

PART = {"title": "逐户排查", "to": "property-company", "within": "3 working-days", "loop": "demand"}
DIVIDE = {"verb": "step", "title": "分头办", "from": ["in-hand"], "by": ["secretary", "dispatcher"]}
DIVIDED: dict[str, Any] = {
    "loop.demand.parts_on": "divide", "loop.demand.acts.divide": DIVIDE, "loop.demand.parts": {"check": PART},
}  # fmt: skip


def divided(world: World) -> tuple[Matter, Matter]:
    """A demand of the community office, and its part in the hands of the property company."""
    whole = opened(world).matter
    actions.act(whole.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    actions.act(whole.pk, "accept", by=world.secretary)
    actions.act(whole.pk, "divide", by=world.secretary)
    below = child(whole, "check")
    unit = world.property_company.pk
    actions.act(below.pk, "dispatch", by=world.dispatcher, unit=unit, category=CATEGORY)
    return whole, actions.act(below.pk, "accept", by=world.manager)


def ended(world: World, whole: Matter, below: Matter) -> Matter:
    """The part as it stands after its whole was ended."""
    actions.act(whole.pk, "end", by=world.dispatcher, reason="withdrawn", note="住户不要了")
    actions.approve(Ask.objects.get(matter=whole, answer="").pk, by=world.leader)
    below.refresh_from_db()
    assert below.ended_at == world.clock() and differences(below) == {}
    return below


def test_nobody_is_awaited_at_a_part_that_ended_with_its_whole(world: World) -> None:
    whistle_street(world, DIVIDED)
    whole, below = divided(world)
    below = whistle(world, below, "gongdian")
    assert Summons.objects.get(matter=below).end == ""
    below = ended(world, whole, below)
    row = Summons.objects.get(matter=below)
    assert (row.end, row.ended_at, row.until) == ("released", world.clock(), world.clock())
    assert below.units.get("reported", []) == [] and world.gongdian.unit_id not in below.units.get("summoned", [])


@pytest.fixture
def parked_below(world: World) -> tuple[Matter, Matter]:
    """A divided demand whose part is parked with the street leader's yes."""
    change(world, DIVIDED)
    whole, below = divided(world)
    until = world.clock() + timedelta(days=90)
    actions.act(below.pk, "park", by=world.manager, reason="conditions", scheme="等管网改造完再办", due_at=until)
    actions.approve(Ask.objects.get(matter=below, answer="").pk, by=world.leader)
    return whole, below


def test_a_parked_part_that_ended_with_its_whole_is_reviewed_no_more(world, parked_below) -> None:
    below = ended(world, *parked_below)
    row = Parking.objects.get(matter=below)
    assert (row.ended_at, row.review_at) == (world.clock(), None)
    world.clock.forward(days=40)
    actions.sweep()
    assert Parking.objects.get(matter=below).missed == 0


def test_a_part_that_goes_on_parked_is_reviewed(world, parked_below) -> None:
    world.clock.forward(days=40)
    actions.sweep()
    assert Parking.objects.get(matter=parked_below[1]).missed == 1


def test_what_somebody_calls_a_part_names_nobody_and_goes_when_the_whole_is_erased(world: World) -> None:
    joint_street(world, {"loop.joint.adds_parts": ["forward"]})
    said = {"title": "联系陈桂芳13800000417取钥匙", "unit": unit(world.people["registry"])}
    matter = forwarded(world, parts=[said])
    row, below = part(matter, "p1"), child(matter, "p1")
    for text in (row.title, below.title, below.words):
        assert "取钥匙" in text and "陈桂芳" not in text and "13800000417" not in text
    actions.act(matter.pk, "withdraw", by=world.window, reason="withdrawn")
    erase(matter.subject, by=SYSTEM, reason="asked")
    assert (part(matter, "p1").title, part(matter, "notarise").title) == (ERASED_WORDS, "公证")


def test_a_merge_takes_parts_no_deeper_than_a_step_may_list_them(world: World) -> None:
    change(world, DIVIDED)
    top, middle = divided(world)
    actions.act(middle.pk, "divide", by=world.dispatcher)
    lowest, (other, moved) = child(middle, "check"), divided(world)
    with pytest.raises(Refused, match="parts-too-deep"):
        actions.act(other.pk, "merge", by=world.dispatcher, into=lowest.number)
    actions.act(other.pk, "merge", by=world.dispatcher, into=middle.number)
    moved.refresh_from_db()
    assert (moved.parent_id, Matter.objects.get(pk=middle.pk).parent_id) == (middle.pk, top.pk)


@pytest.mark.parametrize(("most", "merged"), [(1, False), (2, True)])
def test_a_merge_brings_no_more_parts_under_one_whole_than_it_may_have(world, monkeypatch, most, merged) -> None:
    change(world, DIVIDED)
    (one, _), (other, _) = divided(world), divided(world)
    monkeypatch.setattr(part_rules, "MOST_PARTS", most)
    if merged:
        assert actions.act(one.pk, "merge", by=world.dispatcher, into=other.number).merged_into_id == other.pk
        return
    with pytest.raises(Refused, match="too-many"):
        actions.act(one.pk, "merge", by=world.dispatcher, into=other.number)


OVER = {
    "verb": "end",
    "title": "到时不办了",
    "to": "off",
    "by": ["system"],
    "needs": ["reason"],
    "reason": "not-lawful",
}


def test_a_part_that_runs_out_moves_its_own_figures_and_those_of_its_whole_in_one_statement(world: World) -> None:
    """Two statements, each in an order of its own, could wait in a ring for those of another sweep."""
    gone = {**OVER, "verb": "cross-off", "from": ["given"], "on": "clock:complete"}
    joint_street(world, {"loop.commitment.acts.gone": gone, "loop.commitment.close.reasons": ["not-lawful"]})
    whole = forwarded(world)
    for code in ("notarise", "assess-tax", "pay-tax"):
        do_part(world, whole, code)
    late = Clock.objects.get(matter=child(whole, "register-deed"), code="complete")
    world.clock.go_to(late.due_at + timedelta(seconds=1))
    with CaptureQueriesContext(connection) as seen:
        assert ring_clock(late.pk, by=SYSTEM, at=world.clock()) == 1
    assert Matter.objects.get(pk=whole.pk).stage == "ready"
    assert sum(one["sql"].startswith("INSERT INTO matters_tally") for one in seen.captured_queries) == 1


def test_a_whole_hears_of_a_part_that_ends_because_a_whistle_was_called_off(world: World) -> None:
    answered = {**OVER, "from": ["summoned"], "to": "crossed-off", "on": "met:report-in", "reason": "withdrawn"}
    whistle_street(world, {**DIVIDED, "loop.demand.acts.answered": answered})
    whole, below = divided(world)
    whistle(world, below, "gongdian")
    assert actions.call_off(below.pk, by=world.leader, note="险情已经排除").ended_at == world.clock()
    assert part(whole, "check").state != "running"
    assert differences(Matter.objects.get(pk=whole.pk)) == {}
