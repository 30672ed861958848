"""Triggers that keep the book append-only: an entry takes its leaf once, nothing else changes, nothing goes."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    *("id", "subject", "seq", "at", "act", "actor_kind", "account_id", "post_id", "post_code", "unit_id"),
    *("origin", "facts", "sealed", "prev", "hash"),
)
TABLES_KEPT = ("record_entry", "record_head", "record_root")

_SAME = " AND ".join(f'OLD."{name}" IS NEW."{name}"' for name in COLUMNS)
_OLD = ", ".join(f'OLD."{name}"' for name in COLUMNS)
_NEW = ", ".join(f'NEW."{name}"' for name in COLUMNS)

SQLITE_UP = [
    f"""CREATE TRIGGER record_entry_stays BEFORE UPDATE ON record_entry
        WHEN NOT (OLD.leaf IS NULL AND NEW.leaf IS NOT NULL AND {_SAME})
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"""
        for table in TABLES_KEPT
    ),
]
SQLITE_DOWN = ["DROP TRIGGER IF EXISTS record_entry_stays", *(f"DROP TRIGGER IF EXISTS {t}_kept" for t in TABLES_KEPT)]

POSTGRESQL_UP = [
    f"""CREATE OR REPLACE FUNCTION record_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.leaf IS NULL AND NEW.leaf IS NOT NULL AND ROW({_OLD}) IS NOT DISTINCT FROM ROW({_NEW}) THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'the record is append-only';
        END $$""",
    """CREATE OR REPLACE FUNCTION record_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the record is append-only'; END $$""",
    """CREATE TRIGGER record_entry_stays BEFORE UPDATE ON record_entry
        FOR EACH ROW EXECUTE FUNCTION record_entry_stays()""",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION record_kept()"
        for table in TABLES_KEPT
    ),
]
POSTGRESQL_DOWN = [
    "DROP TRIGGER IF EXISTS record_entry_stays ON record_entry",
    *(f"DROP TRIGGER IF EXISTS {table}_kept ON {table}" for table in TABLES_KEPT),
]


def set_up(connection: Any) -> None:
    """Put the triggers in place; again after any migration that rebuilds one of these tables on SQLite."""
    lift(connection)
    _run(connection, POSTGRESQL_UP if connection.vendor == "postgresql" else SQLITE_UP)


def lift(connection: Any) -> None:
    """Take the triggers away, for a migration that rebuilds a table."""
    _run(connection, POSTGRESQL_DOWN if connection.vendor == "postgresql" else SQLITE_DOWN)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
