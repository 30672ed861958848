"""Two floors that a pack may tighten and never loosen: national law, with its clause, and house rules, without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from youying.packs import words
from youying.packs.linter.acts import acts_of
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import rough_hours
from youying.packs.schema_loop import Act, Clock, Loop
from youying.packs.schema_means import Decision

HOUSE = "本系统的规则"
DOING_VERBS = ("complete", "deliver")
CHECKING_VERBS = ("call-back", "recheck")
CONFIRMATION = "30 days"
SHOWS_WHY = frozenset({"note", "scheme", "photo", "before-after", "other-evidence", "papers", "agreement", "decision"})
"""What may prove that a clock has to stand still."""


@dataclass(frozen=True)
class VoteFloor:
    """The least a statutory vote may ask for; `strict` fractions must be passed, not only met."""

    clause: str
    counts: tuple[str, ...]
    turnout: tuple[Fraction, bool]
    passing: tuple[Fraction, bool]
    pass_of: tuple[str, ...]
    notice_days: int


VOTES: Mapping[str, VoteFloor] = {
    "owners": VoteFloor(
        clause="《民法典》第278条、《物业管理条例》第14条",
        counts=("area", "heads"),
        turnout=(Fraction(2, 3), False),
        passing=(Fraction(1, 2), True),
        pass_of=("cast", "entitled"),
        notice_days=15,
    ),
    "owners-special": VoteFloor(
        clause="《民法典》第278条、《物业管理条例》第14条",
        counts=("area", "heads"),
        turnout=(Fraction(2, 3), False),
        passing=(Fraction(3, 4), False),
        pass_of=("cast", "entitled"),
        notice_days=15,
    ),
    "collective-members": VoteFloor(
        clause="《农村集体经济组织法》关于成员大会的规定",
        counts=("heads",),
        turnout=(Fraction(2, 3), False),
        passing=(Fraction(2, 3), False),
        pass_of=("entitled",),
        notice_days=10,
    ),
}
POSTINGS: Mapping[str, tuple[int, str]] = {
    "village-affairs": (15, "《村民委员会组织法》（2025年修正）关于村务公开的规定"),
    "residents-affairs": (15, "《城市居民委员会组织法》（2025年修订）关于居务公开的规定"),
}


def check_floors(reading: Reading) -> None:
    """F01 to F09."""
    for name, decision in reading.pack.decision.items():
        _vote(reading, f"decision.{name}", decision)
    _postings(reading)
    for name, loop in reading.pack.loop.items():
        _owners_notice(reading, name, loop)
        _refusal(reading, name, loop)
        _confirmation(reading, name, loop)
        _another_person(reading, name, loop)
        _silence(reading, name, loop)
        _proof(reading, name, loop)
        _pause(reading, name, loop)


def _vote(reading: Reading, key: str, decision: Decision) -> None:
    if decision.law is None and "集体经济组织" in decision.clause:
        reading.fault("F01", f"{key}.law", "依据集体经济组织法，却没写法定表决。", '请写 law = "collective-members"。')
    if decision.law is None:
        if "area" in decision.counts:
            say = "按面积计票的是业主共同决定，却没写属于哪一种法定表决。"
            reading.fault("F01", f"{key}.law", say, "请写 law：owners（一般事项）或 owners-special（特别事项）。")
        return
    floor = VOTES[decision.law]
    if missing := [count for count in floor.counts if count not in decision.counts]:
        titles = {"area": "面积", "heads": "人数"}
        say = f"没有按{'、'.join(titles[count] for count in missing)}计票（{floor.clause}）。"
        reading.fault("F01", f"{key}.counts", say, "请把缺的补上，几把尺子要同时过。")
    _fraction(reading, f"{key}.turnout", decision.turnout, floor.turnout, floor.clause)
    _fraction(reading, f"{key}.pass", decision.pass_, floor.passing, floor.clause)
    if decision.pass_of not in floor.pass_of:
        say = f"同意比例的分母不合法（{floor.clause}）。"
        reading.fault("F01", f"{key}.pass_of", say, f"可以写：{'、'.join(floor.pass_of)}。")
    if decision.notice is None or rough_hours(decision.notice) < 24 * floor.notice_days:
        say = f"提前公告不足 {floor.notice_days} 天（{floor.clause}）。"
        reading.fault("F02", f"{key}.notice", say, f'请写 notice = "{floor.notice_days} days" 或更长。')


def read_fraction(text: str) -> tuple[Fraction, bool]:
    """A vote's fraction and whether it must be passed ("> 1/2") or only met (">= 2/3"); `all` is one, `none` zero."""
    if text in ("all", "none"):
        return Fraction(int(text == "all")), False
    sign, _, part = text.partition(" ")
    return Fraction(part), sign == ">"


def _fraction(reading: Reading, key: str, text: str, floor: tuple[Fraction, bool], clause: str) -> None:
    least, strict = floor
    said = read_fraction(text)
    too_low = said < (least, strict)
    if too_low or said[0] > 1 or said == (Fraction(1), True):
        bound = f"{'>' if strict else '>='} {least}"
        what = "低于法定下限" if too_low else "超过了全体"
        reading.fault("F01", key, f"“{text}”{what}（{clause}）。", f"至少写“{bound}”，最多写“all”。")


def _postings(reading: Reading) -> None:
    for name, publication in reading.pack.publication.items():
        key = f"publication.{name}"
        if publication.law is None:
            kind, _, shown = publication.shows.partition(":")
            purse = reading.pack.purse.get(shown) if kind == "purse" else None
            if purse and purse.of == "community":
                say = "公开村（居）集体收支，却没写属于哪一种法定公开。"
                reading.fault(
                    "F05", f"{key}.law", say, "请写 law：village-affairs（村务）或 residents-affairs（居务）。"
                )
            continue
        days, clause = POSTINGS[publication.law]
        if rough_hours(publication.days) < 24 * days:
            say = f"公开不足 {days} 天（{clause}）。"
            reading.fault("F05", f"{key}.days", say, f'请写 days = "{days} days" 或更长。')


def _owners_notice(reading: Reading, name: str, loop: Loop) -> None:
    """F02: between telling the owners and the poll lie 15 days."""
    votes = [decision for decision in reading.pack.decision.values() if decision.law in ("owners", "owners-special")]
    if not votes or not any("decision" in act.needs for act in loop.acts.values()):
        return
    if not any(clock.wait and rough_hours(clock.wait) >= 15 * 24 for clock in loop.clocks.values()):
        say = "公告以后不等满 15 天就可以投票（《物业管理条例》第14条）。"
        remedy = '请写一只从公告到开始投票的时钟，wait = "15 days" 或更长。'
        reading.fault("F02", f"loop.{name}.clocks", say, remedy)


def _refusal(reading: Reading, name: str, loop: Loop) -> None:
    """F03: an application is refused in writing, with reasons, and the answer is served."""
    if loop.kind != "application":
        return
    refusals = [act for _, act in acts_of(loop, ["decide"]) if {"reason", "note"} <= set(act.needs)]
    if not refusals:
        say = "不予确认没有书面说明理由的动作（《社会救助法》第43至48条）。"
        remedy = '请写一个 decide 动作，needs = ["reason", "note"]。'
        reading.fault("F03", f"loop.{name}.acts", say, remedy)
    served = any("signature" in act.needs for _, act in acts_of(loop, ["deliver"]))
    if "decision" in loop.close.verdict and not served:
        say = "决定没有送达签收（《社会救助法》第43至48条）。"
        reading.fault("F03", f"loop.{name}.acts", say, '请写一个 deliver 动作，needs = ["signature"]。')


def _confirmation(reading: Reading, name: str, loop: Loop) -> None:
    """F04: the parties' right to apply together for judicial confirmation runs 30 days from the agreement."""
    agreed = [act_name for act_name, act in acts_of(loop, ["agree"]) if "agreement" in act.needs]
    if loop.kind != "dispute" or not agreed:
        return
    rights = {key: clock for key, clock in loop.clocks.items() if "party" in clock.right}
    if not any(_from(clock, agreed) for clock in rights.values()):
        say = "达成协议后没有当事人申请司法确认的期限（《人民调解法》第33条）。"
        remedy = '请写一只从达成协议起算、right = ["party"]、within = "30 days" 的时钟。'
        reading.fault("F04", f"loop.{name}.clocks", say, remedy)
    for key, clock in rights.items():
        if _from(clock, agreed) and (clock.within != CONFIRMATION or clock.counting != "legal"):
            say = "申请司法确认的期限是三十日，本地不得改（《人民调解法》第33条）。"
            reading.fault("F04", f"loop.{name}.clocks.{key}.within", say, f'请写 within = "{CONFIRMATION}"。')


def _from(clock: Clock, acts: list[str]) -> bool:
    return bool(set(clock.from_) & set(acts))


def _another_person(reading: Reading, name: str, loop: Loop) -> None:
    """F06: who calls back, re-checks, or enters the verdict for a resident is not who did the work."""
    doers = {act_name for act_name, _ in acts_of(loop, DOING_VERBS)}
    for act_name, act in loop.acts.items():
        verb = str(act.verb or act_name)
        if missing := sorted(doers - set(act.not_by)) if _checks(reading, verb, act) else []:
            titles = "、".join(_title(loop, one) for one in missing)
            say = f"“{_title(loop, act_name)}”可以由办“{titles}”的同一个人来办（{HOUSE}）。"
            remedy = f"请在 not_by 里写 {'、'.join(missing)}。"
            reading.fault("F06", f"loop.{name}.acts.{act_name}.not_by", say, remedy)


def _checks(reading: Reading, verb: str, act: Act) -> bool:
    staff = set(act.by) & set(reading.pack.posts)
    return verb in CHECKING_VERBS or (verb == "verdict" and bool(staff))


def _title(loop: Loop, act_name: str) -> str:
    act = loop.acts[act_name]
    return act.title or words.VERBS.get(str(act.verb or act_name), act_name)


def _silence(reading: Reading, name: str, loop: Loop) -> None:
    """F07: no closing by silence without proven attempts."""
    silence = loop.close.silence
    if silence is None:
        return
    key = f"loop.{name}.close.silence"
    if silence.attempts < 1 or not silence.ways:
        reading.fault("F07", key, f"没有联系就按沉默销号（{HOUSE}）。", "attempts 至少写 1，并写明 ways。")
    proving = acts_of(loop, ["call-back", "contact", "follow-up"])
    if not any(need.partition(":")[0] == "attempts" for _, act in proving for need in act.needs):
        say = f"按沉默销号须有联系记录（{HOUSE}）。"
        reading.fault("F07", key, say, '请在回访动作的 needs 里写 "attempts"。')


def _proof(reading: Reading, name: str, loop: Loop) -> None:
    """F08: crossing off needs proof; a way into the end without reason or proof is refused."""
    for _, act in acts_of(loop, ["cross-off"]):
        if act.to in loop.ends and not loop.close.verdict:
            say = f"没有任何结论就可以销号（{HOUSE}）。"
            reading.fault("F08", f"loop.{name}.close.verdict", say, "请在 close.verdict 里写明要什么结论。")


def _pause(reading: Reading, name: str, loop: Loop) -> None:
    """F09: a person stops a clock for a coded reason and with a proof, else nobody can defend the day it ends on."""
    for clock in loop.clocks.values():
        for act_name in clock.pause:
            act = loop.acts.get(act_name)
            asked = {need.partition(":")[0] for need in act.needs} if act else set()
            if act is None or set(act.by) <= {"system"} or ("reason" in asked and asked & SHOWS_WHY):
                continue
            say = f"“{_title(loop, act_name)}”不写理由、不留凭据就让计时停下（{HOUSE}）。"
            remedy = '请在 needs 里写 "reason"，再写 "note"（说明）、"scheme"（方案）或 "photo"（照片）。'
            reading.fault("F09", f"loop.{name}.acts.{act_name}.needs", say, remedy)
