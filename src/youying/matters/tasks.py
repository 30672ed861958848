"""What the closed loop does by the clock."""

from youying.jobs.timers import timer
from youying.matters.actions.sweep import sweep


@timer("matters.sweep", every=60)
def sweep_every_minute() -> None:
    """Ring what is due."""
    sweep()
