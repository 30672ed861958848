"""Words of the house and its own packs for English readers; what a place wrote itself stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from youying.faces.shared.house_words import told
from youying.faces.shared.words import period
from youying.insight.periods import Period
from youying.packs.words import HOUSE_ACTS, VERBS


@pytest.mark.parametrize("word", [*VERBS.values(), *HOUSE_ACTS.values()])
def test_every_verb_and_house_act_has_its_english(word: str) -> None:
    assert told(word) == word
    with override("en"):
        assert told(word).isascii()


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("响应率", "Response rate"),
        ("已研判", "Judged"),
        ("分派", "Assign"),
        ("超2天3小时", "2 d 3 h over"),
        ("剩23小时47分", "23 h 47 min left"),
        ("3时5分", "3 h 5 min"),
        ("已超期", "Overdue"),
        ("入户看水管", "入户看水管"),
        ("剩", "剩"),
        ("", ""),
    ],
)
def test_titles_of_our_packs_and_lamps_are_told_in_english_and_local_ones_stay(said: str, english: str) -> None:
    assert told(said) == said
    with override("en"):
        assert told(said) == english


@pytest.mark.parametrize(
    ("since", "english"),
    [(date(2026, 11, 1), "1 November – 21 November 2026"), (date(2025, 1, 1), "1 January 2025 – 21 November 2026")],
)
def test_a_period_is_told_in_the_readers_language(since: date, english: str) -> None:
    said = Period(since, date(2026, 11, 22))
    assert period(said) == said.say()
    with override("en"):
        assert period(said) == english
