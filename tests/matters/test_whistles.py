"""吹哨报到: units are called, sign, come or answer, each by its own clock; the matter goes on when all are in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.matters.whistling import (
    EMERGENCY,
    NOTE,
    STREETS_CANNOT,
    came,
    the_ask,
    unit,
    whistle,
    whistle_street,
    whistled,
)
from tests.matters.world import in_hand
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Assignment, Clock, Matter, Summons
from youying.matters.replaying import differences
from youying.record import actions as record


@pytest.fixture
def street(world):
    """The street with its whistle pack."""
    return whistle_street(world)


def summons(matter, viewer):
    """The summons of one unit."""
    return Summons.objects.get(matter=matter, unit=viewer.unit_id)


def test_each_unit_that_is_named_gets_a_clock_and_a_summons_of_its_own(street):
    matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
    assert (matter.stage, matter.whistles, matter.reported_in) == ("summoned", 1, False)
    runs = Clock.objects.filter(matter=matter, code="report-in")
    assert {run.unit_id for run in runs} == {unit(street.gongdian), unit(street.yuanlin)}
    assert {run.due_at - run.started_at for run in runs} == {timedelta(hours=2)}
    assert Summons.objects.filter(matter=matter, end="", grade=EMERGENCY).count() == 2
    assert differences(matter) == {}


def test_the_matter_goes_on_when_the_last_unit_has_come(street):
    matter = whistled(street, "gongdian", "yuanlin")
    after = came(street, matter, "gongdian")
    assert (after.stage, after.reported_in, after.reported_in_on_time) == ("summoned", False, None)
    after = came(street, matter, "yuanlin", arrival="answered")
    assert (after.stage, after.reported_in, after.reported_in_on_time) == ("in-hand", True, True)
    row = summons(matter, street.yuanlin)
    assert (row.end, row.way, row.on_time) == ("reported", "answered", True)
    assert differences(after) == {}


def test_a_late_unit_is_late_for_good_and_the_lead_is_not_blamed(street):
    matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
    came(street, matter, "gongdian")
    street.clock.forward(hours=3)
    actions.sweep()
    after = came(street, matter, "yuanlin")
    assert (after.stage, after.reported_in, after.reported_in_on_time) == ("in-hand", True, False)
    assert [summons(matter, who).on_time for who in (street.gongdian, street.yuanlin)] == [True, False]
    assert after.overdue is False
    assert differences(after) == {}


def test_a_unit_that_never_came_is_absent_once_the_matter_goes_on(street):
    matter = whistled(street, "gongdian", "yuanlin", "chengguan", grade=EMERGENCY)
    came(street, matter, "gongdian")
    street.clock.forward(hours=3)
    after = actions.act(matter.pk, "answered", by=street.secretary, note="先办起来，不等了")
    assert {row.unit_id: row.end for row in Summons.objects.filter(matter=matter)} == {
        unit(street.gongdian): "reported", unit(street.yuanlin): "absent", unit(street.chengguan): "absent",
    }  # fmt: skip
    assert (after.reported_in, after.reported_in_on_time) == (False, False)
    assert after.units["absent"] == sorted([unit(street.yuanlin), unit(street.chengguan)])
    assert not Clock.objects.filter(matter=matter, code="report-in", stopped_at__isnull=True).exists()
    assert differences(after) == {}


def test_a_unit_whose_time_was_not_over_when_the_matter_went_on_is_not_blamed(street):
    matter = whistled(street, "gongdian", "yuanlin")
    came(street, matter, "gongdian")
    after = actions.act(matter.pk, "answered", by=street.secretary, note="先办起来，不等了")
    assert (summons(matter, street.yuanlin).end, after.reported_in_on_time) == ("released", True)
    with pytest.raises(Refused, match="wrong-stage"):
        came(street, matter, "yuanlin")


def test_nobody_goes_on_without_a_word_while_a_unit_is_awaited(street):
    matter = whistled(street, "gongdian", "yuanlin")
    came(street, matter, "gongdian")
    with pytest.raises(Refused, match="needs-note") as refused:
        actions.act(matter.pk, "answered", by=street.secretary)
    assert "区园林局还没有报到" in refused.value.say and "区供电公司" not in refused.value.say
    assert summons(matter, street.yuanlin).end == ""


def test_a_unit_signs_first_and_its_signing_is_not_its_coming(street):
    matter = whistled(street, "gongdian", "yuanlin")
    signed = actions.act(matter.pk, "sign", by=street.gongdian)
    assert summons(matter, street.gongdian).signed_at == street.clock()
    assert (signed.reported_in, signed.stage) == (False, "summoned")
    running = Clock.objects.filter(matter=matter, code="sign", stopped_at__isnull=True)
    assert [clock.unit_id for clock in running] == [unit(street.yuanlin)]
    with pytest.raises(Refused, match="not-awaited"):
        actions.act(matter.pk, "sign", by=street.gongdian)
    with pytest.raises(Refused, match="not-undoable"):
        actions.undo(matter.pk, by=street.gongdian)
    assert differences(came(street, matter, "gongdian")) == {}


def test_who_came_is_sealed_and_in_no_column_in_clear(street):
    matter = whistled(street, "gongdian")
    came(street, matter, "gongdian")
    row = summons(matter, street.gongdian)
    assert "赵工".encode() not in bytes(row.who_sealed)


class TestRefused:
    @pytest.mark.parametrize(
        ("who", "code"), [("manager", "not-yours"), ("worker", "not-yours"), ("stranger", "not-yours")]
    )
    def test_whoever_the_pack_does_not_name_starts_none_and_reads_who_may(self, street, who, code):
        with pytest.raises(Refused, match=code) as refused:
            whistled(street, "gongdian", by=who)
        assert "社区书记" in refused.value.say

    def test_a_whistle_names_units_and_none_that_has_the_matter_or_is_awaited_already(self, street):
        matter = in_hand(street)
        for named, code in (
            ((), "needs-unit"),
            ((street.property_company.pk,), "whistle-lead"),
            ((10**9,), "unknown-unit"),
        ):
            with pytest.raises(Refused, match=code):
                actions.act(matter.pk, "whistle", by=street.leader, summoned=list(named), grade=EMERGENCY, note=NOTE)

    def test_a_whistle_of_no_class_of_the_pack_is_refused_also_when_only_asked_for(self, street):
        for by in ("leader", "secretary"):
            with pytest.raises(Refused, match="guard"):
                whistled(street, "gongdian", grade="", by=by)

    def test_nobody_reports_in_for_another_unit_or_twice(self, street):
        matter = whistled(street, "gongdian", "yuanlin")
        with pytest.raises(Refused, match="not-your-unit"):
            came(street, matter, "gongdian", reporting_unit=unit(street.yuanlin))
        came(street, matter, "gongdian")
        with pytest.raises(Refused, match="not-awaited"):
            came(street, matter, "gongdian")

    def test_a_post_notes_it_for_a_unit_where_the_pack_names_the_post(self, street):
        whistle_street(street, {"loop.demand.acts.report-in.by": ["summoned", "dispatcher"]})
        matter = whistled(street, "gongdian")
        with pytest.raises(Refused, match="needs-unit"):
            came(street, matter, "dispatcher")
        after = came(street, matter, "dispatcher", reporting_unit=unit(street.gongdian))
        assert (after.stage, summons(matter, street.gongdian).end) == ("in-hand", "reported")


class TestAsked:
    def test_the_leaders_yes_whistles_for_the_units_that_the_secretary_named(self, street):
        matter = whistled(street, "gongdian", "yuanlin", by="secretary")
        assert (matter.stage, Summons.objects.count()) == ("in-hand", 0)
        after = actions.approve(the_ask(matter).pk, by=street.leader)
        assert (after.stage, Summons.objects.filter(matter=matter, end="").count()) == ("summoned", 2)
        assert differences(after) == {}

    def test_silence_of_the_leader_is_a_yes_where_the_pack_says_grant(self, street):
        matter = whistled(street, "gongdian", by="secretary")
        street.clock.forward(days=4)
        actions.sweep()
        assert Matter.objects.get(pk=matter.pk).stage == "summoned"
        assert Summons.objects.get(matter=matter).unit_id == unit(street.gongdian)

    @pytest.mark.parametrize(("grade", "waits"), [(EMERGENCY, timedelta(hours=2)), (STREETS_CANNOT, None)])
    def test_an_emergency_at_night_waits_no_longer_for_the_yes_than_for_those_who_come(self, street, grade, waits):
        matter = in_hand(street)
        street.clock.forward(hours=12)
        whistle(street, matter, "gongdian", grade=grade, by="secretary")
        due = the_ask(matter).due_at
        assert due == street.clock() + waits if waits else due > street.clock() + timedelta(hours=4)
        street.clock.forward(hours=2, minutes=1)
        actions.sweep()
        assert Matter.objects.get(pk=matter.pk).stage == ("summoned" if waits else "in-hand")


class TestCalledOff:
    def test_the_rest_called_off_the_matter_goes_on_and_nobody_is_blamed(self, street):
        matter = whistled(street, "gongdian", "yuanlin")
        came(street, matter, "gongdian")
        after = actions.call_off(matter.pk, by=street.secretary, units=[unit(street.yuanlin)], note="不用来了")
        assert (after.stage, after.reported_in, after.reported_in_on_time) == ("in-hand", True, True)
        assert (summons(matter, street.yuanlin).end, summons(matter, street.yuanlin).on_time) == ("called-off", None)
        assert differences(after) == {}

    def test_what_was_missed_before_stays_missed(self, street):
        matter = whistled(street, "gongdian", grade=EMERGENCY)
        street.clock.forward(hours=3)
        after = actions.call_off(matter.pk, by=street.leader, note="不用来了")
        assert (summons(matter, street.gongdian).on_time, after.reported_in_on_time) == (False, False)

    def test_only_a_unit_that_is_awaited_is_called_off(self, street):
        matter = whistled(street, "gongdian", "yuanlin")
        came(street, matter, "gongdian")
        with pytest.raises(Refused, match="not-awaited"):
            actions.call_off(matter.pk, by=street.leader, units=[unit(street.gongdian)], note="不用来了")
        with pytest.raises(Refused, match="not-awaited"):
            actions.call_off(in_hand(street).pk, by=street.leader, note="不用来了")


class TestSeveral:
    def test_a_second_whistle_counts_and_calls_a_unit_anew(self, street):
        matter = whistled(street, "gongdian")
        came(street, matter, "gongdian")
        again = whistle(street, matter, "gongdian", "yuanlin")
        assert (again.whistles, again.reported_in) == (2, False)
        assert list(Summons.objects.filter(matter=matter).order_by("pk").values_list("whistle", "end")) == [
            (1, "reported"), (2, ""), (2, ""),
        ]  # fmt: skip
        assert Assignment.objects.filter(matter=matter, role="summoned", until__isnull=True).count() == 2
        came(street, matter, "gongdian")
        assert differences(came(street, matter, "yuanlin")) == {}

    def test_a_fourth_is_refused(self, street):
        matter = whistled(street, "gongdian")
        for _ in range(2):
            came(street, matter, "gongdian")
            matter = whistle(street, matter, "gongdian")
        came(street, matter, "gongdian")
        with pytest.raises(Refused, match="too-often"):
            whistle(street, matter, "gongdian")


class TestSight:
    def test_a_unit_that_was_called_sees_the_matter_while_it_is_called(self, street):
        matter = whistled(street, "gongdian", grade=EMERGENCY)
        assert queries.find(street.gongdian, matter.number).pk == matter.pk
        assert [row.number for row in queries.worklist(street.gongdian, queries.Filters()).rows] == [matter.number]
        with pytest.raises(Refused, match="not-found"):
            queries.find(street.yuanlin, matter.number)
        actions.call_off(matter.pk, by=street.leader, note="不用来了")
        with pytest.raises(Refused, match="not-found"):
            queries.find(street.gongdian, matter.number)

    def test_a_matter_that_is_handed_on_leaves_nobody_called(self, street):
        matter = whistled(street, "gongdian")
        after = actions.act(matter.pk, "escalate", by=street.secretary, note="请街道接手")
        assert summons(matter, street.gongdian).end == "released"
        assert differences(after) == {}

    def test_an_end_leaves_nobody_awaited(self, street):
        matter = whistled(street, "gongdian")
        actions.act(matter.pk, "end", by=street.dispatcher, reason="withdrawn", note="居民自己撤回")
        after = actions.approve(the_ask(matter).pk, by=street.leader)
        assert (after.end_reason, summons(matter, street.gongdian).end) == ("withdrawn", "released")
        assert differences(after) == {}


def test_a_rung_of_a_units_clock_is_told_to_that_unit_alone(street, monkeypatch):
    matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
    came(street, matter, "gongdian")
    street.clock.forward(hours=1, minutes=45)
    heard = []
    monkeypatch.setattr(record, "announce", lambda event, *, subject: heard.append(event))
    actions.sweep()
    rung = [event for event in heard if getattr(event, "clock", "") == "report-in"]
    assert [(event.do, event.to, event.seat) for event in rung] == [
        ("remind", "summoned", ("summoned", unit(street.yuanlin)))
    ]


def test_a_unit_that_is_late_is_put_before_who_may_supervise_and_one_tap_supervises(street):
    matter = whistled(street, "gongdian", grade=EMERGENCY)
    street.clock.forward(hours=3)
    actions.sweep()
    proposed = the_ask(matter)
    assert (proposed.kind, proposed.posts) == ("proposal", ["street-leader"])
    after = actions.approve(proposed.pk, by=street.leader)
    assert (after.supervised, after.stage) == ("ordinary", "summoned")


class TestMoreTime:
    """A unit that was whistled for asks for more time to come."""

    MORE = {"clock": "report-in", "reason": "conditions", "note": "抢修车还在邻区"}

    def ask(self, street, matter, code, **more):
        return actions.ask_extension(matter.pk, by=street.people[code], **self.MORE, **more)

    def due(self, matter, viewer):
        return Clock.objects.get(matter=matter, code="report-in", unit=viewer.unit_id).due_at

    def test_its_own_deadline_moves_by_the_dispatchers_yes_and_nobody_elses(self, street):
        matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
        was = self.due(matter, street.yuanlin)
        ask = self.ask(street, matter, "gongdian", due_at=was + timedelta(hours=1))
        with pytest.raises(Refused, match="not-yours"):
            actions.approve(ask.pk, by=street.leader)
        shown = queries.asks_for(street.dispatcher, matter=matter)[0]
        assert (shown.asked_by, shown.until) == ("区供电公司", was + timedelta(hours=1))
        after = actions.approve(ask.pk, by=street.dispatcher)
        assert self.due(matter, street.gongdian) == was + timedelta(hours=1)
        assert (self.due(matter, street.yuanlin), after.extended) == (was, 0)
        street.clock.forward(hours=2, minutes=30)
        actions.sweep()
        came(street, matter, "gongdian")
        assert [summons(matter, who).on_time for who in (street.gongdian, street.yuanlin)] == [True, None]
        assert differences(Matter.objects.get(pk=matter.pk)) == {}

    def test_two_units_ask_at_once_and_each_deadlines_page_tells_its_own(self, street):
        matter = whistled(street, "gongdian", "yuanlin")
        asks = [self.ask(street, matter, code) for code in ("gongdian", "yuanlin")]
        assert [ask.seat for ask in asks] == [unit(street.gongdian), unit(street.yuanlin)]
        actions.refuse(asks[0].pk, by=street.dispatcher, note="离得近，来得及")
        for run, said in ((1, ["ask", "refused"]), (2, ["ask"])):
            told = queries.worked_out(matter, "report-in", run).happenings
            assert [one.what for one in told if one.what != "start"] == said

    def test_the_lead_asks_for_its_own_deadlines_only_and_a_unit_for_no_others(self, street):
        matter = whistled(street, "gongdian")
        for code, clock in (("manager", "report-in"), ("gongdian", "complete")):
            with pytest.raises(Refused, match="not-yours"):
                actions.ask_extension(matter.pk, by=street.people[code], **self.MORE | {"clock": clock})
        assert [one.code for one in queries.extendable(street.gongdian, matter)] == ["report-in"]
        assert [one.code for one in queries.extendable(street.manager, matter)] == ["complete"]

    def test_what_was_asked_lapses_when_the_unit_is_there(self, street):
        matter = whistled(street, "gongdian", "yuanlin")
        ask = self.ask(street, matter, "gongdian")
        came(street, matter, "gongdian")
        with pytest.raises(Refused, match="ask-lapsed"):
            actions.approve(ask.pk, by=street.dispatcher)

    def test_where_the_pack_gives_no_more_time_nobody_is_offered_to_ask(self, street):
        whistle_street(street, gone=("loop.demand.clocks.report-in.extend",))
        matter = whistled(street, "gongdian")
        with pytest.raises(Refused, match="not-extendable"):
            self.ask(street, matter, "gongdian")
        assert "ask-extension" not in {act.id for act in queries.possible_acts(street.gongdian, matter).can}


def test_a_place_is_told_of_its_own_whistles_alone(street):
    matter = whistled(street, "gongdian", "yuanlin", grade=EMERGENCY)
    told = {
        path: sum(one.named for one in queries.reported_by_unit(street.dispatcher, path=path))
        for path in ("/", matter.area_path, matter.area_path + "9")
    }
    assert told == {"/": 2, matter.area_path: 2, matter.area_path + "9": 0}
