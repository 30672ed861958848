"""What partners do by the clock."""

from youying.jobs.timers import timer
from youying.partners.actions import settle_agreements


@timer("partners.settle-agreements", daily="06:30")
def settle_every_morning() -> None:
    """Remind of agreements that end soon and close those that have lapsed."""
    settle_agreements()
