"""What the portal does by the clock."""

from youying.channels.intake.actions import forget_tries
from youying.jobs.timers import timer


@timer("intake.forget-tries", daily="03:40")
def forget_old_tries() -> None:
    """Forget yesterday's tries."""
    forget_tries()
