"""What a review of a parked matter may decide, and how much of what was parked has been taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from youying.kernel.refusals import Refused
from youying.matters.need_rules import LATEST_PROMISE
from youying.packs.compiled import CompiledLoop

REVIEW, MISSED = "review-parking", "review-missed"
KEEP, MOVE = "keep", "move"
RESULTS = {KEEP: "仍要挂账", MOVE: "改计划日期"}


@dataclass(frozen=True, slots=True)
class Settled:
    """Of all times that something was parked: how many go on, were taken up again, or ended by law."""

    parked: int
    taken_up: int
    ended: int

    @property
    def total(self) -> int:
        """Every parking there was."""
        return self.parked + self.taken_up + self.ended


def approvers(loop: CompiledLoop) -> frozenset[str]:
    """The posts that agree to a parking in this loop, and so to another date of it."""
    return frozenset(code for step in loop.acts_of("park") if step.approve for code in step.approve.by)


def refuse_review(result: str, *, until: datetime | None, at: datetime, may_move: bool) -> None:
    """Refuse an unknown result, another date from who may not agree to one, and one that is past or years away."""
    if result not in RESULTS:
        say = f"复核结果请选：{'、'.join(RESULTS.values())}；可以办了，请用“销账”。"
        raise Refused("unknown-result", say=say, have=result[:20], need=list(RESULTS), field="result")
    if result != MOVE:
        return
    if not may_move:
        say = "计划日期是批准挂账时定的，改日期要由批准的岗位来办；请在复核里写明情况。"
        raise Refused("not-yours", say=say, field="result")
    if until is None or until <= at or until > at + LATEST_PROMISE:
        say = "请写新的计划日期，要晚于现在、两年以内。"
        have = until.isoformat() if until else ""
        raise Refused("needs-due", say=say, have=have, need=at.isoformat(), field="due_at")
