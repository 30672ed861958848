"""Linear learners over one matrix, each with one score a class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from sklearn.svm import LinearSVC

from youying.text.model import Linear

SMOOTHING = 0.1
"""Added to every column before the ratio, so that a run seen on one side only stays finite."""


def margin(matrix: sp.csr_matrix, classes: np.ndarray, *, many: int, strength: float = 1.0) -> Linear:
    """Learn a linear support vector machine, one class against the rest."""
    learner = LinearSVC(C=strength, random_state=0).fit(matrix, classes)
    return _spread(learner.coef_, learner.intercept_, learner.classes_, many)


def log_ratio(matrix: sp.csr_matrix, classes: np.ndarray, *, many: int, strength: float = 1.0) -> Linear:
    """Learn a support vector machine a class on columns scaled by their naive Bayes log ratio for that class."""
    weights, bias = np.zeros((matrix.shape[1], many), np.float32), np.full(many, -2.0)
    for label in np.unique(classes):
        here = classes == label
        ratio = _log_ratio(matrix, here)
        learner = LinearSVC(C=strength, random_state=0).fit(matrix @ sp.diags(ratio, dtype=np.float32), here)
        weights[:, label] = learner.coef_[0] * ratio
        bias[label] = learner.intercept_[0]
    return Linear(weights, bias)


MEMBERS: dict[str, Callable[..., Linear]] = {"margin": margin, "log-ratio": log_ratio}


def _log_ratio(matrix: sp.csr_matrix, here: np.ndarray) -> np.ndarray:
    inside = SMOOTHING + np.asarray(matrix[here].sum(axis=0)).ravel()
    outside = SMOOTHING + np.asarray(matrix[~here].sum(axis=0)).ravel()
    ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
    return np.asarray(np.abs(ratio).astype(np.float32))


def _spread(weights: np.ndarray, bias: np.ndarray, present: np.ndarray, many: int) -> Linear:
    """Bring two-class and missing-class learners to one row a class."""
    if len(present) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    full, shift = np.zeros((weights.shape[1], many), np.float32), np.full(many, -2.0)
    full[:, present], shift[present] = weights.T, bias
    return Linear(full, shift)
