"""Near-equal demands within one import: candidates by equal bands, sorted in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from youying.text.canon import canonical
from youying.text.duplicates import BANDS, bands

LEAST_CHARACTERS = 12
MOST_RUN = 20
"""What more than so many share is a form that everybody writes ("路灯不亮"), not one lamp."""
MOST_PAIRS = 20_000


def signature(texts: Iterable[str]) -> bytes:
    """The bands of texts, 64 bytes each; zeros for a text too short to compare."""
    rows = [bands(text) if len(canonical(text[:200])) >= LEAST_CHARACTERS else [] for text in texts]
    return np.array([row or [0] * BANDS for row in rows], dtype="<i4").tobytes()


def candidates(parts: Iterable[tuple[list[int], bytes]]) -> Iterator[tuple[int, int]]:
    """Pairs of keys that share a band, each once; of a long run of equals each with its neighbour only."""
    held = list(parts)
    keys = np.array([key for ids, _ in held for key in ids], dtype=np.int64)
    table = (
        np.concatenate([np.frombuffer(sign, "<i4").reshape(-1, BANDS) for _, sign in held])
        if held
        else np.empty((0, BANDS))
    )
    seen: set[tuple[int, int]] = set()
    for band in range(BANDS if len(keys) else 0):
        order = np.lexsort((keys, table[:, band]))
        value = table[order, band]
        same = np.flatnonzero((value[1:] == value[:-1]) & (value[1:] != 0))
        for at in np.setdiff1d(same, _crowds(value), assume_unique=True):
            pair = int(keys[order[at]]), int(keys[order[at + 1]])
            if pair not in seen:
                seen.add(pair)
                yield pair
                if len(seen) >= MOST_PAIRS:
                    return


def _crowds(values: Any) -> Any:
    """The places in a sorted column whose value stands there too often to mean anything."""
    _, starts, counts = np.unique(values, return_index=True, return_counts=True)
    runs = [np.arange(start, start + count) for start, count in zip(starts, counts, strict=True) if count > MOST_RUN]
    return np.concatenate(runs) if runs else np.empty(0, dtype=np.int64)
