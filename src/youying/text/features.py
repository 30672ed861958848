"""Texts as sparse numbers: a few blocks of character and word runs, each weighted by how rare a run is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from youying.text.canon import MOST_CHARACTERS, canonical, char_grams, content_words, word_grams
from youying.text.sparse import sp

HEAD_CHARACTERS = 24


@dataclass(frozen=True)
class Prepared:
    """One text, cut once for all blocks."""

    words: list[str]
    content: str


def prepare(text: str) -> Prepared:
    """Bring a text to its canonical form and cut it once."""
    found = content_words(canonical(text[:MOST_CHARACTERS]))
    return Prepared(found, "".join(found))


def _characters(text: Prepared) -> Iterable[str]:
    return char_grams(text.content, 1, 2)


def _words(text: Prepared) -> Iterable[str]:
    return word_grams(text.words, 2)


def _head(text: Prepared) -> Iterable[str]:
    return char_grams(text.content[:HEAD_CHARACTERS], 1, 3)


GRAMS: dict[str, Callable[[Prepared], Iterable[str]]] = {"characters": _characters, "words": _words, "head": _head}


@dataclass
class Block:
    """One kind of run with its vocabulary and weights; `share` is its say beside the other blocks."""

    name: str
    share: float
    vocabulary: dict[str, int] = field(default_factory=dict)
    rarity: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def fit(self, texts: Sequence[Prepared], *, also: Sequence[Prepared] = (), least: int = 2) -> None:
        """Learn the vocabulary from `texts`, how rare each run is from both."""
        known: Counter[str] = Counter()
        for text in texts:
            known.update(set(GRAMS[self.name](text)))
        self.vocabulary = {gram: at for at, gram in enumerate(g for g, n in known.items() if n >= least)}
        seen = np.array([known[gram] for gram in self.vocabulary], np.float64)
        for text in also:
            found = [self.vocabulary[g] for g in set(GRAMS[self.name](text)) if g in self.vocabulary]
            seen[found] += 1
        self.rarity = (np.log((1 + len(texts) + len(also)) / (1 + seen)) + 1).astype(np.float32)

    def row(self, text: Prepared) -> tuple[np.ndarray, np.ndarray]:
        """Give the columns and unit-length weights of one text."""
        counts = Counter(map(self.vocabulary.get, GRAMS[self.name](text)))
        counts.pop(None, None)
        columns = np.fromiter(counts.keys(), np.int64, len(counts))
        values = np.fromiter(counts.values(), np.float32, len(counts))
        values = (np.log(values) + 1) * self.rarity[columns]
        length = float(np.sqrt(values @ values))
        return columns, values * (self.share / length if length else 0.0)


@dataclass
class Features:
    """All blocks side by side."""

    blocks: list[Block]

    @property
    def width(self) -> int:
        """How many columns a text has."""
        return sum(len(block.vocabulary) for block in self.blocks)

    def fit(self, texts: Sequence[Prepared], *, also: Sequence[Prepared] = ()) -> None:
        """Learn every block; with few texts a run seen once counts too."""
        least = 2 if len(texts) >= 400 else 1
        for block in self.blocks:
            block.fit(texts, also=also, least=least)

    def row(self, text: Prepared) -> tuple[np.ndarray, np.ndarray]:
        """Give the columns and weights of one text over all blocks."""
        columns, values, offset = [], [], 0
        for block in self.blocks:
            found, weights = block.row(text)
            columns.append(found + offset)
            values.append(weights)
            offset += len(block.vocabulary)
        return np.concatenate(columns), np.concatenate(values)

    def matrix(self, texts: Sequence[Prepared]) -> sp.csr_matrix:
        """Give one sparse row a text."""
        rows = [self.row(text) for text in texts]
        starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        matrix = sp.csr_matrix((values, columns, starts), shape=(len(rows), self.width), dtype=np.float32)
        matrix.sort_indices()
        return matrix


def standard_blocks() -> list[Block]:
    """Give the blocks of the standing recipe, untrained."""
    return [Block("characters", 1.0), Block("words", 1.0), Block("head", 0.7)]
