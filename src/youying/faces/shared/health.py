"""Whether this process is up, and whether it can serve: for load balancers and whoever starts it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from youying.access.guard import open_to_all
from youying.kernel.refusals import Refused
from youying.record.keys import ring

_settled: set[str] = set()


@open_to_all("只说进程在不在，不含任何资料")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"up": True})


@open_to_all("只说能不能服务，不含任何资料")
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables are as this version needs them, and the keys can be read."""
    found = {name: _holds(check) for name, check in CHECKS.items()}
    return JsonResponse({"ready": all(found.values()), **found}, status=200 if all(found.values()) else 503)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, Refused, OSError):
        return False


def database_answers() -> bool:
    """One statement goes there and back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def tables_fit() -> bool:
    """Every migration is applied; asked until it holds once, for then it stays so."""
    if "tables" not in _settled:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _settled.add("tables")
    return True


def keys_readable() -> bool:
    """The ring of keys opens, and its folder can still be read."""
    return bool(ring()) and os.access(Path(settings.YOUYING_HOME) / "keys", os.R_OK | os.X_OK)


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "tables": tables_fit,
    "keys": keys_readable,
}
