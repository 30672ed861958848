"""A life as a pattern: rows of the real actions, in which what differs between lives is a slot to be filled.

A pattern is read off real lives of one kind told twice, some minutes apart: what moved along with the report moves in
every life of the pattern, what stayed stays. A third telling between the two must come out as the pattern says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.history.lives import Life
from youying.matters.models import Assignment, Attempt, Clock, Matter, Reporter, Verdict
from youying.record.models import Entry, Head
from youying.record.queries import opened
from youying.record.rules import facts_text

TABLES = {model._meta.db_table: model for model in (Matter, Reporter, Assignment, Clock, Attempt, Verdict)}
JSON_KINDS = {"JSONField"}
MARK = re.compile(r'"@@([^"]+)@@"')
MADE_ANEW = {"contact_sealed", "phone_index", "secret_hash"}
ENTRY_COLUMNS = ("at", "act", "actor_kind", "account_id", "post_id", "post_code", "unit_id", "origin")


class Unlike(Exception):
    """Two lives of one kind differ in something other than their moments: no pattern can be read off them."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that each life fills in."""

    name: str


@dataclass(frozen=True, slots=True)
class Moving:
    """A moment that moves with the report."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """JSON text in pieces, between which the JSON of slots is put."""

    pieces: tuple[str, ...]
    slots: tuple[str, ...]


@dataclass
class Told:
    """All rows of one life as plain data."""

    rows: dict[str, list[dict[str, Any]]]
    entries: list[dict[str, Any]]
    head: dict[str, Any]


@dataclass
class Pattern:
    """The rows of a kind of life with its slots; `moments` are all that move."""

    life: Life
    rows: dict[str, list[dict[str, Any]]]
    entries: list[dict[str, Any]]
    series: str
    moments: dict[str, datetime] = field(default_factory=dict)


def read(key: int) -> Told:
    """Read all rows of a matter from the database."""
    rows = {}
    for table, model in TABLES.items():
        where = {"pk": key} if model is Matter else {"matter": key}
        rows[table] = [_values(row) for row in model.objects.filter(**where).order_by("pk")]  # type: ignore[attr-defined]
    subject = f"matter:{key}"
    entries = []
    for entry in Entry.objects.filter(subject=subject).order_by("seq"):
        kept = {name: getattr(entry, name) for name in ENTRY_COLUMNS}
        entries.append(kept | {"facts": entry.facts, "sealed": opened(entry) if entry.sealed else None})
    head = Head.objects.get(subject=subject)
    return Told(rows, entries, {"series": head.series, "serial": head.serial, "count": head.count})


def _values(row: Any) -> dict[str, Any]:
    fields = [f for f in row._meta.concrete_fields if not f.primary_key or isinstance(row, Matter)]
    return {f.attname: getattr(row, f.attname) for f in fields if f.attname not in MADE_ANEW}


@dataclass
class Comparison:
    """Two tellings put side by side."""

    shift: timedelta
    names: Mapping[tuple[type, Any], str]
    moments: dict[str, datetime] = field(default_factory=dict)

    def both(self, one: Any, other: Any) -> Any:
        """One value of the pattern: a slot, something moving, or what both have."""
        if isinstance(one, dict):
            if not isinstance(other, dict) or one.keys() != other.keys():
                raise Unlike(f"{one} / {other}")
            return {name: self.both(value, other[name]) for name, value in one.items()}
        if isinstance(one, list | tuple):
            if len(one) != len(other):
                raise Unlike(f"{one} / {other}")
            return [self.both(a, b) for a, b in zip(one, other, strict=True)]
        return self._leaf(one, other)

    def _leaf(self, one: Any, other: Any) -> Any:
        if one == other:
            name = self.names.get((type(one), one)) if one.__hash__ else None
            return Slot(name) if name else one
        first, second = moment_in(one), moment_in(other)
        if first is None or second is None or second - first != self.shift:
            raise Unlike(f"{one} / {other}")
        if isinstance(one, datetime):
            return Moving(one)
        self.moments[one] = first
        return Slot(f"t:{one}")


def moment_in(value: Any) -> datetime | None:
    """The moment that a value is or says."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\dT", value):
        return None
    return datetime.fromisoformat(value)


def pattern_of(life: Life, one: Told, other: Told, *, shift: timedelta, names: Mapping[str, Any]) -> Pattern:
    """Read the pattern off two tellings; raises `Unlike` where there is none."""
    side = Comparison(shift, {(type(value), value): name for name, value in names.items()})
    rows = {
        table: [side.both(a, b) for a, b in zip(rows, other.rows[table], strict=True)]
        for table, rows in one.rows.items()
        if len(rows) == len(other.rows[table]) or _unlike(table)
    }
    if len(one.entries) != len(other.entries):
        raise Unlike("entries")
    entries = [side.both(a, b) for a, b in zip(one.entries, other.entries, strict=True)]
    return Pattern(life, rows, entries, one.head["series"], side.moments)


def _unlike(table: str) -> bool:
    raise Unlike(table)


def facts_pieces(value: Any) -> Text:
    """Facts of the record as pieces of their one canonical text."""
    return _cut(facts_text(_marked(value)))


def json_pieces(value: Any) -> Text:
    """A JSON column as pieces of the text that Django stores."""
    return _cut(json.dumps(_marked(value)))


def _marked(value: Any) -> Any:
    if isinstance(value, Slot):
        return f"@@{value.name}@@"
    if isinstance(value, Moving):
        raise TypeError("a moment inside JSON is text")
    if isinstance(value, Mapping):
        return {name: _marked(inner) for name, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else value


def _cut(text: str) -> Text:
    parts = MARK.split(text)
    return Text(tuple(parts[::2]), tuple(parts[1::2]))


def is_json(table: str, column: str) -> bool:
    """Whether a column holds JSON."""
    fields: Sequence[Any] = TABLES[table]._meta.concrete_fields
    return next(f for f in fields if f.attname == column).get_internal_type() in JSON_KINDS


def naive(moment: datetime) -> datetime:
    """A moment in UTC without its zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
