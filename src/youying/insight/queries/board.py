"""Boards of figures, and same-type demands against the year before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from youying.insight.counting import Sheet, count
from youying.insight.declared import editions_of, measures_of, reasons_of, titles_of
from youying.insight.measures import Cell, Counts, Measure, cell, measure
from youying.insight.periods import Period
from youying.insight.questions import DIMENSIONS, LAST_PERIOD, LAST_YEAR, NOW, TOTAL, Key, Question
from youying.insight.scopes import EVERYTHING, Narrow, root_of, today_in, zones_below
from youying.insight.titles import in_order, titles
from youying.kernel.moments import zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.packs.schema_means import Figure

A_YEAR_MOST = 366


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a board: a unit, an area, a month …; `key` is a tuple where two dimensions are asked."""

    key: Any
    title: str
    cells: dict[str, Cell]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Figures side by side, the total first; `left_out` are all matters that any figure keeps out, by reason."""

    rows: list[Row]
    measures: dict[str, Measure]
    period: Period
    compared: Period | None
    by: tuple[str, ...]
    editions: list[str]
    reasons: dict[str, str]
    left_out: dict[str, int]

    @property
    def total(self) -> Row:
        """The line of all together."""
        return self.rows[0]


def figures(
    viewer: Viewer,
    names: Sequence[str] = (),
    *,
    since: date,
    until: date,
    by: str | Sequence[str] | None = None,
    narrow: Narrow = EVERYTHING,
    compare: str | None = None,
) -> Board:
    """The named figures (all, without names) of matters opened from `since` up to, not including, `until`.

    One statement over the tallies for whole months, one more over the matters where days are left over; units cost
    one for their titles. `by` is a dimension or two; `compare="last-year"` puts the same days of the year before
    beside every cell. Raises `Refused` without the power to see rates, out of reach, for an unknown figure or fact.
    """
    viewer.require("rates")
    asked = Asked.of(viewer, since, until, narrow)
    measures = measures_of(asked.editions, names)
    return make_board(asked, measures, by=dimensions(by), compare=compare or "")


@dataclass(frozen=True)
class Asked:
    """Who asks about which place and period, with the editions that hold there."""

    viewer: Viewer
    narrow: Narrow
    root: str
    period: Period
    zones: dict[str, list[str]]
    editions: list[tuple[str, Edition]]

    @classmethod
    def of(cls, viewer: Viewer, since: date, until: date, narrow: Narrow) -> Asked:
        """Look up the place, its zones and editions; days that have not begun are left out."""
        root = root_of(viewer, narrow)
        zones = zones_below(root)
        period = Period(since, until).up_to(today_in(zones))
        end = period.moments(zone(next(iter(zones))))[1]
        return cls(viewer, narrow, root, period, zones, editions_of(root, at=end))


def dimensions(by: str | Sequence[str] | None) -> tuple[str, ...]:
    """The dimensions asked for; refused when there is none of that name."""
    names = (by,) if isinstance(by, str) else tuple(by or ())
    for name in names:
        if name not in DIMENSIONS:
            say = f"不能按“{name}”分，可以按：{'、'.join(DIMENSIONS)}。"
            raise Refused("dimension-unknown", say=say, have=name, need=list(DIMENSIONS), field="by")
    return names


def make_board(asked: Asked, measures: Sequence[Measure], *, by: tuple[str, ...], compare: str) -> Board:
    """Count and lay out the measures."""
    slots = {one.compare for one in measures if one.compare} | ({compare} if compare else set())
    sheet = Sheet()
    for periods in periods_of(asked.period, slots):
        sheet.add(count(Question(asked.viewer, measures, by, periods, asked.narrow, asked.period)))
    sheet.total()
    return Board(
        rows=_rows(asked, sheet, measures, by=by, compare=compare),
        measures={one.code: one for one in measures},
        period=asked.period,
        compared=asked.period.a_year_before() if LAST_YEAR in slots else None,
        by=by,
        editions=titles_of(asked.editions),
        reasons=reasons_of(asked.editions),
        left_out=dict(sorted(sheet.left_out.items())),
    )


def periods_of(period: Period, slots: Iterable[str]) -> list[dict[str, Period]]:
    """The periods to count, those together that one statement can tell apart."""
    known = {LAST_YEAR: period.a_year_before, LAST_PERIOD: period.one_before}
    wanted = sorted(slots)
    for slot in wanted:
        if slot not in known:
            raise Refused(
                "compare-unknown", say="只能和上年同期或上期相比。", have=slot, need=list(known), field="compare"
            )
    if LAST_YEAR in wanted and (period.until - period.since).days > A_YEAR_MOST:
        have = (period.until - period.since).days
        say = "和上年同期相比，统计期最长一年。请缩短，或不看同比。"
        raise Refused("period-too-long", say=say, have=have, need=A_YEAR_MOST, field="until")
    first, *others = wanted or [NOW]
    together = {NOW: period} | ({first: known[first]()} if wanted else {})
    return [together, *({slot: known[slot]()} for slot in others)]


def _rows(asked: Asked, sheet: Sheet, measures: Sequence[Measure], *, by: tuple[str, ...], compare: str) -> list[Row]:
    nothing = [Counts()] * len(measures)

    def cells(key: Key) -> dict[str, Cell]:
        now = sheet.counts.get((key, NOW), nothing)
        found = {}
        for place, one in enumerate(measures):
            slot = one.compare or compare
            last = sheet.counts.get((key, slot), nothing)[place] if slot else None
            found[one.code] = cell(one, now[place], last, compare=slot)
        return found

    rows = [Row("total", "合计", cells(TOTAL), total=True)]
    if not by:
        return rows
    named = [
        titles(name, (key[place] for key in sheet.keys), editions=asked.editions, root=asked.root)
        for place, name in enumerate(by)
    ]
    orders = [
        {key: n for n, key in enumerate(in_order(name, known, named=known))}
        for name, known in zip(by, named, strict=True)
    ]
    keys = sorted(sheet.keys, key=lambda key: [order[part] for order, part in zip(orders, key, strict=True)])
    for key in keys:
        title = "·".join(known[part] for known, part in zip(named, key, strict=True))
        rows.append(Row(key if len(by) > 1 else key[0], title, cells(key)))
    return rows


@dataclass(frozen=True, slots=True)
class SameType:
    """How often one category came up, now and in the same days of the year before; `change` is exact, None from 0."""

    category: str
    title: str
    n: int
    last: int
    change: Fraction | None
    say_change: str


def same_type(
    viewer: Viewer, *, since: date, until: date, narrow: Narrow = EVERYTHING, kind: str = "demand"
) -> list[SameType]:
    """Demands by category against the same days of the year before, the most frequent of both first."""
    viewer.require("rates")
    asked = Asked.of(viewer, since, until, narrow)
    declared = Figure(title="同类诉求", of="matters", where={"kind": kind})
    one = measure("same-type", declared, asked.editions[0][1])
    board = make_board(asked, [one], by=("category",), compare=LAST_YEAR)
    found = [_same_type(row) for row in board.rows[1:] if row.key]
    return sorted(found, key=lambda row: (-(row.n + row.last), row.category))


def _same_type(row: Row) -> SameType:
    got = row.cells["same-type"]
    last = got.last.n if got.last else 0
    return SameType(row.key, row.title, got.n, last, got.change, got.say_change)
