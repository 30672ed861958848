"""From the cells of a row to what they say: which column means what, and what is wrong with a row, told everything."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from youying.channels.hotline.fields import BY_CODE, FIELDS, MOMENTS
from youying.kernel.moment_reading import names_a_day_only
from youying.kernel.moments import local, parse_moment
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_identifier, clean_line, clean_text

WORDS_MOST, NOTE_MOST, LABEL_MOST = 5000, 20_000, 60
TOLERANCE = timedelta(minutes=5)
DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%d %H:%M"
STEPS = ("accepted_at", "contacted_at", "done_at")
CATEGORY_LEVELS = ("category_1", "category_2", "category_3")
YES = frozenset(("是", "已解决", "解决", "按时", "按期", "y", "yes", "true", "1", "ontime", "on time", "on_time"))
NO = frozenset(
    ("否", "未解决", "没解决", "没有解决", "不按时", "超期", "逾期", "n", "no", "false", "0", "overdue", "late")
)
_NOT_WORDS = re.compile(r"[\s_（）()\[\]【】:：*＊/\-.]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that cannot be: the header of its column, and why in a sentence."""

    column: str
    say: str


@dataclass(slots=True)
class Row:
    """What one row of an export says, before it is known what its labels mean here."""

    line: int
    number: str
    digest: str
    words: str
    title: str
    opened_at: datetime
    moments: dict[str, datetime] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    solved: bool | None = None
    on_time: bool | None = None
    protected: bool = False
    due_day: date | None = None

    @property
    def due(self) -> date | datetime | None:
        """The target as the row names it: a day where no hour was said, else the moment."""
        return self.due_day or self.moments.get("due_at")


def plain_title(header: object) -> str:
    """A header as it is compared: half width, lower case, without spaces and marks."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", str(header)).lower())


def unique_titles(header: Sequence[Any]) -> list[str]:
    """Headers that can be told apart: an empty or repeated one carries its place."""
    titles: list[str] = []
    for place, cell in enumerate(header, 1):
        said = " ".join(str("" if cell is None else cell).split())[:LABEL_MOST]
        titles.append(said if said and said not in titles else f"{said}（第{place}列）")
    return titles


def guess_columns(titles: Sequence[str]) -> dict[str, str]:
    """Field → header: the first known name of a field that is there; then a header that contains one. A header serves once."""
    plain = {plain_title(title): title for title in reversed(titles)}
    found: dict[str, str] = {}
    for fits in (_is, _holds):
        for one in FIELDS:
            if one.code in found:
                continue
            free = {said: title for said, title in plain.items() if title not in found.values()}
            hit = next((free[said] for known in one.titles for said in free if fits(said, plain_title(known))), None)
            if hit is not None:
                found[one.code] = hit
    return found


def _is(said: str, known: str) -> bool:
    return said == known


def _holds(said: str, known: str) -> bool:
    """Whether a longer Chinese header ends in a known one; single words would fit anywhere."""
    return len(known) >= 4 and not known.isascii() and said.endswith(known)


def check_columns(columns: Mapping[str, str], titles: Sequence[str]) -> dict[str, str]:
    """The columns chosen, without empty ones; refused where a field or header is unknown, or what is needed is missing."""
    chosen = {code: title for code, title in columns.items() if title}
    if strange := [code for code in chosen if code not in BY_CODE]:
        raise Refused("field-unknown", say=f"没有“{strange[0][:20]}”这一项。", have=strange[0][:40])
    for code, title in chosen.items():
        if title not in titles:
            say = f"表里没有叫“{title[:30]}”的列，请重新对应“{BY_CODE[code].title}”。"
            raise Refused("column-missing", say=say, have=title[:60], field=code)
    if "opened_at" not in chosen:
        raise Refused("column-needed", say="请指明哪一列是来电（受理）时间。", field="opened_at")
    if "words" not in chosen and "title" not in chosen:
        raise Refused("column-needed", say="请指明哪一列是诉求内容，或者主题。", field="words")
    return chosen


def row_digest(cells: Sequence[Any]) -> str:
    """The name of a row without a number: a digest of its cells, the same whatever file they stand in."""
    said = "\x1f".join(" ".join(text_of(cell).split()) for cell in cells)
    return "row-" + hashlib.blake2b(said.rstrip("\x1f").encode("utf-8", "replace"), digest_size=16).hexdigest()


SERIAL_MOST = 6


def source_number(number: str, area_path: str) -> str:
    """The name under which a row's number is kept: of a short plain serial, that of the area it is imported for as well.

    An order number of a hotline is unique in its city, and so in an installation. "1" to "999999" are a serial of
    somebody's list: two communities that each bring their own list mean different things by it.
    """
    is_serial = number.isdecimal() and len(number) <= SERIAL_MOST
    return f"{area_path.rstrip('/').rpartition('/')[2]}#{number}" if is_serial else number


def is_own_serial(external_id: str) -> bool:
    """Whether a kept number is a plain serial with its area, as `source_number` writes it."""
    return bool(re.fullmatch(rf"[^#]*#\d{{1,{SERIAL_MOST}}}", external_id))


def need_mark(row: Row) -> bytes:
    """Eight bytes that tell one need from another: what was asked for, and when."""
    return _mark("".join(row.words.split()), row.opened_at.isoformat())


def whole_mark(row: Row) -> bytes:
    """Eight bytes of all that a row tells of a need but who asked: they change when its source knows more."""
    told = sorted((code, moment.isoformat()) for code, moment in row.moments.items())
    texts = sorted((code, said) for code, said in row.texts.items() if code not in ("name", "phone", "address"))
    return _mark(*("".join(pair) for pair in (*told, *texts)), repr(row.labels), repr(row.solved))


def _mark(*said: str) -> bytes:
    return hashlib.blake2b("\x1f".join(said).encode("utf-8", "replace"), digest_size=8).digest()


def text_of(cell: Any) -> str:
    """A cell as text; a whole number as a spreadsheet means it, without its decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


class Reader:
    """Reads rows by a mapping; made once a table."""

    def __init__(self, titles: Sequence[str], columns: Mapping[str, str], zone: tzinfo, *, at: datetime) -> None:
        """Find the place of each column; `zone` is that of moments which name none, `at` the present."""
        self.titles = list(titles)
        self.zone, self.at = zone, at
        self.place = {code: self.titles.index(title) for code, title in columns.items()}
        self.columns = dict(columns)

    def read(self, line: int, cells: Sequence[Any]) -> Row | list[Fault]:
        """What a row says, or everything that is wrong with it."""
        faults: list[Fault] = []
        moments = {code: moment for code in MOMENTS if (moment := self._moment(code, cells, faults)) is not None}
        days = {code for code in moments if names_a_day_only(self.cell(code, cells))}
        self._settle(moments, days)
        texts = {
            code: self._text(code, cells) for code in ("name", "address", "unit", "urgency", "channel", "satisfaction")
        }
        digest = row_digest(cells)
        number = self._kept(faults, "number", lambda: self._number(cells)) or digest
        words, title = self._words(cells, faults)
        texts["note"] = self._kept(faults, "note", lambda: self._long(cells, "note")) or ""
        texts["phone"] = self._kept(faults, "phone", lambda: self._phone(cells)) or ""
        row = Row(line, number, digest, words, title, moments.get("opened_at", self.at), moments, texts)
        row.labels = tuple(text for code in CATEGORY_LEVELS if (text := self._text(code, cells)))
        row.point = self._point(cells, faults)
        row.solved, row.on_time = self._yes_or_no("solved", cells, faults), self._yes_or_no("on_time", cells, faults)
        row.protected = bool(self._yes_or_no("protected", cells, faults))
        if "due_at" in days:
            row.due_day = self._day(moments["due_at"])
        self._check_order(row, days, faults)
        return faults or row

    def cell(self, code: str, cells: Sequence[Any]) -> Any:
        """The cell of a field; nothing where no column means it or the row is shorter."""
        place = self.place.get(code)
        return cells[place] if place is not None and place < len(cells) else None

    def _text(self, code: str, cells: Sequence[Any]) -> str:
        return clean_line(text_of(self.cell(code, cells))[:2000], least=0, most=2000, field=code)[: LABEL_MOST * 2]

    def _kept(self, faults: list[Fault], code: str, read: Any) -> Any:
        try:
            return read()
        except Refused as refused:
            faults.append(Fault(self.columns.get(code, ""), refused.say))
            return None

    def _number(self, cells: Sequence[Any]) -> str:
        return clean_identifier(text_of(self.cell("number", cells)), least=0, most=100, field="number", label="编号")

    def _phone(self, cells: Sequence[Any]) -> str:
        said = text_of(self.cell("phone", cells)).strip()
        return normal_phone(said) if said and said not in ("-", "无", "匿名") else ""

    def _long(self, cells: Sequence[Any], code: str) -> str:
        said = text_of(self.cell(code, cells))
        return clean_text(said, least=0, most=NOTE_MOST, field=code, label=BY_CODE[code].title)

    def _words(self, cells: Sequence[Any], faults: list[Fault]) -> tuple[str, str]:
        title = self._text("title", cells)
        code = "words" if "words" in self.place else "title"
        said = text_of(self.cell("words", cells)).strip() or title
        label = BY_CODE[code].title
        words = self._kept(faults, code, lambda: clean_text(said, least=2, most=WORDS_MOST, field=code, label=label))
        return words or "", title[:40]

    def _moment(self, code: str, cells: Sequence[Any], faults: list[Fault]) -> datetime | None:
        cell = self.cell(code, cells)
        if code != "opened_at" and not text_of(cell).strip():
            return None
        ahead = None if code == "due_at" else TOLERANCE
        moment: datetime | None = self._kept(
            faults, code, lambda: parse_moment(_with_hours(cell), self.zone, at=self.at, ahead=ahead)
        )
        return moment

    def _point(self, cells: Sequence[Any], faults: list[Fault]) -> tuple[float, float] | None:
        said = [text_of(self.cell(code, cells)).strip() for code in ("longitude", "latitude")]
        if not all(said):
            return None
        try:
            lng, lat = float(unicodedata.normalize("NFKC", said[0])), float(unicodedata.normalize("NFKC", said[1]))
        except ValueError:
            lng, lat = 999.0, 999.0
        if not (-180 <= lng <= 180 and -90 <= lat <= 90):
            faults.append(Fault(self.columns["longitude"], f"“{said[0][:20]}，{said[1][:20]}”不是经纬度。"))
            return None
        return lng, lat

    def _yes_or_no(self, code: str, cells: Sequence[Any], faults: list[Fault]) -> bool | None:
        said = plain_title(text_of(self.cell(code, cells)))
        if not said:
            return None
        if said in YES or said in NO:
            return said in YES
        faults.append(Fault(self.columns[code], f"“{said[:20]}”看不出是“是”还是“否”。"))
        return None

    def _day(self, moment: datetime) -> date:
        return local(moment, self.zone).date()

    def _settle(self, moments: dict[str, datetime], days: set[str]) -> None:
        """Of a day without an hour the first moment that can be meant: not before what came earlier on that day."""
        before = moments.get("opened_at")
        for code in STEPS:
            moment = moments.get(code)
            if moment is None or before is None:
                continue
            if code in days and moment < before and self._day(moment) == self._day(before):
                moment = moments[code] = before
            before = max(before, moment)

    def _check_order(self, row: Row, days: set[str], faults: list[Fault]) -> None:
        """What is told before the report, or after the answer, cannot be; the sentence names both cells."""
        if any(fault.column == self.columns.get("opened_at") for fault in faults):
            return
        done, opened_day = row.moments.get("done_at"), self._day(row.opened_at)
        for code in (*STEPS, "due_at"):
            moment = row.moments.get(code)
            if moment is None:
                continue
            is_early = row.due_day < opened_day if code == "due_at" and row.due_day else moment < row.opened_at
            if is_early:
                faults.append(self._contradiction(row, days, code, "早于", "opened_at"))
            elif code != "due_at" and done is not None and moment > done:
                faults.append(self._contradiction(row, days, code, "晚于", "done_at"))

    def _contradiction(self, row: Row, days: set[str], code: str, word: str, other: str) -> Fault:
        said = [local(row.moments[one], self.zone).strftime(DAY if one in days else MINUTE) for one in (code, other)]
        say = f"{BY_CODE[code].title}{word}{BY_CODE[other].title}（{said[0]}，{said[1]}），请核对这两格。"
        return Fault(self.columns[code], say)


def _with_hours(cell: Any) -> Any:
    """Some databases write only the hours of an offset: +00 is +00:00."""
    if isinstance(cell, str) and re.search(r"\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d$", cell.strip()):
        return cell.strip() + ":00"
    return cell


def target_finding(row: Row, due_at: datetime | None) -> tuple[str, str] | None:
    """What a row's own word about its target, which ends at `due_at`, is to be listed for: (kind, sentence)."""
    if row.on_time is None or due_at is None:
        return None
    done = row.moments.get("done_at")
    if done is None:
        return ("open-on-time", "还没有办结，原系统却记为按时；不计入按时率。") if row.on_time else None
    kept = done <= due_at
    if kept == row.on_time:
        return None
    said, counted = ("按时", "超期") if row.on_time else ("超期", "按时")
    return "target-disagrees", f"原系统记为{said}，按它自己的期限和办结时间是{counted}；以时间为准。"
