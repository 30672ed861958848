"""What every act on places leaves behind: an entry in the book of the place, and word to every process."""

from __future__ import annotations

import uuid
from typing import Any

from youying.kernel.viewers import Viewer
from youying.places.models import Stamp
from youying.places.snapshot import note_token
from youying.record.actions import open_subject, write
from youying.record.book import lock


def touch(name: str) -> None:
    """Tell every process that what it keeps in memory under this name is out of date; part of the change itself."""
    token = uuid.uuid4().hex
    Stamp.objects.update_or_create(name=name, defaults={"token": token})
    note_token(name, token)


def enter(
    subject: str, act_name: str, *, by: Viewer, facts: dict[str, Any], sealed: dict[str, Any] | None = None
) -> None:
    """One entry in the book of a place, which is opened with the first."""
    if subject not in lock([subject]):
        open_subject(subject)
    write(subject, act_name, by=by, facts=facts, sealed=sealed)
