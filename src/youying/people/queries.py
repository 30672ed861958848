"""Reading person files: within reach, and masked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from youying.kernel.masking import mask_id_number, mask_name, mask_phone
from youying.kernel.normal_forms import normal_phone
from youying.kernel.viewers import Viewer
from youying.people.models import Person
from youying.places.queries import path_words
from youying.record.keys import fingerprints
from youying.record.queries import Opener, opener

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person as a list shows it: masked; unmasking is an act of its own."""

    id: UUID
    subject: str
    name_masked: str
    phone_masked: str
    id_number_masked: str
    place_words: str
    path: str


def find_by_phone(viewer: Viewer, phone: str) -> list[PersonShown]:
    """The people within the viewer's reach who gave this telephone number; refused when it is none."""
    viewer.require("view")
    rows = Person.objects.filter(phone_index__in=fingerprints("phone", normal_phone(phone))).order_by("made_at")
    files = {row.standing.pk: row.standing for row in rows.select_related("merged_into")[: MOST_FOUND * 5]}
    found = [row for row in files.values() if viewer.reaches(row.path)][:MOST_FOUND]
    keys = opener(row.subject for row in found)
    return [_shown(row, keys) for row in found]


def _opened(row: Person, keys: Opener, field: str) -> str | None:
    blob: bytes | None = getattr(row, f"{field}_sealed")
    return keys.value(row.subject, blob)


def _shown(row: Person, keys: Opener) -> PersonShown:
    name, phone, id_number = (_opened(row, keys, field) for field in ("name", "phone", "id_number"))
    return PersonShown(
        id=row.pk,
        subject=row.subject,
        name_masked=mask_name(name) if name else "",
        phone_masked=mask_phone(phone) if phone else "",
        id_number_masked=mask_id_number(id_number) if id_number else "",
        place_words=path_words(row.path),
        path=row.path,
    )
