"""Which matters stand on a page: found by the filter's own index where few match, by walking the order where many do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Func, Q, QuerySet

from youying.matters.models import Matter

SORTS: dict[str, tuple[Any, ...]] = {
    "due": ("waiting", F("due_at").asc(nulls_last=True), "id"),
    "-due": (F("due_at").desc(nulls_last=True), "-id"),
    "received": ("opened_at", "id"),
    "-received": ("-opened_at", "-id"),
    "changed": ("changed_at", "id"),
    "-changed": ("-changed_at", "-id"),
    "number": ("id",),
    "-number": ("-id",),
}
COARSE = frozenset({"lead_id", "category", "channel", "kind", "stage", "urgency", "excluded"})
"""Facts that many ended matters share: the open ones are found sooner in the index that holds only those."""
FILTERED_BY = COARSE | {"area_path", "compound_id", "building_id", "grid_id"}
MANY_OPEN, MANY = 1_500, 5_000
"""From so many matches on, walking the order finds a page sooner than sorting them; open matters have orders of their own."""


class AsItIs(Func):
    """A column that SQLite looks at without choosing an index by it; PostgreSQL weighs that itself."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The sign that keeps a column from choosing the index."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def sorted_by(sort: str) -> tuple[Any, ...]:
    """The order of a page for rows that are to be found first and sorted then, never by walking."""
    column = {"due": "due_at", "received": "opened_at", "changed": "changed_at"}.get(sort.lstrip("-"))
    keys = [AsItIs(F(name)) for name in (column, "id") if name]
    made = tuple(key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True) for key in keys)
    return (AsItIs(F("waiting")).asc(), *made) if sort == "due" else made


def unhurried(where: Q, columns: frozenset[str]) -> QuerySet[Matter]:
    """The matters of a condition, found without an index on these columns."""
    seen = {f"seen_{name}": AsItIs(F(name)) for name in sorted(columns)}
    return Matter.objects.alias(**seen).filter(_renamed(where, columns))


def _renamed(where: Q, columns: frozenset[str]) -> Q:
    found = Q(_connector=where.connector, _negated=where.negated)
    found.children = [
        _renamed(child, columns)
        if isinstance(child, Q)
        else _renamed_pair(child, columns)
        if isinstance(child, tuple)
        else child
        for child in where.children
    ]
    return found


def _renamed_pair(pair: tuple[str, Any], columns: frozenset[str]) -> tuple[str, Any]:
    name, value = pair
    return (f"seen_{name}" if name.partition("__")[0] in columns else name), value


def walked_page(where: Q, fields: Sequence[str], *, sort: str, start: int, limit: int) -> list[dict[str, Any]]:
    """The columns of one page found by walking; by deadline those that have one first, so that an index can serve them.

    What waits for its resident stands last where the nearest deadline is asked for first: nobody there is late.
    """
    found = unhurried(where, FILTERED_BY)
    if sort not in ("due", "-due"):
        return list(found.order_by(*SORTS[sort]).values(*fields)[start : start + limit])
    sign = sort.removesuffix("due")
    dated = (f"{sign}due_at", f"{sign}id")
    due, bare = found.filter(due_at__isnull=False), found.filter(due_at__isnull=True).order_by(f"{sign}id")
    if sign:
        return _in_turn([due.order_by(*dated), bare], fields, start, limit)
    parts = [due.filter(waiting=False).order_by(*dated), bare.filter(waiting=False)]
    return _in_turn(
        [*parts, due.filter(waiting=True).order_by(*dated), bare.filter(waiting=True)], fields, start, limit
    )


def _in_turn(parts: list[QuerySet[Matter]], fields: Sequence[str], start: int, limit: int) -> list[dict[str, Any]]:
    """One page of several lists that stand one after the other."""
    rows: list[dict[str, Any]] = []
    before = 0
    for part in parts:
        first = max(0, start - before)
        found = list(part.values(*fields)[first : first + limit - len(rows)])
        rows += found
        if len(rows) == limit:
            break
        before += first + len(found) if found or not first else part.order_by().count()
    return rows
