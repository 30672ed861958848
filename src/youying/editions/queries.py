"""Reading what is adopted: the edition, calendar, directory row and number that hold at a place and a moment."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from youying.editions.directory import HEADERS, NEEDED
from youying.editions.models import Adoption, LocalPack
from youying.editions.rules import (
    NATIONAL,
    Adopted,
    SpecialDay,
    Suggestion,
    adopted_at,
    number_at,
    paths_up,
    special_days,
    suggested,
)
from youying.editions.snapshot import STAMP, canonical_of, snapshot
from youying.kernel.calendar import WorkCalendar, calendar_from_words, legal_days, years_announced
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition, load_edition
from youying.packs.params import ENGINE_PARAMS
from youying.places.queries import zone_of
from youying.places.rules import lies_in
from youying.places.snapshot import token

WHOLE_WEEK = ("mon", "tue", "wed", "thu", "fri")


def stamp() -> str:
    """The version of everything this context keeps in memory."""
    return token(STAMP)


def edition_for(area_path: str, at: datetime | None = None) -> Edition:
    """The edition that new matters at a path follow at a moment; refused when no place above has adopted one."""
    adopted = adopted_at(snapshot().adoptions, area_path, at=at or now())
    if adopted is None:
        raise Refused(
            "edition-missing",
            say="这里还没有采用机制包，不能登记事项。请管理员先到“机制包”页采用一个。",
            have=area_path,
        )
    return edition_by_digest(adopted.digest)


def adopted_near(area_path: str, at: datetime | None = None) -> Adopted | None:
    """The adoption in force at a path, with the place that made it; nothing where no place above has adopted."""
    return adopted_at(snapshot().adoptions, area_path, at=at or now())


def edition_by_digest(digest: str) -> Edition:
    """A stored edition by its digest; refused when it was never adopted here."""
    return _edition(digest)


def version_at(area_path: str) -> int:
    """How many editions a place itself has adopted up to now: what people call the version they work by."""
    return sum(one.since <= now() for one in snapshot().adoptions.get(area_path, ()))


def editions_around(area_path: str) -> tuple[str, ...]:
    """The digests of every edition that was ever adopted at a path, above it or below it."""
    near = (rows for path, rows in snapshot().adoptions.items() if lies_in(path, area_path) or lies_in(area_path, path))
    return tuple(sorted({row.digest for rows in near for row in rows}))


@lru_cache(maxsize=64)
def _edition(digest: str) -> Edition:
    canonical = canonical_of(digest)
    if canonical is None:
        raise Refused("edition-unknown", say=f"没有版本 {digest[:12]}，请从列表里选。", have=digest)
    return load_edition(canonical)


def calendar_for(edition: Edition, area_path: str, code: str | None = None) -> WorkCalendar:
    """The working calendar of an edition at a place: week and hours by the pack, days off and 调休 by the rows.

    Without `code` it is the edition's own; an edition that names none works from Monday to Friday, around the clock.
    """
    held = snapshot()
    wanted = code or edition.pack.pack.calendar or ""
    zone_name = zone_of(area_path)
    differing = tuple(path for path in paths_up(area_path) if path in held.paths_with_days)
    key = (edition.digest, wanted, zone_name, differing)  # one calendar for all places that share their days
    if key not in held.calendars:
        held.calendars[key] = _calendar(edition, area_path, wanted, zone_name)
    return held.calendars[key]


def _calendar(edition: Edition, area_path: str, code: str, zone_name: str) -> WorkCalendar:
    said = edition.pack.calendar.get(code)
    if said is None and code:
        raise Refused("calendar-unknown", say=f"机制包里没有叫“{code}”的日历。", have=code, field="calendar")
    national = said is None or said.holidays == "national"
    special, names = special_days(snapshot().days, area_path, code=code, national=national)
    return calendar_from_words(
        zone(zone_name),
        week=said.week if said else WHOLE_WEEK,
        hours=said.hours if said else (),
        special=special,
        names=names,
        announced=_years_announced(area_path) if national else None,
    )


def directory_suggestion(area_path: str, category: str, at: datetime | None = None) -> Suggestion | None:
    """What the directory says for a category at a place: rows of the nearest place first, then the edition's own."""
    moment = at or now()
    found = suggested(snapshot().directory, area_path, category=category, at=moment)
    if found or adopted_at(snapshot().adoptions, area_path, at=moment) is None:
        return found
    return suggested(_pack_rows(edition_for(area_path, moment).digest), area_path, category=category, at=moment)


@lru_cache(maxsize=16)
def _pack_rows(digest: str) -> dict[tuple[str, str], list[Suggestion]]:
    directory = _edition(digest).pack.directory
    rows: dict[tuple[str, str], list[Suggestion]] = {}
    for row in directory.rows if directory else ():
        one = suggestion_of(row)
        rows.setdefault((one.area_path, one.category), []).append(one)
    return rows


def suggestion_of(row: Any) -> Suggestion:
    """A directory row of a pack (texts, or lists of texts) as a suggestion."""
    text = {key: value for key, value in row.items() if isinstance(value, str)}
    many = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    for key in ("joint", "not_to"):
        many.setdefault(key, tuple(part for part in text.pop(key, "").replace("、", ";").split(";") if part))
    known: dict[str, Any] = {
        key: text[key] for key in ("category", "unit", "tier", "urgency", "within", "loop", "basis") if key in text
    }
    return Suggestion(**{"category": "", "unit": "", **known}, joint=many["joint"], not_to=many["not_to"])


def param(edition: Edition, area_path: str, name: str, at: datetime | None = None) -> int | float | str:
    """A number of the place (`param:name`): the local one in force, else the pack's, else the engine's default."""
    found = number_at(snapshot().numbers, area_path, name=name, at=at or now())
    if found is not None:
        return found.value
    if name not in edition.params and name in ENGINE_PARAMS:
        return ENGINE_PARAMS[name].value
    if name not in edition.params:
        raise Refused(
            "param-unknown", say=f"机制包里没有叫“{name}”的本地数值。", have=name, need=sorted(edition.params)
        )
    return edition.params[name]


def params_for(edition: Edition, area_path: str, at: datetime | None = None) -> dict[str, int | float | str]:
    """All numbers of the place by name."""
    return {name: param(edition, area_path, name, at) for name in {**ENGINE_PARAMS, **edition.params}}


def directory_headers(area_path: str) -> list[str]:
    """The headers of the directory's table at a place, as the edition lists its columns; the needed ones always."""
    directory = edition_for(area_path).pack.directory
    wanted = {*NEEDED, *(directory.columns if directory and directory.columns else HEADERS)}
    return [titles[0] for name, titles in HEADERS.items() if name in wanted]


def local_pack(viewer: Viewer, area_path: str, version: int | None = None) -> LocalPack | None:
    """The local pack of exactly this place, the latest or a given version; a viewer sees those of its reach and above."""
    if not lies_in(viewer.reach, area_path):
        viewer.require_reach(area_path)
    rows = LocalPack.objects.filter(area_path=area_path)
    return (rows.filter(version=version) if version else rows.order_by("-version")).first()


def adoptions(viewer: Viewer, area_path: str = "/") -> list[Adoption]:
    """Every adoption at or below a path within the viewer's reach, the latest first."""
    rows = Adoption.objects.select_related("edition", "local_pack").defer("edition__canonical", "local_pack__toml")
    prefix = area_path.rstrip("/") + "/"
    found = rows.filter(area_path__startswith=prefix) | rows.filter(area_path=area_path)
    return [row for row in found.order_by("-since", "-id") if viewer.reaches(row.area_path)]


def special_days_of(area_path: str, year: int) -> list[SpecialDay]:
    """Every day of a year on which the week's rule does not hold, as said at a path and above it, by date."""
    places = set(paths_up(area_path))
    held = [day for day in snapshot().days if day.area_path in places and day.day.year == year]
    return sorted(held, key=lambda day: (day.day, day.area_path, day.calendar))


def legal_days_of(area_path: str, year: int) -> dict[date, str]:
    """The days that the law alone makes holidays at a path, in a year whose arrangement is not entered; else none."""
    if announced(area_path, year):
        return {}
    special = {day.day for day in special_days_of(area_path, year) if day.calendar == NATIONAL}
    return {day: name for day, name in legal_days(year).items() if day not in special}


def announced(area_path: str, year: int) -> bool:
    """Whether the national arrangement of a year is entered, as it holds at a path."""
    return year in _years_announced(area_path)


def _years_announced(area_path: str) -> frozenset[int]:
    special, _names = special_days(snapshot().days, area_path, code=NATIONAL, national=True)
    return years_announced(special)


def directory_of(area_path: str, at: datetime | None = None) -> list[Suggestion]:
    """The directory's rows in force at exactly this place, by category."""
    moment = at or now()
    rows = [row for (path, _), found in snapshot().directory.items() if path == area_path for row in found]
    held = [
        row for row in rows if (row.since is None or row.since <= moment) and (row.until is None or moment < row.until)
    ]
    return sorted(held, key=lambda row: row.category)
