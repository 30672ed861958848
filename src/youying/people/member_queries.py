"""Reading households: who lives in a home on a day, masked and within reach, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from youying.kernel.masking import mask_name, mask_phone
from youying.kernel.viewers import Viewer
from youying.people.membership_rules import age_on
from youying.people.models import Membership
from youying.places.queries import place_of
from youying.record.queries import Opener, opener


@dataclass(frozen=True, slots=True)
class MemberShown:
    """Somebody of a household as a list shows them: masked; the age is read for the day and kept nowhere."""

    person_id: UUID
    name_masked: str
    phone_masked: str
    role: str
    since: date
    began: str
    until: date | None
    ended: str
    age: int | None


def people_of_home(viewer: Viewer, home_id: int, *, day: date) -> list[MemberShown]:
    """Who lives in a home on a day, the head first; needs the power `view` and the home within reach."""
    return _shown(_of_home(viewer, home_id).filter(_on(day)), day=day)


def past_people_of_home(viewer: Viewer, home_id: int, *, day: date) -> list[MemberShown]:
    """Who lived in a home before a day and does no longer, the latest first."""
    rows = _shown(_of_home(viewer, home_id).filter(until__lte=day), day=day)
    return sorted(rows, key=lambda one: one.since, reverse=True)


def living_alone(person_ids: Collection[UUID], *, day: date) -> set[UUID]:
    """Who of these is the only one registered in their household on a day: the fact `lives_alone`; two statements."""
    own = dict(_whole().filter(_on(day), person__in=person_ids).values_list("person_id", "household_id"))
    members = _whole().filter(_on(day), household__in=set(own.values())).values_list("household_id", flat=True)
    heads = Counter(members)
    return {person for person, household in own.items() if heads[household] == 1}


def _of_home(viewer: Viewer, home_id: int) -> QuerySet[Membership]:
    viewer.require("view")
    viewer.require_reach(place_of(home_id=home_id).place_path)
    return _whole().filter(household__home=home_id).select_related("person")


def _whole() -> QuerySet[Membership]:
    """Every membership but what a merged double left behind: its days are told by the file that stands."""
    return Membership.objects.filter(person__merged_into__isnull=True).order_by("since", "pk")


def _on(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def _shown(rows: QuerySet[Membership], *, day: date) -> list[MemberShown]:
    found = list(rows)
    keys = opener(row.person.subject for row in found)
    return sorted((_one(row, keys, day) for row in found), key=lambda one: (one.role != "head", one.since))


def _one(row: Membership, keys: Opener, day: date) -> MemberShown:
    person = row.person
    name, phone, born = (
        keys.value(person.subject, blob) for blob in (person.name_sealed, person.phone_sealed, person.birth_sealed)
    )
    return MemberShown(
        person_id=person.pk,
        name_masked=mask_name(name) if name else "",
        phone_masked=mask_phone(phone) if phone else "",
        role=row.role,
        since=row.since,
        began=row.began,
        until=row.until,
        ended=row.ended,
        age=age_on(date.fromisoformat(born), day) if born else None,
    )
