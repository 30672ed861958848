"""Tables of the directory: which column says what, and which rows differ from those in force; reading only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from youying.editions.models import DirectoryRow
from youying.kernel.durations import parse_duration
from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.packs import words
from youying.places.rules import split_aliases

HEADERS: dict[str, tuple[str, ...]] = {
    "category": ("分类", "分类代码", "事项分类", "category"),
    "unit": ("主办", "主办单位", "承办单位", "unit"),
    "joint": ("协办", "协办单位", "joint"),
    "not_to": ("不派", "不派给", "not_to"),
    "tier": ("层级", "tier"),
    "urgency": ("紧急程度", "urgency"),
    "within": ("时限", "办结时限", "within"),
    "loop": ("办理流程", "流程", "loop"),
    "basis": ("依据", "法定依据", "职责依据", "basis"),
}
NEEDED = ("category", "unit")
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """What a table may name at a place: categories by code and by title, units and their types by each of their names."""

    categories: Mapping[str, str]
    units: Collection[str]


@dataclass(frozen=True, slots=True)
class BadDirectoryRow:
    """A row that was not taken in: its number in the table (the header is 1), its cells, and why."""

    row: int
    say: str
    field: str
    cells: Mapping[str, str]


@dataclass
class DirectoryOutcome:
    """What an import of the directory did."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[BadDirectoryRow] = field(default_factory=list)


def directory_rows(
    rows: Iterable[Mapping[str, Any]],
    *,
    in_force: Mapping[str, DirectoryRow],
    since: datetime,
    known: Known | None = None,
) -> tuple[list[dict[str, Any]], DirectoryOutcome]:
    """The rows to begin at `since`, checked, and what came of the others; refused whole where it has no header.

    Categories and units are looked up where `known` says which there are.
    """
    rows = list(rows)
    _refuse_without_header(rows)
    outcome = DirectoryOutcome()
    ready: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise Refused("table-too-long", say=f"目录最多{MOST_ROWS}行。", need=MOST_ROWS)
        try:
            said = _read(row)
            if known is not None:
                _look_up(said, known)
            _once(said, ready, in_force, since, outcome)
        except Refused as refused:
            cells = {plain(header): plain(cell)[:200] for header, cell in row.items()}
            outcome.refused.append(BadDirectoryRow(number, refused.say, refused.field, cells))
    return list(ready.values()), outcome


def _refuse_without_header(rows: Sequence[Mapping[str, Any]]) -> None:
    titles = {plain(header).lower() for row in rows for header in row}
    missing = [HEADERS[name][0] for name in NEEDED if not titles & set(HEADERS[name])]
    if missing:
        say = f"表头里没有{'、'.join(f'“{title}”' for title in missing)}。第一行要写列名，从第二行起一行写一个分类；可以先下载表格照着填。"
        raise Refused("header-missing", say=say, need=missing, field="file")


def _look_up(said: dict[str, Any], known: Known) -> None:
    """Put the code of the category that is named; refused where a category or a unit is not known here."""
    name = said["category"]
    if name not in known.categories:
        say = f"没有“{name[:40]}”这个分类，请写分类代码或分类名，公式要换成文字。"
        raise Refused("unknown-category", say=say, have=name[:80], field="category")
    said["category"] = known.categories[name]
    for field_name, names in (("unit", (said["unit"],)), ("joint", said["joint"]), ("not_to", said["not_to"])):
        if strange := [one for one in names if one not in known.units]:
            say = f"这里没有叫“{strange[0][:40]}”的单位，请照“单位和人员”里的名称写，或先添加。"
            raise Refused("unit-unknown", say=say, have=strange, field=field_name)


def _once(
    said: dict[str, Any],
    ready: dict[str, dict[str, Any]],
    in_force: Mapping[str, DirectoryRow],
    since: datetime,
    outcome: DirectoryOutcome,
) -> None:
    """Put a row among the new, the changed or the equal ones; refused when the table says a category twice."""
    category = said["category"]
    if category in ready and ready[category] != said:
        raise Refused("row-twice", say=f"“{category}”写了两次而且不同，请只留一行。", field="category")
    stands = in_force.get(category)
    if category in ready or (stands and all(getattr(stands, name) == value for name, value in said.items())):
        outcome.same += 1
        return
    if stands and stands.since > since:
        raise Refused("directory-row-later", say=f"“{category}”已有更晚生效的一行，请先结束它。", field="category")
    outcome.changed += bool(stands)
    outcome.added += not stands
    ready[category] = said


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row as it is stored; refused at the first cell that does not fit."""
    written = {plain(header).lower(): cell for header, cell in row.items()}
    found = {
        name: plain(next((written[title] for title in titles if title in written), ""))
        for name, titles in HEADERS.items()
    }
    for name in NEEDED:
        if not found[name]:
            raise Refused("cell-missing", say=f"缺少“{HEADERS[name][0]}”。", field=name)
    if found["tier"] and found["tier"] not in words.TIERS:
        raise Refused(
            "tier-unknown", say=f"不认识层级“{found['tier'][:20]}”，请写：{'、'.join(words.TIERS)}。", field="tier"
        )
    if found["loop"]:
        raise Refused("loop-not-executed", say="目录还不能指定办理流程，请去掉“办理流程”这一列。", field="loop")
    if found["within"]:
        found["within"] = str(parse_duration(found["within"]))
    for name, most in (("category", 60), ("unit", 80), ("urgency", 40), ("loop", 60), ("basis", 200)):
        if len(found[name]) > most:
            raise Refused("cell-too-long", say=f"“{HEADERS[name][0]}”最多{most}个字。", field=name)
    return {**found, "joint": split_aliases(found["joint"]), "not_to": split_aliases(found["not_to"])}
