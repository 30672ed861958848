"""What a lamp shows for a row of a list: its colour, the used share and the time left, without opening the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from youying.kernel.calendar import WorkCalendar
from youying.kernel.moments import say_left, say_span

NATURAL_DAY = 86_400
A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp: colour word, used share in per cent, and the words beside it."""

    colour: str
    used: int
    say: str
    short: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The columns of a matter that its lamp is read from."""

    due_at: datetime | None
    due_from: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    natural: bool
    paused: bool
    waiting: bool
    ended: bool
    crossed_off: bool
    lamps: tuple[int, int] = (50, 80)


def lamp_of(d: Deadline, now: datetime, calendar: WorkCalendar) -> Lamp:
    """The lamp of a matter now."""
    if d.ended:
        say = "已销号" if d.crossed_off else "已结束"
        return Lamp("done", 100, say, say)
    if d.waiting:
        return Lamp("waiting", 100, "等居民答复", "等居民答复")
    if d.paused:
        return Lamp("paused", 0, "已暂停", "已暂停")
    if d.due_at is None:
        return Lamp("none", 0, "未计时", "未计时")
    day_seconds = NATURAL_DAY if d.natural else calendar.day_seconds
    if now > d.due_at:
        late = _between(d.due_at, now, d.natural, calendar)
        if late < A_MINUTE:  # due at the close of a day: no working time has passed since, and yet it is late
            return Lamp("overdue", 100, "已超期", "已超期")
        return Lamp("overdue", 100, "超" + say_span(late, day_seconds), "超" + say_span(late, day_seconds, short=True))
    left = _between(now, d.due_at, d.natural, calendar)
    used = used_share(d, now)
    colour = "red" if d.red_at and now >= d.red_at else "yellow" if d.yellow_at and now >= d.yellow_at else "green"
    return Lamp(colour, used, say_left(left, day_seconds), say_span(left, day_seconds, short=True))


def _between(start: datetime, end: datetime, natural: bool, calendar: WorkCalendar) -> float:
    return (end - start).total_seconds() if natural else calendar.worked_seconds(start, end)


def used_share(d: Deadline, now: datetime) -> int:
    """The used share in per cent, read between the moments at which the lamp turns."""
    marks = [(d.due_from, 0), (d.yellow_at, d.lamps[0]), (d.red_at, d.lamps[1]), (d.due_at, 100)]
    known = [(moment, share) for moment, share in marks if moment is not None]
    for (start, low), (end, high) in pairwise(known):
        if now < end:
            part = (now - start) / (end - start) if end > start else 0
            return max(low, min(high, round(low + part * (high - low))))
    return 100
