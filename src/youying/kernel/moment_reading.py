"""Reading of moments as people and spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

EXCEL_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's serial has no zone
EXCEL_LAST_SERIAL = 110_000
_AFTERNOON = ("下午", "晚上", "傍晚", "夜里", "pm")
_DAY_PARTS = r"凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|am|pm"
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:年| ?[-/.] ?)(?P<month>\d{1,2})(?:月| ?[-/.] ?)(?P<day>\d{1,2})日?"
    r"(?: ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
    rf"(?:[ t]?(?P<part>{_DAY_PARTS})? ?(?P<hour>\d{{1,2}})(?::|时|点)(?:(?P<minute>\d{{1,2}})分?)?"
    r"(?::?(?P<second>\d{1,2})(?:\.\d{1,9})?秒?)?"
    r" ?(?P<after>am|pm)?)?"
    r" ?(?P<offset>z|utc|gmt|[+-]\d{2}:?\d{2})?"
)
_DIGITS_ONLY = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def read_moment(value: object, zone: tzinfo) -> datetime | None:
    """The moment a cell or an input names, in UTC; nothing when it names none."""
    try:
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
        if isinstance(value, date):
            return datetime.combine(value, time.min, zone).astimezone(UTC)
        if isinstance(value, (int, float)):
            return _read_number(float(value), zone)
        return _read_text(str(value)[:200], zone)
    except (ValueError, OverflowError):
        return None


def names_a_day_only(value: object) -> bool:
    """Whether a cell names a day and no time of it; a spreadsheet keeps a day as its midnight."""
    if isinstance(value, datetime):
        return value.tzinfo is None and value.time() == time.min
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, (int, float)):
        return _is_day_number(f"{value:.15g}")
    if isinstance(value, date):
        return True
    folded = _folded(str(value)[:200])
    match = _WRITTEN.fullmatch(folded)
    return _is_day_number(folded) if match is None else match["hour"] is None


def _is_day_number(digits: str) -> bool:
    """An Excel serial without a fraction, or yyyymmdd."""
    return digits.isdecimal() and (len(digits) == 8 or 1 <= int(digits) < EXCEL_LAST_SERIAL)


def _read_number(number: float, zone: tzinfo) -> datetime | None:
    """An Excel serial (days since 1899-12-30), or whole digits: yyyymmdd…, Unix seconds or milliseconds."""
    if 1 <= number < EXCEL_LAST_SERIAL:
        whole = EXCEL_DAY_0 + timedelta(seconds=round(number * 86_400))
        return whole.replace(tzinfo=zone).astimezone(UTC)
    if number.is_integer():
        return _read_digits(str(int(number)), zone)
    return None


def _read_digits(digits: str, zone: tzinfo) -> datetime | None:
    style = _DIGITS_ONLY.get(len(digits))
    if style:
        return datetime.strptime(digits, style).replace(tzinfo=zone).astimezone(UTC)
    if len(digits) in (10, 13):
        seconds = int(digits) if len(digits) == 10 else int(digits) / 1_000
        return datetime.fromtimestamp(seconds, UTC)
    return None


def _folded(text: str) -> str:
    """A text without what spreadsheets leave around it, full-width signs made plain."""
    plain = unicodedata.normalize("NFKC", text).replace("\u200b", "").strip("\ufeff'\" \t\r\n")
    return " ".join(plain.split()).lower()


def _read_text(text: str, zone: tzinfo) -> datetime | None:
    folded = _folded(text)
    if re.fullmatch(r"\d+(\.\d+)?", folded):
        return _read_digits(folded, zone) or _read_number(float(folded), zone)
    match = _WRITTEN.fullmatch(folded)
    if match is None:
        return None
    part = match["part"] or match["after"] or ""
    hour = _hour_of_day(int(match["hour"] or 0), part)
    next_day = (hour, int(match["minute"] or 0), int(match["second"] or 0)) == (24, 0, 0)
    wall = datetime(  # noqa: DTZ001 - the zone follows at once
        int(match["year"]), int(match["month"]), int(match["day"]),
        0 if next_day else hour, int(match["minute"] or 0), int(match["second"] or 0),
    )  # fmt: skip
    wall += timedelta(days=next_day)
    return wall.replace(tzinfo=_offset(match["offset"]) or zone).astimezone(UTC)


def _hour_of_day(hour: int, part: str) -> int:
    if part in _AFTERNOON and hour < 12:
        return hour + 12
    if part == "中午" and hour < 10:
        return hour + 12
    if part in ("凌晨", "am") and hour == 12:
        return 0
    return hour


def _offset(written: str | None) -> tzinfo | None:
    if not written:
        return None
    if written[0] not in "+-":
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(shift if written[0] == "+" else -shift)
