"""The timers of this context."""

from __future__ import annotations

from youying.insight.actions import sweep_watches
from youying.jobs.timers import timer

AN_HOUR_SECONDS = 3600


@timer("insight.sweep-watches", every=AN_HOUR_SECONDS)
def sweep() -> None:
    """Count the watches and warn."""
    sweep_watches()
