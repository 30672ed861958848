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


def replay_clock(entries: Iterable[Entry], code: str, run: int) -> dict[str, Any]:
    """What a matter's entries say of one run: start, rule, pauses, extensions, deadline, and what came of it.

    Who has these and the calendar counts the same deadline again.
    """
    held: dict[str, Any] = {}
    for entry in entries:
        for note in entry.facts.get("clocks", ()):
            if (note["clock"], note["run"]) == (code, run):
                told = {"from": "started_at"}
                held |= {told.get(name, name): note[name] for name in CLOCK_NOTES if name in note}
    return held


CLOCK_NOTES = ("from", "rule", "pauses", "extensions", "due_at", "met")


def row_facts(matter: Matter) -> dict[str, Any]:
    """The same facts read from the row."""
    values = {name: getattr(matter, name) for name in TRACKED}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def differences(matter: Matter) -> dict[str, tuple[Any, Any]]:
    """Facts in which the row and its record differ; empty where the book tells the truth."""
    told = replay(Entry.objects.filter(subject=matter.subject).order_by("seq"))
    row = row_facts(matter)
    return {name: (told.get(name), value) for name, value in row.items() if told.get(name) != value}
