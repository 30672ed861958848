"""What draws a higher tier in: counts and risk words, each once; a person accepts by one tap or declines with a reason."""

from __future__ import annotations

import pytest

from tests.matters.changing import change, own_act
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.models import Ask, Clock, Matter
from youying.matters.replaying import differences
from youying.record.models import Announcement, Entry
from youying.record.queries import opened as unsealed
from youying.record.queries import story

RISK = "楼上有人说要跳楼，快来看看。"


def proposals(matter):
    """The steps put before a post and not answered yet."""
    return list(Ask.objects.filter(matter=matter, kind="proposal", answer="").values_list("step", flat=True))


def fresh(matter):
    """The matter as it stands now."""
    return Matter.objects.get(pk=matter.pk)


def unsolved(world, matter):
    """Completed, and the resident says no."""
    matter = actions.act(matter.pk, "complete", by=world.manager, note="处理了", uploads=[])
    return actions.act(matter.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意")


def alarm_at(world, count, **more):
    """From now on so many reworks are enough."""
    change(
        world,
        {
            "params.rework-alarm": {"title": "重办几次", "value": count},
            "loop.demand.acts.complete.needs": ["note"],
            **more,
        },
    )


@pytest.mark.parametrize(("count", "watching"), [(1, ["town"]), (2, [])])
def test_as_many_reworks_as_the_street_says_draw_the_next_tier_in(world, count, watching):
    alarm_at(world, count)
    matter = unsolved(world, in_hand(world))
    assert fresh(matter).units.get("watch", []) == watching
    assert proposals(matter) == (["supervise"] if watching else [])
    assert differences(fresh(matter)) == {}


def test_each_cause_proposes_once_and_moves_nothing(world):
    alarm_at(world, 1)
    matter = unsolved(world, in_hand(world))
    clocks = Clock.objects.filter(matter=matter).count()
    actions.refuse(Ask.objects.get(matter=matter, answer="").pk, by=world.leader, note="先看这一轮")
    matter = unsolved(world, fresh(matter))
    assert (proposals(matter), fresh(matter).causes, fresh(matter).tier) == ([], {"reworks": "put"}, "community")
    assert Clock.objects.filter(matter=matter).count() == clocks + 2


def test_who_is_asked_declines_only_with_a_reason_and_accepts_by_one_tap(world):
    alarm_at(world, 1)
    ask = Ask.objects.get(matter=unsolved(world, in_hand(world)), answer="")
    with pytest.raises(Refused) as refused:
        actions.refuse(ask.pk, by=world.leader, note="")
    assert refused.value.field == "note"
    assert actions.approve(ask.pk, by=world.leader).supervised == "ordinary"


def test_where_the_pack_lets_a_post_pass_it_up_that_is_proposed_for_what_comes_back_again_and_again(world):
    alarm_at(world, 1, **own_act(verb="escalate", tier="up", by=["lead", "secretary"], to="received"))
    matter = unsolved(world, in_hand(world))
    assert proposals(matter) == ["try"]
    with pytest.raises(Refused):
        actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.leader)
    matter = actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.secretary)
    assert (matter.tier, matter.escalated, matter.stage) == ("town", 1, "received")


def test_what_is_given_out_again_and_again_is_counted_and_proposed(world):
    change(world, {"params.redispatch-alarm": {"title": "转办几次", "value": 2}})
    matter = dispatched(world)
    matter = actions.act(matter.pk, "accept", by=world.manager)
    matter = actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="改派")
    assert (matter.redispatches, proposals(matter)) == (1, [])
    matter = actions.reassign(matter.pk, by=world.dispatcher, unit=world.property_company.pk, note="再改派")
    assert (matter.redispatches, proposals(matter), matter.units["watch"]) == (2, ["supervise"], ["town"])


def test_a_risk_word_at_intake_is_watched_at_once_and_proposed_as_soon_as_a_step_fits(world):
    matter = opened(world, text=RISK).matter
    assert (matter.causes, matter.units["watch"], proposals(matter)) == ({"risk": "open"}, ["town"], [])
    assert Announcement.objects.filter(topic__endswith="Alerted").exists()
    matter = actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    assert (matter.causes, proposals(matter)) == ({"risk": "put"}, ["supervise"])
    assert differences(fresh(matter)) == {}


@pytest.mark.parametrize(("said", "found"), [("跳楼、爆炸", True), ("爆炸", False)])
def test_which_words_mean_risk_is_a_setting_of_the_street(world, said, found):
    change(world, {"params.risk-words": {"title": "风险词", "value": said}})
    assert bool(opened(world, text=RISK).matter.causes) is found


def test_a_risk_word_said_later_counts_and_the_entry_tells_the_word_alone(world):
    matter = in_hand(world)
    actions.add_words(matter.pk, by=world.dispatcher, words="陈桂芳来电说家里燃气泄漏，电话13800000417")
    entry = Entry.objects.filter(subject=matter.subject, act="add").get()
    assert entry.facts["risks"] == ["燃气泄漏"]
    assert "13800000417" not in str(entry.facts)
    assert proposals(matter) == ["supervise"]
    assert unsealed(story(matter.subject)[-1])["words"].startswith("陈桂芳")


def test_completed_matters_that_are_found_good_draw_nobody_in(world):
    alarm_at(world, 1)
    matter = actions.act(completed(world).pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    assert (fresh(matter).causes, proposals(matter)) == ({}, [])
