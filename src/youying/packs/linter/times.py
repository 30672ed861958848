"""Clocks, ladders and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from youying.kernel.durations import parse_duration
from youying.kernel.refusals import Refused
from youying.packs import words
from youying.packs.linter import vocabulary
from youying.packs.linter.reading import Reading
from youying.packs.schema_loop import Clock, Loop, Rung

INTAKE = "open"
COMMITMENT = "commitment"
_HOURS = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0, "months": 720.0, "working-days": 24.0, "office-hours": 1.0}


def rough_hours(duration: str) -> float:
    """A duration in hours, only good for telling longer from shorter."""
    n, unit = duration.split()
    return int(n) * _HOURS[unit]


def check_calendar(reading: Reading, durations: Iterable[str | None], key: str) -> None:
    """L04: working time needs a calendar; L25: a duration that no calendar reaches."""
    durations = list(durations)
    for text in durations:
        _readable(reading, text, key)
    if not any(text and ("working" in text or "office" in text) for text in durations):
        return
    calendar = reading.pack.pack.calendar
    if calendar is None:
        say = "按工作日或工作小时计时，却没有日历。"
        reading.fault("L04", key, say, "请在包头写 calendar，并在 [calendar.x] 里写明上班时间。")
    elif calendar not in reading.pack.calendar:
        reading.fault(
            "L04", key, f"按工作日或工作小时计时，而日历“{calendar}”没有定义。", f"请写 [calendar.{calendar}]。"
        )


def _readable(reading: Reading, text: str | None, key: str) -> None:
    if text is None or ":" in text:
        return
    try:
        parse_duration(text)
    except Refused as refused:
        reading.fault("L25", key, f"期限“{text}”超出范围。", refused.say)


def durations_of(clock: Clock) -> list[str]:
    """The durations a clock may run."""
    if isinstance(clock.within, Mapping):
        return list(clock.within.values())
    return [clock.within] if clock.within and clock.within != "given" else []


def check_clocks(reading: Reading, name: str, loop: Loop) -> None:
    """Every clock of one loop."""
    for clock_name, clock in loop.clocks.items():
        key = f"loop.{name}.clocks.{clock_name}"
        _acts(reading, key, clock, loop)
        _time(reading, key, clock, loop)
        _after_end(reading, key, clock, loop)
        _table(reading, key, clock)
        _extension(reading, key, clock)
        vocabulary.actors(reading, clock.right, f"{key}.right")
        check_calendar(reading, [*durations_of(clock), clock.wait], key)
        check_ladder(reading, clock.ladder, f"{key}.ladder", tier=loop.tier)
        _each(reading, key, clock, loop)
        _supervision(reading, key, clock, loop)
    if loop.lamps != sorted(loop.lamps):
        say = "黄灯比红灯亮得晚。"
        reading.fault("L16", f"loop.{name}.lamps", say, "请把小的写在前面，如 [50, 80]。")


def _acts(reading: Reading, key: str, clock: Clock, loop: Loop) -> None:
    vocabulary.acts(reading, clock.from_, [INTAKE, *loop.acts], f"{key}.from")
    for field, names in (("to", clock.to), ("pause", clock.pause), ("resume", clock.resume)):
        vocabulary.acts(reading, names, loop.acts, f"{key}.{field}")
    if bool(clock.pause) != bool(clock.resume):
        reading.fault("L25", key, "暂停和恢复只写了一样。", "pause 和 resume 要成对写，否则时钟停住就不再走。")


def _each(reading: Reading, key: str, clock: Clock, loop: Loop) -> None:
    if clock.each in (None, "party") or any(clock.each in act.assigns for act in loop.acts.values()):
        return
    title = words.RELATIONS[str(clock.each)]
    reading.fault(
        "L21", f"{key}.each", f"每个{title}一只时钟，可是没有动作指派过{title}。", "请在起算的动作里写 assigns。"
    )


def _supervision(reading: Reading, key: str, clock: Clock, loop: Loop) -> None:
    """L29: a proposal to supervise needs the act that accepts it."""
    proposes = any(rung.do == "propose-supervision" for rung in clock.ladder)
    if proposes and not any((act.verb or name) == "supervise" for name, act in loop.acts.items()):
        say = "到时提请督办，流程里却没有督办的动作。"
        reading.fault("L29", f"{key}.ladder", say, "请写一个 supervise 动作，或改为 tell。")


def _time(reading: Reading, key: str, clock: Clock, loop: Loop) -> None:
    if clock.within is None and clock.wait is None:
        reading.fault("L25", key, "既没有最迟也没有最早的时间。", "请写 within（最迟）或 wait（最早）。")
    starters = [loop.acts[act] for act in clock.from_ if act in loop.acts]
    listed = loop.kind == COMMITMENT and INTAKE in clock.from_  # whoever lists a part gives its deadline
    if clock.within == "given" and not listed and not any("due" in act.needs for act in starters):
        say = "期限由起算的动作约定，可是那个动作没有要求写期限。"
        reading.fault("L25", f"{key}.within", say, '请在起算动作的 needs 里写 "due"。')


def _after_end(reading: Reading, key: str, clock: Clock, loop: Loop) -> None:
    if all(act in loop.acts and loop.acts[act].to in loop.ends for act in clock.from_):
        reading.fault("L24", f"{key}.from", "事项已经结束才开始计时。", "结束以后的期限请用 close.reopen。")


def _table(reading: Reading, key: str, clock: Clock) -> None:
    if not isinstance(clock.within, Mapping):
        return
    check_table(reading, clock.per, [value for value in clock.within if value != "else"], key)
    if "else" not in clock.within:
        reading.fault("L16", f"{key}.within", "分档时限没有写其余的怎么办。", '请加 else = "…"。')


def check_table(reading: Reading, per: str | None, values: list[str], key: str, *, of: str = "") -> None:
    """A table by a fact: the fact is said, and its keys are values of it."""
    if per is None:
        reading.fault("L16", key, "按表分档，却没写依据什么分。", "请写 per，如 per = “urgency”。")
    else:
        vocabulary.where(reading, {per: list(values)}, f"{key}.per", of=of)


def _extension(reading: Reading, key: str, clock: Clock) -> None:
    if clock.extend is None:
        return
    extend = clock.extend
    vocabulary.actors(reading, extend.approve.by, f"{key}.extend.approve.by")
    if extend.approve.refused is None:
        reading.fault("L05", f"{key}.extend.approve", "延期要审批，却没写不同意怎么办。", '请写 refused = "stay"。')
    else:
        reading.expect(f"{key}.extend.approve.refused", extend.approve.refused, ["stay"], what="这种不同意的办法")
    if not any("extend" in reason.for_ for reason in reading.pack.reasons.values()):
        reading.fault(
            "L14", f"{key}.extend", "可以延期，可是没有一条延期的理由。", '请在 reasons 里写一条 for = ["extend"]。'
        )
    check_calendar(reading, [extend.by], f"{key}.extend.by")
    if ":" in extend.ask_before:
        return
    check_calendar(reading, [extend.ask_before], f"{key}.extend.ask_before")
    limits = durations_of(clock)
    if limits and rough_hours(extend.ask_before) >= min(map(rough_hours, limits)):
        say = f"时限不比申请延期的截止长（到期前 {extend.ask_before}），永远来不及申请。"
        reading.fault("L08", f"{key}.extend.ask_before", say, "请把 ask_before 改短，或把时限改长。")


def check_ladder(reading: Reading, rungs: list[Rung], key: str, *, tier: str | None) -> None:
    """L11 and the receivers of a ladder."""
    here = reading.tiers.index(tier) if tier in reading.tiers else 0
    for index, rung in enumerate(rungs):
        at = f"{key}.{index + 1}"
        check_calendar(reading, [rung.at.removeprefix("due + ") if " " in rung.at else None], at)
        if rung.do == "watch-by":
            here = _watching_tier(reading, rung, here, at)
        elif rung.do == "propose-supervision":
            reading.expect(f"{at}.to", rung.to, [*reading.tiers, *reading.pack.posts], what="这个层级或岗位")
        else:
            vocabulary.actors(reading, [rung.to], f"{at}.to")


def _watching_tier(reading: Reading, rung: Rung, here: int, key: str) -> int:
    order = reading.tiers
    there = order.index(rung.to) if rung.to in order else here + 1 if rung.to in ("", "up") else len(order)
    if there >= len(order):
        top = words.TIERS.get(order[-1], order[-1]) if order else "（没有层级）"
        say = f"{rung.at} 请上级关注，超过了最高层级{top}。"
        reading.fault("L11", key, say, f"请把 to 写成 {'、'.join(order)} 之一，或删去这一级。")
    return min(there, max(len(order) - 1, 0))
