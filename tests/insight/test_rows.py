"""The rows behind a number are exactly as many as the number says; and the tallies are proved from the matters."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insight.street import DUKOU, HUAILI, TOWN, adopt
from tests.matters import world as worlds
from youying.insight.facts import READ, cell_facts, condition, in_cells
from youying.insight.queries import answered_within, drill, figures, recount_differences
from youying.insight.questions import Question
from youying.insight.scopes import Narrow
from youying.kernel.moments import zone
from youying.kernel.refusals import Refused
from youying.matters import actions
from youying.matters.facts import facts_of
from youying.matters.models import Matter, Tally
from youying.matters.tally_rules import COUNTED, DIMENSIONS, cell_key, cell_values, unit_values
from youying.packs.predicates import matches

REASONS = ("", "", "", "unreachable", "litigation", "withdrawn")
PERIODS = ((date(2026, 1, 1), date(2027, 1, 1)), (date(2026, 2, 10), date(2026, 5, 3)))


def scatter(street, *, n, seed=1):
    """Matters with facts drawn by a seeded lot, over two years."""
    lot = random.Random(seed)
    for _ in range(n):
        when = f"{lot.choice((2025, 2026))}-{lot.randint(1, 10):02}-{lot.randint(1, 28):02} {lot.randint(0, 23):02}:00"
        solved = lot.choice((True, True, False, None))
        street.matter(
            when,
            area=lot.choice((HUAILI, DUKOU, TOWN)),
            lead_id=lot.choice((None, *(unit.pk for unit in street.units.values()))),
            category=lot.choice(("", "property.fees.high-fees", "utilities.drainage.blocked-drain")),
            channel=lot.choice(("hotline", "qr")),
            contacted_on_time=lot.choice((True, False, None)),
            completed_at=lot.choice((None, street.evening(when))),
            completed_on_time=lot.choice((True, False, None)),
            solved=solved,
            satisfaction={True: "满意", False: "不满意", None: ""}[solved],
            reworks=lot.randint(0, 3),
            excluded=lot.choice(REASONS),
            end_reason=lot.choice(REASONS),
            repeat=lot.random() < 0.3,
        )


@pytest.mark.parametrize(("since", "until"), PERIODS)
@pytest.mark.parametrize("by", [None, "unit", "area", "category", "month"])
def test_the_rows_behind_every_number_are_as_many_as_it_says(street, since, until, by):
    scatter(street, n=120)
    viewer = street.viewer()
    for row in figures(viewer, since=since, until=until, by=by, compare="last-year").rows:
        where = {"since": since, "until": until} | ({} if row.total else {"by": by, "key": row.key})
        for code, cell in row.cells.items():
            assert drill(viewer, code, **where).count() == cell.n
            assert drill(viewer, code, **where, slot="last-year").count() == cell.last.n
            if cell.d is not None:
                assert drill(viewer, code, part="denominator", **where).count() == cell.d
            assert drill(viewer, code, part="excluded", **where).count() == sum(cell.excluded.values())
            for reason, n in cell.excluded.items():
                assert drill(viewer, code, part="excluded", reason=reason, **where).count() == n


@pytest.mark.parametrize("by", [None, "unit", "area", "month", "kind", ("unit", "month")])
def test_the_cells_by_unit_say_what_the_full_ones_say(street, monkeypatch, by):
    """何立诚 reads a board off the few cells, and the same off the many."""
    scatter(street, n=120)
    asked = {"since": date(2026, 1, 1), "until": date(2027, 1, 1), "by": by, "compare": "last-year"}
    few = figures(street.viewer(), **asked)
    monkeypatch.setattr(Question, "by_unit", False)
    many = figures(street.viewer(), **asked)
    assert (few.rows, few.left_out) == (many.rows, many.left_out)
    assert sum(few.left_out.values()) > 0


@pytest.mark.parametrize("picked", [{"category": "property"}, {"channel": "qr"}, {"urgency": "urgent"}, {"grid": 1}])
def test_what_the_cells_by_unit_leave_out_is_read_off_the_full_ones(street, picked):
    scatter(street, n=120)
    Tally.objects.by_unit().delete()
    asked = {"since": date(2025, 1, 1), "until": date(2026, 1, 1)}
    whole = figures(street.viewer(), ["solved"], **asked, by="category").total.cells["solved"]
    part = figures(street.viewer(), ["solved"], **asked, narrow=Narrow(**picked)).total.cells["solved"]
    assert whole.d > part.d >= 0
    assert figures(street.viewer(), ["solved"], **asked).total.cells["solved"].d == 0


def test_the_rows_behind_a_same_type_figure_are_as_many_as_it_says(street):
    adopt('[figure]\nalike = { title = "同类", of = "loop:demand", where = { same_type = true } }')
    scatter(street, n=40)
    where = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
    cell = figures(street.viewer(), ["alike"], **where).total.cells["alike"]
    assert 0 < cell.n < Matter.objects.filter(opened_at__year=2026).count()
    assert drill(street.viewer(), "alike", **where).count() == cell.n


def test_rows_need_the_power_to_view_matters(street):
    with pytest.raises(Refused, match="no-power"):
        drill(street.viewer(powers="rates"), "solved", since=date(2026, 1, 1), until=date(2026, 2, 1))


def test_an_unknown_part_of_a_number_is_refused(street):
    with pytest.raises(Refused, match="part-unknown"):
        drill(street.viewer(), "solved", part="rest", since=date(2026, 1, 1), until=date(2026, 2, 1))


TEXTS, NUMBERS, ANSWERS = ["", "hotline", "a.b"], [0, 1, 2, ""], [True, False, ""]
POOL = {
    "category": TEXTS, "channel": TEXTS, "satisfaction": ["", "满意", "不满意"], "class": TEXTS, "stage": TEXTS,
    "lead": [1, 2, ""], "reworks": NUMBERS, "reporters": NUMBERS, "photo_count": NUMBERS, "solved": ANSWERS,
    "contacted": ANSWERS, "contacted_on_time": ANSWERS, "completed": ANSWERS, "merged": ANSWERS, "open_now": ANSWERS,
    "parked": ANSWERS, "verdict": ANSWERS, "repeat": ANSWERS,
}  # fmt: skip


@st.composite
def a_test_of(draw, fact):
    """A test of one fact as a pack may write it."""
    values = POOL[fact]
    among = st.one_of(st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1, max_size=3))
    kinds = [among, among.map(lambda some: {"not": some})]
    if READ[fact].kind == "number":
        bound = st.integers(0, 3)
        kinds.append(st.dictionaries(st.sampled_from(["at_least", "at_most", "below", "over"]), bound, min_size=1))
    return draw(st.one_of(kinds))


tables = st.lists(st.sampled_from(sorted(POOL)), unique=True, max_size=3).flatmap(
    lambda facts: st.fixed_dictionaries({fact: a_test_of(fact) for fact in facts})
)


class TestOneMeaning:
    @pytest.fixture
    def varied(self, street):
        """Matters of every kind of fact, with their Python facts."""
        scatter(street, n=60)
        found = list(Matter.objects.all())
        for n, matter in enumerate(found):
            matter.grade, matter.stage = TEXTS[n % 3], TEXTS[(n + 1) % 3]
            matter.reporter_count, matter.photo_count, matter.parked = n % 4, n % 3, n % 5 == 0
            matter.contacted = (True, False, None)[n % 3]
            matter.merged_into = found[n - 1] if n % 7 == 1 else None
            matter.ended_at = matter.opened_at if n % 4 else None
        fields = ["grade", "stage", "reporter_count", "photo_count", "parked", "contacted", "merged_into", "ended_at"]
        Matter.objects.bulk_update(found, fields)
        return [(matter, {**facts_of(matter), "lead": matter.lead_id}) for matter in found]

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(where=tables)
    def test_a_table_means_the_same_in_the_database_as_over_facts(self, varied, where):
        want = {matter.pk for matter, facts in varied if matches(where, facts)}
        got = set(Matter.objects.filter(condition(where, params={})).values_list("pk", flat=True))
        assert got == want, where

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(where=tables)
    def test_a_table_means_the_same_over_a_cell_as_over_the_matter(self, varied, where):
        if in_cells(where, params={}):
            for _, facts in varied:
                cell = cell_facts(cell_values(facts, zone("Asia/Shanghai")))
                assert matches(where, cell) == matches(where, facts), where


class TestProof:
    @pytest.fixture
    def walked(self, at, db):
        """A street on which a seeded lot has let people act for a while."""
        clock = at("2026-10-29 09:10")
        world = worlds.build()
        lot = random.Random(7)
        taken = set()
        for _ in range(90):
            clock.forward(hours=lot.randint(1, 9))
            taken.add(_one_step(world, lot))
            actions.sweep()
        world.taken = taken
        return world

    def test_after_a_random_walk_of_real_acts_every_cell_equals_its_matters(self, walked):
        assert len(walked.taken) >= 6
        assert Matter.objects.count() > 10
        assert recount_differences() == []

    def test_after_a_random_walk_every_cell_by_unit_is_the_sum_of_its_full_cells(self, walked):
        sums = Counter()
        for full in Tally.objects.full().values(*DIMENSIONS, *COUNTED, "n"):
            n = full.pop("n")
            sums[cell_key(unit_values(full))] += n
        stored = dict(Tally.objects.by_unit().values_list("cell", "n"))
        assert stored == sums
        assert len(stored) < Tally.objects.full().count()

    def test_cells_of_an_installation_that_told_reworks_less_apart_are_counted_anew(self, walked):
        Tally.objects.by_unit().delete()
        import_module("youying.matters.migrations.0015_reworks_in_cells").count_anew(apps, None)
        assert recount_differences() == []

    @pytest.mark.parametrize("kind", ["full", "by_unit"])
    def test_a_cell_that_was_tampered_with_is_found(self, walked, kind):
        cells = getattr(Tally.objects, kind)().filter(n__gt=0).order_by("cell")
        cells.first().delete()
        row = cells.last()
        Tally.objects.filter(pk=row.pk).update(n=row.n + 1)
        wrong = recount_differences()
        assert len(wrong) == 2
        assert {one.stored - one.counted > 0 for one in wrong} == {True, False}
        assert {one.values["edition_id"] == "" for one in wrong} == {kind == "by_unit"}


def _one_step(world, lot):
    """Open a matter, or let somebody do to one of them what the lot says; what was done."""
    known = list(Matter.objects.values_list("pk", flat=True))
    if len(known) < 4 or lot.random() < 0.25:
        worlds.opened(world, urgency=lot.choice(("urgent", "ordinary")))
        return "open"
    pk = lot.choice(known)
    unit = world.property_company.pk
    steps = {
        "dispatch": (world.dispatcher, {"unit": unit, "category": worlds.CATEGORY}),
        "accept": (world.manager, {}),
        "contact": (world.manager, {"note": "已联系"}),
        "complete": (world.manager, {"note": "已办好", "uploads": [worlds.photo(world.manager)]}),
        "verdict": (world.caller, {"solved": lot.random() < 0.6, "satisfaction": "基本满意"}),
        "end": (world.dispatcher, {"reason": "litigation", "note": "已起诉"}),
        "merge": (world.dispatcher, {"into": lot.choice(known)}),
    }
    done = ""
    for name, (by, data) in lot.sample(sorted(steps.items()), len(steps)):
        try:
            actions.act(pk, name, by=by, **data)
            done = name
        except Refused:
            continue
    return done


class TestReplies:
    def test_replies_within_five_fifteen_and_thirty_times_24_hours_are_counted_exactly(self, street, count_statements):
        for days, seconds in ((5, 0), (5, 1), (15, 0), (30, 0), (31, 0)):
            one = street.matter("2026-02-01 08:00")
            Matter.objects.filter(pk=one.pk).update(completed_at=one.opened_at + timedelta(days=days, seconds=seconds))
        street.matter("2026-02-01 08:00")
        figures(street.viewer(), since=date(2026, 1, 1), until=date(2026, 2, 1))
        with count_statements(at_most=1):
            said = answered_within(street.viewer())
        assert (said.received, said.answered, said.within) == (6, 5, {120: 1, 360: 3, 720: 4})
        assert said.share(720) == Fraction(4, 5)

    def test_only_those_opened_in_the_period_count_where_one_is_given(self, street):
        street.matter("2026-02-01 00:00", completed_at=street.evening("2026-02-01"))
        street.matter("2026-01-31 23:59", completed_at=street.evening("2026-02-01"))
        said = answered_within(street.viewer(), [24], since=date(2026, 2, 1), until=date(2026, 3, 1))
        assert (said.received, said.within[24]) == (1, 1)

    def test_nobody_sees_them_without_the_power(self, street):
        with pytest.raises(Refused, match="no-power"):
            answered_within(street.viewer(powers="view"))

    def test_no_hours_are_refused(self, street):
        with pytest.raises(Refused, match="hours-wrong"):
            answered_within(street.viewer(), [0])
