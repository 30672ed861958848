"""Plain sentences about what happened, for residents, stories and notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from youying.kernel.moments import say_dated
from youying.packs.compiled import CompiledLoop
from youying.packs.edition import Edition
from youying.packs.words import HOUSE_ACTS, VERBS

RESIDENT: dict[str, str] = {
    "open": "收到了",
    "dispatch": "已经派给承办单位",
    "accept": "承办单位接下了",
    "contact": "承办单位联系了您",
    "judge": "研究好了怎么办",
    "hand-back": "换一家单位来办",
    "object": "换一家单位来办",
    "park": "眼下办不了，写明了原因和打算",
    "unpark": "又办起来了",
    "review-parking": "又看了一次能不能办",
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


BESIDE: dict[str, str] = {
    "ask": "申请，等答复",
    "ring": "到时提醒",
    "wake": "到期重新看",
    "pass-up": "申请超时，转上一级",
    "lapse": "申请没等答复，作废",
    "merged-here": "并入一件相同的诉求",
    "access.unmask": "看了完整信息",
    "sheets.fill": "填了表",
    "sheets.supply": "补交了材料",
    "sheets.correct": "更正了表",
    "reply-supervision": "答复了督办",
    "release-supervision": "解除了督办",
    "renew-supervision": "督办再问，另定期限",
    "ring-supervision": "督办到期没有答复",
    "follow-move": "随区划调整换了地点",
    "left-behind": "原单位没有人了，没能交给接任单位，等改派",
    "land": "非工作时间来的，由值班的人先接",
    "land-next": "随交班转给接班的人",
    "part": "一项子任务有了结果",
    "drop-part": "取消了一项子任务",
    "give-part": "一项子任务另交一家办",
    "end-part": "整件事结束，这一项随之结束",
    "follow-whole": "随并单换了所属的整件事",
    "parts-here": "接过并来的子任务",
}
"""Entries that are neither steps of a loop nor house acts → what staff read."""
RUNGS: dict[str, str] = {
    "overdue": "到期未办",
    "remind": "已提醒承办单位",
    "tell": "已告知",
    "propose-supervision": "提请督办",
    "watch-by": "上一级开始关注",
    "long-pause": "暂停太久，请过问",
    "review-missed": "到期没有复核",
}


def sentence_of(loop: CompiledLoop, act_id: str, verb: str) -> str:
    """The local title of what happened, as staff read it."""
    step = loop.acts.get(act_id)
    if step is not None:
        return step.title
    return HOUSE_ACTS.get(act_id) or BESIDE.get(act_id) or VERBS.get(verb, act_id)


def moved(loop: CompiledLoop, notes: Iterable[Mapping[str, Any]], where: tzinfo) -> str:
    """Which deadlines a step moved, with what they were: "，“办结”期限由11月24日（周二）18:00改为……"; empty where none."""
    said = []
    for note in notes:
        if note["what"] in RECOUNTED and note.get("was") and note.get("due_at"):
            clock = loop.clocks.get(note["clock"])
            was, due = (_dated(note[name], where) for name in ("was", "due_at"))
            said.append(f"“{clock.title if clock else note['clock']}”期限由{was}改为{due}")
    return "".join(f"，{one}" for one in said)


RECOUNTED = frozenset({"recount", "take-over", "give"})
"""What makes a deadline another one than it was, without anybody having asked for more time."""


def _dated(written: str, where: tzinfo) -> str:
    moment = datetime.fromisoformat(written)
    return say_dated(moment, moment, where)


def of_units(facts: Mapping[str, Any], titles: Mapping[int, str]) -> str:
    """The units that an entry names, in brackets: those whistled for, the one that came, or whose clock it is.

    Whoever is waited for no more is named as that, and not as if they had come.
    """
    gone, called_off = facts.get("given_up", ()), facts.get("verb") == "call-off"
    named = facts.get("summoned") or (gone if called_off else [facts.get("unit")])
    said = [_titles(named, titles)]
    if gone and not called_off:
        said.append(f"不再等{_titles(gone, titles)}")
    inside = "；".join(one for one in said if one)
    return f"（{inside}）" if inside else ""


def _titles(units: Iterable[Any], titles: Mapping[int, str]) -> str:
    return "、".join(titles[unit] for unit in units if unit in titles)


def because(edition: Edition, facts: Mapping[str, Any]) -> str:
    """The coded reason of an entry, in brackets; empty where none was given or the edition has it no more."""
    reason = edition.pack.reasons.get(str(facts.get("reason") or ""))
    return f"（{reason.title}）" if reason else ""


def units_named(facts: Mapping[str, Any]) -> set[int]:
    """The keys of the units that an entry names."""
    return {unit for unit in (*facts.get("summoned", ()), *facts.get("given_up", ()), facts.get("unit")) if unit}


def rang(loop: CompiledLoop, facts: Mapping[str, Any]) -> str:
    """What a clock did by itself, in words: which one, and each rung that it reached."""
    clock = loop.clocks.get(facts["clock"])
    said = "，".join(RUNGS.get(rung["do"], rung["do"]) for rung in facts["rungs"])
    return f"“{clock.title if clock else HOUSE_ACTS.get(facts['clock'], facts['clock'])}”{said}"


def for_resident(verb: str) -> str:
    """What the resident reads about a step; the staff's word where there is no plainer one."""
    return RESIDENT.get(verb) or VERBS.get(verb) or HOUSE_ACTS.get(verb, "有了新进展")
