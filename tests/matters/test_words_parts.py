"""Each word about parts, changed in a pack, changes what the whole and its parts do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.changing import change, own_act
from tests.matters.jointly import (
    all_done,
    applied,
    child,
    do_part,
    forwarded,
    joint_street,
    papers,
    part,
    states,
    unit,
)  # fmt: skip
from tests.matters.world import World, in_hand, photo
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Matter
from youying.record import actions as record

ACTS = "loop.joint.acts"
PARTS = "loop.joint.parts"


def refused(code: str):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


class TestParts:
    @pytest.mark.word("loop.parts", "loop.parts_on")
    def test_parts_are_opened_by_the_act_that_the_pack_names(self, world: World) -> None:
        joint_street(world, {f"{PARTS}.survey": {"title": "现场勘验", "to": "registry"}})
        assert states(forwarded(world))["survey"] == "running"
        change(world, {"loop.joint.parts_on": "accept"}, code="m33")
        matter = actions.act(applied(world).matter.pk, "accept", by=world.window, papers=papers(world))
        assert states(matter)["notarise"] == "running"

    @pytest.mark.word("loop.parts.after")
    def test_a_part_waits_for_those_the_pack_names(self, world: World) -> None:
        joint_street(world)
        assert states(forwarded(world))["pay-tax"] == "waiting"
        change(world, {f"{PARTS}.pay-tax.after": []}, code="m33")
        assert states(forwarded(world))["pay-tax"] == "running"

    @pytest.mark.word("loop.parts.within")
    @pytest.mark.parametrize(("within", "working_days"), [("5 working-days", 5), ("2 working-days", 2)])
    def test_a_part_has_the_time_that_the_pack_gives(self, world: World, within: str, working_days: int) -> None:
        joint_street(world, {f"{PARTS}.assess-tax.within": within})
        below = child(forwarded(world), "assess-tax")
        (clock,) = [one for one in queries.clocks(below) if one.code == "complete"]
        assert f"{working_days}个工作日" in clock.say
        assert below.due_at == clock.due_at

    @pytest.mark.word("loop.parts.loop")
    @pytest.mark.parametrize(("loop", "kind"), [("commitment", "commitment"), ("demand", "demand")])
    def test_a_part_goes_by_the_loop_that_the_pack_names(self, world: World, loop: str, kind: str) -> None:
        joint_street(world, {f"{PARTS}.notarise.loop": loop})
        assert child(forwarded(world), "notarise").kind == kind

    @pytest.mark.word("loop.kind:commitment")
    def test_a_part_without_a_loop_goes_by_the_plain_commitment_of_the_place(self, world: World) -> None:
        joint_street(world, {"loop.commitment.stages.given": "待接下"})
        below = child(forwarded(world), "notarise")
        assert (below.loop, world.edition.loops[below.loop].stages[below.stage]) == ("commitment", "待接下")

    @pytest.mark.word("loop.adds_parts")
    def test_more_parts_are_listed_only_where_the_pack_lets_them(self, world: World) -> None:
        joint_street(world, {"loop.joint.adds_parts": ["forward"]})
        more = [{"title": "供水过户", "unit": unit(world.registry), "after": ["公证"]}]
        assert states(forwarded(world, parts=more))["p1"] == "waiting"
        change(world, code="m33")
        with refused("no-more-parts"):
            forwarded(world, parts=more)

    @pytest.mark.word("loop.acts.needs:parts")
    def test_an_act_waits_for_all_parts_only_where_the_pack_needs_them(self, world: World) -> None:
        by_hand = {"verb": "complete", "title": "提前办结", "from": ["working"], "to": "ready", "by": ["window"]}
        joint_street(world, {f"{ACTS}.early": {**by_hand, "needs": ["parts"]}})
        matter = forwarded(world)
        with refused("needs-parts"):
            actions.act(matter.pk, "early", by=world.window)
        change(world, {f"{ACTS}.early": by_hand}, code="m33")
        assert actions.act(forwarded(world).pk, "early", by=world.window).stage == "ready"

    @pytest.mark.word("loop.acts.on:parts")
    def test_the_whole_moves_on_by_itself_only_where_the_act_hangs_on_parts(self, world: World) -> None:
        joint_street(world)
        assert all_done(world, forwarded(world)).stage == "ready"
        change(world, {f"{ACTS}.finish": {"verb": "complete", "title": "各件办齐", "from": ["working"], "to": "ready",
                                          "by": ["window"], "needs": ["parts"]}}, code="m33")  # fmt: skip
        matter = all_done(world, forwarded(world))
        assert (matter.stage, matter.parts_done) == ("working", True)
        assert actions.act(matter.pk, "finish", by=world.window).stage == "ready"


class TestOpens:
    @pytest.mark.word("loop.acts.opens:loop")
    def test_an_act_opens_a_matter_of_the_loop_that_the_pack_names_in_the_same_place(self, world: World) -> None:
        change(world, own_act(verb="judge", needs=["note"], opens=["loop:demand"]))
        matter = in_hand(world)
        actions.act(matter.pk, "try", by=world.dispatcher, note="同一栋楼还有三处一样")
        below = Matter.objects.get(parent=matter)
        assert (below.loop, below.place_path, below.reporter_count) == ("demand", matter.place_path, 1)
        change(world, own_act(verb="judge", needs=["note"]))
        other = in_hand(world)
        actions.act(other.pk, "try", by=world.dispatcher, note="同一栋楼还有三处一样")
        assert not Matter.objects.filter(parent=other).exists()

    def test_what_is_open_from_a_matter_is_not_opened_from_it_again_until_it_has_ended(self, world: World) -> None:
        change(world, code="m02")
        whole = actions.act(
            in_hand(world).pk, "classify", by=world.dispatcher, note="牵涉三家，定为难诉。", grade="hard"
        )
        data = {"by": world.dispatcher, "note": "牵涉几家，一家办不下来，请会商。"}
        actions.act(whole.pk, "to-joint", **data)
        below = Matter.objects.get(parent=whole)
        with pytest.raises(Refused, match="opened-already") as again:
            actions.act(whole.pk, "to-joint", **data)
        assert below.number in again.value.say and Matter.objects.filter(parent=whole).count() == 1
        actions.act(below.pk, "end", by=world.leader, reason="litigation")
        actions.act(whole.pk, "to-joint", **data)
        assert Matter.objects.filter(parent=whole).count() == 2


class TestWho:
    @pytest.mark.word("loop.acts.by:keeper")
    def test_whoever_keeps_a_part_does_it_only_where_the_pack_says_keeper(self, world: World) -> None:
        joint_street(world)
        assert actions.act(child(forwarded(world), "notarise").pk, "accept", by=world.notary).stage == "doing"
        change(world, {"loop.commitment.acts.accept.by": ["dispatcher"]}, code="m33")
        with refused("not-yours"):
            actions.act(child(forwarded(world), "notarise").pk, "accept", by=world.notary)

    def test_a_part_that_a_post_keeps_is_done_by_whoever_holds_it_there(self, world: World) -> None:
        joint_street(world, {f"{PARTS}.notarise.to": "secretary"})
        below = child(forwarded(world), "notarise")
        with refused("not-yours"):
            actions.act(below.pk, "accept", by=world.stranger)
        assert actions.act(below.pk, "accept", by=world.secretary).stage == "doing"

    @pytest.mark.word("loop.acts.by:host")
    def test_whoever_listed_the_parts_checks_one_only_where_the_pack_says_host(self, world: World) -> None:
        joint_street(world)
        assert states(do_part(world, forwarded(world), "notarise"))["notarise"] == "done"
        change(world, {"loop.commitment.acts.recheck.by": ["dispatcher"]}, code="m33")
        with refused("not-yours"):
            do_part(world, forwarded(world), "notarise")

    @pytest.mark.word("loop.acts.by:applicant", "loop.kind:application")
    def test_the_applicant_withdraws_only_where_the_pack_says_applicant(self, world: World) -> None:
        joint_street(world)
        came = applied(world)
        mine = queries.look_up(came.matter.number, came.secret).viewer
        assert actions.act(came.matter.pk, "withdraw", by=mine, reason="withdrawn").stage == "off"
        change(world, {f"{ACTS}.withdraw.by": ["window"]}, code="m33")
        came = applied(world)
        mine = queries.look_up(came.matter.number, came.secret).viewer
        with refused("not-yours"):
            actions.act(came.matter.pk, "withdraw", by=mine, reason="withdrawn")

    @pytest.mark.word("loop.acts.tells:applicant")
    @pytest.mark.parametrize(("said", "told"), [(["applicant"], ("applicant",)), ([], ())])
    def test_the_applicant_is_told_only_where_the_pack_says_so(self, world: World, monkeypatch, said, told) -> None:
        joint_street(world, {f"{ACTS}.accept.tells": said})
        heard, announce = [], record.announce
        monkeypatch.setattr(record, "announce", lambda e, *, subject: heard.append(e) or announce(e, subject=subject))
        actions.act(applied(world).matter.pk, "accept", by=world.window, papers=papers(world))
        assert [event.tells for event in heard if getattr(event, "verb", "") == "accept"] == [told]

    @pytest.mark.word("loop.protects:person")
    @pytest.mark.parametrize(("said", "protected"), [(["person"], True), ([], False)])
    def test_the_applicant_is_known_only_to_who_may_where_the_pack_protects_the_person(
        self, world: World, said: list[str], protected: bool
    ) -> None:
        joint_street(world, {"loop.joint.protects": said})
        (person,) = queries.reporters(world.window, applied(world).matter)
        assert person.protected is protected


class TestVerbs:
    @pytest.mark.word("loop.acts.verb:decide", "reasons.for:refuse")
    def test_a_written_decision_says_for_which_of_the_packs_reasons_it_refuses(self, world: World) -> None:
        joint_street(world)
        matter = forwarded(world)
        with refused("needs-reason"):
            actions.act(matter.pk, "part-refused", by=world.tax, reason="weather", note="缺一份证明")
        matter = actions.act(matter.pk, "part-refused", by=world.tax, reason="not-lawful", note="缺一份证明")
        assert (matter.outcome, part(matter, "assess-tax").state) == ("not-lawful", "refused")
        change(world, {f"{ACTS}.part-refused.verb": "step"}, code="m33")
        matter = forwarded(world)
        matter = actions.act(matter.pk, "part-refused", by=world.tax, reason="not-lawful", note="缺一份证明")
        assert (matter.outcome, part(matter, "assess-tax").state) == ("", "running")

    def handed_out(self, world: World) -> Matter:
        matter = all_done(world, forwarded(world))
        return actions.act(matter.pk, "hand-out", by=world.window, signature=[photo(world.window)])

    @pytest.mark.word("loop.acts.verb:deliver", "loop.close.verdict:received")
    def test_what_was_asked_for_is_received_by_a_delivery_and_nothing_less(self, world: World) -> None:
        joint_street(world)
        assert self.handed_out(world).received_at == world.clock()
        change(world, {f"{ACTS}.hand-out.verb": "step"}, code="m33")
        matter = self.handed_out(world)
        assert matter.received_at is None
        with refused("not-proven"):
            actions.act(matter.pk, "cross-off", by=world.window, signature=[photo(world.window)])

    @pytest.mark.word("loop.acts.reason")
    @pytest.mark.parametrize(("reason", "kept"), [("missing-papers", "missing-papers"), ("not-lawful", "not-lawful")])
    def test_what_the_system_ends_it_ends_for_the_reason_that_the_pack_writes(
        self, world: World, reason: str, kept: str
    ) -> None:
        joint_street(world, {f"{ACTS}.lapse.reason": reason})
        matter = applied(world).matter
        due = world.clock() + timedelta(days=10)
        promised = {**papers(world, "deed"), "promise": [photo(world.window)]}
        actions.act(matter.pk, "accept-missing", by=world.window, sheet=promised, due_at=due)
        world.clock.forward(days=11)
        actions.sweep()
        matter.refresh_from_db()
        assert (matter.stage, matter.end_reason) == ("off", kept)
