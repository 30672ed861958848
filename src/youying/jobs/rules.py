"""When a failed job is tried again, and which tick of a timer a moment belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LEASE_SECONDS = 60.0
MOST_ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 1800
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a timer ticks: every so many seconds, or daily at a time of day in the installation's zone."""

    every_seconds: int
    daily: time | None = None


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 10 s, tripled each time, at most half an hour."""
    return timedelta(seconds=min(FIRST_PAUSE_SECONDS * 3 ** (attempts - 1), LONGEST_PAUSE_SECONDS))


def tick_at(rate: Rate, now: datetime, *, zone: ZoneInfo) -> datetime:
    """The last tick at or before a moment, the same on every machine."""
    if rate.daily is None:
        seconds = int(now.timestamp()) // rate.every_seconds * rate.every_seconds
        return datetime.fromtimestamp(seconds, UTC)
    there = now.astimezone(zone)
    tick = datetime.combine(there.date(), rate.daily, zone)
    if tick > there:
        tick = datetime.combine(there.date() - timedelta(days=1), rate.daily, zone)
    return tick.astimezone(UTC)
