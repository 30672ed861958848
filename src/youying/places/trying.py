"""A table of places tried out: what taking it in would do, with nothing kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from youying.kernel.viewers import Viewer
from youying.places.actions import import_rows
from youying.places.importing import Outcome


def try_rows(kind: str, rows: Iterable[dict[str, Any]], *, by: Viewer, file: str = "") -> Outcome:
    """What `import_rows` would do with this table; the whole act is rolled back, its entry too."""
    with transaction.atomic():
        outcome = import_rows(kind, rows, by=by, file=file)
        transaction.set_rollback(True)
    return outcome
