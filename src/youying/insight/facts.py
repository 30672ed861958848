"""The facts that figures and watches can read: each one as a column of the matter and, where it has one, of a tally cell.

A predicate table of a pack (`fact = value`) means the same three times: over facts in Python
(`packs.predicates.matches`), as a condition on matters (`condition`), and over the cells of the tallies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q

from youying.kernel.refusals import Refused
from youying.matters.tally_rules import TWICE
from youying.packs.predicates import matches, resolve
from youying.packs.words import FACTS as SAID_FACTS

Kind = Literal["text", "yes-no", "number"]
Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a fact stands: a column of the matter, or a condition on it; `cell` is its column in a tally cell."""

    kind: Kind
    column: str = ""
    cell: str = ""
    test: Q | None = None
    sums: bool = False


def _text(column: str, *, cell: str = "") -> Fact:
    return Fact("text", column, cell)


READ: dict[str, Fact] = {
    "kind": _text("kind", cell="kind"),
    "loop": _text("loop", cell="loop"),
    "category": _text("category", cell="category"),
    "channel": _text("channel", cell="channel"),
    "tier": _text("tier", cell="tier"),
    "urgency": _text("urgency", cell="urgency"),
    "area": _text("area_path", cell="area_path"),
    "satisfaction": _text("satisfaction", cell="satisfaction"),
    "class": _text("grade"),
    "route": _text("route"),
    "stage": _text("stage"),
    "unit": Fact("number", "lead_id", "unit_id"),
    "lead": Fact("number", "lead_id", "unit_id"),
    "contacted": Fact("yes-no", "contacted"),
    "contacted_on_time": Fact("yes-no", "contacted_on_time", "contacted_on_time"),
    "completed": Fact("yes-no", "", "completed", test=Q(completed_at__isnull=False)),
    "completed_on_time": Fact("yes-no", "completed_on_time", "completed_on_time"),
    "solved": Fact("yes-no", "solved", "solved"),
    "verdict": Fact("yes-no", test=Q(solved__isnull=False)),
    "crossed_off": Fact("yes-no", "crossed_off", "crossed_off"),
    "open_now": Fact("yes-no", test=Q(ended_at__isnull=True)),
    "overdue": Fact("yes-no", "overdue", "overdue"),
    "parked": Fact("yes-no", "parked"),
    "merged": Fact("yes-no", "", "merged", test=Q(merged_into__isnull=False)),
    "repeat": Fact("yes-no", "repeat", "repeat"),
    "parts_done": Fact("yes-no", "parts_done"),
    "same_type": Fact("yes-no"),
    "whistled": Fact("yes-no", test=Q(whistles__gt=0)),
    "reported_in": Fact("yes-no", "reported_in"),
    "reported_in_on_time": Fact("yes-no", "reported_in_on_time"),
    "outcome": _text("outcome"),
    "reworks": Fact("number", "reworks", "reworks", sums=True),
    "hand_backs": Fact("number", "hand_backs", sums=True),
    "reporters": Fact("number", "reporter_count", sums=True),
    "photo_count": Fact("number", "photo_count", sums=True),
}
"""Fact of the language → where it is read. A fact that is missing here is refused, and keeps an edition from adoption."""

COMPARISONS = {"at_least": "gte", "at_most": "lte", "below": "lt", "over": "gt"}
MOST = 65_535


def known(names: Iterable[str]) -> None:
    """Refuse a fact that figures cannot read yet, or that the language does not have."""
    for name in names:
        if name not in READ:
            title = SAID_FACTS.get(name)
            say = f"“{title}”（{name}）还不能用来统计。" if title else f"没有叫“{name}”的事实。"
            raise Refused(
                "fact-not-read", say=say + "可用的有：" + "、".join(READ) + "。", have=name, need=sorted(READ)
            )


def in_cells(where: Mapping[str, Any], *, params: Params) -> bool:
    """Whether the cells of the tallies can answer the table; of reworks they tell none, one, and twice or more apart."""
    known(where)
    if not all(READ[fact].cell for fact in where):
        return False
    return "reworks" not in where or _same_from_twice_on(where["reworks"], params)


def _same_from_twice_on(test: Any, params: Params) -> bool:
    bounds = test.values() if isinstance(test, Mapping) else [test]
    flat = [resolve(one, params) for bound in bounds for one in (bound if isinstance(bound, list) else [bound])]
    near = [int(one) + step for one in flat if isinstance(one, (int, float)) for step in (-1, 0, 1, 2)]
    outcomes = {
        matches({"reworks": test}, {"reworks": n}, params=params) for n in (TWICE, MOST, *near) if TWICE <= n <= MOST
    }
    return len(outcomes) == 1


def cell_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a tally cell's values say."""
    return {name: values[fact.cell] for name, fact in READ.items() if fact.cell in values}


def condition(where: Mapping[str, Any], *, params: Params, same_type: Q | None = None) -> Q:
    """A predicate table as a condition on matters; `same_type` is what that fact means in the period."""
    known(where)
    found = Q()
    for name, test in where.items():
        fact = READ[name] if name != "same_type" else Fact("yes-no", test=same_type)
        found &= _tested(name, fact, test, params)
    return found


def _tested(name: str, fact: Fact, test: Any, params: Params) -> Q:
    if not isinstance(test, Mapping):
        return _among(name, fact, test, params)
    found = Q()
    for word, bound in test.items():
        found &= ~_among(name, fact, bound, params) if word == "not" else _compared(name, fact, word, bound, params)
    return found


def _compared(name: str, fact: Fact, word: str, bound: Any, params: Params) -> Q:
    if fact.kind != "number":
        raise Refused("fact-not-a-number", say=f"“{name}”不是数，不能比大小。", have=name, need=list(COMPARISONS))
    return Q(**{f"{fact.column}__{COMPARISONS[word]}": resolve(bound, params)})


def _among(name: str, fact: Fact, wanted: Any, params: Params) -> Q:
    options = [resolve(one, params) for one in (wanted if isinstance(wanted, (list, tuple)) else [wanted])]
    if fact.kind == "yes-no":
        return _yes_no(name, fact, options)
    fitting = [one for one in options if isinstance(one, str) == (fact.kind == "text") and not isinstance(one, bool)]
    found = Q(**{f"{fact.column}__in": fitting})
    return found | Q(**{f"{fact.column}__isnull": True}) if "" in options and fact.kind == "number" else found


def _yes_no(name: str, fact: Fact, options: list[Any]) -> Q:
    if fact.test is None and not fact.column:
        raise Refused("fact-needs-period", say=f"“{name}”要在一段时间里看，这里没有时间。", have=name)
    yes = fact.test if fact.test is not None else Q(**{fact.column: True})
    no = ~fact.test if fact.test is not None else Q(**{fact.column: False})
    found = Q(pk__in=[])
    if any(one is True for one in options):
        found |= yes
    if any(one is False for one in options):
        found |= no
    return found | Q(**{f"{fact.column}__isnull": True}) if "" in options and fact.column else found
