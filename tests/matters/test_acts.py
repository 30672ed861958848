"""Every act of the loop that is not a step: the allowed case and the refused one, on one set-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest

from tests.matters.changing import change, own_act, parked
from tests.matters.whistling import whistle_street, whistled
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, need, opened, photo
from youying.files.models import Upload
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM
from youying.matters import actions, queries
from youying.matters.actions.parking import ring_review
from youying.matters.actions.supervising import ring_supervision
from youying.matters.actions.sweep import ring_clock, settle_ask, wake
from youying.matters.models import Ask, Attempt, Clock, Matter, Reporter, StuckBell
from youying.matters.replaying import differences
from youying.record.acts import ACTS
from youying.record.models import Entry
from youying.record.queries import verify

SOLVED = {"solved": True, "satisfaction": "满意"}
TESTED_ELSEWHERE = {
    "matters.act", "matters.open-many", "matters.catch-up", "matters.follow-move", "matters.drop-part", "matters.give-part",
    "matters.propose-merge", "matters.reply-supervision", "matters.release-supervision", "matters.renew-supervision",
    "matters.call-meeting", "matters.hold-meeting", "matters.cancel-meeting", "matters.land-next", "matters.order",
    "matters.left-behind",
}  # fmt: skip
"""Steps: test_loop and test_words_*; bulk: tests/channels/hotline; moves and who follows: test_following; parts: test_parts; merges proposed: test_doubling.

Supervisions: test_supervision; meetings: test_consultation; landings: test_landing; orders of a menu: tests/partners.
"""


def crossed_off(world):
    """A matter that its resident is content with."""
    return actions.act(completed(world).pk, "verdict", by=world.caller, **SOLVED)


def ask_of(matter):
    """The open ask of a matter."""
    return Ask.objects.get(matter=matter, answer="")


def handed_back(world):
    """A matter whose unit asks to hand it back."""
    return actions.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")


def newer(world):
    """A matter under an edition that is no longer the one in force."""
    matter = dispatched(world)
    change(world, {"loop.demand.clocks.contact.within": "4 hours"})
    return matter


def late(world):
    """A matter with a bell that is due."""
    matter = dispatched(world)
    world.clock.forward(hours=25)
    return matter


def parked_over(world):
    """A parked matter whose date has come."""
    matter = in_hand(world)
    due = world.clock() + timedelta(days=3)
    actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等改造", due_at=due)
    matter = actions.approve(ask_of(matter).pk, by=world.leader)
    world.clock.forward(days=4)
    return matter


def review_over(world):
    """A parked matter whose review nobody held in time."""
    matter = parked(world, days=90)
    world.clock.forward(days=31)
    return matter


def supervised(world):
    """A matter whose unit did not reply to a supervision in time."""
    matter = actions.act(in_hand(world).pk, "supervise", by=world.leader, note="居民多次来电", asked="请三天内说明原因")
    world.clock.forward(days=20)
    return matter


def called(world):
    """A matter for which two departments have been whistled for."""
    return whistled(whistle_street(world), "gongdian", "yuanlin")


def unanswered(world):
    """A matter whose ask nobody answered in time."""
    matter = handed_back(world)
    world.clock.forward(days=4)
    return matter


def bell(matter):
    """The first clock of a matter that is due."""
    return Clock.objects.filter(matter=matter, next_at__isnull=False).order_by("next_at")[0].pk


def report(world, matter, by, **more):
    """A second need, as `by` says it."""
    return actions.open_matter(need(**more), place=world.place, by=by)


EXTEND = {"clock": "complete", "reason": "weather", "note": "下雨不能施工"}


def excluded(world):
    """A matter kept out of the rates."""
    matter = in_hand(world)
    return actions.exclude(matter.pk, by=world.dispatcher, reason="litigation", note="已起诉")


CASES = {
    # act: (set-up, call with (world, matter, by), who may, who or what may not, code)
    "matters.open": (dispatched, report, "public", {"channel": "pigeon"}, "unknown-channel"),
    "matters.add": (
        in_hand, lambda w, m, by: actions.add_words(m.pk, by=by, words="又漏了"), "worker", "stranger", "not-yours",
    ),
    "matters.correct": (
        in_hand, lambda w, m, by: actions.correct(m.pk, by=by, urgency="hard"), "dispatcher", "stranger", "not-yours",
    ),
    "matters.ask-extension": (
        in_hand, lambda w, m, by: actions.ask_extension(m.pk, by=by, **EXTEND), "manager", "dispatcher", "not-yours",
    ),
    "matters.approve": (
        handed_back, lambda w, m, by: actions.approve(ask_of(m).pk, by=by), "dispatcher", "caller", "not-yours",
    ),
    "matters.refuse": (
        handed_back, lambda w, m, by: actions.refuse(ask_of(m).pk, by=by, note="归你们管"), "dispatcher", "manager", "not-yours",
    ),
    "matters.call-back": (
        completed,
        lambda w, m, by, **more: actions.call_back(
            m.pk, "call-back", by=by, verdict="verdict", answer={**SOLVED, **more}, way="phone", reached=True
        ),
        "caller", {"satisfaction": "非常满意"}, "unknown-satisfaction",
    ),
    "matters.review-parking": (
        parked,
        lambda w, m, by: actions.review_parking(m.pk, by=by, result="keep", note="还在等配件"),
        "manager", "stranger", "not-yours",
    ),
    "matters.call-off": (
        called, lambda w, m, by: actions.call_off(m.pk, by=by, note="树枝已经清了"), "secretary", "manager", "not-yours",
    ),
    "matters.exclude": (
        in_hand, lambda w, m, by: actions.exclude(m.pk, by=by, reason="litigation", note="已起诉"),
        "dispatcher", "stranger", "not-yours",
    ),
    "matters.include": (
        excluded, lambda w, m, by: actions.include(m.pk, by=by, note="没有立案"), "leader", "manager", "not-yours",
    ),
    "matters.propose-exclusion": (
        in_hand, lambda w, m, by: actions.propose_exclusion(m.pk, by=by, reason="litigation", note="已立案"),
        "manager", "caller", "not-yours",
    ),
    "matters.object-exclusion": (
        excluded, lambda w, m, by: actions.object_exclusion(m.pk, by=by, note="没有立案"),
        "manager", "stranger", "not-yours",
    ),
    "matters.issue-secret": (
        in_hand,
        lambda w, m, by: actions.issue_secret(m.pk, by=by, reporter=m.reporters.get().pk, way="counter"),
        "caller", "stranger", "not-yours",
    ),
    "matters.reopen": (
        crossed_off, lambda w, m, by: actions.reopen(m.pk, by=by, words="又返水了"), "caller", "worker", "not-yours",
    ),
    "matters.undo": (in_hand, lambda w, m, by: actions.undo(m.pk, by=by), "manager", "dispatcher", "not-undoable"),
    "matters.reassign": (
        in_hand, lambda w, m, by: actions.reassign(m.pk, by=by, unit=w.office.pk, note="改由社区办"),
        "dispatcher", "stranger", "not-yours",
    ),
    "matters.split": (
        in_hand, lambda w, m, by: actions.split(m.pk, by=by, words="楼道灯也坏了"),
        "dispatcher", "stranger", "not-yours",
    ),
    "matters.move-edition": (
        newer, lambda w, m, by: actions.move_edition(m.pk, by=by, note="按新版本办"), "packer", "dispatcher", "no-power",
    ),
}  # fmt: skip
SYSTEM_CASES = {
    # act: (set-up, call with (matter, moment), how long before it there is nothing to do)
    "matters.ring": (late, lambda m, at: ring_clock(bell(m), by=SYSTEM, at=at), timedelta(hours=25)),
    "matters.wake": (parked_over, lambda m, at: wake(m.pk, by=SYSTEM, at=at), timedelta(days=3)),
    "matters.ring-review": (review_over, lambda m, at: ring_review(m.parkings.get().pk, by=SYSTEM, at=at), timedelta(days=3)),
    "matters.ring-supervision": (
        supervised, lambda m, at: ring_supervision(m.supervisions.get().pk, by=SYSTEM, at=at), timedelta(days=20),
    ),
    "matters.settle-ask": (
        unanswered, lambda m, at: settle_ask(Ask.objects.get(matter=m).pk, by=SYSTEM, at=at), timedelta(days=4),
    ),
}  # fmt: skip


def somebody(world, name):
    """A member of the cast by name."""
    known = {
        "public": PUBLIC,
        "packer": replace(world.dispatcher, powers=world.dispatcher.powers | {"packs"}),
    }
    return known.get(name) or world.people[name]


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_act_is_done_by_whom_it_is_for_and_leaves_an_entry(world, name):
    start, call, who, _, _ = CASES[name]
    matter = start(world)
    before = Entry.objects.count()
    call(world, matter, somebody(world, who))
    assert Entry.objects.count() > before
    assert [differences(one) for one in Matter.objects.all()] == [{}] * Matter.objects.count()
    assert verify().ok


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_act_is_refused_to_others_and_changes_nothing(world, name):
    start, call, who, other, code = CASES[name]
    matter = start(world)
    before = (Entry.objects.count(), Matter.objects.count(), Matter.objects.get(pk=matter.pk).version)
    with pytest.raises(Refused, match=code):
        if isinstance(other, dict):
            call(world, matter, somebody(world, who), **other)
        else:
            call(world, matter, somebody(world, other))
    assert (Entry.objects.count(), Matter.objects.count(), Matter.objects.get(pk=matter.pk).version) == before


@pytest.mark.parametrize("name", sorted(SYSTEM_CASES))
def test_what_is_due_happens_once_and_before_its_time_not_at_all(world, name):
    start, call, early = SYSTEM_CASES[name]
    matter = start(world)
    before = Entry.objects.filter(subject=matter.subject).count()
    assert call(matter, world.clock() - early) == 0
    assert Entry.objects.filter(subject=matter.subject).count() == before
    assert call(matter, world.clock()) == 1
    assert Entry.objects.filter(subject=matter.subject).count() > before
    assert differences(Matter.objects.get(pk=matter.pk)) == {}
    if name != "matters.ring":
        assert call(matter, world.clock()) == 0


def test_every_act_of_the_loop_has_its_case():
    mine = {name for name in ACTS if name.startswith("matters.")}
    assert mine - set(CASES) - set(SYSTEM_CASES) == TESTED_ELSEWHERE


class TestBadIntake:
    """Each refused alike: a clear sentence, and nothing is stored."""

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"channel": "pigeon"}, "unknown-channel"),
            ({"category": "no-such"}, "category"),
            ({"kind": "wish"}, "unknown-kind"),
            ({"urgency": "at-once"}, "unknown-urgency"),
            ({"text": " "}, "text"),
            ({"text": "水" * 100_000}, "text"),
        ],
    )
    def test_what_cannot_be_is_refused(self, world, more, code):
        with pytest.raises(Refused, match=code):
            opened(world, **more)
        assert (Matter.objects.count(), Reporter.objects.count()) == (0, 0)

    @pytest.mark.parametrize(("days", "code"), [(1, "future"), (-20_000, "too-old")])
    def test_a_moment_that_cannot_be_is_refused(self, world, days, code):
        with pytest.raises(Refused, match=code):
            actions.open_matter(need(), place=world.place, by=world.dispatcher, at=world.clock() + timedelta(days=days))

    @pytest.mark.parametrize(
        "text", ["😀漏水了😀", "１２３４漏水", "'; DROP TABLE matters_matter; --", "<script>alert(1)</script>漏水"]
    )
    def test_what_is_only_unusual_comes_in_and_is_found(self, world, text):
        matter = opened(world, text=text).matter
        assert Matter.objects.get(pk=matter.pk).number == matter.number
        assert queries.worklist(world.dispatcher, queries.Filters()).total == 1

    def test_an_unknown_step_and_a_misspelt_field_are_refused(self, world):
        matter = in_hand(world)
        with pytest.raises(Refused, match="unknown-act"):
            actions.act(matter.pk, "celebrate", by=world.manager)
        with pytest.raises(Refused, match="unknown-field"):
            actions.act(matter.pk, "step", by=world.manager, nota="在办")
        with pytest.raises(Refused, match="not-found"):
            actions.act(999, "step", by=world.manager)


class TestMerging:
    def merged(self, world, source, target):
        return actions.act(source.matter.pk, "merge", by=world.dispatcher, into=target.matter.number)

    def test_a_reporter_merged_twice_still_looks_up_by_the_own_number_and_is_read_in_clear(self, world):
        first, second, third = (opened(world) for _ in range(3))
        self.merged(world, first, second)
        self.merged(world, second, third)
        found = queries.look_up(first.matter.number, first.secret)
        assert found.matter.pk == third.matter.pk
        names = [queries.open_contact(row)["name"] for row in Reporter.objects.filter(matter=third.matter)]
        assert names == ["陈桂芳"] * 3
        assert Matter.objects.get(pk=third.matter.pk).reporter_count == 1  # the same person, thrice

    def test_a_part_shares_the_reporters_of_the_whole_even_those_that_were_merged_into_it(self, world):
        first, second = opened(world), opened(world)
        self.merged(world, first, second)
        part = actions.split(second.matter.pk, by=world.dispatcher, words="楼道灯也坏了").matter
        rows = Reporter.objects.filter(matter=part)
        assert [queries.open_contact(row)["phone"] for row in rows] == ["13800000417"] * 2

    @pytest.mark.parametrize("into", ["2611-99999-0", "nonsense", ""])
    def test_merging_into_what_is_not_there_is_refused(self, world, into):
        with pytest.raises(Refused):
            actions.act(opened(world).matter.pk, "merge", by=world.dispatcher, into=into)

    def test_merging_into_what_has_ended_or_into_itself_is_refused(self, world):
        gone, one = crossed_off(world), opened(world)
        with pytest.raises(Refused, match="merge-into-ended"):
            actions.act(one.matter.pk, "merge", by=world.dispatcher, into=gone.number)
        with pytest.raises(Refused, match="bad-merge"):
            self.merged(world, one, one)


class TestAsks:
    def test_the_post_named_answers_only_within_its_reach(self, world):
        matter = handed_back(world)
        elsewhere = replace(world.dispatcher, reach=world.stranger.reach, account_id=999)
        with pytest.raises(Refused, match="not-yours"):
            actions.approve(ask_of(matter).pk, by=elsewhere)
        assert actions.approve(ask_of(matter).pk, by=world.dispatcher).stage == "received"

    def test_who_asked_counts_as_the_doer_and_not_who_agreed(self, world):
        yes = {"by": ["street-leader"], "refused": "stay"}
        change(world, {"loop.demand.acts.contact.approve": yes})
        matter = in_hand(world)
        actions.act(matter.pk, "contact", by=world.manager, note="联系过")
        done = actions.approve(ask_of(matter).pk, by=world.leader)
        assert done.doers["contact"] == [world.manager.account_id]

    def test_a_resident_too_waits_for_the_yes_that_the_pack_asks_for(self, world):
        change(world, {"loop.demand.acts.urge.approve": {"by": ["dispatcher"], "refused": "stay"}})
        came = opened(world)
        unit = {"unit": world.property_company.pk, "category": CATEGORY}
        actions.act(came.matter.pk, "dispatch", by=world.dispatcher, **unit)
        resident = queries.look_up(came.matter.number, came.secret).viewer
        assert actions.act(came.matter.pk, "urge", by=resident).urged == 0
        assert actions.approve(ask_of(came.matter).pk, by=world.dispatcher).urged == 1

    def test_a_matter_that_ends_leaves_nothing_to_answer(self, world):
        matter = handed_back(world)
        other = opened(world).matter
        actions.act(matter.pk, "merge", by=world.dispatcher, into=other.number)
        assert list(Ask.objects.filter(matter=matter).values_list("answer", flat=True)) == ["lapsed"]
        world.clock.forward(days=4)
        actions.sweep()
        assert queries.asks_for(world.dispatcher) == []

    def test_an_ask_that_carries_a_photo_keeps_it_at_once_and_can_be_agreed_to(self, world):
        change(world, {"loop.demand.acts.complete.approve": {"by": ["dispatcher"], "refused": "stay"}})
        matter, token = in_hand(world), photo(world.manager)
        actions.act(matter.pk, "complete", by=world.manager, note="通了", uploads=[token])
        upload = Upload.objects.get(token=token)
        assert upload.subject == matter.subject
        assert Entry.objects.get(subject=matter.subject, act="ask").facts["files"] == [upload.sha256]
        done = actions.approve(ask_of(matter).pk, by=world.dispatcher)
        assert (done.stage, done.photo_count) == ("completed", 1)
        assert differences(Matter.objects.get(pk=matter.pk)) == {}

    def test_an_ask_with_anothers_photo_is_refused_and_not_put(self, world):
        change(world, {"loop.demand.acts.complete.approve": {"by": ["dispatcher"], "refused": "stay"}})
        matter, token = in_hand(world), photo(world.caller)
        with pytest.raises(Refused, match="upload-unknown"):
            actions.act(matter.pk, "complete", by=world.manager, note="通了", uploads=[token])
        assert not Ask.objects.filter(matter=matter).exists()

    def test_a_second_ask_for_the_same_step_is_refused(self, world):
        matter = handed_back(world)
        with pytest.raises(Refused, match="already-asked"):
            actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")


HOUSE_ACTS_AT_ONCE = {
    # house act: (set-up, call with (world, matter, version))
    "reassign": (in_hand, lambda w, m, v: actions.reassign(
        m.pk, by=w.dispatcher, unit=w.office.pk, note="改由社区办", expected_version=v)),
    "exclude": (in_hand, lambda w, m, v: actions.exclude(
        m.pk, by=w.dispatcher, reason="litigation", note="已起诉", expected_version=v)),
    "split": (in_hand, lambda w, m, v: actions.split(
        m.pk, by=w.dispatcher, words="楼道灯也坏了", expected_version=v).matter),
    "reopen": (crossed_off, lambda w, m, v: actions.reopen(m.pk, by=w.caller, words="又返水了", expected_version=v)),
    "move-edition": (newer, lambda w, m, v: actions.move_edition(
        m.pk, by=somebody(w, "packer"), note="按新版本办", expected_version=v)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOUSE_ACTS_AT_ONCE))
def test_a_house_act_on_what_somebody_else_changed_meanwhile_is_a_conflict(world, name):
    start, call = HOUSE_ACTS_AT_ONCE[name]
    matter = start(world)
    seen = Matter.objects.get(pk=matter.pk).version
    with pytest.raises(Refused, match="conflict"):
        call(world, matter, seen - 1)
    assert Matter.objects.get(pk=matter.pk).version == seen
    call(world, matter, seen)
    assert Matter.objects.get(pk=matter.pk).version > seen


def test_a_call_whose_answer_is_refused_is_not_noted_either(world):
    matter = completed(world)
    answer = {"solved": True, "satisfaction": "非常满意"}
    with pytest.raises(Refused, match="unknown-satisfaction"):
        actions.call_back(
            matter.pk, "call-back", by=world.caller, verdict="verdict", answer=answer, way="phone", reached=True
        )
    assert (Attempt.objects.count(), Matter.objects.get(pk=matter.pk).version) == (0, matter.version)
    answer = {"solved": True, "satisfaction": "满意"}
    done = actions.call_back(
        matter.pk, "call-back", by=world.caller, verdict="verdict", answer=answer, way="phone", reached=True
    )
    assert (Attempt.objects.count(), done.crossed_off) == (1, True)


class TestJudgedAnew:
    """A correction in time moves the deadline freely; one that comes after it needs a reason and erases no miss."""

    def urgent(self, world):
        matter = opened(world, urgency="urgent").matter
        unit = {"unit": world.property_company.pk, "category": CATEGORY}
        actions.act(matter.pk, "dispatch", by=world.dispatcher, **unit)
        actions.act(matter.pk, "accept", by=world.manager)
        return actions.act(matter.pk, "contact", by=world.manager, note="联系过")

    def overdue(self, world):
        matter = self.urgent(world)
        world.clock.forward(days=4)
        actions.sweep()
        return Matter.objects.get(pk=matter.pk)

    def test_an_urgency_corrected_before_the_deadline_leaves_no_miss(self, world):
        matter = self.urgent(world)
        actions.correct(matter.pk, by=world.dispatcher, urgency="hard")
        world.clock.forward(days=4)
        actions.sweep()
        after = Matter.objects.get(pk=matter.pk)
        assert (after.overdue, after.completed_on_time) == (False, None)

    def test_an_urgency_corrected_after_the_deadline_keeps_the_miss_and_the_new_deadline_rings_again(self, world):
        matter = self.overdue(world)
        assert (matter.overdue, matter.completed_on_time) == (True, False)
        after = actions.correct(matter.pk, by=world.dispatcher, urgency="hard", note="登记时选错了，是疑难事项")
        assert (after.overdue, after.completed_on_time) == (True, False)
        assert after.due_at > world.clock()
        world.clock.forward(days=30)
        actions.sweep()
        rung = [r["do"] for e in Entry.objects.filter(subject=matter.subject, act="ring") for r in e.facts["rungs"]]
        assert rung.count("overdue") == 2
        assert differences(Matter.objects.get(pk=matter.pk)) == {}

    def test_an_urgency_corrected_after_the_deadline_without_a_reason_is_refused(self, world):
        matter = self.overdue(world)
        with pytest.raises(Refused, match="late-change-needs-note"):
            actions.correct(matter.pk, by=world.dispatcher, urgency="hard")
        assert Matter.objects.get(pk=matter.pk).urgency == "urgent"

    def test_what_a_late_correction_kept_no_extension_takes_back(self, world):
        matter = self.overdue(world)
        actions.correct(matter.pk, by=world.dispatcher, urgency="hard", note="登记时选错了，是疑难事项")
        actions.ask_extension(matter.pk, by=world.manager, **EXTEND)
        after = actions.approve(Ask.objects.get(matter=matter, kind="extension").pk, by=world.dispatcher)
        assert (after.overdue, after.completed_on_time) == (True, False)
        done = actions.act(matter.pk, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
        assert done.completed_on_time is False
        assert Clock.objects.get(matter=matter, code="complete").met is False

    def test_an_extension_asked_in_time_and_granted_after_the_deadline_takes_its_miss_back(self, world):
        matter = self.urgent(world)
        actions.ask_extension(matter.pk, by=world.manager, **EXTEND)
        ask = Ask.objects.get(matter=matter, kind="extension")
        world.clock.go_to(Clock.objects.get(matter=matter, code="complete").due_at + timedelta(minutes=1))
        ring_clock(Clock.objects.get(matter=matter, code="complete").pk, by=SYSTEM, at=world.clock())
        assert Matter.objects.get(pk=matter.pk).overdue
        after = actions.approve(ask.pk, by=world.dispatcher)
        assert (after.overdue, after.completed_on_time) == (False, None)

    def test_a_corrected_title_takes_nothing_back(self, world):
        matter = self.overdue(world)
        assert actions.correct(matter.pk, by=world.dispatcher, title="地下室返水").overdue

    def test_what_was_closed_by_silence_counts_again_once_the_resident_speaks(self, world):
        matter = completed(world)
        for _ in range(3):
            world.clock.forward(days=1)
            actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
        world.clock.forward(days=9)
        actions.sweep()
        assert Matter.objects.get(pk=matter.pk).excluded == "unreachable"
        assert actions.reopen(matter.pk, by=world.caller, words="我在，没修好").excluded == ""

    def test_a_matter_that_nobody_had_is_reopened_to_be_given_first(self, world):
        matter = opened(world).matter
        actions.act(matter.pk, "end", by=world.dispatcher, reason="withdrawn", note="本人撤回")
        actions.approve(ask_of(matter).pk, by=world.leader)
        again = actions.reopen(matter.pk, by=world.caller, words="还是要办")
        assert again.stage == "received"
        unit = {"unit": world.property_company.pk, "category": CATEGORY}
        assert actions.act(again.pk, "dispatch", by=world.dispatcher, **unit).stage == "dispatched"

    def test_a_helper_that_becomes_the_lead_is_a_helper_no_longer(self, world):
        matter = opened(world).matter
        units = {"unit": world.property_company.pk, "joint": [world.office.pk], "category": CATEGORY}
        actions.act(matter.pk, "dispatch", by=world.dispatcher, **units)
        actions.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="改由社区办")
        assert [(a.role, a.unit_id) for a in queries.assignments(matter)] == [("lead", world.office.pk)]


def test_a_bell_that_cannot_be_rung_is_logged_and_does_not_stop_the_others(world, caplog):
    sound = dispatched(world)
    change(world, own_act(verb="verdict", by=["system"], on="clock:contact"))
    stuck = late(world)
    actions.sweep()
    assert Matter.objects.get(pk=sound.pk).contacted_on_time is False
    assert Clock.objects.get(matter=stuck, code="contact").rung == 0
    assert "needs-verdict" in caplog.text


def test_a_fault_in_one_bell_stops_no_other_and_is_shown_to_a_person(world, caplog):
    broken, sound = dispatched(world), dispatched(world)
    Clock.objects.filter(matter=broken).update(working={"start": "13800000417"})
    world.clock.forward(hours=25)
    actions.sweep()
    assert Matter.objects.get(pk=sound.pk).overdue
    shown = queries.stuck_bells(replace(world.dispatcher, powers=frozenset({"audit"})))
    assert {(one.number, one.bell, one.tries) for one in shown} == {(broken.number, "clock", 1)}
    assert shown[0].error.startswith("ValueError ")
    assert "13800000417" not in caplog.text
    with pytest.raises(Refused, match="no-power"):
        queries.stuck_bells(world.dispatcher)


def test_a_stuck_bell_is_tried_again_after_a_pause_that_grows_and_rings_once_it_can(world):
    matter = dispatched(world)
    held = dict(Clock.objects.filter(matter=matter).values_list("pk", "working"))
    Clock.objects.filter(matter=matter).update(working={})
    world.clock.forward(hours=25)
    pauses = []
    for _ in range(3):
        actions.sweep()
        row = StuckBell.objects.order_by("pk")[0]
        pauses.append(row.try_at - world.clock())
        world.clock.go_to(row.try_at)
    assert pauses == sorted(set(pauses))
    for pk, working in held.items():
        Clock.objects.filter(pk=pk).update(working=working)
    assert actions.sweep() > 0
    assert not StuckBell.objects.exists()
    assert Matter.objects.get(pk=matter.pk).overdue


def test_bells_that_stand_still_at_the_head_do_not_starve_the_others(world, monkeypatch):
    monkeypatch.setattr(import_module("youying.matters.actions.sweep"), "BATCH", 1)
    broken = [dispatched(world) for _ in range(3)]
    sound = dispatched(world)
    Clock.objects.filter(matter__in=broken).update(working={})
    world.clock.forward(hours=25)
    actions.sweep()
    assert Matter.objects.get(pk=sound.pk).overdue
