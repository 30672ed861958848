"""A title out of a text, for matters that came without one. The caller masks names and numbers first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from youying.text.canon import canonical, content_words

MOST_CHARACTERS = 30
FEWEST_CHARACTERS = 4
WITHOUT_TITLE = "（无正文）"
_ENDS = re.compile(r"[。！？!?；;\n\r]+")
_GREETING = re.compile(
    r"^(?:(?:尊敬的|敬爱的)?[^,，:：。！!]{0,10}(?:领导|书记|市长|局长|主任|同志|政府|部门|工作人员)们?[,，:：!！\s]*)?(?:(?:您|你)们?好|早上好|下午好|hi|hello)?[,，:：!！。\s]*",
    re.IGNORECASE,
)
_PAUSES = "，,、：: "


def title_of(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """Give the first telling sentence without its greeting, at most `most` characters, cut at a pause where one is near."""
    for sentence in _ENDS.split(text.strip()[:2_000]):
        told = _without_greeting(" ".join(sentence.split()))
        if len(told) >= FEWEST_CHARACTERS:
            return _shortened(told, most)
    rest = " ".join(text.split())
    return _shortened(rest, most) if rest else WITHOUT_TITLE


def theme_words(texts: Sequence[str], *, against: Sequence[str], most: int = 6) -> list[str]:
    """Give the words that a cluster of texts says much more often than the others do, the most telling first."""
    here, there = _document_counts(texts), _document_counts(against)
    scores = {
        word: count * (count / len(texts)) / ((there[word] + 1) / (len(against) + 1))
        for word, count in here.items()
        if len(word) > 1 and (count > 1 or len(texts) == 1)
    }
    return sorted(scores, key=lambda word: (-scores[word], word))[:most]


def _document_counts(texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(content_words(canonical(text[:2_000]))))
    return counts


def _without_greeting(sentence: str) -> str:
    told = _GREETING.sub("", sentence, count=1)
    return told if len(told) >= FEWEST_CHARACTERS else ""


def _shortened(told: str, most: int) -> str:
    if len(told) <= most:
        return told.rstrip(_PAUSES)
    cut = told[: most - 1]
    pause = max(cut.rfind(mark) for mark in _PAUSES)
    return (cut[:pause] if pause >= most // 2 else cut).rstrip(_PAUSES) + "…"
