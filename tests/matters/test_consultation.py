"""会商: one meeting on several matters; what it decides becomes steps of each, all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.matters.changing import change
from tests.matters.world import in_hand, opened, photo
from youying.files.queries import open_file
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.actions import Came, Decision
from youying.matters.models import AgendaItem, Consultation, Matter
from youying.matters.replaying import differences
from youying.record.models import Announcement, Entry

MINUTES = "供电、园林、物业到场，定下先停电后修剪。"
MEET = {
    "loop.demand.acts.meet": {
        "title": "联席会",
        "from": ["received", "in-hand"],
        "by": ["street-leader"],
        "needs": ["session"],
    },
    "loop.demand.acts.dispatch.by": ["dispatcher", "secretary", "street-leader"],
}


@pytest.fixture
def meeting_world(world):
    """A street whose pack lets the leader meet on demands."""
    change(world, MEET)
    return world


def called(world, *matters, units=()):
    """A meeting called on these matters for tomorrow."""
    return actions.call_meeting(
        by=world.leader, title="树枝搭电线协调会", meets_at=world.clock() + timedelta(days=1), place="杏林小区门口",
        matters=[one.number for one in matters], units=list(units),
    )  # fmt: skip


def held(world, found, decisions=None, **more):
    """The meeting written down a day later."""
    world.clock.forward(days=1)
    return actions.hold_meeting(
        found.pk, by=world.leader, minutes=MINUTES, decisions=decisions or {},
        came=[Came(world.property_company.pk, "董建平")], **more,
    )  # fmt: skip


@pytest.mark.word("loop.acts.needs:session", "loop.acts.verb:meet")
def test_a_step_that_needs_a_meeting_is_refused_until_one_was_held_with_the_matter_on_its_agenda(meeting_world):
    world = meeting_world
    matter, other = opened(world).matter, in_hand(world)
    found = called(world, matter)
    for given in ({}, {"session": found.pk}, {"session": 7}):
        with pytest.raises(Refused) as refused:
            actions.act(matter.pk, "meet", by=world.leader, **given)
        assert refused.value.code == ("unknown-session" if given else "needs-session")
    held(world, found)
    with pytest.raises(Refused) as refused:
        actions.act(other.pk, "meet", by=world.leader, session=found.pk)
    assert refused.value.code == "unknown-session"
    with pytest.raises(Refused) as refused:
        actions.act(matter.pk, "meet", by=world.leader, session=found.pk)
    assert refused.value.code == "session-noted"
    change(world, {**MEET, "loop.demand.acts.meet": {**MEET["loop.demand.acts.meet"], "needs": []}})
    assert actions.act(opened(world).matter.pk, "meet", by=world.leader).sessions == 1


def test_every_matter_of_the_agenda_takes_its_step_and_decisions_become_assignments(meeting_world):
    world = meeting_world
    first, second = opened(world).matter, opened(world).matter
    found = called(world, first, second, units=[world.office.pk, world.property_company.pk])
    lead = {"unit": world.property_company.pk, "category": first.category}
    decided = Decision("staged", "先修剪再移杆", lead)
    held(world, found, {first.number: decided})
    first, second = Matter.objects.get(pk=first.pk), Matter.objects.get(pk=second.pk)
    assert (first.stage, first.sessions, first.lead_id) == ("dispatched", 1, world.property_company.pk)
    assert (second.stage, second.sessions, second.lead_id) == ("received", 1, None)
    ways = AgendaItem.objects.filter(consultation=found).order_by("place").values_list("way", flat=True)
    assert list(ways) == ["staged", "joint"]
    assert differences(first) == {} and differences(second) == {}


def test_what_one_matter_refuses_undoes_the_whole_meeting(meeting_world):
    world = meeting_world
    first, second = opened(world).matter, opened(world).matter
    found = called(world, first, second)
    with pytest.raises(Refused):
        held(world, found, {second.number: Decision("joint", "", {"unit": 999})})
    assert Consultation.objects.get(pk=found.pk).held_at is None
    assert [Matter.objects.get(pk=one.pk).sessions for one in (first, second)] == [0, 0]
    assert not Entry.objects.filter(act="hold-meeting").exists()


@pytest.mark.parametrize("who", ["dispatcher", "secretary", "manager", "stranger"])
def test_only_a_post_that_the_pack_lets_meet_calls_and_only_who_called_writes_down(meeting_world, who):
    world = meeting_world
    matter = opened(world).matter
    with pytest.raises(Refused) as refused:
        actions.call_meeting(
            by=world.people[who], title="协调会", meets_at=world.clock(), place="门口", matters=[matter.number]
        )
    assert refused.value.code == "not-for-meeting"
    found = called(world, matter)
    for done in (
        lambda: actions.hold_meeting(
            found.pk, by=world.people[who], came=[Came(None, "某人")], minutes=MINUTES, decisions={}
        ),
        lambda: actions.cancel_meeting(found.pk, by=world.people[who], note="不开了"),
    ):
        with pytest.raises(Refused) as refused:
            done()
        assert refused.value.code == "not-yours"


def test_the_units_are_told_and_who_stayed_away_stands_in_the_record(meeting_world):
    world = meeting_world
    found = called(world, opened(world).matter, units=[world.office.pk, world.property_company.pk])
    assert Announcement.objects.filter(subject=found.subject, topic__endswith="Alerted").exists()
    held(world, found)
    entry = Entry.objects.get(subject=found.subject, act="hold-meeting")
    assert (entry.facts["absent"], entry.facts["persons"]) == ([world.office.pk], 1)
    assert "董建平" not in str(entry.facts)
    assert "董建平".encode() not in bytes(Consultation.objects.get(pk=found.pk).sealed)


def test_a_cancelled_meeting_is_not_held_and_leaves_the_matters_alone(meeting_world):
    world = meeting_world
    matter = opened(world).matter
    found = actions.cancel_meeting(called(world, matter).pk, by=world.leader, note="下雨改期")
    with pytest.raises(Refused) as refused:
        held(world, found)
    assert refused.value.code == "cancelled"
    assert Matter.objects.get(pk=matter.pk).version == matter.version


def test_the_minutes_are_read_by_who_may_see_a_matter_of_the_agenda(meeting_world):
    world = meeting_world
    matter = opened(world).matter
    found = held(world, called(world, matter, units=[world.office.pk]))
    view = queries.meeting(world.leader, found.number)
    assert (view.minutes, view.came, view.absent) == (MINUTES, [("和顺物业", "董建平")], ["槐花里社区"])
    assert [row.number for row in queries.meetings(world.leader)] == [found.number]
    with pytest.raises(Refused) as refused:
        queries.meeting(world.stranger, found.number)
    assert refused.value.code == "not-found"


def test_one_matter_of_several_opens_neither_names_nor_minutes(meeting_world):
    """The company has one of the two matters: it reads that they met, and not what was said of the other."""
    world = meeting_world
    first, second = opened(world).matter, in_hand(world)
    found = called(world, first, second)
    world.clock.forward(days=1)
    said = {"minutes": MINUTES, "decisions": {}, "came": [Came(None, "陈桂芳")]}
    actions.hold_meeting(found.pk, by=world.leader, **said)
    view = queries.meeting(replace(world.manager, reach=""), found.number)
    assert ([line.number for line in view.agenda], view.reads) == ([second.number], False)
    assert (view.minutes, view.came) == ("", [])
    assert queries.meeting(world.leader, found.number).minutes == MINUTES


def test_the_photos_of_a_meeting_are_opened_by_who_reads_its_minutes_and_by_nobody_else(meeting_world):
    """The company was not invited and has one of the two matters: the photos of the other's talk are not for it."""
    world = meeting_world
    first, second = opened(world).matter, in_hand(world)
    found = called(world, first, second, units=[world.office.pk])
    world.clock.forward(days=1)
    said = {"minutes": MINUTES, "decisions": {}, "came": [Came(None, "陈桂芳")], "uploads": [photo(world.leader)]}
    actions.hold_meeting(found.pk, by=world.leader, **said)
    [shown] = queries.meeting(world.leader, found.number).photos
    assert b"".join(open_file(world.leader, shown.token).pieces)
    invited = replace(world.manager, unit_id=world.office.pk)
    assert open_file(invited, shown.token).media_type == "image/jpeg"
    company = replace(world.manager, reach="")
    assert queries.meeting(company, found.number).photos == []
    for who in (company, world.stranger):
        with pytest.raises(Refused, match="not-found"):
            open_file(who, shown.token)


def test_the_list_of_hard_matters_holds_those_of_loops_that_are_met_on(meeting_world):
    world = meeting_world
    matter = opened(world).matter
    assert [(one.matter.pk, one.may_meet) for one in queries.hard_matters(world.leader)] == [(matter.pk, True)]
    assert [one.may_meet for one in queries.hard_matters(world.dispatcher)] == [False]
    assert queries.hard_matters(world.stranger) == []


def test_an_invited_unit_reads_the_meeting_and_none_of_its_matters(meeting_world):
    world = meeting_world
    first, second = opened(world).matter, opened(world).matter
    found = called(world, first, second, units=[world.property_company.pk])
    before = queries.meeting(world.manager, found.number)
    assert [(line.number, line.matter) for line in before.agenda] == [(first.number, None), (second.number, None)]
    held(world, found, {first.number: Decision("staged")})
    view = queries.meeting(world.manager, found.number)
    assert (view.minutes, [line.way for line in view.agenda]) == (MINUTES, ["难点问题，分段解决", "重大问题，联合解决"])
    assert [row.number for row in queries.meetings(world.manager)] == [found.number]
    with pytest.raises(Refused, match="not-found"):
        queries.find(world.manager, first.number)
    assert queries.meetings(world.stranger) == []


STAGES = [
    {"title": "先拉警戒线、断电", "unit": "unit"},
    {"title": "修剪大枝", "unit": "unit", "after": ["先拉警戒线、断电"]},
]


def stages_of(world):
    """Both stages with who sees to them and by when, in the days after the meeting."""
    days = zip(STAGES, (4, 5), strict=True)
    unit = world.property_company.pk
    return [{**one, "unit": unit, "due_at": world.clock() + timedelta(days=day)} for one, day in days]


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (("title",), "每一段做什么"),
        (("unit",), "第1段还没有写明谁来办"),
        (("due_at",), "第1段还没有写明最晚什么时候"),
        (("all",), "请写明分几段"),
    ],
)
def test_who_solves_in_stages_says_what_by_whom_and_by_when(meeting_world, gone, said):
    world = meeting_world
    change(world, {**MEET, "loop.demand.adds_parts": ["meet"]})
    matter = opened(world).matter
    found, stages = called(world, matter), stages_of(world)
    lacking = [] if "all" in gone else [{key: one[key] for key in one if key not in gone} for one in stages]
    with pytest.raises(Refused) as refused:
        held(world, found, {matter.number: Decision("staged", "先断电后修剪", {}, lacking)})
    assert said in refused.value.say
    assert Consultation.objects.get(pk=found.pk).held_at is None
    held(world, found, {matter.number: Decision("staged", "先断电后修剪", {}, stages)})
    assert matter.parts.count() == 2
    again = called(world, matter)  # what stands in stages already need not be divided anew
    held(world, again, {matter.number: Decision("staged")})
    assert Matter.objects.get(pk=matter.pk).sessions == 2


def test_no_stage_is_due_after_the_day_by_which_the_whole_is_due(meeting_world):
    world = meeting_world
    change(world, {**MEET, "loop.demand.adds_parts": ["dispatch"]})
    matter, stages = opened(world).matter, stages_of(world)
    found = called(world, matter)
    lead = {"unit": world.office.pk, "category": matter.category}
    late = [stages[0], {**stages[1], "due_at": world.clock() + timedelta(days=90)}]
    with pytest.raises(Refused, match="part-due-late") as refused:
        held(world, found, {matter.number: Decision("staged", "", lead, late)})
    assert "“修剪大枝”的期限" in refused.value.say and "晚于整件事的期限" in refused.value.say
    assert not matter.parts.exists()
    held(world, found, {matter.number: Decision("staged", "", lead, stages)})
    assert matter.parts.count() == 2


@pytest.mark.parametrize("adds", ["meet", "dispatch"])
def test_a_meeting_divides_a_matter_into_stages_by_the_step_that_lists_them(meeting_world, adds):
    world = meeting_world
    change(world, {**MEET, "loop.demand.adds_parts": [adds]})
    matter = opened(world).matter
    lead = {"unit": world.office.pk, "category": matter.category}
    stages = stages_of(world)
    held(world, called(world, matter), {matter.number: Decision("staged", "先断电后修剪", lead, stages)})
    rows = list(matter.parts.order_by("pk").values_list("title", "state", "unit"))
    assert rows == [
        ("先拉警戒线、断电", "running", world.property_company.pk), ("修剪大枝", "waiting", world.property_company.pk),
    ]  # fmt: skip
    after = Matter.objects.get(pk=matter.pk)
    assert (after.stage, after.lead_id, differences(after)) == ("dispatched", world.office.pk, {})


def test_stages_need_a_lead_where_the_dispatch_lists_them_and_a_pack_that_lets_them_be_listed(meeting_world):
    world = meeting_world
    stages = stages_of(world)
    lead = {"unit": world.office.pk, "category": opened(world).matter.category}
    for adds, assign, code in ((["dispatch"], {}, "needs-unit"), ([], lead, "no-parts")):
        change(world, {**MEET, "loop.demand.adds_parts": adds})
        matter = opened(world).matter
        found = called(world, matter)
        with pytest.raises(Refused, match=code):
            held(world, found, {matter.number: Decision("staged", "", assign, stages)})
        assert not matter.parts.exists()


def test_a_matter_that_has_gone_on_is_passed_over_and_the_meeting_is_written_down_all_the_same(meeting_world):
    world = meeting_world
    stays, gone = opened(world).matter, in_hand(world)
    found = called(world, stays, gone)
    actions.act(gone.pk, "complete", by=world.manager, note="自己修好了", uploads=[photo(world.manager)])
    with pytest.raises(Refused, match="not-for-meeting") as refused:
        held(world, found, {gone.number: Decision("joint", "还要再修一次")})
    assert gone.number in refused.value.say
    held(world, found, {gone.number: Decision("joint")})
    assert [Matter.objects.get(pk=one.pk).sessions for one in (stays, gone)] == [1, 0]
    assert Entry.objects.get(subject=found.subject, act="hold-meeting").facts["passed_over"] == [gone.number]


def test_a_matter_that_was_met_on_as_often_as_the_pack_lets_it_is_put_on_no_agenda(meeting_world):
    world = meeting_world
    change(world, {**MEET, "loop.demand.acts.meet": {**MEET["loop.demand.acts.meet"], "most": 1}})
    matter = opened(world).matter
    twice = [called(world, matter), called(world, matter)]
    for found in twice:
        held(world, found)
    assert Matter.objects.get(pk=matter.pk).sessions == 1
    with pytest.raises(Refused, match="not-for-meeting"):
        called(world, matter)


def test_hard_matters_are_found_without_reading_every_matter_in_sight(meeting_world, count_statements):
    world = meeting_world
    matter = opened(world).matter
    with count_statements(at_most=4), CaptureQueriesContext(connection) as asked:
        assert [one.matter.pk for one in queries.hard_matters(world.leader)] == [matter.pk]
    assert not [one["sql"] for one in asked if "DISTINCT" in one["sql"] and "area_path" in one["sql"]]
    if connection.vendor == "sqlite":
        listed = next(
            one["sql"] for one in asked if "ORDER BY" in one["sql"] and '"matters_matter"."loop" IN' in one["sql"]
        )
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + listed)
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "open_by_loop" in plan


def test_a_unit_that_came_without_being_asked_reads_the_meeting_too(meeting_world):
    world = meeting_world
    first = opened(world).matter
    found = called(world, first, units=[])
    world.clock.forward(days=1)
    came = [Came(world.property_company.pk, "董建平")]
    with pytest.raises(Refused, match="not-found"):
        queries.meeting(world.manager, found.number)
    actions.hold_meeting(found.pk, by=world.leader, minutes=MINUTES, decisions={}, came=came)
    assert queries.meeting(world.manager, found.number).minutes == MINUTES
    assert [row.number for row in queries.meetings(world.manager)] == [found.number]
