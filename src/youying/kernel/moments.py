"""Moments: the only source of now, and how a moment is said to a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from youying.kernel.moment_reading import read_moment
from youying.kernel.refusals import Refused

Clock = Callable[[], datetime]
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


def _system_clock() -> datetime:
    return datetime.now(UTC)


class StillClock:
    """A clock that moves only when told; what `still` hands to a test or a story."""

    def __init__(self, moment: datetime) -> None:
        self.moment = _in_utc(moment)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Let that much natural time pass."""
        self.moment += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.moment

    def go_to(self, moment: datetime) -> datetime:
        """Set it to another moment."""
        self.moment = _in_utc(moment)
        return self.moment


_own_clock: ContextVar[Clock | None] = ContextVar("own_clock", default=None)
_process_clock: list[Clock] = [_system_clock]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return (_own_clock.get() or _process_clock[0])()


@contextmanager
def still(moment: datetime) -> Iterator[StillClock]:
    """Stop the clock at a moment for this thread or task; yields the clock, which can be moved by hand."""
    clock = StillClock(moment)
    token = _own_clock.set(clock)
    try:
        yield clock
    finally:
        _own_clock.reset(token)


def set_clock(clock: Clock | None) -> None:
    """Replace the clock of the whole process, its other threads too (a live server under test); None restores it."""
    _process_clock[0] = clock or _system_clock


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; refused when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            "zone-unknown", say=f"没有叫“{name}”的时区。请写 IANA 名称，例如 Asia/Shanghai。", have=name
        ) from None


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The same moment on the wall clock of a zone."""
    return _in_utc(moment).astimezone(zone)


def parse_moment(
    value: object, zone: tzinfo, *, at: datetime | None = None, ahead: timedelta | None = A_DAY
) -> datetime:
    """Read a cell or an input as a moment (aware, UTC): text in Chinese, ISO or slashes, an Excel serial, a date.

    What names no zone is wall-clock time in `zone`; what names no time of day is its midnight. Refused, with the text
    of the cell, when unreadable, before 1990, or later than `at` (now) by more than `ahead` (None: any time before 2200).
    """
    shown = " ".join(str("" if value is None else value).split())[:60]
    if not shown:
        raise Refused("moment-missing", say="没有写时间，请补上，例如 2026-11-18 09:20。")
    read = read_moment(value, zone)
    if read is None:
        raise Refused("moment-unreadable", say=f"“{shown}”看不出是什么时间。请写成 2026-11-18 09:20 这样。", have=shown)
    if read < EARLIEST:
        raise Refused("moment-too-early", say=f"“{shown}”早于1990年，请核对年份。", have=shown)
    if read > LATEST or (ahead is not None and read > (at or now()) + ahead):
        raise Refused("moment-in-future", say=f"“{shown}”还没有到，请核对日期。", have=shown)
    return read


def say_moment(moment: datetime, now: datetime, zone: tzinfo, *, with_time: bool = True) -> str:
    """Say it as a neighbour would: "今天 09:20", "昨天 16:30", "周五 16:00" within a week, else "11月18日 16:00"."""
    there = local(moment, zone)
    today = local(now, zone).date()
    day = _say_near_day(there.date(), today)
    return f"{day} {there:%H:%M}" if with_time else day


def _say_near_day(day: date, today: date) -> str:
    distance = (day - today).days
    near = {-1: "昨天", 0: "今天", 1: "明天"}.get(distance)
    if near:
        return near
    if abs(distance) < 7:
        return f"周{WEEKDAYS[day.weekday()]}"
    if day.year == today.year:
        return f"{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def say_day(day: date) -> str:
    """A date with its weekday: "11月18日 星期三"."""
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def say_dated(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Say it so that it is still right next month: "11月24日（周二）18:00", with the year where it is another."""
    there = local(moment, zone)
    year = "" if there.year == local(now, zone).year else f"{there.year}年"
    return f"{year}{there.month}月{there.day}日（周{WEEKDAYS[there.weekday()]}）{there:%H:%M}"


def say_span(seconds: float, day_seconds: int = 86_400, *, short: bool = False) -> str:
    """A length of time in days of `day_seconds`: "1天3小时", "7小时10分"; short, for ledgers: "1天3时"."""
    minutes_in_all = int(abs(seconds)) // 60
    days, rest = divmod(minutes_in_all, max(day_seconds // 60, 1))
    hours, minutes = divmod(rest, 60)
    hour_word = "时" if short else "小时"
    if days:
        return f"{days}天{hours}{hour_word}" if hours else f"{days}天"
    if hours:
        return f"{hours}{hour_word}{minutes}分" if minutes else f"{hours}{hour_word}"
    return f"{minutes}分" if short and minutes else f"{minutes}分钟" if minutes else "不到1分钟"


def say_left(seconds: float, day_seconds: int = 86_400, *, short: bool = False) -> str:
    """What is left of a deadline, or how far it is passed: "剩7小时10分", "超2小时20分"."""
    return ("剩" if seconds >= 0 else "超") + say_span(seconds, day_seconds, short=short)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise Refused("moment-without-zone", say="时间没有带时区，不能确定是哪一刻。", have=moment.isoformat())
    return moment.astimezone(UTC)
