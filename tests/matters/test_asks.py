"""An ask belongs to the stage and the unit in which it was put: what the matter has left behind draws nothing back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.matters.changing import change
from tests.matters.jointly import child, forwarded, joint_street
from tests.matters.world import completed, dispatched, in_hand, opened, person, photo
from youying.channels.notify import queries as notices
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.actions.sweep import settle_ask
from youying.matters.models import Ask, Matter
from youying.matters.replaying import differences
from youying.record.actions import deliver
from youying.record.models import Entry

PARK_BACK = {"loop.demand.acts.park.approve": {"by": ["street-leader"], "refused": "in-hand"}}


def asked(matter, kind="step"):
    """The one ask of a matter."""
    return Ask.objects.get(matter=matter, kind=kind)


def parking(world):
    """A matter in hand whose unit asks to park it; a no leads back to `in-hand`."""
    change(world, PARK_BACK)
    matter, due = in_hand(world), world.clock() + timedelta(days=10)
    return actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等配件", due_at=due)


def handing_back(world):
    """A matter whose unit asks to hand it back."""
    return actions.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")


def test_what_was_sent_back_in_vain_is_not_sent_back_for_the_same_reason_again(world):
    matter = handing_back(world)
    with pytest.raises(Refused, match="already-asked"):
        actions.act(matter.pk, "object", by=world.manager, reason="not-ours", note="不归我们管")
    actions.refuse(asked(matter).pk, by=world.dispatcher, note="合同里写着归你们")
    with pytest.raises(Refused, match="refused-before"):
        actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    actions.act(matter.pk, "object", by=world.manager, reason="not-ours", note="合同里没有这一项")
    assert Ask.objects.get(matter=matter, answer="").step == "object"


def complete(world, matter):
    """The unit says that it is done."""
    return actions.act(matter.pk, "complete", by=world.manager, note="修好了", uploads=[photo(world.manager)])


def elsewhere(world, matter):
    """The dispatcher gives it to another unit."""
    return actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="换一家单位")


def state(matter):
    """Where a matter stands, and with whom."""
    row = Matter.objects.get(pk=matter.pk)
    return row.stage, row.lead_id, row.completed_at, row.waiting, row.version


OVERTAKEN = {
    # what was asked, what happens then, who would answer
    "park, completed": (parking, complete, "leader"),
    "park, given elsewhere": (parking, elsewhere, "leader"),
    "hand back, given elsewhere": (handing_back, elsewhere, "dispatcher"),
    "hand back, taken after all": (
        handing_back, lambda w, m: actions.act(m.pk, "accept", by=w.manager), "dispatcher",
    ),
}  # fmt: skip


@pytest.mark.parametrize("answer", ["approve", "refuse"])
@pytest.mark.parametrize("case", sorted(OVERTAKEN))
def test_an_ask_that_the_matter_has_left_behind_lapses_and_no_answer_changes_anything(world, case, answer):
    start, then, who = OVERTAKEN[case]
    matter = start(world)
    then(world, matter)
    before = state(matter)
    assert asked(matter).answer == "lapsed"
    with pytest.raises(Refused, match="ask-lapsed"):
        getattr(actions, answer)(asked(matter).pk, by=world.people[who], note="不再需要")
    assert state(matter) == before
    assert Entry.objects.filter(subject=matter.subject, act="lapse").count() == 1
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_whoever_asked_is_told_that_the_ask_lapsed(world):
    matter = handing_back(world)
    elsewhere(world, matter)
    deliver(limit=100)
    told = [one.say for one in notices.notices_for(world.manager) if "作废" in one.say]
    assert len(told) == 1 and matter.number in told[0] and "退单" in told[0]
    assert not [one for one in notices.notices_for(world.secretary) if "作废" in one.say]


def test_the_resident_answers_a_completed_matter_whose_parking_was_asked(world):
    matter = complete(world, parking(world))
    after = actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    assert (after.crossed_off, after.solved) == (True, True)


def test_more_time_stays_asked_while_the_unit_works_and_lapses_with_the_clock(world):
    matter = in_hand(world)
    actions.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨")
    actions.act(matter.pk, "contact", by=world.manager, note="联系过")
    assert asked(matter, "extension").answer == ""
    complete(world, matter)
    assert asked(matter, "extension").answer == "lapsed"


def test_more_time_asked_by_one_unit_is_not_given_to_the_next(world):
    matter = in_hand(world)
    actions.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨")
    elsewhere(world, matter)
    assert asked(matter, "extension").answer == "lapsed"
    assert Matter.objects.get(pk=matter.pk).extended == 0


def kept_from_before(matter):
    """An ask as an older version left it: open although the matter went on, and without the kind of its asker."""
    ask = asked(matter)
    old = {key: value for key, value in ask.asked_by.items() if key not in ("kind", "reporter")}
    Ask.objects.filter(pk=ask.pk).update(answer="", answered_at=None, asked_by=old)
    return ask.pk


@pytest.mark.parametrize(("case", "code"), [
    ("park, completed", "wrong-stage"), ("park, given elsewhere", "not-yours"), ("hand back, given elsewhere", "not-yours"),
])  # fmt: skip
def test_an_ask_left_open_from_before_is_not_agreed_to_and_a_no_moves_nothing(world, case, code):
    start, then, who = OVERTAKEN[case]
    matter = start(world)
    then(world, matter)
    before, ask = state(matter), kept_from_before(matter)
    with pytest.raises(Refused, match=code):
        actions.approve(ask, by=world.people[who])
    assert actions.refuse(ask, by=world.people[who], note="已经过去了").stage == before[0]
    assert state(matter)[:-1] == before[:-1] and asked(matter).answer == "refused"


def test_silence_that_grants_grants_nothing_to_a_unit_that_no_longer_has_the_matter(world):
    said = {"by": ["dispatcher"], "within": "1 office-hours", "refused": "stay", "silent": "grant"}
    change(world, {"loop.demand.acts.hand-back.approve": said})
    matter = handing_back(world)
    elsewhere(world, matter)
    ask = kept_from_before(matter)
    world.clock.forward(days=3)
    settle_ask(ask, by=SYSTEM, at=world.clock())
    assert (asked(matter).answer, state(matter)[1]) == ("refused", world.office.pk)


def test_a_no_leads_where_the_pack_says_while_the_stage_stands(world):
    change(world, {"loop.demand.acts.park.approve": {"by": ["street-leader"], "refused": "dispatched"}})
    matter, due = in_hand(world), world.clock() + timedelta(days=10)
    actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等配件", due_at=due)
    assert actions.refuse(asked(matter).pk, by=world.leader, note="先办").stage == "dispatched"


def test_another_edition_leaves_a_step_unasked_and_a_proposal_standing(world):
    matter = in_hand(world)
    world.clock.forward(days=12)
    actions.sweep()
    actions.act(matter.pk, "end", by=world.dispatcher, reason="withdrawn", note="居民说不用办了")
    change(world, {"loop.demand.clocks.contact.within": "4 hours"})
    packer = replace(world.dispatcher, powers=world.dispatcher.powers | {"packs"})
    actions.move_edition(matter.pk, by=packer, note="换新版本")
    assert (asked(matter).answer, asked(matter, "proposal").answer) == ("lapsed", "")
    assert actions.approve(asked(matter, "proposal").pk, by=world.leader).supervised == "ordinary"


def test_a_matter_that_ends_takes_its_asks_with_it_each_with_an_entry(world):
    matter = completed(world)
    world.clock.forward(days=1)
    actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    assert not Ask.objects.filter(matter=matter, answer="").exists()


def test_what_whoever_agreed_wrote_stands_beside_the_askers_own_words(world):
    matter = parking(world)
    row = asked(matter)
    actions.approve(row.pk, by=world.leader, note="同意，但每月要报一次")
    line = queries.story(Matter.objects.get(pk=matter.pk))[-1]
    assert (line.words.startswith("等配件"), line.agreed, line.facts["ask"]) == (True, "同意，但每月要报一次", row.pk)


def test_a_merge_that_needs_a_yes_is_done_by_the_yes(world):
    change(world, {"loop.demand.acts.merge.approve": {"by": ["street-leader"], "refused": "stay"}})
    one, other = opened(world).matter, opened(world).matter
    actions.act(one.pk, "merge", by=world.dispatcher, into=other.number)
    assert actions.approve(asked(one).pk, by=world.leader).merged_into_id == other.pk
    other.refresh_from_db()
    assert differences(other) == {}


def test_the_days_of_parts_that_need_a_yes_are_kept_until_it_comes(world):
    joint_street(world, {"loop.joint.acts.forward.approve": {"by": ["county-leader"], "refused": "stay"}})
    due = world.clock() + timedelta(days=2)
    matter = forwarded(world, parts=[{"code": "notarise", "due_at": due}])
    leader = person("贺明", "county-leader", "县领导", reach=world.window.reach)
    actions.approve(asked(matter).pk, by=leader)
    assert child(matter, "notarise").due_at == due


def test_an_ask_of_ones_own_is_found_behind_older_ones_that_others_answer(world):
    """The leader answers a parking; the dispatcher's older asks do not hide it, however few are read."""
    for _ in range(3):
        handing_back(world)
    asked_last = parking(world)
    others = Ask.objects.exclude(matter=asked_last)
    others.update(posts=["dispatcher"], asked_at=world.clock() - timedelta(days=1))
    assert [one.number for one in queries.asks_for(world.leader, most=2)] == [asked_last.number]
    assert queries.asks_for(replace(world.leader, post_code="")) == []


def test_the_page_of_a_matter_shows_its_own_asks_and_no_others(world):
    """What waits for an answer elsewhere is nobody's business here: its words, its reason, who asked."""
    mine, other = handing_back(world), handing_back(world)
    for who in (world.manager, world.dispatcher, world.leader):
        assert [one.number for one in queries.asks_for(who, matter=mine)] == [mine.number]
    assert queries.asks_for(world.manager, matter=dispatched(world)) == []
    assert [one.number for one in queries.asks_for(world.dispatcher, matter=other)] == [other.number]
