"""Reading an offer as it comes from a form: what it must say, and within which bounds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line
from youying.partners.rules import PARTS, WEEKDAYS

LISTS: Mapping[str, str] = {"resource": "资源清单", "service": "服务清单"}
CAPACITY_MOST = 9999
WHAT_MOST = 80


@dataclass(frozen=True, slots=True)
class OfferIn:
    """One line of a list as somebody wrote it; `entry_id` is the person of a register who serves."""

    list: str
    what: str
    items: tuple[str, ...]
    capacity: int
    weekdays: tuple[int, ...]
    parts: tuple[str, ...]
    who: str = ""
    area_path: str = ""
    base_path: str = ""
    valid_until: date | None = None
    entry_id: int | None = None
    point: tuple[float, float] | None = None


def checked_list(code: str) -> str:
    """Which list it stands in."""
    if code not in LISTS:
        raise Refused("unknown-list", say=f"请选：{'、'.join(LISTS.values())}。", have=code[:20], field="list")
    return code


def checked_what(words: str) -> str:
    """What is offered, in a line."""
    return clean_line(words, least=2, most=WHAT_MOST, field="what", label="内容")


def checked_items(items: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The menu items it is good for; at least one."""
    wanted = list(dict.fromkeys(items))
    if strange := [one for one in wanted if one not in known]:
        raise Refused("unknown-item", say="菜单里没有这一项，请重新选。", have=strange[0][:40], field="items")
    if not wanted:
        raise Refused("needs-item", say=f"请选能做菜单里的哪几项：{'、'.join(known.values())}。", field="items")
    return wanted


def checked_capacity(capacity: int) -> int:
    """How often a month."""
    if not 1 <= capacity <= CAPACITY_MOST:
        say = f"每月可提供几次，请写1到{CAPACITY_MOST}。"
        raise Refused("capacity-out-of-range", say=say, have=capacity, need=[1, CAPACITY_MOST], field="capacity")
    return capacity


def checked_times(weekdays: Iterable[int], parts: Iterable[str]) -> tuple[list[int], list[str]]:
    """On which days of the week and in which parts of the day; at least one of each."""
    days, times = sorted(set(weekdays)), [part for part in PARTS if part in set(parts)]
    if not days or any(day not in WEEKDAYS for day in days):
        raise Refused("needs-weekday", say="请选星期几可以服务。", have=days, field="weekdays")
    if not times or len(times) != len(set(parts)):
        raise Refused("needs-part", say=f"请选什么时段：{'、'.join(PARTS.values())}。", field="parts")
    return days, times


def checked_who(code: str, allowed: Collection[str], words: Mapping[str, str]) -> str:
    """Who comes: a unit type or a post that the menu lets serve."""
    if code not in allowed:
        named = "、".join(words.get(one, one) for one in allowed)
        raise Refused("unknown-server", say=f"由谁来服务，请选：{named}。", have=code[:40], field="who")
    return code


def checked_validity(until: date | None, *, today: date) -> date | None:
    """Until when it is good; open where nothing is said."""
    if until is not None and until < today:
        raise Refused("valid-past", say="有效期已经过了，请重新填。", have=until.isoformat(), field="valid_until")
    return until
