"""Planning, changing, swapping and handing over duty: by whom, when, and what is told and recorded."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.matters.world import person
from tests.people.duty import DECEMBER, NUMBER, at, first_of, keeper, leave, named, planned, said, staff
from youying.access import actions as access
from youying.access.models import Account
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.people import actions, on_duty
from youying.people.models import HandOver, Shift, Swap
from youying.people.roster_events import DutyTold, HandOverRead
from youying.places.events import PlaceMoved
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act
from youying.record.events import forget, listen
from youying.record.models import Entry
from youying.record.queries import opened, verify


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=f"^{code}:")


@pytest.fixture
def crew(world):
    """Three colleagues of 韩树成, who hold the same post."""
    return [world.duty, *staff(world, "郑明远", "白秋实", "米兰")]


@pytest.fixture
def told():
    """What was announced of shifts: what, to whom, in which words."""
    kept = []

    @listen(DutyTold, exact=True)
    def on_told(event, *, key):
        kept.append((event.what, event.accounts, event.say))

    yield kept
    forget(on_told)


class TestPlanning:
    def test_a_month_is_planned_by_turns_and_every_shift_has_somebody_and_a_number(self, world, crew):
        shifts = planned(world)
        assert len(shifts) == 31 * 3 and {one.phone for one in shifts} == {NUMBER}
        counts = Counter(one.account_id for one in shifts)
        assert set(counts) == {one.account_id for one in crew} and max(counts.values()) - min(counts.values()) <= 1
        assert verify().ok

    def test_every_shift_of_a_plan_has_its_entry(self, world, crew):
        shifts = planned(world)
        entries = Entry.objects.filter(act="people.plan-shifts")
        assert {one.subject for one in entries} == {one.subject for one in shifts}
        assert entries.get(subject=shifts[0].subject).facts["account"] == shifts[0].account_id

    def test_planning_again_changes_nothing(self, world, crew):
        before = [(one.pk, one.account_id) for one in planned(world)]
        assert [(one.pk, one.account_id) for one in planned(world)] == before

    def test_with_too_few_people_the_rest_stays_uncovered_and_is_filled_when_more_come(self, world):
        outcome = actions.plan_shifts(said(world), month=DECEMBER, by=keeper(world))
        assert (outcome.added, outcome.uncovered) == (93, 93 - outcome.covered) and outcome.uncovered > 0
        assert len(on_duty.uncovered(world.secretary, world.community, days=60)) == outcome.uncovered
        staff(world, "郑明远", "白秋实", "米兰")
        again = actions.plan_shifts(said(world), month=DECEMBER, by=keeper(world))
        assert (again.added, again.covered, again.uncovered) == (0, outcome.uncovered, 0)

    def test_without_anybody_in_the_post_nothing_is_planned(self, world):
        leave(world.duty)
        with refused("nobody-to-plan"):
            planned(world)

    def test_the_towns_people_stand_in_only_where_the_community_has_none(self, world):
        town = person("唐山海", "duty-officer", "街道值班员", reach=world.town)
        assert [post.account_id for post in on_duty.holders(world.community, ["duty-officer"])] == [
            world.duty.account_id
        ]
        leave(world.duty)
        assert [post.account_id for post in on_duty.holders(world.community, ["duty-officer"])] == [town.account_id]

    def test_who_does_not_mind_the_roster_may_not_plan_it(self, world):
        with refused("no-power"):
            actions.plan_shifts(said(world), month=DECEMBER, by=world.duty)

    def test_a_keeper_of_another_place_may_not_plan_it(self, world):
        with refused("out-of-reach"):
            actions.plan_shifts(said(world), month=DECEMBER, by=keeper_elsewhere(world))

    def test_a_month_is_cleared_from_now_on_and_planned_anew(self, world, crew):
        first = planned(world)[0]
        world.clock.go_to(at(10, 12))
        assert actions.clear_shifts(world.community, code="duty", month=DECEMBER, by=keeper(world)) == 22 * 3 - 2
        left = list(Shift.objects.filter(removed_at=None).order_by("begins_at"))
        assert left[0].pk == first.pk and left[-1].begins_at == at(10, 8)
        actions.plan_shifts(said(world), month=DECEMBER, by=keeper(world))
        assert Shift.objects.filter(removed_at=None).count() == 93

    def test_whoever_was_on_a_shift_that_is_taken_away_is_told(self, world, crew, told):
        planned(world)
        actions.clear_shifts(world.community, code="duty", month=DECEMBER, by=keeper(world))
        ((_what, who, say),) = told
        assert set(who) == {one.account_id for one in crew} and "撤下了93班" in say

    def test_a_moved_place_takes_its_shifts_along(self, world, crew):
        planned(world)
        assert actions.move_shifts(world.community, new_path=world.community + "9", by=SYSTEM) == 93
        assert set(Shift.objects.values_list("path", flat=True)) == {world.community + "9"}

    def test_shifts_follow_when_the_register_of_places_moves_the_community(self, world, crew):
        planned(world)
        announcing(PlaceMoved(world.community, world.community + "9"), by=SYSTEM)
        assert set(Shift.objects.values_list("path", flat=True)) == {world.community + "9"}


@act("tests.announcing")
def announcing(event, *, by):
    """Announce something on a subject of its own."""
    open_subject("test:1")
    write("test:1", "tests.announcing", by=by, facts={})
    announce(event, subject="test:1")


def keeper_elsewhere(world):
    """Somebody who minds the rosters of another street."""
    viewer = person("路人乙", "secretary", "别处书记", reach=world.town.replace("990101001", "990101002"))
    return type(viewer)(
        **{name: getattr(viewer, name) for name in viewer.__slots__} | {"powers": frozenset({"rosters"})}
    )


class TestAssigning:
    def test_somebody_else_is_put_on_a_shift_and_both_are_told(self, world, crew, told):
        row = planned(world)[0]
        before, other = row.account_id, next(one for one in crew if free(one, row))
        actions.assign_shift(row.pk, account_id=other.account_id, by=keeper(world), expected_version=0)
        row.refresh_from_db()
        assert (row.account_id, row.version) == (other.account_id, 1)
        assert [(what, who) for what, who, _say in told] == [("assigned", (before, other.account_id))]
        assert "12月1日00:00—08:00" in told[0][2] and other.name in told[0][2]

    def test_two_who_change_the_same_shift_meet_a_conflict(self, world, crew):
        row = planned(world)[0]
        actions.assign_shift(row.pk, account_id=None, by=keeper(world), expected_version=0)
        with refused("shift-changed"):
            actions.assign_shift(row.pk, account_id=row.account_id, by=keeper(world), expected_version=0)

    def test_nobody_is_booked_twice(self, world, crew):
        row = planned(world)[0]
        Shift.objects.filter(pk=row.pk).update(roster="police")
        row.refresh_from_db()
        actions.plan_shifts(said(world), month=DECEMBER, by=keeper(world), phone=NUMBER)
        twin = Shift.objects.get(begins_at=row.begins_at, roster="duty")
        with refused("double-booked"):
            actions.assign_shift(twin.pk, account_id=row.account_id, by=keeper(world))

    def test_who_does_not_hold_the_post_is_not_put_on_it(self, world, crew):
        with refused("not-of-this-roster"):
            actions.assign_shift(planned(world)[0].pk, account_id=world.worker.account_id, by=keeper(world))

    def test_a_shift_that_has_begun_is_not_changed(self, world, crew):
        row = planned(world)[0]
        world.clock.go_to(at(1, 0))
        with refused("shift-begun"):
            actions.assign_shift(row.pk, account_id=None, by=keeper(world))

    def test_a_correction_takes_the_change_back(self, world, crew):
        row = planned(world)[0]
        before = row.account_id
        actions.assign_shift(row.pk, account_id=None, by=keeper(world))
        actions.assign_shift(row.pk, account_id=before, by=keeper(world))
        row.refresh_from_db()
        assert row.account_id == before and Entry.objects.filter(subject=row.subject).count() == 3


def free(viewer, row):
    """Whether somebody has nothing at the time of a shift."""
    mine = Shift.objects.filter(account_id=viewer.account_id, begins_at__lt=row.ends_at, ends_at__gt=row.begins_at)
    return row.account_id != viewer.account_id and not mine.exists()


class TestLeaving:
    @pytest.fixture
    def leaver(self, world, crew):
        """Somebody of the crew who came by the real acts, and so has a record to leave by."""
        account = access.create_account("hanshu", by=SYSTEM, name="方小雨")
        return access.appoint(
            account, by=SYSTEM, code="duty-officer", title="值班员", reach=world.community, powers=("view",)
        )

    def test_who_loses_the_post_leaves_the_coming_shifts_and_the_keeper_is_told(self, world, leaver, told):
        planned(world)
        mine = Shift.objects.filter(account_id=leaver.account_id).count()
        access.end_post(leaver.pk, by=SYSTEM)
        assert mine and not Shift.objects.filter(account_id=leaver.account_id).exists()
        assert [what for what, _who, _say in told] == ["uncovered"] * mine
        assert {who for _what, who, _say in told} == {(world.secretary.account_id,)}

    def test_posts_are_read_once_for_all_the_shifts_that_somebody_leaves(self, world, leaver, count_statements):
        planned(world)
        mine = Shift.objects.filter(account_id=leaver.account_id).count()
        with count_statements() as seen:
            access.end_post(leaver.pk, by=SYSTEM)
        about_posts = [sql for sql in seen.sql if sql.startswith("SELECT") and '"access_post"."reach" IN' in sql]
        assert mine > 3 and 1 <= len(about_posts) <= 3

    def test_who_is_disabled_leaves_them_too(self, world, leaver):
        planned(world)
        access.disable(leaver.account_id, by=SYSTEM)
        assert not Shift.objects.filter(account_id=leaver.account_id).exists()

    def test_only_the_system_frees_shifts(self, world, crew):
        planned(world)
        with refused("no-power"):
            actions.free_shifts(world.duty.account_id, by=keeper(world))


class TestSwapping:
    def asked(self, world, crew, **more):
        """韩树成 asks 郑明远 to take the first shift of his own that the other is free for."""
        planned(world, **more)
        mine = Shift.objects.filter(account_id=world.duty.account_id).order_by("begins_at")
        row = next(one for one in mine if free(crew[1], one))
        return row, actions.ask_swap(row.pk, taker=crew[1].account_id, by=world.duty)

    def test_with_the_others_yes_the_shift_changes_hands_and_the_asker_is_told(self, world, crew, told):
        row, swap = self.asked(world, crew)
        assert row.account_id == world.duty.account_id
        actions.answer_swap(swap.pk, yes=True, by=crew[1])
        row.refresh_from_db()
        assert row.account_id == crew[1].account_id
        assert [(what, who) for what, who, _say in told] == [
            ("swap-asked", (crew[1].account_id,)), ("swap-settled", (world.duty.account_id,)),
        ]  # fmt: skip
        assert Entry.objects.filter(subject=row.subject).count() == 3

    def test_with_a_no_everything_stays(self, world, crew):
        row, swap = self.asked(world, crew)
        actions.answer_swap(swap.pk, yes=False, by=crew[1])
        row.refresh_from_db()
        assert row.account_id == world.duty.account_id and Swap.objects.get().answer == "no"

    def test_one_shift_is_given_for_another(self, world, crew):
        planned(world)
        mine = list(Shift.objects.filter(account_id=world.duty.account_id).order_by("begins_at"))
        theirs = list(Shift.objects.filter(account_id=crew[1].account_id).order_by("begins_at"))
        give, back = next((a, b) for a in mine for b in theirs if free(crew[1], a) and free(world.duty, b))
        swap = actions.ask_swap(give.pk, taker=crew[1].account_id, in_return=back.pk, by=world.duty)
        actions.answer_swap(swap.pk, yes=True, by=crew[1])
        assert Shift.objects.get(pk=give.pk).account_id == crew[1].account_id
        assert Shift.objects.get(pk=back.pk).account_id == world.duty.account_id

    def test_where_the_place_wants_it_the_keeper_says_yes_last(self, world, crew, told):
        rules = said(world)
        row, swap = self.asked(world, crew, said=type(rules)(**with_yes(rules)))
        actions.answer_swap(swap.pk, yes=True, by=crew[1])
        row.refresh_from_db()
        assert row.account_id == world.duty.account_id and told[-1][:2] == (
            "swap-to-approve", (world.secretary.account_id,),
        )  # fmt: skip
        actions.approve_swap(swap.pk, yes=True, by=keeper(world))
        row.refresh_from_db()
        assert row.account_id == crew[1].account_id

    def test_the_keepers_no_leaves_it_as_it_was(self, world, crew):
        rules = said(world)
        row, swap = self.asked(world, crew, said=type(rules)(**with_yes(rules)))
        with refused("swap-not-agreed"):
            actions.approve_swap(swap.pk, yes=True, by=keeper(world))
        actions.answer_swap(swap.pk, yes=True, by=crew[1])
        actions.approve_swap(swap.pk, yes=False, by=keeper(world))
        row.refresh_from_db()
        assert row.account_id == world.duty.account_id

    @pytest.mark.parametrize(
        ("who", "code"), [("worker", "not-asked"), ("duty", "not-asked"), ("secretary", "not-asked")]
    )
    def test_nobody_but_the_one_asked_says_yes(self, world, crew, who, code):
        _row, swap = self.asked(world, crew)
        with refused(code):
            actions.answer_swap(swap.pk, yes=True, by=getattr(world, who))

    def test_a_shift_of_somebody_else_is_not_swapped(self, world, crew):
        planned(world)
        with refused("not-your-shift"):
            actions.ask_swap(first_of(crew[1]).pk, taker=crew[2].account_id, by=world.duty)

    def test_a_shift_gone_by_is_not_swapped(self, world, crew):
        row, swap = self.asked(world, crew)
        world.clock.go_to(row.begins_at)
        with refused("shift-begun"):
            actions.answer_swap(swap.pk, yes=True, by=crew[1])

    def test_what_is_being_swapped_is_not_asked_for_again_until_it_is_withdrawn(self, world, crew):
        row, swap = self.asked(world, crew)
        with refused("swap-open"):
            actions.ask_swap(row.pk, taker=crew[1].account_id, by=world.duty)
        with refused("not-your-ask"):
            actions.withdraw_swap(swap.pk, by=crew[1])
        actions.withdraw_swap(swap.pk, by=world.duty)
        with refused("swap-settled"):
            actions.answer_swap(swap.pk, yes=True, by=crew[1])
        assert actions.ask_swap(row.pk, taker=crew[1].account_id, by=world.duty).answer == ""

    def test_who_was_booked_meanwhile_cannot_take_it_any_more(self, world, crew):
        row, swap = self.asked(world, crew)
        other = Shift.objects.exclude(pk=row.pk).filter(begins_at__gt=row.begins_at).first()
        Shift.objects.filter(pk=other.pk).update(
            roster="police",
            account_id=crew[1].account_id,
            begins_at=row.begins_at + timedelta(hours=1),
            ends_at=row.ends_at,
        )
        with refused("double-booked"):
            actions.answer_swap(swap.pk, yes=True, by=crew[1])

    def test_open_swaps_are_shown_to_those_whose_word_is_missing(self, world, crew):
        self.asked(world, crew)
        assert [one.mine_to_answer for one in on_duty.swaps(crew[1])] == [True]
        assert [one.mine_to_withdraw for one in on_duty.swaps(world.duty)] == [True]
        assert on_duty.swaps(crew[2]) == []

    def test_a_swap_that_nobody_answered_lapses_when_the_shift_begins(self, world, crew):
        row, _swap = self.asked(world, crew)
        world.clock.go_to(row.begins_at + timedelta(minutes=1))
        actions.mind_rosters(by=SYSTEM)
        assert Swap.objects.get().answer == "lapsed"


def with_yes(rules):
    """The same rules of a place that wants the keeper's yes."""
    return {name: getattr(rules, name) for name in rules.__slots__} | {"keeper_yes": True}


class TestHandingOver:
    def ended(self, world, crew, *, minutes=0):
        """The first shift of December has ended; whose it was and who takes over."""
        rows = planned(world)
        world.clock.go_to(rows[0].ends_at + timedelta(minutes=minutes))
        by_key = {one.account_id: one for one in crew}
        return rows[0], by_key[rows[0].account_id], by_key[rows[1].account_id]

    def test_what_is_open_is_written_down_sealed_and_the_next_one_confirms_reading(self, world, crew, told):
        row, last, after = self.ended(world, crew)
        actions.write_hand_over(
            row.pk, note="3号楼王师傅家的水还没关严，八点再看一次。", numbers=["26120000101"], by=last
        )
        kept = HandOver.objects.get()
        assert b"\xe7\x8e\x8b\xe5\xb8\x88\xe5\x82\x85" not in bytes(kept.note_sealed)
        entry = Entry.objects.filter(act="people.write-hand-over").get()
        assert "王师傅" not in str(entry.facts) and "王师傅" in opened(entry)["note"]
        assert told[-1][:2] == ("hand-over-written", (after.account_id,))
        assert on_duty.hand_over(after, row.pk).note.startswith("3号楼王师傅")
        actions.read_hand_over(row.pk, by=after)
        assert HandOver.objects.get().read_by_id == after.account_id

    def test_what_waits_is_announced_to_whoever_holds_it(self, world, crew):
        heard = []

        @listen(HandOverRead, exact=True)
        def on_read(event, *, key):
            heard.append((event.giver_id, event.reader_id))

        try:
            row, last, after = self.ended(world, crew)
            actions.write_hand_over(row.pk, note="无事", numbers=[], by=last)
            actions.read_hand_over(row.pk, by=after)
        finally:
            forget(on_read)
        assert heard == [(last.account_id, after.account_id)]

    def test_a_note_is_corrected_until_it_is_read(self, world, crew):
        row, last, after = self.ended(world, crew)
        actions.write_hand_over(row.pk, note="无事", numbers=[], by=last)
        actions.write_hand_over(row.pk, note="有事", numbers=[], by=last)
        assert on_duty.hand_over(after, row.pk).note == "有事"
        actions.read_hand_over(row.pk, by=after)
        with refused("hand-over-read"):
            actions.write_hand_over(row.pk, note="还有事", numbers=[], by=last)

    def test_an_empty_note_is_no_note(self, world, crew):
        row, last, _after = self.ended(world, crew)
        with refused("words-missing"):
            actions.write_hand_over(row.pk, note=" ", numbers=[], by=last)

    def test_whoever_wrote_it_does_not_confirm_it(self, world, crew):
        row, last, _after = self.ended(world, crew)
        actions.write_hand_over(row.pk, note="无事", numbers=[], by=last)
        with refused("own-hand-over"):
            actions.read_hand_over(row.pk, by=last)
        with refused("not-taking-over"):
            actions.read_hand_over(row.pk, by=world.worker)

    def test_a_note_not_written_is_waited_for_and_told_once(self, world, crew, told):
        _row, last, _after = self.ended(world, crew, minutes=29)
        keeper(world)
        assert [one.note for one in on_duty.hand_overs_waiting(last)] == ["due"]
        assert actions.mind_rosters(by=SYSTEM) == 0 and told == []
        world.clock.forward(minutes=2)
        assert actions.mind_rosters(by=SYSTEM) == 1 and actions.mind_rosters(by=SYSTEM) == 0
        assert [(what, who) for what, who, _say in told] == [
            ("note-late", (last.account_id, world.secretary.account_id))
        ]
        assert [one.note for one in on_duty.hand_overs_waiting(keeper(world))] == ["late"]

    def test_an_unread_note_waits_with_the_next_one_and_later_with_the_keeper(self, world, crew):
        row, last, after = self.ended(world, crew)
        actions.write_hand_over(row.pk, note="无事", numbers=[], by=last)
        assert [one.id for one in on_duty.hand_overs_waiting(after)] == [row.pk]
        assert on_duty.hand_overs_waiting(keeper(world)) == []
        world.clock.forward(minutes=61)
        assert [one.id for one in on_duty.hand_overs_waiting(keeper(world))] == [row.pk]


class TestMinding:
    def test_a_shift_that_nobody_is_on_is_told_the_day_before_and_once(self, world, crew, told):
        row = planned(world)[6]
        actions.assign_shift(row.pk, account_id=None, by=keeper(world))
        told.clear()
        world.clock.go_to(row.begins_at - timedelta(hours=24, minutes=1))
        actions.mind_rosters(by=SYSTEM)
        assert [one for one in told if one[0] == "uncovered"] == []
        world.clock.forward(minutes=2)
        actions.mind_rosters(by=SYSTEM), actions.mind_rosters(by=SYSTEM)
        uncovered = [one for one in told if one[0] == "uncovered"]
        assert [who for _what, who, _say in uncovered] == [(world.secretary.account_id,)]
        assert "还没有人值" in uncovered[0][2]

    def test_who_will_have_left_by_then_leaves_the_shift_uncovered_in_time(self, world, crew, told):
        row = planned(world)[0]
        leaver = next(one for one in crew if one.account_id == row.account_id)
        leave(leaver)
        world.clock.go_to(row.begins_at - timedelta(hours=1))
        actions.mind_rosters(by=SYSTEM)
        row.refresh_from_db()
        assert row.account_id is None and "uncovered" in [what for what, _who, _say in told]

    def test_only_the_system_minds_rosters(self, world):
        with refused("no-power"):
            actions.mind_rosters(by=world.secretary)


def test_the_names_of_the_cast_are_those_of_accounts(world, crew):
    assert named("米兰") == crew[3].account_id and Account.objects.get(pk=crew[3].account_id).active


def test_a_shift_of_another_place_is_not_found(world, crew):
    row = planned(world)[0]
    with refused("not-found"):
        on_duty.find_shift(world.stranger, row.pk)
    assert on_duty.find_shift(world.leader, row.pk).pk == row.pk
    with refused("out-of-reach"):
        on_duty.table(world.stranger, world.community, "duty", first=date(2026, 12, 1), last=date(2026, 12, 2))
