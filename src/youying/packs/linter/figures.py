"""Figures, ledgers and watches: names, values, and numbers that could never count anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from youying.packs import words
from youying.packs.linter import vocabulary
from youying.packs.linter.acts import acts_of, verbs_of
from youying.packs.linter.reading import Reading
from youying.packs.linter.times import check_calendar
from youying.packs.schema_loop import Loop
from youying.packs.schema_means import Figure, Ledger, Watch

COUNTED_KINDS = (
    *("loop", "register", "rhythm", "unit", "post", "forum", "decision", "draw", "purse", "publication"),
    "assessment",
)
SET_BY: Mapping[str, tuple[str, ...]] = {
    "contacted": ("contact",),
    "contacted_on_time": ("contact",),
    "completed": ("complete", "deliver"),
    "completed_on_time": ("complete", "deliver"),
    "completed_at": ("complete", "deliver"),
    "solved": ("verdict", "agree", "recheck", "deliver"),
    "satisfaction": ("verdict",),
    "verdict": ("verdict",),
    "crossed_off": ("cross-off",),
    "whistled": ("whistle",),
    "reported_in": ("report-in",),
    "reported_in_on_time": ("report-in",),
    "followed_up": ("follow-up",),
    "followed_up_on_time": ("follow-up",),
    "parked": ("park",),
    "hand_backs": ("hand-back",),
    "escalated": ("escalate",),
    "supervised": ("supervise",),
    "ended": ("end", "refer"),
    "sessions": ("meet",),
    "reworks": ("rework",),
    "lead": ("dispatch", "whistle", "escalate", "supervise", "judge", "accept"),
    "unit": ("dispatch", "whistle", "escalate", "supervise", "judge", "accept"),
}
TIMED = frozenset({"contacted_on_time", "completed_on_time", "reported_in_on_time", "followed_up_on_time"})
_HOLE = re.compile(r"\{([^{}]*)\}")


def check_read_off(reading: Reading) -> None:
    """All that is read off the record."""
    for name, figure in reading.pack.figure.items():
        _figure(reading, f"figure.{name}", figure)
    for name, ledger in reading.pack.ledger.items():
        _ledger(reading, f"ledger.{name}", ledger)
    for name, watch in reading.pack.watch.items():
        _watch(reading, f"watch.{name}", watch)


def _figure(reading: Reading, key: str, figure: Figure) -> None:
    vocabulary.population(reading, figure.of, f"{key}.of", kinds=COUNTED_KINDS)
    vocabulary.where(reading, figure.where, f"{key}.where", of=figure.of)
    vocabulary.where(reading, figure.base or {}, f"{key}.base", of=figure.of)
    vocabulary.facts(reading, [figure.sum] if figure.sum else [], f"{key}.sum")
    if (figure.base is not None or figure.compare) and figure.empty is None:
        remedy = '请写 empty："none" 不显示、"zero" 算 0、"full" 算 100%。'
        reading.fault("L10", key, "分母可能为零，却没写那时怎么办。", remedy)
    for reason in figure.exclude:
        excluding = [code for code, one in reading.pack.reasons.items() if "exclude" in one.for_]
        reading.expect(f"{key}.exclude", reason, excluding, what="可以剔除的理由")
    sums = {figure.sum: {"at_least": 1}} if figure.sum else {}
    _countable(reading, key, figure.of, {**figure.where, **(figure.base or {}), **sums})


def _countable(reading: Reading, key: str, of: str, tests: Mapping[str, Any]) -> None:
    """L30: an act must exist that makes the tested facts true."""
    loop = reading.pack.loop.get(of.partition(":")[2]) if of.startswith("loop:") else None
    if loop is None:
        return
    for fact, test in tests.items():
        if fact in SET_BY and test is not False:
            _set_by_act(reading, key, fact, loop)
        if fact == "tier":
            _tiers_reached(reading, key, test, loop)
        if fact == "attempts" and not any("attempts" in need for act in loop.acts.values() for need in act.needs):
            reading.fault("L30", key, "要数联系次数，流程里却没有动作记它。", '请在某个动作的 needs 里写 "attempts"。')


def _tiers_reached(reading: Reading, key: str, test: Any, loop: Loop) -> None:
    """L30: a tier above the loop's own is only reached by an act that raises the matter."""
    order = reading.tiers
    raised = {act.tier for act in loop.acts.values()}
    start = order.index(loop.tier) if loop.tier in order else 0
    for tier in test if isinstance(test, list) else [test]:
        if tier in order and order.index(tier) > start and not raised & {"up", tier}:
            say = f"要数由{words.TIERS[tier]}来管的，而“{loop.title}”里没有动作把事项提到{words.TIERS[tier]}。"
            reading.fault("L30", key, say, f'请写一个 tier = "{tier}" 或 tier = "up" 的动作。')


def _set_by_act(reading: Reading, key: str, fact: str, loop: Loop) -> None:
    verbs = SET_BY[fact]
    title = words.FACTS[fact]
    if not verbs_of(loop) & set(verbs):
        titles = "、".join(words.VERBS[verb] for verb in verbs)
        say = f"要数“{title}”，而“{loop.title}”里没有{titles}这样的动作，永远数不到。"
        reading.fault("L30", key, say, "请补上动作，或改数别的事实。")
    elif fact in TIMED and not _timed(loop, verbs):
        say = f"要数“{title}”，而“{loop.title}”里没有哪只时钟由{words.VERBS[verbs[0]]}停表。"
        reading.fault("L30", key, say, "请补上这只时钟，或改数不带“按时”的事实。")


def _timed(loop: Loop, verbs: tuple[str, ...]) -> bool:
    names = {name for name, _ in acts_of(loop, verbs)}
    return any(names & set(clock.to) for clock in loop.clocks.values())


def _ledger(reading: Reading, key: str, ledger: Ledger) -> None:
    vocabulary.population(reading, ledger.of, f"{key}.of", kinds=COUNTED_KINDS)
    vocabulary.where(reading, ledger.where, f"{key}.where", of=ledger.of)
    vocabulary.facts(reading, ledger.columns, f"{key}.columns")
    vocabulary.facts(reading, ledger.group, f"{key}.group")
    for figure in ledger.figures:
        vocabulary.named(reading, "figure", figure, f"{key}.figures")
    for hole in _HOLE.findall(ledger.text):
        _text_hole(reading, f"{key}.text", hole)


def _text_hole(reading: Reading, key: str, hole: str) -> None:
    kind, colon, rest = hole.partition(":")
    if colon and kind in ("by", "top"):
        vocabulary.facts(reading, [rest.partition(":")[0]], key)
    elif hole != "date":
        reading.expect(key, hole, ["date", "by:", "top:", *reading.pack.figure], what="这个数字")


def _watch(reading: Reading, key: str, watch: Watch) -> None:
    vocabulary.population(reading, watch.of, f"{key}.of", kinds=COUNTED_KINDS)
    vocabulary.where(reading, watch.where, f"{key}.where", of=watch.of)
    vocabulary.facts(reading, watch.group, f"{key}.group")
    vocabulary.consequences(reading, watch.then, f"{key}.then")
    vocabulary.actors(reading, watch.judged_by, f"{key}.judged_by")
    check_calendar(reading, [watch.over], f"{key}.over")
    if not watch.judged_by:
        reading.fault("L12", key, "提醒以后没写谁来研判。", "请写 judged_by。")
    if watch.count is None and watch.times is None:
        reading.fault("L25", key, "没有写到什么程度就提醒。", "请写 count（几件）或 times（平常的几倍）。")
    if watch.times is not None and watch.over is None:
        reading.fault("L25", key, "要与平常比，却没写在多长时间内数。", "请写 over。")
    _countable(reading, key, watch.of, watch.where)
