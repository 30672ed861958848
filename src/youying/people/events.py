"""What people announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntryMade:
    """Somebody or something was listed in a register at a place; `purse` the account that each gets, or empty."""

    entry_id: int
    register: str
    key: str
    path: str
    purse: str


@dataclass(frozen=True, slots=True)
class EntryEnded:
    """Somebody or something left a register, for a coded reason."""

    entry_id: int
    register: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonsMerged:
    """Two person files were one: what names the double means the other from now on."""

    double: str
    into: str
