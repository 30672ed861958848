"""Replaying the record of a matter: the entries alone give the row's facts back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from youying.matters.facts import TRACKED
from youying.matters.models import Matter
from youying.record.models import Entry


def replay(entries: Iterable[Entry]) -> dict[str, Any]:
    """The facts that a matter's entries leave, as JSON keeps them."""
    facts: dict[str, Any] = {}
    for entry in entries:
        for name, (_was, now) in entry.facts.get("change", {}).items():
            facts[name] = now
    return facts


def row_facts(matter: Matter) -> dict[str, Any]:
    """The same facts read from the row."""
    values = {name: getattr(matter, name) for name in TRACKED}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def differences(matter: Matter) -> dict[str, tuple[Any, Any]]:
    """Facts in which the row and its record differ; empty where the book tells the truth."""
    told = replay(Entry.objects.filter(subject=matter.subject).order_by("seq"))
    row = row_facts(matter)
    return {name: (told.get(name), value) for name, value in row.items() if told.get(name) != value}
