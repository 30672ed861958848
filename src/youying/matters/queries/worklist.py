"""Lists of matters: filters, sorts, pages and counts, always within a viewer's sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.lamp_rules import Deadline, Lamp, lamp_of
from youying.matters.models import Matter
from youying.matters.queries.sight import in_place, visible
from youying.matters.searching import condition

PAGE = 50
COUNTED_MOST = 10_000
SORTS: dict[str, tuple[Any, ...]] = {
    "due": (F("due_at").asc(nulls_last=True), "id"),
    "-due": (F("due_at").desc(nulls_last=True), "-id"),
    "received": ("opened_at", "id"),
    "-received": ("-opened_at", "-id"),
    "changed": ("changed_at", "id"),
    "-changed": ("-changed_at", "-id"),
    "number": ("id",),
    "-number": ("-id",),
}
STATES = {"open": Q(ended_at__isnull=True), "ended": Q(ended_at__isnull=False), "all": Q()}
SOLVED = {"yes": True, "no": False, "none": None}
LAMPS = ("green", "yellow", "red", "overdue", "paused", "waiting")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows; empty values do not filter."""

    state: str = "open"
    place: str = ""
    unit: int | None = None
    compound: int | None = None
    grid: int | None = None
    category: str = ""
    channel: str = ""
    kind: str = ""
    stage: str = ""
    urgency: str = ""
    lamp: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    solved: str = ""
    reworked: bool = False
    parked: bool = False
    excluded: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One matter as a list shows it."""

    id: int
    number: str
    version: int
    kind: str
    title: str
    place: str
    area_path: str
    grid_id: int | None
    category: str
    channel: str
    urgency: str
    stage: str
    stage_title: str
    unit: str
    unit_id: int | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    due_clock: str
    reporter_count: int
    reworks: int
    supervised: str
    solved: bool | None
    satisfaction: str
    parked: bool
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: rows, where it starts, and how many there are (bounded: `more` says that the count stops)."""

    rows: list[Row]
    start: int
    total: int
    more: bool


FIELDS = (
    "id", "number", "version", "kind", "title", "place_words", "area_path", "grid_id", "category", "channel", "urgency",
    "stage", "loop", "edition_id", "lead_id", "opened_at", "changed_at", "due_at", "due_from", "due_natural", "yellow_at",
    "red_at", "due_clock", "paused", "waiting", "ended_at", "crossed_off", "reporter_count", "reworks", "supervised",
    "solved", "satisfaction", "parked", "lead__title",
)  # fmt: skip


def _lamp(colour: str, at: datetime) -> Q:
    running = Q(ended_at__isnull=True, waiting=False, paused=False)
    table = {
        "overdue": running & Q(due_at__lt=at),
        "red": running & Q(due_at__gte=at, red_at__lte=at),
        "yellow": running & Q(due_at__gte=at, yellow_at__lte=at, red_at__gt=at),
        "green": running & Q(due_at__gte=at, yellow_at__gt=at),
        "paused": Q(ended_at__isnull=True, paused=True, waiting=False),
        "waiting": Q(ended_at__isnull=True, waiting=True),
    }
    if colour not in table:
        raise Refused("unknown-lamp", say="灯的颜色请选：绿、黄、红、超期、暂停、等答复。", have=colour, field="lamp")
    return table[colour]


def filtered(viewer: Viewer, filters: Filters, *, at: datetime | None = None) -> QuerySet[Matter]:
    """The matters that a viewer sees through the filters, unsorted."""
    if filters.state not in STATES:
        raise Refused("unknown-state", say="状态请选：在办、已结、全部。", have=filters.state, field="state")
    found = Matter.objects.filter(visible(viewer), STATES[filters.state])
    equal = {
        "lead_id": filters.unit, "compound_id": filters.compound, "grid_id": filters.grid, "channel": filters.channel,
        "kind": filters.kind, "stage": filters.stage, "urgency": filters.urgency, "excluded": filters.excluded,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if filters.place:
        found = found.filter(in_place(filters.place))
    if filters.category:
        found = found.filter(Q(category=filters.category) | Q(category__startswith=filters.category + "."))
    return _more(found, filters, at or now())


def _more(found: QuerySet[Matter], filters: Filters, at: datetime) -> QuerySet[Matter]:
    wanted: list[tuple[Any, Callable[[], Q]]] = [
        (filters.lamp, lambda: _lamp(filters.lamp, at)),
        (filters.since, lambda: Q(opened_at__gte=filters.since)),
        (filters.until, lambda: Q(opened_at__lt=filters.until)),
        (filters.solved, lambda: Q(solved=SOLVED.get(filters.solved))),
        (filters.reworked, lambda: Q(reworks__gt=0)),
        (filters.parked, lambda: Q(parked=True)),
        (filters.numbers, lambda: Q(number__in=filters.numbers)),
    ]
    for given, made in wanted:
        found = found.filter(made()) if given else found
    where, params = condition(filters.text) if filters.text else ("", [])
    return found.extra(where=[where.replace("id IN", "matters_matter.id IN", 1)], params=params) if where else found


def worklist(viewer: Viewer, filters: Filters, *, sort: str = "due", start: int = 0, limit: int = PAGE) -> Page:
    """One page of matters with the bounded total; three statements at most."""
    if sort not in SORTS:
        raise Refused("unknown-sort", say="排序请选：期限、登记时间、变动时间、编号。", have=sort, field="sort")
    at = now()
    found = filtered(viewer, filters, at=at)
    rows = list(found.order_by(*SORTS[sort]).values(*FIELDS)[start : start + limit])
    if len(rows) < limit and (rows or not start):
        total, more = start + len(rows), False
    else:
        total = found.order_by().values("pk")[: COUNTED_MOST + 1].count()
        total, more = min(total, COUNTED_MOST), total > COUNTED_MOST
    return Page([row_of(values, at) for values in rows], start, total, more)


def row_of(values: dict[str, Any], at: datetime) -> Row:
    """A list row from the columns read."""
    edition = edition_by_digest(values["edition_id"])
    loop = edition.loops[values["loop"]]
    deadline = Deadline(
        values["due_at"], values["due_from"], values["yellow_at"], values["red_at"], values["due_natural"],
        values["paused"], values["waiting"], values["ended_at"] is not None, values["crossed_off"], loop.lamps,
    )  # fmt: skip
    clock = loop.clocks.get(values["due_clock"])
    same = {name: values[name] for name in Row.__slots__ if name in values and name != "due_clock"}
    return Row(
        **same,
        place=values["place_words"],
        stage_title=loop.stages.get(values["stage"], values["stage"]),
        unit=values["lead__title"] or "",
        unit_id=values["lead_id"],
        lamp=lamp_of(deadline, at, calendar_for(edition, values["area_path"])),
        due_clock=clock.title if clock else "",
    )


def each_row(viewer: Viewer, filters: Filters, *, sort: str = "-received") -> Iterable[Row]:
    """Every row of a view for an export, read in bounded portions."""
    at = now()
    found = filtered(viewer, filters, at=at).order_by(*SORTS[sort]).values(*FIELDS)
    for values in found.iterator(chunk_size=2000):
        yield row_of(values, at)


def counts(viewer: Viewer, views: dict[str, Filters]) -> dict[str, int]:
    """The bounded number of rows of several views."""
    return {
        name: filtered(viewer, filters).order_by().values("pk")[: COUNTED_MOST + 1].count()
        for name, filters in views.items()
    }
