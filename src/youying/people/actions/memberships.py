"""Who moves in and out, is born and dies; each is an act with an entry in the record of the person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from youying.kernel.identifiers import uuid7
from youying.kernel.moments import local, now, zone
from youying.kernel.normal_forms import normal_name
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people import membership_rules as rules
from youying.people.actions.persons import household_of
from youying.people.membership_rules import Stay
from youying.people.models import Membership, Person
from youying.people.rules import checked_name
from youying.places.queries import Place, place_of, zone_of
from youying.record.actions import open_subject, seal_for, write
from youying.record.acts import act
from youying.record.keys import fingerprint


@act("people.move-in", power="intake")
def move_in(person_id: UUID, *, by: Viewer, home_id: int, role: str, since: date | None = None) -> Membership:
    """Say that a person lives in a home since a day; refused while they live in another household.

    Who was only taken down there is corrected: from when, and as what.
    """
    row, place = _person(person_id, by=by), _home(home_id, by=by)
    first = rules.checked_day(since, today=_today(place.place_path), field="since")
    return _began(row, place, role=role, since=first, began="moved-in", by=by)


@act("people.note-birth", power="intake")
def note_birth(*, by: Viewer, home_id: int, name: str, born_on: date, since: date | None = None) -> Membership:
    """Open the file of a child that was born into a home, which has neither telephone nor ID number yet."""
    place = _home(home_id, by=by)
    today = _today(place.place_path)
    born = rules.checked_birth(born_on, today=today)
    first = rules.checked_day(since, today=today, field="since") if since else born
    rules.check_ends(Stay(0, born), first)
    said = checked_name(name)
    row = Person(id=uuid7(), path=place.place_path, made_at=now())
    open_subject(row.subject)
    row.name_sealed, row.name_index = seal_for(row.subject, said), fingerprint("name", normal_name(said))
    row.birth_sealed = seal_for(row.subject, born.isoformat())
    row.save(force_insert=True)
    return _began(row, place, role="child", since=first, began="born", by=by)


@act("people.move-out", power="intake")
def move_out(person_id: UUID, *, by: Viewer, on: date | None = None, died: bool = False) -> Membership:
    """Say that a person left their household on a day: moved out, or died."""
    row = _person(person_id, by=by)
    member = row.memberships.filter(until__isnull=True).first()
    if member is None:
        raise Refused("lives-nowhere", say="这个人现在没有登记住在哪一户，不用办迁出。", have=str(person_id))
    day = rules.checked_day(on, today=_today(row.path), field="on")
    rules.check_ends(member.stay, day)
    member.until, member.ended = day, "died" if died else "moved-out"
    member.save(update_fields=["until", "ended"])
    row.household = None
    row.save(update_fields=["household"])
    write(row.subject, "people.move-out", by=by, facts=_facts(member) | {"until": str(day), "ended": member.ended})
    return member


@act("people.note-birthday", power="intake")
def note_birthday(person_id: UUID, *, by: Viewer, born_on: date) -> Person:
    """Note the day on which a person was born, sealed; an age is read from it when it is needed and stored nowhere."""
    row = _person(person_id, by=by)
    born = rules.checked_birth(born_on, today=_today(row.path))
    row.birth_sealed = seal_for(row.subject, born.isoformat())
    row.save(update_fields=["birth_sealed"])
    write(row.subject, "people.note-birthday", by=by, facts={}, sealed={"born_on": born.isoformat()})
    return row


def _began(row: Person, place: Place, *, role: str, since: date, began: str, by: Viewer) -> Membership:
    household = household_of(place)
    stays = list(row.memberships.order_by("since"))
    vague = next((one for one in stays if one.until is None and one.began == "taken-down"), None)
    new = vague if vague and vague.household_id == household.pk else Membership(person=row, household=household)
    new.role, new.since, new.began = rules.checked_role(role), since, began
    rules.check_apart((one.stay for one in stays if one.pk != new.pk), new.stay)
    new.save()
    before, row.household, row.path = row.path, household, place.place_path
    row.save(update_fields=["household", "path"])
    moved = {} if before == row.path else {"before": before}
    write(row.subject, f"people.{_ACTS[began]}", by=by, facts=_facts(new) | {"path": row.path} | moved)
    return new


_ACTS = {"moved-in": "move-in", "born": "note-birth"}


def _facts(one: Membership) -> dict[str, Any]:
    return {"household": one.household_id, "role": one.role, "since": str(one.since)}


def _person(person_id: UUID, *, by: Viewer) -> Person:
    row = Person.objects.select_for_update().filter(pk=person_id).first()
    if row is None or not by.reaches(row.path):
        raise Refused("person-unknown", say="没有这个人的资料，或不在您的辖区内。", have=str(person_id)[:40])
    if row.merged_into_id is not None:
        raise Refused("merged-already", say="这份资料已经合并，请打开合并后的那一份。", have=str(person_id)[:40])
    return row


def _home(home_id: int, *, by: Viewer) -> Place:
    place = place_of(home_id=home_id)
    by.require_reach(place.place_path)
    return place


def _today(path: str) -> date:
    return local(now(), zone(zone_of(path))).date()
