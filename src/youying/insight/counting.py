"""Counting: one statement over the cells of a tally for whole months, one over the matters for days beyond them.

All are grouped by the asked dimension and by the facts that the measures read; which group stands above or below
which line is then decided by the one evaluator of predicates, so a figure means the same wherever it is counted.
The cells by unit answer where month, area and unit suffice, the full ones everything else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import msgspec
from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Concat

from youying.insight.facts import READ, cell_facts
from youying.insight.measures import NOWHERE, Counts, Placed
from youying.insight.periods import Period, months_later
from youying.insight.questions import DIMENSIONS, NOW, TOTAL, Key, Piece, Question
from youying.insight.scopes import area_of, in_period, today_in, within, zones_below
from youying.matters.models import Matter, Tally

Row = tuple[Any, ...]
NONE = -1
NO_SUMS: Mapping[str, int] = {}
REASON = Case(When(~Q(excluded=""), then=F("excluded")), default=F("end_reason"))
PAIR = Concat("area_path", Value("|"), "category")


@dataclass(frozen=True, slots=True)
class Alike:
    """Matters that stand alike to every measure: where, and the reason if any measure leaves matters out for it."""

    placed: tuple[Placed, ...]
    reason: str


class Group(msgspec.Struct, frozen=True, gc=False):
    """Matters alike in key and slot that stand alike to every measure."""

    key: Key
    slot: str
    alike: Alike
    n: int
    sums: Mapping[str, int]


@dataclass
class Sheet:
    """Everything counted: by key and slot the counts of every measure; and the matters that any left out, by reason."""

    counts: dict[tuple[Key, str], list[Counts]] = field(default_factory=dict)
    keys: set[Key] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)

    def of(self, key: Key, slot: str, *, measures: int) -> list[Counts]:
        """The counts of a key in a slot, in the order of the measures."""
        found = self.counts.get((key, slot))
        if found is None:
            found = self.counts[key, slot] = [Counts() for _ in range(measures)]
        return found

    def take(self, question: Question, group: Group) -> None:
        """Add one group of matters that are alike in all that is read."""
        out, reason, n = False, group.alike.reason, group.n
        row = self.of(group.key, group.slot, measures=len(question.measures))
        for one, counts, placed in zip(question.measures, row, group.alike.placed, strict=True):
            if placed is not NOWHERE:
                counts.take(one, placed, reason=reason, n=n, worth=group.sums[one.sums] if one.sums else n)
                out = out or (placed.may_be_out and reason in one.exclude)
        self.keys.add(group.key)
        if out and group.slot == NOW:
            self.left_out[reason] += n

    def add(self, other: Sheet) -> None:
        """Add what was counted for other slots."""
        self.counts.update(other.counts)
        self.keys |= other.keys
        self.left_out += other.left_out

    def total(self) -> None:
        """Add the line of all together."""
        for (key, slot), row in list(self.counts.items()):
            if key != TOTAL:
                for whole, counts in zip(self.of(TOTAL, slot, measures=len(row)), row, strict=True):
                    whole.add(counts)


def count(question: Question) -> Sheet:
    """Count everything asked; periods must not overlap."""
    zones = zones_below(question.root)
    today = today_in(zones)
    whole: list[Piece] = []
    rest: list[Piece] = []
    for slot, period in question.periods.items():
        months, days = period.split(today=today) if question.in_cells else (None, [period])
        whole += _pieces(question, slot, [months] if months else [])
        rest += _pieces(question, slot, days)
    sheet = Sheet()
    for group in _of_cells(question, whole):
        sheet.take(question, group)
    for group in _of_matters(question, rest, zones):
        sheet.take(question, group)
    return sheet


def _pieces(question: Question, slot: str, periods: Iterable[Period]) -> list[Piece]:
    if "month" not in question.by:
        return [Piece(slot, period) for period in periods]
    ahead = question.now.months_after(question.periods[slot])
    return [
        Piece(slot, month, months_later(month.since.replace(day=1), ahead))
        for period in periods
        for month in period.months()
    ]


def _of_cells(question: Question, pieces: list[Piece]) -> Iterator[Group]:
    if not pieces:
        return
    by_month = {piece.period.since: piece for piece in pieces} if "month" in question.by else {}
    inside = [Q(month__gte=piece.period.since, month__lt=piece.period.until) for piece in pieces]
    months = Q(month__in=list(by_month)) if by_month else _any(inside)
    cells = Tally.objects.by_unit() if question.by_unit else Tally.objects.full()
    rows = cells.filter(months, question.loops, within(question.viewer, question.narrow, unit="unit_id"))
    columns = sorted({READ[fact].cell for fact in question.facts} | ({"reason"} if question.reasons else set()))

    def facts(values: Row) -> Mapping[str, Any]:
        """What the columns of a cell say."""
        said = dict(zip(columns, values, strict=True))
        return cell_facts(said) | {"reason": said.get("reason", "")}

    layout = Layout(
        question,
        dimensions=[DIMENSIONS[name][0] for name in question.by],
        columns=columns,
        facts=facts,
        piece="month" if by_month else "piece",
        pieces=by_month or dict(enumerate(pieces)),
    )
    rows = rows if by_month else rows.annotate(piece=_number(inside))
    yield from layout.groups(rows, Sum("n"))


def _of_matters(question: Question, pieces: list[Piece], zones: dict[str, list[str]]) -> Iterator[Group]:
    if not pieces:
        return
    inside = [in_period(piece.period, zones) for piece in pieces]
    rows = Matter.objects.filter(_any(inside), question.loops, within(question.viewer, question.narrow, unit="lead_id"))
    rows = rows.annotate(piece=_number(inside), **({"reason": REASON} if question.reasons else {}))
    rows, columns = _read(rows, question.facts, _same_type(question, zones))
    columns |= {"reason": "reason"} if question.reasons else {}
    layout = Layout(
        question,
        dimensions=[DIMENSIONS[name][1] or "piece" for name in question.by],
        columns=list(columns.values()),
        facts=lambda values: dict(zip(columns, values, strict=True)),
        piece="piece",
        pieces=dict(enumerate(pieces)),
    )
    yield from layout.groups(rows, Count("pk"))


@dataclass
class Layout:
    """How grouped rows are read: where each column stands, and what is worked out once for rows alike.

    `facts` gives the facts of the columns, with the `reason`.
    """

    question: Question
    dimensions: list[str]
    columns: list[str]
    facts: Callable[[Row], Mapping[str, Any]]
    piece: str
    pieces: Mapping[Any, Piece]

    def groups(self, rows: QuerySet[Any], n: Aggregate) -> Iterator[Group]:
        """Group the rows by everything that is read, in one statement, and put together what stands alike."""
        names = list(dict.fromkeys([self.piece, *self.dimensions, *self.columns]))
        summed = sorted({one.sums for one in self.question.measures if one.sums})
        sums = {f"sum_{fact}": Sum(READ[fact].column) for fact in summed}
        key_of, facts_of = (_picker(names, some) for some in ([self.piece, *self.dimensions], self.columns))
        width, known, all_alike = len(names), dict[Row, int](), dict[Alike, int]()
        heaps: dict[Row, dict[int, int]] = defaultdict(dict)
        worths: dict[tuple[Row, int], Counter[str]] = defaultdict(Counter)
        for row in rows.values_list(*names).annotate(matters=n, **sums).order_by():
            if not row[width]:
                continue  # every matter of the cell has moved on to another
            values = facts_of(row)
            place = known.get(values)
            if place is None:
                place = known[values] = self._place(values, all_alike)
            if place != NONE:
                said = key_of(row)
                heap = heaps[said]
                heap[place] = heap.get(place, 0) + row[width]
                if summed:
                    worths[said, place].update(dict(zip(summed, row[width + 1 :], strict=True)))
        found = list(all_alike)
        for said, heap in heaps.items():
            piece = self.pieces[said[0]]
            key = self._key(piece, said[1:])
            for place, count_of in heap.items():
                yield Group(key, piece.slot, found[place], count_of, worths[said, place] if summed else NO_SUMS)

    def _place(self, values: Row, all_alike: dict[Alike, int]) -> int:
        """The number of how matters with these values stand to all measures; `NONE` where none counts them."""
        facts = self.facts(values)
        placed = tuple(one.place({"loop": self.question.loop, **facts}) for one in self.question.measures)
        if all(one is NOWHERE for one in placed):
            return NONE
        reason = facts.get("reason", "")
        alike = Alike(placed, reason if reason in self.question.reasons else "")
        return all_alike.setdefault(alike, len(all_alike))

    def _key(self, piece: Piece, values: tuple[Any, ...]) -> Key:
        key: list[Any] = []
        for name, value in zip(self.question.by, values, strict=True):
            if name == "month":
                key.append(piece.month)
            elif name == "area":
                key.append(one_below(value, root=area_of(self.question.root)))
            else:
                key.append(value)
        return tuple(key)


def _picker(names: list[str], some: list[str]) -> Callable[[Row], Row]:
    """Takes the values of some columns out of a row, always as a tuple."""
    places = [names.index(name) for name in some]
    if len(places) > 1:
        return itemgetter(*places)
    return (lambda row: (row[places[0]],)) if places else (lambda row: ())


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for one in conditions:
        found |= one
    return found


def _number(inside: list[Q]) -> Case:
    return Case(*(When(one, then=Value(n)) for n, one in enumerate(inside)), output_field=IntegerField())


def _read(rows: QuerySet[Matter], facts: Iterable[str], same_type: Q) -> tuple[QuerySet[Any], dict[str, str]]:
    columns, derived = {}, {}
    for name in facts:
        fact = READ[name]
        test = same_type if name == "same_type" else fact.test
        columns[name] = fact.column if test is None else f"is_{name}"
        if test is not None:
            derived[f"is_{name}"] = Case(When(test, then=True), default=False, output_field=BooleanField())
    if "is_same_type" in derived:
        rows = rows.annotate(pair=PAIR)
    return rows.annotate(**derived), columns


def _same_type(question: Question, zones: dict[str, list[str]]) -> Q:
    if "same_type" not in question.facts:
        return Q()
    return _any(of_same_type(period, zones) for period in question.periods.values())


def of_same_type(period: Period, zones: dict[str, list[str]]) -> Q:
    """Matters whose category came up at least twice in their area in the period; merged ones make no second.

    Needs the annotation `pair=PAIR`. Matters without a category are of no type.
    """
    inside = in_period(period, zones)
    often = (
        Matter.objects.filter(inside, merged_into__isnull=True).exclude(category="").annotate(pair=PAIR).values("pair")
    )
    return inside & Q(pair__in=often.annotate(times=Count("pk")).filter(times__gte=2).values("pair"))


def one_below(path: str, *, root: str) -> str:
    """The area one step below a root in which a path lies; the root itself where the path goes no deeper."""
    start = "" if root == "/" else root
    rest = path.removeprefix(start)
    if not path.startswith(start) or not rest.startswith("/"):
        return path if path.startswith(start) else root
    return start + "/" + rest[1:].split("/")[0]
