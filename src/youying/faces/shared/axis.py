"""A line along time as a page draws it: where each moment stands, in percent of the width, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from youying.matters.queries import Milestone, PartLine

FIRST, LAST = 2.0, 98.0
"""Where the line begins and ends, so that a dot on its end is whole."""
LEAST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """One dot on the line: `tone` is did, now, ahead or late."""

    x: float
    at: datetime
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The time of one part among the others': from, until, and its deadline where it has one."""

    x: float
    width: float
    due_x: float | None


@dataclass(frozen=True, slots=True)
class Axis:
    """The whole line; `bars` are by code of the part."""

    marks: tuple[Mark, ...]
    now_x: float
    bars: dict[str, Bar]


def axis_of(stones: Sequence[Milestone], *, at: datetime, lines: Iterable[PartLine] = ()) -> Axis:
    """The line from the first moment to the last one known; today stands on it while anything is ahead."""
    lines = tuple(lines)
    running = not any(one.what == "ended" for one in stones)
    moments = [one.at for one in stones] + ([at] if running else [])
    moments += [moment for one in lines for moment in (one.due_at, one.ended_at) if moment]
    start, end = min(moments), max(moments)

    def x(moment: datetime) -> float:
        share = (moment - start) / max(end - start, LEAST)
        return round(FIRST + (LAST - FIRST) * min(max(share, 0.0), 1.0), 1)

    last = at if running else end
    marks = [Mark(x(one.at), one.at, _words(one), _tone(one, at)) for one in stones]
    marks += [Mark(x(at), at, _("今天"), "now")] if running else []
    bars = {
        one.code: Bar(
            x(one.opened_at),
            round(max(x(one.ended_at or last) - x(one.opened_at), 0.5), 1),
            x(one.due_at) if one.due_at else None,
        )
        for one in lines
        if one.opened_at
    }
    return Axis(tuple(sorted(marks, key=lambda mark: mark.at)), x(last), bars)


def _tone(one: Milestone, at: datetime) -> str:
    if not one.ahead:
        return "did"
    return "late" if one.at < at else "ahead"


def _words(one: Milestone) -> str:
    said = {
        "asked": _("递交申请"),
        "step": _("办完第%(n)s步") % {"n": one.n},
        "papers": _("缺的材料最晚这天补齐"),
        "due": _("最晚这天办完"),
        "done": _("各步都办完"),
        "ended": _("全部结束"),
    }
    return said[one.what]
