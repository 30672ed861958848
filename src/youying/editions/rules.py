"""Decisions about adoptions, directory rows and local numbers: which one holds at a place and a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from youying.kernel.refusals import Refused

ROOT = "/"
NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Adopted:
    """An adoption as kept in memory."""

    area_path: str
    digest: str
    since: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the directory says for a category: the unit to dispatch to and how; `basis` is the law or duty list behind it."""

    category: str
    unit: str
    joint: tuple[str, ...] = ()
    not_to: tuple[str, ...] = ()
    tier: str = ""
    urgency: str = ""
    within: str = ""
    loop: str = ""
    basis: str = ""
    area_path: str = ROOT
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LocalNumber:
    """A number of a place from a moment on."""

    area_path: str
    name: str
    value: int | float | str
    since: datetime


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from the week, by calendar and place."""

    calendar: str
    area_path: str
    day: date
    working: bool
    name: str


def paths_up(path: str) -> Iterator[str]:
    """A path and every path above it, the root last."""
    rest = path.rstrip("/")
    while rest:
        yield rest
        rest = rest.rpartition("/")[0]
    yield ROOT


def adopted_at(adoptions: Mapping[str, Iterable[Adopted]], path: str, *, at: datetime) -> Adopted | None:
    """The adoption in force at a path: of the nearest place that has one, the last that has begun."""
    for one in paths_up(path):
        begun = [adopted for adopted in adoptions.get(one, ()) if adopted.since <= at]
        if begun:
            return max(begun, key=lambda adopted: (adopted.since, adopted.id))
    return None


def categories_up(category: str) -> Iterator[str]:
    """A category's code and the wider ones it lies in, narrowest first ("water.leak", then "water")."""
    rest = category
    while rest:
        yield rest
        rest = re.sub(r"[./>\-]?[^./>\-]*$", "", rest)


def suggested(
    rows: Mapping[tuple[str, str], Iterable[Suggestion]], path: str, *, category: str, at: datetime
) -> Suggestion | None:
    """The row in force for a category: of the nearest place that says one, the narrowest category."""
    for place in paths_up(path):
        for code in categories_up(category):
            for row in rows.get((place, code), ()):
                if _holds(row, at):
                    return row
    return None


def _holds(row: Suggestion, at: datetime) -> bool:
    return (row.since is None or row.since <= at) and (row.until is None or at < row.until)


def number_at(
    values: Mapping[tuple[str, str], Iterable[LocalNumber]], path: str, *, name: str, at: datetime
) -> LocalNumber | None:
    """The local number in force: of the nearest place that sets it, the last that has begun."""
    for place in paths_up(path):
        begun = [one for one in values.get((place, name), ()) if one.since <= at]
        if begun:
            return max(begun, key=lambda one: one.since)
    return None


def special_days(
    days: Iterable[SpecialDay], path: str, *, code: str, national: bool
) -> tuple[dict[date, bool], dict[date, str]]:
    """Days that differ from the week at a path: national ones first, then those nearer, the calendar's own last."""
    wanted = ([NATIONAL] if national else []) + [code]
    places = list(paths_up(path))
    held = [day for day in days if day.calendar in wanted and day.area_path in places]
    held.sort(key=lambda day: (-places.index(day.area_path), wanted.index(day.calendar)))
    return {day.day: day.working for day in held}, {day.day: day.name for day in held}


def checked_since(since: datetime | None, *, now: datetime) -> datetime:
    """When something begins: now, or later; refused when it would reach back over what was already decided."""
    if since is None:
        return now
    if since < now:
        raise Refused(
            "since-past",
            say="生效时间不能早于现在：已经登记的事项照原来的规则办。",
            clause="新规则只管以后登记的事项",
            have=since.isoformat(),
            need=now.isoformat(),
            field="since",
        )
    return since
