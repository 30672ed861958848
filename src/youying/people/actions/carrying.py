"""Following a place that moved: the rows that name its path are given the new one, and one entry says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Model, Value
from django.db.models.functions import Concat, Substr

from youying.kernel.identifiers import uuid7
from youying.kernel.viewers import Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import unchanged


def carry_all(
    columns: Iterable[tuple[type[Model], str]],
    series: str,
    act_name: str,
    *,
    by: Viewer,
    old: str,
    new: str,
    also: int = 0,
) -> int:
    """Carry several columns and leave the entry of the act; how many rows there were, `also` those carried before."""
    rows = also + sum(carry(model, column, old=old, new=new) for model, column in columns)
    if rows:
        note_move(series, act_name, by=by, old=old, new=new, facts={"rows": rows})
    else:
        unchanged()
    return rows


def note_move(series: str, act_name: str, *, by: Viewer, old: str, new: str, facts: Mapping[str, int]) -> None:
    """The one entry of an act that follows a moved place, in a book of its own."""
    subject = f"{series}:{uuid7()}"
    open_subject(subject)
    write(subject, act_name, by=by, facts={"before": old, "after": new, **facts})


def carry(model: type[Model], column: str, *, old: str, new: str) -> int:
    """Give the rows whose column is a moved path, or lies below it, the new one; part of the act that follows a move."""
    rows = model._default_manager
    count = rows.filter(**{column: old}).update(**{column: new})
    below = rows.filter(**{f"{column}__startswith": old + "/"})
    return count + below.update(**{column: Concat(Value(new), Substr(column, len(old) + 1))})
