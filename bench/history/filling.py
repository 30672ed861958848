"""Patterns made ready for filling, and the rows of one life out of one pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from bench.history.learning import filling
from bench.history.lives import Life
from bench.history.templates import (
    ENTRY_COLUMNS,
    TABLES,
    Moving,
    Pattern,
    Slot,
    Text,
    facts_pieces,
    is_json,
    json_pieces,
    naive,
)
from bench.street import District
from youying.kernel.identifiers import hash_secret, matter_number
from youying.kernel.normal_forms import normal_phone
from youying.kernel.sealing import blind_index, seal, wrap_data_key
from youying.kernel.text_safety import bigrams
from youying.matters.actions.intake import key_of
from youying.matters.searching import PER_MATTER
from youying.record import rules
from youying.record.book import Standing
from youying.record.keys import fresh_data_key, ring

Row = tuple[Any, ...]
ENTRIES, HEADS, SEARCH = "record_entry", "record_head", "matters_search"
ENTRY_OUT = ("subject", "seq", *ENTRY_COLUMNS, "facts", "sealed", "prev", "hash")
HEAD_OUT = ("subject", "series", "serial", "count", "hash", "mac", "data_key", "erased_at")
COUNTED_BY = (
    *(
        "contacted_on_time",
        "completed_on_time",
        "solved",
        "satisfaction",
        "crossed_off",
        "overdue",
        "reworks",
        "repeat",
    ),
    *("excluded", "end_reason"),
)
json_text = msgspec.json.Encoder().encode


@dataclass
class Line:
    """A row of a pattern as a list of values with the places that each life fills."""

    values: list[Any]
    slots: list[tuple[int, str]]
    moving: list[tuple[int, datetime]]
    texts: list[tuple[int, Text]]


@dataclass
class Ready:
    """A pattern made ready: rows by table, entries with their facts and sealed parts in pieces."""

    pattern: Pattern
    lines: dict[str, list[Line]]
    entries: list[tuple[dict[str, Any], Text, Text | None]]
    said_in: list[tuple[str, datetime]]
    tally: Mapping[str, Any]
    counted: tuple[Any, ...]


def columns_of(table: str) -> tuple[str, ...]:
    """The columns that are written into a table of the loop."""
    return tuple(
        f.attname for f in TABLES[table]._meta.concrete_fields if not f.primary_key or table == "matters_matter"
    )


def make_ready(pattern: Pattern, *, vendor: str) -> Ready:
    """Sort out once what each life fills."""
    lines = {table: [_line(table, row, vendor) for row in rows] for table, rows in pattern.rows.items()}
    entries = [
        (entry, facts_pieces(entry["facts"]), facts_pieces(entry["sealed"]) if entry["sealed"] else None)
        for entry in pattern.entries
    ]
    said_in = [(f"t:{name}", moment) for name, moment in pattern.moments.items()]
    row = pattern.rows["matters_matter"][0]
    counted = (
        pattern.series,
        row["urgency"],
        row["tier"],
        *(f"{row[name]}" for name in COUNTED_BY),
        row["completed_at"] is None,
    )
    return Ready(pattern, lines, entries, said_in, row, counted)


def _line(table: str, row: Mapping[str, Any], vendor: str) -> Line:
    line = Line([None] * len(columns_of(table)), [], [], [])
    for place, column in enumerate(columns_of(table)):
        value = row.get(column)
        if column in row and is_json(table, column) and value is not None:
            text = json_pieces(value)
            if text.slots:
                line.texts.append((place, text))
            line.values[place] = text.pieces[0]
        elif isinstance(value, Slot):
            line.slots.append((place, value.name))
        elif isinstance(value, Moving):
            line.moving.append((place, naive(value.at)))
        else:
            line.values[place] = written(value, vendor)
    if table == "matters_reporter":
        names = columns_of(table)
        line.slots += [(names.index(name), name) for name in ("contact_sealed", "phone_index", "secret_hash")]
    return line


def written(value: Any, vendor: str) -> Any:
    """A value in the form this database takes."""
    if isinstance(value, datetime):
        return stamp(naive(value), vendor)
    return value


def stamp(moment: datetime, vendor: str) -> str:
    """A moment in UTC as this database reads it."""
    return f"{moment}+00" if vendor == "postgresql" else str(moment)


@dataclass
class Filled:
    """The rows of one life."""

    rows: dict[str, list[Row]]
    entries: list[Row]
    head: Row
    search: Row


class Filler:
    """Makes rows of lives; the keys of the installation are read once."""

    def __init__(self, district: District, *, vendor: str) -> None:
        self.district, self.vendor = district, vendor
        self.keys = ring()

    def fill(self, ready: Ready, life: Life, serial: int) -> Filled:
        """The rows that the real actions would have made of this life under this serial."""
        yymm = ready.pattern.series.rpartition("/")[2]
        key, number = key_of(yymm, serial), matter_number(yymm, serial)
        shift = life.opened_at - ready.pattern.life.opened_at
        subject = f"matter:{key}"
        data_key = fresh_data_key()
        values = filling(self.district, life, key=key, number=number)
        for name, moment in ready.said_in:
            values[name] = (moment + shift).isoformat()
        texts = {name: json_text(value).decode() for name, value in values.items()}
        self._reporter(values, life, subject, data_key)
        rows = {
            table: [self._row(line, values, texts, shift) for line in lines] for table, lines in ready.lines.items()
        }
        entries = self._entries(ready, subject, data_key, values, texts, shift)
        head = self._head(ready, subject, serial, entries, data_key)
        return Filled(rows, entries, head, (key, self._tokens(values)))

    def _reporter(self, values: dict[str, Any], life: Life, subject: str, data_key: Any) -> None:
        said = life.said
        contact = json_text({"name": said.name, "phone": said.phone, "address": ""})
        values["contact_sealed"] = seal(data_key, contact, rules.bound_to_value(subject))
        values["phone_index"] = blind_index(self.keys.current("index"), normal_phone(said.phone), kind="phone")
        values["secret_hash"] = hash_secret(said.secret, self.keys.current("secret").secret, bound_to=values["number"])

    def _row(self, line: Line, values: dict[str, Any], texts: dict[str, str], shift: timedelta) -> Row:
        row = line.values.copy()
        for place, name in line.slots:
            row[place] = values[name]
        for place, moment in line.moving:
            row[place] = stamp(moment + shift, self.vendor)
        for place, text in line.texts:
            row[place] = joined(text, texts)
        return tuple(row)

    def _entries(
        self, ready: Ready, subject: str, data_key: Any, values: dict[str, Any], texts: dict[str, str], shift: timedelta
    ) -> list[Row]:
        prev, rows = rules.NO_HASH, []
        for seq, (entry, facts, sealed) in enumerate(ready.entries, 1):
            at, *rest = (_filled(entry[name], values) for name in ENTRY_COLUMNS)
            at = at.at + shift if isinstance(at, Moving) else at
            said = joined(facts, texts)
            blob = (
                seal(data_key, joined(sealed, texts).encode(), rules.bound_to_entry(subject, seq)) if sealed else None
            )
            line = rules.Line(subject, seq, at, *rest, said, blob, prev)
            hash = rules.entry_hash(line)
            rows.append((subject, seq, stamp(naive(at), self.vendor), *rest, said, blob, prev, hash))
            prev = hash
        return rows

    def _head(self, ready: Ready, subject: str, serial: int, entries: list[Row], data_key: Any) -> Row:
        wrapped = wrap_data_key(self.keys, data_key, bound_to=subject.encode())
        return head_row(subject, ready.pattern.series, serial, len(entries), entries[-1][-1], data_key=wrapped)

    def _tokens(self, values: dict[str, Any]) -> str:
        number = values["number"]
        own = [*number.split("-"), number.replace("-", "")]
        tokens = own + _tokens_of(values["title"], values["words"]) + _tokens_of("", values["place_words"])
        return " ".join(tokens[:PER_MATTER])


def head_row(subject: str, series: str, serial: int, count: int, hash: bytes, *, data_key: bytes | None = None) -> Row:
    """A head of the record with its proof."""
    standing = Standing(subject, series, serial, count, hash, data_key)
    return subject, series, serial, count, hash, rules.head_mac(ring(), standing), data_key, None


def joined(text: Text, values: Mapping[str, str]) -> str:
    """The text with its slots filled."""
    if not text.slots:
        return text.pieces[0]
    parts = [text.pieces[0]]
    for name, piece in zip(text.slots, text.pieces[1:], strict=True):
        parts += (values[name], piece)
    return "".join(parts)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    return values[value.name] if isinstance(value, Slot) else value


@lru_cache(maxsize=400_000)
def _tokens_of(title: str, words: str) -> list[str]:
    return bigrams(f"{title} {words}")
