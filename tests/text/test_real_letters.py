"""Real letters, where the shared data folder is at hand; the whole five folds are measured by bench/text_ablation.py."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from youying.text.duplicates import bands, similarity
from youying.text.evaluation import judge
from youying.text.folds import assign_folds, near_equal_clusters
from youying.text.learning import Recipe, train
from youying.text.tables import read_table

FOLDER = Path(os.environ.get("YOUYING_TEST_DATA", "/nonexistent"))
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="YOUYING_TEST_DATA names no folder: the letters are not in the repository"),
]  # fmt: skip


@pytest.fixture(scope="module")
def letters():
    tables = [read_table(FOLDER / name) for name in ("letters_labelled.csv.gz", "letters_segmented_labelled.csv.gz")]
    pairs = [pair for table in tables for pair in zip(table.texts(), table.labels(), strict=True)]
    return pairs, len(tables[0].rows)


def test_nearly_every_raw_letter_meets_its_segmented_form_in_one_cluster(letters):
    pairs, raw = letters
    clusters = near_equal_clusters([text for text, _ in pairs])
    segmented = set(clusters[raw:])
    assert np.mean([cluster in segmented for cluster in clusters[:raw]]) > 0.95
    assert np.bincount(clusters).max() < 20


def test_the_linear_part_alone_is_right_on_a_fold_it_has_not_seen(letters):
    pairs, _ = letters
    held = assign_folds([text for text, _ in pairs], folds=5) == 0
    quick = Recipe(latent=False, calibrate=False)
    model = train([pair for pair, out in zip(pairs, held, strict=True) if not out], recipe=quick)
    tested = [pair for pair, out in zip(pairs, held, strict=True) if out]
    result = judge([label for _, label in tested], model.predict([text for text, _ in tested]))
    assert result.macro_f1 > 0.90


def test_repeated_letters_share_a_band():
    texts = read_table(FOLDER / "letters_unlabelled_4326.xlsx").texts(["留言主题", "留言详情"])[:1500]
    signatures = [set(enumerate(bands(text))) for text in texts]
    alike = [
        (one, two)
        for two in range(len(texts))
        for one in range(max(0, two - 40), two)
        if abs(len(texts[one]) - len(texts[two])) < 60 and similarity(texts[one], texts[two]) >= 0.6
    ]
    assert alike
    assert all(signatures[one] & signatures[two] for one, two in alike)
