"""What may be done with an occasion, and what a filled sheet finds; pure functions told the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from youying.kernel.refusals import Refused
from youying.packs.edition import Edition
from youying.packs.schema_rhythm import Sheet
from youying.sheets.rules import failed

WAYS: dict[str, str] = {
    "door": "上门", "phone": "电话", "video": "视频", "neighbour": "邻里", "partner": "第三方", "device": "智能预警",
}  # fmt: skip
"""How somebody was seen: the ways of 民政部等十部门《关于开展特殊困难老年人探访关爱服务的指导意见》（2022）."""

HOUSE_REASONS: dict[str, str] = {
    "stopped": "集中行动已停止", "left": "已移出名册", "gone": "对象已停用或已办结", "erased": "个人信息已删除",
}  # fmt: skip
"""Why an occasion ends undone whatever the pack says: there is nobody and nothing left to do it to."""
PUT_OFF_MOST = timedelta(days=92)
"""An agreed day may lie so far ahead of the due one."""

AHEAD = timedelta(minutes=5)
BEHIND = timedelta(days=31)
"""A phone may have been without a network for this long, and its clock may run ahead by so much."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One item of a sheet that shows a fault: the loop that it opens, and the words of the new matter."""

    item: str
    loop: str
    words: str


def checked_moment(at: datetime | None, *, now: datetime, opens_at: datetime) -> datetime:
    """When it was done, as the phone says; a moment ahead of now is now, one from before it opened is the opening.

    Refused where the phone's clock is off by more than a month.
    """
    if at is None or now <= at <= now + AHEAD:
        return now
    if at > now or at < now - BEHIND:
        say = "手机时间和服务器相差太多，不能确定是什么时候做的；请校准手机时间，或改填时间再提交。"
        raise Refused("clock-off", say=say, have=at.isoformat(), need=now.isoformat(), field="at")
    return max(at, opens_at) if opens_at <= now else at


def checked_way(way: str) -> str:
    """A known way of seeing somebody."""
    if way not in WAYS:
        raise Refused("way-unknown", say=f"请选怎么见的：{'、'.join(WAYS.values())}。", have=way[:20], field="way")
    return way


def checked_reason(edition: Edition, code: str, *, use: str = "unmet", must: bool = True) -> str:
    """A coded reason of the street for this use; empty only where none is a must."""
    known = {name: one.title for name, one in edition.pack.reasons.items() if use in one.for_}
    if code in known or (not code and not must):
        return code
    named = "、".join(known.values()) or "（本地机制没有设）"
    raise Refused("reason-unknown", say=f"请选原因：{named}。", have=code[:40], need=sorted(known), field="reason")


def checked_day(again_at: datetime, *, at: datetime, due_at: datetime) -> datetime:
    """The agreed moment of the next attempt; refused before now, and a season after it was due."""
    if not at < again_at <= max(at, due_at) + PUT_OFF_MOST:
        say = "约的时间要在现在以后、三个月以内，请重新选。"
        raise Refused("again-unfit", say=say, have=again_at.isoformat(), need=due_at.isoformat(), field="again_at")
    return again_at


def refuse_ended(*, ended: bool, met: bool, title: str) -> None:
    """Refuse to do again what is done, and what was given up or excused."""
    if ended:
        said = "已经做过了" if met else "已经结束"
        raise Refused("occasion-ended", say=f"这一次“{title}”{said}，不用再做；要补充，请更正那次的记录。", have=met)


def refuse_early(*, opens_at: datetime, now: datetime, title: str) -> None:
    """Refuse to do something before it is open."""
    if now < opens_at:
        raise Refused("occasion-not-open", say=f"这一次“{title}”还没到时候。", have=now, need=opens_at)


def findings(sheet: Sheet, values: Mapping[str, Any]) -> list[Finding]:
    """The items that show a fault or say a want, with the loop that the pack opens for each."""
    found: list[Finding] = []
    for code, item in sheet.items.items():
        value = values.get(code)
        if not item.opens or value is None or value == "":
            continue
        if value is False if item.fails is None else not failed(item, value):
            continue
        said = value if item.type in ("text", "choice") else ""
        found.append(Finding(code, item.opens, f"{item.title}：{said}" if said else item.title))
    return found
