"""What the register of places announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceMoved:
    """A place got another path, and with it everything below."""

    old_path: str
    new_path: str


@dataclass(frozen=True)
class ZoneChanged:
    """An area counts its days in another time zone from now on, and with it everything below that says none."""

    path: str
    was: str
    now: str


@dataclass(frozen=True)
class PlaceClosed:
    """A place is no longer in use; what happened there keeps its path."""

    path: str
