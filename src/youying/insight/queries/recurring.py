"""What recurs, as figures read it: the occasions of a rhythm in a period, alike in every fact, and how many they are.

An occasion belongs to the day on which it was due. It is due once that day is over, or it has ended before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Value, When

from youying.insight.periods import Period
from youying.kernel.moments import now, zone
from youying.matters.queries.sight import in_place
from youying.occasions.models import Occasion
from youying.places.queries import zone_of
from youying.sheets.queries import current_values

AT_ONCE = 500
SCALE = 6
"""Sums are counted in millionths of what the sheet says: numbers of sheets have fewer decimals."""
FACTS = {
    **{name: name for name in ("met", "missed", "on_time", "at_hours", "first_time", "attempts", "opened")},
    "class": "class_code",
}
KNOWN = frozenset({*FACTS, "due", "done", "found", "covered"})
"""The facts that are known of an occasion."""
_YES = {
    "due": lambda at: Q(due_at__lte=at) | Q(ended_at__isnull=False),
    "done": lambda at: Q(done_at__isnull=False),
    "found": lambda at: Q(found__gt=0),
    "covered": lambda at: Q(met=True) | (Q(ended_at__isnull=False) & ~Q(reason="")),
}


def alike(path: str, rhythm: str, period: Period | None) -> Iterator[tuple[Mapping[str, Any], str, int]]:
    """The occasions of a rhythm at or below a place, grouped by all that a figure may ask; one statement.

    Each group is its facts, the reason for which it may be left out, and how many it has.
    """
    yes = {
        f"is_{name}": Case(When(test(now()), then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, test in _YES.items()
    }
    said = {f"its_{name}": F(column) for name, column in FACTS.items()}
    rows = _of(path, rhythm, period).annotate(**yes, **said).values_list(*yes, *said, "reason").annotate(n=Count("pk"))
    names = [name.partition("_")[2] for name in (*yes, *said)]
    for *values, reason, n in rows.order_by():
        yield dict(zip(names, values, strict=True)), reason, n


def summed(
    path: str, rhythm: str, period: Period | None, *, sheet: str, item: str
) -> Iterator[tuple[Mapping[str, Any], str, int]]:
    """Each done occasion with the number that an item of its sheet says, in millionths; values are opened, never kept."""
    rows = _of(path, rhythm, period).filter(done_at__isnull=False).order_by("pk")
    waiting = rows.iterator(chunk_size=AT_ONCE)
    while some := list(islice(waiting, AT_ONCE)):
        filled = current_values([row.subject for row in some], sheet)
        for row in some:
            worth = Decimal(str(filled.get(row.subject, {}).get(item) or 0)) * 10**SCALE
            facts = {name: getattr(row, column) for name, column in FACTS.items()}
            yield facts | {"due": True, "done": True, "covered": True, "found": row.found > 0}, row.reason, int(worth)


def _of(path: str, rhythm: str, period: Period | None) -> QuerySet[Occasion]:
    rows = Occasion.objects.filter(in_place(path), rhythm=rhythm)
    if period is None:
        return rows
    place = zone(zone_of(path))
    since, until = (datetime.combine(day, time.min, place).astimezone(UTC) for day in (period.since, period.until))
    return rows.filter(due_at__gt=since, due_at__lte=until)
