"""What comes in off hours lands with whoever is on duty, is told, recorded and handed on; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.matters.changing import change
from tests.matters.world import CATEGORY, need, opened, person
from tests.people.duty import THREE, at, keeper, leave, staff
from youying.channels.notify.models import Notice
from youying.channels.notify.queries import notices_for
from youying.kernel.viewers import SYSTEM
from youying.matters import actions
from youying.matters.actions.landing import land_next
from youying.matters.models import Landing, Matter
from youying.matters.queries import duty, landings, story
from youying.matters.replaying import differences
from youying.people import actions as people
from youying.people.models import Shift
from youying.record.actions import deliver
from youying.record.models import Entry
from youying.record.queries import opened as record_opened
from youying.record.queries import verify

NIGHT, MORNING, SATURDAY = at(16, 22, month=11), at(17, 10, month=11), at(21, 10, month=11)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def street(world):
    """The street follows a pack with a roster of three shifts; four people share it, planned for November."""
    change(world, {"roster.community.hours": THREE}, code="m03")
    world.crew = [world.duty, *staff(world, "郑明远", "白秋实", "米兰")]
    people.plan_shifts(
        duty.roster_in_force(world.community, "community", month=NOVEMBER), month=NOVEMBER, by=keeper(world)
    )
    return world


def on_it(world, moment, *, path=""):
    """Whose shift runs at a moment."""
    row = Shift.objects.get(path=path or world.community, begins_at__lte=moment, ends_at__gt=moment)
    return next(one for one in world.crew if one.account_id == row.account_id)


def came(world, moment, **more):
    """A demand that comes in at a moment."""
    world.clock.go_to(moment)
    return opened(world, **more).matter


def numbers(todos):
    """The numbers of what a day shows."""
    return [todo.row.number for todo in todos]


@pytest.mark.parametrize("moment", [NIGHT, SATURDAY, at(17, 13, month=11), at(17, 18, month=11)])
def test_what_comes_off_hours_is_in_the_day_of_who_is_on_duty_and_the_record_says_so(street, moment):
    who = on_it(street, moment)
    matter = came(street, moment)
    assert numbers(landings.landed_on(who)) == [matter.number]
    entry = Entry.objects.get(subject=matter.subject, act="land")
    assert entry.facts["duty"]["account"] == who.account_id
    assert who.name in story(matter)[-1].words and who.name not in str(entry.facts)
    assert differences(matter) == {} and verify().ok


@pytest.mark.parametrize("moment", [MORNING, at(17, 17, month=11), at(17, 9, month=11)])
def test_what_comes_in_office_hours_goes_its_usual_way(street, moment):
    matter = came(street, moment)
    assert landings.landing_of(matter) is None and not Landing.objects.exists()


def test_who_is_on_duty_is_told_and_nobody_else(street):
    who = on_it(street, NIGHT)
    matter = came(street, NIGHT)
    deliver(limit=100)
    assert [one.number for one in notices_for(who)] == [matter.number]
    others = [one for one in street.crew if one is not who]
    assert [list(notices_for(one)) for one in others] == [[], [], []]


def test_with_nobody_on_call_the_keeper_is_told_and_it_is_found_again(street):
    Shift.objects.all().delete()
    for one in street.crew:
        leave(one)
    secretary = keeper(street)
    matter = came(street, NIGHT)
    deliver(limit=100)
    assert landings.landing_of(matter).name == "" and numbers(landings.landed_on_nobody(secretary)) == [matter.number]
    assert [one.number for one in Notice.objects.filter(account_id=secretary.account_id)] == [matter.number]
    assert "没有人值班" in story(matter)[-1].words


def test_without_any_roster_nothing_lands(world):
    assert landings.landing_of(came(world, NIGHT)) is None


def test_what_is_written_down_long_after_lands_with_nobody(street):
    street.clock.go_to(MORNING + timedelta(days=2))
    matter = actions.open_matter(
        actions.NeedIn(kind="demand", text="楼道灯坏了三天，老人摔了一跤。", channel="phone", category=CATEGORY),
        place=street.place, by=street.dispatcher, at=NIGHT,
    ).matter  # fmt: skip
    assert landings.landing_of(matter) is None


def test_once_somebody_has_moved_it_on_it_waits_with_duty_no_more(street):
    who = on_it(street, NIGHT)
    matter = came(street, NIGHT)
    actions.act(matter.pk, "dispatch", by=street.duty, unit=street.property_company.pk, category=CATEGORY)
    assert landings.landed_on(who) == [] and not landings.landing_of(matter_again(matter)).waits


def matter_again(matter):
    """The same matter as it is now."""
    matter.refresh_from_db()
    return matter


def test_what_waits_goes_to_who_reads_the_hand_over_note(street):
    matter = came(street, NIGHT)
    row = Shift.objects.get(begins_at__lte=NIGHT, ends_at__gt=NIGHT)
    after = Shift.objects.get(begins_at=row.ends_at)
    last, following = (next(o for o in street.crew if o.account_id == one.account_id) for one in (row, after))
    street.clock.go_to(row.ends_at)
    waiting = landings.open_after(row)
    assert [one.number for one in waiting] == [matter.number]
    people.write_hand_over(row.pk, note="", numbers=[one.number for one in waiting], by=last)
    people.read_hand_over(row.pk, by=following)
    assert landings.landed_on(last) == [] and numbers(landings.landed_on(following)) == [matter.number]
    assert Landing.objects.get().shift_id == after.pk
    assert Entry.objects.get(subject=matter.subject, act="land-next").facts["duty"]["account"] == following.account_id


def test_a_shift_with_nothing_waiting_hands_nothing_on(street):
    assert land_next(1, reader_id=street.duty.account_id, next_shift_id=None, by=SYSTEM) == 0


class TestOnCall:
    def test_the_grid_comes_before_the_community_and_the_community_before_the_town(self, street):
        grid = f"{street.community}/g{street.place.grid_id}"
        own = Shift.objects.get(begins_at__lte=NIGHT, ends_at__gt=NIGHT)
        first = duty.on_call(street.community, at=NIGHT, grid_id=street.place.grid_id)
        assert (first.account_id, first.shift_id) == (own.account_id, own.pk)
        Shift.objects.create(
            path=grid, roster="community", title="第3网格值班", posts=["grid-worker"], day=own.day,
            begins_at=own.begins_at, ends_at=own.ends_at, account_id=street.worker.account_id,
        )  # fmt: skip
        nearer = duty.on_call(street.community, at=NIGHT, grid_id=street.place.grid_id)
        assert (nearer.name, nearer.path) == ("马小川", grid) and "第3网格" in nearer.working[0]

    def test_an_uncovered_shift_falls_back_up_the_tree_and_the_working_says_why(self, street):
        Shift.objects.filter(begins_at__lte=NIGHT, ends_at__gt=NIGHT).update(account=None)
        chief = person("唐山海", "duty-officer", "街道值班员", reach=street.town)
        own = Shift.objects.get(begins_at__lte=NIGHT, ends_at__gt=NIGHT)
        Shift.objects.create(
            path=street.town, roster="community", title="街道总值班", posts=["duty-officer"], day=own.day,
            begins_at=own.begins_at, ends_at=own.ends_at, account_id=chief.account_id, phone="0970-5551111",
        )  # fmt: skip
        answer = duty.on_call(street.community, at=NIGHT)
        assert (answer.name, answer.number) == ("唐山海", "0970-5551111")
        assert "没有人" in answer.working[0] and "街道总值班" in answer.working[1]

    def test_who_has_left_the_post_is_passed_over(self, street):
        gone = on_it(street, NIGHT)
        leave(gone)
        answer = duty.on_call(street.community, at=NIGHT)
        assert answer.account_id not in (None, gone.account_id) and "已经不在岗" in answer.working[0]

    def test_without_a_plan_whoever_holds_the_post_is_called(self, street):
        Shift.objects.all().delete()
        answer = duty.on_call(street.community, at=NIGHT)
        assert answer.account_id in {one.account_id for one in street.crew} and answer.shift_id is None

    def test_across_midnight_the_next_shift_answers(self, street):
        before, after = (
            duty.on_call(street.community, at=at(17, 0, month=11) + d) for d in (-timedelta(minutes=1), timedelta(0))
        )
        assert before.until == at(17, 0, month=11) and after.until == at(17, 8, month=11)
        assert before.shift_id != after.shift_id

    def test_in_another_zone_the_hours_are_those_of_the_place(self, street):
        rule = duty.roster_in_force(street.community, "community")
        assert str(rule.zone) == "Asia/Shanghai"


def test_the_roster_named_by_the_line_is_asked_first(street):
    own = Shift.objects.get(begins_at__lte=NIGHT, ends_at__gt=NIGHT)
    deputy = person("巴特尔", "police-deputy", "民警副书记", reach=street.community)
    Shift.objects.create(
        path=street.community, roster="police", title="民警值班", posts=["police-deputy"], day=own.day,
        begins_at=own.begins_at, ends_at=own.ends_at, account_id=deputy.account_id,
    )  # fmt: skip
    assert duty.on_call(street.community, at=NIGHT, roster="police").name == "巴特尔"
    assert duty.on_call(street.community, at=NIGHT, roster="community").account_id == own.account_id


def test_a_part_stands_with_its_whole(street):
    whole = came(street, NIGHT)
    need = actions.NeedIn(kind="demand", text="先把水阀关掉，再找人修。", channel="phone", parent_id=whole.pk)
    part = actions.open_matter(need, place=street.place, by=SYSTEM).matter
    assert landings.landing_of(part) is None


def test_a_roster_that_no_line_names_does_not_take_what_comes(street):
    own = Shift.objects.get(begins_at__lte=NIGHT, ends_at__gt=NIGHT)
    change(street, {"roster.community.hours": THREE, "channel.phone.roster": "police"}, code="m03")
    assert duty.on_call(street.community, at=NIGHT).shift_id is None
    change(street, {"roster.community.hours": THREE}, code="m03")
    assert duty.on_call(street.community, at=NIGHT).shift_id == own.pk


def told_of(world, moment, *, count=1, **more):
    """What a hotline file tells of some needs of one moment, in channel and words as `came` has them."""
    needs = [replace(need(channel="phone"), external_id=f"N-{serial}") for serial in range(count)]
    return [actions.Told(one, world.place, moment, **more) for one in needs]


def brought(world, moment, rows):
    """What a file brings in the morning after a moment."""
    world.clock.go_to(moment + timedelta(hours=11))
    return [one.matter for one in actions.open_many(rows, by=SYSTEM)]


def landed(matter):
    """What the database, the record and the outbox hold of a landing; that it was imported is the one difference."""
    row = Landing.objects.filter(matter=matter).values("account", "shift_id", "roster", "place", "stage", "why", "at")
    entries = Entry.objects.filter(subject=matter.subject, act="land")
    facts = [{**entry.facts, "imported": True} for entry in entries]
    return list(row), facts, [record_opened(entry) for entry in entries]


@pytest.mark.parametrize("covered", [True, False])
def test_a_file_lands_what_came_at_night_with_the_same_person_as_one_call_would(street, covered):
    who = on_it(street, NIGHT)
    if not covered:
        Shift.objects.all().delete()
        for one in street.crew:
            leave(one)
        secretary = keeper(street)
    one = came(street, NIGHT)
    matter = brought(street, NIGHT, told_of(street, NIGHT))[0]
    assert landed(matter) == landed(one) and landed(one)[0]
    deliver(limit=100)
    told = who.account_id if covered else secretary.account_id
    assert Notice.objects.filter(account_id=told, number=matter.number).count() == 1
    waiting = landings.landed_on(who) if covered else landings.landed_on_nobody(secretary)
    assert matter.number in numbers(waiting) and differences(matter) == {} and verify().ok


def test_of_a_file_what_came_in_office_hours_long_ago_or_is_with_a_unit_lands_with_nobody(street):
    unit = street.property_company.pk
    for rows in (
        told_of(street, MORNING),
        told_of(street, NIGHT - timedelta(days=3)),
        told_of(street, NIGHT, unit_id=unit),
    ):
        brought(street, NIGHT if rows[0].at != MORNING else MORNING - timedelta(hours=1), rows)
        assert not Landing.objects.exists()
        Matter.objects.update(external_id=None)


def asked(world, moment, count):
    """How often a file of so many needs of one moment asks the database, and how often it writes."""
    Matter.objects.update(external_id=None)
    rows = told_of(world, moment, count=count)
    with CaptureQueriesContext(connection) as seen:
        brought(world, moment, rows)
    reads = sum(one["sql"].startswith("SELECT") for one in seen.captured_queries)
    return reads, len(seen) - reads


def test_landing_a_long_file_asks_no_more_often_than_a_short_one_and_writes_in_one_go(street):
    asked(street, NIGHT, 2)
    few, many, by_day = asked(street, NIGHT, 5), asked(street, NIGHT, 25), asked(street, MORNING, 25)
    assert few[0] == many[0] == by_day[0] + 2
    assert many[1] - by_day[1] <= 3 and Landing.objects.count() == 32
