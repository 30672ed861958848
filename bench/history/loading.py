"""The quickest way of many rows into each database: COPY, or one prepared statement run many times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from bench.history.filling import SEARCH, Row

HURRIED = {
    "postgresql": ("SET synchronous_commit = off",),
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000"),
}
CAREFUL = {
    "postgresql": ("SET synchronous_commit = on", "VACUUM ANALYZE"),
    "sqlite": (
        *("INSERT INTO matters_search (matters_search) VALUES ('optimize')", "ANALYZE", "PRAGMA synchronous=FULL"),
        *("PRAGMA cache_size=-32000", "PRAGMA wal_checkpoint(TRUNCATE)"),
    ),
}
STAGING = "CREATE TEMP TABLE IF NOT EXISTS search_in (rowid bigint, tokens text)"
INDEX_STAGED = (
    "INSERT INTO matters_search (rowid, tokens) SELECT rowid, to_tsvector('simple', tokens) FROM search_in",
    "TRUNCATE search_in",
)


class Loader:
    """Writes rows into tables; hurried, because a history that is lost is made again."""

    def __init__(self) -> None:
        self.postgresql = connection.vendor == "postgresql"
        self._run(HURRIED)
        if self.postgresql:
            with connection.cursor() as cursor:
                cursor.execute(STAGING)

    def _run(self, statements: dict[str, tuple[str, ...]]) -> None:
        """Settings and housekeeping, which no database allows inside a transaction."""
        if connection.in_atomic_block:
            return
        for statement in statements[connection.vendor]:
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def put_all(self, tables: Sequence[tuple[str, Sequence[str], list[Row]]]) -> None:
        """Write rows of several tables in one transaction."""
        with transaction.atomic():
            for table, columns, rows in tables:
                if rows:
                    self._put(table, columns, rows)

    def _put(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        if self.postgresql and table == SEARCH:
            self._copy("search_in", columns, rows)
            with connection.cursor() as cursor:
                for statement in INDEX_STAGED:
                    cursor.execute(statement)
        elif self.postgresql:
            self._copy(table, columns, rows)
        else:
            marks = ", ".join("?" * len(columns))
            insert = f"INSERT INTO {table} ({_names(columns)}) VALUES ({marks})"  # noqa: S608 - our own constants
            connection.connection.executemany(insert, rows)

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({_names(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        """Let the database know what it holds, and be careful again."""
        self._run(CAREFUL)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def size_of_database() -> int:
    """Bytes that the database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
