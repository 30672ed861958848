"""Whichever way a matter ends, nothing beside it goes on: asks, supervisions, reviews, whoever is awaited, an offer."""

from __future__ import annotations

from youying.matters.actions import asks, clocks, offers, parking, supervising, whistles
from youying.matters.actions.scene import Scene


def end_beside(scene: Scene) -> None:
    """End everything that runs beside a matter that has just ended without a step of its loop."""
    clocks.stop_all(scene)
    asks.lapse(scene)
    supervising.end_all(scene)
    parking.end(scene, by_verb="end")
    whistles.end_all(scene)
    offers.withdraw(scene)
