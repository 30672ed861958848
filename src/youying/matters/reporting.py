"""Who reported a need: the telephone as it is compared, and what it is found by."""

from __future__ import annotations

from contextlib import suppress

from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.matters.intake_rules import ReporterIn
from youying.record.keys import fingerprints


def phone_of(person: ReporterIn) -> str:
    """The telephone as it is compared, however it was written; empty where none was given."""
    return normal_phone(person.phone) if person.phone else ""


def phone_indexes(phone: str) -> frozenset[str]:
    """What a telephone may be kept under, one for each key held; a number half typed belongs to nobody yet."""
    with suppress(Refused):
        return frozenset(fingerprints("phone", normal_phone(phone) if phone else ""))
    return frozenset()
