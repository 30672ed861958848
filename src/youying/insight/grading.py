"""Rates in classes instead of ranks: which of three classes a rate reaches, by two numbers of the place."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from youying.insight.measures import Cell
from youying.kernel.fractions import at_least
from youying.packs.params import engine_param

Grade = Literal["first", "second", "third"]
GRADED = frozenset({"response", "solved", "satisfaction", "on-time", "completion"})
"""Rates of which more is better; others have no class."""


def grade(code: str, cell: Cell, params: Mapping[str, Any]) -> Grade | None:
    """The class of a rate; None for one of too few matters, and for what is no such rate.

    The limits themselves are included ("以上", Civil Code 1259). That services are judged in classes and by kind, not
    by rank, is asked by 《北京市接诉即办工作条例》第32条 and 国办函〔2025〕66号.
    """
    if code not in GRADED or not cell.d or cell.too_few:
        return None
    if at_least(cell.n, cell.d, _limit(params, "grade-first")):
        return "first"
    return "second" if at_least(cell.n, cell.d, _limit(params, "grade-second")) else "third"


def _limit(params: Mapping[str, Any], name: str) -> Fraction:
    """A number of the place in percent as an exact fraction."""
    return Fraction(str(engine_param(params, name))) / 100
