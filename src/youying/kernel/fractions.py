"""Exact fractions: majorities as the law counts them, and percentages as they are printed.

"以上" includes the number itself, "过半" does not (Civil Code 1259).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from youying.kernel.refusals import Refused

TOO_FEW = 30
Number = int | Decimal | Fraction
_CHINESE = "零一二三四五六七八九十"


def at_least(part: Number, whole: Number, fraction: Fraction) -> bool:
    """Whether the part is the fraction of the whole or more ("三分之二以上"); nothing is no part of nothing."""
    return whole > 0 and Fraction(part) >= Fraction(whole) * fraction


def over(part: Number, whole: Number, fraction: Fraction) -> bool:
    """Whether the part is more than the fraction of the whole ("过半数")."""
    return whole > 0 and Fraction(part) > Fraction(whole) * fraction


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a vote has to reach, as packs write it: "> 1/2", ">= 2/3", "all"."""

    fraction: Fraction
    inclusive: bool

    def reached(self, part: Number, whole: Number) -> bool:
        """Whether the part reaches it."""
        compare = at_least if self.inclusive else over
        return compare(part, whole, self.fraction)

    def say(self) -> str:
        """In Chinese: "过半数", "三分之二以上", "全部"."""
        if self.fraction == 1:
            return "全部"
        if not self.inclusive and self.fraction == Fraction(1, 2):
            return "过半数"
        top, bottom = self.fraction.numerator, self.fraction.denominator
        said = f"{_say_number(bottom)}分之{_say_number(top)}"
        return f"{said}以上" if self.inclusive else f"超过{said}"


def parse_threshold(text: str) -> Threshold:
    """Read "> 1/2", ">= 2/3" or "all"."""
    if text == "all":
        return Threshold(Fraction(1), True)
    match = re.fullmatch(r"(>=|>) ([0-9]{1,4})/([0-9]{1,4})", text)
    if match is None or not 0 < int(match[2]) <= int(match[3]) or (match[1] == ">" and match[2] == match[3]):
        raise Refused(
            "fraction-unreadable", say=f"“{text}”不是比例，请写“> 1/2”、“>= 2/3”或“all”。", have=text, need="> 1/2"
        )
    return Threshold(Fraction(int(match[2]), int(match[3])), match[1] == ">=")


def percent(n: int, d: int, places: int = 1) -> str:
    """Print n of d in per cent, rounded half up exactly: percent(123, 125) is "98.4%"; refused when d is 0."""
    if d <= 0:
        raise Refused("rate-empty", say="分母是0，算不出率。", have=(n, d))
    scaled = abs(n) * 100 * 10**places
    rounded = (2 * scaled + d) // (2 * d)
    digits = f"{rounded:0{places + 1}d}"
    sign = "-" if n < 0 and rounded else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}%" if places else f"{sign}{digits}%"


def say_rate(n: int, d: int, places: int = 1, *, of: str = "件") -> str:
    """A rate as a reader sees it: in per cent, or as counts ("25 / 25 件") when there are too few to speak of a rate."""
    return f"{n} / {d} {of}" if d < TOO_FEW else percent(n, d, places)


def _say_number(number: int) -> str:
    if number <= 10:
        return _CHINESE[number]
    if number == 100:
        return "百"
    return str(number)
