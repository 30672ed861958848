"""Numbers and moments as a page says them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.utils import translation

from youying.faces.shared import words
from youying.kernel.moments import StillClock

SENT = datetime(2026, 11, 18, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numerator", "denominator", "said"),
    [
        (122, 124, "98.4%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 8, "12.5%"),
        (999, 1000, "99.9%"),
        (1, 1, "100.0%"),
        (0, 0, "—"),
    ],
)
def test_a_share_is_rounded_half_up_from_the_exact_fraction(numerator: int, denominator: int, said: str) -> None:
    assert words.percent(numerator, denominator) == said


@pytest.mark.parametrize(("cases", "is_rate"), [(0, False), (29, False), (30, True)])
def test_thirty_cases_make_a_rate(cases: int, is_rate: bool) -> None:
    assert words.enough(cases) is is_rate


def test_a_moment_is_said_in_the_zone_of_the_place(at: Callable[[str], StillClock]) -> None:
    at("2026-11-18 10:00")
    assert words.moment(SENT) == "今天 09:20"
    assert words.full(SENT) == "2026-11-18 09:20"
    assert words.clock_time(SENT) == "09:20"
    assert words.day(SENT) == "11月18日 星期三"


def test_an_english_reader_gets_english_moments(at: Callable[[str], StillClock]) -> None:
    at("2026-11-18 10:00")
    with translation.override("en"):
        assert words.moment(SENT) == "18 Nov 09:20"
        assert words.day(SENT) == "Wednesday, 18 November"
        assert words.left(3 * 3600 + 600) == "3 h 10 min left"
        assert words.left(-40 * 60) == "40 min over"


def test_a_residents_own_quotation_marks_become_single_ones() -> None:
    assert words.quoted("他说“马上来”，没来。") == "“他说‘马上来’，没来。”"
