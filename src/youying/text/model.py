"""A trained classifier as it is used: guessing needs no learner, so that a web process stays light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from youying.text.features import Features, Prepared, prepare
from youying.text.sparse import sp

RUNNERS_UP = 2
_BATCH = 2_000


@dataclass(frozen=True)
class Guess:
    """What a model thinks of one text; confidence is the share of such guesses that come true, 0 to 1."""

    label: str
    confidence: float
    runners_up: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Linear:
    """Weights (columns × classes) and a bias a class."""

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, matrix: sp.csr_matrix) -> np.ndarray:
        """Give one score a row and class."""
        return np.asarray(np.asarray(matrix @ self.weights) + self.bias)


@dataclass(frozen=True)
class Latent:
    """Which columns count, how they map to the space, the remembered points and each one's weight for each label."""

    columns: np.ndarray
    axes: np.ndarray
    points: np.ndarray
    weights: np.ndarray

    def scores(self, matrix: sp.csr_matrix) -> np.ndarray:
        """Give one score a row and class."""
        placed = unit(np.asarray(pick(matrix, self.columns) @ self.axes))
        found = [nearness(part, self.points) @ self.weights for part in parts(placed)]
        return np.concatenate(found)


@dataclass(frozen=True)
class Judges:
    """What has been learned over one set of features: a linear layer and, with enough rows, a space of meaning."""

    features: Features
    linear: Linear
    latent: Latent | None

    def scores(self, texts: Sequence[Prepared]) -> np.ndarray:
        """Give the scores of every judge: judges × rows × classes; nought where a text has nothing known."""
        matrix = self.features.matrix(texts)
        judges: list[Linear | Latent] = [self.linear, self.latent] if self.latent else [self.linear]
        found = np.stack([judge.scores(matrix) for judge in judges])
        found[:, np.diff(matrix.indptr) == 0] = np.nan
        return found


@dataclass(frozen=True)
class Calibration:
    """How much each judge's score counts, and how far each class is shifted, for chances that come true."""

    slopes: np.ndarray
    shift: np.ndarray

    def chances(self, scores: np.ndarray) -> np.ndarray:
        """Turn scores into chances; all classes alike where nothing is known."""
        logits = np.tensordot(self.slopes, scores, axes=1) + self.shift
        logits[np.isnan(logits).any(axis=1)] = 0.0
        return softmax(logits)


@dataclass(frozen=True)
class Model:
    """A trained classifier."""

    labels: tuple[str, ...]
    judges: Judges
    calibration: Calibration
    rows: int

    def predict(self, texts: Sequence[str]) -> list[Guess]:
        """Guess the label of every text, with the two runners-up."""
        if not texts:
            return []
        prepared = [prepare(text) for text in texts]
        return [self._guess(row) for row in self.calibration.chances(self.judges.scores(prepared))]

    def _guess(self, chances: np.ndarray) -> Guess:
        order = np.argsort(-chances)[: 1 + RUNNERS_UP]
        ranked = [(self.labels[at], round(float(chances[at]), 4)) for at in order]
        return Guess(*ranked[0], tuple(ranked[1:]))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Scores as chances that add up to one in every row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def pick(matrix: sp.csr_matrix, columns: np.ndarray) -> sp.csr_matrix:
    """Take some columns, given in rising order; slicing a matrix this wide would cost milliseconds a row."""
    found = np.searchsorted(columns, matrix.indices)
    found[found == len(columns)] = 0
    kept = columns[found] == matrix.indices
    starts = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return sp.csr_matrix((matrix.data[kept], found[kept], starts), shape=(matrix.shape[0], len(columns)))


def unit(points: np.ndarray) -> np.ndarray:
    """Scale every point to length one; nought stays nought."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.divide(points, lengths, out=np.zeros_like(points), where=lengths > 0)


def nearness(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """exp(−distance²) between points on the unit sphere."""
    return np.asarray(np.exp(2 * (some @ others.T) - 2))


def parts(rows: np.ndarray) -> list[np.ndarray]:
    """Rows in portions that fit into memory."""
    return [rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH)]
