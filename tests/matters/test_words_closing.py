"""Each word about closing, reasons and doubles, changed in a pack, changes what closes, what counts and what is offered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.changing import change
from tests.matters.world import CATEGORY, WORDS, completed, dispatched, in_hand, opened
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.actions import ReporterIn
from youying.matters.models import Ask, Matter
from youying.places.placing import place_of

LOOP = "loop.demand"
SOLVED = {"solved": True, "satisfaction": "满意"}
UNSOLVED = {"solved": False, "satisfaction": "不满意"}


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


def asked(matter):
    """The open ask of a matter."""
    return Ask.objects.get(matter=matter, answer="")


def crossed_off(world):
    """A matter that its resident is content with."""
    return actions.act(completed(world).pk, "verdict", by=world.caller, **SOLVED)


class TestClose:
    @pytest.mark.word("loop.close.verdict:resident")
    def test_crossing_off_needs_the_residents_word_where_the_pack_lists_it(self, world):
        by_hand = {f"{LOOP}.acts.cross-off.by": ["system", "caller"]}
        change(world, by_hand)
        with refused("not-proven"):
            actions.act(completed(world).pk, "cross-off", by=world.caller)
        change(world, by_hand | {f"{LOOP}.close.verdict": []})
        assert actions.act(completed(world).pk, "cross-off", by=world.caller).crossed_off

    @pytest.mark.word("loop.close.reasons")
    def test_only_reasons_that_the_loop_lists_end_a_matter(self, world):
        data = {"reason": "withdrawn", "note": "本人撤回"}
        ask = actions.act(opened(world).matter.pk, "end", by=world.dispatcher, **data)
        assert actions.approve(asked(ask).pk, by=world.leader).end_reason == "withdrawn"
        change(world, {f"{LOOP}.close.reasons": ["litigation"]})
        with refused("needs-reason"):
            actions.act(opened(world).matter.pk, "end", by=world.dispatcher, **data)

    def test_a_made_up_reason_does_not_cross_off_without_the_residents_word(self, world):
        change(world, {f"{LOOP}.acts.cross-off.by": ["system", "caller"]})
        with refused("not-proven"):
            actions.act(completed(world).pk, "cross-off", by=world.caller, reason="tired-of-it")
        assert actions.act(completed(world).pk, "cross-off", by=world.caller, reason="withdrawn").crossed_off

    @pytest.mark.word("loop.close.rework")
    @pytest.mark.parametrize("back", ["in-hand", "dispatched"])
    def test_of_two_ways_back_the_one_is_taken_that_leads_where_the_pack_says(self, world, back):
        again = {"title": "重派", "verb": "rework", "from": ["completed"], "to": "dispatched", "by": ["system"]}
        change(world, {f"{LOOP}.acts.anew": again | {"on": "unsolved"}, f"{LOOP}.close.rework": back})
        assert actions.act(completed(world).pk, "verdict", by=world.caller, **UNSOLVED).stage == back

    @pytest.mark.word("loop.close.reopen")
    def test_a_crossed_off_matter_is_taken_up_again_only_where_the_pack_lets_it(self, world):
        assert actions.reopen(crossed_off(world).pk, by=world.caller, words="又返水了").reworks == 1
        change(world, {f"{LOOP}.close.reopen": {"within": "1 days", "to": "in-hand", "by": ["caller"]}})
        matter = crossed_off(world)
        world.clock.forward(days=6)
        with refused("reopen-too-late"):
            actions.reopen(matter.pk, by=world.caller, words="又返水了")
        change(world, gone=(f"{LOOP}.close.reopen",))
        with refused("not-yours"):
            actions.reopen(crossed_off(world).pk, by=world.caller, words="又返水了")

    @pytest.mark.word("loop.close.reopen.by:reporter")
    @pytest.mark.parametrize("by", [["reporter", "caller"], ["caller"]])
    def test_the_resident_takes_it_up_again_only_where_the_pack_says_reporter(self, world, by):
        change(world, {f"{LOOP}.close.reopen": {"within": "30 days", "to": "in-hand", "by": by}})
        came = opened(world)
        data = {"reason": "withdrawn", "note": "本人撤回"}
        actions.act(came.matter.pk, "end", by=world.dispatcher, **data)
        actions.approve(asked(came.matter).pk, by=world.leader)
        resident = queries.look_up(came.matter.number, came.secret).viewer
        if "reporter" in by:
            assert actions.reopen(came.matter.pk, by=resident, words="还是要办").reworks == 1
            return
        with refused("not-yours"):
            actions.reopen(came.matter.pk, by=resident, words="还是要办")


class TestSilence:
    def silent(self, world, way):
        """Three attempts in one way, then ten days."""
        matter = completed(world)
        for _ in range(3):
            world.clock.forward(days=1)
            actions.act(matter.pk, "call-back", by=world.caller, way=way, reached=False)
        world.clock.forward(days=10)
        actions.sweep()
        return Matter.objects.get(pk=matter.pk)

    @pytest.mark.word("loop.close.silence")
    def test_silence_closes_only_where_the_pack_says_how(self, world):
        assert self.silent(world, "phone").crossed_off
        change(world, gone=(f"{LOOP}.close.silence",))
        assert not self.silent(world, "phone").crossed_off

    @pytest.mark.word(
        "loop.close.silence.ways:door", "loop.close.silence.ways:phone", "loop.close.silence.ways:sms",
        "loop.close.silence.ways:web",
    )  # fmt: skip
    @pytest.mark.parametrize("way", ["door", "phone", "sms", "web"])
    def test_attempts_count_only_in_the_ways_the_pack_lists(self, world, way):
        others = [other for other in ("door", "phone", "sms", "web") if other != way]
        for ways, closed in (([way], True), (others, False)):
            change(world, {f"{LOOP}.close.silence": {"attempts": 3, "over": "7 days", "ways": ways}})
            assert self.silent(world, way).crossed_off is closed

    @pytest.mark.word("reasons.for:unmet")
    @pytest.mark.parametrize(("uses", "reason"), [(["exclude", "unmet"], "unreachable"), (["exclude"], "")])
    def test_silence_is_coded_with_the_packs_reason_for_not_being_met(self, world, uses, reason):
        change(world, {"reasons.unreachable.for": uses})
        assert self.silent(world, "phone").excluded == reason


class TestReasons:
    def parked(self, world):
        due = world.clock() + timedelta(days=3)
        data = {"reason": "conditions", "scheme": "等改造", "due_at": due}
        return actions.act(in_hand(world).pk, "park", by=world.manager, **data)

    def ended(self, world):
        return actions.act(opened(world).matter.pk, "end", by=world.dispatcher, reason="withdrawn", note="本人撤回")

    def handed_back(self, world):
        return actions.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")

    def excluded(self, world):
        return actions.exclude(opened(world).matter.pk, by=world.dispatcher, reason="unlawful", note="已劝导")

    @pytest.mark.word("reasons", "reasons.for:park", "reasons.for:end", "reasons.for:hand-back", "reasons.for:exclude")
    @pytest.mark.parametrize(
        ("act", "reason", "uses"),
        [
            ("parked", "conditions", ["extend"]),
            ("ended", "withdrawn", ["exclude"]),
            ("handed_back", "not-ours", ["end"]),
            ("excluded", "unlawful", ["end"]),
        ],
    )
    def test_a_reason_serves_only_what_the_pack_says_it_is_for(self, world, act, reason, uses):
        assert getattr(self, act)(world).pk
        change(world, {f"reasons.{reason}.for": uses})
        with refused("reason"):
            getattr(self, act)(world)


OTHER = "utilities.drainage"
APART = "楼道里堆了纸箱和旧家具，推着轮椅过不去，想请人来清一清。"


class TestMerge:
    """What is offered as the same, for a text that reads quite differently."""

    def offered(self, world, *, place=None, category=CATEGORY, phone="13800000417"):
        found = queries.similar(world.dispatcher, APART, place=place or world.place, category=category, phone=phone)
        return [one.matter.number for one in found if one.same]

    def said(self, *same, over="7 days"):
        return {f"{LOOP}.merge": {"same": list(same), "over": over}}

    @pytest.mark.word("loop.merge")
    def test_what_reads_differently_is_offered_only_by_the_packs_rule(self, world):
        first = opened(world).matter
        assert self.offered(world) == [first.number]
        change(world, gone=(f"{LOOP}.merge",))
        assert self.offered(world) == []

    @pytest.mark.parametrize(("over", "offered"), [("7 days", 1), ("2 days", 0)])
    def test_the_rule_looks_back_as_far_as_the_pack_says(self, world, over, offered):
        change(world, self.said("place", over=over))
        opened(world)
        world.clock.forward(days=4)
        assert len(self.offered(world)) == offered

    @pytest.mark.word("loop.merge.same:category")
    @pytest.mark.parametrize(("same", "offered"), [(["place"], 1), (["place", "category"], 0)])
    def test_another_category_is_another_need_where_the_pack_compares_it(self, world, same, offered):
        change(world, self.said(*same))
        opened(world)
        assert len(self.offered(world, category=OTHER)) == offered

    @pytest.mark.word("loop.merge.same:reporter")
    @pytest.mark.parametrize(("same", "offered"), [(["place"], 1), (["place", "reporter"], 0)])
    def test_another_reporter_is_another_need_where_the_pack_compares_them(self, world, same, offered):
        change(world, self.said(*same))
        opened(world)
        assert len(self.offered(world, phone="13800009999")) == offered

    @pytest.mark.word("loop.merge.same:place")
    @pytest.mark.parametrize(("same", "offered"), [(["reporter"], 1), (["reporter", "place"], 0)])
    def test_another_place_is_another_need_where_the_pack_compares_it(self, world, same, offered):
        change(world, self.said(*same))
        opened(world)
        elsewhere = place_of(area_path=world.community)
        assert len(self.offered(world, place=elsewhere)) == offered

    def test_a_matter_is_compared_by_its_own_reporters_and_never_with_itself(self, world):
        first = opened(world).matter
        second = opened(world, text=APART).matter
        third = opened(world, text=APART, reporters=(ReporterIn("吴家栋", "13800000500"),)).matter
        found = queries.similar(world.dispatcher, APART, place=world.place, category=CATEGORY, skip=second.pk)
        assert [(one.matter.number, one.same) for one in found] == [(first.number, True), (third.number, False)]

    def test_what_lies_out_of_sight_is_not_offered(self, world):
        opened(world)
        assert queries.similar(world.stranger, WORDS, place=world.place, category=CATEGORY, phone="13800000417") == []
