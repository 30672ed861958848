"""When a matter may be crossed off: by the proofs its pack lists, by silence after proven attempts, or not yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from youying.kernel.calendar import WorkCalendar
from youying.kernel.clocks import count
from youying.kernel.refusals import Refused
from youying.packs.compiled import CompiledSilence

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt to reach the resident since the unit said that it was done."""

    way: str
    reached: bool
    at: datetime


def _unheard(facts: Facts) -> str:
    """Of several reporters, how many are still to be asked; nothing where one is, nobody has spoken yet, or all have."""
    answered = facts.get("answered", 0)
    left = facts.get("reporter_count", 0) - answered
    return f"还有{left}位诉求人没有说“解决了”" if answered and left > 0 and facts["solved"] is None else ""


PROOF_CHECKS: dict[str, Callable[[Facts], str]] = {
    "received": lambda facts: "" if facts["received_at"] is not None else "还没有交到本人手里、由本人签收",
    "resident": lambda facts: _unheard(facts) or ("" if facts["solved"] is True else "居民还没有说“解决了”"),
    "recheck": lambda facts: "" if facts["rechecked"] is True else "还没有换人复查合格",
}
"""Proof of a loop's `close.verdict` → what it still lacks."""


def lacking(verdict: Sequence[str], facts: Facts) -> list[str]:
    """What stands between the matter and its cross-off, in words; empty where all proofs are in."""
    return [say for proof in verdict if (say := PROOF_CHECKS[proof](facts))]


def silence_from(
    tried: Sequence[Tried], silence: CompiledSilence, *, done_at: datetime, calendar: WorkCalendar
) -> datetime | None:
    """The earliest moment at which silence may close, or None while attempts are too few or somebody was reached.

    House rule: no closing by silence without proven attempts; every attempt must lie after the completion.
    """
    counted = [t for t in tried if t.at >= done_at and t.way in silence.ways]
    if any(t.reached for t in tried if t.at >= done_at) or len(counted) < silence.attempts:
        return None
    over = count(done_at, silence.over, calendar).due_at or done_at
    return max(over, sorted(t.at for t in counted)[silence.attempts - 1])


def refuse_open_proofs(verdict: Sequence[str], facts: Facts) -> None:
    """Refuse a cross-off whose proofs are not all in."""
    if lacks := lacking(verdict, facts):
        say = f"还不能销号：{'；'.join(lacks)}。"
        raise Refused("not-proven", say=say, clause="销号要凭证（本系统规则）", have=list(lacks), need=list(verdict))
