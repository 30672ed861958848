"""What the directory's row for a category says of a dispatch: who may take the matter, who may not, how urgent and by when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from youying.editions.rules import Suggestion
from youying.kernel.refusals import Refused

NEAREST = frozenset({"community", "grid", "building"})
"""Levels to which no department's duty is pushed down; a property company answers at its compound and is no part of them."""
ABOVE = frozenset({"town", "county", "city"})


@dataclass(frozen=True, slots=True)
class Taker:
    """A unit that is to take a matter; `kind_title` is its type in the words of the place, `level` where that answers."""

    id: int
    code: str
    title: str
    kind: str
    reach: str
    kind_title: str = ""
    level: str = ""

    def is_called(self, names: Iterable[str]) -> bool:
        """Whether one of these names means this unit itself."""
        return bool({self.code, self.title} & set(names))

    def is_meant(self, names: Iterable[str]) -> bool:
        """Whether one of these names means this unit or its type."""
        return self.is_called(names) or bool({self.kind, self.kind_title} & set(names))


def may_take(unit: Taker, *, kinds: Collection[str], place_path: str, row: Suggestion | None) -> bool:
    """True for a type of the edition whose reach covers or lies below the place, and for whom the directory names."""
    if row is not None and unit.is_called((row.unit, *row.joint)):
        return True
    return (unit.kind in kinds or not kinds) and touches(unit.reach, place_path)


def touches(reach: str, path: str) -> bool:
    """True where one of two places lies in the other."""
    return path == reach or path.startswith(reach.rstrip("/") + "/") or reach.startswith(path.rstrip("/") + "/")


def refuse_not_to(units: Iterable[Taker], *, row: Suggestion | None, category: str) -> None:
    """Refuse units that the directory's row for this category says it is never given to."""
    barred = [unit.title for unit in units if row is not None and unit.is_meant(row.not_to)]
    if row is not None and barred:
        say = f"派单目录里“{category}”这一行写明不派给{'、'.join(row.not_to)}，不能派给{'、'.join(barred)}。请另选单位，或先改目录。"
        raise Refused("directory-not-to", say=say, clause=row.basis, have=barred, need=list(row.not_to), field="unit")


PUSHED_DOWN = "《北京市接诉即办工作条例》第17条；国办函〔2025〕66号：应由职能部门办理的不得分派给基层"


def pushes_down(lead: Taker, named: Taker | None, *, row: Suggestion | None) -> bool:
    """Whether this lead would see to the duty of the department that the row names."""
    if row is None or named is None or lead.is_called((row.unit,)):
        return False
    return lead.level in NEAREST and named.level in ABOVE


def refuse_pushed_down(lead: Taker, named: Taker | None, *, row: Suggestion | None, category: str) -> None:
    """Refuse to make a community see to what the directory gives to a department; helping stays allowed.

    Whose duty it is says the row of the category in force, with its own legal basis where one is written.
    """
    if row is None or named is None or not pushes_down(lead, named, row=row):
        return
    say = f"“{category}”在派单目录里是{named.title}的职责，不能推给{lead.title}主办；需要配合的，请把{lead.title}列为协办。目录不对的，请先改目录。"
    clause = f"{row.basis}；{PUSHED_DOWN}" if row.basis else PUSHED_DOWN
    raise Refused("pushed-down", say=say, clause=clause, have=lead.title, need=named.title, field="unit")


def suggested(row: Suggestion | None, facts: Mapping[str, Any], urgencies: Mapping[str, str]) -> dict[str, str]:
    """The facts that the directory sets at a dispatch where the dispatcher chooses nothing else.

    Its tier, and its urgency where nobody has said one yet.
    """
    if row is None:
        return {}
    urgency = "" if facts["urgency"] else urgency_of(row, urgencies)
    found = {"tier": row.tier, "urgency": urgency}
    return {name: value for name, value in found.items() if value}


def within_of(row: Suggestion | None, chosen: str | None) -> str:
    """The period of completion: the dispatcher's choice, else the directory's; empty means the pack's own rule."""
    if chosen is not None:
        return chosen
    return row.within if row is not None else ""


def urgency_of(row: Suggestion | None, known: Mapping[str, str]) -> str:
    """The urgency that the directory suggests, as a code of the place; empty where it says none that is known."""
    said = row.urgency if row is not None else ""
    return said if said in known else next((code for code, title in known.items() if said and title == said), "")
