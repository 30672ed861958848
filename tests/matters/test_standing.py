"""Before another edition is adopted, its preview says which running matters stand in what it no longer has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.matters.changing import change, parked, without_parking
from tests.matters.world import dispatched, in_hand, opened
from youying.editions.previewing import preview_adoption
from youying.kernel.moments import now
from youying.matters import actions
from youying.matters.models import Clock, Matter
from youying.matters.queries.standing import standing_in_what_goes
from youying.packs.source import library

LOCAL = '[pack]\ncode = "local"\ntitle = "本地"\nlocal = true\nextends = ["m01@1"]\n'
NO_CONTACT = LOCAL + 'drop = ["loop.demand.clocks.contact", "figure.response", "ledger.demand"]\n'


def packer(world):
    """The dispatcher with the power over packs."""
    return replace(world.dispatcher, powers=world.dispatcher.powers | {"packs"})


def test_the_preview_counts_the_running_matters_of_a_clock_that_goes(world):
    dispatched(world), in_hand(world), opened(world)
    preview = preview_adoption(packer(world), world.town, NO_CONTACT)
    assert preview.remarks == (
        "2件在办事项正在计“首次联系”的期限，新版本没有它：它们照登记时的版本办，改按新版本办时它停下来，没有超期的不算超期。",
    )


def test_matters_elsewhere_and_ended_ones_are_not_counted(world):
    matter = dispatched(world)
    next_street = world.town.replace("990101001", "990101002")
    before = world.edition
    after = change(world, gone=("loop.demand.clocks.contact",))
    assert standing_in_what_goes(next_street, before, after) == []
    Matter.objects.filter(pk=matter.pk).update(ended_at=now())
    assert standing_in_what_goes(world.town, before, after) == []


def test_an_edition_that_keeps_everything_brings_no_remark(world):
    dispatched(world)
    assert preview_adoption(packer(world), world.town, LOCAL).remarks == ()


def test_a_loop_that_goes_is_said_with_its_matters(world):
    in_hand(world)
    before, loops = world.edition, library()["m01"].table["loop"]
    after = change(world, {"loop.complaint": loops["demand"]}, gone=("loop.demand",))
    (said,) = standing_in_what_goes(world.town, before, after)
    assert said.startswith("1件在办事项走") and "不能换版本" in said


def test_a_stage_that_goes_is_said_with_its_matters(world):
    parked(world)
    before, after = world.edition, without_parking(world)
    assert standing_in_what_goes(world.town, before, after) == [
        "1件在办事项停在“已挂账”，新版本没有这个阶段：它们照登记时的版本办，改按新版本办时要指定一个阶段。"
    ]


@pytest.mark.parametrize(("late", "met"), [(False, None), (True, False)])
def test_a_clock_that_goes_stops_unjudged_unless_it_had_run_out(world, late, met):
    matter = in_hand(world)
    if late:
        world.clock.forward(days=3)
    change(world, gone=("loop.demand.clocks.contact",))
    actions.move_edition(matter.pk, by=packer(world), note="换新版本")
    clock = Clock.objects.get(matter=matter, code="contact")
    assert (clock.stopped_at is not None, clock.met) == (True, met)
