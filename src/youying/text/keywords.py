"""A category from the words of the taxonomy alone: what a street has before it has a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from youying.text.canon import MOST_CHARACTERS, canonical
from youying.text.taxonomy import Taxonomy

HEAD_CHARACTERS = 30
HEAD_WEIGHT = 1.5
MOST_WEIGHT = 4.0
FROM_ABOVE = 0.5
DOUBT = 0.75
"""How much evidence stands against any guess; it keeps one short word from being sure.

Chosen so that the confidence is about the share of right answers among letters of 417 characters (decision 0010).
"""
HAPPENED = "了"


@dataclass(frozen=True)
class KeywordGuess:
    """A category with the words that speak for it."""

    code: str
    confidence: float
    evidence: tuple[str, ...]


def guess(text: str, taxonomy: Taxonomy, *, most: int = 3) -> list[KeywordGuess]:
    """Give the likeliest categories, surest first; none where no word of the taxonomy stands in the text.

    Each different word counts once, longer words more, words near the beginning more; 了 after a word makes it longer.
    What speaks for a group counts half for the categories in it; a group is the answer when nothing speaks for one
    category in it.
    """
    weights, words = _evidence(canonical(text[:MOST_CHARACTERS]), taxonomy)
    scores = {code: own + _from_above(code, weights) for code, own in weights.items()}
    deepest = [code for code in scores if not any(other.startswith(code + ".") for other in scores)]
    ranked = sorted(deepest, key=lambda code: (-scores[code], code))
    guesses = []
    for code in ranked[:most]:
        rival = max((scores[other] for other in deepest if other != code), default=0.0)
        confidence = scores[code] / (scores[code] + rival + DOUBT)
        evidence = tuple(word for above in _chain(code) for word in words.get(above, ()))
        guesses.append(KeywordGuess(code, round(confidence, 4), evidence))
    return guesses


def _evidence(form: str, taxonomy: Taxonomy) -> tuple[dict[str, float], dict[str, list[str]]]:
    weights: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for start, word, code in _longest(form, taxonomy):
        if word in words[code]:
            continue
        after = start + len(word)
        length = len(word) + (form[after : after + 1] == HAPPENED)
        weights[code] += min(MOST_WEIGHT, length - 1) * (HEAD_WEIGHT if start < HEAD_CHARACTERS else 1.0)
        words[code].append(word)
    return {code: weight for code, weight in weights.items() if weight > 0}, words


def _longest(form: str, taxonomy: Taxonomy) -> Iterator[tuple[int, str, str]]:
    """Yield start, word and code, leaving out a word that is part of a longer one at the same place."""
    for end, (word, code) in _automaton(taxonomy).iter_long(form):
        yield end - len(word) + 1, word, code


def _chain(code: str) -> Iterator[str]:
    while code:
        yield code
        code = code.rpartition(".")[0]


def _from_above(code: str, weights: dict[str, float]) -> float:
    above = code.rpartition(".")[0]
    return FROM_ABOVE * (weights.get(above, 0.0) + _from_above(above, weights)) if above else 0.0


@lru_cache(maxsize=8)
def _automaton(taxonomy: Taxonomy) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for category in taxonomy.categories.values():
        for word in category.words:
            automaton.add_word(canonical(word), (canonical(word), category.code))
    automaton.make_automaton()
    return automaton
