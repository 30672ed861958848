"""What insight announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarningRaised:
    """A watch found more than it allows; `tells` are the posts to be told, `judges` those who decide what it is."""

    warning_id: int
    watch: str
    title: str
    place_path: str
    tells: tuple[str, ...]
    judges: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class WarningJudged:
    """Somebody said what a warning is."""

    warning_id: int
    watch: str
    place_path: str
    judged_as: str
