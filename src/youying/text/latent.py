"""Texts as points in a space of latent meaning, judged by the labels of those around them (kernel least squares)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve
from sklearn.decomposition import TruncatedSVD

from youying.text.features import Block

DIMENSIONS = 200
FEWEST_ROWS = 400
"""Below this a space of meaning cannot be told from chance."""
MOST_REMEMBERED = 10_000
LEAST_TEXTS = {"characters": 10, "words": 5, "head": 8}
STIFFNESS = 0.2
_BATCH = 2_000


@dataclass(frozen=True)
class Latent:
    """Which columns count, how they map to the space, the remembered points and each one's weight for each label."""

    columns: np.ndarray
    axes: np.ndarray
    points: np.ndarray
    weights: np.ndarray

    def scores(self, matrix: sp.csr_matrix) -> np.ndarray:
        """Give one score a row and class."""
        placed = _unit(np.asarray(_pick(matrix, self.columns) @ self.axes))
        found = [_nearness(part, self.points) @ self.weights for part in _parts(placed)]
        return np.concatenate(found)


def common_columns(matrix: sp.csr_matrix, blocks: Sequence[Block]) -> np.ndarray:
    """Give the columns that stand in enough texts to have a meaning of their own."""
    texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    least = np.concatenate([np.full(len(block.vocabulary), LEAST_TEXTS[block.name]) for block in blocks])
    return np.flatnonzero(texts >= least)


def learn_latent(matrix: sp.csr_matrix, classes: np.ndarray, *, many: int, columns: np.ndarray) -> Latent:
    """Learn the space from all rows and the labels from at most 10,000 of them, evenly taken."""
    kept = _pick(matrix, columns)
    dimensions = min(DIMENSIONS, min(kept.shape) - 1)
    axes = TruncatedSVD(dimensions, n_iter=2, random_state=0).fit(kept).components_.T.astype(np.float32)
    taken = np.unique(np.linspace(0, len(classes) - 1, min(len(classes), MOST_REMEMBERED)).astype(int))
    points = _unit(np.asarray(kept[taken] @ axes))
    wanted = np.full((len(taken), many), -1.0 / max(1, many - 1), np.float32)
    wanted[np.arange(len(taken)), classes[taken]] = 1.0
    near = _nearness(points, points)
    near[np.diag_indices_from(near)] += STIFFNESS
    weights = cho_solve(cho_factor(near, lower=True, overwrite_a=True), wanted)
    return Latent(columns, axes, points, weights.astype(np.float32))


def _pick(matrix: sp.csr_matrix, columns: np.ndarray) -> sp.csr_matrix:
    """Take some columns; by a lookup, for slicing a wide matrix costs milliseconds a row."""
    place = np.full(matrix.shape[1], -1, np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    found = place[matrix.indices]
    kept = found >= 0
    starts = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return sp.csr_matrix((matrix.data[kept], found[kept], starts), shape=(matrix.shape[0], len(columns)))


def _unit(points: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.divide(points, lengths, out=np.zeros_like(points), where=lengths > 0)


def _nearness(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """exp(−distance²) between points on the unit sphere."""
    return np.asarray(np.exp(2 * (some @ others.T) - 2))


def _parts(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH)]
