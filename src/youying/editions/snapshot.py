"""What one process keeps in memory of adoptions, directory, days and numbers, until somebody changes them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from youying.editions.models import Adoption, CalendarDay, DirectoryRow, EditionRow, ParamValue
from youying.editions.rules import Adopted, LocalNumber, SpecialDay, Suggestion
from youying.kernel.calendar import WorkCalendar
from youying.places.snapshot import Kept

STAMP = "editions"


@dataclass
class Snapshot:
    """All that is effective-dated, by place; calendars as they are asked for."""

    adoptions: dict[str, list[Adopted]]
    directory: dict[tuple[str, str], list[Suggestion]]
    numbers: dict[tuple[str, str], list[LocalNumber]]
    days: list[SpecialDay]
    calendars: dict[tuple[str, str, str, tuple[str, ...]], WorkCalendar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.paths_with_days = {day.area_path for day in self.days}


def _read() -> Snapshot:
    return Snapshot(adoptions=_adoptions(), directory=_directory(), numbers=_numbers(), days=_days())


def _adoptions() -> dict[str, list[Adopted]]:
    found: dict[str, list[Adopted]] = defaultdict(list)
    for row in Adoption.objects.values_list("area_path", "edition_id", "since", "id"):
        found[row[0]].append(Adopted(*row))
    return dict(found)


def _directory() -> dict[tuple[str, str], list[Suggestion]]:
    found: dict[tuple[str, str], list[Suggestion]] = defaultdict(list)
    for row in DirectoryRow.objects.order_by("-since"):
        found[row.area_path, row.category].append(
            Suggestion(
                category=row.category,
                unit=row.unit,
                joint=tuple(row.joint),
                not_to=tuple(row.not_to),
                tier=row.tier,
                urgency=row.urgency,
                within=row.within,
                loop=row.loop,
                basis=row.basis,
                area_path=row.area_path,
                since=row.since,
                until=row.until,
            )
        )
    return dict(found)


def _numbers() -> dict[tuple[str, str], list[LocalNumber]]:
    found: dict[tuple[str, str], list[LocalNumber]] = defaultdict(list)
    for row in ParamValue.objects.values_list("area_path", "name", "value", "since"):
        found[row[0], row[1]].append(LocalNumber(*row))
    return dict(found)


def _days() -> list[SpecialDay]:
    rows = CalendarDay.objects.values_list("calendar", "area_path", "day", "working", "name")
    return [SpecialDay(*row) for row in rows]


snapshot: Kept[Snapshot] = Kept(STAMP, _read)


def canonical_of(digest: str) -> str | None:
    """The stored text of an edition."""
    return EditionRow.objects.filter(pk=digest).values_list("canonical", flat=True).first()
