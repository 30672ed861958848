"""Folds that cannot leak: equal and near-equal texts always fall into the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

from youying.text.canon import canonical

NEAR_COSINE = 0.5
NEAR_CONTAINED = 0.75
CONSIDERED_COSINE = 0.35
_BATCH = 400


def fold_of(text: str, folds: int) -> int:
    """Give the fold of one text by the SHA-256 of its characters without white space."""
    return int(_digest(text), 16) % folds


def assign_folds(texts: Sequence[str], *, folds: int) -> np.ndarray:
    """Give every text a fold; a cluster of near-equal texts takes the fold of its least digest."""
    clusters = near_equal_clusters(texts)
    digests = [_digest(text) for text in texts]
    least: dict[int, str] = {}
    for cluster, digest in zip(clusters, digests, strict=True):
        least[cluster] = min(least.get(cluster, digest), digest)
    return np.array([int(least[cluster], 16) % folds for cluster in clusters])


def near_equal_clusters(texts: Sequence[str]) -> np.ndarray:
    """Number the clusters of near-equal texts.

    Two texts are near-equal where their weighted character pairs agree (cosine ≥ 0.5) or where most of the shorter one's
    rarer pairs stand in the other (≥ 0.75): so a letter and the same letter cut into words without function words meet.
    """
    forms = [canonical(text) for text in texts]
    weighted = _weighted_pairs(forms)
    if weighted is None:
        return np.unique(np.array(forms), return_inverse=True)[1]
    links = [_links(weighted, start) for start in range(0, len(forms), _BATCH)]
    left = np.concatenate([pair[0] for pair in links])
    right = np.concatenate([pair[1] for pair in links])
    graph = sp.coo_matrix((np.ones(len(left)), (left, right)), shape=(len(forms), len(forms)))
    return connected_components(graph, directed=False)[1]


def _digest(text: str) -> str:
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def _weighted_pairs(forms: list[str]) -> sp.csr_matrix | None:
    vectoriser = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 2), lowercase=False, sublinear_tf=True, dtype=np.float32, min_df=2, max_df=0.2
    )
    try:
        return vectoriser.fit_transform(forms)
    except ValueError:  # nothing is shared by two texts, or everything is
        return None


def _links(weighted: sp.csr_matrix, start: int) -> tuple[np.ndarray, np.ndarray]:
    cosine = (weighted[start : start + _BATCH] @ weighted.T).tocoo()
    left, right, value = cosine.row + start, cosine.col, cosine.data
    keep = (left < right) & (value >= CONSIDERED_COSINE)
    left, right, value = left[keep], right[keep], value[keep]
    if not len(left):
        return left, right
    near = (value >= NEAR_COSINE) | (_contained(weighted, left, right) >= NEAR_CONTAINED)
    return left[near], right[near]


def _contained(weighted: sp.csr_matrix, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    present = weighted.copy()
    present.data[:] = 1
    sizes = np.asarray(present.sum(axis=1)).ravel()
    common = np.asarray(present[left].multiply(present[right]).sum(axis=1)).ravel()
    return common / np.maximum(1, np.minimum(sizes[left], sizes[right]))
