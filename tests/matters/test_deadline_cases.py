"""The case table of deadlines that are moved under way. Every moment was worked out by hand; the comment shows how.

The street works Monday to Friday, 09:00 to 12:00 and 14:00 to 18:00; 6 to 8 October 2026 are off, Saturday the 10th is
worked. A matter given to its unit on Monday 5 October at 10:00 as ordinary has 7 working days: Fri 9 = 1, Sat 10 = 2,
Mon 12 = 3, Tue 13 = 4, Wed 14 = 5, Thu 15 = 6, Fri 16 = 7: due 10-16 18:00. Urgent has 1 (10-09), simple 3 (10-12),
hard 11 (10-22).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime

import pytest

from tests.conftest import SHANGHAI
from tests.matters.changing import HOLD, change, held, own_act
from tests.matters.town import accepted, dispatched_at, due, go_to, moment, park
from tests.matters.world import CATEGORY, photo
from youying.channels.notify.models import Notice
from youying.editions.actions import import_directory
from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions, clock_rules, queries
from youying.matters.clock_rules import pauses_of
from youying.matters.models import Ask, Clock, Matter
from youying.matters.replaying import differences, replay_clock
from youying.record.actions import deliver
from youying.record.models import Entry
from youying.text.queries import categories

EXTEND = "loop.demand.clocks.complete.extend"
APPROVE = {"by": ["dispatcher"], "refused": "stay", "silent": "refuse"}


def refused(code):
    """A refusal of this code."""
    return pytest.raises(Refused, match=code)


# ------------------------------------------------------------------ what the rows do
def ask(town, matter):
    """The unit asks for more time now."""
    more = {"clock": "complete", "reason": "weather", "note": "连着下雨"}
    return actions.ask_extension(matter.pk, by=town.manager, **more)


def extended(town, matter):
    """More time is asked and granted now."""
    return actions.approve(ask(town, matter).pk, by=town.dispatcher, note="情况属实")


def level(urgency):
    """The dispatcher corrects the urgency now, and says why."""
    return lambda town, matter: actions.correct(matter.pk, by=town.dispatcher, urgency=urgency, note="看过现场")


def stand_still(town, matter):
    """The clock stands still with the dispatcher's yes."""
    return held(town, matter)


def go_on(town, matter):
    """What was waited for has happened."""
    return actions.act(matter.pk, "go-on", by=town.manager)


def parking(town, matter):
    """Parked until the end of the month."""
    return park(town, matter, f"{town.clock().astimezone(SHANGHAI):%m-%d %H:%M}", "10-30 10:00")


def unpark(town, matter):
    """Taken up again."""
    return actions.act(matter.pk, "unpark", by=town.manager)


def other(words, urgency):
    """A second matter given at that moment as so urgent is merged into this one now."""

    def merge(town, matter):
        actions.act(town.others[words, urgency].pk, "merge", by=town.dispatcher, into=matter.number)

    merge.needs = (words, urgency)
    return merge


def newer(period):
    """The street's pack gives ordinary matters another period, and this one moves to it now."""

    def move(town, matter):
        change(town, HOLD | {"loop.demand.clocks.complete.within.ordinary": period})
        packer = replace(town.dispatcher, powers=town.dispatcher.powers | {"packs"})
        actions.move_edition(matter.pk, by=packer, note="按新规定")

    return move


def sweep(_town, _matter):
    """The bells ring."""
    actions.sweep()


CASES = {
    # name: (what happens when, due, was it overdue at any time)
    "asked in the last minute before the cut-off": (  # from the 16th on 7 more: 19 20 21 22 23, 26 27
        [("10-16 17:00", extended)], "10-27 18:00", False,
    ),
    "a level that falls due sooner": (  # urgent from the start: Fri 9 = 1
        [("10-09 10:00", level("urgent"))], "10-09 18:00", False,
    ),
    "a level that gives more": (  # hard from the start: 9 10, 12 13 14 15 16, 19 20 21 22
        [("10-14 10:00", level("hard"))], "10-22 18:00", False,
    ),
    "a level that makes it late at once": (  # on the 12th it should have been done on the 9th
        [("10-12 10:00", level("urgent")), ("10-12 10:01", sweep)], "10-09 18:00", True,
    ),
    "a miss stays a miss whatever the level becomes": (  # missed on the 16th; hard ends on the 22nd
        [("10-19 10:00", sweep), ("10-19 10:05", level("hard"))], "10-22 18:00", True,
    ),
    "there and back again is as if nothing had been": (
        [("10-09 10:00", level("hard")), ("10-12 10:00", level("ordinary"))], "10-16 18:00", False,
    ),
    "the level changes after an extension": (  # simple: 9 10 12; and 7 more, granted by the length of then: 13 14 15 16 19 20 21
        [("10-12 10:00", extended), ("10-12 11:00", level("simple"))], "10-21 18:00", False,
    ),
    "stood still over one whole day": (  # 12th 10:00 to 14th 10:00: only the 13th is lost; 9 10 12 14 15 16 19
        [("10-12 10:00", stand_still), ("10-14 10:00", go_on)], "10-19 18:00", False,
    ),
    "stood still and extended": (  # 19th as above, then 7 more: 20 21 22 23 26 27 28
        [("10-12 10:00", stand_still), ("10-14 10:00", go_on), ("10-15 10:00", extended)], "10-28 18:00", False,
    ),
    "extended and stood still": (  # the other way round comes to the same
        [("10-09 10:00", extended), ("10-12 10:00", stand_still), ("10-14 10:00", go_on)], "10-28 18:00", False,
    ),
    "parked and taken up": (  # the same two days parked
        [("10-12 10:00", parking), ("10-14 10:00", unpark)], "10-19 18:00", False,
    ),
    "parked over the deadline and taken up after it": (  # 15th 10:00 to 20th 10:00: 16 and 19 lost; 9 10 12 13 14 15 20
        [("10-15 10:00", parking), ("10-20 10:00", unpark)], "10-20 18:00", False,
    ),
    "parked while it was late stays late": (  # missed on the 16th; parked on the 19th changes nothing of that
        [("10-19 10:00", sweep), ("10-19 11:00", parking), ("10-21 10:00", unpark)], "10-16 18:00", True,
    ),
    "a level that changes while it stands still": (  # 12th to 14th: 13 lost; hard: 9 10 12 14 15 16 19 20 21 22 23
        [("10-12 10:00", stand_still), ("10-13 10:00", level("hard")), ("10-14 10:00", go_on)], "10-23 18:00", False,
    ),
    "merged with one that is due sooner": (  # urgent on Friday the 9th: Sat 10 = 1
        [("10-09 16:00", other("10-09 10:00", "urgent"))], "10-10 18:00", False,
    ),
    "merged with one that is due later": (  # hard on the 9th: later than the 16th, the 16th holds
        [("10-09 16:00", other("10-09 10:00", "hard"))], "10-16 18:00", False,
    ),
    "merged with one that is late already": (  # urgent on the 5th was due on the 9th: nothing is forgiven
        [("10-12 10:00", other("10-05 11:00", "urgent")), ("10-12 10:01", sweep)], "10-09 18:00", True,
    ),
    "after a merge no level of this one gives more": (
        [("10-09 16:00", other("10-09 10:00", "urgent")), ("10-10 10:00", level("hard"))], "10-10 18:00", False,
    ),
    "merged while it stands still": (  # simple on the 9th: 10 = 1, 12 = 2, 13 lost, 14 = 3
        [("10-12 10:00", stand_still), ("10-12 11:00", other("10-09 10:00", "simple")), ("10-14 10:00", go_on)],
        "10-14 18:00", False,
    ),
    "merged and then extended": (  # 10-10 as above, then one day as long as the period that holds: Mon 12 = 1
        [("10-09 16:00", other("10-09 10:00", "urgent")), ("10-10 10:00", extended)], "10-12 18:00", False,
    ),
    "moved to an edition that gives less": (  # 3 from the start: 9 10 12
        [("10-09 10:00", newer("3 working-days"))], "10-12 18:00", False,
    ),
    "moved to an edition that gives more": (  # 9 from the start: 9 10 12 13 14 15 16 19 20
        [("10-14 10:00", newer("9 working-days"))], "10-20 18:00", False,
    ),
    "moved after a miss": (  # the 16th was missed, the 20th holds now
        [("10-19 10:00", sweep), ("10-19 10:05", newer("9 working-days"))], "10-20 18:00", True,
    ),
    "moved after it stood still": (  # 13 lost; 9 from the start: 9 10 12 14 15 16 19 20 21
        [("10-12 10:00", stand_still), ("10-14 10:00", go_on), ("10-15 10:00", newer("9 working-days"))],
        "10-21 18:00", False,
    ),
    "moved after an extension": (  # 3: 9 10 12; and 7 more: 13 14 15 16 19 20 21
        [("10-09 10:00", extended), ("10-09 11:00", newer("3 working-days"))], "10-21 18:00", False,
    ),
    "moved after a merge": (  # what the other one brought holds in any edition
        [("10-09 16:00", other("10-09 10:00", "urgent")), ("10-09 17:00", newer("9 working-days"))],
        "10-10 18:00", False,
    ),
}  # fmt: skip


def lived_through(town, steps):
    """The matter after all that, and the others that were merged into it; each given at its own moment."""
    change(town, HOLD)
    needed = [do.needs for _, do in steps if hasattr(do, "needs")]
    matter = accepted(town, "10-05 10:00")
    town.others = {}
    for words, what in sorted(
        [*((when, do) for when, do in steps), *((need[0], need) for need in needed)], key=by_time
    ):
        go_to(town, words)
        if isinstance(what, tuple):
            town.others[what] = dispatched_at(town, words, urgency=what[1])
        else:
            what(town, matter)
    return Matter.objects.get(pk=matter.pk)


def by_time(pair):
    """Months and days sort as they are written; a matter is given before anything is done with it."""
    return pair[0], not isinstance(pair[1], tuple)


def same_from_the_record(matter):
    """The entries alone give the run back, and counting from them gives the row's moment."""
    clock = Clock.objects.get(matter=matter, code="complete", stopped_at__isnull=True)
    told = replay_clock(Entry.objects.filter(subject=matter.subject).order_by("seq"), "complete", clock.run)
    assert (told["rule"], told["extensions"]) == (clock.rule, clock.extensions)
    assert [one["from"] for one in told["pauses"]] == [one["from"] for one in clock.pauses]
    again = Clock(rule=told["rule"], pauses=told["pauses"], extensions=told["extensions"])
    calendar = calendar_for(edition_by_digest(matter.edition_id), matter.area_path)
    started = datetime.fromisoformat(told["started_at"])
    found = clock_rules.times(
        again.rule, started_at=started, calendar=calendar, pauses=pauses_of(again.pauses), extensions=again.extensions
    )
    assert found.due_at == clock.due_at


@pytest.mark.parametrize("name", CASES)
def test_a_deadline_that_is_moved_ends_where_the_hand_says(town, name):
    steps, expected, late = CASES[name]
    matter = lived_through(town, steps)
    assert (due(matter), matter.overdue) == (expected, late)
    same_from_the_record(matter)
    assert [differences(one) for one in Matter.objects.all()] == [{}] * Matter.objects.count()


@pytest.mark.parametrize("name", [name for name, (_, _, late) in CASES.items() if late])
def test_what_was_late_at_any_time_is_completed_late(town, name):
    matter = lived_through(town, CASES[name][0])
    go_to(town, "10-21 11:00")
    if matter.parked:
        unpark(town, matter)
    data = {"note": "通了", "uploads": [photo(town.manager)]}
    assert actions.act(matter.pk, "complete", by=town.manager, **data).completed_on_time is False


# ------------------------------------------------------------------ asked too late, too often, or answered late
CUT_OFFS = [
    # the pack's cut-off, the last moment to ask, and a minute later
    ("17:00", "10-16 17:00", "10-16 17:01"),  # an hour of the due day
    ("1 working-days", "10-15 18:00", "10-15 18:01"),  # the close of business a working day before the 16th
    ("24 hours", "10-15 18:00", "10-15 18:01"),  # 24 hours before 10-16 18:00
    ("4 office-hours", "10-16 14:00", "10-16 14:01"),  # the four hours of the afternoon
]


@pytest.mark.parametrize(("before", "last", "too_late"), CUT_OFFS)
@pytest.mark.word("loop.clocks.extend.ask_before")
def test_more_time_is_asked_up_to_the_cut_off_and_not_a_minute_later(town, before, last, too_late):
    change(town, {EXTEND: {"ask_before": before, "most": 1, "approve": APPROVE}})
    matter, late = accepted(town, "10-05 10:00"), accepted(town, "10-05 10:00")
    go_to(town, last)
    assert ask(town, matter).pk
    go_to(town, too_late)
    with refused("past-cut-off"):
        ask(town, late)


def test_asked_in_time_and_granted_after_the_deadline_takes_the_miss_back(town):
    change(town, {EXTEND: {"ask_before": "17:00", "most": 1, "approve": {**APPROVE, "silent": "escalate"}}})
    matter = accepted(town, "10-05 10:00")
    go_to(town, "10-16 16:59")
    asked = ask(town, matter)
    go_to(town, "10-19 10:00")
    actions.sweep()
    assert Matter.objects.get(pk=matter.pk).overdue is True
    actions.approve(asked.pk, by=town.dispatcher)
    after = Matter.objects.get(pk=matter.pk)
    assert (due(matter), after.overdue) == ("10-27 18:00", False)


def test_no_more_often_than_the_pack_says(town):
    change(town, {EXTEND: {"ask_before": "17:00", "most": 2, "by": "1 working-days", "approve": APPROVE}})
    matter = accepted(town, "10-05 10:00")
    for _ in range(2):
        extended(town, matter)
    assert due(matter) == "10-20 18:00"  # the 16th, and the 19th, and the 20th
    with refused("too-often"):
        ask(town, matter)


# ------------------------------------------------------------------ said in the story, and to the unit
def test_a_changed_level_is_told_in_the_story_and_to_the_unit(town):
    matter = lived_through(town, [("10-09 10:00", level("urgent"))])
    deliver(limit=500)
    said = "期限由10月16日（周五）18:00改为10月9日（周五）18:00"
    assert Notice.objects.filter(matter_id=matter.pk, audience="unit", say__contains=said).exists()
    moved = [one for one in queries.worked_out(matter, "complete").happenings if one.what == "recount"]
    assert [(f"{one.was.astimezone(SHANGHAI):%d}", f"{one.due_at.astimezone(SHANGHAI):%d}") for one in moved] == [
        ("16", "09")
    ]


def test_a_taken_over_deadline_is_told_to_the_unit_that_has_the_other_matter(town):
    matter = lived_through(town, CASES["merged with one that is due sooner"][0])
    deliver(limit=500)
    assert Notice.objects.filter(matter_id=matter.pk, audience="unit", say__contains="并入").exists()


def test_a_class_judged_mid_way_counts_anew_where_the_table_hangs_on_it(town):
    table = {"hard": "9 working-days", "else": "3 working-days"}
    judge = own_act(verb="judge")
    complete = "loop.demand.clocks.complete"
    change(town, judge | {f"{complete}.per": "class", f"{complete}.within": table, "values.class": {"hard": "难诉"}})
    matter = accepted(town, "10-05 10:00")
    assert due(matter) == "10-12 18:00"
    go_to(town, "10-09 10:00")
    actions.act(matter.pk, "try", by=town.dispatcher, grade="hard")
    assert due(matter) == "10-20 18:00"
    with refused("not-undoable"):  # the unit was told already
        actions.undo(matter.pk, by=town.dispatcher)


ROW = {"category": CATEGORY, "unit": "和顺物业", "within": "2 working-days"}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("", "10-16 18:00"),  # the new category has no row: the pack's own 7
        ("4 working-days", "10-13 18:00"),  # its row gives 4: 9 10 12 13
    ],
)
def test_another_category_brings_its_own_period_of_the_directory(town, own, expected):
    another = next(one.code for one in categories() if one.level == 3 and one.code != CATEGORY)
    rows = [ROW, ROW | {"category": another, "within": own}] if own else [ROW]
    assert import_directory(town.town, rows=rows, by=SYSTEM).refused == []
    matter = accepted(town, "10-05 10:00")
    assert due(matter) == "10-10 18:00"  # 2: 9 10
    go_to(town, "10-09 10:00")
    actions.correct(matter.pk, by=town.dispatcher, category=another)
    assert due(matter) == expected


# ------------------------------------------------------------------ standing still
def test_a_pause_needs_its_coded_reason_and_its_proof(town):
    change(town, HOLD)
    matter = accepted(town, "10-05 10:00")
    for data, code in (({"note": "等居民"}, "needs-reason"), ({"reason": "resident"}, "needs-note")):
        with refused(code):
            actions.act(matter.pk, "hold", by=town.manager, **data)


def test_a_pause_ends_by_itself_on_its_date(town):
    change(town, HOLD)
    matter = accepted(town, "10-05 10:00")
    go_to(town, "10-12 10:00")
    held(town, matter, due_at=moment("10-14 10:00"))
    go_to(town, "10-14 10:00")
    actions.sweep()
    assert due(matter) == "10-19 18:00"


@pytest.mark.parametrize(("days", "rings"), [(15, "10-27 10:00"), (3, "10-15 10:00")])
def test_a_pause_that_lasts_too_long_is_told_once_to_the_unit_and_to_who_agreed(town, days, rings):
    change(town, HOLD | {"params.pause-most-days": {"title": "暂停满几天就问", "value": days}})
    matter = accepted(town, "10-05 10:00")
    go_to(town, "10-12 10:00")
    held(town, matter)
    go_to(town, rings)
    town.clock.forward(seconds=-1)
    actions.sweep()
    assert _long_pauses(matter) == []
    for _ in range(2):
        town.clock.forward(seconds=2)
        actions.sweep()
    assert _long_pauses(matter) == [["lead", "dispatcher"]]
    go_on(town, matter)
    assert Clock.objects.get(matter=matter, code="complete").next_at is not None


def _long_pauses(matter):
    entries = Entry.objects.filter(subject=matter.subject, act="ring")
    return [told for e in entries if (told := [r["to"] for r in e.facts["rungs"] if r["do"] == "long-pause"])]


ORDERS = list(itertools.permutations(("extend", "hold", "level")))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_in_whatever_order_a_deadline_is_moved_it_comes_to_the_same(town, order):
    change(town, HOLD | {EXTEND: {"ask_before": "17:00", "most": 1, "by": "2 working-days", "approve": APPROVE}})
    matter = accepted(town, "10-05 10:00")
    go_to(town, "10-12 08:00")
    for what in order:
        {"extend": extended, "hold": stand_still, "level": level("hard")}[what](town, matter)
        town.clock.forward(minutes=1)
        if what == "hold":
            go_to(town, "10-13 08:00")
            go_on(town, matter)
    # the 12th is lost; hard: 9 10 13 14 15 16 19 20 21 22 23; and two more: 26 27
    assert due(matter) == "10-27 18:00"
    assert Ask.objects.filter(matter=matter, answer="").count() == 0
