"""Tables of units and posts: their columns, what a row means, why it is refused; units read whole. Reading only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from youying.access.models import Unit
from youying.access.rules import (
    code_meant,
    phone_that_fits,
    powers_meant,
    reach_that_fits,
    unit_code_that_fits,
    username_that_fits,
)
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.tables import Columns, Field, TableOutcome, plain, values_of, written
from youying.kernel.text_safety import clean_line
from youying.kernel.viewers import Viewer

Row = TypeVar("Row", bound=Model)
MOST_ROWS = 5_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the words of a table mean here: a place's path, unit types and posts by code and title, where a day begins.

    `place` refuses words that name no place, or several. Where no type or post is known yet, codes are taken as written.
    """

    place: Callable[[str], str]
    kinds: Mapping[str, str]
    posts: Mapping[str, str]
    zone: tzinfo


def _line(*headers: str, field: str, most: int, needed: bool = False) -> Field:
    """A short text kept as it was written, full-width signs and all."""
    clean = partial(clean_line, most=most, field=field, label=headers[0])
    return Field(headers, lambda cell: clean(written(cell)), needed=needed, raw=True)


def _date(*headers: str) -> Field:
    return Field(headers, lambda cell: cell, raw=True)


UNIT_FIELDS: dict[str, Field] = {
    "code": Field(("编码", "单位编码", "单位代码", "代码", "code"), unit_code_that_fits, needed=True),
    "title": _line("名称", "单位名称", "单位", "title", field="title", most=80, needed=True),
    "kind": Field(("类型", "单位类型", "kind"), plain, needed=True),
    "reach": Field(("辖区", "管哪里", "区划", "reach"), plain, needed=True),
    "phone": Field(("电话", "办公电话", "phone"), phone_that_fits),
}
POST_FIELDS: dict[str, Field] = {
    "username": Field(("账号", "登录名", "username"), username_that_fits, needed=True),
    "name": _line("姓名", "name", field="name", most=40, needed=True),
    "phone": Field(("手机号", "手机", "电话", "phone"), lambda cell: normal_phone(phone_that_fits(cell))),
    "unit": Field(("单位编码", "单位代码", "单位", "unit"), plain),
    "code": Field(("岗位角色", "岗位", "角色", "code"), plain, needed=True),
    "title": _line("岗位名称", "称呼", "title", field="title", most=60),
    "reach": Field(("辖区", "管到哪里", "区划", "reach"), plain, needed=True),
    "powers": Field(("权限", "powers"), powers_meant),
    "since": _date("起", "开始日期", "任期起", "since"),
    "until": _date("止", "结束日期", "任期止", "until"),
}
FIELDS: dict[str, dict[str, Field]] = {"unit": UNIT_FIELDS, "post": POST_FIELDS}
PERSONAL: dict[str, frozenset[str]] = {"post": frozenset(POST_FIELDS["phone"].headers)}
"""Titles of the columns that a page shows masked, by the kind of table; the telephone of an office is public."""


@dataclass
class Outcome(TableOutcome):
    """What an import of units or posts did."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    people: int = 0

    @property
    def touched(self) -> bool:
        """Whether anything was added or changed."""
        return bool(self.added or self.changed)

    def facts(self) -> dict[str, Any]:
        """What goes into the record of the import; each unit and person has its own entries beside it."""
        counts = {"rows": self.rows, "same": self.same, "refused": len(self.refused), "people": self.people}
        return {"kind": self.kind, "added": len(self.added), "changed": len(self.changed), **counts}


@dataclass
class UnitTable:
    """Rows of units as they will stand: new ones, and known ones with what changes."""

    outcome: Outcome
    fresh: list[Unit] = field(default_factory=list)
    changed: list[tuple[Unit, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """A row with its number and the values that it says."""

    number: int
    row: Mapping[str, Any]
    values: dict[str, Any]


class Reading:
    """One table being read: its columns, what it has said so far, and what its words mean."""

    def __init__(self, kind: str, *, by: Viewer, meanings: Meanings, file: str) -> None:
        by.require("accounts")
        self.by = by
        self.meanings = meanings
        self.outcome = Outcome(kind, plain(file)[:120])
        self.columns = Columns(FIELDS[kind], outcome=self.outcome)
        self.said: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}

    def understood(self, rows: Iterable[Mapping[str, Any]]) -> list[Said]:
        """The rows that say something, each with its values; the others are listed with their reason."""
        found: list[Said] = []
        for number, row in enumerate(rows, start=2):
            self.outcome.count_row(most=MOST_ROWS)
            with self.listing(number, row):
                found.append(Said(number, row, values_of(self.columns.wanted, self.columns.cells(row))))
        return found

    @contextmanager
    def listing(self, number: int, row: Mapping[str, Any]) -> Iterator[None]:
        """List the row where what is done with it is refused."""
        try:
            yield
        except Refused as refused:
            self.outcome.refuse(number, row, refused)

    def said_before(self, key: tuple[Any, ...], number: int, values: dict[str, Any]) -> bool:
        """Whether the table has said the same; refused when it has said something else of the same thing."""
        earlier, said = self.said.setdefault(key, (number, values))
        if earlier == number:
            return False
        if said != values:
            raise Refused("row-twice", say=f"和第{earlier}行说的是同一个，但内容不同，请只留一行。", have=earlier)
        self.outcome.same += 1
        return True

    def finish(self) -> None:
        """Put the rows that were refused in the order of the table."""
        self.outcome.refused.sort(key=lambda bad: bad.row)

    def place(self, words: str) -> str:
        """The path that a cell means, within reach."""
        path = reach_that_fits(self.meanings.place(words))
        self.by.require_reach(path)
        return path


def read_units(
    rows: Iterable[Mapping[str, Any]], *, by: Viewer, meanings: Meanings, file: str = "", lock: bool = False
) -> UnitTable:
    """What a table of units comes to; with `lock`, inside an act, nobody changes the known ones meanwhile."""
    reading = Reading("unit", by=by, meanings=meanings, file=file)
    table, said = UnitTable(reading.outcome), reading.understood(rows)
    stand = Unit.objects.select_for_update() if lock else Unit.objects.all()
    known = {unit.code: unit for unit in by_many(stand, "code", {one.values["code"] for one in said})}
    for one in said:
        with reading.listing(one.number, one.row):
            values = one.values
            values["kind"] = code_meant(values["kind"][:40], known=meanings.kinds, what="单位类型", field="kind")
            values["reach"] = reading.place(values["reach"])
            if not reading.said_before((values["code"],), one.number, values):
                _settle_unit(table, values, known.get(values["code"]), by=by)
    reading.finish()
    return table


def by_many(rows: QuerySet[Row], column: str, values: Iterable[Any]) -> list[Row]:
    """The rows whose column holds one of many values, in the order of their keys, few hundred values a statement."""
    sought = sorted(values)
    return [
        row
        for start in range(0, len(sought), CHUNK)
        for row in rows.filter(**{f"{column}__in": sought[start : start + CHUNK]}).order_by("pk")
    ]


def _settle_unit(table: UnitTable, said: dict[str, Any], unit: Unit | None, *, by: Viewer) -> None:
    """Put a row among the new, the changed or the equal units."""
    if unit is None:
        table.fresh.append(Unit(**said))
        table.outcome.added.append(said["code"])
        return
    _check_unit_stays(unit, said, by=by)
    differing: list[str] = [name for name in ("title", "phone") if name in said and said[name] != getattr(unit, name)]
    if not differing:
        table.outcome.same += 1
        return
    table.changed.append((unit, {name: said[name] for name in differing}))
    table.outcome.changed[unit.code] = differing


def _check_unit_stays(unit: Unit, said: dict[str, Any], *, by: Viewer) -> None:
    """A table renames a unit and changes its telephone; it gives it no other type or place."""
    if not by.reaches(unit.reach):
        raise Refused("unit-known", say=f"单位代码“{unit.code}”已经用了，请换一个。", field="code")
    if not unit.active:
        raise Refused("unit-closed", say=f"“{unit.title}”已停用，不能再改；要改请先恢复使用。", field="code")
    differing = [title for name, title in (("kind", "类型"), ("reach", "辖区")) if getattr(unit, name) != said[name]]
    if differing:
        raise Refused(
            "unit-differs",
            say=f"单位“{unit.title}”的{'和'.join(differing)}和现有的不同；表格只改名称和电话，请核对代码。",
            field="kind" if "类型" in differing else "reach",
        )
