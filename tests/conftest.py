"""What every test may ask for: a still clock, counted statements, and the database that the run chose."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests import databases
from tests.browser import browser, browser_page
from tests.matters import world as worlds
from youying.editions.snapshot import snapshot as editions
from youying.kernel.moments import StillClock, still
from youying.places.snapshot import snapshot as places
from youying.record import anchors

__all__ = ["browser", "browser_page"]

databases.choose()
# Workers share a home, but each has a book of its own.
anchors.FILE = f"anchor-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.json"
databases.let_flushes_through()


def pytest_report_header() -> str:
    """Say which database this run is on."""
    return f"database: {connection.display_name}"


WITHOUT_DATABASE = ("kernel", "packs", "houserules", "text")
"""Folders whose tests open no database, but for those that ask for one."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With YOUYING_TEST_ONLY=database, leave out what opens none: `make test` ran it beside the first database."""
    if os.environ.get("YOUYING_TEST_ONLY") != "database":
        return
    kept = [item for item in items if _opens_a_database(item)]
    if kept:
        config.hook.pytest_deselected(items=[item for item in items if not _opens_a_database(item)])
        items[:] = kept


def _opens_a_database(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    asked = item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ())
    return folder not in WITHOUT_DATABASE or bool(asked)


SHANGHAI = ZoneInfo("Asia/Shanghai")
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@dataclass
class Statements:
    """The SQL statements that ran, without those that only open and close transactions."""

    sql: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sql)

    def __str__(self) -> str:
        return "\n".join(f"{place}. {text[:300]}" for place, text in enumerate(self.sql, 1))


@contextmanager
def count_statements(*, at_most: int | None = None) -> Iterator[Statements]:
    """Count the statements run within; fail, listing them, when there are more than `at_most`."""
    seen = Statements()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.lstrip().upper().startswith(NOT_COUNTED):
            seen.sql.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
    if at_most is not None:
        assert len(seen) <= at_most, f"{len(seen)} statements, at most {at_most} allowed:\n{seen}"


@pytest.fixture(autouse=True)
def looks_anew() -> None:
    """Each test begins as a process that has just looked at nothing: the database below it went back to empty."""
    places.drop()
    editions.drop()
    anchors.path().unlink(missing_ok=True)


@pytest.fixture(name="count_statements")
def count_statements_fixture() -> Callable[..., AbstractContextManager[Statements]]:
    """`with count_statements(at_most=3) as seen:`."""
    return count_statements


@pytest.fixture
def world(at: Callable[[str], StillClock], db: None) -> worlds.World:
    """The fictional street on Friday 13 November 2026, 15:52; its clock can be moved."""
    clock = at("2026-11-13 15:52")
    made = worlds.build()
    made.clock = clock
    return made


@pytest.fixture
def at() -> Iterator[Callable[[str], StillClock]]:
    """`at("2026-11-18 09:40")` stops the clock at that moment in Shanghai; the clock it gives can be moved."""
    with ExitStack() as stack:

        def stop(words: str) -> StillClock:
            return stack.enter_context(still(datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)))

        yield stop
