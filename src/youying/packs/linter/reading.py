"""What every check is given: the edition, and the one way to report a fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from youying.packs import words
from youying.packs.edition import Edition
from youying.packs.faults import Fault, suggest
from youying.packs.schema import Pack
from youying.packs.schema_rhythm import Item


@dataclass
class Reading:
    """One reading of an edition, collecting faults."""

    edition: Edition
    faults: list[Fault] = field(default_factory=list)

    @property
    def pack(self) -> Pack:
        """The merged pack."""
        return self.edition.pack

    def fault(self, code: str, key: str, say: str, remedy: str) -> None:
        """Report one fault at a key."""
        self.faults.append(Fault(code, self.edition.file_of(key), key, say, remedy))

    def unknown(self, key: str, word: str, known: Iterable[str], *, what: str) -> None:
        """Report an unknown word with the nearest right one, or with who dropped it."""
        self.fault("L07", key, f"没有{what}“{word}”。", self._dropped(word) or suggest(word, known))

    def _dropped(self, word: str) -> str:
        for gone, who in self.edition.dropped.items():
            if gone.rpartition(".")[2] == word:
                return f"它已被 {self.edition.files.get(who, who)} 用 drop 去掉；请把引用它的这一项也去掉。"
        return ""

    def expect(self, key: str, word: str, known: Iterable[str], *, what: str) -> None:
        """Report the word unless it is known."""
        known = list(known)
        if word not in known:
            self.unknown(key, word, known, what=what)

    @cached_property
    def actors(self) -> list[str]:
        """Whoever may act: posts, unit types, relations."""
        return [*self.pack.posts, *self.pack.units, *words.RELATIONS]

    @cached_property
    def items(self) -> dict[str, Item]:
        """All sheet items; their keys are facts too."""
        return {code: item for sheet in self.pack.sheet.values() for code, item in sheet.items.items()}

    @cached_property
    def facts(self) -> list[str]:
        """Every fact that a predicate may test."""
        return [*words.FACTS, *self.items]

    @cached_property
    def tiers(self) -> list[str]:
        """The tiers from low to high."""
        return list(self.pack.tiers.order) if self.pack.tiers else []
