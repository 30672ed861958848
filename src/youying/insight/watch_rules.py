"""When a watch warns: by a count in a window, or by a multiple of what is usual; pure rules.

What is usual: the window has a length L and ends now. The year before it is cut into whole windows of the same length,
K = ⌊365 days ÷ L⌋ of them (at least one), each ending where the next begins. Only those count that begin after the
watched place had its first matter at all; with fewer than `LEAST_WINDOWS` of them nothing is called usual and only the
plain count can warn. Usual is the mean, total ÷ K, compared as exact fractions: n × K ≥ times × total. A group that
never came up before has no multiple (0 × times is no bound), and fewer than `LEAST_MATTERS` are never a multiple of
anything: one after a quiet year is no crowd. What was judged is not counted again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from youying.kernel.durations import Duration, in_words, parse_duration
from youying.kernel.refusals import Refused
from youying.packs.schema_means import Watch

LEAST_WINDOWS = 3
LEAST_MATTERS = 3
A_YEAR = timedelta(days=365)
A_MONTH = timedelta(days=30)
JUDGEMENTS: Mapping[str, str] = {
    "real": "属实，已安排处置",
    "watching": "继续观察",
    "ordinary": "属正常波动",
    "mistaken": "不是同类，误报",
}
"""What a person may say a warning is."""
GROUPS: Mapping[str, str] = {
    "category": "category",
    "compound": "compound_id",
    "building": "building_id",
    "grid": "grid_id",
    "community": "area_path",
    "area": "area_path",
    "unit": "lead_id",
    "lead": "lead_id",
    "channel": "channel",
    "class": "grade",
    "urgency": "urgency",
    "kind": "kind",
}
"""Facts by which a watch may group, with their columns."""
LENGTHS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1), "months": A_MONTH}


@dataclass(frozen=True, slots=True)
class Plan:
    """A watch ready to be counted; `length` is None where it counts all that stands now."""

    code: str
    title: str
    loop: str
    where: Mapping[str, Any]
    group: tuple[str, ...]
    length: timedelta | None
    over: str
    count: int | None
    times: Fraction | None
    tells: tuple[str, ...]
    judges: tuple[str, ...]

    @property
    def windows(self) -> int:
        """Into how many windows the year before is cut."""
        return max(1, A_YEAR // self.length) if self.length else 0

    def since(self, at: datetime) -> datetime | None:
        """Where the window begins that ends at a moment."""
        return at - self.length if self.length else None

    def known_windows(self, at: datetime, *, first: datetime | None) -> int:
        """How many whole windows before the present one began after the first matter of the place."""
        if self.length is None or first is None:
            return 0
        return max(0, min(self.windows, (at - self.length - first) // self.length))

    @property
    def least(self) -> int:
        """Fewer than this in a window can never warn."""
        bounds = [*([self.count] if self.count else []), *([LEAST_MATTERS] if self.times else [])]
        return min(bounds, default=1)


@dataclass(frozen=True, slots=True)
class Found:
    """One group as counted: `n` in the window, `before` in `windows` windows of the year before."""

    group: Mapping[str, Any]
    n: int
    before: int
    windows: int


def plan(code: str, watch: Watch) -> Plan:
    """A watch of an edition as the program runs it; refused where it says what is not executed."""
    kind, _, name = watch.of.partition(":")
    if watch.of != "matters" and kind != "loop":
        raise _not_yet(code, f"盯的是“{watch.of}”，现在只会盯事项")
    if unknown := [fact for fact in watch.group if fact not in GROUPS]:
        raise _not_yet(code, f"按“{unknown[0]}”分组，现在可以按：{'、'.join(GROUPS)}")
    if other := [text for text in watch.then if not text.startswith("tell:")]:
        raise _not_yet(code, f"说了“{other[0]}”，现在只会告知（tell:岗位）")
    if watch.times and not watch.over:
        raise _not_yet(code, "说了 times 却没有说 over，没有时间就没有“平常”")
    over = parse_duration(watch.over) if watch.over else None
    return Plan(
        code=code,
        title=watch.title,
        loop=name,
        where=watch.where,
        group=tuple(watch.group),
        length=_length(code, over) if over else None,
        over=in_words(over) if over else "",
        count=watch.count,
        times=Fraction(str(watch.times)) if watch.times else None,
        tells=tuple(text.removeprefix("tell:") for text in watch.then),
        judges=tuple(watch.judged_by),
    )


def _length(code: str, over: Duration) -> timedelta:
    if over.unit not in LENGTHS:
        raise _not_yet(code, f"时间写的是“{over}”，盯办的时间请用 days、hours 或 months")
    return LENGTHS[over.unit] * over.n


def _not_yet(code: str, what: str) -> Refused:
    return Refused("watch-not-executed", say=f"盯办“{code}”{what}。", have=code, field=f"watch.{code}")


def warns(plan: Plan, found: Found) -> str:
    """Why a group warns, in words; empty where it does not."""
    if plan.count is None and plan.times is None:
        return f"{found.n}件"
    if plan.count is not None and found.n >= plan.count:
        return f"{_span(plan)}{found.n}件，满{plan.count}件"
    if _many_times(plan, found):
        usual = Fraction(found.before, found.windows)
        return f"{_span(plan)}{found.n}件，平常{_tenth(usual)}件，达到{float(plan.times or 0):g}倍"
    return ""


def _span(plan: Plan) -> str:
    return f"{plan.over}内" if plan.over else "现有"


def _many_times(plan: Plan, found: Found) -> bool:
    if plan.times is None or found.n < LEAST_MATTERS or found.windows < LEAST_WINDOWS or not found.before:
        return False
    return found.n * found.windows >= plan.times * found.before


def _tenth(number: Fraction) -> str:
    return f"{float(number):.1f}"


def check_judgement(word: str, note: str) -> str:
    """The note of a judgement, trimmed; refused for a word that is not in the table, or without a note."""
    if word not in JUDGEMENTS:
        say = f"研判结论请选：{'、'.join(JUDGEMENTS.values())}。"
        raise Refused("judgement-unknown", say=say, have=word, need=list(JUDGEMENTS), field="judged_as")
    said = note.strip()
    if not said:
        raise Refused("note-missing", say="请写一句怎么看、怎么办。", field="note")
    if len(said) > 1000:
        raise Refused("note-too-long", say="说明最多1000字。", have=len(said), need=1000, field="note")
    return said
