"""Whom an announcement is for: relations, posts, unit types and tiers of a pack, read as audiences; no sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

REPORTER, POST, UNIT, ACCOUNT = "reporter", "post", "unit", "account"
ASKED = frozenset({"reporter", "affected", "applicant", "party"})
"""Relations of residents: each is told as the reporter of the matter."""
UNIT_RELATIONS = {"lead": "lead", "joint": "joint", "summoned": "summoned", "keeper": "lead", "host": "host"}
"""Relations of units, each with the role under which a matter holds them: whoever keeps a part leads it."""
NOBODY = frozenset({"", "system", "public"})
UP = "up"


@dataclass(frozen=True, slots=True)
class Word:
    """One notice to be kept; `plain` is what the resident reads in its place."""

    audience: str
    say: str
    area_path: str
    post_code: str = ""
    unit_id: int | None = None
    reporter_id: int | None = None
    account_id: int | None = None
    matter_id: int | None = None
    number: str = ""
    plain: str = ""
    meeting: str = ""

    @property
    def target(self) -> str:
        """What tells this audience from the others of one announcement."""
        return f"{self.audience}:{self.post_code or self.unit_id or self.reporter_id or self.account_id or ''}"


@dataclass(frozen=True, slots=True)
class Street:
    """What must be known to read the words: posts by tier, who may supervise, who has the matter now."""

    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    supervisors: tuple[str, ...] = ()
    units: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    has_reporter: bool = True
    reporters: tuple[int, ...] = ()
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The posts that keep or host the matter, by relation."""


def addressed(to: str, word: Word, street: Street) -> list[Word]:
    """The notices for one word of a pack: none where nobody stands in that relation, several where many do."""
    if to in NOBODY:
        return []
    if to in ASKED:
        said = replace(word, audience=REPORTER, say=word.plain or word.say)
        if not street.reporters:
            return [said] if street.has_reporter else []
        return [replace(said, reporter_id=one) for one in street.reporters]
    if to in UNIT_RELATIONS:
        units = [replace(word, audience=UNIT, unit_id=unit) for unit in street.units.get(UNIT_RELATIONS[to], ())]
        return [*units, *(replace(word, audience=POST, post_code=code) for code in street.posts.get(to, ()))]
    return [replace(word, audience=POST, post_code=code) for code in _posts(to, street)]


def _posts(to: str, street: Street) -> tuple[str, ...]:
    """A post or a unit type is meant by its name; a tier, and whoever stands above, are those who may supervise."""
    if to == UP:
        return street.supervisors
    if to not in street.tiers:
        return (to,)
    return tuple(code for code in street.tiers[to] if code in street.supervisors) or street.tiers[to]
