"""What a division of a community into grids must keep and would like; the sizes and shares of one, in whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from youying.kernel.refusals import Refused

LEAST_HOMES = 300
MOST_HOMES = 500
NEW = "+"
"""What the name of a grid begins with that a proposal makes."""
KEEPS = ("contiguous", "boundary", "min-size", "max-size")
PREFERS = ("balanced", "same-as-before", "nearest")
FAIR_PERCENT = 8
"""Within this distance of the average, either way, one grid is as good as another."""
WEIGHTS = (1_000, 4, 1)
"""The first wish leads; what stands behind it decides where it does not care."""
SCALE = 10**9
OUT_OF_RANGE = 10**18
"""What one home too many or too few weighs: more than all wishes together."""


@dataclass(frozen=True, slots=True)
class Block:
    """A building as a division sees it; `point` or `polygon` (WGS 84) say where, `today` is the code of its grid."""

    key: int
    name: str
    homes: int
    workload: int = 0
    compound: int = 0
    point: tuple[float, float] | None = None
    polygon: Mapping[str, Any] | None = None
    today: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What must be kept, and what is preferred, the first most."""

    least_homes: int = LEAST_HOMES
    most_homes: int = MOST_HOMES
    keep: tuple[str, ...] = KEEPS
    prefer: tuple[str, ...] = PREFERS

    @property
    def least(self) -> int:
        """The fewest homes of a grid, as far as a least is kept."""
        return self.least_homes if "min-size" in self.keep else 1

    def most(self, homes: int) -> int:
        """The most homes of a grid, as far as a most is kept."""
        return self.most_homes if "max-size" in self.keep else max(homes, 1)

    def weight(self, wish: str) -> int:
        """How much a wish counts; nothing when it is not said."""
        return WEIGHTS[self.prefer.index(wish)] if wish in self.prefer else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The sizes of the grids of a division; a spread is the most less the least, in percent of the average."""

    grids: int
    least_homes: int
    most_homes: int
    spread_percent: int
    workload_spread_percent: int


@dataclass(frozen=True, slots=True)
class Division:
    """A proposal: the grid of every building (new grids are named +1, +2 …), and who is left out and why."""

    grids: Mapping[int, str]
    left: Mapping[int, str]
    before: Figures
    after: Figures
    homes_moved: int


class Load(NamedTuple):
    """What a grid bears, with the moments by which its centre and its width are known (decimetres)."""

    homes: int = 0
    workload: int = 0
    x: int = 0
    y: int = 0
    squares: int = 0

    def plus(self, other: Load) -> Load:
        """Both together."""
        return Load(
            self.homes + other.homes,
            self.workload + other.workload,
            self.x + other.x,
            self.y + other.y,
            self.squares + other.squares,
        )

    def minus(self, other: Load) -> Load:
        """This without a part of it."""
        return Load(
            self.homes - other.homes,
            self.workload - other.workload,
            self.x - other.x,
            self.y - other.y,
            self.squares - other.squares,
        )

    def width(self) -> int:
        """The sum of the squared distances of the homes from their centre, in square decimetres."""
        return self.squares - (self.x * self.x + self.y * self.y) // self.homes if self.homes else 0


def load_of(block: Block, spot: tuple[int, int]) -> Load:
    """What one building adds to a grid."""
    x, y = spot
    return Load(block.homes, block.workload, block.homes * x, block.homes * y, block.homes * (x * x + y * y))


@dataclass(frozen=True)
class Aim:
    """How far a division into so many grids is from what is wanted; whole numbers, the fewer the better."""

    terms: Terms
    total: Load
    count: int

    def cost(self, load: Load) -> int:
        """The part of one grid."""
        least, most, balanced, near, width = self._numbers
        homes = load.homes
        cost = near * load.width() * SCALE // width if near else 0
        if balanced:
            cost += balanced * (
                self._beyond(homes, self.total.homes) + self._beyond(load.workload, self.total.workload)
            )
        if least <= homes <= most:
            return cost
        return cost + max(homes - most, least - homes) ** 2 * OUT_OF_RANGE

    @cached_property
    def _numbers(self) -> tuple[int, int, int, int, int]:
        """The least and the most homes, the weights of fairness and of nearness, and the width of the whole."""
        terms, homes = self.terms, self.total.homes
        wishes = (terms.weight("balanced"), terms.weight("nearest"))
        return (terms.least, terms.most(homes), *wishes, max(self.total.width(), 1))

    def _beyond(self, part: int, total: int) -> int:
        """The square of what lies beyond the fair band, as a share of everything."""
        excess = abs(part * self.count - total) * 100 - FAIR_PERCENT * total
        return excess * excess * SCALE // (10_000 * total * total * self.count) if excess > 0 else 0

    @cached_property
    def _same(self) -> int:
        return self.terms.weight("same-as-before") * SCALE

    def change(self, homes: int) -> int:
        """What it costs that so many homes come under another grid than today."""
        return self._same * homes // max(self.total.homes, 1)


def terms_of(keep: Sequence[str], *, prefer: Sequence[str], params: Mapping[str, int | float | str]) -> Terms:
    """The terms that a pack's plan says, with the street's numbers; refused when they cannot be kept together."""
    for word in [*keep, *prefer]:
        if word not in KEEPS and word not in PREFERS:
            raise Refused("plan-word-unknown", say=f"划分网格不会用“{word}”这个要求，请从机制包里去掉。", have=word)
    least = int(params.get("grid-homes-least", LEAST_HOMES))
    most = int(params.get("grid-homes-most", MOST_HOMES))
    if not 1 <= least <= most:
        raise Refused(
            "plan-range-empty", say=f"每个网格{least}至{most}户说不通，最少户数要大于零且不超过最多户数。", have=least
        )
    return Terms(least, most, tuple(keep), tuple(prefer))


def check_blocks(blocks: Sequence[Block], *, seats: Mapping[int, str], terms: Terms) -> None:
    """Refused when no division can exist: nobody lives there, a building too large, too few homes, an unknown seat."""
    homes = sum(block.homes for block in blocks)
    keys = {block.key for block in blocks}
    if len(keys) < len(blocks) or any(block.homes < 0 or block.workload < 0 for block in blocks):
        raise Refused("blocks-unreadable", say="楼栋不能重复，户数和工作量不能是负数。", have=len(blocks))
    for block in blocks:
        if block.homes > terms.most(homes):
            say = f"“{block.name}”一栋就有{block.homes}户，超过每个网格最多{terms.most_homes}户，请先提高上限。"
            raise Refused("building-too-large", say=say, have=block.homes, need=terms.most_homes)
    if homes < terms.least or not homes:
        say = f"一共只有{homes}户，不够一个网格最少的{terms.least}户，请和相邻片区一起划分。"
        raise Refused("homes-too-few", say=say, have=homes, need=terms.least)
    if strange := sorted(set(seats) - keys):
        raise Refused("seat-unknown", say="指定了网格的楼栋不在这次划分的楼栋里。", have=strange[0])


def counts_for(homes: int, *, wanted: int, fewest: int, terms: Terms) -> list[int]:
    """How many grids so many homes can make, nearest to the wanted number first; none when no number fits."""
    low = max(-(-homes // terms.most(homes)), fewest, 1)
    high = homes // terms.least
    if "min-size" not in terms.keep:
        high = max(low, min(high, wanted))
    return sorted(range(low, high + 1), key=lambda count: (abs(count - wanted), count))


def usual_count(homes: int, *, terms: Terms) -> int:
    """How many grids of a middling size so many homes make."""
    middle = terms.least_homes + terms.most_homes
    return max(1, (2 * homes + middle // 2) // middle)


def figures(blocks: Iterable[Block], grids: Mapping[int, str]) -> Figures:
    """The sizes of the grids to which the buildings belong; those of no grid count in none."""
    homes: dict[str, int] = {}
    workload: dict[str, int] = {}
    for block in blocks:
        if grid := grids.get(block.key, ""):
            homes[grid] = homes.get(grid, 0) + block.homes
            workload[grid] = workload.get(grid, 0) + block.workload
    return Figures(
        grids=len(homes),
        least_homes=min(homes.values(), default=0),
        most_homes=max(homes.values(), default=0),
        spread_percent=spread_percent(homes.values()),
        workload_spread_percent=spread_percent(workload.values()),
    )


def spread_percent(parts: Iterable[int]) -> int:
    """The most less the least in percent of the average, rounded up."""
    counted = list(parts)
    total = sum(counted)
    return -(-(max(counted) - min(counted)) * 100 * len(counted) // total) if total else 0


def homes_moved(blocks: Iterable[Block], grids: Mapping[int, str]) -> int:
    """How many homes come under another grid than today; who had none has not moved."""
    return sum(block.homes for block in blocks if block.today and grids.get(block.key, block.today) != block.today)


def next_codes(area_code: str, *, used: Collection[str], count: int) -> list[str]:
    """The next free codes of a community's grids, its code and three digits; a code once given is not given again."""
    free = [code for number in range(1, 1_000) if (code := f"{area_code}{number:03}") not in used]
    if len(free) < count:
        raise Refused(
            "grid-codes-spent", say="这个社区的网格代码用完了，请先手工新建网格。", have=len(free), need=count
        )
    return free[:count]
