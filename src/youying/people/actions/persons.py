"""Every change to person files; each is an act with an entry in the record."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from youying.kernel.identifiers import uuid7
from youying.kernel.moments import local, now, zone
from youying.kernel.viewers import Viewer
from youying.people.actions.carrying import carry, note_move
from youying.people.models import Household, Membership, Person, RegisterEntry
from youying.people.rules import TakenDown, taken_down
from youying.places.queries import Place, place_of, zone_of
from youying.record.actions import open_subject, seal_for, write
from youying.record.acts import act, unchanged
from youying.record.keys import fingerprint, fingerprints

FIELDS = ("name", "phone", "id_number")


@act("people.remember", power="intake")
def remember_person(
    *, by: Viewer, path: str, name: str = "", phone: str = "", id_number: str = "", home_id: int | None = None
) -> Person:
    """The file of a person, found by ID number, or by telephone and name, within reach; made when there is none.

    `path` is where the person lives or was met; what the file lacks is added, what it has stays.
    """
    return file_of(taken_down(name=name, phone=phone, id_number=id_number), by=by, path=path, home_id=home_id)


def file_of(said: TakenDown, *, by: Viewer, path: str, home_id: int | None = None) -> Person:
    """The file of whoever was taken down, found or made; part of an act that may take people down."""
    by.require_reach(path)
    household = household_of(place_of(home_id=home_id)) if home_id else None
    found = _found(said, by=by)
    if found is None:
        return _made(said, path=path, household=household, by=by)
    return _completed(found, said, household=household, by=by)


@act("people.forget", power="audit")
def forget_person(subject: str, *, by: Viewer) -> int:
    """Drop the fingerprints and ciphertexts of a person whose data key was destroyed; returns how many files."""
    key = subject.removeprefix("person:")
    emptied = {f"{name}_sealed": None for name in (*FIELDS, "birth")} | {f"{name}_index": "" for name in FIELDS}
    count = Person.objects.filter(pk=key).update(**emptied)
    if not count:
        unchanged()
        return 0
    write(subject, "people.forget", by=by, facts={"fields": list(FIELDS)})
    return count


@act("people.follow-move", power="places")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give the files at or below a moved place its new path; returns how many there were."""
    by.require_reach(old_path)
    count = carry(Person, "path", old=old_path, new=new_path)
    listed = sum(carry(RegisterEntry, column, old=old_path, new=new_path) for column in ("path", "area_path"))
    listed += carry(RegisterEntry, "key", old=f"place:{old_path}", new=f"place:{new_path}")
    if not count + listed:
        unchanged()
        return 0
    note_move("people-moved", "people.follow-move", by=by, old=old_path, new=new_path, facts={"files": count})
    return count


def _found(said: TakenDown, *, by: Viewer) -> Person | None:
    """The file this is about: of the same ID number, or of the same telephone and no other name."""
    same = Q(id_number_index__in=fingerprints("id_number", said.id_number)) if said.id_number else Q(pk=None)
    if said.phone:
        names = ["", *fingerprints("name", said.normal_name)] if said.name else None
        by_phone = Q(phone_index__in=fingerprints("phone", said.normal_phone))
        same |= by_phone & Q(name_index__in=names) if names else by_phone
    found = (
        Person.objects.select_for_update(of=("self",)).filter(same).select_related("merged_into").order_by("made_at")
    )
    rows = list({row.standing.pk: row.standing for row in found[:50]}.values())
    rows = [row for row in rows if by.reaches(row.path) and not _contradicts(row, said)]
    return max(rows, key=lambda row: (bool(said.id_number and row.id_number_index), bool(row.name_index)), default=None)


def _contradicts(row: Person, said: TakenDown) -> bool:
    """Whether the file has another ID number than was said."""
    known = fingerprints("id_number", said.id_number)
    return bool(known and row.id_number_index) and row.id_number_index not in known


def _made(said: TakenDown, *, path: str, household: Household | None, by: Viewer) -> Person:
    row = Person(id=uuid7(), path=path, household=household, made_at=now())
    open_subject(row.subject)
    added = _fill(row, said)
    row.save(force_insert=True)
    _taken_down_at(row)
    write(row.subject, "people.remember", by=by, facts={"path": path, "added": added})
    return row


def _completed(row: Person, said: TakenDown, *, household: Household | None, by: Viewer) -> Person:
    added = _fill(row, said)
    if household and row.household_id is None:
        row.household = household
        added.append("household")
    if not added:
        unchanged()
        return row
    row.save()
    if "household" in added:
        _taken_down_at(row)
    write(row.subject, "people.remember", by=by, facts={"path": row.path, "added": added})
    return row


def _taken_down_at(row: Person) -> None:
    """Who is taken down at a home lives there from that day, until somebody knows better."""
    if row.household_id is not None:
        today = local(now(), zone(zone_of(row.path))).date()
        Membership.objects.create(
            person=row, household_id=row.household_id, role="other", since=today, began="taken-down"
        )


def _fill(row: Person, said: TakenDown) -> list[str]:
    """Seal what the file lacks; the names of the fields that came."""
    forms = {"name": said.normal_name, "phone": said.normal_phone, "id_number": said.id_number}
    added = []
    for field in FIELDS:
        value = getattr(said, field)
        if value and not getattr(row, f"{field}_index"):
            setattr(row, f"{field}_sealed", seal_for(row.subject, value))
            setattr(row, f"{field}_index", fingerprint(field, forms[field]))
            added.append(field)
    return added


def household_of(place: Place) -> Household:
    """The household of a home, begun with its first person; part of an act that puts somebody into it."""
    home: Any = place.home_id
    row, _ = Household.objects.get_or_create(home_id=home, defaults={"name": place.words[:60]})
    return row
