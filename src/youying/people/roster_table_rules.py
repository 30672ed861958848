"""Month sheets of duty as streets keep them: which column is which shift, which line is which day; pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from youying.kernel.moment_reading import read_moment
from youying.kernel.refusals import Refused
from youying.kernel.tables import TableOutcome, plain
from youying.packs.schema_rhythm import Roster
from youying.people.roster_rules import ALL_DAY, Spell, is_night, spell_on, works_on

DAY = "日期"
NUMBER = "值班电话"
"""The only telephone that is read from a sheet: the office's, shown to residents. Every other one is somebody's own."""
HOURS_TITLES = ("时段", "班次", "值班时间", "时间", "hours")
PHONE_WORDS = ("电话", "手机", "联系方式", "phone", "tel")
NAME_WORDS = ("值班", "姓名", "人员", "带班", "name")
BY_DAY, BY_NIGHT = ("白", "日班", "早"), ("夜", "晚")
NOBODY = ("", "-", "—", "——", "/", "无", "空")
LOOKED_FOR_HEAD = 10
_SPAN = re.compile(r"(\d{1,2})(?:[:点时](\d{2})?)?分?[-—–~至到]+(?:次日|翌日|第二天)?(\d{1,2})(?:[:点时](\d{2})?)?")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_DAY = re.compile(r"(?:(\d{4})[年./-])?(?:(\d{1,2})[月./-])?(\d{1,2})[日号]?(?:\(.*|星期.*|周.*)?")
_AND = re.compile(r"[、,/;]")


@dataclass(frozen=True, slots=True)
class Turn:
    """One shift that a sheet says: the number of its line, its time, who is on it, the number shown if one is said."""

    row: int
    cells: Mapping[str, Any]
    spell: Spell
    name: str
    phone: str


@dataclass(slots=True)
class Head:
    """How the columns of a sheet are read: by place in the line; a shift is one of the roster's hours by its place.

    `names` says for each column of names the shift, or nothing where a column of hours says it line by line.
    """

    line: int
    titles: list[str]
    day: int
    hours: int | None = None
    names: dict[int, int | None] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)

    def number_of(self, place: int) -> int | None:
        """The column of the number shown that goes with a column of names: the one before the next names, or the only one."""
        after = min((other for other in self.names if other > place), default=len(self.titles))
        beside = [one for one in self.numbers if place < one < after]
        return beside[0] if beside else self.numbers[0] if len(self.numbers) == 1 else None


def word_of(cell: Any) -> str:
    """A title without blanks, in half width."""
    return plain(cell).replace(" ", "").lower()


def month_said(lines: Iterable[Sequence[Any]], month: date) -> date:
    """The month that the first lines of a sheet name, else the one asked for."""
    said = _MONTH.search(" ".join(word_of(cell) for line in lines for cell in line))
    return date(int(said[1]), int(said[2]), 1) if said and 1 <= int(said[2]) <= 12 else month.replace(day=1)


def find_head(lines: Sequence[Sequence[Any]], roster: Roster, zone: tzinfo) -> Head:
    """The line of titles, which may be two under one another, and what each column says; refused where none is one.

    Errors: `head-missing` without a column of days or of names, `shift-unclear` where a title could be several shifts.
    """
    for at, line in enumerate(lines[:LOOKED_FOR_HEAD]):
        words = [word_of(cell) for cell in line]
        day = next((place for place, word in enumerate(words) if _is_day(word)), None)
        if day is not None and sum(bool(word) for word in words) > 1:
            return _read_head(lines, at, day, roster, zone)
    raise Refused(
        "head-missing",
        say="前10行里找不到表头。表头要有“日期”这一列，和值班人的列（如“白班”“夜班”，或“08:00-16:00”）。",
        field="file",
    )


def _is_day(word: str) -> bool:
    return word in ("值班日期", "日", "date") or word.startswith(DAY)


def _read_head(lines: Sequence[Sequence[Any]], at: int, day: int, roster: Roster, zone: tzinfo) -> Head:
    upper = [word_of(cell) for cell in lines[at]]
    lower = _second_line(lines, at, day, width=len(upper))
    titles, above = [], ""
    for one, under in zip(upper, lower, strict=True):
        above = one or (above if under else "")
        titles.append((above, under or above))
    head = Head(at + bool(any(lower)), [_join(top, word) for top, word in titles], day)
    head.hours = next((place for place, (_top, word) in enumerate(titles) if word in HOURS_TITLES), None)
    for place, (top, word) in enumerate(titles):
        if place not in (day, head.hours):
            _place(head, place, (top, word), roster, zone)
    if not head.names:
        say = "表头里看不出哪一列是值班人。请写上班次，如“白班”“夜班”，或“08:00-16:00”。"
        raise Refused("head-missing", say=say, have=head.titles, field="file")
    return head


def _second_line(lines: Sequence[Sequence[Any]], at: int, day: int, *, width: int) -> list[str]:
    """The titles under the titles ("姓名", "电话" under "白班"); nothing where the next line is a day already."""
    under = [word_of(cell) for cell in lines[at + 1]] if at + 1 < len(lines) else []
    under = (under + [""] * width)[:width]
    said = [word for word in under if word]
    fits = bool(said) and not under[day] and all(_is_phone(word) or _is_name(word) for word in said)
    return under if fits else [""] * width


def _join(top: str, word: str) -> str:
    return word if top == word else f"{top}{word}"


def _is_phone(word: str) -> bool:
    return any(one in word for one in PHONE_WORDS)


def _is_name(word: str) -> bool:
    return any(one in word for one in NAME_WORDS)


def _place(head: Head, place: int, title: tuple[str, str], roster: Roster, zone: tzinfo) -> None:
    """Say what one column is; what is neither names nor a number shown is left alone."""
    top, word = title
    if _is_phone(word):
        if NUMBER in (word, _join(top, word)):
            head.numbers.append(place)
        return
    meant = spans_meant(top, roster, zone)
    if not meant and not _is_name(word) and not word.endswith("班"):
        return
    if len(meant) != 1 and head.hours is None:
        if len(roster.hours or [ALL_DAY]) > 1:
            hours = "、".join(roster.hours)
            say = f"表头“{_join(top, word)}”看不出是哪一班。请在表头里写上时段，这里有：{hours}。"
            raise Refused("shift-unclear", say=say, have=word, need=list(roster.hours), field="file")
        meant = [0]
    shift = meant[0] if len(meant) == 1 else None
    if shift in head.names.values():
        say = f"表里有两列都是同一班（“{head.titles[place]}”）。一班排一个人，请分成两张值班表，或留一列。"
        raise Refused("shift-twice", say=say, have=head.titles[place], field="file")
    head.names[place] = shift


def spans_meant(words: str, roster: Roster, zone: tzinfo) -> list[int]:
    """Which of the roster's hours a title or a cell may mean: those it writes out, else the only one by day or by night."""
    hours = roster.hours or [ALL_DAY]
    said = [_span(match) for match in _SPAN.finditer(words)]
    if said:
        return [place for place, one in enumerate(hours) if _span(_SPAN.match(one)) in said]
    nights = [is_night(spell_on(date(2026, 1, 1), one, zone), zone) for one in hours]
    if any(one in words for one in BY_NIGHT):
        return [place for place, night in enumerate(nights) if night]
    if any(one in words for one in BY_DAY):
        return [place for place, night in enumerate(nights) if not night]
    return []


def _span(match: re.Match[str] | None) -> tuple[int, int, int, int]:
    if match is None:
        return (0, 0, 24, 0)
    opens, closes = (int(match[1]), int(match[2] or 0)), (int(match[3]), int(match[4] or 0))
    return (*opens, *((24, 0) if closes == (0, 0) else closes))


def sheet_month(lines: Sequence[Sequence[Any]], *, roster: Roster, zone: tzinfo, month: date) -> date:
    """The month that a sheet names above its head, else the one given; refused where the sheet has no head."""
    return month_said(lines[: find_head(lines, roster, zone).line], month)


def read_month(
    lines: Sequence[Sequence[Any]], *, roster: Roster, zone: tzinfo, month: date, outcome: TableOutcome
) -> tuple[date, list[Turn]]:
    """The month of a sheet and every shift it says; what cannot be read is put on the outcome's list with its reason.

    A line without a day belongs to the day above it, as merged cells do; a line that says one thing only is a remark.
    """
    head = find_head(lines, roster, zone)
    month = month_said(lines[: head.line], month)
    used = {head.day, head.hours, *head.names, *head.numbers}
    outcome.ignored_columns = [title for place, title in enumerate(head.titles) if title and place not in used]
    turns: list[Turn] = []
    day: date | None = None
    for number, line in enumerate(lines[head.line + 1 :], start=head.line + 2):
        cells = [*line, *[""] * (len(head.titles) - len(line))]
        if sum(bool(plain(cell)) for cell in cells) < 2:
            continue
        outcome.count_row(most=400)
        shown = _named(head, cells, day)
        try:
            day = day_in(cells[head.day], month, zone, above=day)
            shown = _named(head, cells, day)
            turns += _turns(head, cells, number, shown, day=day, roster=roster, zone=zone)
        except Refused as refused:
            outcome.refuse(number, shown, refused)
    return month, turns


def _named(head: Head, cells: Sequence[Any], day: date | None) -> dict[str, Any]:
    """A line as a table to mend says it: by title, the day written out."""
    found = {title or f"（第{place + 1}列）": cells[place] for place, title in enumerate(head.titles)}
    return found | ({head.titles[head.day]: day.isoformat()} if day and not plain(cells[head.day]) else {})


def day_in(cell: Any, month: date, zone: tzinfo, *, above: date | None = None) -> date:
    """The day of a line: a date, "12月1日", "1日" or 1; refused when it is none, or of another month."""
    if not plain(cell) and above is not None:
        return above
    found = _day(cell, month, zone)
    if found is None:
        say = f"“{plain(cell)[:20]}”看不出是哪一天。请写成 {month:%Y-%m}-01 这样。"
        raise Refused("day-unreadable", say=say, have=plain(cell)[:20], field="day")
    if (found.year, found.month) != (month.year, month.month):
        say = f"{found.year}年{found.month}月{found.day}日不在{month.year}年{month.month}月里。一张表排一个月。"
        raise Refused("day-of-another-month", say=say, have=str(found), need=f"{month:%Y-%m}", field="day")
    return found


def _day(cell: Any, month: date, zone: tzinfo) -> date | None:
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, float) and not cell.is_integer():
        return None  # 12.1 may be the first or the tenth: a spreadsheet drops the nought
    match = _DAY.fullmatch(word_of(cell))
    try:
        if match is not None:
            return date(int(match[1] or month.year), int(match[2] or month.month), int(match[3]))
        read = read_moment(cell, zone)
        return read.astimezone(zone).date() if read else None
    except ValueError:
        return None


def _turns(
    head: Head, cells: Sequence[Any], number: int, shown: Mapping[str, Any], *, day: date, roster: Roster, zone: tzinfo
) -> list[Turn]:
    """The shifts of one line; refused as a whole when one of them cannot be read."""
    found = []
    for place, shift in head.names.items():
        name = one_name(cells[place])
        if not name:
            continue
        if not works_on(roster, day):
            say = f"{day.month}月{day.day}日不排“{roster.title}”，机制包没有说这一天值班。"
            raise Refused("day-without-duty", say=say, have=str(day), field="day")
        at = _shift_of(head, cells, roster, zone) if shift is None else shift
        beside = head.number_of(place)
        phone = plain(cells[beside]) if beside is not None else ""
        found.append(Turn(number, shown, spell_on(day, (roster.hours or [ALL_DAY])[at], zone), name, phone))
    return found


def _shift_of(head: Head, cells: Sequence[Any], roster: Roster, zone: tzinfo) -> int:
    said = word_of(cells[head.hours]) if head.hours is not None else ""
    meant = spans_meant(said, roster, zone)
    if len(meant) != 1:
        say = f"“{said[:20]}”对不上哪一班。请写时段，这里有：{'、'.join(roster.hours or [ALL_DAY])}。"
        raise Refused("shift-unclear", say=say, have=said[:20], need=list(roster.hours), field="hours")
    return meant[0]


def one_name(cell: Any) -> str:
    """The one name of a cell, blanks gone ("李 强" is 李强); empty where nobody is written, refused for several."""
    said = plain(cell)
    said = said if said.isascii() else said.replace(" ", "")
    if said in NOBODY:
        return ""
    if len(names := [one for one in _AND.split(said) if one]) > 1:
        say = f"这一格写了{len(names)}个人（{said[:30]}）。一班排一个人，请留一个，或分成两张值班表。"
        raise Refused("names-several", say=say, have=said[:30], field="name")
    return said
