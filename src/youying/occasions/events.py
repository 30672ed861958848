"""What occasions announce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OccasionTold:
    """Somebody must know of an occasion: it is due soon, missed, or nobody was met however often one went.

    `to` is a post, a unit type, or "keeper"; `rung` tells one telling of the same occasion from another.
    """

    occasion_id: int
    rhythm: str
    do: str
    to: str
    rung: str
    area_path: str
    say: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class OccasionDone:
    """An occasion was done: what it was done to, when, and how many matters came of it."""

    occasion_id: int
    rhythm: str
    does: str
    key: str
    at: str
    opened: tuple[str, ...]
