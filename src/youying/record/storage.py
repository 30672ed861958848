"""The hot statements of the book in plain SQL: built once, because building them anew costs more than running them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

PARAMETERS_AT_ONCE = 6000
HEAD_COLUMNS = ("subject", "series", "serial", "count", "hash", "data_key", "erased_at", "mac")
ENTRY_COLUMNS = (
    *("subject", "seq", "at", "act", "actor_kind", "account_id", "post_id", "post_code", "unit_id", "origin"),
    *("facts", "sealed", "prev", "hash"),
)
ANNOUNCEMENT_COLUMNS = (
    *("topic", "listener", "subject", "seq", "payload", "key", "made_at", "delivered_at", "tries", "try_at"),
    *("stuck", "error"),
)
KEPT_UP = ("count", "hash", "data_key", "erased_at", "mac")
UPSERT = "ON CONFLICT (subject) DO UPDATE SET " + ", ".join(f'"{name}" = excluded."{name}"' for name in KEPT_UP)
Row = Sequence[Any]


@lru_cache(maxsize=256)
def _insert_sql(table: str, columns: tuple[str, ...], rows: int, ending: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * rows)
    return f"INSERT INTO {table} ({names}) VALUES {values} {ending}"  # noqa: S608 - names are constants above


@lru_cache(maxsize=256)
def _select_sql(count: int, locking: bool) -> str:
    names = ", ".join(f'"{name}"' for name in HEAD_COLUMNS[:-1])
    marks = ", ".join(["%s"] * count)
    ending = " FOR UPDATE" if locking else ""
    return f"SELECT {names} FROM record_head WHERE subject IN ({marks}) ORDER BY subject{ending}"  # noqa: S608 - as above


def read_heads(subjects: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Lock and read heads, always in the same order: the columns of `HEAD_COLUMNS` without the proof."""
    locking = connection.features.has_select_for_update
    for start in range(0, len(subjects), PARAMETERS_AT_ONCE):
        some = subjects[start : start + PARAMETERS_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(_select_sql(len(some), locking), some)
            for subject, series, serial, count, hash, data_key, erased_at in cursor.fetchall():
                key = None if data_key is None else bytes(data_key)
                yield subject, series, serial, count, bytes(hash), key, _moment(erased_at)


def put_heads(rows: Sequence[Row]) -> None:
    """Insert heads, or bring those that stand up to date; rows in the order of `HEAD_COLUMNS`."""
    for _ in _insert("record_head", HEAD_COLUMNS, rows, ending=UPSERT):
        pass


def insert_entries(rows: Sequence[Row]) -> list[int]:
    """Insert entries in the order of `ENTRY_COLUMNS`; their ids."""
    return [number for (number,) in _insert("record_entry", ENTRY_COLUMNS, rows, ending="RETURNING id")]


def insert_announcements(rows: Sequence[Row]) -> None:
    """Insert announcements; rows in the order of `ANNOUNCEMENT_COLUMNS`."""
    for _ in _insert("record_announcement", ANNOUNCEMENT_COLUMNS, rows, ending=""):
        pass


def _insert(table: str, columns: tuple[str, ...], rows: Sequence[Row], *, ending: str) -> Iterator[tuple[Any, ...]]:
    at_once = PARAMETERS_AT_ONCE // len(columns)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_once):
            some = rows[start : start + at_once]
            cursor.execute(
                _insert_sql(table, columns, len(some), ending), [_value(value) for row in some for value in row]
            )
            if ending.startswith("RETURNING"):
                yield from cursor.fetchall()


def _value(value: Any) -> Any:
    """A moment in the form this database keeps; anything else as it is."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _moment(value: Any) -> datetime | None:
    """A moment read from either database."""
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    parsed = parse_datetime(value)
    return parsed.replace(tzinfo=UTC) if parsed and parsed.tzinfo is None else parsed
