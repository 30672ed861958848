"""A sheet filled in: checked item by item, scored, and what it still lacks; pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from youying.kernel.refusals import Refused
from youying.packs.edition import Edition
from youying.packs.schema_base import Scalar
from youying.packs.schema_rhythm import Item, Sheet
from youying.sheets.value_rules import UPLOADED, Value, field_of, read_value, scored_by_hand

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as it was filled in: values in normal form, points, and the items that must be there but are not."""

    values: Mapping[str, Value] = field(default_factory=dict)
    points: Decimal | None = None
    full: Decimal | None = None
    lacking: tuple[str, ...] = ()

    @property
    def uploads(self) -> tuple[str, ...]:
        """The tokens of all its files, photos and drawn signatures, each once."""
        return tuple(dict.fromkeys(t for value in self.values.values() if isinstance(value, tuple) for t in value))


@dataclass(frozen=True, slots=True)
class Average:
    """Scores taken together: their sum, how many they are, and the sum of what could be reached."""

    total: Decimal
    full: Decimal
    count: int

    @property
    def mean(self) -> Fraction:
        """The exact mean score."""
        return Fraction(self.total) / self.count

    @property
    def share(self) -> Fraction:
        """The exact share of the full points, from 0 to 1."""
        return Fraction(self.total) / Fraction(self.full)


def sheet_of(edition: Edition, code: str) -> Sheet:
    """The sheet of that code in an edition; refused where it has none."""
    found = edition.pack.sheet.get(code)
    if found is None:
        raise Refused("sheet-unknown", say=f"现行机制里没有“{code[:40]}”这张表单。", have=code[:40])
    return found


def check(sheet: Sheet, values: Mapping[str, Any], *, lacking_allowed: bool = False) -> Filled:
    """Read a filled sheet; refused with the first thing that is wrong, in the order of the sheet.

    Codes: `sheet-unknown-item`, `sheet-value`, `sheet-lacking` and those of the kernel's readers; `field` is
    `sheet.<item>`. With `lacking_allowed` what must be there may come later and is named in `lacking`.
    """
    filled, wrong = examine(sheet, values, lacking_allowed=lacking_allowed)
    if wrong:
        raise next(iter(wrong.values()))
    return filled


def examine(
    sheet: Sheet, values: Mapping[str, Any], *, lacking_allowed: bool = False
) -> tuple[Filled, dict[str, Refused]]:
    """The same for a form: what could be read, and every refusal by its item, so that each stands beside its field."""
    wrong: dict[str, Refused] = {}
    read: dict[str, Value] = {}
    for code, item in sheet.items.items():
        try:
            value = read_value(code, item, values.get(code))
        except Refused as refused:
            wrong[code] = refused
            continue
        if value is not None:
            read[code] = value
    lacking = lacking_of(sheet, read)
    if not lacking_allowed:
        wrong |= {code: _lacks(sheet, code, lacking) for code in lacking if code not in wrong}
    wrong |= {code: _unknown(sheet, code) for code in values if code not in sheet.items}
    points, full = score(sheet, read)
    return Filled(read, points, full, lacking), wrong


def lacking_of(sheet: Sheet, values: Mapping[str, Value]) -> tuple[str, ...]:
    """The items that must be filled in and are not."""
    return tuple(code for code, item in sheet.items.items() if item.must and code not in values)


def _lacks(sheet: Sheet, code: str, lacking: tuple[str, ...]) -> Refused:
    titles = "、".join(sheet.items[one].title for one in lacking)
    verb = "附上" if sheet.items[code].type in UPLOADED else "填写"
    say = f"请{verb}“{sheet.items[code].title}”。"
    return Refused("sheet-lacking", say=say, need=titles, field=field_of(code))


def _unknown(sheet: Sheet, code: str) -> Refused:
    say = f"“{sheet.title}”里没有“{str(code)[:40]}”这一栏，请刷新页面再填。"
    return Refused("sheet-unknown-item", say=say, have=str(code)[:40], need=list(sheet.items), field=field_of(code))


def supplied(sheet: Sheet, have: Mapping[str, Value], values: Mapping[str, Any]) -> Filled:
    """What a sheet holds once these values are supplied; refused where one of them is there already, or all are empty."""
    fresh = check(sheet, values, lacking_allowed=True)
    if again := [code for code in fresh.values if code in have]:
        title = sheet.items[again[0]].title
        say = f"“{title}”已经有了，补交只交缺的；写错了请用更正。"
        raise Refused("sheet-item-there", say=say, have=again, field=field_of(again[0]))
    if not fresh.values:
        raise Refused("sheet-nothing", say="还没有补交任何一项，请把缺的材料附上。", field="sheet")
    return check(sheet, {**have, **fresh.values}, lacking_allowed=True)


def promises(sheet: Sheet, values: Mapping[str, Value]) -> bool:
    """Whether somebody signed for what is still to come: a signature that need not be there was given (容缺承诺)."""
    return any(code in values for code in promise_items(sheet))


def promise_items(sheet: Sheet) -> list[str]:
    """The signatures of a sheet by which somebody may promise what is still to come; none where it takes no promise."""
    return [code for code, item in sheet.items.items() if item.type == "signature" and not item.must]


def score(sheet: Sheet, values: Mapping[str, Value]) -> tuple[Decimal | None, Decimal | None]:
    """The points of a sheet and what could be reached with the items filled in; none where it gives no points."""
    scored = {code: item for code, item in sheet.items.items() if item.points is not None and code in values}
    if not scored:
        return None, None
    reached = sum((_points(item, values[code]) for code, item in scored.items()), Decimal(0))
    return reached.quantize(HUNDREDTH), sum((_full(item) for item in scored.values()), Decimal(0))


def _full(item: Item) -> Decimal:
    return Decimal(str(item.points))


def _points(item: Item, value: Value) -> Decimal:
    """A number is its own score, a yes all of it, a choice the more the further in front; a failed item none."""
    if scored_by_hand(item):
        return Decimal(str(value))
    if item.fails is not None:
        return Decimal(0) if failed(item, value) else _full(item)
    if item.type == "choice" and len(item.choices) > 1:
        behind = Decimal(item.choices.index(str(value))) / (len(item.choices) - 1)
        return _full(item) * (1 - behind)
    return Decimal(0) if value is False else _full(item)


def failed(item: Item, value: Value) -> bool:
    """Whether the value shows a fault: it is the one that `fails` names, or a number that reaches it."""
    if item.fails is None:
        return False
    if item.type in ("number", "money") and not isinstance(value, bool | tuple):
        return Decimal(value) >= Decimal(str(item.fails))
    return _same(value, item.fails)


def _same(value: Value, fails: Scalar) -> bool:
    return value is fails if isinstance(fails, bool) else value == fails


def average(scores: Iterable[tuple[Decimal, Decimal]]) -> Average | None:
    """Points and full points taken together; None where there are none."""
    rows = list(scores)
    if not rows:
        return None
    return Average(sum((p for p, _ in rows), Decimal(0)), sum((f for _, f in rows), Decimal(0)), len(rows))
