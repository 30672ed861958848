"""One life of a demand told through the real actions under a still clock: what the bulk writer must equal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from bench.street import NOW, District, Team
from bench.words import Said
from youying.kernel.moments import still
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, Opened, ReporterIn
from youying.places.placing import Place

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEGIN = (("dispatch", HOUR / 6), ("accept", HOUR * 0.7), ("contact", HOUR))


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of life: its steps with the time after the report, how often it comes, how old it is at most."""

    name: str
    steps: tuple[tuple[str, timedelta], ...]
    share: int
    days_before: tuple[int, int]
    satisfaction: str = "满意"


OLD = (22, 700)
SHAPES = (
    Shape(
        "solved", (*BEGIN, ("complete", DAY + HOUR), ("call-back", DAY * 2), ("verdict", DAY * 2 + HOUR / 12)), 560, OLD
    ),
    Shape(
        "content",
        (*BEGIN, ("complete", DAY * 3), ("call-back", DAY * 4), ("verdict", DAY * 4 + HOUR / 12)),
        200,
        OLD,
        "基本满意",
    ),
    Shape(
        "second-time",
        (
            *BEGIN,
            ("complete", DAY),
            ("call-back", DAY * 2),
            ("unsolved", DAY * 2 + HOUR / 12),
            ("complete", DAY * 4),
            ("call-back", DAY * 5),
            ("verdict", DAY * 5 + HOUR / 12),
        ),
        90,
        OLD,
        "基本满意",
    ),
    Shape(
        "late",
        (*BEGIN, ("complete", DAY * 16), ("call-back", DAY * 17), ("verdict", DAY * 17 + HOUR / 12)),
        100,
        OLD,
        "不满意",
    ),
    Shape("overdue", BEGIN, 8, (16, 30)),
    Shape("received", (), 5, (0, 1)),
    Shape("dispatched", BEGIN[:1], 10, (0, 2)),
    Shape("in-hand", BEGIN[:2], 12, (0, 6)),
    Shape("contacted", BEGIN, 10, (0, 8)),
    Shape("completed", (*BEGIN, ("complete", DAY + HOUR)), 5, (2, 4)),
)
CLOSED = tuple(shape for shape in SHAPES if shape.days_before == OLD)


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that a life is made of."""

    shape: Shape
    opened_at: datetime
    place: Place
    said: Said


def live(district: District, life: Life) -> int:
    """Let it happen through the real actions; the key of the matter."""
    team = district.team(life.said.unit, life.place)
    with still(life.opened_at) as clock:
        opened = report(district, life)
        for name, after in life.shape.steps:
            clock.go_to(life.opened_at + after)
            actions.sweep(clock())
            _step(district, life, team, opened, name)
        if life.shape not in CLOSED:
            actions.sweep(clock.go_to(NOW))
    return opened.matter.pk


def report(district: District, life: Life) -> Opened:
    """The first word."""
    said = life.said
    need = NeedIn(
        kind="demand", text=said.text, channel=said.channel, category=said.category, urgency=said.urgency,
        reporters=(ReporterIn(said.name, said.phone, secret=said.secret),),
    )  # fmt: skip
    return actions.open_matter(need, place=life.place, by=district.staff["dispatcher"])


def _step(district: District, life: Life, team: Team, opened: Opened, name: str) -> None:
    said, key = life.said, opened.matter.pk
    by: Viewer = team.viewer
    if name == "dispatch":
        by = district.staff["dispatcher"]
        actions.act(key, name, by=by, unit=team.unit_id, category=said.category)
    elif name == "contact":
        actions.act(key, name, by=by, note="已给居民打过电话，约好上门时间。")
    elif name == "complete":
        actions.act(key, name, by=by, note=said.done)
    elif name == "call-back":
        actions.act(key, name, by=district.staff["caller"], way="phone", reached=True)
    elif name in ("verdict", "unsolved"):
        solved = name == "verdict"
        word = life.shape.satisfaction if solved else "不满意"
        actions.act(key, "verdict", by=district.staff["caller"], solved=solved, satisfaction=word, contacted=True)
    else:
        actions.act(key, name, by=by)


@contextmanager
def taken_back() -> Iterator[None]:
    """Let something happen in the database and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
