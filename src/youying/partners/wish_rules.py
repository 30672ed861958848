"""Reading an order from a menu: the item, for whom it is, and for when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from youying.kernel.refusals import Refused
from youying.packs.edition import Edition
from youying.packs.predicates import matches
from youying.partners.rules import PARTS

AHEAD_MOST = timedelta(days=90)
AGE_MOST = 130
DECLARED: Mapping[str, str] = {"age": "年龄"}
"""The facts about a person that somebody who orders declares, where the item asks for them."""


@dataclass(frozen=True, slots=True)
class WishIn:
    """One order as it comes from a form or the telephone."""

    menu: str
    item: str
    wanted_on: date | None = None
    part: str = ""
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One item of a menu as an edition declares it; `who` may serve, `asks` are the facts to be declared.

    `within` is how soon it is to be served, counted as the loop's own period for that would be; empty where the item
    has none.
    """

    menu: str
    code: str
    title: str
    menu_title: str
    loop: str
    who: tuple[str, ...]
    where: Mapping[str, Any]
    plan: str
    offers: str
    within: str = ""

    @property
    def asks(self) -> tuple[str, ...]:
        """What has to be declared before it is known whether one may order."""
        return tuple(fact for fact in self.where if fact in DECLARED)


def lines_of(edition: Edition) -> list[MenuLine]:
    """Every item of every menu of an edition, in the order written."""
    return [
        MenuLine(
            name, code, item.title, menu.title, menu.loop, tuple(item.by), dict(item.where),
            menu.plan or "", menu.offers or "", str(item.within or ""),
        )
        for name, menu in edition.pack.menu.items()
        for code, item in menu.items.items()
    ]  # fmt: skip


def find_line(edition: Edition, menu: str, item: str) -> MenuLine:
    """One item of a menu; refused where there is none."""
    lines = lines_of(edition)
    found = next((one for one in lines if (one.menu, one.code) == (menu, item)), None)
    if found is None:
        named = "、".join(one.title for one in lines) or "还没有服务"
        raise Refused("unknown-item", say=f"菜单里没有这一项。现有：{named}。", have=item[:40], field="item")
    return found


def line_of_item(edition: Edition, item: str, *, menu: str) -> MenuLine | None:
    """The item as an edition still has it; nothing where it was taken off."""
    return next((one for one in lines_of(edition) if (one.menu, one.code) == (menu, item)), None)


def any_within(edition: Edition) -> bool:
    """Whether any item of the menus has a period of its own."""
    return any(item.within for menu in edition.pack.menu.values() for item in menu.items.values())


def checked_wish(wish: WishIn, line: MenuLine, *, today: date, params: Mapping[str, Any]) -> dict[str, Any]:
    """The declared facts that count; refused for a day that cannot be, and where the item is not for this person."""
    if wish.part and wish.part not in PARTS:
        raise Refused("unknown-part", say=f"时段请选：{'、'.join(PARTS.values())}。", have=wish.part[:20], field="part")
    if wish.wanted_on is not None and not today <= wish.wanted_on <= today + AHEAD_MOST:
        say = f"想要的日期，请选今天起{AHEAD_MOST.days}天以内的。"
        raise Refused("wanted-day", say=say, have=wish.wanted_on.isoformat(), field="wanted_on")
    declared = {fact: _declared(fact, wish.declared.get(fact)) for fact in line.asks}
    if not matches(line.where, declared, params=params):
        say = f"“{line.title}”{where_words(line, params)}，这一项暂时点不了。别的服务可以照点，或打社区电话问问。"
        raise Refused("not-for-you", say=say, have=declared, need=dict(line.where), field=next(iter(line.asks), ""))
    return declared


def where_words(line: MenuLine, params: Mapping[str, Any]) -> str:
    """For whom an item is, in words; empty where it is for everybody."""
    return "，".join(f"要{DECLARED[fact]}{_bounds(line.where[fact], params)}" for fact in line.asks)


BOUNDS: Mapping[str, str] = {
    "at_least": "满{}",
    "at_most": "不超过{}",
    "below": "小于{}",
    "over": "超过{}",
    "not": "不是{}",
}


def _bounds(test: Any, params: Mapping[str, Any]) -> str:
    if not isinstance(test, Mapping):
        return f"是{_named(test, params)}"
    return "、".join(BOUNDS[word].format(_named(bound, params)) for word, bound in test.items()) + "岁"


def _named(value: Any, params: Mapping[str, Any]) -> Any:
    return params.get(value.removeprefix("param:"), value) if isinstance(value, str) else value


def _declared(fact: str, value: Any) -> int:
    """An age somebody says; nobody is asked for a paper here."""
    try:
        said = int(str(value).strip()[:4])
    except ValueError:
        said = -1
    if not 0 <= said <= AGE_MOST:
        raise Refused("needs-age", say="请写接受服务的人多大岁数。", have=str(value)[:10], field=fact)
    return said
