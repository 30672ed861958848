"""Learning categories from a street's own labelled history, and guessing them with honest confidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from youying.kernel.refusals import Refused
from youying.text.features import Block, Features, Prepared, prepare, standard_blocks
from youying.text.folds import assign_folds
from youying.text.members import MEMBERS, Linear, average

FEWEST_ROWS = 20
FEWEST_CLASSES = 2
INNER_FOLDS = 3
RUNNERS_UP = 2


@dataclass(frozen=True)
class Guess:
    """What a model thinks of one text; confidence is the share of such guesses that come true, 0 to 1."""

    label: str
    confidence: float
    runners_up: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Recipe:
    """How a model is made; the ablation turns its parts off one by one."""

    blocks: tuple[tuple[str, float], ...] = tuple((block.name, block.share) for block in standard_blocks())
    members: tuple[tuple[str, float], ...] = (("log-ratio", 0.3),)
    calibrate: bool = True


@dataclass(frozen=True)
class Model:
    """A trained classifier: features, one merged linear layer and its calibration."""

    labels: tuple[str, ...]
    features: Features
    linear: Linear
    slope: float
    shift: np.ndarray
    rows: int

    def predict(self, texts: Sequence[str]) -> list[Guess]:
        """Guess the label of every text, surest first among the runners-up."""
        if not texts:
            return []
        return [self._guess(row) for row in self.chances([prepare(text) for text in texts])]

    def chances(self, texts: Sequence[Prepared]) -> np.ndarray:
        """Give the calibrated probability of every label for every prepared text; all alike where nothing is known."""
        matrix = self.features.matrix(texts)
        scores = self.linear.scores(matrix) * self.slope + self.shift
        scores[np.diff(matrix.indptr) == 0] = 0.0
        return np.exp(log_softmax(scores, axis=1))

    def _guess(self, chances: np.ndarray) -> Guess:
        order = np.argsort(-chances)[: 1 + RUNNERS_UP]
        ranked = [(self.labels[at], round(float(chances[at]), 4)) for at in order]
        return Guess(*ranked[0], tuple(ranked[1:]))


def train(rows: Iterable[tuple[str, str]], *, unlabelled: Iterable[str] = (), recipe: Recipe | None = None) -> Model:
    """Learn from pairs of text and label; `unlabelled` texts only tell which words are common.

    Refused: fewer than 20 rows with text and label, or fewer than two labels.
    """
    texts, labels = _usable(rows)
    names, classes = np.unique(np.array(labels), return_inverse=True)
    prepared = [prepare(text) for text in texts]
    also = [prepare(text) for text in unlabelled if text.strip()]
    recipe = recipe or Recipe()
    features, linear = _fit(prepared, classes, len(names), also, recipe)
    slope, shift = _calibration(texts, prepared, classes, len(names), also, recipe)
    return Model(tuple(str(name) for name in names), features, linear, slope, shift, len(texts))


def _usable(rows: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    pairs = [(text, label.strip()) for text, label in rows if text and text.strip() and label and label.strip()]
    if len(pairs) < FEWEST_ROWS:
        say = f"可用来学习的只有 {len(pairs)} 行，至少要 {FEWEST_ROWS} 行既有正文又有分类；请补充已分类的历史事项后再训练。"
        raise Refused("too-few-rows-to-learn", say=say, have=len(pairs), need=FEWEST_ROWS)
    many = len({label for _, label in pairs})
    if many < FEWEST_CLASSES:
        say = "所有行都是同一个分类，学不出区别；请至少提供两个分类的历史事项。"
        raise Refused("too-few-labels-to-learn", say=say, have=many, need=FEWEST_CLASSES)
    return [text for text, _ in pairs], [label for _, label in pairs]


def _fit(
    texts: Sequence[Prepared], classes: np.ndarray, many: int, also: Sequence[Prepared], recipe: Recipe
) -> tuple[Features, Linear]:
    features = Features([Block(name, share) for name, share in recipe.blocks])
    features.fit(texts, also=also)
    matrix = features.matrix(texts)
    return features, average([MEMBERS[n](matrix, classes, many=many, strength=c) for n, c in recipe.members])


def _calibration(
    texts: list[str], prepared: list[Prepared], classes: np.ndarray, many: int, also: Sequence[Prepared], recipe: Recipe
) -> tuple[float, np.ndarray]:
    """Fit slope and shift on scores of rows that the scoring learner has not seen."""
    if not recipe.calibrate:
        return 1.0, np.zeros(many)
    folds = assign_folds(texts, folds=INNER_FOLDS)
    scores, seen = np.zeros((len(texts), many)), np.zeros(len(texts), bool)
    for fold in range(INNER_FOLDS):
        held = folds == fold
        if not held.any() or len(np.unique(classes[~held])) < FEWEST_CLASSES:
            continue
        kept = [text for text, out in zip(prepared, held, strict=True) if not out]
        features, linear = _fit(kept, classes[~held], many, also, recipe)
        tested = [text for text, out in zip(prepared, held, strict=True) if out]
        scores[held], seen[held] = linear.scores(features.matrix(tested)), True
    if not seen.any():
        return 1.0, np.zeros(many)
    return _fit_calibration(scores[seen], classes[seen])


def _fit_calibration(scores: np.ndarray, classes: np.ndarray) -> tuple[float, np.ndarray]:
    """Find the slope and the shifts that make the held-out log loss least; shifts are held near nought."""
    at = np.arange(len(classes))

    def loss(values: np.ndarray) -> float:
        chances = log_softmax(scores * np.exp(values[0]) + values[1:], axis=1)
        return float(-chances[at, classes].sum() + 5.0 * (values[1:] ** 2).sum() + 0.5 * (values[0] - 1) ** 2)

    found = minimize(loss, np.zeros(1 + scores.shape[1]), method="L-BFGS-B").x
    return float(np.exp(found[0])), found[1:]
