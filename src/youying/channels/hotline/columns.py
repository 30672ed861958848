"""The columns that an exported ledger can have, and how a row's values are said in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from youying.editions.queries import edition_by_digest
from youying.kernel.moments import local, zone
from youying.packs.words import KINDS
from youying.text.queries import category_title

Say = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its width, the facts it is made of, and how they are said."""

    title: str
    width: int
    facts: tuple[str, ...]
    say: Say


class Saying:
    """How facts are said in one export: its zone and its present."""

    def __init__(self, zone_name: str, *, at: datetime) -> None:
        """`at` is the moment of the export."""
        self.zone, self.at = zone(zone_name), at
        self.stage = lru_cache(maxsize=2000)(stage_title)
        self.channel = lru_cache(maxsize=500)(channel_title)
        self.category = lru_cache(maxsize=2000)(lambda code: category_title(code) if code else "")

    def moment(self, value: datetime | None) -> datetime | None:
        """A moment as the wall clock shows it."""
        return local(value, self.zone).replace(tzinfo=None) if value else None

    def lamp(self, due_at: datetime | None, ended_at: datetime | None, paused: bool, waiting: bool) -> str:
        """Where a matter stands with its nearest deadline, in a word."""
        if ended_at is not None:
            return "已结束"
        if waiting or paused:
            return "等居民答复" if waiting else "已暂停"
        return "" if due_at is None else "已超期" if due_at < self.at else "在期限内"

    def columns(self) -> dict[str, Column]:
        """Every column by its code in the ledger."""
        moment = self.moment
        return {
            "lamp": Column("期限", 12, ("due_at", "ended_at", "paused", "waiting"), self.lamp),
            "number": Column("编号", 16, ("number",), str),
            "kind": Column("种类", 10, ("kind",), lambda kind: KINDS.get(kind, kind)),
            "title": Column("诉求", 46, ("title",), str),
            "words": Column("内容", 60, ("words",), str),
            "place": Column("地点", 26, ("place_words",), str),
            "category": Column("分类", 26, ("category",), self.category),
            "stage": Column("阶段", 10, ("edition_id", "loop", "stage"), self.stage),
            "unit": Column("责任单位", 22, ("lead__title",), lambda title: title or ""),
            "channel": Column("渠道", 14, ("edition_id", "channel"), self.channel),
            "received": Column("登记时间", 17, ("opened_at",), moment),
            "marks": Column("标记", 14, ("reworks", "supervised", "parked"), marks),
            "changed": Column("变动时间", 17, ("changed_at",), moment),
            "due": Column("到期时间", 17, ("due_at",), moment),
            "clock": Column("在计的期限", 12, ("edition_id", "loop", "due_clock"), clock_title),
            "urgency": Column("紧急程度", 10, ("edition_id", "urgency"), urgency_title),
            "reporters": Column("反映人数", 10, ("reporter_count",), int),
            "verdict": Column("居民评价", 16, ("solved", "satisfaction"), verdict),
            "solved": Column("是否解决", 10, ("solved",), lambda solved: verdict(solved, "")),
            "satisfaction": Column("满意程度", 10, ("satisfaction",), str),
            "reworks": Column("重办次数", 10, ("reworks",), int),
            "completed": Column("办结时间", 17, ("completed_at",), moment),
            "class": Column("类别", 16, ("edition_id", "grade"), value_title("class")),
            "reported_in": Column("是否报到", 10, ("reported_in",), yes_no),
            "reported_in_on_time": Column("是否按时报到", 12, ("reported_in_on_time",), yes_no),
            "outcome": Column("结果", 18, ("edition_id", "outcome"), value_title("outcome")),
        }


@lru_cache(maxsize=2000)
def clock_title(edition: str, loop: str, code: str) -> str:
    """The local title of a clock."""
    clock = edition_by_digest(edition).loops[loop].clocks.get(code)
    return clock.title if clock else ""


def stage_title(edition: str, loop: str, code: str) -> str:
    """The local title of a stage."""
    return edition_by_digest(edition).loops[loop].stages.get(code, code)


def channel_title(edition: str, code: str) -> str:
    """The local title of a channel."""
    found = edition_by_digest(edition).pack.channel.get(code)
    return found.title if found else code


@lru_cache(maxsize=500)
def urgency_title(edition: str, code: str) -> str:
    """The local title of an urgency."""
    return edition_by_digest(edition).pack.values.get("urgency", {}).get(code, code)


def value_title(fact: str) -> Say:
    """How a value of an open fact is said in the words of the place."""

    @lru_cache(maxsize=500)
    def say(edition: str, code: str) -> str:
        return edition_by_digest(edition).pack.values.get(fact, {}).get(code, code)

    return say


def yes_no(said: bool | None) -> str:
    """Yes, no, or nothing where it is not decided."""
    return {True: "是", False: "否", None: ""}[said]


def marks(reworks: int, supervised: str, parked: bool) -> str:
    """What sets a matter apart."""
    said = (f"重办{reworks}次" if reworks else "", "督办" if supervised else "", "挂账" if parked else "")
    return "、".join(word for word in said if word)


def verdict(solved: bool | None, satisfaction: str) -> str:
    """The resident's word."""
    said = {True: "解决了", False: "没解决", None: ""}[solved]
    return "，".join(word for word in (said, satisfaction) if word)
