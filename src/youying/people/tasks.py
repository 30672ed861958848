"""What people does by the clock."""

from youying.jobs.timers import timer
from youying.kernel.viewers import SYSTEM
from youying.people.actions.hand_overs import mind_rosters


@timer("people.mind-rosters", every=1800)
def mind() -> None:
    """Tell of shifts without anybody and of notes that are late."""
    mind_rosters(by=SYSTEM)
