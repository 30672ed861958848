"""Money in yuan to the fen, and floor area in square metres to the hundredth: decimal, never binary, never rounded away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from youying.kernel.refusals import Refused

HUNDREDTH = Decimal("0.01")
MOST_YUAN = Decimal("999999999999.99")
MOST_AREA_M2 = Decimal("99999999.99")
_NUMBER = r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2})0*)?"
_YUAN = re.compile(rf"¥? *{_NUMBER} *[元圆]?")
_AREA = re.compile(rf"{_NUMBER} *(?:m2|平方米|平米)?")


def yuan(value: str | int | Decimal) -> Decimal:
    """A sum in yuan, exact to the fen: "3,000.5", "¥3000.50元", 3000; refused when it has more than two decimals."""
    return _hundredths(value, _YUAN, most=MOST_YUAN, name="金额", code="money-unreadable")


def area_m2(value: str | int | Decimal) -> Decimal:
    """A floor area in square metres, exact to the hundredth: "89.53", "89.53㎡", "89.53平方米"."""
    return _hundredths(value, _AREA, most=MOST_AREA_M2, name="面积", code="area-unreadable")


def fen(amount: Decimal) -> int:
    """Whole fen of a sum in yuan."""
    return int(amount * 100)


def say_yuan(amount: Decimal) -> str:
    """A sum for a reader: "3,000元", "3,000.50元"."""
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f}元" if whole else f"{amount:,.2f}元"


def say_area_m2(area: Decimal) -> str:
    """An area for a reader: "89.53平方米"."""
    return f"{area:,.2f}平方米"


def share_out(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Divide a sum by weights (floor areas, say) so that the parts add up to the fen: largest remainders first."""
    total = sum(Decimal(weight) for weight in weights)
    if total <= 0 or any(weight < 0 for weight in weights):
        raise Refused("shares-impossible", say="没有可以分摊的份额，请核对面积或份数。", have=list(weights))
    whole = fen(amount)
    parts = [divmod(whole * Decimal(weight), total) for weight in weights]
    counts = [int(count) for count, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    for place in by_remainder[: whole - sum(counts)]:
        counts[place] += 1
    return [Decimal(count) / 100 for count in counts]


def _hundredths(
    value: str | int | Decimal, written: re.Pattern[str], *, most: Decimal, name: str, code: str
) -> Decimal:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)[:64]
    match = written.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise Refused(code, say=f"{name}请写成 3000.50 这样的数，最多两位小数。", have=text[:64])
    amount = Decimal(f"{match[1].replace(',', '')}.{match[2] or '0':0<2}")
    if amount > most:
        raise Refused(code, say=f"{name}太大了，最多 {most:,}，请核对。", have=text[:64], need=most)
    return amount
