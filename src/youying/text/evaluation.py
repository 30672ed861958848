"""How good a recipe is, measured only on texts it has not seen, near-equal ones kept together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from youying.text.folds import assign_folds
from youying.text.learning import Guess, Recipe, train

SURE_ACCURACY = 0.97
SUREST_SHARE = 0.9


@dataclass(frozen=True)
class ClassScore:
    """How one label fares."""

    label: str
    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True)
class Evaluation:
    """The figures of one evaluation; shares are 0 to 1."""

    macro_f1: float
    worst_fold_f1: float
    fold_f1: tuple[float, ...]
    accuracy: float
    coverage_at_97: float
    accuracy_on_surest_90: float
    calibration_error: float
    per_class: tuple[ClassScore, ...]
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    rows: int


def evaluate(
    rows: Iterable[tuple[str, str]],
    *,
    folds: int = 5,
    unlabelled: Sequence[str] = (),
    recipe: Recipe | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Train and judge on each fold in turn; vocabulary, weights and calibration see the other folds only."""
    pairs = list(rows)
    assigned = assign_folds([text for text, _ in pairs], folds=folds)
    guesses: list[Guess | None] = [None] * len(pairs)
    for fold in range(folds):
        held = np.flatnonzero(assigned == fold)
        model = train([pairs[at] for at in np.flatnonzero(assigned != fold)], unlabelled=unlabelled, recipe=recipe)
        for at, guess in zip(held, model.predict([pairs[at][0] for at in held]), strict=True):
            guesses[at] = guess
        if progress:
            progress(fold + 1, folds)
    return judge([label for _, label in pairs], [g for g in guesses if g], folds=assigned)


def judge(truth: Sequence[str], guesses: Sequence[Guess], *, folds: np.ndarray | None = None) -> Evaluation:
    """Compare guesses with the truth; without `folds` all rows are one."""
    labels = sorted(set(truth) | {guess.label for guess in guesses})
    told = np.array(truth)
    said = np.array([guess.label for guess in guesses])
    confidence = np.array([guess.confidence for guess in guesses])
    folds = np.zeros(len(told), int) if folds is None else folds
    scores = [_macro_f1(told[folds == fold], said[folds == fold]) for fold in np.unique(folds)]
    right = told == said
    return Evaluation(
        macro_f1=float(np.mean(scores)),
        worst_fold_f1=min(scores),
        fold_f1=tuple(scores),
        accuracy=float(right.mean()),
        coverage_at_97=_coverage(right, confidence),
        accuracy_on_surest_90=_surest(right, confidence),
        calibration_error=_calibration_error(right, confidence),
        per_class=_per_class(told, said, labels),
        labels=tuple(labels),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion_matrix(told, said, labels=labels)),
        rows=len(told),
    )


def _macro_f1(told: np.ndarray, said: np.ndarray) -> float:
    """Mean F1 over the labels that occur in the truth."""
    labels = np.unique(told)
    return float(np.mean(precision_recall_fscore_support(told, said, labels=labels, zero_division=0.0)[2]))


def _per_class(told: np.ndarray, said: np.ndarray, labels: list[str]) -> tuple[ClassScore, ...]:
    columns = precision_recall_fscore_support(told, said, labels=labels, zero_division=0.0)
    return tuple(
        ClassScore(label, float(p), float(r), float(f), int(n))
        for label, p, r, f, n in zip(labels, *columns, strict=True)
    )


def _coverage(right: np.ndarray, confidence: np.ndarray) -> float:
    """Largest share of rows, surest first, of which at least 97 % are right."""
    order = np.argsort(-confidence, kind="stable")
    share_right = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero(share_right >= SURE_ACCURACY)
    return float((enough[-1] + 1) / len(right)) if len(enough) else 0.0


def _surest(right: np.ndarray, confidence: np.ndarray) -> float:
    order = np.argsort(-confidence, kind="stable")[: max(1, round(len(right) * SUREST_SHARE))]
    return float(right[order].mean())


def _calibration_error(right: np.ndarray, confidence: np.ndarray) -> float:
    """Mean gap between confidence and truth over ten equal bands, weighted by rows."""
    bands = np.minimum((confidence * 10).astype(int), 9)
    gaps = [
        abs(right[bands == b].mean() - confidence[bands == b].mean()) * (bands == b).sum() for b in np.unique(bands)
    ]
    return float(sum(gaps) / len(right))
