"""Near-identical demands: a signature that a database column holds, candidates by equality, and a score for each."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np

from youying.text.canon import canonical, char_grams

MOST_CHARACTERS = 2_000
SHINGLE = 2
HASHES = 48
ROWS = 3
BANDS = HASHES // ROWS
LIKELY = 0.5
FORGOTTEN_AFTER_DAYS = 30.0


@dataclass(frozen=True)
class Known:
    """What is compared of an open matter or of the demand at hand."""

    key: int | str
    text: str
    place_path: str = ""
    category: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Likeness:
    """How like another matter is, 0 to 1, and why, in words for the officer."""

    key: int | str
    score: float
    text_similarity: float
    reasons: tuple[str, ...]


def bands(text: str) -> list[int]:
    """Give 16 numbers of 31 bits; two near-identical texts share at least one of them almost surely.

    Store one row a band (band number, value) with an index: candidates are the rows with an equal value. An empty list for
    an empty text.
    """
    shingles = _shingles(text)
    if not len(shingles):
        return []
    values = _least_hashes(shingles).reshape(BANDS, ROWS)
    return [_folded(number, row) for number, row in enumerate(values)]


def similarity(one: str, other: str) -> float:
    """Give the share of character pairs that two texts have in common, 0 to 1; each pair counts as often as it stands."""
    left, right = _pairs(one), _pairs(other)
    if not left or not right:
        return 0.0
    common = sum(min(left[pair], right[pair]) for pair in left.keys() & right.keys())
    return common / (left.total() + right.total() - common)


def likenesses(demand: Known, others: Iterable[Known], *, least: float = LIKELY) -> list[Likeness]:
    """Score the candidates of a demand, likest first, and leave out those under `least`.

    The text decides; the same place and category and nearness in time add to it, a different place takes away.
    """
    scored = [_likeness(demand, other) for other in others if other.key != demand.key]
    return sorted((found for found in scored if found.score >= least), key=lambda found: (-found.score, str(found.key)))


def _likeness(demand: Known, other: Known) -> Likeness:
    alike = similarity(demand.text, other.text)
    score, reasons = alike, [f"正文相同部分 {alike:.0%}"]
    if demand.place_path and other.place_path:
        near = _same_place(demand.place_path, other.place_path)
        score += 0.15 * near if near > 0 else -0.15
        reasons.append("同一地点" if near == 1 else "地点相近" if near > 0 else "地点不同")
    if demand.category and demand.category == other.category:
        score += 0.1
        reasons.append("同一分类")
    if demand.at and other.at:
        days = abs((demand.at - other.at).total_seconds()) / 86_400
        score += 0.1 * math.exp(-days / FORGOTTEN_AFTER_DAYS)
        reasons.append(f"相隔 {days:.0f} 天")
    return Likeness(other.key, round(max(0.0, min(1.0, score)), 4), round(alike, 4), tuple(reasons))


def _same_place(one: str, other: str) -> float:
    """1 for the same path, a half where one lies in the other, 0 for strangers."""
    left, right = one.rstrip("/") + "/", other.rstrip("/") + "/"
    if left == right:
        return 1.0
    return 0.5 if left.startswith(right) or right.startswith(left) else 0.0


@lru_cache(maxsize=4096)
def _pairs(text: str) -> Counter[str]:
    return Counter(char_grams(canonical(text[:MOST_CHARACTERS]), SHINGLE, SHINGLE))


def _shingles(text: str) -> np.ndarray:
    """Give one well-mixed number a different character pair."""
    form = canonical(text[:MOST_CHARACTERS])
    signs = np.frombuffer(form.encode("utf-32-le", "replace"), "<u4").astype(np.uint64)
    if len(signs) < SHINGLE:
        return signs
    pairs = np.unique((signs[:-1] << np.uint64(21)) | signs[1:])
    mixed = (pairs ^ (pairs >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    return mixed ^ (mixed >> np.uint64(33))


@lru_cache(maxsize=1)
def _permutations() -> tuple[np.ndarray, np.ndarray]:
    """The fixed coefficients of the hashes: the same on every machine for good, for they are stored in databases."""
    drawn = hashlib.shake_256(b"youying.text.duplicates 1").digest(HASHES * 16)
    pairs = np.frombuffer(drawn, ">u8").reshape(HASHES, 2).astype(np.uint64)
    return pairs[:, 0] | np.uint64(1), pairs[:, 1]


def _least_hashes(shingles: np.ndarray) -> np.ndarray:
    factor, shift = _permutations()
    mixed = (shingles[None, :] * factor[:, None] + shift[:, None]) >> np.uint64(32)
    return np.asarray(mixed.min(axis=1))


def _folded(number: int, row: np.ndarray) -> int:
    digest = hashlib.blake2b(number.to_bytes(1, "big") + row.astype(">u4").tobytes(), digest_size=4).digest()
    return int.from_bytes(digest, "big") & 0x7FFFFFFF
