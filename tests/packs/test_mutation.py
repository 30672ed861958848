"""The linter is judged by what it catches: every library pack damaged in one place at a time.

The suite judges a fixed sample of each class; `YOUYING_WHOLE_MUTATION=1` (or `python -m tests.packs.mutate`) the whole.
"""

from __future__ import annotations

import os

import pytest

from tests.packs.lawful import LAWFUL
from tests.packs.mutate import CLASSES, Score, mutants, report, run
from youying.packs.source import library

SAMPLE = 60


pytestmark = pytest.mark.xdist_group("mutation")


@pytest.fixture(scope="module")
def score() -> Score:
    return run(None if os.environ.get("YOUYING_WHOLE_MUTATION") else SAMPLE)


def test_of_the_unlawful_mutants_97_percent_are_refused(score: Score) -> None:
    assert score.whole >= 0.97, report(score)


@pytest.mark.parametrize("kind", CLASSES)
def test_of_each_class_90_percent_are_refused(score: Score, kind: str) -> None:
    assert score.tried[kind] > 0
    assert score.share(kind) >= 0.9, report(score)


def test_every_survivor_is_listed_by_name_with_why_it_is_lawful(score: Score) -> None:
    survivors = {name for names in score.survivors.values() for name in names}
    assert survivors <= set(LAWFUL), report(score)


def test_lawful_survivors_are_at_most_four_percent_of_all() -> None:
    every = [mutant.name for raw in library().values() for mutant in mutants(raw)]
    assert set(LAWFUL) <= set(every), sorted(set(LAWFUL) - set(every))
    assert len(LAWFUL) / len(every) <= 0.04
