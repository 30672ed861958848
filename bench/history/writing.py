"""A whole history: lives drawn from the patterns, filled, numbered by month in order of report, and loaded."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from bench.history import learning
from bench.history.filling import (
    ENTRIES,
    ENTRY_OUT,
    HEAD_OUT,
    HEADS,
    SEARCH,
    Filled,
    Filler,
    Ready,
    Row,
    columns_of,
    head_row,
    make_ready,
)
from bench.history.lives import SHAPES, Life
from bench.history.loading import Loader
from bench.history.templates import TABLES, Moving, Slot
from bench.street import District
from bench.words import say
from youying.matters.actions import tallies
from youying.record import rules
from youying.record.models import Head

AT_ONCE = 4_000
ZONE = "Asia/Shanghai"


@dataclass
class History:
    """What a history came to."""

    matters: int = 0
    entries: int = 0
    cells: int = 0
    series: Counter[str] = field(default_factory=Counter)


def draw(district: District, ready: list[Ready], *, count: int, seed: int) -> Iterator[tuple[Ready, Life]]:
    """So many lives in order of their report."""
    chance = random.Random(seed)
    window = int(learning.WINDOW.total_seconds())
    drawn = sorted(
        (one.pattern.life.opened_at + timedelta(seconds=chance.randrange(window)), place)
        for place, one in _shared(ready, count)
    )
    for opened_at, place in drawn:
        one = ready[place]
        said = say(chance, urgency=one.pattern.life.said.urgency)
        yield one, Life(one.pattern.life.shape, opened_at, chance.choice(district.places), said)


def _shared(ready: list[Ready], count: int) -> Iterator[tuple[int, Ready]]:
    """Patterns as often as their kinds come; the last closed one takes what rounding leaves."""
    total = sum(shape.share for shape in SHAPES)
    left = count
    for shape in reversed(SHAPES):
        known = [place for place, one in enumerate(ready) if one.pattern.life.shape.name == shape.name]
        wanted = left if shape is SHAPES[0] else round(count * shape.share / total)
        left -= wanted
        for n in range(wanted):
            yield known[n % len(known)], ready[known[n % len(known)]]


def write_history(
    district: District,
    *,
    count: int,
    patterns: int,
    seed: int = 11,
    tell: Callable[[str, int], None] = lambda what, n: None,
) -> History:
    """Write so many matters with everything that hangs on them into an installation that has none."""
    learned = learning.patterns(district, count=patterns, tell=lambda n: tell("patterns", n))
    ready = [make_ready(pattern, vendor=connection.vendor) for pattern in learned]
    filler, loader, history = Filler(district, vendor=connection.vendor), Loader(), History()
    cells: Counter[tuple[Any, ...]] = Counter()
    facts_of: dict[tuple[Any, ...], tuple[Ready, Life]] = {}
    waiting: list[Filled] = []
    for one, life in draw(district, ready, count=count, seed=seed):
        series = one.pattern.series
        history.series[series] += 1
        waiting.append(filler.fill(one, life, history.series[series]))
        key = _cell_of(district, one, life)
        cells[key] += 1
        facts_of.setdefault(key, (one, life))
        if len(waiting) >= AT_ONCE:
            _load(loader, waiting, history, tell)
            waiting = []
    _load(loader, waiting, history, tell)
    _put_tallies(loader, filler, cells, facts_of)
    _put_series(loader, history)
    history.cells = len(cells)
    loader.finish()
    return history


def _load(loader: Loader, filled: list[Filled], history: History, tell: Callable[[str, int], None]) -> None:
    tables: list[tuple[str, Any, list[Row]]] = [
        (table, columns_of(table), [row for one in filled for row in one.rows[table]]) for table in TABLES
    ]
    entries = [row for one in filled for row in one.entries]
    tables += [
        (ENTRIES, ENTRY_OUT, entries),
        (HEADS, HEAD_OUT, [one.head for one in filled]),
        (SEARCH, ("rowid", "tokens"), [one.search for one in filled]),
    ]
    loader.put_all(tables)
    history.matters += len(filled)
    history.entries += len(entries)
    tell("matters", history.matters)


def _cell_of(district: District, one: Ready, life: Life) -> tuple[Any, ...]:
    place = life.place
    unit = district.team(life.said.unit, place).unit_id if isinstance(one.tally["lead_id"], Slot) else None
    return (one.counted, place.area_path, place.compound_id, place.grid_id, unit, life.said.category, life.said.channel)


def _put_tallies(
    loader: Loader, filler: Filler, cells: Counter[tuple[Any, ...]], facts_of: dict[tuple[Any, ...], tuple[Ready, Life]]
) -> None:
    counted: Counter[tuple[Any, ...]] = Counter()
    for key, count in cells.items():
        one, life = facts_of[key]
        for cell, values in tallies.cells_of(facts(filler, one, life), ZONE):
            counted[cell, *(str(value) if isinstance(value, date) else value for value in values)] += count
    rows = [(*cell, count) for cell, count in counted.items()]
    for start in range(0, len(rows), 20_000):
        loader.put_all([("matters_tally", tallies.COLUMNS, rows[start : start + 20_000])])


def facts(filler: Filler, one: Ready, life: Life) -> dict[str, Any]:
    """The facts of the matter that a life leaves, as the tallies read them."""
    values = learning.filling(filler.district, life, key=0, number="")
    filled = {}
    for name, value in one.tally.items():
        if isinstance(value, Slot):
            filled[name] = values.get(value.name)
        elif isinstance(value, Moving):
            filled[name] = value.at + (life.opened_at - one.pattern.life.opened_at)
        else:
            filled[name] = value
    return filled


def _put_series(loader: Loader, history: History) -> None:
    """The heads of the series, with the series of series moved on."""
    root = rules.SERIES_PREFIX + rules.SERIES_OF_SERIES
    counted = Head.objects.get(subject=root).count
    rows = []
    for name, issued in sorted(history.series.items()):
        counted += 1
        rows.append(head_row(rules.SERIES_PREFIX + name, rules.SERIES_OF_SERIES, counted, issued, rules.NO_HASH))
    loader.put_all([(HEADS, HEAD_OUT, rows)])
    whole = head_row(root, rules.SERIES_OF_SERIES, 0, counted, rules.NO_HASH)
    Head.objects.filter(subject=root).update(count=counted, mac=whole[5])
