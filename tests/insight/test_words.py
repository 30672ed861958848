"""Each word of the language that this context executes, changed in a pack, changes what a figure or a sweep says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.insight.street import DUKOU, HUAILI, adopt
from youying.insight.actions import judge_warning, sweep_watches
from youying.insight.executed import executes
from youying.insight.facts import READ
from youying.insight.models import Warning
from youying.insight.queries import figures
from youying.insight.watch_rules import GROUPS
from youying.kernel.refusals import Refused
from youying.packs.executed import executed_words
from youying.packs.said import vocabulary

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
DRAIN, NOISE = "utilities.drainage.blocked-drain", "property.fees.high-fees"


def figure(street, said):
    """The cell of a figure as a pack declares it."""
    adopt("[figure.own]\n" + 'title = "自报"\n' + said)
    return figures(street.viewer(), ["own"], **YEAR).total.cells["own"]


def counted(street, where):
    """How many demands a table of facts counts."""
    return figure(street, f'of = "loop:demand"\nwhere = {{ {where} }}').n


def watch(**said):
    """The watch of a pack, and how many warnings its sweep then raises."""
    base = {"title": '"盯"', "of": '"loop:demand"', "count": "3", "then": '["tell:secretary"]'} | said
    base.setdefault("judged_by", '["secretary"]')
    lines = "".join(f"{name} = {value}\n" for name, value in base.items() if value)
    adopt(f"[watch.own]\n{lines}[watch.same-type]\ncount = 999\ntimes = 999.0\n")
    return sweep_watches().raised


@pytest.fixture
def mixed(street):
    """Ten demands: six solved, four not; one of them kept out; and three hazards."""
    street.matter(n=6, solved=True)
    street.matter(n=3, solved=False)
    street.matter(n=1, solved=False, excluded="unreachable")
    street.matter(n=3, kind="hazard", loop="hazard", solved=True)
    return street


class TestFigure:
    def test_word_figure(self, mixed):
        with pytest.raises(Refused, match="figure-unknown"):
            figures(mixed.viewer(), ["own"], **YEAR)
        assert figure(mixed, 'of = "matters"').n == 13

    def test_word_figure_of_matters(self, mixed):
        assert figure(mixed, 'of = "matters"').n == 13

    def test_word_figure_of_loop(self, mixed):
        assert figure(mixed, 'of = "loop:demand"').n == 10

    @pytest.mark.parametrize(("said", "n"), [("true", 6), ("false", 4)])
    def test_word_figure_where(self, mixed, said, n):
        assert figure(mixed, f'of = "loop:demand"\nwhere = {{ solved = {said} }}').n == n

    @pytest.mark.parametrize(("base", "d"), [("solved = [true, false]", 10), ("solved = true", 6)])
    def test_word_figure_base(self, mixed, base, d):
        cell = figure(mixed, f'of = "loop:demand"\nwhere = {{ solved = true }}\nbase = {{ {base} }}\nempty = "none"')
        assert (cell.n, cell.d) == (6, d)

    @pytest.mark.parametrize(("fact", "n"), [("reporters", 26), ("reworks", 13)])
    def test_word_figure_sum(self, street, fact, n):
        street.matter(n=13, reporter_count=2, reworks=1)
        assert figure(street, f'of = "loop:demand"\nsum = "{fact}"').n == n

    def test_a_fact_that_is_no_number_is_not_summed(self, street):
        with pytest.raises(Refused, match="fact-not-summed"):
            figure(street, 'of = "loop:demand"\nsum = "category"')

    @pytest.mark.parametrize(("reasons", "d"), [("[]", 10), ('["unreachable"]', 9)])
    def test_word_figure_exclude(self, mixed, reasons, d):
        said = f'where = {{ solved = true }}\nbase = {{ merged = false }}\nexclude = {reasons}\nempty = "none"'
        assert figure(mixed, f'of = "loop:demand"\n{said}').d == d

    def test_word_figure_compare_last_year(self, mixed):
        mixed.matter("2025-03-10 09:00", n=40)
        cell = figure(mixed, 'of = "loop:demand"\ncompare = "last-year"\nempty = "none"')
        assert (cell.n, cell.last.n, cell.change) == (10, 40, Fraction(-3, 4))

    def test_word_figure_compare_last_period(self, street):
        street.matter("2026-11-02 09:00", n=10)
        street.matter("2026-10-31 23:59", n=5)
        street.matter("2025-11-02 09:00", n=40)
        adopt('[figure.own]\ntitle = "比上期"\nof = "loop:demand"\ncompare = "last-period"\nempty = "none"')
        november = {"since": date(2026, 11, 1), "until": date(2026, 12, 1)}
        cell = figures(street.viewer(), ["own"], **november).total.cells["own"]
        assert (cell.n, cell.last.n, cell.change) == (10, 5, 1)

    def empty(self, street, word):
        """A rate of nothing, by what the pack says of an empty denominator."""
        said = f'of = "loop:demand"\nwhere = {{ solved = true }}\nbase = {{ crossed_off = true }}\nempty = "{word}"'
        cell = figure(street, said)
        return cell.fraction, cell.say

    def test_word_figure_empty_none(self, street):
        assert self.empty(street, "none") == (None, "—")

    def test_word_figure_empty_zero(self, street):
        assert self.empty(street, "zero") == (0, "0%")

    def test_word_figure_empty_full(self, street):
        assert self.empty(street, "full") == (1, "100%")


ONE = {
    "kind": ({"kind": "hazard"}, '"hazard"'),
    "loop": ({}, '["demand", "x"]'),
    "category": ({"category": DRAIN}, f'"{DRAIN}"'),
    "channel": ({"channel": "qr"}, '"qr"'),
    "tier": ({"tier": "town"}, '"town"'),
    "urgency": ({"urgency": "urgent"}, '"urgent"'),
    "area": ({"area": DUKOU}, f'"{DUKOU}"'),
    "satisfaction": ({"satisfaction": "满意"}, '"满意"'),
    "class": ({"grade": "hard"}, '"hard"'),
    "route": ({"route": "direct"}, '"direct"'),
    "stage": ({"stage": "in-hand"}, '"in-hand"'),
    "unit": ({"lead_id": 1}, '{ not = "" }'),
    "lead": ({"lead_id": 1}, '{ not = "" }'),
    "contacted": ({"contacted": True}, "true"),
    "contacted_on_time": ({"contacted_on_time": True}, "true"),
    "completed": ({"completed_at": "2026-03-10T12:00:00+08:00"}, "true"),
    "completed_on_time": ({"completed_on_time": True}, "true"),
    "solved": ({"solved": True}, "true"),
    "verdict": ({"solved": False}, "true"),
    "crossed_off": ({"crossed_off": True}, "true"),
    "open_now": ({"end_reason": "withdrawn"}, "false"),
    "overdue": ({"overdue": True}, "true"),
    "parked": ({"parked": True}, "true"),
    "merged": ({"merged_into_id": "other"}, "true"),
    "repeat": ({"repeat": True}, "true"),
    "same_type": ({"category": DRAIN}, "true"),
    "reworks": ({"reworks": 2}, "{ at_least = 2 }"),
    "hand_backs": ({"hand_backs": 2}, "{ over = 1 }"),
    "reporters": ({"reporter_count": 3}, "{ at_least = 2 }"),
    "photo_count": ({"photo_count": 1}, "{ at_least = 1 }"),
    "whistled": ({"whistles": 2}, "true"),
    "reported_in": ({"reported_in": False}, "false"),
    "reported_in_on_time": ({"reported_in_on_time": True}, "true"),
    "outcome": ({"outcome": "jointly"}, '"jointly"'),
    "parts_done": ({"parts_done": True}, "true"),
}
"""Fact → what makes a matter have it, and the test that a pack writes."""


@pytest.mark.word(
    "fact:kind", "fact:loop", "fact:category", "fact:channel", "fact:tier", "fact:urgency", "fact:area",
    "fact:satisfaction", "fact:class", "fact:stage", "fact:unit", "fact:lead", "fact:contacted",
    "fact:contacted_on_time", "fact:completed", "fact:completed_on_time", "fact:solved", "fact:verdict",
    "fact:crossed_off", "fact:open_now", "fact:overdue", "fact:parked", "fact:merged",
    "fact:same_type", "fact:reworks", "fact:hand_backs", "fact:reporters", "fact:photo_count",
    "fact:repeat", "fact:whistled", "fact:reported_in", "fact:reported_in_on_time", "fact:outcome",
    "fact:parts_done",
)  # fmt: skip
@pytest.mark.parametrize("fact", sorted(ONE))
def test_word_fact(fact, street):
    """The test of the fact finds the two matters that have it among five."""
    others = street.matter(n=3, **({"loop": "hazard"} if fact == "loop" else {}))
    has, said = dict(ONE[fact][0]), ONE[fact][1]
    if fact in ("unit", "lead"):
        has["lead_id"] = street.units["和顺物业"].pk
    if fact == "merged":
        has["merged_into_id"] = others.pk
    street.matter(n=2, **has)
    assert figure(street, 'of = "matters"').n == 5
    assert figure(street, f'of = "matters"\nwhere = {{ {fact} = {said} }}').n == 2


class TestWatch:
    @pytest.fixture(autouse=True)
    def crowd(self, street):
        """Three blocked drains in one estate within the month."""
        street.matter(
            "2026-11-10 09:00", n=3, category=DRAIN, compound_id=street.compounds["杏林小区"], urgency="urgent"
        )
        return street

    def test_word_watch(self, crowd):
        assert sweep_watches().raised == 0
        assert watch() == 1

    def test_word_watch_of_loop(self, crowd):
        assert watch(of='"loop:demand"') == 1
        assert watch(of='"loop:hazard"', count="1", title='"另一个"') == 0

    def test_word_watch_of_matters(self, crowd):
        crowd.matter("2026-11-10 09:00", n=1, kind="hazard", loop="hazard")
        assert watch(of='"loop:demand"', count="4") == 0
        assert watch(of='"matters"', count="4") == 1

    @pytest.mark.parametrize(("where", "raised"), [('{ urgency = "urgent" }', 1), ('{ urgency = "simple" }', 0)])
    def test_word_watch_where(self, where, raised):
        assert watch(where=where) == raised

    @pytest.mark.parametrize(("group", "raised"), [("[]", 1), ('["category"]', 0)])
    def test_word_watch_group(self, crowd, group, raised):
        crowd.matter("2026-11-10 09:00", n=1, category=NOISE, urgency="urgent")
        assert watch(group=group, count="4") == raised

    @pytest.mark.parametrize(
        ("over", "raised"), [('"30 days"', 1), ('"6 days"', 0), ('"1 months"', 1), ('"24 hours"', 0)]
    )
    def test_word_watch_over(self, over, raised):
        assert watch(over=over) == raised

    @pytest.mark.parametrize(("count", "raised"), [("3", 1), ("4", 0)])
    def test_word_watch_count(self, count, raised):
        assert watch(count=count) == raised

    @pytest.mark.parametrize(("times", "raised"), [("2.0", 1), ("40.0", 0)])
    def test_word_watch_times(self, crowd, times, raised):
        for month in (4, 5, 6, 7, 8):
            crowd.matter(f"2026-{month:02}-10 09:00", category=DRAIN)
        assert watch(count="", over='"30 days"', times=times) == raised

    @pytest.mark.parametrize("post", ["secretary", "street-leader"])
    def test_word_watch_then_tell(self, post):
        watch(then=f'["tell:{post}"]')
        assert Warning.objects.get().tells == [post]

    @pytest.mark.parametrize(("post", "other"), [("secretary", "street-leader"), ("street-leader", "secretary")])
    def test_word_watch_judged_by(self, crowd, post, other):
        watch(judged_by=f'["{post}"]', group='["compound"]')
        pk = Warning.objects.get().pk
        with pytest.raises(Refused, match="not-yours"):
            judge_warning(pk, by=crowd.viewer(HUAILI, code=other), judged_as="real", note="看过了")
        judge_warning(pk, by=crowd.viewer(HUAILI, code=post), judged_as="real", note="看过了")


GROUPED = {
    "category": ({"category": DRAIN}, {"category": NOISE}),
    "compound": ({"compound_id": 1}, {"compound_id": 2}),
    "building": ({"building_id": 1}, {"building_id": 2}),
    "grid": ({"grid_id": 1}, {"grid_id": 2}),
    "community": ({"area": HUAILI}, {"area": DUKOU}),
    "area": ({"area": HUAILI}, {"area": DUKOU}),
    "unit": ({"lead_id": 0}, {"lead_id": 1}),
    "lead": ({"lead_id": 0}, {"lead_id": 1}),
    "channel": ({"channel": "qr"}, {"channel": "phone"}),
    "class": ({"grade": "hard"}, {"grade": "easy"}),
    "urgency": ({"urgency": "urgent"}, {"urgency": "hard"}),
    "kind": ({"kind": "demand"}, {"kind": "hazard"}),
}


@pytest.mark.word("fact:building", "fact:community", "fact:compound", "fact:grid")
@pytest.mark.parametrize("fact", sorted(GROUPED))
def test_word_fact_as_group(fact, street):
    """Four matters in two groups warn together, and not when the fact sets them apart."""
    units = [unit.pk for unit in street.units.values()]
    for has in GROUPED[fact]:
        street.matter("2026-11-10 09:00", n=2, **has | ({"lead_id": units[has["lead_id"]]} if "lead_id" in has else {}))
    assert watch(group=f'["{fact}"]', count="3") == 0
    assert watch(group=f'["{fact}"]', count="2") == 2
    assert watch(group="[]", count="4", title='"一起"') == 1


def test_an_unknown_fact_is_refused_with_those_there_are(street):
    with pytest.raises(Refused) as refused:
        counted(street, "followed_up = true")
    assert refused.value.code == "fact-not-read"
    assert "已跟踪回访" in refused.value.say


def test_a_figure_of_something_else_than_matters_is_refused(street):
    with pytest.raises(Refused, match="population-not-read"):
        figure(street, 'of = "post:secretary"')


def test_every_fact_that_is_read_and_every_group_has_its_case():
    assert sorted(READ) == sorted(ONE)
    assert sorted(GROUPS) == sorted(GROUPED)


def test_the_words_are_registered_and_the_language_has_them():
    mine = {word for word, who in executed_words().items() if "insight" in who}
    assert {f"fact:{name}" for name in READ if name != "route"} < mine <= vocabulary()
    with pytest.raises(Refused, match="word-unknown"):
        executes("insight", "figure.of:weather")


@pytest.mark.parametrize("fact", ["route"])
def test_a_fact_that_nothing_sets_is_not_registered_as_executed(fact):
    assert "fact:solved" in executed_words()
    assert f"fact:{fact}" not in executed_words()
