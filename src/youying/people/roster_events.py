"""What duty announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyTold:
    """Something about a shift that these accounts must know: a swap asked or settled, nobody on it, a note overdue."""

    shift_id: int
    what: str
    accounts: tuple[int, ...]
    area_path: str
    say: str


@dataclass(frozen=True, slots=True)
class HandOverRead:
    """Whoever takes over has read the note of a shift: what waited there waits with them now."""

    shift_id: int
    giver_id: int
    reader_id: int
    next_shift_id: int | None
