"""Plain sentences about what happened, for residents, stories and notices."""

from __future__ import annotations

from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.packs.words import HOUSE_ACTS, SCREEN_WORDS, VERBS

RESIDENT: dict[str, str] = {
    "open": "收到了",
    "dispatch": "已经派给承办单位",
    "accept": "承办单位接下了",
    "contact": "承办单位联系了您",
    "judge": "研究好了怎么办",
    "hand-back": "换一家单位来办",
    "park": "眼下办不了，写明了原因和打算",
    "unpark": "又办起来了",
    "step": "正在办",
    "complete": "承办单位说办好了，请您说一声",
    "call-back": "回访员找过您",
    "verdict": "您评价了",
    "rework": "您说没解决，接着办",
    "cross-off": "您说解决了，这件事完了",
    "end": "依规办结，写明了理由",
    "merge": "和邻居说的是同一件，一起办",
    "urge": "催过一次",
    "supervise": "上级在盯着办",
    "add": "您补充了一句",
    "reopen": "又拿起来办",
}
"""Verb or house act → what the resident reads."""


def screen_words(edition: Edition) -> dict[str, str]:
    """The words of the screen as this place says them: the language's own, and the pack's where it has another."""
    return {**SCREEN_WORDS, **edition.pack.words}


def sentence_of(loop: CompiledLoop, act_id: str, verb: str) -> str:
    """The local title of what happened, as staff read it."""
    step = loop.acts.get(act_id)
    return step.title if step is not None else HOUSE_ACTS.get(act_id, VERBS.get(verb, act_id))


def for_resident(verb: str) -> str:
    """What the resident reads about a step; the staff's word where there is no plainer one."""
    return RESIDENT.get(verb) or VERBS.get(verb) or HOUSE_ACTS.get(verb, "有了新进展")
