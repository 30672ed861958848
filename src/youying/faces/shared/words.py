"""How values are said on a page: moments, spans, numbers and rates, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from youying.insight.periods import Period
from youying.kernel import moments

FEWEST_FOR_RATE = 30


def zone() -> ZoneInfo:
    """The zone in which pages say the time."""
    return moments.zone(settings.YOUYING_ZONE)


def in_english() -> bool:
    """True while the reader's language is English."""
    return (get_language() or "").startswith("en")


def moment(value: datetime | None, with_time: bool = True) -> str:
    """Say a moment as a neighbour would: "今天 09:20", "周五 16:00", "11月18日 16:00"."""
    if value is None:
        return ""
    if in_english():
        return format_datetime(value, "d MMM HH:mm" if with_time else "d MMM", tzinfo=zone(), locale="en")
    return moments.say_moment(value, moments.now(), zone(), with_time=with_time)


def dated(value: datetime | None) -> str:
    """Say a moment for what is kept or promised: "11月24日（周二）18:00"; in English "Tue 24 Nov 2026 18:00"."""
    if value is None:
        return ""
    if in_english():
        return format_datetime(value, "EEE d MMM yyyy HH:mm", tzinfo=zone(), locale="en")
    return moments.say_dated(value, moments.now(), zone())


def day(value: date | datetime | None) -> str:
    """Say a day with its weekday: "11月18日 星期三"."""
    if value is None:
        return ""
    there = moments.local(value, zone()).date() if isinstance(value, datetime) else value
    return format_date(there, "EEEE, d MMMM", locale="en") if in_english() else moments.say_day(there)


def period(value: Period) -> str:
    """Whole days from the first to the last: "2026年11月1日至11月21日"; in English "1 November – 21 November 2026"."""
    if not in_english():
        return value.say()
    first, last = (format_date(one, "d MMMM yyyy", locale="en") for one in (value.since, value.last_day))
    return f"{first.removesuffix(last[-5:])} – {last}"


def clock_time(value: datetime) -> str:
    """The time of day alone, 24 hours: "09:20"."""
    return format_time(moments.local(value, zone()), "HH:mm", locale="en")


def full(value: datetime | None) -> str:
    """The whole moment in digits: "2026-11-18 09:20"."""
    return f"{moments.local(value, zone()):%Y-%m-%d %H:%M}" if value else ""


def span(seconds: float, day_seconds: int = 86_400, short: bool = False) -> str:
    """A length of time in days of `day_seconds`: "1天3小时"; in English "1 d 3 h"."""
    return (
        _span_in_english(seconds, day_seconds) if in_english() else moments.say_span(seconds, day_seconds, short=short)
    )


def left(seconds: float, day_seconds: int = 86_400, short: bool = False) -> str:
    """What is left of a deadline, or how far it is passed: "剩7小时10分", "超40分"."""
    if in_english():
        return f"{_span_in_english(seconds, day_seconds)} {'left' if seconds >= 0 else 'over'}"
    return moments.say_left(seconds, day_seconds, short=short)


def thousands(value: int | float | None) -> str:
    """A count with its thousands apart: "61,204"."""
    return "" if value is None else f"{value:,}"


def percent(numerator: int, denominator: int, places: int = 1) -> str:
    """A share in percent, exact to the last printed place; "—" where there is nothing to divide by."""
    if denominator == 0:
        return "—"
    scaled = Fraction(numerator * 100 * 10**places, denominator)
    return f"{int(scaled + Fraction(1, 2)) / 10**places:.{places}f}%"


def enough(denominator: int) -> bool:
    """Whether there are enough cases to call it a rate; below it is shown as counts."""
    return denominator >= FEWEST_FOR_RATE


def quoted(text: str) -> str:
    """A resident's words between Chinese quotation marks, inner ones made single."""
    return "“" + text.strip().replace("“", "‘").replace("”", "’") + "”"


def _span_in_english(seconds: float, day_seconds: int) -> str:
    days, rest = divmod(int(abs(seconds)) // 60, max(day_seconds // 60, 1))
    hours, minutes = divmod(rest, 60)
    parts = [
        f"{days} d" if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"


def hours(value: str) -> str:
    """The hours of a shift or a line: "09:00—12:00"; the whole day in words, as where none are set."""
    return _("全天") if value in ("", "00:00-24:00") else value.replace("-", "—")
