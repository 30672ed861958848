"""Lists of matters: filters, sorts, pages and counts, always within a viewer's sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from youying.editions.queries import calendar_for, edition_by_digest
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.lamp_rules import Deadline, Lamp, lamp_of
from youying.matters.models import Matter
from youying.matters.queries.ordering import COARSE, MANY, MANY_OPEN, SORTS, sorted_by, unhurried, walked_page
from youying.matters.queries.sight import in_place, visible
from youying.matters.searching import condition
from youying.places.queries import zone_of
from youying.text.queries import codes_below

PAGE = 50
COUNTED_MOST = 5_000
STATES = {"open": Q(ended_at__isnull=True), "ended": Q(ended_at__isnull=False), "all": Q()}
SOLVED = {"yes": True, "no": False, "none": None}
DUE = ("today",)
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
    loop: str = ""
    stage: str = ""
    urgency: str = ""
    lamp: str = ""
    due: str = ""
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
    grade_title: str
    reported_in: bool | None
    reported_in_on_time: bool | None
    outcome_title: str
    held: bool = False
    """Whether one of its clocks stands still, where somebody looked."""
    resumes_at: datetime | None = None
    """When what stands still goes on by itself."""

    @property
    def marked(self) -> bool:
        """Whether anything stands in the column of marks."""
        return bool(self.supervised or self.reworks or self.parked or self.reporter_count > 1)


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
    "solved", "satisfaction", "parked", "lead__title", "grade", "outcome", "reported_in", "reported_in_on_time", "wake_at", "wake_for",
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


def _due(said: str, viewer: Viewer, at: datetime) -> Q:
    """The matters whose running deadline is still to come and falls before tonight."""
    if said not in DUE:
        raise Refused("unknown-due", say="期限只能按“今天到期”筛选。", have=said, need=list(DUE), field="due")
    running = Q(ended_at__isnull=True, waiting=False, paused=False)
    return running & Q(due_at__gte=at, due_at__lte=end_of_day(at, viewer))


def end_of_day(at: datetime, viewer: Viewer) -> datetime:
    """Midnight at the end of the day, where the viewer's matters are counted."""
    there = zone(zone_of(viewer.reach or "/"))
    return datetime.combine(at.astimezone(there).date() + timedelta(days=1), time.min, tzinfo=there)


def filtered(viewer: Viewer, filters: Filters, *, at: datetime | None = None) -> QuerySet[Matter]:
    """The matters that a viewer sees through the filters, unsorted."""
    return _with_words(Matter.objects.filter(_where(viewer, filters, at or now())), filters)


def _where(viewer: Viewer, filters: Filters, at: datetime) -> Q:
    """Everything that is asked but the words."""
    if filters.state not in STATES:
        raise Refused("unknown-state", say="状态请选：在办、已结、全部。", have=filters.state, field="state")
    equal = {
        "lead_id": filters.unit, "compound_id": filters.compound, "grid_id": filters.grid, "channel": filters.channel,
        "kind": filters.kind, "loop": filters.loop, "stage": filters.stage, "urgency": filters.urgency,
        "excluded": filters.excluded,
    }  # fmt: skip
    found = visible(viewer) & STATES[filters.state] & Q(**{name: value for name, value in equal.items() if value})
    if filters.place:
        found &= in_place(filters.place)
    if filters.category:
        codes = codes_below(filters.category)
        found &= Q(category__in=codes) if len(codes) > 1 else Q(category=filters.category)
    return found & _more(viewer, filters, at)


def _more(viewer: Viewer, filters: Filters, at: datetime) -> Q:
    wanted: list[tuple[Any, Callable[[], Q]]] = [
        (filters.lamp, lambda: _lamp(filters.lamp, at)),
        (filters.due, lambda: _due(filters.due, viewer, at)),
        (filters.since, lambda: Q(opened_at__gte=filters.since)),
        (filters.until, lambda: Q(opened_at__lt=filters.until)),
        (filters.solved, lambda: Q(solved=SOLVED.get(filters.solved))),
        (filters.reworked, lambda: Q(reworks__gt=0)),
        (filters.parked, lambda: Q(parked=True)),
        (filters.numbers, lambda: Q(number__in=filters.numbers)),
    ]
    found = Q()
    for given, made in wanted:
        found &= made() if given else Q()
    return found


def _with_words(found: QuerySet[Matter], filters: Filters) -> QuerySet[Matter]:
    where, params = condition(filters.text) if filters.text else ("", [])
    return found.extra(where=[where.replace("id IN", "matters_matter.id IN", 1)], params=params) if where else found


def worklist(viewer: Viewer, filters: Filters, *, sort: str = "due", start: int = 0, limit: int = PAGE) -> Page:
    """One page of matters with the bounded total; two statements, four at most.

    The total is counted first: it tells whether the page is found sooner by the filters or by walking the order.
    """
    if sort not in SORTS:
        raise Refused("unknown-sort", say="排序请选：期限、登记时间、变动时间、编号。", have=sort, field="sort")
    at = now()
    where = _where(viewer, filters, at)
    is_open = filters.state == "open"
    found = _with_words(unhurried(where, COARSE) if is_open else Matter.objects.filter(where), filters)
    total = found.order_by().values("pk")[: COUNTED_MOST + 1].count()
    if not filters.text and total >= (MANY_OPEN if is_open else MANY):
        rows = walked_page(where, FIELDS, sort=sort, start=start, limit=limit)
    elif total:
        rows = list(found.order_by(*sorted_by(sort)).values(*FIELDS)[start : start + limit])
    else:
        rows = []
    return Page([row_of(values, at) for values in rows], start, min(total, COUNTED_MOST), total > COUNTED_MOST)


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
        grade_title=edition.pack.values.get("class", {}).get(values["grade"], values["grade"]),
        resumes_at=values["wake_at"] if values["wake_for"] == "resume" else None,
        outcome_title=edition.pack.values.get("outcome", {}).get(values["outcome"], values["outcome"]),
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
