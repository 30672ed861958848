"""What an errand announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ErrandDone:
    """One step of an errand was done."""

    subject: str
    step: str
