"""Matching as a decision: limits, wishes, their order, and the working in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from youying.partners.rules import KEEP, PREFER, Supply, Wanted, broken, checks_of, month_of, rank

HOUSE = "/99/9901/990101/990101001/990101001001/c4/b9"
LIMITS = ("capacity", "hours", "skill", "area")
WISHES = ("nearest", "least-loaded")
MONDAY = date(2026, 11, 16)


def supply(number: int = 1, **more: Any) -> Supply:
    base: dict[str, Any] = {
        "id": number,
        "unit_id": number,
        "unit": f"第{number}家",
        "what": "法律咨询",
        "who": "partner",
        "items": frozenset({"legal"}),
        "area_path": "/99/9901/990101/990101001/990101001001",
        "base_path": "/99/9901/990101/990101001/990101001001",
        "weekdays": frozenset({1, 2, 3, 4, 5}),
        "parts": frozenset({"morning"}),
        "capacity": 4,
    }
    return Supply(**{**base, **more})


def wanted(**more: Any) -> Wanted:
    base: dict[str, Any] = {"item": "legal", "title": "法律咨询", "who": ("partner",), "place_path": HOUSE}
    return Wanted(**{**base, **more})


def reason(one: Supply, want: Wanted, keep: tuple[str, ...] = LIMITS) -> str:
    first = broken(checks_of(one, want, keep=keep))
    return first.say if first else ""


def test_an_offer_that_meets_every_limit_is_proposed_with_its_working() -> None:
    (proposal,), left_out = rank([supply()], wanted(on=MONDAY, part="morning"), keep=LIMITS, prefer=WISHES)
    assert left_out == []
    assert [check.say for check in proposal.checks] == [
        "菜单上写的就是由它来做",
        "这个月还能服务4次（一共4次）",
        "11月16日（周一）上午有空",
        "会做“法律咨询”",
        "在它服务的范围里",
    ]
    assert [check.say for check in proposal.wishes] == ["同一社区", "这个月4次里用了0次"]


@pytest.mark.parametrize(
    ("one", "want", "say"),
    [
        (supply(who="volunteer"), wanted(), "菜单没有写由它来做"),
        (supply(items=frozenset({"haircut"})), wanted(), "清单里没有“法律咨询”"),
        (supply(area_path=HOUSE + "/x"), wanted(), "不在它服务的范围里"),
        (supply(area_path="/99/9901/990101/990101001/99010100100"), wanted(), "不在它服务的范围里"),
        (supply(), wanted(on=date(2026, 11, 15)), "11月15日（周日）没有空"),
        (supply(), wanted(part="evening"), "晚上没有空"),
        (supply(taken=4), wanted(), "这个月的4次已经用完"),
        (supply(taken=3, waiting=1), wanted(), "这个月的4次已经用完"),
        (supply(taken=9), wanted(), "这个月的4次已经用完"),
    ],
)
def test_each_limit_has_its_own_words(one: Supply, want: Wanted, say: str) -> None:
    assert reason(one, want) == say
    assert rank([one], want, keep=LIMITS, prefer=WISHES)[0] == []


def test_who_may_serve_always_counts_whatever_the_plan_keeps() -> None:
    assert reason(supply(who="volunteer"), wanted(), keep=()) == "菜单没有写由它来做"


def test_no_wanted_time_breaks_no_hours() -> None:
    assert [check.say for check in checks_of(supply(), wanted(), keep=("hours",))][-1] == "没有指定时间"


def test_the_same_place_itself_is_within_the_area() -> None:
    assert reason(supply(area_path=HOUSE), wanted(), keep=("area",)) == ""


def test_the_nearer_comes_first_then_the_less_loaded() -> None:
    near_busy = supply(1, base_path=HOUSE[: HOUSE.index("/b9")], taken=3)
    near_free = supply(2, base_path=HOUSE[: HOUSE.index("/b9")], taken=1)
    far = supply(3, base_path="/99/9901/990101")
    found, _ = rank([far, near_busy, near_free], wanted(), keep=LIMITS, prefer=WISHES)
    assert [one.supply.id for one in found] == [2, 1, 3]
    turned, _ = rank([far, near_busy, near_free], wanted(), keep=LIMITS, prefer=("least-loaded", "nearest"))
    assert [one.supply.id for one in turned] == [3, 2, 1]


def test_without_wishes_the_order_of_making_stays() -> None:
    found, _ = rank([supply(5), supply(2), supply(9)], wanted(), keep=LIMITS, prefer=())
    assert [one.supply.id for one in found] == [2, 5, 9]


@pytest.mark.parametrize(
    ("base", "say"),
    [
        (HOUSE, "同一栋楼"),
        (HOUSE[: HOUSE.index("/b9")], "同一小区"),
        ("/99/9901/990101/990101001/990101001001/c7", "同一社区"),
        ("/99/9901/990101/990101001/990101001002", "同一街道"),
        ("/99/9901/990101/990101002", "同一区县"),
        ("/99/9901/990102", "同一城市"),
        ("/98", "较远"),
    ],
)
def test_nearness_is_said_by_the_last_place_that_is_shared(base: str, say: str) -> None:
    assert PREFER["nearest"](supply(base_path=base), wanted())[1] == say


def test_metres_decide_between_two_equally_near_and_are_said() -> None:
    at = (101.78, 36.62)
    one = supply(1, point=(101.79, 36.62))
    other = supply(2, point=(101.7805, 36.62))
    found, _ = rank([one, other], wanted(point=at), keep=LIMITS, prefer=("nearest",))
    assert [proposal.supply.id for proposal in found] == [2, 1]
    assert [proposal.wishes[0].say for proposal in found] == ["同一社区，相距约40米", "同一社区，相距约890米"]
    far = supply(3, point=(101.90, 36.62))
    assert PREFER["nearest"](far, wanted(point=at))[1] == "同一社区，相距约10.7公里"


def test_who_declined_is_left_out_whatever_fits() -> None:
    found, left_out = rank([supply(1), supply(2)], wanted(), keep=LIMITS, prefer=WISHES, declined={1})
    assert [one.supply.id for one in found] == [2]
    assert [(one.supply.id, one.say) for one in left_out] == [(1, "这一单它没有接，不再推荐")]


def test_load_and_what_is_left_count_what_waits_for_an_answer() -> None:
    assert (supply(taken=1, waiting=1).left, supply(taken=1, waiting=1).load) == (2, Fraction(1, 2))
    assert supply(taken=5).left == 0


def test_a_month_is_known_by_its_first_day() -> None:
    assert month_of(date(2028, 2, 29)) == date(2028, 2, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    taken=st.lists(st.integers(0, 6), min_size=1, max_size=8),
    prefer=st.permutations(WISHES),
)
def test_every_offer_is_either_proposed_or_left_out_and_no_used_up_one_is_proposed(
    taken: list[int], prefer: list[str]
) -> None:
    supplies = [supply(n, taken=used) for n, used in enumerate(taken, 1)]
    found, left_out = rank(supplies, wanted(), keep=tuple(KEEP), prefer=prefer)
    assert sorted(one.supply.id for one in [*found, *left_out]) == [one.id for one in supplies]
    assert all(one.supply.left > 0 for one in found)
    assert [one.supply.load for one in found] == sorted(one.supply.load for one in found)
