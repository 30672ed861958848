"""How a story is told: a history replayed through the real actions under a moving clock, its figures read off the reports."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from youying.kernel.moments import still
from youying.matters.actions import sweep

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure beside what the reports computed from the recorded events."""

    title: str
    published: str
    computed: str

    @property
    def agrees(self) -> bool:
        """True where the report says what the page said."""
        return self.published == self.computed


@dataclass(frozen=True, slots=True)
class Story:
    """One mechanism's story: `play` schedules its history, `figures` reads its reports."""

    code: str
    title: str
    about: str
    play: Callable[[Teller], None]
    figures: Callable[[Teller], list[Figure]]


STORIES: dict[str, Story] = {}


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody of a story holds when it ends: a number with its secret, and what can be done with it."""

    about: str
    number: str
    secret: str


def story(code: str, *, title: str, about: str, figures: Callable[[Teller], list[Figure]]) -> Callable[[Any], Any]:
    """Register the function below as the history of a mechanism."""

    def register(play: Callable[[Teller], None]) -> Callable[[Teller], None]:
        """Keep it under its code."""
        STORIES[code] = Story(code, title, about, play, figures)
        return play

    return register


@dataclass
class Teller:
    """The moving clock of a telling: what is scheduled happens in order of time, up to `until`.

    A `brief` one leaves most of what only repeats out, for somebody who waits to look around: its counts are smaller.
    """

    until: datetime
    tell: Callable[[int, int], None] = lambda done, total: None
    brief: bool = False
    shared: dict[str, Any] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    _queue: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _order: Any = field(default_factory=count)
    _done: int = 0

    def at(self, moment: datetime, step: Step) -> None:
        """Schedule a step; one that would lie after the end never happens."""
        if moment <= self.until:
            heapq.heappush(self._queue, (moment, next(self._order), step))

    def few(self, count: int, *, one_in: int) -> int:
        """All of what repeats, or one in so many of it (at least one) where it is told in brief."""
        return -(-count // one_in) if self.brief else count

    def run(self) -> None:
        """Let everything scheduled happen; deadlines ring each evening and before the end."""
        if not self._queue:
            return
        with still(self._queue[0][0]) as clock:
            evening = self._queue[0][0].date()
            while self._queue:
                moment, _, step = heapq.heappop(self._queue)
                while evening < moment.date():
                    evening += timedelta(days=1)
                    sweep(clock.go_to(max(clock(), _night(evening, moment))))
                clock.go_to(max(clock(), moment))
                step()
                self._done += 1
                self.tell(self._done, self._done + len(self._queue))
            sweep(clock.go_to(max(clock(), self.until)))


def _night(day: date, moment: datetime) -> datetime:
    return min(moment, datetime.combine(day, datetime.min.time(), moment.tzinfo))
