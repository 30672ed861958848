"""Two person files that are one become one: the older stands, the other stays as a pointer, and nothing is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.actions.persons import FIELDS
from youying.people.actions.registers import ended
from youying.people.events import PersonsMerged
from youying.people.membership_rules import taken_over, widened
from youying.people.models import Membership, Person, RegisterEntry
from youying.record.actions import announce, lock, seal_for, write
from youying.record.acts import act
from youying.record.queries import Opener, opener


@act("people.merge", power="intake")
def merge_persons(one_id: UUID, other_id: UUID, *, by: Viewer, reason: str) -> Person:
    """Make one file of two that a person found to be of one person; returns the older, which stands.

    Entries, memberships and consents go over; both must lie within reach, and what contradicts itself is refused.
    """
    words = _checked_yes(reason, by=by)
    older, double = _both(one_id, other_id, by=by)
    lock(older.subject, double.subject)
    keys = opener([older.subject, double.subject])
    _refuse_others(older, double, keys)
    moved = {
        "stays": _take_stays(older, double),
        "entries": [_take_entry(row, older, by=by) for row in _entries(double)],
        "added": _take_values(older, double, keys),
    }
    older.save()
    double.merged_into, double.household = older, None
    double.save(update_fields=["merged_into", "household"])
    double.doubles.update(merged_into=older)
    said = {"reason": words}
    write(older.subject, "people.merge", by=by, facts={"double": double.subject} | moved, sealed=said)
    write(double.subject, "people.merge", by=by, facts={"into": older.subject} | moved, sealed=said)
    announce(PersonsMerged(double.subject, older.subject), subject=older.subject)
    return older


def _checked_yes(reason: str, *, by: Viewer) -> str:
    """A merge is a person's decision, said in words; the system may only propose."""
    words = " ".join(reason.split())[:400]
    if by.kind != "post":
        raise Refused("merge-needs-a-person", say="合并资料要由人决定，系统只能提出。", have=by.kind)
    if not words:
        raise Refused("reason-missing", say="请写明凭什么认定是同一个人。", field="reason")
    return words


def _both(one_id: UUID, other_id: UUID, *, by: Viewer) -> tuple[Person, Person]:
    """The two files, locked in one order, the older first."""
    rows = list(Person.objects.select_for_update().filter(pk__in={one_id, other_id}).order_by("made_at", "pk"))
    if len(rows) != 2 or not all(by.reaches(row.path) for row in rows):
        say = "请选两份不同的资料，都要在您的辖区内。"
        raise Refused("person-unknown", say=say, have=[str(one_id), str(other_id)])
    if any(row.merged_into_id for row in rows):
        raise Refused("merged-already", say="其中一份已经合并过了，请打开合并后的那一份。")
    return rows[0], rows[1]


def _refuse_others(older: Person, double: Person, keys: Opener) -> None:
    """Two ID numbers, or two birth days, are two persons."""
    for field, title in (("id_number_sealed", "身份证号"), ("birth_sealed", "出生日期")):
        said = {value for row in (older, double) if (value := keys.value(row.subject, getattr(row, field)))}
        if len(said) > 1:
            say = f"两份资料的{title}不同，不是同一个人；写错了的，请先更正。"
            raise Refused("two-persons", say=say, field=field.removesuffix("_sealed"))


def _take_stays(older: Person, double: Person) -> list[list[Any]]:
    """Move the memberships, or widen the one that a double stay meets, which then stays with the pointer."""
    own, others = list(older.memberships.order_by("since")), list(double.memberships.order_by("since"))
    by_own, by_others = {one.stay: one for one in own}, {one.stay: one for one in others}
    told: list[list[Any]] = []
    for stay, met in taken_over(by_own, by_others):
        row = by_others[stay]
        told.append([row.pk, None if met is None else by_own[met].pk])
        if met is None:
            row.person = older
            row.save(update_fields=["person"])
        else:
            _widen(by_own[met], row)
    older.household = next((one.household for one in (*own, *others) if _stands(one, older)), None)
    return told


def _stands(one: Membership, older: Person) -> bool:
    return one.person_id == older.pk and one.until is None


def _widen(standing: Membership, row: Membership) -> None:
    wide = widened(standing.stay, row.stay)
    if wide.until is not None and wide.until != standing.until:
        standing.ended = row.ended
    standing.since, standing.until = wide.since, wide.until
    standing.ended = standing.ended if wide.until else ""
    standing.save(update_fields=["since", "until", "ended"])


def _entries(double: Person) -> list[RegisterEntry]:
    return list(RegisterEntry.objects.select_for_update().filter(person=double).order_by("pk"))


def _take_entry(row: RegisterEntry, older: Person, *, by: Viewer) -> int:
    """Put an entry under the older file; where that is listed already, its consents go over and it ends."""
    same = RegisterEntry.objects.filter(
        register=row.register, area_path=row.area_path, key=older.subject, left_at__isnull=True
    ).first()
    if row.left_at is None and same is not None:
        have = same.consents.filter(withdrawn_at__isnull=True).values_list("purpose", flat=True)
        row.consents.filter(withdrawn_at__isnull=True).exclude(purpose__in=list(have)).update(entry=same)
        ended(row, "merged", by=by)
    row.person, before, row.key = older, row.key, older.subject
    row.save(update_fields=["person", "key"])
    write(row.subject, "people.merge", by=by, facts={"before": before, "after": row.key})
    return row.pk


def _take_values(older: Person, double: Person, keys: Opener) -> list[str]:
    """Seal for the older file what only the double knows; what both know stays with each."""
    added = []
    for field in (*FIELDS, "birth"):
        value = keys.value(double.subject, getattr(double, f"{field}_sealed"))
        if value and getattr(older, f"{field}_sealed") is None:
            setattr(older, f"{field}_sealed", seal_for(older.subject, value))
            added.append(field)
            if field in FIELDS:
                setattr(older, f"{field}_index", getattr(double, f"{field}_index"))
    return added
