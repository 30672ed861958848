"""What the notices do by the clock."""

from youying.channels.notify.actions import expire
from youying.jobs.timers import timer
from youying.kernel.viewers import SYSTEM


@timer("notify.expire", daily="03:50")
def expire_old() -> None:
    """Take old notices off the lists."""
    expire(by=SYSTEM)
