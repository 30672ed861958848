"""Watches: when they warn, that they warn once, who judges, and that what was judged is not counted again."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from tests.insight.street import DUKOU, HUAILI, OTHER_TOWN, TOWN, adopt
from youying.insight import watch_rules
from youying.insight.actions import judge_warning, sweep_watches, warn
from youying.insight.events import WarningRaised
from youying.insight.models import Warning
from youying.insight.queries import judged_warnings, open_warnings, warning_matters
from youying.insight.watch_rules import Found, Plan, warns
from youying.insight.watching import count_groups, grounds
from youying.jobs.timers import TIMERS
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record.events import forget, listen
from youying.record.queries import opened, story, verify

DRAIN = "utilities.drainage.blocked-drain"
NOISE = "property.fees.high-fees"


@pytest.fixture
def crowd(street):
    """Five blocked drains in 杏林小区 within a month: what M01 warns of."""
    drains(street, n=5)
    return street


def drains(street, *, n, at="2026-11-10 09:00", estate="杏林小区", category=DRAIN, **more):
    """Blocked drains in an estate."""
    return street.matter(at, n=n, category=category, compound_id=street.compounds[estate], **more)


def secretary(street, reach=HUAILI):
    """The secretary whom M01 lets judge."""
    return street.viewer(reach, code="secretary")


@pytest.fixture
def told():
    """What the sweep announces, heard in the same transaction."""
    heard = []

    def hear(event, *, key):
        """Keep the event."""
        heard.append(event)

    listen(WarningRaised, exact=True)(hear)
    yield heard
    forget(hear)


def test_five_of_a_kind_in_one_estate_within_thirty_days_warn_its_secretary(crowd, told):
    assert sweep_watches().raised == 1
    (seen,) = open_warnings(secretary(crowd))
    assert (seen.title, seen.n, seen.mine) == ("同类诉求集中", 5, True)
    assert seen.why == "30天内5件，满5件"
    assert "杏林小区" in seen.group_title
    assert [(event.tells, event.judges, event.place_path) for event in told] == [
        (("secretary",), ("secretary",), f"{HUAILI}/c{crowd.compounds['杏林小区']}")
    ]
    assert told[0].say.endswith("30天内5件，满5件，请研判。")


def test_four_of_a_kind_do_not_warn(street):
    drains(street, n=4)
    assert sweep_watches().raised == 0


@pytest.mark.parametrize("other", [{"estate": "渡口家园"}, {"category": NOISE}, {"at": "2026-10-01 09:00"}])
def test_what_is_elsewhere_of_another_kind_or_long_ago_does_not_count(street, other):
    drains(street, n=4)
    drains(street, n=1, **other)
    assert sweep_watches().raised == 0


def test_what_has_no_category_or_no_estate_makes_no_group(street):
    drains(street, n=5, category="")
    street.matter("2026-11-10 09:00", n=5, category=DRAIN)
    assert sweep_watches().raised == 0


def test_a_second_sweep_changes_nothing_and_a_later_one_brings_the_warning_up_to_date(crowd):
    sweep_watches()
    assert (sweep_watches().raised, sweep_watches().updated) == (0, 0)
    drains(crowd, n=2)
    swept = sweep_watches()
    assert (swept.raised, swept.updated) == (0, 1)
    assert [one.n for one in open_warnings(secretary(crowd))] == [7]
    assert [entry.act for entry in story(Warning.objects.get().subject)] == ["raise", "update"]


def test_two_machines_that_warn_of_the_same_group_keep_one_open_warning(crowd):
    (ground,) = grounds(now())
    plan = watch_rules.plan("same-type", ground.edition.pack.watch["same-type"])
    (found,) = count_groups(ground, plan, now())
    said = [warn(ground, plan, found, by=SYSTEM, at=now(), why="满5件") for _ in range(2)]
    assert said == ["raise", ""]
    with pytest.raises(IntegrityError), transaction.atomic():
        Warning.objects.create(
            **Warning.objects.values(
                "area_path", "watch", "group_key", "group", "until", "raised_at", "n", "before", "windows"
            ).get()
        )


def test_the_rows_of_a_warning_are_those_it_counted(crowd):
    drains(crowd, n=3, at="2026-10-01 09:00")
    sweep_watches()
    (seen,) = open_warnings(secretary(crowd))
    assert warning_matters(secretary(crowd), seen.id).count() == seen.n == 5


class TestJudging:
    def test_a_judgement_closes_the_warning_with_a_sealed_note(self, crowd):
        sweep_watches()
        warning = Warning.objects.get()
        judge_warning(warning.pk, by=secretary(crowd), judged_as="real", note="主管塌了一段，周三换管")
        assert open_warnings(secretary(crowd)) == []
        (seen,) = judged_warnings(secretary(crowd))
        assert (seen.judged_as, seen.note) == ("属实，已安排处置", "主管塌了一段，周三换管")
        entry = story(warning.subject)[-1]
        assert "主管" not in str(entry.facts)
        assert opened(entry) == {"note": "主管塌了一段，周三换管"}
        assert verify().ok

    def test_what_was_judged_is_not_counted_again(self, crowd, at):
        sweep_watches()
        judge_warning(Warning.objects.get().pk, by=secretary(crowd), judged_as="real", note="已换管")
        clock = at("2026-11-18 10:00")
        assert sweep_watches().raised == 0
        drains(crowd, n=4, at="2026-11-18 09:00")
        assert sweep_watches().raised == 0
        drains(crowd, n=1, at="2026-11-18 09:30")
        assert sweep_watches().raised == 1
        clock.forward(days=1)
        assert [one.n for one in open_warnings(secretary(crowd))] == [5]

    @pytest.mark.parametrize(
        ("who", "code"),
        [
            ({"code": "dispatcher", "reach": HUAILI}, "not-yours"),
            ({"code": "secretary", "reach": DUKOU}, "not-found"),
            ({"code": "secretary", "reach": HUAILI, "powers": "rates"}, "no-power"),
        ],
    )
    def test_only_the_named_post_judges_within_its_reach(self, crowd, who, code):
        sweep_watches()
        with pytest.raises(Refused) as refused:
            judge_warning(Warning.objects.get().pk, by=crowd.viewer(**who), judged_as="real", note="看过了")
        assert refused.value.code == code
        assert Warning.objects.get().judged_at is None

    def test_nobody_judges_twice(self, crowd):
        sweep_watches()
        pk = Warning.objects.get().pk
        judge_warning(pk, by=secretary(crowd), judged_as="ordinary", note="汛期常有")
        with pytest.raises(Refused, match="already-judged"):
            judge_warning(pk, by=secretary(crowd), judged_as="real", note="再看一次")

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"judged_as": "maybe", "note": "看过了"}, "judgement-unknown"),
            ({"judged_as": "real", "note": "  "}, "note-missing"),
            ({"judged_as": "real", "note": "长" * 1001}, "note-too-long"),
        ],
    )
    def test_a_judgement_is_one_of_the_table_with_a_note(self, crowd, said, code):
        sweep_watches()
        with pytest.raises(Refused) as refused:
            judge_warning(Warning.objects.get().pk, by=secretary(crowd), **said)
        assert refused.value.code == code


class TestWhoSees:
    def test_a_warning_is_seen_where_it_stands_and_above(self, crowd):
        sweep_watches()
        assert len(open_warnings(crowd.viewer(TOWN))) == 1
        assert open_warnings(secretary(crowd, DUKOU)) == []

    def test_rows_out_of_reach_are_refused(self, crowd):
        sweep_watches()
        with pytest.raises(Refused, match="not-found"):
            warning_matters(secretary(crowd, DUKOU), Warning.objects.get().pk)

    def test_warnings_need_the_power_to_view(self, crowd):
        with pytest.raises(Refused, match="no-power"):
            open_warnings(crowd.viewer(powers="rates"))


class TestGrounds:
    def test_an_area_with_its_own_pack_is_watched_by_that_alone(self, crowd):
        adopt("[watch.same-type]\ncount = 6", path=HUAILI)
        assert sweep_watches().raised == 0
        drains(crowd, n=1)
        assert sweep_watches().raised == 1

    def test_a_town_without_a_pack_is_not_watched(self, street):
        street.matter("2026-11-10 09:00", n=9, area=OTHER_TOWN, category=DRAIN, compound_id=99)
        assert sweep_watches().raised == 0

    def test_a_watch_that_cannot_be_run_is_said_and_the_others_run(self, crowd):
        adopt('[watch.odd]\ntitle = "怪"\nof = "loop:demand"\ngroup = ["risk"]\ncount = 2\nthen = ["tell:secretary"]\n'
              'judged_by = ["secretary"]')  # fmt: skip
        swept = sweep_watches()
        assert swept.raised == 1
        assert len(swept.faults) == 1
        assert "odd" in swept.faults[0]


def plan(**more):
    """A watch by a multiple of what is usual."""
    base = {"code": "w", "title": "盯", "loop": "demand", "where": {}, "group": ("category",), "over": "30天"}
    said = {"length": timedelta(days=30), "count": None, "times": Fraction(2), "tells": (), "judges": ()}
    return Plan(**base | said | more)


class TestWhatIsUsual:
    @pytest.mark.parametrize(
        ("n", "before", "windows", "warned"),
        [
            (4, 24, 12, True),  # usual 2, twice is 4
            (3, 24, 12, False),
            (3, 19, 12, False),  # 36 against 38
            (3, 18, 12, True),  # 36 against 36, exactly
            (2, 1, 12, False),  # too few to be a crowd
            (3, 0, 12, False),  # never before: no multiple
            (9, 6, 2, False),  # two windows of history say nothing
            (9, 6, 3, True),
        ],
    )
    def test_a_multiple_of_the_mean_of_the_year_before_warns(self, n, before, windows, warned):
        assert bool(warns(plan(), Found({}, n, before, windows))) is warned

    def test_the_count_warns_by_itself_where_there_is_no_history(self):
        assert warns(plan(count=5), Found({}, 5, 0, 0)) == "30天内5件，满5件"

    def test_a_fraction_of_times_is_exact(self):
        assert warns(plan(times=Fraction("1.1")), Found({}, 11, 30, 3)) == "30天内11件，平常10.0件，达到1.1倍"
        assert not warns(plan(times=Fraction("1.1")), Found({}, 10, 30, 3))

    def test_windows_count_only_from_the_first_matter_on(self):
        moment = now()
        assert plan().windows == 12
        assert plan().known_windows(moment, first=None) == 0
        assert plan().known_windows(moment, first=moment - timedelta(days=10)) == 0
        assert plan().known_windows(moment, first=moment - timedelta(days=120)) == 3
        assert plan().known_windows(moment, first=moment - timedelta(days=119)) == 2
        assert plan().known_windows(moment, first=moment - timedelta(days=4000)) == 12

    def test_twice_the_usual_warns_through_the_sweep(self, street):
        for month in (5, 6, 7, 8, 9):
            drains(street, n=1, at=f"2026-{month:02}-15 09:00")
        drains(street, n=3)
        assert sweep_watches().raised == 1
        assert Warning.objects.get().why.startswith("30天内3件，平常")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"of": "register:care"}, "register:care"),
        ({"group": ["risk"]}, "risk"),
        ({"then": ["open:demand"]}, "open:demand"),
        ({"over": "5 working-days"}, "working-days"),
        ({"over": None}, "times"),
    ],
)
def test_what_a_watch_cannot_do_yet_is_refused_with_the_word(said, word):
    watch = {"title": "盯", "of": "loop:demand", "over": "30 days", "times": 2, "then": ["tell:secretary"]}
    with pytest.raises(Refused) as refused:
        watch_rules.plan("w", watch_rules.Watch(**watch | said))
    assert refused.value.code == "watch-not-executed"
    assert word in refused.value.say


def test_the_watches_are_swept_every_hour(crowd):
    timer = TIMERS["insight.sweep-watches"]
    timer.function()
    assert timer.rate.every_seconds == 3600
    assert Warning.objects.count() == 1
