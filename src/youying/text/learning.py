"""Learning categories from a street's own labelled history, and guessing them with honest confidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from youying.kernel.refusals import Refused
from youying.text.features import Block, Features, Prepared, prepare, standard_blocks
from youying.text.folds import assign_folds
from youying.text.latent import DIMENSIONS, common_columns, learn_latent
from youying.text.latent import FEWEST_ROWS as LATENT_FEWEST
from youying.text.members import MEMBERS
from youying.text.model import Calibration, Guess, Judges, Model

__all__ = ["Guess", "Model", "Recipe", "train"]

FEWEST_ROWS = 20
FEWEST_CLASSES = 2
INNER_FOLDS = 3


@dataclass(frozen=True)
class Recipe:
    """How a model is made; the ablation turns its parts off one by one."""

    blocks: tuple[tuple[str, float], ...] = tuple((block.name, block.share) for block in standard_blocks())
    member: str = "log-ratio"
    strength: float = 0.3
    latent: bool = True
    calibrate: bool = True


@dataclass(frozen=True)
class _Lesson:
    """Texts in every form that learning needs."""

    texts: list[str]
    prepared: list[Prepared]
    classes: np.ndarray
    many: int
    also: list[Prepared]

    def without(self, held: np.ndarray) -> _Lesson:
        kept = np.flatnonzero(~held)
        texts, prepared = [self.texts[at] for at in kept], [self.prepared[at] for at in kept]
        return _Lesson(texts, prepared, self.classes[kept], self.many, self.also)


def train(rows: Iterable[tuple[str, str]], *, unlabelled: Iterable[str] = (), recipe: Recipe | None = None) -> Model:
    """Learn from pairs of text and label; `unlabelled` texts only tell which words are common.

    Refused: fewer than 20 rows with text and label, or fewer than two labels.
    """
    texts, labels = _usable(rows)
    names, classes = np.unique(np.array(labels), return_inverse=True)
    also = [prepare(text) for text in unlabelled if text.strip()]
    lesson = _Lesson(texts, [prepare(text) for text in texts], classes, len(names), also)
    recipe = recipe or Recipe()
    judges = _fit(lesson, recipe)
    calibration = _calibration(lesson, recipe, judges)
    return Model(tuple(str(name) for name in names), judges, calibration, len(texts))


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


def _fit(lesson: _Lesson, recipe: Recipe, *, latent: bool | None = None) -> Judges:
    features = Features([Block(name, share) for name, share in recipe.blocks])
    features.fit(lesson.prepared, also=lesson.also)
    matrix = features.matrix(lesson.prepared)
    linear = MEMBERS[recipe.member](matrix, lesson.classes, many=lesson.many, strength=recipe.strength)
    wanted = recipe.latent and len(lesson.texts) >= LATENT_FEWEST if latent is None else latent
    columns = common_columns(matrix, features.blocks) if wanted else np.zeros(0, int)
    if len(columns) < DIMENSIONS:
        return Judges(features, linear, None)
    return Judges(features, linear, learn_latent(matrix, lesson.classes, many=lesson.many, columns=columns))


def _calibration(lesson: _Lesson, recipe: Recipe, judges: Judges) -> Calibration:
    """Fit slopes and shift on scores of rows that the scoring judges have not seen."""
    plain = Calibration(np.ones(2 if judges.latent else 1), np.zeros(lesson.many))
    if not recipe.calibrate:
        return plain
    folds = assign_folds(lesson.texts, folds=INNER_FOLDS)
    scores = np.full((len(plain.slopes), len(folds), lesson.many), np.nan)
    for fold in range(INNER_FOLDS):
        held = folds == fold
        rest = lesson.without(held)
        if not held.any() or len(np.unique(rest.classes)) < FEWEST_CLASSES:
            continue
        tested = _fit(rest, recipe, latent=judges.latent is not None)
        found = tested.scores([lesson.prepared[at] for at in np.flatnonzero(held)])
        if len(found) == len(scores):
            scores[:, held] = found
    seen = ~np.isnan(scores).any(axis=(0, 2))
    return _fit_calibration(scores[:, seen], lesson.classes[seen]) if seen.any() else plain


def _fit_calibration(scores: np.ndarray, classes: np.ndarray) -> Calibration:
    """Find the slopes and shifts that make the held-out log loss least; shifts are held near nought."""
    at, many = np.arange(len(classes)), len(scores)

    def loss(values: np.ndarray) -> float:
        slopes, shift = np.exp(values[:many]), values[many:]
        chances = log_softmax(np.tensordot(slopes, scores, axes=1) + shift, axis=1)
        return float(-chances[at, classes].sum() + 5.0 * (shift**2).sum() + 0.5 * ((values[:many] - 1) ** 2).sum())

    found = minimize(loss, np.zeros(many + scores.shape[2]), method="L-BFGS-B").x
    return Calibration(np.exp(found[:many]), found[many:])
