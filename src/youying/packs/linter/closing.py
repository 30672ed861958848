"""Closing: proofs, silence, reasons, and the way back when a resident says that it is not solved."""

from __future__ import annotations

from collections.abc import Mapping

from youying.packs import words
from youying.packs.linter import vocabulary
from youying.packs.linter.acts import acts_of, verbs_of
from youying.packs.linter.paths import ENDING_VERBS
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import check_calendar
from youying.packs.schema_loop import Loop

LEFT_BY: Mapping[str, tuple[str, ...]] = {
    "published": ("publication",),
    "parties": ("agreement", "signature"),
    "received": ("signature",),
}
MADE_BY: Mapping[str, tuple[str, ...]] = {
    "resident": ("verdict",),
    "recheck": ("recheck",),
    "decision": ("decide",),
}


def check_closing(reading: Reading, name: str, loop: Loop) -> None:
    """How one loop ends."""
    key = f"loop.{name}.close"
    close = loop.close
    if not close.verdict and not close.reasons:
        say = "没有写怎么才算完：既没有结论，也没有依规终结的理由。"
        reading.fault("L06", key, say, "请在 close.verdict 里写结论，或在 close.reasons 里写理由。")
    _proofs(reading, key, loop)
    _cross_off(reading, key, loop)
    _silence(reading, key, loop)
    _way_back(reading, key, loop)
    _end_reasons(reading, key, loop)
    _reopen(reading, key, loop)


def _proofs(reading: Reading, key: str, loop: Loop) -> None:
    needed = {need.partition(":")[0] for act in loop.acts.values() for need in act.needs}
    verbs = verbs_of(loop)
    for proof in loop.close.verdict:
        title = words.PROOFS[proof]
        makers = MADE_BY.get(proof, ())
        left = LEFT_BY.get(proof, ())
        if makers and not verbs & set(makers):
            code = "L06" if proof == "resident" else "L23"
            say = f"要有“{title}”才算完，却没有{words.VERBS[makers[0]]}这个动作。"
            reading.fault(code, f"{key}.verdict", say, f"请写一个 {makers[0]} 动作。")
        if left and not needed & set(left):
            say = f"要有“{title}”才算完，却没有哪个动作留下证据。"
            remedy = f"请在相应动作的 needs 里写 {'或'.join(left)}。"
            reading.fault("L23", f"{key}.verdict", say, remedy)
    if "recheck" in loop.close.verdict and not any(act.not_by for _, act in acts_of(loop, ["recheck"])):
        say = "复查须换人，复查动作却没写不得由谁来办。"
        reading.fault("L15", f"{key}.verdict", say, '请在复查动作里写 not_by = ["complete"]。')


def _cross_off(reading: Reading, key: str, loop: Loop) -> None:
    if loop.close.verdict and not acts_of(loop, ["cross-off"]):
        reading.fault("L26", key, "有结论却没有销号动作。", "请写一个 cross-off 动作。")


def _silence(reading: Reading, key: str, loop: Loop) -> None:
    close = loop.close
    check_calendar(reading, [close.silence.over if close.silence else None], f"{key}.silence.over")
    if close.spot_check:
        vocabulary.named(reading, "draw", close.spot_check, f"{key}.spot_check")
    if close.silence is None:
        return
    if not any(need.partition(":")[0] == "attempts" for act in loop.acts.values() for need in act.needs):
        say = "联系不上可以销号，却没有记联系次数的动作。"
        reading.fault("L26", f"{key}.silence", say, '请在回访动作的 needs 里写 "attempts"。')


def _way_back(reading: Reading, key: str, loop: Loop) -> None:
    rework = loop.close.rework
    if rework:
        vocabulary.stages(reading, [rework], loop.stages, f"{key}.rework")
    if rework and not any(act.to == rework for _, act in acts_of(loop, ["rework"])):
        say = f"说没解决要退回“{loop.stages.get(rework, rework)}”，却没有这样的重办动作。"
        reading.fault("L22", f"{key}.rework", say, f'请写 rework 动作，to = "{rework}"。')
    if "resident" in loop.close.verdict or "recheck" in loop.close.verdict:
        _way_back_from(reading, loop, key)


def _way_back_from(reading: Reading, loop: Loop, key: str) -> None:
    back = {stage for _, act in acts_of(loop, ["rework", "object"]) for stage in act.from_}
    verb = "verdict" if "resident" in loop.close.verdict else "recheck"
    for name, act in acts_of(loop, [verb]):
        for stage in act.from_:
            if stage in back or (act.to and act.to in back):
                continue
            who = "居民" if verb == "verdict" else "复查的人"
            say = f"{who}在“{loop.stages.get(stage, stage)}”说没解决，却没有重办的路。"
            at = f"{key.removesuffix('.close')}.acts.{name}"
            reading.fault("L22", at, say, f"请写一个 from 含 {stage} 的 rework 动作。")


def _end_reasons(reading: Reading, key: str, loop: Loop) -> None:
    for reason in loop.close.reasons:
        vocabulary.named(reading, "reason", reason, f"{key}.reasons")
        known = reading.pack.reasons.get(reason)
        if known and not {"end", "refuse"} & set(known.for_):
            say = f"理由“{known.title}”不能用来终结。"
            reading.fault("L27", f"{key}.reasons", say, '请在这条理由的 for 里加 "end"，或换一条。')
    enders = [act for _, act in acts_of(loop, ENDING_VERBS) if act.to in loop.ends and "reason" in act.needs]
    if loop.close.reasons and not enders:
        say = "写了依规终结的理由，却没有凭理由终结的动作。"
        remedy = '请写一个通向终点的 end 动作，needs 里写 "reason"。'
        code = "L27" if verbs_of(loop) & {"end", "refer", "decide"} else "L06"
        reading.fault(code, f"{key}.reasons", say, remedy)
    if not loop.close.reasons and acts_of(loop, ["end", "refer"]):
        say = "有终结动作，却没有列出可以终结的理由。"
        reading.fault("L06", key, say, "请在 close.reasons 里列出来。")


def _reopen(reading: Reading, key: str, loop: Loop) -> None:
    reopen = loop.close.reopen
    if reopen is None:
        return
    vocabulary.stages(reading, [reopen.to], loop.stages, f"{key}.reopen.to")
    vocabulary.actors(reading, reopen.by, f"{key}.reopen.by")
    check_calendar(reading, [reopen.within], f"{key}.reopen.within")


def check_reasons(reading: Reading) -> None:
    """L27: a reason that no act, clock, register, rhythm or figure can use."""
    used = _uses(reading)
    for code, reason in reading.pack.reasons.items():
        if not any((use, "") in used or (use, code) in used for use in reason.for_):
            uses = "、".join(words.REASON_USES[use] for use in reason.for_)
            say = f"理由“{reason.title}”（用于{uses}）没有哪个动作用得上。"
            reading.fault("L27", f"reasons.{code}", say, "请写上用它的动作，在 close.reasons 或名册里引用它，或删去。")


def _uses(reading: Reading) -> set[tuple[str, str]]:
    """What reasons are asked for: (use, code), or (use, "") where any reason of that use will do."""
    pack = reading.pack
    used = {("exclude", code) for figure in pack.figure.values() for code in figure.exclude}
    used |= {("leave", code) for register in pack.register_.values() for code in register.leave}
    used |= {("unmet", "") for rhythm in pack.rhythm.values() if rhythm.unmet}
    for loop in pack.loop.values():
        used |= {("end", code) for code in loop.close.reasons}
        used |= _uses_of_loop(loop)
    return used


def _uses_of_loop(loop: Loop) -> set[tuple[str, str]]:
    used: set[tuple[str, str]] = set()
    for name, act in loop.acts.items():
        verb = str(act.verb or name)
        if "reason" in act.needs and verb in ("park", "hand-back"):
            used.add((verb, ""))
        if act.approve or ("reason" in act.needs and verb == "decide"):
            used.add(("refuse", ""))
    used |= {("extend", "") for clock in loop.clocks.values() if clock.extend}
    return used | {("pause", "") for clock in loop.clocks.values() if clock.pause}
