"""Several reporters of one matter: each is asked, one "not solved" stands, and no single word closes for the others."""

from __future__ import annotations

import pytest

from tests.matters.world import CATEGORY, opened, photo
from youying.channels.notify.models import Notice
from youying.kernel.refusals import Refused
from youying.matters import actions, queries
from youying.matters.actions import ReporterIn
from youying.matters.hearing_rules import Said, people, together, voices
from youying.matters.models import Matter, Reporter, Verdict
from youying.matters.replaying import differences
from youying.record.actions import deliver

GRADES = ("满意", "基本满意", "不满意")


def done(world):
    """A matter of two reporters that its unit called done; the two, as they look it up."""
    one, two = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),)), opened(world)
    actions.act(one.matter.pk, "merge", by=world.dispatcher, into=two.matter.number)
    key = two.matter.pk
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    actions.act(key, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    return (
        Matter.objects.get(pk=key),
        queries.by_reporter(one.reporter_id).viewer,
        queries.by_reporter(two.reporter_id).viewer,
    )


def says(matter, by, *, solved=True, satisfaction="满意", **more):
    """Give a word."""
    return actions.act(matter.pk, "verdict", by=by, solved=solved, satisfaction=satisfaction, **more)


def closing(world, matter):
    """What the page says is still missing before it may close."""
    return " ".join(one.refused.say for one in queries.possible_acts(world.caller, matter).cannot)


def test_one_of_two_closes_nothing_and_both_together_close_it_as_satisfied_as_the_less_satisfied(world):
    matter, wu, chen = done(world)
    after = says(matter, wu)
    assert (after.crossed_off, after.solved, after.answered, after.waiting) == (False, None, 1, True)
    assert "还有1位诉求人没有说" in closing(world, after)
    closed = says(matter, chen, satisfaction="基本满意")
    assert (closed.crossed_off, closed.solved, closed.satisfaction) == (True, True, "基本满意")
    assert differences(Matter.objects.get(pk=matter.pk)) == {}


def test_one_not_solved_sends_it_back_whatever_the_other_said_and_both_are_asked_anew(world):
    matter, wu, chen = done(world)
    says(matter, wu)
    back = says(matter, chen, solved=False, satisfaction="不满意")
    assert (back.solved, back.reworks, back.answered, back.crossed_off) == (False, 1, 0, False)
    actions.act(matter.pk, "complete", by=world.manager, note="又通了", uploads=[photo(world.manager)])
    assert says(matter, chen).crossed_off is False
    assert says(matter, wu).crossed_off is True


def test_the_same_person_twice_is_one_word(world):
    matter, wu, _chen = done(world)
    says(matter, wu)
    after = says(matter, wu, satisfaction="基本满意")
    assert (after.answered, after.crossed_off) == (1, False)


def test_staff_say_whose_word_it_is(world):
    matter, wu, chen = done(world)
    for named in ({}, {"reporter": 987_654}):
        with pytest.raises(Refused, match="needs-reporter"):
            says(matter, world.caller, **named)
    assert not Verdict.objects.exists()
    says(matter, world.caller, reporter=wu.reporter_id)
    shown = {one.id: one.answer for one in queries.reporters(world.caller, matter)}
    assert shown == {wu.reporter_id: "解决了，满意", chen.reporter_id: ""}
    assert says(matter, world.caller, reporter=chen.reporter_id).crossed_off is True


def calls(world, matter, reporter, *, times=3):
    """Calls that nobody answers."""
    for _time in range(times):
        world.clock.forward(hours=1)
        actions.act(matter.pk, "call-back", by=world.caller, way="phone", reached=False, reporter=reporter)


def test_silence_closes_only_when_everybody_who_did_not_speak_was_tried(world):
    matter, wu, chen = done(world)
    calls(world, matter, wu.reporter_id)
    world.clock.forward(days=9)
    actions.sweep()
    matter.refresh_from_db()
    assert matter.crossed_off is False
    calls(world, matter, chen.reporter_id)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.crossed_off, matter.solved, matter.excluded) == (True, None, "unreachable")


def test_a_word_and_a_silence_close_as_the_word_says(world):
    matter, wu, chen = done(world)
    says(matter, wu, satisfaction="基本满意")
    calls(world, matter, chen.reporter_id)
    world.clock.forward(days=9)
    actions.sweep()
    matter.refresh_from_db()
    assert (matter.crossed_off, matter.solved, matter.satisfaction, matter.excluded) == (True, True, "基本满意", "")


def again(world, key):
    """Its unit calls it done once more."""
    actions.act(key, "complete", by=world.manager, note="又通了", uploads=[photo(world.manager)])


def silent_end(world, key, *reporters):
    """These are called in vain, time passes, and silence closes the matter."""
    for reporter in reporters:
        calls(world, Matter.objects.get(pk=key), reporter)
    world.clock.forward(days=9)
    actions.sweep()
    matter = Matter.objects.get(pk=key)
    assert matter.crossed_off is True
    return matter


@pytest.mark.parametrize(("takes_back", "solved"), [(True, True), (False, False)])
def test_who_reported_twice_takes_a_not_solved_back_by_either_number(world, takes_back, solved):
    one, two = twice(world, done=False)
    third = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),))
    actions.act(third.matter.pk, "merge", by=world.dispatcher, into=two.matter.number)
    key = two.matter.pk
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    again(world, key)
    says(two.matter, queries.by_reporter(one.reporter_id).viewer, solved=False, satisfaction="不满意")
    again(world, key)
    speaks, silent = (two, third) if takes_back else (third, two)
    says(two.matter, queries.by_reporter(speaks.reporter_id).viewer, satisfaction="基本满意")
    assert silent_end(world, key, silent.reporter_id).solved is solved


@pytest.mark.parametrize(("takes_back", "solved"), [(True, True), (False, False)])
def test_who_said_not_solved_while_alone_takes_it_back_by_name(world, takes_back, solved):
    one, two = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),)), opened(world)
    key = two.matter.pk
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    again(world, key)
    says(two.matter, world.caller, solved=False, satisfaction="不满意")
    assert list(Verdict.objects.values_list("reporter_id", flat=True)) == [None]
    actions.act(one.matter.pk, "merge", by=world.dispatcher, into=two.matter.number)
    again(world, key)
    speaks, silent = (two, one) if takes_back else (one, two)
    says(two.matter, world.caller, reporter=speaks.reporter_id, satisfaction="基本满意")
    assert silent_end(world, key, silent.reporter_id).solved is solved


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ([Said(1, True, "满意")], {"answered": 1, "solved": None, "satisfaction": ""}),
        ([Said(1, True, "满意"), Said(2, True, "不满意")], {"answered": 2, "solved": True, "satisfaction": "不满意"}),
        ([Said(1, True, "满意"), Said(2, False, "不满意")], {"answered": 2, "solved": False, "satisfaction": "不满意"}),
        ([Said(1, False, "不满意"), Said(1, True, "满意")], {"answered": 1, "solved": None, "satisfaction": ""}),
    ],
)
def test_words_together(words, facts):
    assert together(words, asked=[1, 2], order=GRADES) == facts


# ------------------------------------------------------------------ who reports twice
CHEN = ReporterIn("陈桂芳", "13800000417")


def twice(world, *, first=CHEN, second=CHEN, done=True):
    """Two reports, the first merged into the second, which its unit called done."""
    one, two = opened(world, reporters=(first,)), opened(world, reporters=(second,))
    actions.act(one.matter.pk, "merge", by=world.dispatcher, into=two.matter.number)
    key = two.matter.pk
    if done:
        actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
        actions.act(key, "accept", by=world.manager)
        actions.act(key, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    return one, two


def counts(*found):
    """The number of reporters that each row says."""
    return [Matter.objects.get(pk=one.matter.pk).reporter_count for one in found]


@pytest.mark.parametrize("speaks", [0, 1])
def test_whoever_reported_twice_answers_once_by_either_number(world, speaks):
    pair = twice(world)
    assert counts(*pair) == [0, 1]
    by = queries.by_reporter(pair[speaks].reporter_id).viewer
    closed = says(pair[1].matter, by)
    assert (closed.crossed_off, closed.solved, closed.satisfaction) == (True, True, "满意")
    assert [differences(Matter.objects.get(pk=one.matter.pk)) for one in pair] == [{}, {}]


def test_two_neighbours_are_two_and_count_where_they_are_asked(world):
    one, two = twice(world, first=ReporterIn("吴家栋", "13900010002"))
    assert counts(one, two) == [0, 2]
    assert says(two.matter, queries.by_reporter(two.reporter_id).viewer).crossed_off is False
    assert says(two.matter, queries.by_reporter(one.reporter_id).viewer).crossed_off is True


def test_of_three_rows_of_two_people_two_words_close_and_both_rows_show_the_word(world):
    one, two = twice(world, done=False)
    third = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),))
    actions.act(two.matter.pk, "merge", by=world.dispatcher, into=third.matter.number)
    key = third.matter.pk
    assert counts(one, two, third) == [0, 0, 2]
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    actions.act(key, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    says(third.matter, world.caller, reporter=two.reporter_id)
    shown = {row.id: row.answer for row in queries.reporters(world.caller, Matter.objects.get(pk=key))}
    said = "解决了，满意"
    assert shown == {one.reporter_id: said, two.reporter_id: said, third.reporter_id: ""}
    assert says(third.matter, world.caller, reporter=one.reporter_id).crossed_off is False
    assert says(third.matter, world.caller, reporter=third.reporter_id).crossed_off is True


def test_calls_to_either_row_are_calls_to_the_same_person(world):
    one, two = twice(world, done=False)
    third = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),))
    actions.act(third.matter.pk, "merge", by=world.dispatcher, into=two.matter.number)
    key = two.matter.pk
    actions.act(key, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    actions.act(key, "accept", by=world.manager)
    matter = actions.act(key, "complete", by=world.manager, note="通了", uploads=[photo(world.manager)])
    says(matter, queries.by_reporter(third.reporter_id).viewer)
    calls(world, matter, one.reporter_id, times=2)
    calls(world, matter, two.reporter_id, times=1)
    world.clock.forward(days=9)
    actions.sweep()
    assert Matter.objects.get(pk=key).crossed_off is True


def test_a_protected_report_and_an_open_one_by_the_same_telephone_stay_two(world):
    one, two = twice(world, first=ReporterIn("陈桂芳", "13800000417", protected=True))
    assert counts(one, two) == [0, 2]


def test_nobody_without_a_telephone_is_taken_for_somebody_else(world):
    assert counts(*twice(world, first=ReporterIn("", ""), second=ReporterIn("", ""))) == [0, 2]


def test_one_form_that_names_the_same_telephone_twice_is_one_reporter(world):
    assert counts(opened(world, reporters=(CHEN, ReporterIn("陈师傅", "13800000417")))) == [1]
    assert counts(opened(world, reporters=(CHEN, ReporterIn("陈师傅", "138 0000 0417")))) == [1]
    assert counts(opened(world, reporters=(CHEN, ReporterIn("陈师傅", "138 0000 0418")))) == [2]


def test_a_count_kept_from_before_keeps_nobody_waiting_for_a_second_person(world):
    _one, two = twice(world)
    Matter.objects.filter(pk=two.matter.pk).update(reporter_count=2)
    assert says(two.matter, queries.by_reporter(two.reporter_id).viewer).crossed_off is True


def test_the_merge_is_told_to_the_one_who_was_merged_once_and_to_nobody_else(world):
    one, two = twice(world, first=ReporterIn("吴家栋", "13900010002"), done=False)
    deliver(limit=100)
    told = Notice.objects.filter(audience="reporter", number=one.matter.number)
    assert [row.reporter_id for row in told] == [one.reporter_id]
    assert not Notice.objects.filter(audience="reporter", number=two.matter.number).exists()


def test_what_is_told_later_reaches_whoever_reported_twice_once_and_reading_it_by_either_number_settles_it(world):
    one, two = twice(world)
    deliver(limit=100)
    told = Notice.objects.filter(audience="reporter", number=two.matter.number, seen_at=None)
    assert set(told.values_list("reporter_id", flat=True)) == {one.reporter_id}
    assert queries.same_person(Reporter.objects.get(pk=two.reporter_id)) == [one.reporter_id, two.reporter_id]


@pytest.mark.parametrize(
    ("rows", "firsts"),
    [
        ([(1, "a", False), (2, "b", False), (3, "a", False)], {1: 1, 2: 2, 3: 1}),
        ([(1, "", False), (2, "", False)], {1: 1, 2: 2}),
        ([(1, "a", True), (2, "a", False), (3, "a", True)], {1: 1, 2: 2, 3: 1}),
        ([], {}),
    ],
)
def test_voices(rows, firsts):
    assert voices(rows) == firsts
    assert people(rows) == len(set(firsts.values()))
