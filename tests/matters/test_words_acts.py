"""Each word about acts, changed in a pack, changes what the one door does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.matters.changing import ALL, change, own_act
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened, photo
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Ask, Matter
from youying.matters.need_rules import NEED_CHECKS
from youying.record import actions as record

SOLVED = {"solved": True, "satisfaction": "满意"}
UNSOLVED = {"solved": False, "satisfaction": "不满意"}
ACT = "loop.demand.acts"


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


def asked(matter):
    """The open ask of a matter."""
    return Ask.objects.get(matter=matter, answer="")


def resident(matter, secret):
    """The reporter, after proving the secret."""
    return queries.look_up(matter.number, secret).viewer


class TestWho:
    @pytest.mark.word("loop.acts.by")
    def test_the_posts_that_may_dispatch_are_those_the_pack_names(self, world):
        unit = {"unit": world.property_company.pk, "category": CATEGORY}
        assert actions.act(opened(world).matter.pk, "dispatch", by=world.secretary, **unit).stage == "dispatched"
        change(world, {f"{ACT}.dispatch.by": ["dispatcher"]})
        with refused("not-yours"):
            actions.act(opened(world).matter.pk, "dispatch", by=world.secretary, **unit)

    @pytest.mark.word("loop.acts.by:lead")
    def test_the_lead_contacts_only_where_the_pack_says_lead(self, world):
        assert actions.act(dispatched(world).pk, "contact", by=world.manager, note="联系过").contacted_at
        change(world, {f"{ACT}.contact.by": ["dispatcher"]})
        with refused("not-yours"):
            actions.act(dispatched(world).pk, "contact", by=world.manager, note="联系过")

    def joint_step(self, world):
        matter = opened(world).matter
        units = {"unit": world.property_company.pk, "joint": [world.office.pk], "category": CATEGORY}
        actions.act(matter.pk, "dispatch", by=world.dispatcher, **units)
        actions.act(matter.pk, "accept", by=world.manager)
        return actions.act(matter.pk, "step", by=world.secretary, note="居委会也在办")

    @pytest.mark.word("loop.acts.by:joint")
    def test_a_joint_unit_works_on_it_only_where_the_pack_says_joint(self, world):
        assert len(self.joint_step(world).doers["step"]) == 1
        change(world, {f"{ACT}.step.by": ["lead"]})
        with refused("not-yours"):
            self.joint_step(world)

    def own_verdict(self, world):
        came = opened(world)
        actions.act(came.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
        actions.act(came.matter.pk, "accept", by=world.manager)
        actions.act(came.matter.pk, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
        return actions.act(came.matter.pk, "verdict", by=resident(came.matter, came.secret), **SOLVED)

    @pytest.mark.word("loop.acts.by:reporter")
    def test_the_resident_answers_only_where_the_pack_says_reporter(self, world):
        assert self.own_verdict(world).crossed_off
        change(world, {f"{ACT}.verdict.by": ["caller"]})
        with refused("not-yours"):
            self.own_verdict(world)

    @pytest.mark.word("loop.acts.by:system", "loop.acts.on:due")
    @pytest.mark.parametrize(
        ("said", "stage"),
        [({}, "in-hand"), ({f"{ACT}.unpark.by": ["lead"]}, "parked"), ({f"{ACT}.unpark.on": "close"}, "parked")],
    )
    def test_the_date_takes_a_parked_matter_up_only_where_the_system_may_and_the_act_hangs_on_it(
        self, world, said, stage
    ):
        change(world, said)
        matter = in_hand(world)
        due = world.clock() + timedelta(days=3)
        actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等管网改造", due_at=due)
        actions.approve(asked(matter).pk, by=world.leader)
        world.clock.forward(days=4)
        actions.sweep()
        assert Matter.objects.get(pk=matter.pk).stage == stage

    @pytest.mark.word("loop.acts.not_by")
    def test_the_doer_calls_back_only_where_the_pack_does_not_forbid_it(self, world):
        call = {"way": "phone", "reached": True}
        said = {f"{ACT}.call-back.by": ["lead"]}
        change(world, said)
        with refused("same-person"):
            actions.act(completed(world).pk, "call-back", by=world.manager, **call)
        change(world, said | {f"{ACT}.call-back.not_by": []})
        assert actions.act(completed(world).pk, "call-back", by=world.manager, **call).doers["call-back"]

    @pytest.mark.word("loop.acts.tells:reporter")
    @pytest.mark.parametrize(("said", "told"), [(["reporter"], ("reporter",)), ([], ())])
    def test_what_a_dispatch_announces_names_whom_the_pack_tells(self, world, monkeypatch, said, told):
        change(world, {f"{ACT}.dispatch.tells": said})
        heard, announce = [], record.announce
        monkeypatch.setattr(record, "announce", lambda e, *, subject: heard.append(e) or announce(e, subject=subject))
        dispatched(world)
        assert [event.tells for event in heard if getattr(event, "verb", "") == "dispatch"] == [told]


class TestWhere:
    @pytest.mark.word("loop.acts.from")
    def test_an_act_is_open_in_the_stages_the_pack_names(self, world):
        with refused("wrong-stage"):
            actions.act(opened(world).matter.pk, "contact", by=world.dispatcher, note="联系过")
        change(world, {f"{ACT}.contact.from": ["received"]})
        assert actions.act(opened(world).matter.pk, "contact", by=world.dispatcher, note="联系过").contacted_at

    @pytest.mark.word("loop.acts.to")
    @pytest.mark.parametrize("stage", ["in-hand", "parked"])
    def test_an_act_leads_where_the_pack_says(self, world, stage):
        change(world, {f"{ACT}.accept.to": stage})
        assert in_hand(world).stage == stage

    @pytest.mark.word("loop.acts.where")
    def test_a_guard_keeps_matters_out_that_do_not_fit(self, world):
        change(world, own_act(verb="step", where={"urgency": "urgent"}))
        with refused("guard"):
            actions.act(opened(world).matter.pk, "try", by=world.dispatcher)
        assert actions.act(opened(world, urgency="urgent").matter.pk, "try", by=world.dispatcher).doers["try"]

    @pytest.mark.word("loop.acts.most")
    @pytest.mark.parametrize("most", [1, 2])
    def test_an_act_is_done_no_more_often_than_the_pack_allows(self, world, most):
        change(world, own_act(verb="step", most=most))
        matter = opened(world).matter
        for _ in range(most):
            actions.act(matter.pk, "try", by=world.dispatcher)
        with refused("too-often"):
            actions.act(matter.pk, "try", by=world.dispatcher)

    @pytest.mark.word("loop.acts.assigns:lead")
    def test_a_unit_is_given_only_by_an_act_that_assigns_a_lead(self, world):
        assert dispatched(world).lead_id == world.property_company.pk
        change(world, {f"{ACT}.dispatch.assigns": []})
        with refused("no-lead"):
            dispatched(world)

    @pytest.mark.word("loop.acts.assigns:joint")
    def test_helpers_are_given_only_by_an_act_that_assigns_them(self, world):
        units = {"unit": world.property_company.pk, "joint": [world.office.pk], "category": CATEGORY}
        helped = actions.act(opened(world).matter.pk, "dispatch", by=world.dispatcher, **units)
        assert [a.role for a in queries.assignments(helped)] == ["lead", "joint"]
        change(world, {f"{ACT}.dispatch.assigns": ["lead"]})
        with refused("no-joint"):
            actions.act(opened(world).matter.pk, "dispatch", by=world.dispatcher, **units)


def proofs(world):
    """What satisfies each proof."""
    return {
        "unit": {"unit": world.office.pk},
        "category": {"category": CATEGORY},
        "due": {"due_at": world.clock() + timedelta(days=2)},
        "reason": {"reason": "withdrawn"},
        "note": {"note": "看过了"},
        "scheme": {"scheme": "先疏通"},
        "photo": {"uploads": [photo(world.dispatcher)]},
        "attempts": {"way": "phone", "reached": False},
        "person": {"person": "董建平"},
        "place": {"place": "东门口第二根电杆"},
        "signature": {"signature": "name:董建平"},
        "papers": {"uploads": [photo(world.dispatcher)]},
        "before-after": {"before": [photo(world.dispatcher)], "after": [photo(world.dispatcher)]},
    }


PROVEN_ELSEWHERE = {
    "offer": ("partners/test_words.py", "test_word_loop_acts_needs_offer_asks_for_a_line_of_a_list"),
    "parts": ("matters/test_words_parts.py", "test_an_act_waits_for_all_parts_only_where_the_pack_needs_them"),
    "session": (
        "matters/test_consultation.py",
        "test_a_step_that_needs_a_meeting_is_refused_until_one_was_held_with_the_matter_on_its_agenda",
    ),
    "sheet": ("matters/test_words_sheets.py", "test_a_step_that_needs_a_sheet_is_taken_with_it_and_not_without"),
}
"""What nobody brings to a demand in one step: a street with partners, a whole with parts, a meeting, a form of its own."""


def lacking(world, word):
    """A matter of which nothing is known that satisfies the proof."""
    matter = opened(world, category="").matter
    if word == "place":
        Matter.objects.filter(pk=matter.pk).update(compound_id=None, longitude=None)
    return matter


@pytest.mark.word(
    "loop.acts.needs:attempts", "loop.acts.needs:before-after", "loop.acts.needs:category", "loop.acts.needs:due",
    "loop.acts.needs:note", "loop.acts.needs:papers", "loop.acts.needs:person", "loop.acts.needs:photo",
    "loop.acts.needs:place", "loop.acts.needs:reason", "loop.acts.needs:scheme", "loop.acts.needs:signature",
    "loop.acts.needs:unit",
)  # fmt: skip
@pytest.mark.parametrize("word", sorted(set(NEED_CHECKS) - set(PROVEN_ELSEWHERE)))
def test_an_act_asks_for_the_proof_that_the_pack_names_and_for_no_other(world, word):
    assigns = {"assigns": ["lead"]} if word == "unit" else {}
    change(world, own_act(verb="step", needs=[word], **assigns))
    matter = lacking(world, word)
    with refused(f"needs-{word}"):
        actions.act(matter.pk, "try", by=world.dispatcher)
    assert actions.act(matter.pk, "try", by=world.dispatcher, **proofs(world)[word]).version == 2
    change(world, own_act(verb="step", needs=[]))
    assert actions.act(lacking(world, word).pk, "try", by=world.dispatcher).version == 2


@pytest.mark.parametrize("word", sorted(PROVEN_ELSEWHERE))
def test_a_proof_that_takes_a_street_of_its_own_has_its_test_there(word):
    path, name = PROVEN_ELSEWHERE[word]
    assert word in NEED_CHECKS
    assert f"def {name}(" in (Path(__file__).parents[1] / path).read_text("utf-8")


def test_an_act_that_asks_for_three_attempts_counts_those_on_record(world):
    change(world, own_act(verb="step", needs=["attempts:3"]))
    matter = completed(world)
    for _ in range(2):
        with refused("needs-attempts"):
            actions.act(matter.pk, "try", by=world.dispatcher)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
    with refused("needs-attempts"):
        actions.act(matter.pk, "try", by=world.dispatcher)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False)
    assert actions.act(matter.pk, "try", by=world.dispatcher).doers["try"]


class TestApprove:
    HAND_BACK = f"{ACT}.hand-back.approve"

    def hand_back(self, world):
        matter = dispatched(world)
        actions.act(matter.pk, "hand-back", by=world.manager, reason="not-ours")
        matter.refresh_from_db()
        return matter

    def said(self, **more):
        """The approval of the base pack with something changed."""
        base = {"by": ["dispatcher"], "within": "4 office-hours", "refused": "stay", "silent": "refuse"}
        return {self.HAND_BACK: base | more}

    @pytest.mark.word("loop.acts.approve")
    def test_a_step_waits_for_a_yes_only_where_the_pack_asks_for_one(self, world):
        assert self.hand_back(world).stage == "dispatched"
        change(world, gone=(self.HAND_BACK,))
        assert self.hand_back(world).stage == "received"

    @pytest.mark.word("loop.acts.approve.within")
    @pytest.mark.parametrize(("within", "hours"), [("1 office-hours", 1), ("2 office-hours", 2)])
    def test_the_time_to_answer_is_the_packs(self, world, within, hours):
        change(world, self.said(within=within))
        ask = asked(self.hand_back(world))
        assert ask.due_at - ask.asked_at == timedelta(hours=hours)

    @pytest.mark.word("loop.acts.approve.refused:stay", "loop.acts.approve.refused")
    @pytest.mark.parametrize(("back", "stage"), [("stay", "dispatched"), ("received", "received")])
    def test_a_no_leaves_the_matter_or_leads_where_the_pack_says(self, world, back, stage):
        change(world, self.said(refused=back))
        matter = self.hand_back(world)
        assert actions.refuse(asked(matter).pk, by=world.dispatcher, note="归你们管").stage == stage

    @pytest.mark.word(
        "loop.acts.approve.silent:refuse", "loop.acts.approve.silent:grant", "loop.acts.approve.silent:escalate"
    )
    @pytest.mark.parametrize(
        ("silent", "answer", "stage"),
        [("refuse", "refused", "dispatched"), ("grant", "approved", "received"), ("escalate", "", "dispatched")],
    )
    def test_silence_means_what_the_pack_says(self, world, silent, answer, stage):
        change(world, self.said(silent=silent))
        matter = self.hand_back(world)
        world.clock.forward(days=3)
        actions.sweep()
        matter.refresh_from_db()
        assert (Ask.objects.get(matter=matter, kind="step").answer, matter.stage) == (answer, stage)


class TestOn:
    def answered(self, world, **said):
        matter = completed(world)
        return actions.act(matter.pk, "verdict", by=world.caller, **said)

    @pytest.mark.word("loop.acts.on:close")
    def test_the_system_crosses_off_only_where_the_act_hangs_on_closing(self, world):
        assert self.answered(world, **SOLVED).stage == "crossed-off"
        change(world, gone=(f"{ACT}.cross-off.on",))
        assert self.answered(world, **SOLVED).stage == "completed"

    @pytest.mark.word("loop.acts.on:unsolved")
    def test_the_system_takes_it_back_only_where_the_act_hangs_on_unsolved(self, world):
        assert self.answered(world, **UNSOLVED).stage == "in-hand"
        change(world, gone=(f"{ACT}.rework.on",))
        assert self.answered(world, **UNSOLVED).stage == "completed"

    @pytest.mark.word("loop.acts.on:clock")
    def test_a_step_hung_on_a_clock_is_taken_when_it_runs_out(self, world):
        gone = opened(world).matter
        change(world, own_act(verb="supervise", by=["system"], on="clock:contact", **{"from": ALL}))
        matter = dispatched(world)
        world.clock.forward(hours=25)
        actions.sweep()
        matter.refresh_from_db()
        assert (matter.supervised, Matter.objects.get(pk=gone.pk).supervised) == ("ordinary", "")
