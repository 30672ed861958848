"""Whether a machine's guess may stand, or a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Opinion:
    """One guess of a category: from the model or from keywords; confidence 0 to 1, evidence in words."""

    label: str
    confidence: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What became of the guesses: a label, or none and the suggestions a person chooses from."""

    label: str | None
    why: str
    say: str
    evidence: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


def decide(model: Opinion | None, keywords: Opinion | None, *, threshold: float) -> Decision:
    """Let the surest guess stand from `threshold` on (the pack's `text-confidence`); below it a person decides.

    Where both are sure and differ, a person decides too.
    """
    heard = [opinion for opinion in (model, keywords) if opinion]
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
