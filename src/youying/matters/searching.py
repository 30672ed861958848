"""Full-text search over masked words: bigram tokens in FTS5 or a tsvector, by the database at hand."""

from __future__ import annotations

from django.db import connection

from youying.kernel.text_safety import bigrams, fts5_query, tsquery
from youying.matters.models import Matter

PER_MATTER = 16_000
"""Three times the longest text that is accepted: all of it is found. PostgreSQL tells 16,383 places of a text apart."""
INSERT = {
    "postgresql": (
        "INSERT INTO matters_search (rowid, tokens) VALUES ",
        "(%s, to_tsvector('simple', %s))",
    ),
    "sqlite": ("INSERT INTO matters_search (rowid, tokens) VALUES ", "(%s, %s)"),
}


def tokens_of(matter: Matter) -> str:
    """The tokens under which a matter is found: its number, title, words and place, all masked already."""
    text = f"{matter.number} {matter.number.replace('-', '')} {matter.title} {matter.words} {matter.place_words}"
    return " ".join(bigrams(text)[:PER_MATTER])


def index_words(matter: Matter) -> None:
    """Put a new matter into the search index."""
    index_many([matter])


def index_many(matters: list[Matter]) -> None:
    """Put many new matters into the search index in one statement."""
    rows = [value for matter in matters for value in (matter.pk, tokens_of(matter))]
    with connection.cursor() as cursor:
        start, row = INSERT[connection.vendor]
        cursor.execute(start + ", ".join([row] * len(matters)), rows)


def reindex(matter: Matter) -> None:
    """Index a matter anew after its words were corrected."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matters_search WHERE rowid = %s", [matter.pk])
    index_words(matter)


def condition(text: str) -> tuple[str, list[str]]:
    """The SQL condition on `matters_matter.id` for a search text, with its parameters; every phrase must be there."""
    if not text.strip():
        return "", []
    if connection.vendor == "postgresql":
        return "id IN (SELECT rowid FROM matters_search WHERE tokens @@ %s::tsquery)", [tsquery(text)]
    return "id IN (SELECT rowid FROM matters_search WHERE matters_search MATCH %s)", [fts5_query(text)]
