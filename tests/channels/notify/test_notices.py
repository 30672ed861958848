"""What the pack tells reaches whoever it is for, once, and is taken off by whoever saw or said it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.matters.changing import change, own_act
from tests.matters.jointly import child, forwarded, joint_street
from tests.matters.world import CATEGORY, completed, dispatched, in_hand, opened
from youying.channels.notify import actions, queries
from youying.channels.notify.models import Notice
from youying.channels.notify.rules import Street, Word, addressed
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters import actions as matters
from youying.matters import queries as reading
from youying.matters.actions import ReporterIn
from youying.matters.models import Ask, Reporter
from youying.record.actions import deliver


def delivered():
    """Deliver everything announced."""
    while deliver(limit=100):
        pass


def test_what_a_pack_tells_the_reporter_stands_on_the_officers_list_until_it_is_told(world):
    matter = dispatched(world)
    delivered()
    delivered()
    notice = queries.to_tell(world.dispatcher)[0]
    assert (notice.number, Notice.objects.filter(audience="reporter").count()) == (matter.number, 1)
    actions.seen(notice.pk, by=world.dispatcher)
    assert list(queries.to_tell(world.dispatcher)) == []
    assert "已告诉居民" in reading.story(matter)[-1].words


def test_a_reminder_reaches_the_unit_and_nobody_elses_list(world):
    dispatched(world)
    world.clock.forward(hours=72)
    matters.sweep()
    delivered()
    assert [n.audience for n in queries.notices_for(world.manager)] == ["unit"]
    assert list(queries.notices_for(world.stranger)) == []


def test_an_ask_reaches_the_post_that_answers_it(world):
    matter = in_hand(world)
    matters.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")
    delivered()
    assert [n.number for n in queries.notices_for(world.dispatcher)] == [matter.number]


def test_a_notice_is_seen_only_by_whom_it_is_for(world):
    dispatched(world)
    delivered()
    notice = Notice.objects.get(audience="reporter")
    with pytest.raises(Refused, match="not-found"):
        actions.seen(notice.pk, by=world.stranger)
    assert Notice.objects.get(pk=notice.pk).seen_at is None


def test_notify_expire_takes_old_notices_off_and_only_the_system_does_it(world):
    matter = in_hand(world)
    matters.ask_extension(matter.pk, by=world.manager, clock="complete", reason="weather", note="下雨不能施工")
    delivered()
    with pytest.raises(Refused, match="no-power"):
        actions.expire(by=world.dispatcher)
    assert actions.expire(by=SYSTEM) == 0
    world.clock.forward(days=15)
    assert actions.expire(by=SYSTEM) > 0
    assert list(queries.notices_for(world.dispatcher)) == []


def test_what_a_reporter_is_to_be_told_never_runs_out_by_itself(world):
    dispatched(world)
    delivered()
    world.clock.forward(days=60)
    actions.expire(by=SYSTEM)
    assert [one.audience for one in queries.to_tell(world.dispatcher)] == ["reporter"]


def of_two(world):
    """A matter of two reporters, completed by its unit."""
    mine = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),))
    theirs = opened(world)
    matters.act(mine.matter.pk, "merge", by=world.dispatcher, into=theirs.matter.number)
    Notice.objects.all().delete()
    delivered()
    Notice.objects.all().delete()
    matters.act(theirs.matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)
    delivered()
    return mine, theirs


def test_each_of_several_reporters_is_told_singly(world):
    mine, theirs = of_two(world)
    told = list(queries.to_tell(world.dispatcher))
    assert {one.reporter_id for one in told} == {mine.reporter_id, theirs.reporter_id}
    actions.seen(told[0].pk, by=world.dispatcher)
    assert [one.pk for one in queries.to_tell(world.dispatcher)] == [told[1].pk]


def test_who_read_the_page_is_told_and_the_neighbour_is_not(world):
    mine, theirs = of_two(world)
    assert actions.seen_by_reporter(mine.reporter_id) == 1
    assert [one.reporter_id for one in queries.to_tell(world.dispatcher)] == [theirs.reporter_id]


def test_who_gave_a_word_need_not_be_told_what_came_before_it(world):
    matter = completed(world)
    delivered()
    assert {one.number for one in queries.to_tell(world.dispatcher)} == {matter.number}
    matters.act(matter.pk, "verdict", by=world.caller, solved=True, satisfaction="满意", contacted=True)
    delivered()
    assert list(queries.to_tell(world.dispatcher)) == []


def test_the_word_of_one_leaves_the_neighbour_to_be_told(world):
    mine, theirs = of_two(world)
    number = theirs.matter.number
    assert actions.settle_answered(number, spoke=0) == 0, "nobody knows whose word it was"
    assert actions.settle_answered(number, spoke=mine.reporter_id) == 1
    assert [one.reporter_id for one in queries.to_tell(world.dispatcher)] == [theirs.reporter_id]


def test_what_is_told_after_a_word_is_settled_only_by_the_next(world):
    """陈桂芳 said "not solved"; what was done since she has still to be told, whatever her neighbour says."""
    matter = completed(world)
    again = opened(world, reporters=(ReporterIn("吴家栋", "13900010002"),)).matter
    matters.act(again.pk, "merge", by=world.dispatcher, into=matter.number)
    first, neighbour = (reporter.pk for reporter in Reporter.objects.filter(matter=matter).order_by("pk"))
    said = {"solved": False, "satisfaction": "不满意", "contacted": True}
    matters.act(matter.pk, "verdict", by=world.caller, reporter=first, **said)
    delivered()
    Notice.objects.filter(audience="reporter").update(seen_at=None)
    matters.act(matter.pk, "contact", by=world.manager, note="再去看过")
    delivered()
    assert actions.settle_answered(matter.number, spoke=neighbour) > 0
    left = {one.reporter_id for one in queries.to_tell(world.dispatcher)}
    assert first in left and neighbour not in left


def test_the_resident_is_told_in_plain_words_and_staff_in_theirs(world):
    dispatched(world)
    delivered()
    assert "已经派给承办单位" in Notice.objects.get(audience="reporter").say


def test_what_the_resident_has_read_is_off_the_officers_list(world):
    matter = dispatched(world)
    delivered()
    reporter = reading.reporter_ids(matter)[0]
    assert actions.seen_by_reporter(reporter) == 1
    assert list(queries.to_tell(world.dispatcher)) == []
    assert actions.seen_by_reporter(reporter) == 0


def test_telling_the_latest_news_settles_what_was_to_be_told_before(world):
    matter = completed(world)
    delivered()
    earlier, latest = queries.to_tell(world.dispatcher)
    actions.seen(latest.pk, by=world.dispatcher)
    assert (earlier.number, list(queries.to_tell(world.dispatcher))) == (matter.number, [])


def test_a_resident_can_be_told_of_a_matter_that_is_over_already(world):
    kept, gone = dispatched(world), dispatched(world)
    matters.act(gone.pk, "merge", by=world.dispatcher, into=kept.number)
    delivered()
    Notice.objects.filter(number=kept.number).delete()
    notice = queries.to_tell(world.dispatcher)[1]
    before = len(reading.story(gone))
    actions.seen(notice.pk, by=world.dispatcher)
    assert (list(queries.to_tell(world.dispatcher)), len(reading.story(gone))) == ([], before)


def test_an_overdue_matter_reaches_those_who_may_supervise_at_the_tier_that_the_ladder_names(world):
    in_hand(world)
    world.clock.forward(days=30)
    matters.sweep()
    delivered()
    assert any("办结" in one.say for one in queries.notices_for(world.leader))
    assert [one for one in queries.notices_for(world.caller) if one.audience == "post"] == []


def test_a_grid_worker_hears_only_of_the_own_grid(world):
    matter = dispatched(world)
    delivered()
    mine = replace(world.worker, reach=f"{world.community}/g{matter.grid_id}")
    other = replace(world.worker, reach=f"{world.community}/g999999")
    assert ([one.number for one in queries.to_tell(mine)], list(queries.to_tell(other))) == ([matter.number], [])


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("reporter", ["reporter:"]),
        ("applicant", ["reporter:"]),
        ("lead", ["unit:7"]),
        ("joint", ["unit:8", "unit:9"]),
        ("summoned", []),
        ("keeper", ["unit:7", "post:secretary"]),
        ("host", ["unit:6"]),
        ("secretary", ["post:secretary"]),
        ("town", ["post:street-leader"]),
        ("community", ["post:secretary", "post:duty-officer"]),
        ("up", ["post:street-leader"]),
        ("system", []),
    ],
)
def test_a_word_of_a_pack_means_an_audience(to, found):
    street = Street(
        tiers={"town": ("dispatcher", "street-leader"), "community": ("secretary", "duty-officer")},
        supervisors=("street-leader",),
        units={"lead": (7,), "joint": (8, 9), "host": (6,)},
        posts={"keeper": ("secretary",)},
    )
    assert [one.target for one in addressed(to, Word("", "说一声", "/99"), street)] == found


def heard(matter):
    """Who has a notice of a matter, and what it says."""
    return {(one.unit_id, one.post_code): one.say for one in Notice.objects.filter(number=matter.number)}


def test_whoever_keeps_a_part_is_reminded_and_whoever_hosts_it_is_told_that_it_is_late(world):
    joint_street(world)
    below = child(forwarded(world), "assess-tax")
    world.clock.forward(days=30)
    matters.sweep()
    delivered()
    told = heard(below)
    assert "催一下" in told[(world.tax.unit_id, "")]
    assert {"请知晓" in told[(world.notary.unit_id, "")], "请知晓" in told[(None, "window")]} == {True}


def test_nobody_is_told_of_a_matter_that_nobody_reported():
    assert addressed("reporter", Word("", "说一声", "/99"), Street(has_reporter=False)) == []


def taken(world):
    """The manager's list and the secretary's, each as what is said there."""
    return [[one.say for one in queries.notices_for(who)] for who in (world.manager, world.secretary)]


def test_the_unit_that_had_the_matter_is_told_of_a_step_and_not_the_one_that_has_it_by_the_time_of_telling(world):
    change(world, own_act(verb="step", tells=["lead"]))
    matter = in_hand(world)
    matters.act(matter.pk, "try", by=world.dispatcher)
    matters.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="换一家单位")
    delivered()
    assert [["试一步" in say for say in mine] for mine in taken(world)] == [[True], []]


def test_a_bell_is_heard_by_the_unit_for_which_it_rang(world):
    matter = dispatched(world)
    world.clock.forward(hours=72)
    matters.sweep()
    matters.reassign(matter.pk, by=world.dispatcher, unit=world.office.pk, note="换一家单位")
    delivered()
    first, second = taken(world)
    assert first and not second


def test_whoever_loses_the_matter_by_a_step_is_told_of_that_step(world):
    said = {"by": ["dispatcher"], "within": "4 office-hours", "refused": "stay", "silent": "refuse"}
    change(world, {"loop.demand.acts.hand-back.approve": said, "loop.demand.acts.hand-back.tells": ["lead"]})
    matter = matters.act(dispatched(world).pk, "hand-back", by=world.manager, reason="not-ours")
    matters.approve(Ask.objects.get(matter=matter).pk, by=world.dispatcher)
    matters.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.office.pk, category=CATEGORY)
    delivered()
    assert [["退单" in say for say in mine] for mine in taken(world)] == [[True], []]
