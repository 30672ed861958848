"""What occasions do by the clock."""

from youying.jobs.timers import timer
from youying.kernel.viewers import SYSTEM
from youying.occasions.actions import sweep
from youying.occasions.actions.laying import lay_everywhere


@timer("occasions.lay", daily="00:10")
def lay_out() -> None:
    """Lay out what is due tomorrow, and what is due today and was not laid yet."""
    lay_everywhere(by=SYSTEM)


@timer("occasions.sweep", every=300)
def ring() -> None:
    """Ring what has come: reminders, and what was missed."""
    sweep()
