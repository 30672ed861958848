"""Which offer suits an order: hard limits first, then wishes in their order; every step shown in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from youying.kernel.geo import Point, distance_m

PARTS: Mapping[str, str] = {"morning": "上午", "afternoon": "下午", "evening": "晚上"}
"""The parts of a day that an offer is good for and an order may ask for."""

WEEKDAYS: Mapping[int, str] = {1: "周一", 2: "周二", 3: "周三", 4: "周四", 5: "周五", 6: "周六", 7: "周日"}
"""Days of the week as ISO numbers them."""

LEVEL_WORDS: Mapping[int, str] = {12: "同一社区", 9: "同一街道", 6: "同一区县", 4: "同一城市"}
"""The length of the last area code that two places share → how near that is."""

FAR_M = float("inf")


@dataclass(frozen=True, slots=True)
class Supply:
    """One open offer in one month; `waiting` are orders sent to it that nobody has accepted yet."""

    id: int
    unit_id: int
    unit: str
    what: str
    who: str
    items: frozenset[str]
    area_path: str
    base_path: str
    weekdays: frozenset[int]
    parts: frozenset[str]
    capacity: int
    taken: int = 0
    waiting: int = 0
    point: tuple[float, float] | None = None

    @property
    def left(self) -> int:
        """How often it can still be had this month, nobody's answer forestalled."""
        return max(self.capacity - self.taken - self.waiting, 0)

    @property
    def load(self) -> Fraction:
        """The used share of the month."""
        return Fraction(self.taken + self.waiting, self.capacity)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an order asks for; `who` are the posts and unit types that the menu lets serve."""

    item: str
    title: str
    who: tuple[str, ...]
    place_path: str
    on: date | None = None
    part: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the working: which limit or wish, whether it holds, and why in words."""

    word: str
    holds: bool
    say: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One offer that meets every limit, with the working of limits and wishes."""

    supply: Supply
    checks: tuple[Check, ...]
    wishes: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One offer that is not proposed, and the first reason why."""

    supply: Supply
    say: str


def _who(supply: Supply, wanted: Wanted) -> Check:
    holds = supply.who in wanted.who
    return Check("who", holds, "菜单上写的就是由它来做" if holds else "菜单没有写由它来做")


def _skill(supply: Supply, wanted: Wanted) -> Check:
    holds = wanted.item in supply.items
    return Check("skill", holds, f"会做“{wanted.title}”" if holds else f"清单里没有“{wanted.title}”")


def _area(supply: Supply, wanted: Wanted) -> Check:
    holds = _within(wanted.place_path, supply.area_path)
    return Check("area", holds, "在它服务的范围里" if holds else "不在它服务的范围里")


def _hours(supply: Supply, wanted: Wanted) -> Check:
    day_fits = wanted.on is None or wanted.on.isoweekday() in supply.weekdays
    part_fits = not wanted.part or wanted.part in supply.parts
    when = _when(wanted)
    if not when:
        return Check("hours", True, "没有指定时间")
    return Check("hours", day_fits and part_fits, f"{when}有空" if day_fits and part_fits else f"{when}没有空")


def _capacity(supply: Supply, wanted: Wanted) -> Check:
    if not supply.left:
        return Check("capacity", False, f"这个月的{supply.capacity}次已经用完")
    return Check("capacity", True, f"这个月还能服务{supply.left}次（一共{supply.capacity}次）")


KEEP: Mapping[str, Callable[[Supply, Wanted], Check]] = {
    "skill": _skill,
    "area": _area,
    "hours": _hours,
    "capacity": _capacity,
}
"""The hard limits that a plan may keep; an offer that breaks one is not proposed and cannot be given the order."""


def _nearest(supply: Supply, wanted: Wanted) -> tuple[tuple[int, float], str]:
    shared = _shared(supply.base_path, wanted.place_path)
    steps = len(_segments(wanted.place_path)) - len(shared)
    metres = FAR_M
    if supply.point and wanted.point:
        metres = distance_m(Point(*supply.point), Point(*wanted.point))
    words = _nearness(shared)
    return (steps, metres), words if metres == FAR_M else f"{words}，相距约{_rounded(metres)}"


def _least_loaded(supply: Supply, wanted: Wanted) -> tuple[Fraction, str]:
    return supply.load, f"这个月{supply.capacity}次里用了{supply.taken + supply.waiting}次"


PREFER: Mapping[str, Callable[[Supply, Wanted], tuple[object, str]]] = {
    "nearest": _nearest,
    "least-loaded": _least_loaded,
}
"""The wishes that a plan may order: a key, least first, and its words."""


def checks_of(supply: Supply, wanted: Wanted, *, keep: Iterable[str]) -> tuple[Check, ...]:
    """Every hard limit with its outcome: who may serve always, the others where the plan keeps them."""
    return (_who(supply, wanted), *(KEEP[word](supply, wanted) for word in keep))


def broken(checks: Iterable[Check]) -> Check | None:
    """The first limit that does not hold."""
    return next((check for check in checks if not check.holds), None)


def rank(
    supplies: Iterable[Supply],
    wanted: Wanted,
    *,
    keep: Iterable[str],
    prefer: Iterable[str],
    declined: Collection[int] = (),
) -> tuple[list[Proposal], list[LeftOut]]:
    """The offers that fit, best first, and those left out with the reason.

    `declined` are units that declined this order or let its time lapse. Equals keep the order of their making.
    """
    limits, wishes = tuple(keep), tuple(prefer)
    fitting: list[tuple[tuple[object, ...], Proposal]] = []
    left_out: list[LeftOut] = []
    for supply in supplies:
        checks = checks_of(supply, wanted, keep=limits)
        if supply.unit_id in declined:
            left_out.append(LeftOut(supply, "这一单它没有接，不再推荐"))
        elif first := broken(checks):
            left_out.append(LeftOut(supply, first.say))
        else:
            keys = [(word, *PREFER[word](supply, wanted)) for word in wishes]
            said = tuple(Check(word, True, say) for word, _, say in keys)
            fitting.append(((*(key for _, key, _ in keys), supply.id), Proposal(supply, checks, said)))
    return [proposal for _, proposal in sorted(fitting, key=lambda one: one[0])], left_out


def month_of(day: date) -> date:
    """The first day of the month in which a service counts."""
    return day.replace(day=1)


def _when(wanted: Wanted) -> str:
    day = f"{wanted.on:%-m月%-d日}（{WEEKDAYS[wanted.on.isoweekday()]}）" if wanted.on else ""
    return day + PARTS.get(wanted.part, "")


def _segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _within(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip("/") + "/")


def _shared(one: str, other: str) -> list[str]:
    shared = []
    for mine, theirs in zip(_segments(one), _segments(other), strict=False):
        if mine != theirs:
            break
        shared.append(mine)
    return shared


def _nearness(shared: list[str]) -> str:
    last = shared[-1] if shared else ""
    if last.startswith("b"):
        return "同一栋楼"
    if last.startswith("c"):
        return "同一小区"
    return LEVEL_WORDS.get(len(last), "较远")


def _rounded(metres: float) -> str:
    return f"{round(metres, -1):.0f}米" if metres < 1000 else f"{metres / 1000:.1f}公里"
