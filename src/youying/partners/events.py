"""What partners announce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreementEnding:
    """A partner's agreement ends soon, or has ended; `keepers` are the posts that keep the register."""

    agreement_id: int
    unit_id: int
    area_path: str
    keepers: tuple[str, ...]
    say: str
