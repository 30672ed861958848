"""Assessments: exact shares weighed to a hundred, classes instead of ranks, inputs frozen, one run a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib import import_module
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matters.world import adopt
from tests.people.saying import edition
from tests.places.town import Town, build_town
from youying.assessments import queries, rules
from youying.assessments.actions import Assessed, follow_move, run
from youying.assessments.models import AssessmentRun, AssessmentScore
from youying.assessments.rules import Line, Share, Terms, grade, say_score, terms_of
from youying.editions.snapshot import STAMP
from youying.kernel.moments import now, still
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.packs.source import library, with_value
from youying.places import actions as places
from youying.places.actions import touch

MADE_WHOLE = import_module("youying.assessments.migrations.0003_whole_numbers")
OCTOBER = {"since": date(2026, 10, 1), "until": date(2026, 11, 1)}
SHARES = {"arrive": Share(Fraction(9), Fraction(10)), "effect": Share(Fraction(34), Fraction(40))}


def refused(code: str) -> Any:
    """The act must be refused with this code."""
    return pytest.raises(Refused, match=f"^{code}:")


def terms(**said: Any) -> Terms:
    """The assessment of departments, with some keys said otherwise."""
    return terms_of(edition("m05", **said), "departments")


DEPARTMENTS = terms()


@pytest.fixture
def town(db: None, at: Any) -> Town:
    """A town whose street whistles, in the middle of November."""
    at("2026-11-13 10:00")
    made = build_town()
    adopt("m05", made.town.path)
    return made


def leader(town: Town) -> Viewer:
    """Who assesses: he sees the rates of the street."""
    return replace(town.secretary, reach=town.town.path, powers=frozenset({"view", "rates"}))


def assessed(**shares: Share) -> list[Assessed]:
    """Two departments: the first as told, the second with nothing in the period."""
    return [Assessed("unit:1", "区住建局", shares or SHARES), Assessed("unit:2", "区城管局", {})]


def ran(town: Town, **more: Any) -> AssessmentRun:
    """October is assessed."""
    said: dict[str, Any] = {**OCTOBER, "assessed": assessed(), **more}
    return run("departments", by=leader(town), path=town.town.path, **said)


@pytest.mark.word("assessment", "assessment.lines")
def test_the_lines_and_weights_of_the_pack_make_the_score_exactly() -> None:
    done = grade(terms(), SHARES)
    assert (done.score, say_score(done.score)) == (Fraction(60 * 9, 10) + Fraction(40 * 34, 40), "88.0")
    other = terms(assessment__departments__lines__arrive__weight=50, assessment__departments__lines__effect__weight=50)
    assert grade(other, SHARES).score == Fraction(175, 2)


def test_a_line_with_nothing_to_assess_is_left_out_and_the_rest_weighs_a_hundred() -> None:
    done = grade(terms(), {"effect": SHARES["effect"]})
    assert (done.score, [one.weight for one in done.lines]) == (Fraction(85), [0, 100])
    assert grade(terms(), {}).score is None
    assert say_score(None) == "本期无数据"


def test_weights_that_are_no_hundred_are_refused() -> None:
    with refused("weights-not-a-hundred"):
        rules.checked_lines([Line("a", "甲", "figure:x", 60), Line("b", "乙", "figure:y", 39)])


@pytest.mark.word("assessment.bands")
def test_the_class_is_that_of_the_pack_or_one_of_four() -> None:
    assert grade(terms(), SHARES).band.title == "良好"  # type: ignore[union-attr]
    bands = [{"at_least": 88, "title": "甲等"}, {"at_least": 0, "title": "乙等"}]
    told = terms(assessment__departments__bands=bands)
    assert grade(told, SHARES).band.title == "甲等"  # type: ignore[union-attr]
    worse = {**SHARES, "arrive": Share(Fraction(8), Fraction(10))}
    assert grade(told, worse).band.title == "乙等"  # type: ignore[union-attr]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 99)), min_size=1, max_size=8))
def test_a_score_lies_between_nothing_and_a_hundred_whatever_comes_in(lines: list[tuple[int, int, int]]) -> None:
    total = sum(weight for _have, _of, weight in lines)
    told = replace(DEPARTMENTS, lines=tuple(Line(str(n), "行", "figure:x", w) for n, (_h, _o, w) in enumerate(lines)))
    shares = {str(n): Share(Fraction(min(have, of)), Fraction(of)) for n, (have, of, _w) in enumerate(lines)}
    done = grade(told, shares)
    if done.score is None:
        assert all(of == 0 for _have, of, _weight in lines)
    else:
        assert 0 <= done.score <= 100
        assert sum(one.weight for one in done.lines) == 100
        assert total > 0


@pytest.mark.word("assessment.of:unit")
def test_units_are_graded_in_classes_and_never_ranked(town: Town) -> None:
    assert terms().of == "unit:department"
    row = ran(town)
    seen = queries.one_run(leader(town), row.pk)
    assert [(band, [one.title for one in scores]) for band, scores in seen.classes] == [
        ("良好", ["区住建局"]),
        ("本期无数据", ["区城管局"]),
    ]
    first = seen.classes[0][1][0]
    assert (first.score, first.said) == (Fraction(88), "88.0")
    assert [(one["takes"], one["have"], one["of"], one["points"]) for one in first.working] == [
        ("figure:reported-in", "9", "10", "54"),
        ("sheet:unit-rating", "34", "40", "34"),
    ]


def test_a_period_is_assessed_once_and_again_only_by_saying_so(town: Town) -> None:
    first = ran(town)
    with refused("assessed-already"):
        ran(town)
    second = ran(town, again=True, assessed=assessed(arrive=Share(Fraction(1), Fraction(1))))
    assert AssessmentRun.objects.get(pk=first.pk).replaced_by_id == second.pk
    assert [(one.id, one.replaced) for one in queries.runs(leader(town))] == [(second.pk, False), (first.pk, True)]
    assert queries.one_run(leader(town), first.pk).classes[0][1][0].said == "88.0"


def test_what_went_in_stays_when_the_pack_changes(town: Town, at: Any) -> None:
    row = ran(town)
    at("2026-11-14 10:00")
    raw = with_value(library()["m05"], key="assessment.departments.lines.arrive.weight", value=10)
    adopt(with_value(raw, key="assessment.departments.lines.effect.weight", value=90), town.town.path)
    touch(STAMP)
    assert queries.one_run(leader(town), row.pk).classes[0][1][0].said == "88.0"


def test_a_score_stays_exact_however_long_its_fraction(town: Town) -> None:
    shares = {"arrive": Share(Fraction(1), Fraction(10**40 + 1)), "effect": Share(Fraction(7), Fraction(10**30 + 57))}
    row = ran(town, assessed=assessed(**shares))
    seen = queries.one_run(leader(town), row.pk)
    scores = [one.score for _band, found in seen.classes for one in found]
    assert grade(DEPARTMENTS, shares).score in scores


def test_a_score_that_was_kept_as_a_rounded_number_is_read_exactly_again(town: Town) -> None:
    """SQLite kept what outgrows its whole numbers as 1.23e+22; the points of the lines still say it exactly."""
    long = {"arrive": Share(Fraction(1), Fraction(10**40 + 1)), "effect": Share(Fraction(7), Fraction(10**30 + 57))}
    row = ran(town, assessed=assessed(**long))
    before = list(AssessmentScore.objects.filter(run=row).order_by("pk").values_list("numerator", "denominator"))
    AssessmentScore.objects.filter(run=row, numerator__isnull=False).update(numerator="1.5e+22", denominator="2.0e+22")
    with pytest.raises(ValueError, match="invalid literal"):
        queries.one_run(leader(town), row.pk)
    MADE_WHOLE.make_whole(apps, None)
    assert (
        list(AssessmentScore.objects.filter(run=row).order_by("pk").values_list("numerator", "denominator")) == before
    )
    AssessmentScore.objects.filter(run=row, numerator__isnull=False).update(
        numerator="1.5e+22", denominator="2.0e+22", working=[]
    )
    MADE_WHOLE.make_whole(apps, None)
    classes = queries.one_run(leader(town), row.pk).classes
    assert Fraction(3, 4) in [one.score for _band, found in classes for one in found]


@pytest.mark.django_db(transaction=True)
def test_two_who_assess_a_period_at_once_assess_it_once(at: Any) -> None:
    at("2026-11-13 10:00")
    street = build_town()
    adopt("m05", street.town.path)
    moment, gate, got = now(), Barrier(2), []

    def try_it() -> None:
        gate.wait()
        try:
            with still(moment):
                ran(street)
            got.append("done")
        except Refused as refusal:
            got.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=try_it) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == ["assessed-already", "done"]
    assert AssessmentRun.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"since": date(2026, 11, 1), "until": date(2026, 10, 1)}, "period-backwards"),
        ({"until": date(2026, 12, 1)}, "period-running"),
        ({"assessed": []}, "assessed-nobody"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(town: Town, said: dict[str, Any], code: str) -> None:
    with refused(code):
        ran(town, **said)
    assert not AssessmentRun.objects.exists()


def test_who_does_not_see_rates_or_not_here_assesses_nothing(town: Town) -> None:
    with refused("no-power"):
        run("departments", by=town.secretary, path=town.town.path, assessed=assessed(), **OCTOBER)
    with refused("out-of-reach"):
        far = replace(leader(town), reach=town.other_community.path)
        run("departments", by=far, path=town.town.path, assessed=assessed(), **OCTOBER)
    row = ran(town)
    with refused("not-found"):
        queries.one_run(replace(leader(town), reach=town.other_community.path), row.pk)
    with refused("assessment-unknown"):
        run("nothing", by=leader(town), path=town.town.path, assessed=assessed(), **OCTOBER)


def test_runs_move_with_their_area(town: Town) -> None:
    row = run("departments", by=leader(town), path=town.community.path, assessed=assessed(), **OCTOBER)
    area = places.add_area("990101003", name="新街道", level="town", parent="/99/9901/990101", by=SYSTEM)
    places.move(town.community.path, to=area.path, by=SYSTEM)
    assert AssessmentRun.objects.get(pk=row.pk).area_path.startswith(area.path)
    assert follow_move("/nowhere", new_path="/elsewhere", by=SYSTEM) == 0
