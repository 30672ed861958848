"""The register of timers: what must run again and again, once a tick, on however many workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any, TypeVar

from youying.jobs.rules import DAY_SECONDS, Rate

Timed = TypeVar("Timed", bound=Callable[[], Any])


@dataclass(frozen=True, slots=True)
class TimerInfo:
    """One timer: its name, how often, and the function without arguments that it runs."""

    name: str
    rate: Rate
    function: Callable[[], Any]


TIMERS: dict[str, TimerInfo] = {}


def timer(name: str, *, every: int = DAY_SECONDS, daily: str = "") -> Callable[[Timed], Timed]:
    """Run a function every so many seconds, or daily at "HH:MM" in the installation's zone; put it into `tasks.py`.

    Each tick becomes one job, which a killed worker's successor runs again; a tick is left out while the job of an
    earlier one is still open. The function must therefore be safe to run twice.
    """
    rate = Rate(DAY_SECONDS, time.fromisoformat(daily)) if daily else Rate(every)

    def register(function: Timed) -> Timed:
        TIMERS[name] = TimerInfo(name, rate, function)
        return function

    return register
