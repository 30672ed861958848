"""Words of escalation and of the early and hard loops: the same act with another word in the pack ends elsewhere."""

from __future__ import annotations

import pytest

from tests.matters.changing import change, own_act
from tests.matters.world import completed, dispatched, in_hand, opened
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.models import Matter, Reporter

NOTE = {"note": "超出我们的权限"}


def tier(matter):
    """The tier at which the matter stands now."""
    return Matter.objects.get(pk=matter.pk).tier


@pytest.mark.word("loop.acts.tier")
@pytest.mark.parametrize(("said", "stands"), [("up", "town"), ("county", "county"), ("city", "city")])
def test_an_act_takes_the_matter_to_the_tier_that_it_names(world, said, stands):
    change(world, own_act(verb="escalate", tier=said))
    assert tier(actions.act(in_hand(world).pk, "try", by=world.dispatcher, **NOTE)) == stands


@pytest.mark.word("loop.acts.tier")
def test_any_act_may_name_a_tier_without_counting_as_passed_up(world):
    change(world, own_act(verb="judge", tier="county"))
    matter = actions.act(in_hand(world).pk, "try", by=world.dispatcher)
    assert (matter.tier, matter.escalated) == ("county", 0)


@pytest.mark.word("loop.tier", "tiers")
@pytest.mark.parametrize(("said", "stands"), [("grid", "compound"), ("community", "town")])
def test_up_is_counted_from_the_tier_of_the_loop(world, said, stands):
    change(world, {"loop.demand.tier": said, **own_act(verb="escalate", tier="up")})
    assert tier(actions.act(in_hand(world).pk, "try", by=world.dispatcher, **NOTE)) == stands


def test_past_the_last_tier_an_escalation_is_refused_and_nothing_changes(world):
    change(world, own_act(verb="escalate", tier="up"))
    matter = in_hand(world)
    for _ in range(3):
        matter = actions.act(matter.pk, "try", by=world.dispatcher, **NOTE)
    assert (matter.tier, matter.escalated) == ("city", 3)
    with pytest.raises(Refused) as refused:
        actions.act(matter.pk, "try", by=world.dispatcher, **NOTE)
    assert refused.value.code == "past-last-tier"
    assert Matter.objects.get(pk=matter.pk).escalated == 3


@pytest.mark.word("loop.kind:hazard", "loop.kind:topic")
@pytest.mark.parametrize("kind", ["hazard", "topic"])
def test_a_need_takes_the_loop_of_its_kind(world, kind):
    with pytest.raises(Refused) as refused:
        opened(world, kind=kind)
    assert refused.value.code == "unknown-kind"
    change(world, {"loop.other": {"kind": kind, "title": "另一种", "like": "demand"}})
    matter = opened(world, kind=kind).matter
    assert (matter.kind, matter.loop) == (kind, "other")


@pytest.mark.word("loop.acts.by:affected")
def test_the_affected_person_speaks_only_where_the_pack_lets_them(world):
    for by, refused_as in (["affected"], ""), (["caller"], "not-yours"):
        change(world, {"loop.demand.acts.verdict.by": by})
        matter = completed(world)
        who = Viewer(kind="reporter", reporter_of=matter.pk, reporter_id=Reporter.objects.get(matter=matter).pk)
        code = ""
        try:
            actions.act(matter.pk, "verdict", by=who, solved=True, satisfaction="满意")
        except Refused as refused:
            code = refused.code
        assert code == refused_as


RECHECK = {
    "loop.demand.close.verdict": ["recheck"],
    "loop.demand.acts.recheck": {"title": "复查", "from": ["completed"], "by": ["dispatcher"], "not_by": ["complete"]},
}


@pytest.mark.word("loop.acts.verb:recheck", "loop.close.verdict:recheck")
@pytest.mark.parametrize(("verdict", "stage"), [(["recheck"], "crossed-off"), (["recheck", "resident"], "completed")])
def test_a_passed_recheck_crosses_off_where_it_is_the_proof_asked_for(world, verdict, stage):
    change(world, {**RECHECK, "loop.demand.close.verdict": verdict})
    matter = actions.act(completed(world).pk, "recheck", by=world.dispatcher, passed=True)
    assert (matter.stage, matter.rechecked) == (stage, True)


@pytest.mark.word("loop.acts.verb:recheck", "loop.close.verdict:recheck")
def test_a_failed_recheck_sends_back_and_the_next_round_is_checked_anew(world):
    change(world, RECHECK)
    matter = actions.act(completed(world).pk, "recheck", by=world.dispatcher, passed=False)
    assert (matter.stage, matter.reworks, matter.rechecked) == ("in-hand", 1, None)
    with pytest.raises(Refused) as refused:
        actions.act(completed(world).pk, "recheck", by=world.dispatcher)
    assert refused.value.code == "needs-recheck"


@pytest.mark.word("loop.acts.tier")
def test_whoever_had_it_is_free_when_it_is_passed_up_to_another_stage(world):
    change(world, own_act(verb="escalate", tier="up", to="received"))
    matter = actions.act(in_hand(world).pk, "try", by=world.dispatcher, **NOTE)
    assert (matter.stage, matter.lead_id) == ("received", None)
    assert not matter.assignments.filter(until__isnull=True).exists()


def test_what_was_passed_up_is_given_out_by_a_post_of_its_tier(world):
    change(world, own_act(verb="escalate", tier="up", to="received"))
    matter = actions.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")
    matter = actions.act(in_hand(world).pk, "try", by=world.dispatcher, **NOTE)
    with pytest.raises(Refused) as refused:
        actions.act(matter.pk, "dispatch", by=world.secretary, unit=world.office.pk)
    assert refused.value.code == "below-tier"
    assert actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.office.pk).redispatches == 1
