"""What the closed loop does by the clock, and with photos that no matter took."""

from youying.files.actions import drop_unattached, sweep_strays
from youying.jobs.timers import timer
from youying.kernel.viewers import SYSTEM
from youying.matters.actions.sweep import sweep


@timer("matters.sweep", every=60)
def sweep_every_minute() -> None:
    """Ring what is due."""
    sweep()


@timer("files.tidy", daily="03:20")
def tidy_uploads() -> None:
    """Remove uploads that were never used, and what a killed upload left on the disk."""
    while drop_unattached(by=SYSTEM):
        pass
    sweep_strays()
