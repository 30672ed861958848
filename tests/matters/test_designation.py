"""A unit that is not the right one says so to the dispatcher, objects before a third hand, and is designated in the end."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, dispatched, opened, person
from youying.access.models import Unit
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Ask, Assignment, Clock, Matter
from youying.matters.replaying import differences

pytestmark = pytest.mark.django_db


def objected(world, matter):
    """董建平 objects to a dispatch, in words and with a coded reason."""
    actions.act(matter.pk, "object", by=world.manager, reason="not-ours", note="管道在红线外，是市政的")
    return Ask.objects.get(matter=matter, step="object", answer="")


def test_an_objection_is_put_before_a_third_post_and_the_clocks_run_on(world):
    matter = dispatched(world)
    ask = objected(world, matter)
    assert ask.posts == ["street-leader"]
    assert Clock.objects.get(matter=matter, code="accept").running
    assert Matter.objects.get(pk=matter.pk).lead_id == world.property_company.pk  # first receiver until it is decided
    with pytest.raises(Refused, match="not-yours"):
        actions.approve(ask.pk, by=world.dispatcher)


@pytest.mark.word("loop.acts.verb:object")
def test_an_objection_that_is_right_takes_the_matter_away_and_counts_as_returned(world):
    matter = dispatched(world)
    after = actions.approve(objected(world, matter).pk, by=world.leader)
    assert (after.stage, after.lead_id, after.hand_backs, after.designated) == ("received", None, 1, False)
    assert Assignment.objects.get(matter=matter).ended_by == "object"
    assert not Clock.objects.get(matter=matter, code="accept").running
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_an_objection_that_is_wrong_leaves_the_matter_with_its_unit_for_good(world):
    matter = dispatched(world)
    ask = objected(world, matter)
    after = actions.refuse(ask.pk, by=world.leader, note="红线以内，仍由物业办")
    assert (after.stage, after.lead_id, after.designated) == ("dispatched", world.property_company.pk, True)
    with pytest.raises(Refused, match="designated") as caught:
        actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    assert "不得退回" in caught.value.clause
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_nobody_objects_twice(world):
    matter = dispatched(world)
    actions.approve(objected(world, matter).pk, by=world.leader)
    unit = {"unit": world.property_company.pk, "category": CATEGORY}
    actions.act(matter.pk, "dispatch", by=world.dispatcher, **unit)
    with pytest.raises(Refused, match="too-often"):
        objected(world, matter)


@pytest.mark.parametrize("act", ["hand-back", "object"])
def test_what_the_reviewing_post_designates_is_not_sent_back(world, act):
    matter = opened(world).matter
    to = {"unit": world.property_company.pk, "category": CATEGORY}
    told = {"reason": "not-ours", "note": "不归我们"}
    actions.act(matter.pk, "dispatch", by=world.dispatcher, **to)
    actions.act(matter.pk, act, by=world.manager, **told)  # a plain dispatch may be questioned
    other = opened(world).matter
    after = actions.act(other.pk, "designate", by=world.leader, note="经审核由物业承办", **to)
    assert (after.stage, after.designated) == ("dispatched", True)
    with pytest.raises(Refused, match="designated"):
        actions.act(other.pk, act, by=world.manager, **told)
    assert act not in {one.id for one in queries.possible_acts(world.manager, after).can}
    assert {clock.code for clock in Clock.objects.filter(matter=other)} == {"accept", "contact", "complete"}


def test_whoever_dispatched_does_not_review_the_objection(world):
    matter = dispatched(world)
    both = person("何立诚", "street-leader", "街道领导", reach=world.town)
    Matter.objects.filter(pk=matter.pk).update(doers={"dispatch": [both.account_id]})
    ask = objected(world, matter)
    for answer in (lambda: actions.approve(ask.pk, by=both), lambda: actions.refuse(ask.pk, by=both, note="不同意")):
        with pytest.raises(Refused, match="third-hand"):
            answer()
    assert actions.approve(ask.pk, by=world.leader).lead_id is None


def test_an_objection_that_nobody_answers_in_time_is_refused_and_nothing_is_designated(world):
    matter = dispatched(world)
    ask = objected(world, matter)
    world.clock.forward(days=5)
    actions.sweep()
    ask.refresh_from_db()
    assert (ask.answer, Matter.objects.get(pk=matter.pk).designated) == ("refused", False)


def test_the_third_hand_is_asked_to_designate_only_what_a_unit_sent_back(world):
    matter = opened(world).matter
    assert queries.next_step(world.leader, matter) is None
    assert queries.next_step(world.dispatcher, matter).id == "dispatch"
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    after = actions.approve(objected(world, matter).pk, by=world.leader)
    assert queries.next_step(world.leader, after).id == "designate"


class TestWhoseItWouldBe:
    """A unit that sends a matter back names the one that it belongs to."""

    def back(self, world, matter, act="hand-back", **more):
        told = {"reason": "not-ours", "note": "路面是社区在管", "right_unit": world.office.pk, **more}
        return actions.act(matter.pk, act, by=world.manager, **told)

    @pytest.mark.parametrize(("act", "who"), [("hand-back", "dispatcher"), ("object", "leader")])
    def test_it_stands_before_whoever_answers_and_with_the_matter_until_it_is_given_out(self, world, act, who):
        matter = dispatched(world)
        self.back(world, matter, act)
        (shown,) = queries.asks_for(world.people[who], matter=matter)
        assert shown.right == "槐花里社区"
        after = actions.approve(shown.id, by=world.people[who])
        assert (after.lead_id, after.units["right"], differences(after)) == (None, [world.office.pk], {})
        to = {"unit": world.property_company.pk, "category": CATEGORY}
        after = actions.act(matter.pk, "dispatch", by=world.dispatcher, **to)
        assert "right" not in after.units and differences(after) == {}

    def test_whoever_sends_it_back_need_not_know(self, world):
        matter = dispatched(world)
        self.back(world, matter, right_unit=None)
        after = actions.approve(Ask.objects.get(matter=matter).pk, by=world.dispatcher)
        assert "right" not in after.units

    @pytest.mark.parametrize(
        ("right", "code"), [("own", "right-is-lead"), (999, "unknown-unit"), ("far", "unit-elsewhere")]
    )
    def test_neither_oneself_nor_a_unit_that_could_not_take_it_is_named(self, world, right, code):
        far = Unit.objects.create(code="far", title="别处社区", kind="community-office", reach="/99/9902")
        matter = dispatched(world)
        named = {"own": world.property_company.pk, "far": far.pk}.get(right, right)
        with pytest.raises(Refused, match=code):
            self.back(world, matter, right_unit=named)
        assert not Ask.objects.filter(matter=matter).exists()

    def test_a_step_that_sends_nothing_back_names_nobody(self, world):
        with pytest.raises(Refused, match="not-sent-back"):
            actions.act(dispatched(world).pk, "accept", by=world.manager, right_unit=world.office.pk)
