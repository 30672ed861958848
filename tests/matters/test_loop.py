"""The loop from report to cross-off, through the one door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from tests.matters.changing import change, own_act
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened, photo
from youying.kernel.moments import local, say_dated, zone
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.models import Clock, Matter, Tally

SOLVED = {"solved": True, "satisfaction": "满意"}
UNSOLVED = {"solved": False, "satisfaction": "不满意"}


def test_a_demand_goes_from_report_to_cross_off_by_the_residents_word(world):
    first = opened(world)
    assert len(first.secret) == 8
    matter = first.matter
    actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(matter.pk, "accept", by=world.manager)
    actions.act(matter.pk, "contact", by=world.manager, note="周一上午来看")
    actions.act(matter.pk, "complete", by=world.manager, note="主管已疏通", uploads=[photo(world.manager)])
    found = queries.look_up(matter.number, first.secret)
    actions.act(found.matter.pk, "verdict", by=found.viewer, **SOLVED)
    matter.refresh_from_db()
    assert (matter.stage, matter.crossed_off) == ("crossed-off", True)
    assert (matter.contacted_on_time, matter.completed_on_time) == (True, True)


def test_completed_is_not_crossed_off(world):
    matter = completed(world)
    assert (matter.completed, matter.crossed_off, matter.ended_at, matter.waiting) == (True, False, None, True)


def test_not_solved_goes_back_under_the_same_number_and_is_counted(world):
    matter = completed(world)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    again = actions.act(matter.pk, "verdict", by=world.caller, **UNSOLVED)
    assert (again.stage, again.reworks, again.completed_at, again.number) == ("in-hand", 1, None, matter.number)
    assert Clock.objects.filter(matter=matter, code="complete", stopped_at__isnull=True, run=2).exists()


def test_the_tallies_equal_the_matters_after_every_step(world):
    matter = completed(world)
    actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=True)
    actions.act(matter.pk, "verdict", by=world.caller, **SOLVED)
    rows = Tally.objects.full().filter(n__gt=0)
    assert [(t.n, t.completed, t.solved, t.crossed_off, t.unit_id) for t in rows] == [
        (1, True, True, True, world.property_company.pk)
    ]


def test_completing_needs_a_note_and_a_photo_and_changes_nothing_without(world):
    matter = in_hand(world)
    with pytest.raises(Refused, match="照片") as refused:
        actions.act(matter.pk, "complete", by=world.manager)
    assert refused.value.need == ["情况说明", "照片"]
    assert Matter.objects.get(pk=matter.pk).version == matter.version


def test_only_the_unit_that_has_it_accepts(world):
    matter = dispatched(world)
    with pytest.raises(Refused, match="not-yours"):
        actions.act(matter.pk, "accept", by=world.secretary)
    assert actions.act(matter.pk, "accept", by=world.manager).stage == "in-hand"


def test_two_officers_at_once_one_wins_and_the_other_gets_a_clear_conflict(world):
    matter = dispatched(world)
    actions.act(matter.pk, "accept", by=world.manager, expected_version=matter.version)
    with pytest.raises(Refused, match="别人先改了") as refused:
        actions.act(matter.pk, "accept", by=world.manager, expected_version=matter.version)
    assert refused.value.code == "conflict"


def test_the_same_channel_and_external_id_is_one_matter(world):
    first = opened(world, external_id="12345-0001")
    again = opened(world, external_id="12345-0001")
    assert (again.again, again.matter.pk, Matter.objects.count()) == (True, first.matter.pk, 1)


def test_a_call_back_is_made_by_somebody_else_than_the_doer(world):
    matter = completed(world)
    doer = world.caller.__class__(
        **{f: getattr(world.caller, f) for f in world.caller.__slots__} | {"account_id": world.manager.account_id}
    )
    with pytest.raises(Refused, match="same-person"):
        actions.act(matter.pk, "call-back", by=doer, way="phone", reached=True)


def test_a_wrong_secret_and_a_wrong_number_are_refused_alike(world):
    first = opened(world)
    refusals = []
    for number, secret in ((first.matter.number, "AAAAAAAA"), ("2611-99999-0", first.secret)):
        with pytest.raises(Refused) as refused:
            queries.look_up(number, secret)
        refusals.append((refused.value.code, refused.value.say))
    assert refusals[0] == refusals[1]


def test_a_stranger_sees_neither_the_matter_nor_that_it_exists(world):
    matter = opened(world).matter
    with pytest.raises(Refused, match="not-found"):
        queries.find(world.stranger, matter.number)
    assert queries.worklist(world.stranger, queries.Filters()).rows == []


def test_full_text_finds_two_character_words(world):
    matter = opened(world).matter
    found = queries.worklist(world.dispatcher, queries.Filters(text="返水"))
    assert [row.number for row in found.rows] == [matter.number]
    assert queries.worklist(world.dispatcher, queries.Filters(text="路灯")).rows == []


def test_a_phone_in_the_words_is_masked_before_it_is_stored_or_indexed(world):
    matter = opened(world, text="我叫陈桂芳，电话13800000417，下水道堵了。").matter
    assert "13800000417" not in Matter.objects.get(pk=matter.pk).words
    assert queries.worklist(world.dispatcher, queries.Filters(text="13800000417")).rows == []


def test_statements_of_an_intake_an_act_and_a_list_stay_within_their_budget(world, count_statements):
    opened(world)
    with count_statements(at_most=12):
        matter = opened(world).matter
    with count_statements(at_most=10):
        actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    with count_statements(at_most=10):
        actions.act(matter.pk, "accept", by=world.manager)
    token = photo(world.manager)
    with count_statements(at_most=10):
        actions.act(matter.pk, "complete", by=world.manager, note="好了", uploads=[token])
    with count_statements(at_most=8):
        queries.worklist(world.dispatcher, queries.Filters())


def test_a_promised_date_is_told_with_the_plan_and_cannot_be_years_away(world):
    change(world, own_act(verb="judge", needs=["scheme", "due"]))
    matter = in_hand(world)
    promised = world.clock() + timedelta(days=5)
    for wrong in (world.clock(), world.clock() + timedelta(days=800)):
        with pytest.raises(Refused, match="期限"):
            actions.act(matter.pk, "try", by=world.dispatcher, scheme="换整根立管", due_at=wrong)
    actions.act(matter.pk, "try", by=world.dispatcher, scheme="换整根立管", due_at=promised)
    line = queries.story(Matter.objects.get(pk=matter.pk))[-1]
    assert line.words == f"换整根立管（期限{say_dated(promised, world.clock(), zone('Asia/Shanghai'))}）"
    with override("en"):
        said = queries.story(Matter.objects.get(pk=matter.pk))[-1].words
    assert said == f"换整根立管 (by {local(promised, zone('Asia/Shanghai')):%Y-%m-%d %H:%M})"
