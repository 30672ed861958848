"""Each word about whistles, changed in a pack, changes who may be called, who sees and does what, or what follows."""

from __future__ import annotations

import pytest

from tests.matters.changing import change
from tests.matters.whistling import NOTE, STREETS_CANNOT, came, the_ask, unit, whistle_street, whistled
from tests.matters.world import CATEGORY, in_hand, opened
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.models import Clock, Summons
from youying.record import actions as record

ACT = "loop.demand.acts"
CLOCK = "loop.demand.clocks"


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


@pytest.fixture
def street(world):
    """The street with its whistle pack."""
    return whistle_street(world)


@pytest.mark.word("loop.acts.assigns:summoned")
def test_only_a_step_that_assigns_them_calls_units(street):
    matter = whistled(street, "gongdian")
    assert Summons.objects.get(matter=matter).unit_id == unit(street.gongdian)
    whistle_street(street, {f"{ACT}.whistle.assigns": [], f"{ACT}.whistle.needs": ["note"], f"{ACT}.whistle.where": {}})
    with refused("no-summons"):
        whistled(street, "gongdian")


@pytest.mark.word("loop.acts.by:summoned")
def test_a_unit_that_was_called_does_what_the_pack_lets_the_called_do(street):
    came(street, whistled(street, "gongdian"), "gongdian")
    whistle_street(street, {f"{ACT}.report-in.by": ["lead"]})
    matter = whistled(street, "gongdian")
    with refused("not-yours"):
        came(street, matter, "gongdian")


@pytest.mark.word("loop.acts.units")
def test_a_step_names_only_units_of_the_kinds_that_the_pack_says(street):
    def call(code):
        given = {"summoned": [unit(street.people[code])], "note": NOTE, "grade": STREETS_CANNOT}
        return actions.act(in_hand(street).pk, "volunteer-whistle", by=street.elder, **given)

    assert call("volunteer").stage == "summoned"
    with refused("unit-of-another-kind"):
        call("gongdian")
    whistle_street(street, {f"{ACT}.volunteer-whistle.units": ["volunteer-team", "department"]})
    assert call("gongdian").stage == "summoned"


@pytest.mark.word("loop.acts.needs:person")
def test_who_came_must_be_said_where_the_pack_asks_for_it(street):
    matter = whistled(street, "gongdian")
    with refused("needs-person"):
        actions.act(matter.pk, "report-in", by=street.gongdian, note="到了")
    whistle_street(street, {f"{ACT}.report-in.needs": ["note"]})
    later = whistled(street, "gongdian")
    assert actions.act(later.pk, "report-in", by=street.gongdian, note="到了").stage == "in-hand"


@pytest.mark.word("loop.acts.on:met")
def test_when_all_are_in_the_system_takes_the_step_that_hangs_on_it(street):
    assert came(street, whistled(street, "gongdian"), "gongdian").stage == "in-hand"
    whistle_street(street, {f"{ACT}.answered.by": ["secretary"]}, gone=(f"{ACT}.answered.on",))
    matter = whistled(street, "gongdian")
    assert came(street, matter, "gongdian").stage == "summoned"
    assert actions.act(matter.pk, "answered", by=street.secretary, note="先办起来，不等了").stage == "in-hand"


@pytest.mark.word("loop.clocks.each:summoned")
def test_every_unit_called_has_a_clock_of_its_own_where_the_pack_says_each(street):
    matter = whistled(street, "gongdian", "yuanlin")
    assert Clock.objects.filter(matter=matter, code="report-in").count() == 2
    whistle_street(street, gone=(f"{CLOCK}.report-in.each",))
    matter = whistled(street, "gongdian", "yuanlin")
    assert [clock.unit_id for clock in Clock.objects.filter(matter=matter, code="report-in")] == [None]


HELP = {"title": "配合", "from": ["dispatch"], "to": ["step"], "within": "2 days"}


def helped(world):
    """A matter that the property company has taken and the community helps with."""
    matter = opened(world).matter
    given = {"unit": world.property_company.pk, "joint": [world.office.pk], "category": CATEGORY}
    actions.act(matter.pk, "dispatch", by=world.dispatcher, **given)
    return actions.act(matter.pk, "accept", by=world.manager)


@pytest.mark.word("loop.clocks.each:joint")
def test_what_a_helper_does_stops_its_own_clock_and_not_what_the_lead_does(world):
    for each, left in (("joint", 1), (None, 0)):
        change(world, {f"{CLOCK}.help": {**HELP, **({"each": each} if each else {})}})
        matter = helped(world)
        running = Clock.objects.filter(matter=matter, code="help", stopped_at__isnull=True)
        actions.act(matter.pk, "step", by=world.manager, note="先关总阀")
        assert running.count() == left
        actions.act(matter.pk, "step", by=world.secretary, note="社区把路拦上了")
        assert running.count() == 0


@pytest.mark.word("loop.clocks.each:lead")
def test_the_clock_of_the_lead_bears_the_units_name_where_the_pack_says_each(world):
    for each, named in (("lead", world.property_company.pk), (None, None)):
        change(world, {f"{CLOCK}.help": {**HELP, **({"each": each} if each else {})}})
        assert Clock.objects.get(matter=helped(world), code="help").unit_id == named


@pytest.mark.word("loop.acts.tells:summoned", "loop.acts.tells")
@pytest.mark.parametrize("said", [["summoned"], ["secretary"]])
def test_who_is_told_of_a_whistle_is_whom_the_pack_says(street, monkeypatch, said):
    whistle_street(street, {f"{ACT}.whistle.tells": said})
    heard = []
    monkeypatch.setattr(record, "announce", lambda event, *, subject: heard.append(event))
    whistled(street, "gongdian", "yuanlin")
    told = next(event for event in heard if getattr(event, "verb", "") == "whistle")
    assert told.tells == tuple(said)
    assert set(told.units["summoned"]) == {unit(street.gongdian), unit(street.yuanlin)}


@pytest.mark.word("reasons.for:refuse")
def test_a_wrong_whistle_is_refused_by_the_reasons_that_the_pack_lists_for_it(street):
    matter = whistled(street, "gongdian", by="secretary")
    done = actions.refuse(the_ask(matter).pk, by=street.leader, reason="wrong-whistle", note="社区自己能办")
    assert (done.stage, done.whistles) == ("in-hand", 0)
    assert done.asks.get().reason == "wrong-whistle"
    whistle_street(street, {"reasons.wrong-whistle.for": ["exclude"]})
    matter = whistled(street, "gongdian", by="secretary")
    with refused("unknown-reason"):
        actions.refuse(the_ask(matter).pk, by=street.leader, reason="wrong-whistle", note="社区自己能办")


@pytest.mark.word("values:outcome")
def test_how_it_came_out_is_said_in_the_values_of_the_pack(street):
    matter = came(street, whistled(street, "gongdian"), "gongdian")
    done = actions.act(matter.pk, "step", by=street.manager, note="一起修好了", outcome="jointly")
    assert done.outcome == "jointly"
    with refused("unknown-outcome"):
        actions.act(matter.pk, "step", by=street.manager, note="一起修好了", outcome="by-luck")
    whistle_street(street, {"values.outcome": {"by-luck": "碰巧好了"}})
    matter = came(street, whistled(street, "gongdian"), "gongdian")
    assert actions.act(matter.pk, "step", by=street.manager, note="好了", outcome="by-luck").outcome == "by-luck"
