"""One measured figure with what it stands beside, and how many are boiled down to one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `reached` is None where no target stands."""

    row: str
    where: str
    measured: str
    beside: str = ""
    target: str = ""
    reached: bool | None = None

    def data(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def p95(values: Sequence[float]) -> float:
    """The value that nineteen of twenty do not exceed."""
    return percentile(values, 95)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def timed_ms(function: Callable[[], Any]) -> float:
    """Milliseconds on the wall that one call takes."""
    started = time.perf_counter()
    function()
    return (time.perf_counter() - started) * 1000


def say_ms(values: Sequence[float]) -> str:
    """Median and p95 in milliseconds."""
    return f"median {median(values):.1f} ms, p95 {p95(values):.1f} ms"
