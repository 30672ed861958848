"""What each part of the text classifier gains over a plain linear SVM, on the labelled letters of the shared data folder.

    YOUYING_TEST_DATA=… python bench/text_ablation.py            prints the table, one row a recipe
    YOUYING_TEST_DATA=… python bench/text_ablation.py 1 6        only these rows
    YOUYING_TEST_DATA=… python bench/text_ablation.py duplicates near-identical letters: recall and candidates

Both labelled files together; five folds by SHA-256, near-equal letters (a letter and its segmented form) in one fold.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from rich.console import Console

from youying.text.duplicates import bands, similarity
from youying.text.evaluation import Evaluation, judge
from youying.text.folds import assign_folds
from youying.text.learning import Recipe, train
from youying.text.tables import read_table

LABELLED = ("letters_labelled.csv.gz", "letters_segmented_labelled.csv.gz")
UNLABELLED = ("letters_unlabelled_4326.xlsx", "letters_replied_2816.xlsx")
FOLDS = 5
CHARACTERS, WORDS, HEAD = ("characters", 1.0), ("words", 1.0), ("head", 0.7)
PLAIN = {"member": "margin", "strength": 1.0, "latent": False, "calibrate": False}
RECIPES: list[tuple[str, Recipe, bool]] = [
    ("plain linear SVM, characters 1-2", Recipe(blocks=(CHARACTERS,), **PLAIN), False),
    ("+ words 1-2", Recipe(blocks=(CHARACTERS, WORDS), **PLAIN), False),
    ("+ head of the letter", Recipe(blocks=(CHARACTERS, WORDS, HEAD), **PLAIN), False),
    ("+ naive Bayes log ratio", Recipe(latent=False, calibrate=False), False),
    ("+ calibration", Recipe(latent=False), False),
    ("+ space of meaning (the standing recipe)", Recipe(), False),
    ("+ unlabelled letters for rarity", Recipe(), True),
    ("standing recipe, margin instead of log ratio", Recipe(member="margin", strength=1.0), False),
]
out = Console(width=160, highlight=False)


def main(words: list[str]) -> None:
    """Print the ablation table or the figures of the duplicates."""
    folder = Path(os.environ["YOUYING_TEST_DATA"])
    if words == ["duplicates"]:
        measure_duplicates(folder)
        return
    tables = [read_table(folder / name) for name in LABELLED]
    rows = [pair for table in tables for pair in zip(table.texts(), table.labels(), strict=True)]
    raw = np.arange(len(rows)) < len(tables[0].rows)
    unlabelled = [text for name in UNLABELLED for text in read_table(folder / name).texts(["留言主题", "留言详情"])]
    for number in [int(word) for word in words] or range(1, len(RECIPES) + 1):
        name, recipe, more = RECIPES[number - 1]
        started = time.perf_counter()
        whole, of_raw, of_cut = measure(rows, raw, recipe, unlabelled if more else [])
        out.print(
            f"| {name} | {whole.macro_f1:.4f} | {whole.worst_fold_f1:.4f} | {of_raw.macro_f1:.4f} | {of_cut.macro_f1:.4f}"
            f" | {whole.accuracy_on_surest_90:.4f} | {whole.coverage_at_97:.3f} | {whole.calibration_error:.3f}"
            f" | {time.perf_counter() - started:.0f} s |"
        )


def measure(
    rows: list[tuple[str, str]], raw: np.ndarray, recipe: Recipe, unlabelled: list[str]
) -> tuple[Evaluation, Evaluation, Evaluation]:
    """Judge all rows, the raw letters alone and the segmented ones alone, from the same five models."""
    folds = assign_folds([text for text, _ in rows], folds=FOLDS)
    guesses = np.empty(len(rows), object)
    for fold in range(FOLDS):
        held = np.flatnonzero(folds == fold)
        model = train([rows[at] for at in np.flatnonzero(folds != fold)], unlabelled=unlabelled, recipe=recipe)
        guesses[held] = model.predict([rows[at][0] for at in held])
    truth = np.array([label for _, label in rows])
    whole, first, second = (
        judge(list(truth[part]), list(guesses[part]), folds=folds[part]) for part in (raw | True, raw, ~raw)
    )
    return whole, first, second


def measure_duplicates(folder: Path) -> None:
    """Compare the candidates that share a band with all pairs of the unlabelled letters, by similarity."""
    texts = read_table(folder / UNLABELLED[0]).texts(["留言主题", "留言详情"])
    started = time.perf_counter()
    signatures = [bands(text) for text in texts]
    out.print(f"{(time.perf_counter() - started) / len(texts) * 1000:.2f} ms a signature, {len(texts)} letters")
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, signature in enumerate(signatures):
        for band, value in enumerate(signature):
            shared[band, value].append(at)
    candidates = {(one, two) for same in shared.values() for n, two in enumerate(same) for one in same[:n]}
    likeness = {pair: similarity(texts[pair[0]], texts[pair[1]]) for pair in candidates | _like_pairs(texts)}
    out.print(f"{len(candidates)} candidate pairs, {len(candidates) / len(texts):.2f} a letter")
    for low in (0.3, 0.4, 0.5, 0.6, 0.8):
        pairs = [pair for pair, alike in likeness.items() if alike >= low]
        found = sum(pair in candidates for pair in pairs)
        out.print(f"similarity ≥ {low}: {len(pairs)} pairs, {found} among the candidates ({found / len(pairs):.3f})")


def _like_pairs(texts: list[str]) -> set[tuple[int, int]]:
    """Find all pairs whose sets of character pairs agree by 0.25 or more, by comparing every text with every other."""
    sets = [frozenset(text[at : at + 2] for at in range(min(len(text), 2_000) - 1)) for text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    for at, grams in enumerate(sets):
        common: dict[int, int] = defaultdict(int)
        for gram in grams:
            for other in holders[gram]:
                common[other] += 1
            holders[gram].append(at)
        found |= {(o, at) for o, n in common.items() if n >= 0.25 * (len(grams) + len(sets[o]) - n)}
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
