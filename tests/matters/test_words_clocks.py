"""Each word about clocks, changed in a pack, changes a deadline, a lamp or what happens by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.changing import change, own_act
from tests.matters.world import dispatched, in_hand, opened
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Ask, Clock, Matter
from youying.record.models import Entry

CLOCK = "loop.demand.clocks"
COMPLETE = f"{CLOCK}.complete"
EXTEND = {
    "ask_before": "17:00", "most": 1, "approve": {"by": ["dispatcher"], "refused": "stay", "silent": "refuse"},
}  # fmt: skip


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


def clock(matter, code="complete"):
    """The running clock of a matter."""
    return Clock.objects.get(matter=matter, code=code, stopped_at__isnull=True)


def due_day(matter, code="complete"):
    """The local day on which a clock is due."""
    return f"{clock(matter, code).due_at + timedelta(hours=8):%m-%d %H:%M}"


def asked(matter):
    """The open ask of a matter."""
    return Ask.objects.get(matter=matter, answer="")


class TestWithin:
    @pytest.mark.word("loop.clocks.within")
    @pytest.mark.parametrize(("within", "due"), [("24 hours", "11-14 15:52"), ("3 hours", "11-13 18:52")])
    def test_the_period_is_the_packs(self, world, within, due):
        change(world, {f"{CLOCK}.contact.within": within})
        assert due_day(dispatched(world), "contact") == due

    @pytest.mark.word("loop.clocks.within:table")
    @pytest.mark.parametrize(("within", "due"), [("7 working-days", "11-24 18:00"), ("2 working-days", "11-17 18:00")])
    def test_the_row_of_the_table_is_the_packs(self, world, within, due):
        change(world, {f"{COMPLETE}.within.ordinary": within})
        assert due_day(dispatched(world)) == due

    @pytest.mark.word("loop.clocks.per")
    @pytest.mark.parametrize(("per", "due"), [("urgency", "11-16 18:00"), ("kind", "11-24 18:00")])
    def test_the_fact_that_chooses_the_row_is_the_packs(self, world, per, due):
        change(world, {f"{COMPLETE}.per": per})
        matter = opened(world, urgency="urgent").matter
        given = {"unit": world.property_company.pk, "category": matter.category}
        actions.act(matter.pk, "dispatch", by=world.dispatcher, **given)
        assert due_day(matter) == due

    @pytest.mark.word("loop.clocks.within:given")
    def test_an_agreed_date_is_the_deadline_where_the_pack_says_given(self, world):
        needs = {"loop.demand.acts.accept.needs": ["due"]}
        agreed = world.clock() + timedelta(days=3)
        own = {"title": "约定", "from": ["accept"], "to": ["complete"]}
        for within, due in (("given", agreed), ("2 hours", world.clock() + timedelta(hours=2, seconds=2))):
            change(world, needs | {f"{CLOCK}.agreed": own | {"within": within}})
            matter = actions.act(dispatched(world).pk, "accept", by=world.manager, due_at=agreed)
            assert clock(matter, "agreed").due_at == due


class TestPause:
    def parked(self, world):
        matter = in_hand(world)
        due = world.clock() + timedelta(days=20)
        actions.act(matter.pk, "park", by=world.manager, reason="conditions", scheme="等改造", due_at=due)
        return actions.approve(asked(matter).pk, by=world.leader)

    @pytest.mark.word("loop.clocks.pause")
    @pytest.mark.parametrize(("pause", "stands"), [(["park"], True), ([], False)])
    def test_parking_stops_the_clock_only_where_the_pack_says_so(self, world, pause, stands):
        change(world, {f"{COMPLETE}.pause": pause})
        assert clock(self.parked(world)).paused is stands

    @pytest.mark.word("loop.clocks.resume")
    @pytest.mark.parametrize(("resume", "stands"), [(["unpark"], False), ([], True)])
    def test_taking_it_up_again_starts_the_clock_only_where_the_pack_says_so(self, world, resume, stands):
        change(world, {f"{COMPLETE}.resume": resume})
        matter = self.parked(world)
        world.clock.forward(days=2)
        assert clock(actions.act(matter.pk, "unpark", by=world.manager)).paused is stands

    @pytest.mark.word("reasons.for:pause")
    @pytest.mark.parametrize(("uses", "takes"), [(["pause", "extend"], True), (["extend"], False)])
    def test_a_step_that_stops_the_clock_takes_the_reasons_for_a_pause(self, world, uses, takes):
        change(world, {"reasons.weather.for": uses})
        matter = in_hand(world)
        data = {"reason": "weather", "scheme": "等天晴", "due_at": world.clock() + timedelta(days=2)}
        if takes:
            assert actions.act(matter.pk, "park", by=world.manager, **data).pk
            return
        with refused("needs-reason"):
            actions.act(matter.pk, "park", by=world.manager, **data)


class TestExtend:
    def ask(self, world, matter=None, reason="weather", **more):
        matter, said = matter or in_hand(world), {"clock": "complete", "reason": reason, "note": "下雨"}
        return actions.ask_extension(matter.pk, by=world.manager, **said, **more)

    def said(self, **more):
        """The extension of the base pack with something of its approval changed."""
        return {f"{COMPLETE}.extend": EXTEND | {"approve": EXTEND["approve"] | more}}

    @pytest.mark.word("loop.clocks.extend")
    def test_only_a_clock_that_the_pack_lets_be_extended_is(self, world):
        assert self.ask(world).pk
        change(world, gone=(f"{COMPLETE}.extend",))
        with refused("not-extendable"):
            self.ask(world)

    @pytest.mark.word("loop.clocks.extend.most")
    @pytest.mark.parametrize("most", [1, 2])
    def test_no_more_extensions_than_the_pack_allows(self, world, most):
        change(world, {f"{COMPLETE}.extend": EXTEND | {"most": most}})
        matter = in_hand(world)
        for _ in range(most):
            actions.approve(self.ask(world, matter).pk, by=world.dispatcher)
        with refused("too-often"):
            self.ask(world, matter)

    @pytest.mark.parametrize(("extend", "until", "due", "by"), [
        (EXTEND, None, "12-03 18:00", "7 working-days"),
        (EXTEND, (14, 10), "11-27 18:00", "3 working-days"),
        (EXTEND, (13, 16), "11-27 18:00", "3 working-days"),
        (EXTEND | {"by": "4 working-days"}, None, "11-30 18:00", "4 working-days"),
        (EXTEND | {"by": "4 working-days"}, (13, 10), "11-26 18:00", "2 working-days"),
    ])  # fmt: skip
    def test_the_new_deadline_is_said_with_the_ask_and_is_what_a_yes_gives(self, world, extend, until, due, by):
        change(world, {f"{COMPLETE}.extend": extend})
        matter = in_hand(world)
        until = until and world.clock().replace(hour=until[1], minute=0) + timedelta(days=until[0])
        ask = self.ask(world, matter, due_at=until)
        shown = queries.asks_for(world.dispatcher, matter=matter)[0].until
        told = next(one for one in queries.worked_out(matter, "complete").happenings if one.what == "ask")
        assert (told.by, told.due_at) == (by, shown)
        actions.approve(ask.pk, by=world.dispatcher)
        assert (due_day(matter), clock(matter).due_at) == (due, shown)

    @pytest.mark.parametrize(("days", "hour", "code"), [
        (11, 9, "not-later"), (12, 9, "too-short"), (19, 10, None), (19, 1, "between-deadlines"), (14, 16, "between-deadlines"),
        (21, 9, "too-long"),
    ])  # fmt: skip
    def test_no_deadline_is_asked_for_that_is_no_later_beyond_the_packs_most_or_another_than_is_given(
        self, world, days, hour, code
    ):
        matter = in_hand(world)
        until = world.clock().replace(hour=hour, minute=0) + timedelta(days=days)
        if code is None:
            assert self.ask(world, matter, due_at=until).pk
            return
        with refused(code):
            self.ask(world, matter, due_at=until)
        assert not matter.asks.exists()

    @pytest.mark.word("loop.clocks.extend.by")
    @pytest.mark.parametrize(("by", "due"), [("2 working-days", "11-26 18:00"), ("1 working-days", "11-25 18:00")])
    def test_an_extension_is_as_long_as_the_pack_says(self, world, by, due):
        change(world, {f"{COMPLETE}.extend": EXTEND | {"by": by}})
        matter = in_hand(world)
        actions.approve(self.ask(world, matter).pk, by=world.dispatcher)
        assert due_day(matter) == due

    @pytest.mark.word("loop.clocks.extend.approve")
    @pytest.mark.parametrize(
        ("post", "who", "other"), [("dispatcher",) * 2 + ("leader",), ("street-leader", "leader", "dispatcher")]
    )
    def test_an_extension_is_granted_by_the_post_the_pack_names(self, world, post, who, other):
        change(world, self.said(by=[post]))
        ask = self.ask(world)
        with refused("not-yours"):
            actions.approve(ask.pk, by=world.people[other])
        assert actions.approve(ask.pk, by=world.people[who]).extended == 1

    @pytest.mark.word("loop.clocks.extend.approve.within")
    @pytest.mark.parametrize("hours", [1, 2])
    def test_the_time_to_answer_an_extension_is_the_packs(self, world, hours):
        change(world, self.said(within=f"{hours} hours"))
        ask = self.ask(world)
        assert ask.due_at - ask.asked_at == timedelta(hours=hours)

    @pytest.mark.word("loop.clocks.extend.approve.refused:stay", "loop.clocks.extend.approve.refused")
    @pytest.mark.parametrize(("back", "stage"), [("stay", "in-hand"), ("dispatched", "dispatched")])
    def test_a_no_to_more_time_leads_where_the_pack_says(self, world, back, stage):
        change(world, self.said(refused=back))
        assert actions.refuse(self.ask(world).pk, by=world.dispatcher, note="按期办").stage == stage

    @pytest.mark.word("loop.clocks.extend.approve.silent:refuse", "loop.clocks.extend.approve.silent:grant")
    @pytest.mark.parametrize(("silent", "answer", "times"), [("refuse", "refused", 0), ("grant", "approved", 1)])
    def test_silence_until_the_deadline_means_what_the_pack_says(self, world, silent, answer, times):
        change(world, self.said(silent=silent))
        ask = self.ask(world)
        world.clock.go_to(clock(ask.matter).due_at)
        actions.sweep()
        ask.refresh_from_db()
        assert (ask.answer, Matter.objects.get(pk=ask.matter_id).extended) == (answer, times)

    @pytest.mark.word("reasons.for:extend")
    def test_only_reasons_for_an_extension_extend(self, world):
        assert self.ask(world).pk
        change(world, {"reasons.weather.for": ["pause"]})
        with refused("unknown-reason"):
            self.ask(world)


class TestLadder:
    def rungs(self, world, days=40):
        """What rang on an accepted matter that nobody completes."""
        matter = in_hand(world)
        world.clock.forward(days=days)
        actions.sweep()
        matter.refresh_from_db()
        entries = Entry.objects.filter(subject=matter.subject, act="ring").order_by("seq")
        said = [rung["do"] for e in entries if e.facts["clock"] == "complete" for rung in e.facts["rungs"]]
        return matter, said

    @pytest.mark.word("loop.clocks.ladder")
    def test_nothing_but_running_out_happens_without_a_ladder(self, world):
        assert self.rungs(world)[1] == ["remind", "overdue", "propose-supervision", "watch-by"]
        change(world, {f"{COMPLETE}.ladder": []})
        assert self.rungs(world)[1] == ["overdue"]

    @pytest.mark.word(
        "loop.clocks.ladder.do:remind", "loop.clocks.ladder.do:propose-supervision", "loop.clocks.ladder.do:watch-by",
        "loop.clocks.ladder.do:tell",
    )  # fmt: skip
    @pytest.mark.parametrize(
        ("do", "proposals", "watch"),
        [("remind", 0, []), ("tell", 0, []), ("propose-supervision", 1, []), ("watch-by", 0, ["county"])],
    )
    def test_a_rung_does_what_the_pack_says(self, world, do, proposals, watch):
        change(world, {f"{COMPLETE}.ladder": [{"at": "80%", "do": do, "to": "county"}]})
        matter, said = self.rungs(world)
        assert said == [do, "overdue"]
        assert Ask.objects.filter(matter=matter, kind="proposal").count() == proposals
        assert matter.units.get("watch", []) == watch

    @pytest.mark.word("loop.clocks.ladder.to", "tiers")
    @pytest.mark.parametrize(
        ("said", "watch"),
        [
            ({"to": "county"}, ["county"]),
            ({"to": "city"}, ["city"]),
            ({"to": "up"}, ["town"]),
            ({"to": "up", "order": ["grid", "community", "county"]}, ["county"]),
        ],
    )
    def test_the_tier_that_watches_is_the_one_named_or_the_next_of_the_order(self, world, said, watch):
        tiers = {"tiers.order": said["order"]} if "order" in said else {}
        change(world, tiers | {f"{COMPLETE}.ladder": [{"at": "due", "do": "watch-by", "to": said["to"]}]})
        assert self.rungs(world)[0].units["watch"] == watch

    @pytest.mark.parametrize(
        ("to", "posts"),
        [
            ("county", ["county-leader"]),
            ("street-leader", ["street-leader"]),
            ("up", ["street-leader"]),
            ("city", ["street-leader", "county-leader"]),
        ],
    )
    def test_a_supervision_is_proposed_to_whom_the_rung_names_and_to_all_where_it_names_nobody(self, world, to, posts):
        both = {"loop.demand.acts.supervise.by": ["street-leader", "county-leader"]}
        rung = {"at": "due", "do": "propose-supervision", "to": to}
        change(world, both | {"posts.county-leader": {"title": "区领导", "at": "county"}, f"{COMPLETE}.ladder": [rung]})
        assert Ask.objects.get(matter=self.rungs(world)[0], kind="proposal").posts == posts


@pytest.mark.word("loop.lamps")
@pytest.mark.parametrize(
    ("lamps", "colour", "used"), [([50, 80], "green", 42), ([20, 80], "yellow", 42), ([10, 20], "red", 42)]
)
def test_the_lamp_turns_at_the_share_the_pack_says_and_the_share_stays_true(world, lamps, colour, used):
    change(world, own_act(verb="step") | {"loop.demand.lamps": lamps, f"{CLOCK}.contact.within": "24 hours"})
    matter = dispatched(world)
    actions.act(matter.pk, "accept", by=world.manager)
    world.clock.forward(hours=10, minutes=5)
    lamp = queries.lamp(queries.find(world.dispatcher, matter.number))
    assert (lamp.colour, lamp.used) == (colour, used)
