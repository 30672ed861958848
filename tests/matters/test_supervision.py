"""督办: opened with a reason and a deadline of its own, replied by the unit, released by a supervising post, rung once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.matters.changing import change
from tests.matters.world import completed, dispatched, in_hand, photo
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.actions.supervising import state
from youying.matters.models import Ask, Matter, Supervision
from youying.matters.replaying import differences
from youying.record.models import Entry


def supervised(world, **more):
    """A matter in hand that the street leader supervises, and the supervision."""
    matter = in_hand(world)
    return again(world, matter, **more)


def again(world, matter, **more):
    """Supervise it (once more)."""
    said = {"note": "居民多次来电", "asked": "请三天内说明原因和办法", **more}
    matter = actions.act(matter.pk, "supervise", by=world.leader, **said)
    return matter, Supervision.objects.filter(matter=matter).latest("pk")


def told(matter):
    """The last state of each supervision, as the record alone gives it."""
    states = {}
    for entry in Entry.objects.filter(subject=matter.subject).order_by("seq"):
        states |= {one["number"]: one for one in entry.facts.get("supervisions", [])}
    return states


def rows(matter):
    """The same from the rows."""
    return {row.number: state(row) for row in Supervision.objects.filter(matter=matter)}


@pytest.mark.parametrize(("level", "days"), [("ordinary", 5), ("key", 3), ("listed", 10)])
def test_each_level_is_due_by_its_own_working_days(world, level, days):
    _, one = supervised(world, level=level)
    assert (one.level, one.within) == (level, f"{days} working-days")
    change(world, {f"params.supervise-{level}-days": {"title": "几天", "value": 1}})
    _, other = supervised(world, level=level)
    assert other.within == "1 working-days"
    assert other.due_at < one.due_at


def test_a_sweep_at_the_last_moment_leaves_the_unit_its_last_moment(world):
    _, one = supervised(world)
    world.clock.forward(seconds=(one.due_at - world.clock()).total_seconds())
    actions.sweep()
    assert not actions.reply_supervision(one.pk, by=world.manager, words="主管已订货，周四换好").overdue
    _, other = supervised(world)
    world.clock.forward(seconds=(other.due_at - world.clock()).total_seconds() + 1)
    actions.sweep()
    assert Supervision.objects.get(pk=other.pk).overdue


def test_an_ask_is_answered_at_the_last_moment_of_its_time(world):
    matter = actions.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")
    ask = Ask.objects.get(matter=matter)
    world.clock.forward(seconds=(ask.due_at - world.clock()).total_seconds())
    actions.sweep()
    assert Ask.objects.get(pk=ask.pk).answer == ""
    assert actions.approve(ask.pk, by=world.dispatcher).stage == "received"


def test_the_unit_replies_once_and_who_supervises_releases_with_a_word(world):
    matter, one = supervised(world)
    actions.reply_supervision(one.pk, by=world.manager, words="主管已订货，周四换好")
    with pytest.raises(Refused) as refused:
        actions.reply_supervision(one.pk, by=world.manager, words="再说一遍")
    assert refused.value.code == "already-replied"
    actions.release_supervision(one.pk, by=world.leader, note="看过现场，可以")
    row = Supervision.objects.get(pk=one.pk)
    assert (row.ended_as, row.overdue, row.ring_at) == ("released", False, None)
    assert told(matter) == rows(matter)
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


@pytest.mark.parametrize("who", ["leader", "stranger", "caller", "secretary"])
def test_nobody_but_the_unit_that_is_asked_replies(world, who):
    _, one = supervised(world)
    with pytest.raises(Refused) as refused:
        actions.reply_supervision(one.pk, by=world.people[who], words="替他们说一句")
    assert refused.value.code in ("not-yours", "not-found")
    assert Supervision.objects.get(pk=one.pk).replied_at is None


@pytest.mark.parametrize("who", ["manager", "stranger", "caller", "secretary", "dispatcher"])
def test_nobody_but_a_supervising_post_releases(world, who):
    _, one = supervised(world)
    for done in (
        lambda: actions.release_supervision(one.pk, by=world.people[who], note="行了"),
        lambda: actions.renew_supervision(
            one.pk, by=world.people[who], due_at=world.clock() + timedelta(days=3), note="再给三天"
        ),
    ):
        with pytest.raises(Refused) as refused:
            done()
        assert refused.value.code in ("not-yours", "not-found")
    assert Supervision.objects.get(pk=one.pk).ended_at is None


def test_a_higher_level_takes_the_place_of_a_lower_one_and_never_the_other_way(world):
    matter, one = supervised(world)
    for level in ("", "ordinary"):
        if level:
            with pytest.raises(Refused) as refused:
                again(world, matter, level=level)
            assert refused.value.code == "already-supervised"
        else:
            matter, other = again(world, matter)
            assert (other.level, Supervision.objects.get(pk=one.pk).ended_as) == ("key", "raised")
    assert told(matter) == rows(matter)


def test_a_reply_that_does_not_come_rings_once_and_late_stays_late(world):
    matter, one = supervised(world)
    world.clock.forward(days=20)
    actions.sweep()
    rung = Entry.objects.filter(subject=matter.subject, act="ring-supervision")
    assert (rung.count(), Supervision.objects.get(pk=one.pk).overdue) == (1, True)
    actions.sweep()
    assert rung.count() == 1
    actions.renew_supervision(one.pk, by=world.leader, due_at=world.clock() + timedelta(days=2), note="最后两天")
    actions.reply_supervision(one.pk, by=world.manager, words="已经修好")
    row = Supervision.objects.get(pk=one.pk)
    assert (row.overdue, row.renewed, row.within) == (True, 1, "given")
    world.clock.forward(days=9)
    actions.sweep()
    assert rung.count() == 1
    assert told(matter) == rows(matter)


def test_with_the_end_of_the_matter_nothing_is_left_to_supervise(world):
    matter, one = supervised(world)
    matter = actions.act(matter.pk, "complete", by=world.manager, note="好了", uploads=[photo(world.manager)])
    matter = actions.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意")
    row = Supervision.objects.get(pk=one.pk)
    assert (matter.stage, row.ended_as, row.ring_at) == ("crossed-off", "released", None)
    assert told(matter) == rows(matter)


def test_the_ledger_shows_each_by_its_state_and_units_what_is_asked_of_them(world):
    _, one = supervised(world)
    assert [row.number for row in queries.supervisions(world.leader, "open")] == [one.number]
    assert [row.number for row in queries.supervisions(world.manager, "open", ours=True)] == [one.number]
    assert queries.supervisions(world.stranger, "open") == []
    assert queries.supervision_counts(world.leader) == {"open": 1, "overdue": 0, "replied": 0, "ended": 0, "all": 1}
    assert [row.number for row in queries.waiting_supervisions(world.manager)] == [one.number]
    actions.reply_supervision(one.pk, by=world.manager, words="已订货")
    assert queries.waiting_supervisions(world.manager) == []
    assert [row.state for row in queries.waiting_supervisions(world.leader)] == ["replied"]


def test_a_letter_is_read_by_who_asks_and_who_is_asked_and_by_nobody_else(world):
    matter, one = supervised(world)
    for who in (world.leader, world.manager):
        view, _ = queries.supervision(who, one.number)
        assert (view.reason, view.asked) == ("居民多次来电", "请三天内说明原因和办法")
    for who in (world.stranger, world.caller, world.worker):
        with pytest.raises(Refused) as refused:
            queries.supervision(who, one.number)
        assert refused.value.code == "not-found"
        assert queries.supervisions_of(who, matter) == []
    assert b"\xe5\xb1\x85" not in bytes(one.sealed)


def test_the_button_to_release_is_not_shown_to_whoever_wrote_the_reply(world):
    _, one = supervised(world)
    both = replace(world.leader, unit_id=world.manager.unit_id)
    actions.reply_supervision(one.pk, by=both, words="主管已订货，周四换好")
    other = replace(world.leader, account_id=world.secretary.account_id)
    assert [queries.supervision(who, one.number)[0].may_release for who in (both, other)] == [False, True]


def test_what_was_never_supervised_asks_the_database_nothing(world, django_assert_num_queries):
    matter = completed(world)
    with django_assert_num_queries(0):
        assert queries.supervisions_of(world.leader, matter) == []
