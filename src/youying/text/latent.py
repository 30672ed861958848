"""Texts as points in a space of latent meaning, judged by the labels of those around them (kernel least squares)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve
from sklearn.decomposition import TruncatedSVD

from youying.text.features import Block
from youying.text.model import Latent, nearness, pick, unit

DIMENSIONS = 200
FEWEST_ROWS = 400
"""Below this a space of meaning cannot be told from chance."""
MOST_REMEMBERED = 10_000
LEAST_TEXTS = {"characters": 10, "words": 5, "head": 8}
STIFFNESS = 0.2


def common_columns(matrix: sp.csr_matrix, blocks: Sequence[Block]) -> np.ndarray:
    """Give the columns that stand in enough texts to have a meaning of their own."""
    texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    least = np.concatenate([np.full(len(block.vocabulary), LEAST_TEXTS[block.name]) for block in blocks])
    return np.flatnonzero(texts >= least)


def learn_latent(matrix: sp.csr_matrix, classes: np.ndarray, *, many: int, columns: np.ndarray) -> Latent:
    """Learn the space from all rows and the labels from at most 10,000 of them, evenly taken."""
    kept = pick(matrix, columns)
    dimensions = min(DIMENSIONS, min(kept.shape) - 1)
    axes = TruncatedSVD(dimensions, n_iter=2, random_state=0).fit(kept).components_.T.astype(np.float32)
    taken = np.unique(np.linspace(0, len(classes) - 1, min(len(classes), MOST_REMEMBERED)).astype(int))
    points = unit(np.asarray(kept[taken] @ axes))
    wanted = np.full((len(taken), many), -1.0 / max(1, many - 1), np.float32)
    wanted[np.arange(len(taken)), classes[taken]] = 1.0
    near = nearness(points, points)
    near[np.diag_indices_from(near)] += STIFFNESS
    weights = cho_solve(cho_factor(near, lower=True, overwrite_a=True), wanted)
    return Latent(columns, axes, points, weights.astype(np.float32))
