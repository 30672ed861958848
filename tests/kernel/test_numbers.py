"""Money, floor area, majorities and percentages: exact, and said as people say them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.fractions import at_least, over, parse_threshold, percent, say_rate
from youying.kernel.money import area_m2, fen, say_area_m2, say_yuan, share_out, yuan
from youying.kernel.refusals import Refused


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("3000", "3000.00"),
        ("3,000.5", "3000.50"),
        ("¥3000.50元", "3000.50"),
        ("￥ ３０００", "3000.00"),
        ("0.1", "0.10"),
        ("1.5000", "1.50"),
        (3000, "3000.00"),
        (Decimal("12.34"), "12.34"),
    ],
)
def test_money_is_exact_to_the_fen(written: str | int | Decimal, amount: str) -> None:
    assert yuan(written) == Decimal(amount)
    assert fen(yuan(written)) == int(Decimal(amount) * 100)


@pytest.mark.parametrize(
    "written", ["", "3.005", "-5", "三千", "1e9", "NaN", "3,00", "1 000", "9" * 15, Decimal("NaN"), "3元5"]
)
def test_what_is_no_sum_is_refused(written: str | Decimal) -> None:
    with pytest.raises(Refused, match="money-unreadable"):
        yuan(written)


def test_money_is_said_without_needless_fen() -> None:
    assert say_yuan(Decimal("3000.00")) == "3,000元"
    assert say_yuan(Decimal("3000.50")) == "3,000.50元"


@pytest.mark.parametrize("written", ["89.53", "89.53㎡", "89.53 平方米", "８９．５３", "89.53m²", Decimal("89.53")])
def test_floor_area_is_exact_to_the_hundredth(written: str | Decimal) -> None:
    assert area_m2(written) == Decimal("89.53")
    assert say_area_m2(area_m2(written)) == "89.53平方米"


@pytest.mark.parametrize("written", ["", "89.535", "-1", "999999999", "大", "89.53元"])
def test_what_is_no_area_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="area-unreadable"):
        area_m2(written)


def test_a_sum_is_shared_by_area_to_the_last_fen() -> None:
    assert share_out(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert share_out(Decimal("0.05"), [Decimal("89.53"), Decimal("45.10"), 0]) == [
        Decimal("0.03"),
        Decimal("0.02"),
        Decimal("0"),
    ]
    with pytest.raises(Refused, match="shares-impossible"):
        share_out(Decimal("100"), [0, 0])
    with pytest.raises(Refused, match="shares-impossible"):
        share_out(Decimal("100"), [2, -1])


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_shares_always_add_up(whole_fen: int, weights: list[int]) -> None:
    amount = Decimal(whole_fen) / 100
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(Fraction(share) - Fraction(amount) * weight / sum(weights)) < Fraction(1, 100)


def test_two_thirds_and_above_includes_two_thirds() -> None:
    two_thirds = Fraction(2, 3)
    assert at_least(2, 3, two_thirds)
    assert at_least(200, 300, two_thirds)
    assert not at_least(199, 300, two_thirds)
    assert not at_least(66_666_666_666, 100_000_000_000, two_thirds)
    assert at_least(Decimal("59687.00"), Decimal("89530.50"), two_thirds)
    assert not at_least(Decimal("59686.99"), Decimal("89530.50"), two_thirds)


def test_more_than_half_does_not_include_half() -> None:
    assert not over(150, 300, Fraction(1, 2))
    assert over(151, 300, Fraction(1, 2))


def test_nothing_of_nothing_reaches_nothing() -> None:
    assert not at_least(0, 0, Fraction(0))
    assert not over(0, 0, Fraction(1, 2))


@pytest.mark.parametrize(
    ("written", "said", "reached", "missed"),
    [
        ("> 1/2", "过半数", 151, 150),
        (">= 2/3", "三分之二以上", 200, 199),
        (">= 3/4", "四分之三以上", 225, 224),
        ("> 1/3", "超过三分之一", 101, 100),
        ("all", "全部", 300, 299),
    ],
)
def test_thresholds_of_packs(written: str, said: str, reached: int, missed: int) -> None:
    threshold = parse_threshold(written)
    assert threshold.say() == said
    assert threshold.reached(reached, 300)
    assert not threshold.reached(missed, 300)


@pytest.mark.parametrize("written", ["", "1/2", "> 0/3", "> 3/2", "> 1/0", "> 1/1", ">1/2", "most", "= 1/2"])
def test_what_is_no_threshold_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="fraction-unreadable"):
        parse_threshold(written)


@pytest.mark.parametrize(
    ("n", "d", "places", "printed"),
    [
        (123, 125, 1, "98.4%"),
        (1, 3, 1, "33.3%"),
        (2, 3, 1, "66.7%"),
        (1, 8, 1, "12.5%"),
        (1, 16, 1, "6.3%"),  # 6.25 goes up, where binary floating point would go to even
        (5, 1000, 0, "1%"),
        (1, 2000, 1, "0.1%"),
        (1, 2001, 1, "0.0%"),
        (999, 1000, 0, "100%"),
        (0, 7, 1, "0.0%"),
        (138, 138, 1, "100.0%"),
        (-78, 100, 1, "-78.0%"),
        (1, 3, 3, "33.333%"),
    ],
)
def test_percentages_are_rounded_half_up_exactly(n: int, d: int, places: int, printed: str) -> None:
    assert percent(n, d, places) == printed


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="rate-empty"):
        percent(0, 0)


def test_under_thirty_a_rate_is_said_in_counts() -> None:
    assert say_rate(25, 25) == "25 / 25 件"
    assert say_rate(29, 29, of="户") == "29 / 29 户"
    assert say_rate(0, 0) == "0 / 0 件"
    assert say_rate(30, 30) == "100.0%"
