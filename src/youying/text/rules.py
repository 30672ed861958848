"""Whether a machine's guess may stand, or a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from youying.kernel.refusals import Refused

One = TypeVar("One")
NO_WORSE = 0.01
LEAST_LETTERS, LEAST_OF_A_CATEGORY, LEAST_CATEGORIES = 60, 5, 2


@dataclass(frozen=True)
class Opinion:
    """One guess of a category: from the model or from keywords; confidence 0 to 1, evidence in words."""

    label: str
    confidence: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What became of the guesses: a label, or none and the suggestions a person chooses from.

    `guess` is the surest of them, whether or not it stands, and `share` how sure it is, in percent.
    """

    label: str | None
    why: str
    say: str
    evidence: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    guess: str = ""
    share: int = 0


def decide(model: Opinion | None, keywords: Opinion | None, *, threshold: float) -> Decision:
    """Let the surest guess stand from `threshold` on (the pack's `text-confidence`); below it a person decides.

    Where both are sure and differ, a person decides too.
    """
    heard = [opinion for opinion in (model, keywords) if opinion]
    decision = _decided(heard, model, threshold)
    best = max(heard, key=lambda opinion: opinion.confidence, default=None)
    return replace(decision, guess=best.label, share=round(best.confidence * 100)) if best else decision


def _decided(heard: list[Opinion], model: Opinion | None, threshold: float) -> Decision:
    sure = [opinion for opinion in heard if opinion.confidence >= threshold]
    suggestions = tuple(dict.fromkeys(o.label for o in sorted(heard, key=lambda o: -o.confidence)))
    if not heard:
        return Decision(None, "no-guess", "没有可用的模型，正文里也没有分类词，请人工选择分类。")
    if not sure:
        best = max(opinion.confidence for opinion in heard)
        say = f"把握 {best:.0%} 低于设定的 {threshold:.0%}，请人工确认分类。"
        return Decision(None, "below-threshold", say, _evidence(heard), suggestions)
    if len({opinion.label for opinion in sure}) > 1:
        say = "模型与关键词的判断不一致，请人工确认分类。"
        return Decision(None, "guesses-differ", say, _evidence(heard), suggestions)
    chosen = max(sure, key=lambda opinion: opinion.confidence)
    say = f"把握 {chosen.confidence:.0%}，达到设定的 {threshold:.0%}，自动归类。"
    return Decision(chosen.label, "model" if chosen is model else "keywords", say, _evidence(sure), suggestions)


def _evidence(opinions: Sequence[Opinion]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for opinion in opinions for word in opinion.evidence))


def nearest(by_area: Mapping[str, One], area_path: str) -> One | None:
    """What is kept for the area itself, or for the nearest area above it."""
    path = area_path.rstrip("/")
    while path:
        if path in by_area:
            return by_area[path]
        path = path.rpartition("/")[0]
    return by_area.get("/")


def fit_to_learn(labels: Mapping[str, int]) -> frozenset[str]:
    """The categories with letters enough to learn from, given how many letters each has.

    Refused: fewer than 60 letters in such categories, or fewer than two of them.
    """
    fit = {label: n for label, n in labels.items() if n >= LEAST_OF_A_CATEGORY}
    have = sum(fit.values())
    if have < LEAST_LETTERS:
        say = f"已定分类、够学的有 {have} 件，至少要 {LEAST_LETTERS} 件（每个分类不少于 {LEAST_OF_A_CATEGORY} 件）。再办一段时间，或导入分好类的历史表。"
        raise Refused("too-few-decided", say=say, have=have, need=LEAST_LETTERS)
    if len(fit) < LEAST_CATEGORIES:
        say = f"够学的分类只有 {len(fit)} 个，至少要 {LEAST_CATEGORIES} 个，才学得出区别。"
        raise Refused("too-few-categories", say=say, have=len(fit), need=LEAST_CATEGORIES)
    return frozenset(fit)


def no_worse(new: float | None, old: float | None) -> bool:
    """Whether a new model may take the old one's place, by their macro-F1 on letters each had not seen.

    Less than a point down is the luck of the folds; a model that was never checked gives way to one that was.
    """
    if old is None:
        return True
    return new is not None and new >= old - NO_WORSE
