"""A refusal: why something cannot be done, and the way through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Refused(Exception):
    """The one way in which a rule or an act says no.

    `code` is kebab-case and stable, `say` is the sentence a person reads (what is wrong and what to do),
    `clause` names the law or house rule, `have` and `need` are data for the page, `field` the input it belongs to.
    """

    code: str
    say: str
    clause: str = ""
    have: Any = None
    need: Any = None
    field: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.say}"
