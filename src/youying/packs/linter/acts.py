"""Acts: who does them, what they need, where they lead, who approves."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from youying.packs import words
from youying.packs.linter import vocabulary
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import check_calendar
from youying.packs.schema_loop import Act, Approve, Loop

REASONED_VERBS = {"end": "end", "refer": "end", "park": "park", "hand-back": "hand-back"}
REASON_USE = {**REASONED_VERBS, "decide": "refuse"}
ASSIGNED = ("lead", "joint", "summoned")


def check_acts(reading: Reading, name: str, loop: Loop) -> None:
    """Every act of one loop."""
    for act_name, act in loop.acts.items():
        key = f"loop.{name}.acts.{act_name}"
        verb = str(act.verb or act_name)
        if verb not in words.VERBS:
            remedy = "请写 verb 指明它属于目录里的哪个动作。" if act.verb is None else ""
            reading.unknown(f"{key}.verb", verb, words.VERBS, what=f"这个动作（{remedy or '目录 30 个动作'}）")
        _names(reading, key, act, loop)
        _actor(reading, key, act, loop)
        _proofs(reading, key, verb, act)
        _system(reading, key, act, loop)
        _tier(reading, key, act)
        _vote_fails(reading, key, act_name, loop)
        if act.approve:
            check_approve(reading, act.approve, f"{key}.approve", stages=loop.stages)


def _names(reading: Reading, key: str, act: Act, loop: Loop) -> None:
    vocabulary.stages(reading, act.from_, loop.stages, f"{key}.from")
    vocabulary.stages(reading, [act.to] if act.to else [], loop.stages, f"{key}.to")
    vocabulary.needs(reading, act.needs, f"{key}.needs")
    vocabulary.where(reading, act.where, f"{key}.where", stage_names=loop.stages)
    vocabulary.named(reading, "sheet", act.sheet, f"{key}.sheet")
    vocabulary.opens(reading, act.opens, f"{key}.opens")
    vocabulary.actors(reading, act.tells, f"{key}.tells")
    vocabulary.acts(reading, act.not_by, loop.acts, f"{key}.not_by")
    if not act.from_:
        reading.fault("L01", f"{key}.from", "没有写在哪个阶段可以办。", "请写 from。")


def _actor(reading: Reading, key: str, act: Act, loop: Loop) -> None:
    vocabulary.actors(reading, act.by, f"{key}.by")
    if not act.by:
        reading.fault("L03", key, "没有写谁来办。", "请写 by：岗位、单位类型或关系。")
    for relation in ASSIGNED:
        if relation in act.by and not any(relation in other.assigns for other in loop.acts.values()):
            title = words.RELATIONS[relation]
            say = f"由{title}来办，可是没有哪个动作指派过{title}。"
            reading.fault("L21", f"{key}.by", say, f'请在派单或吹哨的动作里写 assigns = ["{relation}"]。')


def _proofs(reading: Reading, key: str, verb: str, act: Act) -> None:
    use = REASON_USE.get(verb)
    if verb in REASONED_VERBS and "reason" not in act.needs:
        say = f"{words.VERBS[verb]}须有理由。"
        reading.fault("L14", key, say, '请在 needs 里写 "reason"。')
    elif use and "reason" in act.needs and not any(use in reason.for_ for reason in reading.pack.reasons.values()):
        say = f"{words.VERBS[verb]}须选理由，可是理由表里没有一条用于{words.REASON_USES[use]}。"
        reading.fault("L14", key, say, f'请在 reasons 里写一条 for = ["{use}"]。')


def _system(reading: Reading, key: str, act: Act, loop: Loop) -> None:
    if act.reason is not None:
        reading.expect(f"{key}.reason", act.reason, reading.pack.reasons, what="理由")
    if act.on and "system" not in act.by:
        reading.fault(
            "L20", f"{key}.on", "写了系统何时来办，办理人里却没有系统。", '请在 by 里加 "system"，或删去 on。'
        )
    if "system" in act.by and not act.on:
        reading.fault(
            "L20",
            f"{key}.by",
            "让系统来办，却没写什么时候。",
            "请写 on（close、unsolved、clock:x 等），或去掉 system。",
        )
    trigger, _, name = (act.on or "").partition(":")
    if trigger == "clock" or trigger == "met":
        reading.expect(f"{key}.on", name, loop.clocks, what="时钟")


def _vote_fails(reading: Reading, key: str, act_name: str, loop: Loop) -> None:
    """L22: where a vote decides the next stage, there is a way for the case that it does not pass."""
    act = loop.acts[act_name]
    verb = str(act.verb or act_name)
    if not act.to or verb in _VOTE_LOST or not any(need.startswith("decision:") for need in act.needs):
        return
    other = [one for name, one in acts_of(loop, _VOTE_LOST) if name != act_name]
    for stage in act.from_:
        if not any(stage in one.from_ for one in other):
            say = f"要凭表决结果往下走，而在“{loop.stages.get(stage, stage)}”没有表决不通过时的动作。"
            reading.fault("L22", key, say, f"请写一个 from 含 {stage} 的 rework、meet 或 end 动作。")


_VOTE_LOST = ("rework", "object", "meet", "end", "refer")


def _tier(reading: Reading, key: str, act: Act) -> None:
    if act.tier and act.tier not in ("up", "down", *reading.tiers):
        say = f"层级“{act.tier}”不在层级表里。"
        reading.fault("L11", f"{key}.tier", say, f"可以写 up、down 或：{'、'.join(reading.tiers)}。")


def check_approve(reading: Reading, approve: Approve, key: str, *, stages: Collection[str] = ()) -> None:
    """L05 and the names of an approval."""
    vocabulary.actors(reading, approve.by, f"{key}.by")
    check_refusal(reading, approve.refused, key, stages=stages)
    if not approve.by:
        reading.fault("L03", key, "要审批，却没写谁来审批。", "请写 by。")
    check_calendar(reading, [approve.within], f"{key}.within")


def check_refusal(reading: Reading, refused: str | None, key: str, *, stages: Collection[str] = ()) -> None:
    """L05: an approval says what happens when it is refused: a stage of the loop, or `stay`."""
    if refused is None:
        say = "需要审批，却没写不同意怎么办。"
        reading.fault("L05", key, say, '请写 refused：退回哪个阶段，或 "stay" 留在原处。')
    else:
        vocabulary.stages(reading, [refused], ["stay", *stages], f"{key}.refused")


def verbs_of(loop: Loop) -> set[str]:
    """The verbs of a loop's acts."""
    return {str(act.verb or name) for name, act in loop.acts.items()}


def acts_of(loop: Loop, verbs: Iterable[str]) -> list[tuple[str, Act]]:
    """The acts with one of these verbs."""
    wanted = set(verbs)
    return [(name, act) for name, act in loop.acts.items() if (act.verb or name) in wanted]
