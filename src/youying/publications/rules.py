"""What is posted and for how long: the pack's words, the law's floor, hidden columns; pure functions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from youying.kernel.calendar import WorkCalendar
from youying.kernel.clocks import Deadline, count
from youying.kernel.durations import parse_duration
from youying.kernel.masking import mask_text
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.packs.floor import POSTINGS

PLACES: dict[str, str] = {"board": "公示栏", "portal": "网上", "door": "单元门", "group": "居民群", "bulletin": "公报"}
"""Where something is posted."""

STATES: dict[str, str] = {"showing": "公示中", "ended": "公示期满", "withdrawn": "提前撤下"}
MOST_ROWS = 500
MOST_COLUMNS = 12
MOST_CELL = 200
MOST_WORDS = 1000
A_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Terms:
    """One publication as an edition declares it."""

    code: str
    title: str
    shows: str
    days: str
    at: tuple[str, ...]
    hides: frozenset[str]
    objection_to: tuple[str, ...]
    objection_within: str
    law: str
    clause: str
    edition: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is shown: columns (code, title), rows of cells, a sentence above them."""

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def as_data(self) -> dict[str, object]:
        """As it is stored and digested."""
        return {
            "columns": [list(column) for column in self.columns],
            "rows": [list(row) for row in self.rows],
            "note": self.note,
        }


def publications_of(edition: Edition) -> dict[str, Terms]:
    """Every publication of an edition by code."""
    return {code: terms_of(edition, code) for code in edition.pack.publication}


def terms_of(edition: Edition, code: str) -> Terms:
    """One publication of an edition; refused when there is none of that code."""
    said = edition.pack.publication.get(code)
    if said is None:
        titles = "、".join(one.title for one in edition.pack.publication.values()) or "没有"
        raise Refused("publication-unknown", say=f"这里的机制包没有这种公示，现有：{titles}。", have=code[:40])
    return Terms(
        code=code,
        title=said.title,
        shows=said.shows,
        days=str(said.days),
        at=tuple(said.at),
        hides=frozenset(said.hides),
        objection_to=tuple(said.objection.to) if said.objection else (),
        objection_within=str(said.objection.within) if said.objection else "",
        law=said.law or "",
        clause=said.clause or (POSTINGS[said.law][1] if said.law else ""),
        edition=edition.digest,
    )


def frozen(content: Content, hides: frozenset[str]) -> Content:
    """What may be seen by everybody: hidden columns gone, numbers and names in the text masked; refused when nothing
    is left or it is too much for a notice."""
    kept = [place for place, (code, _title) in enumerate(content.columns) if code not in hides]
    if not kept or not content.rows:
        raise Refused("publication-empty", say="没有可以公示的内容，请先核对要公示的账或名册。")
    if len(content.rows) > MOST_ROWS or len(kept) > MOST_COLUMNS:
        say = f"一张公示最多{MOST_ROWS}行、{MOST_COLUMNS}栏，请分开公示。"
        raise Refused("publication-too-long", say=say, have=[len(content.rows), len(kept)])
    rows = [[mask_text(str(row[place]))[:MOST_CELL] for place in kept] for row in content.rows]
    return Content([content.columns[place] for place in kept], rows, mask_text(content.note)[:MOST_CELL])


def digest(content: Content) -> str:
    """The SHA-256 of what is shown, by which anybody proves that it was not changed."""
    text = json.dumps(content.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def counted(terms: Terms, start: datetime, calendar: WorkCalendar) -> Deadline:
    """Until when something stays posted, by the counting of the Civil Code (201 to 203): the first day is left out.

    Refused when the law wants it up for longer than the pack says.
    """
    deadline = count(start, parse_duration(terms.days), calendar)
    if terms.law:
        days, clause = POSTINGS[terms.law]
        floor = count(start, parse_duration(f"{days} days"), calendar).due_at
        if deadline.due_at is None or (floor and deadline.due_at < floor):
            say = f"依法要公示不少于{days}天，机制包只写了“{terms.days}”。"
            raise Refused("publication-too-short", say=say, clause=clause, have=terms.days, need=f"{days} days")
    return deadline


def state(*, until: datetime, withdrawn: bool, at: datetime) -> str:
    """Whether a notice is up, has been up for its days, or was taken down before."""
    if withdrawn:
        return "withdrawn"
    return "showing" if at < until else "ended"


def checked_words(text: str, *, field: str) -> str:
    """Free words of an objection, an answer or a reason."""
    words = text.strip()
    if not words:
        raise Refused("words-missing", say="请写明情况。", field=field)
    if len(words) > MOST_WORDS:
        raise Refused("words-too-long", say=f"最多{MOST_WORDS}个字。", have=len(words), need=MOST_WORDS, field=field)
    return words


def check_may_object(terms_to: Sequence[str], *, showing: bool) -> None:
    """Refuse an objection to what is no longer up, or to what the pack takes none for."""
    if not terms_to:
        raise Refused("objection-not-taken", say="这一项公示没有设异议渠道，请到“我要反映”登记。")
    if not showing:
        raise Refused("objection-late", say="公示期已过，请到“我要反映”登记。")


def check_may_answer(asked_of: Sequence[str], viewer: Viewer) -> None:
    """Refuse whoever is not the one that answers objections."""
    if viewer.kind != "system" and viewer.post_code not in asked_of:
        raise Refused(
            "objection-not-yours", say="这条异议不由您的岗位答复。", have=viewer.post_code, need=list(asked_of)
        )


def content_from(data: Mapping[str, object]) -> Content:
    """Read stored content back."""
    columns = [(str(code), str(title)) for code, title in data["columns"]]  # type: ignore[attr-defined]
    rows = [[str(cell) for cell in row] for row in data["rows"]]  # type: ignore[attr-defined]
    return Content(columns, rows, str(data.get("note", "")))
