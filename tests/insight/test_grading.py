"""Rates stand in classes, never in ranks: with exact limits, and none for too few."""

from __future__ import annotations

import pytest

from tests.insight.street import adopt
from tests.insight.test_figures import YEAR, done
from youying.insight.grading import grade
from youying.insight.measures import Cell
from youying.insight.queries import figures


def cell(n, d):
    """A rate of n of d."""
    return Cell(n, d, "none", n, d, {})


@pytest.mark.parametrize(
    ("n", "d", "said"),
    [(95, 100, "first"), (94, 100, "second"), (85, 100, "second"), (84, 100, "third"), (29, 29, None), (0, 0, None)],
)
def test_a_limit_belongs_to_the_better_class_and_too_few_have_none(n, d, said):
    assert grade("solved", cell(n, d), {}) == said


def test_a_rate_of_which_less_is_better_has_no_class():
    assert grade("false-completion", cell(40, 40), {}) is None


@pytest.mark.django_db
def test_a_place_sets_its_own_limits(street):
    done(street, n=27)
    street.matter(n=3, solved=False)
    board = figures(street.viewer(), ["solved"], **YEAR)
    held = board.total.cells["solved"]
    assert grade("solved", held, board.measures["solved"].params) == "second"
    adopt('[params]\ngrade-first = { title = "一档", value = 90, unit = "%" }\n')
    board = figures(street.viewer(), ["solved"], **YEAR)
    assert grade("solved", held, board.measures["solved"].params) == "first"


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "said"), [(90, "second"), (91, "third")])
def test_grade_second(street, limit, said):
    adopt(f'[params]\ngrade-second = {{ title = "二档", value = {limit}, unit = "%" }}\n')
    done(street, n=27)
    street.matter(n=3, solved=False)
    board = figures(street.viewer(), ["solved"], **YEAR)
    assert grade("solved", board.total.cells["solved"], board.measures["solved"].params) == said
