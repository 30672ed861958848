"""Rows of one table written in as few statements as their number allows: the way of imports, where building them costs most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection, models

PARAMETERS_AT_ONCE = 6000
Convert = Callable[[Any], Any]


def insert(rows: Iterable[models.Model]) -> None:
    """Insert unsaved rows of one model as they are; what the database numbers itself stays unknown to them."""
    held = list(rows)
    if not held:
        return
    table, names, attributes, json_places = _plan(type(held[0]), held[0].pk is not None)
    moment = _moments()
    read = attrgetter(*attributes)
    at_once = max(PARAMETERS_AT_ONCE // len(names), 1)
    with connection.cursor() as cursor:
        for start in range(0, len(held), at_once):
            some = held[start : start + at_once]
            values: list[Any] = []
            for row in some:
                cells = [moment(cell) if isinstance(cell, datetime) else cell for cell in read(row)]
                for place in json_places:
                    cells[place] = _json(cells[place])
                values += cells
            cursor.execute(_sql(table, names, len(some)), values)
    for row in held:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=32)
def _plan(model: type[models.Model], numbered: bool) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """The table, its columns, the attributes that fill them, and which of them hold JSON."""
    fields = [field for field in model._meta.concrete_fields if numbered or not field.primary_key]
    json_places = tuple(place for place, field in enumerate(fields) if isinstance(field, models.JSONField))
    return model._meta.db_table, tuple(str(f.column) for f in fields), tuple(f.attname for f in fields), json_places


@lru_cache(maxsize=256)
def _sql(table: str, names: tuple[str, ...], count: int) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    row = "(" + ", ".join(["%s"] * len(names)) + ")"
    return f"INSERT INTO {table} ({columns}) VALUES " + ", ".join([row] * count)  # noqa: S608 - names of our own models


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _moments() -> Convert:
    """Moments as this database keeps them, each worked out once."""
    known: dict[datetime, Any] = {}
    adapt = connection.ops.adapt_datetimefield_value

    def moment(value: datetime) -> Any:
        found = known.get(value)
        if found is None:
            found = known[value] = adapt(value)
        return found

    return moment
