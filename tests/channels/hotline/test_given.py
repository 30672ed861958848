"""A deadline that the city gave stays with the matter: whatever is done with it here, it is this that is kept or missed."""

from __future__ import annotations

import pytest

from tests.channels.hotline.test_days import brought_in, is_whole, moment, row
from tests.matters.world import CATEGORY, photo
from youying.channels.hotline.models import Came
from youying.matters import queries
from youying.matters.actions import act, approve, ask_extension, changed_source, correct, sweep
from youying.matters.models import Ask, Clock, Matter
from youying.record.models import Entry
from youying.record.queries import opened as unsealed

GIVEN = moment(2026, 11, 17, 18, 0)
WAITING = {"opened": "2026-11-12 09:20", "due": "2026-11-17"}


def completion():
    """The runs of the clock of completion: run, due, kept or not."""
    return list(Clock.objects.filter(code="complete").order_by("run").values_list("run", "due_at", "met"))


def sent_out(world, matter):
    """The dispatcher gives it to the property company, who accepts it."""
    act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    return act(matter.pk, "accept", by=world.manager)


def without_unit(**cells):
    """A row that names no unit."""
    told = row(**{**WAITING, **cells})
    told[6] = ""
    return told


def acts_of(matter):
    """The acts of the matter's entries."""
    return list(Entry.objects.filter(subject=matter.subject).order_by("seq").values_list("act", flat=True))


def told_otherwise(world, cells):
    """The import of a row that said something else before, which is no news here."""
    Came.objects.update(whole=b"otherwise")
    return brought_in(world, cells)


def kept_as(matter, written):
    """The target as an older version kept it: with the run alone, as a moment."""
    clock = Clock.objects.get(matter=matter, code="complete")
    clock.rule = {**clock.rule, "given": written}
    clock.save(update_fields=["rule"])


@pytest.fixture
def given(world):
    """A demand with the city's deadline, not given to anybody yet."""
    brought_in(world, without_unit())
    matter = Matter.objects.get()
    assert completion() == [(1, GIVEN, None)]
    return matter


@pytest.mark.parametrize("within", ["", "2 working-days"], ids=["the usual", "a period of its own"])
def test_a_dispatch_takes_it_over(world, given, within):
    more = {"within": within} if within else {}
    act(given.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY, **more)
    assert completion() == [(1, GIVEN, None)]
    assert set(Clock.objects.filter(stopped_at=None).values_list("code", flat=True)) == {
        "accept", "contact", "complete",
    }  # fmt: skip


@pytest.mark.parametrize(("day", "kept"), [(17, True), (18, False)])
@pytest.mark.parametrize("swept", [True, False], ids=["swept before", "not swept"])
def test_a_completion_is_judged_by_it(world, given, day, kept, swept):
    sent_out(world, given)
    world.clock.go_to(moment(2026, 11, day, 17, 30))
    if swept:
        sweep()
    matter = act(given.pk, "complete", by=world.manager, note="换了新灯", uploads=[photo(world.manager)])
    assert matter.completed_on_time is kept
    assert completion() == [(1, GIVEN, kept)]
    assert is_whole(matter)


def test_who_takes_it_up_after_it_ran_out_is_late_already_and_no_new_period_begins(world, given):
    world.clock.go_to(moment(2026, 11, 20, 9, 0))
    sent_out(world, given)
    sweep()
    matter = Matter.objects.get()
    assert (matter.overdue, matter.completed_on_time) == (True, False)
    assert completion() == [(1, GIVEN, None)]


@pytest.mark.parametrize("day", [13, 18], ids=["before", "after it ran out, without a note"])
def test_a_correction_does_not_recount_it(world, given, day):
    sent_out(world, given)
    world.clock.go_to(moment(2026, 11, day, 17, 0))
    correct(given.pk, by=world.dispatcher, urgency="hard")
    assert completion() == [(1, GIVEN, None)]


def test_a_hand_back_and_another_dispatch_leave_it(world, given):
    act(given.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    act(given.pk, "hand-back", by=world.manager, reason="not-ours")
    approve(Ask.objects.get(answer="").pk, by=world.dispatcher)
    act(given.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    assert completion() == [(1, GIVEN, None)]


def test_an_extension_goes_on_from_it_by_the_period_of_its_clock(world, given):
    sent_out(world, given)
    ask = ask_extension(given.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")
    matter = approve(ask.pk, by=world.dispatcher)
    due = moment(2026, 11, 26, 18, 0)  # seven working days after the seventeenth
    assert (completion(), matter.extended) == ([(1, due, None)], 1)
    world.clock.go_to(moment(2026, 11, 25, 10, 0))
    matter = act(given.pk, "complete", by=world.manager, note="换了新灯", uploads=[photo(world.manager)])
    assert (matter.completed_on_time, matter.overdue) == (True, False)


def test_a_rework_is_a_new_promise_and_takes_the_period_of_the_loop(world, given):
    sent_out(world, given)
    act(given.pk, "complete", by=world.manager, note="换了新灯", uploads=[photo(world.manager)])
    act(given.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意")
    assert [run for run, _, met in completion() if met is None] == [2]
    assert Clock.objects.get(code="complete", run=2).rule["within"] == "7 working-days"


class TestGivenAnew:
    """A later export names another deadline."""

    def test_it_is_moved_with_an_entry_and_the_working_says_so(self, world, given):
        sent_out(world, given)
        again = brought_in(world, without_unit(due="2026-11-20"))
        matter = Matter.objects.get()
        entry = Entry.objects.filter(subject=matter.subject).order_by("-seq").first()
        assert (again.followed, again.refused) == (1, 0)
        assert completion() == [(1, moment(2026, 11, 20, 18, 0), None)]
        assert (entry.act, entry.facts["imported"]) == ("correct", True)
        assert unsealed(entry)["note"] == "原系统把办理期限改为2026-11-20。"
        [shown] = [clock for clock in queries.clocks(matter) if clock.code == "complete"]
        assert shown.say.endswith("原系统改过期限，原来是2026-11-17。")
        assert is_whole(matter)

    def test_the_same_again_changes_nothing(self, world, given):
        brought_in(world, without_unit(due="2026-11-20"))
        entries = Entry.objects.filter(subject=given.subject).count()
        again = brought_in(world, without_unit(due="2026-11-20"))
        assert (again.followed, again.again) == (0, 1)
        assert Entry.objects.filter(subject=given.subject).count() == entries
        assert completion() == [(1, moment(2026, 11, 20, 18, 0), None)]

    def test_it_takes_the_place_of_an_extension_here(self, world, given):
        sent_out(world, given)
        ask = ask_extension(given.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")
        approve(ask.pk, by=world.dispatcher)
        brought_in(world, without_unit(due="2026-11-20"))
        assert completion() == [(1, moment(2026, 11, 20, 18, 0), None)]

    def test_what_was_missed_by_then_stays_missed(self, world, given):
        sent_out(world, given)
        world.clock.go_to(moment(2026, 11, 18, 9, 0))
        brought_in(world, without_unit(due="2026-11-20"))
        matter = act(given.pk, "complete", by=world.manager, note="换了新灯", uploads=[photo(world.manager)])
        assert (matter.completed_on_time, matter.overdue) == (False, True)

    def test_a_first_one_takes_the_place_of_the_loops_own_period(self, world):
        brought_in(world, row(opened="2026-11-12 09:20"))
        assert Clock.objects.get(code="complete").rule["within"] == "7 working-days"
        brought_in(world, row(**WAITING))
        assert completion() == [(1, GIVEN, None)]
        [shown] = [clock for clock in queries.clocks(Matter.objects.get()) if clock.code == "complete"]
        assert shown.say.endswith("原系统改过期限，原来是7个工作日。")

    def test_a_first_one_starts_the_clock_of_a_matter_that_nobody_has_yet(self, world):
        brought_in(world, without_unit(due=""))
        assert completion() == []
        brought_in(world, without_unit())
        assert completion() == [(1, GIVEN, None)]

    def test_a_unit_and_a_deadline_told_together_leave_the_deadline(self, world):
        brought_in(world, without_unit(due=""))
        brought_in(world, row(**WAITING))
        assert Matter.objects.get().stage == "dispatched"
        assert completion() == [(1, GIVEN, None)]

    def test_a_unit_told_later_leaves_the_deadline(self, world, given):
        brought_in(world, row(**WAITING))
        assert Matter.objects.get().stage == "dispatched"
        assert completion() == [(1, GIVEN, None)]

    def test_of_what_is_done_it_is_noted_and_judges_nothing_anew(self, world):
        done = {"opened": "2026-11-03 09:20", "done": "2026-11-06 15:00"}
        brought_in(world, row(**done, due="2026-11-05"))
        brought_in(world, row(**done, due="2026-11-09"))
        matter = Matter.objects.get()
        entry = Entry.objects.filter(subject=matter.subject).order_by("-seq").first()
        assert matter.completed_on_time is False
        assert "已经办结" in unsealed(entry)["note"]

    def test_of_what_is_done_it_is_noted_once(self, world):
        done = {"opened": "2026-11-03 09:20", "done": "2026-11-06 15:00"}
        brought_in(world, row(**done, due="2026-11-05"))
        brought_in(world, row(**done, due="2026-11-09"))
        entries = Entry.objects.count()
        again = told_otherwise(world, row(**done, due="2026-11-09"))
        assert (again.followed, again.refused) == (0, 0)
        assert acts_of(Matter.objects.get()).count("correct") == 1
        assert brought_in(world, row(**done, due="2026-11-10")).followed == 1
        assert Entry.objects.count() > entries

    @pytest.mark.parametrize("recorded", [True, False], ids=["kept with the entry", "come in before that was kept"])
    def test_after_a_rework_the_same_target_is_no_news(self, world, given, recorded, monkeypatch):
        if not recorded:
            monkeypatch.setattr(changed_source, "_told_before", lambda scene: {})
        sent_out(world, given)
        act(given.pk, "complete", by=world.manager, note="换了新灯", uploads=[photo(world.manager)])
        act(given.pk, "verdict", by=world.caller, solved=False, satisfaction="不满意")
        again = told_otherwise(world, without_unit())
        assert (again.followed, again.refused) == (0, 0)
        assert brought_in(world, without_unit(due="2026-11-20")).refused == 1

    def test_what_came_in_as_not_solved_is_not_listed_for_its_old_target(self, world):
        unsolved = {"opened": "2026-11-03 09:20", "due": "2026-11-09", "done": "2026-11-06 15:00", "solved": "否"}
        brought_in(world, row(**unsolved))
        again = told_otherwise(world, row(**unsolved))
        assert (again.followed, again.again, again.refused) == (0, 1, 0)

    @pytest.mark.parametrize(
        ("held", "followed"),
        [("2026-11-17T18:00:00+08:00", 0), ("2026-11-17T00:00:00+08:00", 1)],
        ids=["the same end", "once taken for midnight"],
    )
    def test_a_target_kept_as_a_moment_is_compared_by_its_end(self, world, given, held, followed, monkeypatch):
        monkeypatch.setattr(changed_source, "_told_before", lambda scene: {})
        kept_as(given, held)
        assert told_otherwise(world, without_unit()).followed == followed
        assert (acts_of(given).count("correct"), completion()) == (followed, [(1, GIVEN, None)])

    def test_a_midnight_of_what_is_done_is_the_day_it_was_meant_for(self, world, monkeypatch):
        monkeypatch.setattr(changed_source, "_told_before", lambda scene: {})
        done = {"opened": "2026-11-03 09:20", "done": "2026-11-06 15:00", "due": "2026-11-09"}
        brought_in(world, row(**done))
        kept_as(Matter.objects.get(), "2026-11-09T00:00:00+08:00")
        assert told_otherwise(world, row(**done)).followed == 0

    @pytest.mark.parametrize(("day", "kept"), [(14, True), (16, False)], ids=["in time", "late by the first"])
    @pytest.mark.parametrize("swept", [True, False], ids=["swept between", "not swept"])
    def test_an_answer_told_with_another_target_counts_by_its_own_moment(self, world, swept, day, kept):
        brought_in(world, without_unit(opened="2026-11-12 09:20", due="2026-11-15"))
        world.clock.go_to(moment(2026, 11, 20, 9, 0))
        if swept:
            sweep()
        told = without_unit(opened="2026-11-12 09:20", due="2026-11-18", done=f"2026-11-{day} 16:00")
        brought_in(world, told)
        matter = Matter.objects.get()
        assert (matter.completed_on_time, matter.overdue) == (kept, not kept)
        assert completion() == [(1, moment(2026, 11, 18, 18, 0), kept)]
        assert is_whole(matter)

    def test_an_answer_in_time_told_after_a_moved_target_was_missed_lifts_the_miss(self, world):
        waiting = {"opened": "2026-11-12 09:20"}
        brought_in(world, without_unit(**waiting, due="2026-11-15"))
        world.clock.go_to(moment(2026, 11, 17, 9, 0))
        sweep()
        brought_in(world, without_unit(**waiting, due="2026-11-18"))
        assert Matter.objects.get().overdue is True
        world.clock.go_to(moment(2026, 11, 20, 9, 0))
        sweep()
        brought_in(world, without_unit(**waiting, due="2026-11-18", done="2026-11-14 16:00"))
        matter = Matter.objects.get()
        assert (matter.completed_on_time, matter.overdue) == (True, False)
        assert is_whole(matter)

    def test_an_answer_told_with_it_is_judged_by_it(self, world, given):
        brought_in(world, without_unit(due="2026-11-12", done="2026-11-13 09:00"))
        assert Matter.objects.get().completed_on_time is False


class TestToldAfterTheBell:
    """What was done in time and is told only after the bell rang was in time; what people here did late was late."""

    STEPS = {"accepted": "2026-11-12 09:40", "contacted": "2026-11-12 10:00"}

    @pytest.fixture
    def rang(self, world):
        """A demand that the property company had, with every bell rung by the twentieth."""
        brought_in(world, row(**WAITING))
        world.clock.go_to(moment(2026, 11, 20, 9, 0))
        sweep()
        matter = Matter.objects.get()
        assert (matter.contacted_on_time, matter.completed_on_time, matter.overdue) == (False, False, True)
        assert Ask.objects.get(answer="").kind == "proposal"
        return matter

    def test_all_of_it_in_time_leaves_no_miss(self, world, rang):
        brought_in(world, row(**WAITING, **self.STEPS, done="2026-11-14 16:00"))
        matter = Matter.objects.get()
        assert (matter.contacted_on_time, matter.completed_on_time, matter.overdue) == (True, True, False)
        assert set(Clock.objects.values_list("met", flat=True)) == {True}
        assert not Ask.objects.filter(answer="").exists()
        assert is_whole(matter)

    def test_what_still_runs_behind_its_deadline_stays_missed(self, world, rang):
        brought_in(world, row(**WAITING, **self.STEPS))
        matter = Matter.objects.get()
        assert (matter.contacted_on_time, matter.completed_on_time, matter.overdue) == (True, False, True)
        assert Ask.objects.get(answer="").kind == "proposal"
        assert is_whole(matter)

    def test_what_was_told_late_stays_late(self, world, rang):
        brought_in(world, row(**WAITING, **self.STEPS, done="2026-11-18 16:00"))
        matter = Matter.objects.get()
        assert (matter.contacted_on_time, matter.completed_on_time, matter.overdue) == (True, False, True)

    def test_what_people_here_did_late_stays_late(self, world, rang):
        act(rang.pk, "accept", by=world.manager)
        act(rang.pk, "contact", by=world.manager, note="已联系")
        brought_in(world, row(**WAITING, done="2026-11-14 16:00"))
        matter = Matter.objects.get()
        assert (matter.contacted_on_time, matter.completed_on_time, matter.overdue) == (False, True, True)
