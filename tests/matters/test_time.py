"""What time does to a matter: reminders, running out, parking, silence, unanswered asks; each exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.changing import change
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened, photo
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.actions import ReporterIn
from youying.matters.models import Ask, Clock, Matter, Reporter
from youying.record.models import Entry

SOLVED = {"solved": True, "satisfaction": "满意"}


def entries(matter, act):
    """The entries of one act on a matter."""
    return list(Entry.objects.filter(subject=matter.subject, act=act).order_by("seq"))


def test_a_passed_deadline_is_an_entry_once_however_often_the_sweep_runs(world):
    matter = dispatched(world)
    world.clock.forward(hours=25)
    actions.sweep()
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.contacted_on_time, matter.overdue) == (False, True)
    rung = [r for e in entries(matter, "ring") for r in e.facts["rungs"] if e.facts["clock"] == "contact"]
    assert [r["do"] for r in rung] == ["overdue"]


def test_overdue_work_is_proposed_for_supervision_and_one_tap_makes_it_so(world):
    matter = in_hand(world)
    world.clock.forward(days=12)
    actions.sweep()
    ask = Ask.objects.get(matter=matter, kind="proposal", answer="")
    assert Matter.objects.get(pk=matter.pk).supervised == ""
    supervised = actions.approve(ask.pk, by=world.leader)
    assert supervised.supervised == "ordinary"


def test_a_proposed_supervision_is_whichever_step_fits_the_stage_at_which_the_leader_says_yes(world):
    push = {"verb": "supervise", "title": "督办办结", "from": ["completed"], "by": ["street-leader"], "needs": ["note"]}
    change(world, {"loop.demand.acts.push": push})
    matter = in_hand(world)
    world.clock.forward(days=12)
    actions.sweep()
    ask = Ask.objects.get(matter=matter, kind="proposal", answer="")
    actions.act(matter.pk, "complete", by=world.manager, note="修好了", uploads=[photo(world.manager)])
    assert actions.approve(ask.pk, by=world.leader).supervised == "ordinary"
    assert entries(matter, "push")


def test_parking_pauses_the_clock_and_the_date_wakes_it(world):
    matter = in_hand(world)
    actions.act(matter.pk, "contact", by=world.manager, note="已告诉居民要等管网改造")
    due = world.clock() + timedelta(days=20)
    data = {"reason": "conditions", "scheme": "等管网改造统一做", "due_at": due}
    actions.act(matter.pk, "park", by=world.manager, **data)
    ask = Ask.objects.get(matter=matter, answer="")
    assert Matter.objects.get(pk=matter.pk).stage == "in-hand"
    parked = actions.approve(ask.pk, by=world.leader)
    assert (parked.stage, parked.parked, parked.paused, parked.due_at) == ("parked", True, True, None)
    world.clock.forward(days=21)
    actions.sweep()
    parked.refresh_from_db()
    assert (parked.stage, parked.paused) == ("in-hand", False)
    assert parked.due_at > world.clock()


def test_the_asker_cannot_approve_and_a_refusal_leaves_the_matter_where_it_was(world):
    matter = in_hand(world)
    due = world.clock() + timedelta(days=20)
    actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="再等等", due_at=due)
    ask = Ask.objects.get(matter=matter, answer="")
    with pytest.raises(Refused, match="not-yours"):
        actions.approve(ask.pk, by=world.manager)
    refused = actions.refuse(ask.pk, by=world.leader, note="先抢修再说")
    assert (refused.stage, refused.parked) == ("in-hand", False)


def test_a_hand_back_nobody_answers_in_four_office_hours_is_refused_by_silence(world):
    matter = dispatched(world)
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    world.clock.forward(days=3)
    actions.sweep()
    assert Ask.objects.get(matter=matter, kind="step").answer == "refused"
    assert Matter.objects.get(pk=matter.pk).stage == "dispatched"


def test_a_hand_back_agreed_to_frees_the_matter_and_is_counted(world):
    matter = dispatched(world)
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    back = actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.dispatcher)
    assert (back.stage, back.lead_id, back.hand_backs) == ("received", None, 1)
    again = actions.act(
        matter.pk,
        "dispatch",
        by=world.dispatcher,
        unit=world.office.pk,
        category=CATEGORY,
        expected_version=back.version,
    )
    assert again.lead_id == world.office.pk


def test_silence_closes_only_after_the_attempts_and_the_days_and_counts_as_unreachable(world):
    matter = completed(world)
    for day in (1, 2, 3):
        world.clock.forward(days=1)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
        actions.sweep()
        assert Matter.objects.get(pk=matter.pk).crossed_off is False, day
    world.clock.forward(days=6)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.crossed_off, matter.excluded, matter.solved) == (True, "unreachable", None)


def called_in_vain(world, matter):
    """Three calls on three days that nobody answered, and the days of silence after them."""
    for _ in range(3):
        world.clock.forward(days=1)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
    world.clock.forward(days=12)
    actions.sweep()
    return Matter.objects.get(pk=matter.pk)


def done_again(world, matter):
    """The unit says for the second time that it is done."""
    return actions.act(matter.pk, "complete", by=world.manager, note="又疏通了一次", uploads=[photo(world.manager)])


def test_silence_after_a_rework_takes_no_word_back(world):
    matter = completed(world)
    actions.act(matter.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意")
    after = called_in_vain(world, done_again(world, matter))
    assert (after.crossed_off, after.solved, after.satisfaction, after.excluded) == (True, False, "不满意", "")


def test_of_several_the_silent_one_who_had_called_it_not_solved_still_says_so(world):
    matter = completed(world)
    source = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),)).matter
    actions.act(source.pk, "merge", by=world.dispatcher, into=matter.number)
    one, other = Reporter.objects.filter(matter=matter).order_by("pk").values_list("pk", flat=True)
    actions.act(matter.pk, "verdict", by=world.caller, reporter=one, solved=False, satisfaction="不满意")
    done_again(world, matter)
    actions.act(matter.pk, "verdict", by=world.caller, reporter=other, solved=True, satisfaction="满意")
    for _ in range(3):
        world.clock.forward(days=1)
        actions.act(matter.pk, "call-back", by=world.caller, reporter=one, way="phone", reached=False)
    world.clock.forward(days=12)
    actions.sweep()
    after = Matter.objects.get(pk=matter.pk)
    assert (after.crossed_off, after.solved, after.satisfaction, after.excluded) == (True, False, "不满意", "")


def sent_back_and_out_again(world, matter):
    """The unit says it is not its duty; the community gets the matter instead."""
    actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
    actions.approve(Ask.objects.get(matter=matter, answer="").pk, by=world.dispatcher)
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    return Matter.objects.get(pk=matter.pk)


def test_a_contact_once_made_is_not_asked_again_of_the_next_unit(world):
    matter = dispatched(world)
    actions.act(matter.pk, "contact", by=world.manager, note="已经联系过居民了")
    matter = sent_back_and_out_again(world, matter)
    running = Clock.objects.filter(matter=matter, stopped_at=None)
    assert set(running.values_list("code", flat=True)) == {"accept", "complete"}
    world.clock.forward(days=3)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.contacted_on_time, matter.due_clock) == (True, "accept")


def test_a_contact_nobody_made_is_asked_of_the_next_unit(world):
    matter = sent_back_and_out_again(world, dispatched(world))
    running = Clock.objects.filter(matter=matter, stopped_at=None)
    assert set(running.values_list("code", flat=True)) == {"accept", "contact", "complete"}


def test_two_attempts_are_too_few_for_silence(world):
    matter = completed(world)
    for _ in range(2):
        world.clock.forward(days=1)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
    world.clock.forward(days=60)
    actions.sweep()
    assert Matter.objects.get(pk=matter.pk).crossed_off is False


def test_an_extension_asked_in_time_and_approved_moves_the_deadline_once(world):
    matter = in_hand(world)
    before = Clock.objects.get(matter=matter, code="complete").due_at
    ask = actions.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")
    actions.approve(ask.pk, by=world.dispatcher)
    assert Clock.objects.get(matter=matter, code="complete").due_at > before
    with pytest.raises(Refused, match="too-often"):
        actions.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="还在下雨")


def test_an_extension_past_its_cut_off_is_refused(world):
    matter = in_hand(world)
    due = Clock.objects.get(matter=matter, code="complete").due_at
    world.clock.go_to(due - timedelta(minutes=30))
    with pytest.raises(Refused, match="past-cut-off"):
        actions.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")


def test_a_crossed_off_matter_is_reopened_within_thirty_days_and_not_later(world):
    matter = completed(world)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    actions.act(matter.pk, "verdict", by=world.caller, **SOLVED)
    again = actions.reopen(matter.pk, by=world.caller, words="又返水了")
    assert (again.stage, again.crossed_off, again.reworks, again.solved) == ("in-hand", False, 1, None)
    assert again.due_at is not None


def test_reopening_after_the_window_is_refused(world):
    matter = completed(world)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    actions.act(matter.pk, "verdict", by=world.caller, **SOLVED)
    world.clock.forward(days=40)
    with pytest.raises(Refused, match="reopen-too-late"):
        actions.reopen(matter.pk, by=world.caller, words="又返水了")


def test_a_step_is_taken_back_within_a_minute_and_not_after(world):
    matter = dispatched(world)
    actions.act(matter.pk, "accept", by=world.manager)
    undone = actions.undo(matter.pk, by=world.manager)
    assert undone.stage == "dispatched"
    assert Clock.objects.get(matter=matter, code="accept").running
    actions.act(matter.pk, "accept", by=world.manager)
    world.clock.forward(seconds=61)
    with pytest.raises(Refused, match="not-undoable"):
        actions.undo(matter.pk, by=world.manager)


def test_changing_the_urgency_counts_the_deadline_anew_from_its_start(world):
    matter = in_hand(world)
    before = Clock.objects.get(matter=matter, code="complete")
    corrected = actions.correct(matter.pk, by=world.dispatcher, urgency="urgent")
    after = Clock.objects.get(matter=matter, code="complete")
    assert (after.started_at, after.due_at < before.due_at) == (before.started_at, True)
    assert corrected.due_at <= after.due_at
