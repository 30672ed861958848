"""Erasing one person's values: theirs go from everywhere, nobody else's go with them, and nothing that runs breaks."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, in_hand, opened, photo
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, queries
from youying.matters.actions import ReporterIn
from youying.matters.models import Ask, Matter, Reporter
from youying.matters.replaying import differences
from youying.record.actions import erase
from youying.record.queries import verify

WU, WU_PHONE, CHEN_PHONE = ReporterIn("吴家栋", "13900010002"), "13900010002", "13800000417"


def finished(world, matter):
    """The matter closed by the word of everybody who is asked."""
    key = matter.pk
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    actions.act(key, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    for reporter in queries.reporter_ids(Matter.objects.get(pk=key)):
        by = queries.by_reporter(reporter).viewer
        matter = actions.act(key, "verdict", by=by, solved=True, satisfaction="满意")
    assert matter.crossed_off
    return matter


def neighbours(world):
    """吴家栋's report, merged into 陈桂芳's."""
    wu, chen = opened(world, reporters=(WU,)), opened(world)
    actions.act(wu.matter.pk, "merge", by=world.dispatcher, into=chen.matter.number)
    return wu, chen


def erased(matter):
    """Erase a matter because the person asked."""
    erase(matter.subject, by=SYSTEM, reason="asked")
    assert verify().ok
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def found(world, phone):
    """The numbers that a telephone finds."""
    return {one.number for one in queries.callers(world.dispatcher, phone)}


def opens(one):
    """Whether number and secret still open the matter."""
    try:
        return bool(queries.look_up(one.matter.number, one.secret))
    except Refused:
        return False


def names(world, matter):
    """Who is named on a matter's page."""
    return [row.name for row in queries.reporters(world.dispatcher, Matter.objects.get(pk=matter.pk))]


def test_erasing_the_matter_merged_into_leaves_the_neighbour_who_came_by_another(world):
    wu, chen = neighbours(world)
    erased(finished(world, chen.matter))
    assert sorted(names(world, chen.matter)) == ["", "吴**"]
    assert (found(world, WU_PHONE), found(world, CHEN_PHONE)) == ({chen.matter.number}, set())
    assert (opens(wu), opens(chen)) == (True, False)


def test_erasing_the_merged_one_takes_its_reporter_off_the_matter_it_lives_on_in(world):
    wu, chen = neighbours(world)
    finished(world, chen.matter)
    erased(wu.matter)
    assert sorted(names(world, chen.matter)) == ["", "陈**"]
    assert (found(world, WU_PHONE), found(world, CHEN_PHONE)) == (set(), {chen.matter.number})
    assert (opens(wu), opens(chen)) == (False, True)
    assert "返水" not in Matter.objects.get(pk=wu.matter.pk).words


def test_erasing_a_whole_takes_its_reporter_off_the_part(world):
    whole = opened(world)
    part = actions.split(whole.matter.pk, by=world.dispatcher, words="楼道灯也坏了").matter
    finished(world, part)
    erased(finished(world, whole.matter))
    assert (found(world, CHEN_PHONE), opens(whole)) == (set(), False)
    assert not Reporter.objects.exclude(contact_sealed=None, phone_index="", secret_hash="").exists()


def test_erasing_a_part_leaves_the_person_on_the_whole(world):
    whole = opened(world)
    part = actions.split(whole.matter.pk, by=world.dispatcher, words="楼道灯也坏了").matter
    erased(finished(world, part))
    assert names(world, whole.matter) == ["陈**"]
    assert found(world, CHEN_PHONE) >= {whole.matter.number}
    assert opens(whole)


RUNNING = {
    "itself": lambda world: (m := in_hand(world), m),
    "the one it was merged into": lambda world: tuple(one.matter for one in neighbours(world)),
    "its part": lambda world: (
        whole := opened(world).matter,
        actions.split(whole.pk, by=world.dispatcher, words="楼道灯也坏了").matter,
    ),
}


@pytest.mark.parametrize("case", sorted(RUNNING))
def test_nothing_is_erased_while_somebody_waits_for_an_answer(world, case):
    asked_for, runs = RUNNING[case](world)
    if case == "its part":
        finished(world, asked_for)
    before = (found(world, CHEN_PHONE), found(world, WU_PHONE), Matter.objects.get(pk=asked_for.pk).words)
    with pytest.raises(Refused, match="erase-running") as refused:
        erase(asked_for.subject, by=SYSTEM, reason="asked")
    assert runs.number in refused.value.say and "第四十七条" in refused.value.clause
    assert (found(world, CHEN_PHONE), found(world, WU_PHONE), Matter.objects.get(pk=asked_for.pk).words) == before


def test_what_a_resident_withdraws_is_ended_by_its_reason_and_erased_then(world):
    matter = in_hand(world)
    actions.act(matter.pk, "end", by=world.dispatcher, reason="withdrawn", note="居民不要办了")
    actions.approve(Ask.objects.get(matter=matter).pk, by=world.leader)
    erased(matter)
    row = Matter.objects.get(pk=matter.pk)
    assert ("返水" in row.words, row.end_reason, names(world, matter)) == (False, "withdrawn", [""])
