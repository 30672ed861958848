"""What comes out of learning, as it travels from the process that learned."""

from __future__ import annotations

import msgspec


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """A model in its file and what is known of it; shares are 0 to 1, None where nothing was held out."""

    file: str
    rows: int
    known: int
    classes: int
    macro_f1: float | None = None
    worst_fold: float | None = None
    coverage_at_97: float | None = None
