"""Boards over ten million matters, beside DuckDB that scans a bare Parquet file of the same matters.

The matters stand only in the file: facts drawn from those of the history at hand, months and units anew. The cells by
unit are counted from the file and take the place of those of the history, so this row is the last of a database.
Both answers are compared, line by line, before either is timed.
"""

# ruff: noqa: S608 - every name put into a statement here is a constant of this file
from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.db.models import Sum

from bench.figures import Figure, median, say_ms, timed_ms
from bench.street import NOW, District
from youying.insight.queries.board import Board, figures
from youying.kernel.moments import still
from youying.matters.models import Tally
from youying.matters.tally_rules import COUNTED, DIMENSIONS, LEFT_OUT, cell_key

MATTERS = 10_000_000
MONTHS, SLOTS = 24, 1_000
RATES = ("response", "solved", "satisfaction")
FIRST, SINCE, UNTIL = date(2024, 11, 1), date(2025, 11, 1), date(2026, 11, 1)
TIMES, MOST_TIMES, AT_ONCE = 8, 1.5, 5_000
FACTS = tuple(name for name in COUNTED if name not in ("repeat", "overdue"))
OUT = {
    "response": "'litigation', 'unlawful'",
    "solved": "'unreachable', 'litigation', 'no-new-fact', 'not-public'",
    "satisfaction": "'unreachable'",
}
BASE = {
    "response": "NOT merged AND contacted_on_time IS NOT NULL",
    "solved": "solved IS NOT NULL",
    "satisfaction": "satisfaction IN ('满意', '基本满意', '不满意')",
}
WHERE = {
    "response": "contacted_on_time",
    "solved": "solved",
    "satisfaction": "satisfaction IN ('满意', '基本满意')",
}
Line = tuple[int, ...]
Answer = dict[tuple[int, date], Line]
"""Unit and month of this year → above and below the line of each rate, this year and the year before."""


def measure(district: District, where: str) -> list[Figure]:
    """The district's board over the cells, and the same figures by DuckDB over the rows; both must agree."""
    with tempfile.TemporaryDirectory(prefix="youying-bench-") as folder, duckdb.connect() as engine, still(NOW):
        file = Path(folder) / "matters.parquet"
        write_matters(engine, district, file)
        cells = refill(engine, file)
        theirs, ours = asked_of_duck(engine, file), as_answer(asked_of_us(district))
        if not theirs or theirs != ours:
            raise SystemExit(f"DuckDB says {len(theirs)} lines, the board {len(ours)}, and they differ")
        spent = [(timed_ms(lambda: asked_of_us(district)), timed_ms(lambda: asked_of_duck(engine, file)))
                 for _ in range(TIMES)]  # fmt: skip
        size = file.stat().st_size / 1e6
    board, duck = ([pair[n] for pair in spent] for n in range(2))
    times = median(board) / median(duck)
    beside = f"DuckDB on Parquet of {size:,.0f} MB {say_ms(duck)}: {times:.2f} ×"
    row = f"three rates by unit and month with the year before, {MATTERS:,} matters in {cells:,} cells by unit"
    return [Figure(row, where, f"{say_ms(board)}", beside, f"≤ {MOST_TIMES} ×", times <= MOST_TIMES)]


def write_matters(engine: duckdb.DuckDBPyConnection, district: District, file: Path) -> None:
    """Ten million matters, a column a fact; the same ones in every run."""
    engine.execute(f"CREATE TABLE facts (slot INTEGER, {_typed()})")
    engine.executemany(f"INSERT INTO facts VALUES ({', '.join('?' * (len(FACTS) + 1))})", _slots())
    pairs = [(unit, area) for area in district.communities for unit in _units(district, area)]
    engine.execute("CREATE TABLE places (place INTEGER, unit_id BIGINT, area_path VARCHAR)")
    engine.executemany("INSERT INTO places VALUES (?, ?, ?)", [(n, *pair) for n, pair in enumerate(pairs)])
    drawn = (
        f"SELECT i, (hash(i * 3) % {len(pairs)})::INTEGER AS place, (hash(i * 3 + 1) % {SLOTS})::INTEGER AS slot,"
        f" DATE '{FIRST}' + to_months((hash(i * 3 + 2) % {MONTHS})::INTEGER) + to_days((hash(i) % 28)::INTEGER)"
        f" + to_minutes((hash(i + 7) % 1440)::INTEGER) AS opened_at FROM range({MATTERS}) rows(i)"
    )
    named = f"opened_at, unit_id, area_path, 'demand' AS loop, {', '.join(FACTS)}"
    engine.execute(
        f"COPY (SELECT {named} FROM ({drawn}) JOIN places USING (place) JOIN facts USING (slot)) TO '{file}' (FORMAT parquet)"
    )


def _typed() -> str:
    words = ("satisfaction", "reason")
    return ", ".join(f"{name} {'VARCHAR' if name in words else 'BOOLEAN'}" for name in FACTS)


def _units(district: District, area: str) -> list[int]:
    teams = [*district.departments.values(), district.companies[area], district.offices[area]]
    return [team.unit_id for team in teams]


def _slots() -> list[tuple[Any, ...]]:
    """A thousand sets of facts, as often as they stand in the history at hand, each at least once."""
    found = list(
        Tally.objects.by_unit().values_list(*FACTS).annotate(matters=Sum("n")).filter(matters__gt=0).order_by()
    )
    chance = random.Random(41)
    sets, often = [row[:-1] for row in found], [row[-1] for row in found]
    drawn = [*sets[:SLOTS], *chance.choices(sets, often, k=max(0, SLOTS - len(sets)))]
    return [(n, *facts) for n, facts in enumerate(drawn)]


def refill(engine: duckdb.DuckDBPyConnection, file: Path) -> int:
    """Put the cells by unit of the file in the place of all cells; how many there are."""
    by = ", ".join(("month", "unit_id", "area_path", *FACTS))
    counted = f"SELECT {by}, count(*) FROM (SELECT *, date_trunc('month', opened_at)::DATE AS month FROM '{file}') GROUP BY ALL"
    Tally.objects.all()._raw_delete("default")
    kept = (
        dict.fromkeys((*DIMENSIONS, *COUNTED), False)
        | LEFT_OUT
        | {"kind": "demand", "loop": "demand", "tier": "community"}
    )
    found, names = engine.execute(counted), ("month", "unit_id", "area_path", *FACTS)
    total = 0
    while rows := found.fetchmany(AT_ONCE):
        made = [{**kept, **dict(zip(names, row[:-1], strict=True)), "n": row[-1]} for row in rows]
        Tally.objects.bulk_create(Tally(cell=cell_key(values), **values) for values in made)
        total += len(rows)
    return total


def asked_of_us(district: District) -> Board:
    """The board as the rates page asks for it."""
    return figures(district.staff["leader"], RATES, since=SINCE, until=UNTIL, by=("unit", "month"), compare="last-year")


def as_answer(board: Board) -> Answer:
    """What the board says, as plain numbers."""
    said: Answer = {}
    for row in board.rows:
        if not row.total:
            cells = [row.cells[name] for name in RATES]
            said[row.key] = tuple(n for one in cells for n in (one.n, one.d or 0, _last(one)[0], _last(one)[1]))
    return said


def _last(cell: Any) -> tuple[int, int]:
    return (cell.last.n, cell.last.d or 0) if cell.last else (0, 0)


def asked_of_duck(engine: duckdb.DuckDBPyConnection, file: Path) -> Answer:
    """The same figures out of the rows themselves."""
    sums = []
    for name in RATES:
        for this in ("opened_at >= ?", "opened_at < ?"):
            below = f"{this} AND {BASE[name]} AND reason NOT IN ({OUT[name]})"
            sums += [f"count(*) FILTER ({below} AND {WHERE[name]})", f"count(*) FILTER ({below})"]
    month = "CASE WHEN opened_at < ? THEN opened_at + INTERVAL 1 YEAR ELSE opened_at END"
    asked = (
        f"SELECT unit_id, date_trunc('month', {month})::DATE AS month, {', '.join(sums)} FROM '{file}'"
        " WHERE loop = 'demand' AND opened_at < ? GROUP BY ALL"
    )
    rows = engine.execute(asked, [SINCE] * (1 + len(sums)) + [UNTIL]).fetchall()
    return {(row[0], row[1]): tuple(row[2:]) for row in rows}
