"""What a declared figure means: what it counts, of what, what is kept out, what is shown; pure rules.

One declaration gives the number (`Counts.take`), the sentence that explains it (`Measure.sentence`), and, through
`facts.condition`, the rows behind it. Numbers are exact; a rate of fewer than 30 is shown as counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from youying.kernel.fractions import TOO_FEW, say_rate
from youying.kernel.refusals import Refused
from youying.packs.chinese import LITTLE_WORDS, Namer, join
from youying.packs.edition import Edition
from youying.packs.predicates import matches
from youying.packs.schema_means import Figure

Kind = Literal["count", "sum", "rate"]
Part = Literal["numerator", "denominator", "excluded"]
EMPTY: Mapping[str, Fraction | None] = {"none": None, "zero": Fraction(0), "full": Fraction(1)}
"""What a fraction is when there is nothing below the line, as the declaration says."""
NOTHING_OUT: Mapping[str, int] = MappingProxyType({})
ANSWERS = frozenset({"solved", "satisfaction", "contacted", "verdict"})
"""Facts that nobody knows of a matter whose resident never answered."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where matters stand to a measure: below the line, above it, and kept out if their reason says so."""

    below: bool
    above: bool
    may_be_out: bool


NOWHERE = Placed(False, False, False)


@dataclass(frozen=True)
class Measure:
    """One figure ready to be computed; `loop` is empty where it is of all matters."""

    code: str
    title: str
    kind: Kind
    loop: str
    where: Mapping[str, Any]
    base: Mapping[str, Any]
    sums: str
    compare: str
    exclude: tuple[str, ...]
    empty: str
    sentence: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def facts(self) -> frozenset[str]:
        """The facts it reads."""
        return frozenset({*self.where, *self.base})

    def same_as(self, other: Measure) -> bool:
        """Whether two editions declare the same figure; a title may differ."""
        return self._declared == other._declared

    @property
    def _declared(self) -> tuple[Any, ...]:
        numbers = {
            code: self.params.get(code) for code in self.params if f"'param:{code}'" in f"{self.where}{self.base}"
        }
        tests = (self.where, self.base, numbers)
        return (self.kind, self.loop, *tests, self.sums, self.compare, set(self.exclude), self.empty)

    @property
    def unanswered(self) -> dict[str, Any]:
        """Which matters a reason keeps out: those below the line but for what only the resident's answer tells."""
        tests = self.base if self.kind == "rate" else self.where
        return {fact: test for fact, test in tests.items() if fact not in ANSWERS}

    def place(self, facts: Mapping[str, Any]) -> Placed:
        """Where matters with these facts stand; above the line means also below it."""
        if self.loop and facts.get("loop") != self.loop:
            return NOWHERE
        below = matches(self.base, facts, params=self.params)
        above = below and matches(self.where, facts, params=self.params)
        may_be_out = bool(self.exclude) and matches(self.unanswered, facts, params=self.params)
        return Placed(below, above, may_be_out) if below or may_be_out else NOWHERE


def measure(code: str, figure: Figure, edition: Edition, *, params: Mapping[str, Any] | None = None) -> Measure:
    """A declared figure as the program computes it; refused when it is not of matters."""
    kind: Kind = "rate" if figure.base is not None else "sum" if figure.sum else "count"
    return Measure(
        code=code,
        title=figure.title,
        kind=kind,
        loop=_population(code, figure.of),
        where=figure.where,
        base=figure.base or {},
        sums=figure.sum or "",
        compare=figure.compare or "",
        exclude=tuple(figure.exclude),
        empty=figure.empty or "none",
        sentence=sentence(figure, Namer(edition.pack)),
        params=edition.params if params is None else params,
    )


def _population(code: str, of: str) -> str:
    kind, _, name = of.partition(":")
    if kind == "loop":
        return name
    if of == "matters":
        return ""
    raise Refused("population-not-read", say=f"数字“{code}”数的是“{of}”，程序现在只会数事项。", have=of, need="loop:…")


def sentence(figure: Figure, named: Namer) -> str:
    """How the number comes about, for the line under it: "按时联系 ÷ 未并单；剔除…"."""
    what = named.tests(figure.where) or named.ref(figure.of)
    if figure.base is not None:
        what = f"{what} ÷ {named.tests(figure.base) or '全部'}"
    elif figure.sum:
        what = f"{named.fact(figure.sum)}合计" + (f"（{what}）" if figure.where else "")
    else:
        what = f"{what}的件数"
    notes = [f"与{LITTLE_WORDS[figure.compare]}相比"] if figure.compare else []
    titles = [f"“{named.pack.reasons[code].title}”" for code in figure.exclude if code in named.pack.reasons]
    return "；".join([what, *notes, *([f"剔除{join(titles)}"] if titles else [])])


class Counts(msgspec.Struct, gc=False):
    """What one measure counted in one row and one period; boards hold tens of thousands, so they are kept light."""

    above: int = 0
    below: int = 0
    above_with: int = 0
    below_with: int = 0
    excluded: dict[str, int] = msgspec.field(default_factory=dict)

    def take(self, one: Measure, placed: Placed, *, reason: str, n: int, worth: int) -> None:
        """Add n matters with the same facts; `worth` is what they add above the line (n, or their sum)."""
        self.below_with += n if placed.below else 0
        self.above_with += worth if placed.above else 0
        if reason not in one.exclude:
            self.below += n if placed.below else 0
            self.above += worth if placed.above else 0
        elif placed.may_be_out:
            self.leave_out(reason, n=n)

    def leave_out(self, reason: str, *, n: int) -> None:
        """Count matters as kept out for a reason."""
        self.excluded[reason] = self.excluded.get(reason, 0) + n

    def add(self, other: Counts) -> None:
        """Add what was counted elsewhere."""
        self.above += other.above
        self.below += other.below
        self.above_with += other.above_with
        self.below_with += other.below_with
        for reason, n in other.excluded.items():
            self.leave_out(reason, n=n)


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One number of a board.

    A count or sum has `n` alone; a sum of numbers with decimals is counted in its `scale`-th decimal. A rate has n of d; `n_with` of `d_with` as it would be with nothing kept out, and
    `excluded`: the matters kept out, by reason. `last` is the same a year (or a period) before.
    """

    n: int
    d: int | None
    empty: str
    n_with: int
    d_with: int | None
    excluded: Mapping[str, int]
    last: Cell | None = None
    compare: str = ""
    scale: int = 0

    @property
    def with_excluded(self) -> tuple[int, int | None]:
        """The number, or numerator and denominator, with nothing kept out."""
        return self.n_with, self.d_with

    @property
    def fraction(self) -> Fraction | None:
        """The exact rate; for an empty denominator what the declaration says; None for counts and sums."""
        return None if self.d is None else _fraction(self.n, self.d, self.empty)

    @property
    def fraction_with_excluded(self) -> Fraction | None:
        """The exact rate with nothing kept out."""
        n, d = self.with_excluded
        return None if d is None else _fraction(n, d, self.empty)

    @property
    def too_few(self) -> bool:
        """Whether there are too few to speak of a rate: shown as counts, never ranked or coloured."""
        return self.d is not None and self.d < TOO_FEW

    @property
    def change(self) -> Fraction | None:
        """Against the cell before: a rate by points (0.016 is 1.6 points), a count or sum by its share; None without."""
        if self.last is None or self.last.d == 0:
            return None
        if self.d is None:
            return _fraction(self.n - self.last.n, self.last.n, self.empty)
        now, then = self.fraction, self.last.fraction
        return None if now is None or then is None else now - then

    @property
    def change_counts(self) -> bool:
        """Whether the change may be printed and coloured: neither side has too few."""
        if self.last is None or self.change is None:
            return False
        return self.last.n >= TOO_FEW if self.d is None else not (self.too_few or self.last.too_few)

    @property
    def say(self) -> str:
        """As printed: "98.5%", "25 / 25 件", "—", or the count."""
        if self.d is None:
            return say_scaled(self.n, self.scale)
        if self.d == 0:
            return {"none": "—", "zero": "0%", "full": "100%"}[self.empty]
        return say_rate(self.n, self.d)

    @property
    def say_change(self) -> str:
        """As printed: "↑1.6点", "−78%", "持平"; empty where nothing may be compared."""
        if not self.change_counts or self.change is None:
            return ""
        tenths = percent_tenths(self.change)
        if tenths == 0:
            return "持平"
        if self.d is not None:
            return f"{'↑' if tenths > 0 else '↓'}{abs(tenths) // 10}.{abs(tenths) % 10}点"
        return f"{'+' if tenths > 0 else '−'}{_whole(abs(self.change))}%"


def say_scaled(n: int, scale: int) -> str:
    """A whole number, or one with so many decimals, exactly and without noughts behind: 1,250 at scale 2 is "12.5"."""
    whole, rest = divmod(abs(n), 10**scale)
    tail = f".{rest:0{scale}}".rstrip("0") if rest else ""
    return f"{'−' if n < 0 else ''}{whole:,}{tail}"


def _fraction(n: int, d: int, empty: str) -> Fraction | None:
    return Fraction(n, d) if d else EMPTY[empty]


def percent_tenths(share: Fraction) -> int:
    """A share in tenths of a per cent, rounded half away from zero, exactly."""
    scaled = abs(share) * 1000
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return rounded if share >= 0 else -rounded


def _whole(share: Fraction) -> int:
    scaled = share * 100
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)


def cell(one: Measure, counts: Counts, last: Counts | None = None, *, compare: str = "") -> Cell:
    """The cell of a measure from what was counted now and before; `compare` says what before was."""
    rate = one.kind == "rate"
    return Cell(
        counts.above,
        counts.below if rate else None,
        one.empty,
        counts.above_with,
        counts.below_with if rate else None,
        dict(sorted(counts.excluded.items())) if counts.excluded else NOTHING_OUT,
        None if last is None else cell(one, last),
        compare,
    )


def agreed(found: Sequence[tuple[str, Measure]]) -> Measure:
    """The one measure that several editions (title, measure) declare; refused, naming both, where they differ."""
    title, first = found[0]
    for other, one in found[1:]:
        if not first.same_as(one):
            say = f"“{title}”和“{other}”对“{one.title}”的算法不同，不能合在一起算。请分开看。"
            raise Refused("figure-disagrees", say=say, have=[title, other], field=one.code)
    return first
