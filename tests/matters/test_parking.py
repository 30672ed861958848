"""挂账: what is parked is reviewed on a rhythm, counted and listed until it is taken up, and never lost on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.changing import change, parked
from tests.matters.world import in_hand
from youying.channels.notify.models import Notice
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Ask, Clock, Matter, Parking
from youying.matters.replaying import differences
from youying.record.actions import deliver
from youying.record.models import Entry

RHYTHM = "params.park-review-days"


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


def row(matter):
    """The parking that goes on."""
    return Parking.objects.get(matter=matter, ended_at__isnull=True)


def rungs(matter):
    """What a missed review rang, to whom, entry by entry."""
    entries = Entry.objects.filter(subject=matter.subject, act="ring").order_by("seq")
    return [[r["to"] for r in e.facts["rungs"]] for e in entries if e.facts["clock"] == "review-parking"]


@pytest.mark.parametrize("days", [30, 10])
def test_the_next_review_is_as_far_off_as_the_street_says(world, days):
    if days != 30:
        change(world, {RHYTHM: {"title": "复核", "value": days}})
    matter = parked(world, 90)
    assert row(matter).review_at - row(matter).since == timedelta(days=days)


def test_a_review_by_its_keeper_keeps_it_parked_and_sets_the_next(world):
    matter = parked(world, 90)
    world.clock.forward(days=20)
    after = actions.review_parking(matter.pk, by=world.manager, result="keep", note="管网还没开工")
    held = row(matter)
    assert (after.parked, held.reviews, held.review_at) == (True, 1, world.clock() + timedelta(days=30))
    assert queries.story(after)[-1].title == "复核挂账"
    assert queries.story(after)[-1].words == "管网还没开工"
    assert differences(after) == {}


def test_a_review_that_nobody_holds_rings_once_a_period_for_unit_and_leader(world):
    matter = parked(world, 200)
    world.clock.forward(days=29)
    actions.sweep()  # what else was due by then
    world.clock.forward(days=1, seconds=1)
    assert (actions.sweep(), actions.sweep()) == (1, 0)
    world.clock.forward(days=30)
    actions.sweep()
    held = row(matter)
    assert (held.missed, held.missed_since) == (2, held.since + timedelta(days=30))
    assert rungs(matter) == [["lead", "street-leader"]] * 2
    deliver(limit=500)
    told = Notice.objects.filter(matter_id=matter.pk, say__contains="该复核").values_list("audience", flat=True)
    assert sorted(told) == ["post", "post", "unit", "unit"]


def test_every_review_missed_while_nothing_swept_is_counted(world):
    matter = parked(world, 300)
    world.clock.forward(days=95)
    actions.sweep()
    held = row(matter)
    assert (held.missed, held.review_at) == (3, held.since + timedelta(days=120))


def test_the_clock_that_stands_still_says_the_day_to_which_the_plan_was_moved(world):
    matter, until = parked(world, 30), world.clock() + timedelta(days=90)
    after = actions.review_parking(matter.pk, by=world.leader, result="move", note="再延两个月", due_at=until)
    held = [clock.pauses[-1]["until"] for clock in Clock.objects.filter(matter=matter, paused=True)]
    assert held == [until.isoformat()]
    assert differences(after) == {}


def test_a_review_held_late_ends_the_waiting_and_the_miss_stays_counted(world):
    matter = parked(world, 200)
    world.clock.forward(days=31)
    actions.sweep()
    actions.review_parking(matter.pk, by=world.manager, result="keep", note="在排计划")
    assert (row(matter).missed, row(matter).missed_since) == (1, None)


@pytest.mark.parametrize(("who", "takes"), [("leader", True), ("manager", False)])
def test_the_date_is_moved_by_who_agreed_to_it_alone(world, who, takes):
    matter, until = parked(world, 20), world.clock() + timedelta(days=50)
    move = {"result": "move", "note": "改造推迟", "due_at": until}
    if not takes:
        with refused("not-yours"):
            actions.review_parking(matter.pk, by=world.people[who], **move)
        return
    actions.review_parking(matter.pk, by=world.people[who], **move)
    world.clock.forward(days=25)
    actions.sweep()
    assert Matter.objects.get(pk=matter.pk).parked is True
    world.clock.forward(days=26)
    actions.sweep()
    assert Matter.objects.get(pk=matter.pk).stage == "in-hand"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"result": "later", "note": "再看"}, "unknown-result"),
        ({"result": "keep", "note": ""}, "text-empty"),
        ({"result": "move", "note": "改日期"}, "needs-due"),
    ],
)
def test_a_review_without_result_words_or_date_is_refused(world, said, code):
    matter = parked(world, 20)
    with refused(code):
        actions.review_parking(matter.pk, by=world.leader, **said)
    assert row(matter).reviews == 0


def test_nothing_is_reviewed_that_is_not_parked(world):
    with refused("not-parked"):
        actions.review_parking(in_hand(world).pk, by=world.manager, result="keep", note="看过")


def test_taken_up_again_it_leaves_the_list_and_counts_as_settled(world):
    kept, taken = parked(world, 90), parked(world, 90)
    actions.act(taken.pk, "unpark", by=world.manager)
    page = queries.parked(world.leader)
    assert [one.number for one in page.rows] == [kept.number]
    assert (page.settled.taken_up, page.settled.total) == (1, 2)


def test_ended_by_law_it_leaves_the_list_and_is_not_called_settled(world):
    matter = parked(world, 90)
    actions.act(matter.pk, "end", by=world.dispatcher, reason="withdrawn", note="本人撤回")
    actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.leader)
    page = queries.parked(world.leader)
    assert (page.total, page.settled.taken_up, page.settled.ended) == (0, 0, 1)


def test_parked_twice_it_is_counted_twice_and_listed_once(world):
    matter = parked(world, 90)
    actions.act(matter.pk, "unpark", by=world.manager)
    data = {"reason": "conditions", "scheme": "配件又断货", "due_at": world.clock() + timedelta(days=9)}
    actions.act(matter.pk, "park", by=world.manager, **data)
    actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.leader)
    page = queries.parked(world.leader)
    assert [one.plan for one in page.rows] == ["配件又断货"]
    assert page.settled.total == 2


def test_the_list_says_plan_age_next_review_and_what_is_late(world):
    matter = parked(world, 40)
    world.clock.forward(days=45)
    row(matter)
    Matter.objects.filter(pk=matter.pk).update(wake_at=None)  # its unit closed, and nobody took it up on the day
    actions.sweep()
    (one,) = queries.parked(world.leader).rows
    assert (one.days, one.plan, one.reason, one.past, one.missed) == (
        45,
        "等配件到了再修",
        "受客观条件限制，暂时不能办",
        True,
        1,
    )
    assert {name: queries.parked(world.leader, view=name).total for name in ("all", "missed", "past", "soon")} == {
        "all": 1, "missed": 1, "past": 1, "soon": 0,
    }  # fmt: skip


def test_a_matter_given_to_another_unit_stays_parked_and_listed(world):
    matter = parked(world, 90)
    actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="改由社区盯")
    (one,) = queries.parked(world.leader).rows
    assert (one.number, one.unit) == (matter.number, "槐花里社区")
    world.clock.forward(days=31)
    actions.sweep()
    assert rungs(matter) == [["lead", "street-leader"]]


def test_who_may_not_see_a_matter_does_not_find_it_parked(world):
    parked(world)
    page = queries.parked(world.stranger)
    assert (page.rows, page.total, page.settled.total) == ([], 0, 0)


def test_the_list_takes_as_many_statements_for_many_as_for_one(world, django_assert_num_queries):
    def counted():
        with django_assert_num_queries(5, exact=False):
            return len(queries.parked(world.leader).rows)

    parked(world, 90)
    assert counted() == 1
    for _ in range(3):
        parked(world, 90)
    assert counted() == 4
