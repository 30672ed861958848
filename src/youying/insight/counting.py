"""Counting: one statement over the cells of the tallies for whole months, one over the matters for days beyond them.

Both are grouped by the asked dimension and by the facts that the measures read; which group stands above or below
which line is then decided by the one evaluator of predicates, so a figure means the same wherever it is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Aggregate, BooleanField, Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat

from youying.insight.facts import READ, cell_facts, in_cells
from youying.insight.measures import NOWHERE, Counts, Measure, Placed
from youying.insight.periods import Period, months_later
from youying.insight.scopes import Narrow, area_of, in_period, root_of, today_in, within, zones_below
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter, Tally

Key = tuple[Any, ...]
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "unit": ("unit_id", "lead_id"),
    "grid": ("grid_id", "grid_id"),
    "compound": ("compound_id", "compound_id"),
    "area": ("area_path", "area_path"),
    "category": ("category", "category"),
    "channel": ("channel", "channel"),
    "urgency": ("urgency", "urgency"),
    "kind": ("kind", "kind"),
    "month": ("month", ""),
}
"""What a board may be broken down by: the column of a tally cell, and of a matter."""
TOTAL: Key = ("total",)
NOW, LAST_YEAR, LAST_PERIOD = "now", "last-year", "last-period"
REASON = Case(When(~Q(excluded=""), then=F("excluded")), default=F("end_reason"))
PAIR = Concat("area_path", Value("|"), "category")


@dataclass(frozen=True)
class Question:
    """What is counted: measures, by which dimensions, in which periods (by slot), for whom.

    `now` is the period reported, to whose months those of the others are shown beside.
    """

    viewer: Viewer
    measures: Sequence[Measure]
    by: tuple[str, ...]
    periods: Mapping[str, Period]
    narrow: Narrow
    now: Period

    @property
    def root(self) -> str:
        """The place that it is about."""
        return root_of(self.viewer, self.narrow)

    @property
    def facts(self) -> list[str]:
        """The facts that any measure reads, with the loop unless all are of the same."""
        read = {fact for one in self.measures for fact in one.facts}
        return sorted(read if self.loop else read | {"loop"})

    @property
    def loop(self) -> str:
        """The one loop that all measures are of; empty where they are of several, or of all matters."""
        loops = {one.loop for one in self.measures}
        return loops.pop() if len(loops) == 1 else ""

    @property
    def reasons(self) -> frozenset[str]:
        """The reasons for which any measure keeps matters out."""
        return frozenset(code for one in self.measures for code in one.exclude)

    @property
    def loops(self) -> Q:
        """The populations of all measures together."""
        loops = {one.loop for one in self.measures}
        return Q() if "" in loops else Q(loop__in=sorted(loops))

    @property
    def in_cells(self) -> bool:
        """Whether the cells of the tallies know all that is asked."""
        inside = all(not step.startswith("b") for path in (self.root, self.viewer.reach) for step in path.split("/"))
        return inside and all(
            not one.sums and in_cells(one.where, params=one.params) and in_cells(one.base, params=one.params)
            for one in self.measures
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a slot's period; where months are asked for, one month of it under the key it is shown by."""

    slot: str
    period: Period
    month: date | None = None


@dataclass
class Sheet:
    """Everything counted: by key, slot and measure; and the matters that any measure left out, by reason."""

    counts: dict[tuple[Key, str, str], Counts] = field(default_factory=lambda: defaultdict(Counts))
    keys: set[Key] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)

    def take(self, question: Question, group: Group) -> None:
        """Add one group of matters that are alike in all that is read."""
        out = False
        for one, placed in zip(question.measures, group.placed, strict=True):
            if placed is not NOWHERE:
                self.keys.add(group.key)
                worth = group.sums[one.sums] if one.sums else group.n
                counts = self.counts[group.key, group.slot, one.code]
                counts.take(one, placed, reason=group.reason, n=group.n, worth=worth)
                out = out or (placed.may_be_out and group.reason in one.exclude)
        if out and group.slot == NOW:
            self.left_out[group.reason] += group.n

    def add(self, other: Sheet) -> None:
        """Add what was counted for other slots."""
        self.counts.update(other.counts)
        self.keys |= other.keys
        self.left_out += other.left_out

    def total(self) -> None:
        """Add the line of all together."""
        for (key, slot, code), counts in list(self.counts.items()):
            if key != TOTAL:
                self.counts[TOTAL, slot, code].add(counts)


@dataclass(frozen=True, slots=True)
class Group:
    """Matters alike in key, period and facts, with where they stand to each measure."""

    key: Key
    slot: str
    placed: Sequence[Placed]
    reason: str
    n: int
    sums: Mapping[str, int]


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
    rows = Tally.objects.filter(_any(inside), question.loops, within(question.viewer, question.narrow, unit="unit_id"))
    columns = sorted({READ[fact].cell for fact in question.facts})
    layout = Layout(
        question,
        dimensions=[DIMENSIONS[name][0] for name in question.by],
        columns=columns,
        facts=lambda values: cell_facts(dict(zip(columns, values, strict=True))),
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
    """How grouped rows are read: where each column stands, and what is worked out once for rows alike."""

    question: Question
    dimensions: list[str]
    columns: list[str]
    facts: Callable[[tuple[Any, ...]], Mapping[str, Any]]
    piece: str
    pieces: Mapping[Any, Piece]

    def groups(self, rows: QuerySet[Any], n: Aggregate) -> Iterator[Group]:
        """Group the rows by everything that is read, in one statement."""
        question = self.question
        reason = ["reason"] if question.reasons else []
        names = list(dict.fromkeys([self.piece, *self.dimensions, *self.columns, *reason]))
        summed = sorted({one.sums for one in question.measures if one.sums})
        sums = {f"sum_{fact}": Sum(READ[fact].column) for fact in summed}
        places = {name: place for place, name in enumerate(names)}
        key_at = [places[name] for name in (self.piece, *self.dimensions)]
        alike_at = [places[name] for name in self.columns]
        keys: dict[tuple[Any, ...], Key] = {}
        placed: dict[tuple[Any, ...], list[Placed]] = {}
        for row in rows.values_list(*names).annotate(matters=n, **sums).order_by():
            count_of = row[len(names)]
            if not count_of:
                continue  # every matter of the cell has moved on to another
            said, alike = tuple(row[place] for place in key_at), tuple(row[place] for place in alike_at)
            if said not in keys:
                keys[said] = self._key(self.pieces[said[0]], said[1:])
            if alike not in placed:
                facts = {"loop": question.loop, **self.facts(alike)}
                placed[alike] = [one.place(facts) for one in question.measures]
            why = row[places["reason"]] if reason else ""
            worth = dict(zip(summed, row[len(names) + 1 :], strict=True))
            yield Group(keys[said], self.pieces[said[0]].slot, placed[alike], why, count_of, worth)

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
