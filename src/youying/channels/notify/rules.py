"""Whom an announcement is for: one table, no sender."""

from __future__ import annotations

from dataclasses import dataclass

REPORTER, POST, UNIT = "reporter", "post", "unit"
UNIT_RELATIONS = frozenset({"lead", "joint", "summoned"})


@dataclass(frozen=True, slots=True)
class Word:
    """One notice to be kept."""

    audience: str
    say: str
    area_path: str
    post_code: str = ""
    unit_id: int | None = None
    matter_id: int | None = None
    number: str = ""


def addressed(to: str, word: Word, *, unit_id: int | None) -> Word | None:
    """The word for a relation or a post of the pack; nothing where nobody stands in that relation."""
    if to in ("reporter", "affected"):
        return _with(word, REPORTER)
    if to in UNIT_RELATIONS:
        return _with(word, UNIT, unit_id=unit_id) if unit_id else None
    return _with(word, POST, post_code=to) if to else None


def _with(word: Word, audience: str, *, post_code: str = "", unit_id: int | None = None) -> Word:
    return Word(audience, word.say, word.area_path, post_code, unit_id, word.matter_id, word.number)
