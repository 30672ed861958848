"""Reading registers: within reach, masked, filtered, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from youying.access.queries import within
from youying.files.queries import register_guard
from youying.kernel.masking import mask_name, mask_phone
from youying.kernel.normal_forms import normal_name, normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.people.models import Keeping, Person, RegisterEntry
from youying.places.queries import path_words
from youying.record.keys import fingerprints
from youying.record.queries import Opener, opener
from youying.record.reaching import register_places

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of a register are asked for; empty values do not narrow. `text` is a name or telephone, whole."""

    path: str = ""
    classes: tuple[str, ...] = ()
    text: str = ""
    ended: bool = False
    consent: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An entry as lists show it: a person masked."""

    id: int
    subject: str
    register: str
    of: str
    class_code: str
    key: str
    shown: str
    phone_masked: str
    path: str
    area_path: str
    place_words: str
    since: date
    entered_at: datetime
    left_at: datetime | None
    left_reason: str
    basis: str
    edition: str
    unit_id: int | None
    home_id: int | None
    consents: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries and how many there are in all."""

    rows: Sequence[EntryShown]
    total: int


def entries(
    viewer: Viewer, register: str, wanted: Wanted | None = None, *, offset: int = 0, limit: int = PAGE
) -> EntryPage:
    """A page of a register within the viewer's reach, the latest first; needs the power `view`."""
    rows = _narrowed(viewer, register, wanted or Wanted())
    page = list(rows.select_related("person", "unit").prefetch_related("consents")[offset : offset + limit])
    keys = opener(row.person.subject for row in page if row.person)
    return EntryPage([_shown(row, keys) for row in page], rows.count())


def entry(viewer: Viewer, entry_id: int) -> EntryShown:
    """One entry; refused beyond reach."""
    viewer.require("view")
    rows = RegisterEntry.objects.select_related("person", "unit").prefetch_related("consents")
    row = rows.filter(pk=entry_id).first()
    if row is None or not viewer.reaches(row.path):
        raise Refused("not-found", say="名册里没有这一条，或不在您的辖区内。", have=entry_id)
    return _shown(row, opener([row.person.subject] if row.person else []))


def entries_by_class(
    viewer: Viewer, register: str, *, path: str = "", among: Collection[int] | None = None
) -> dict[str, int]:
    """How many stand in each class of a register now; `among` counts only entries with these keys."""
    rows = _narrowed(viewer, register, Wanted(path=path)).order_by()
    rows = rows if among is None else rows.filter(pk__in=among)
    return dict(rows.values_list("class_code").annotate(n=Count("pk")))


def counts_of_registers(viewer: Viewer, *, path: str = "") -> dict[str, int]:
    """How many stand in each register now; one statement."""
    viewer.require("view")
    rows = RegisterEntry.objects.filter(_reach(viewer, path), left_at__isnull=True)
    return dict(rows.values_list("register").annotate(n=Count("pk")))


def entry_contact(viewer: Viewer, entry_id: int) -> dict[str, str]:
    """Name and telephone of somebody listed in clear; the caller has recorded the unmasking with its purpose."""
    viewer.require("unmask")
    shown = entry(viewer, entry_id)
    person = RegisterEntry.objects.select_related("person").get(pk=shown.id).person
    if person is None:
        raise Refused("contact-of-nobody", say="这一条登记的不是人。", have=shown.of)
    keys = opener([person.subject])
    named = {"name": person.name_sealed, "phone": person.phone_sealed}
    return {name: keys.value(person.subject, blob) or "" for name, blob in named.items()}


def names_of_keys(keys: Iterable[str]) -> dict[str, str]:
    """The masked names of the persons among some keys (person:…), where their file is kept; two statements."""
    ids = [key.removeprefix("person:") for key in set(keys) if key.startswith("person:")]
    rows = list(Person.objects.filter(pk__in=ids)) if ids else []
    opened = opener(row.subject for row in rows)
    return {row.subject: mask_name(opened.value(row.subject, row.name_sealed) or "") for row in rows}


def keys_with(consent: str) -> QuerySet[RegisterEntry, str]:
    """The keys of everybody listed anywhere whose consent to this stands; a subquery."""
    rows = RegisterEntry.objects.filter(left_at=None, consents__purpose=consent, consents__withdrawn_at=None)
    return rows.order_by().values_list("key", flat=True)


def names_of_entries(subjects: Iterable[str]) -> dict[str, str]:
    """What lists call some entries, by subject: a person masked, else the title; subjects of anything else are left out."""
    ids = {one.partition(":")[2] for one in subjects if one.startswith("register-entry:")}
    rows = list(RegisterEntry.objects.filter(pk__in=ids).select_related("person")) if ids else []
    opened = opener(row.person.subject for row in rows if row.person)
    return {
        row.subject: mask_name(opened.value(row.person.subject, row.person.name_sealed) or "")
        if row.person
        else row.title
        for row in rows
    }


def _narrowed(viewer: Viewer, register: str, wanted: Wanted) -> QuerySet[RegisterEntry]:
    viewer.require("view")
    rows = RegisterEntry.objects.filter(_reach(viewer, wanted.path), register=register)
    rows = rows.filter(left_at__isnull=not wanted.ended)
    if wanted.classes:
        rows = rows.filter(class_code__in=wanted.classes)
    if wanted.consent:
        rows = rows.filter(consents__purpose=wanted.consent, consents__withdrawn_at__isnull=True)
    if wanted.unit_id:
        rows = rows.filter(unit_id=wanted.unit_id)
    if wanted.text:
        rows = rows.filter(_named(wanted.text))
    return rows.order_by("-since", "-pk")


def _reach(viewer: Viewer, path: str) -> Q:
    reach = within(viewer.reach, column="path") if viewer.reach else Q(pk=None)
    return reach & within(path, column="path") if path else reach


def _named(text: str) -> Q:
    """Entries that a text names: a title in part, a person's name or telephone whole, by its fingerprint."""
    words = text.strip()[:80]
    marks = fingerprints("name", normal_name(words))
    named = Q(title__icontains=words) | Q(person__in=_files(name_index__in=marks))
    if sum(letter.isdecimal() for letter in words) < 7:
        return named
    try:
        return named | Q(person__in=_files(phone_index__in=fingerprints("phone", normal_phone(words))))
    except Refused:
        return named


def _files(**marked: object) -> QuerySet[Person, UUID]:
    """The files that fingerprints find; what finds a merged double leads to the file that stands. A subquery."""
    rows = Person.objects.filter(**marked).annotate(stands=Coalesce("merged_into", "pk"))
    return rows.values_list("stands", flat=True)


def keepers_on(entry_ids: Iterable[int], *, day: date) -> dict[int, int]:
    """Which account was responsible for each of these entries on a day: the fact `keeper`; one statement."""
    rows = Keeping.objects.filter(Q(until__isnull=True) | Q(until__gt=day), entry__in=list(entry_ids), since__lte=day)
    return dict(rows.values_list("entry_id", "account_id"))


def _shown(row: RegisterEntry, keys: Opener) -> EntryShown:
    person = row.person
    name = keys.value(person.subject, person.name_sealed) if person else None
    phone = keys.value(person.subject, person.phone_sealed) if person else None
    words = path_words(row.path)
    titles = {"person": mask_name(name or ""), "home": words, "unit": row.unit.title if row.unit else ""}
    return EntryShown(
        id=row.pk,
        subject=row.subject,
        register=row.register,
        of=row.of,
        class_code=row.class_code,
        key=row.key,
        shown=titles.get(row.of, row.title),
        phone_masked=mask_phone(phone) if phone else "",
        path=row.path,
        area_path=row.area_path,
        place_words=words,
        since=row.since,
        entered_at=row.entered_at,
        left_at=row.left_at,
        left_reason=row.left_reason,
        basis=row.basis,
        edition=row.edition,
        unit_id=row.unit_id,
        home_id=row.home_id,
        consents=tuple(sorted(one.purpose for one in row.consents.all() if one.withdrawn_at is None)),
    )


def _lie(keys: Iterable[str]) -> dict[str, list[str]]:
    rows = RegisterEntry.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): [path] for pk, path in rows.values_list("pk", "path")}


def _guard(viewer: Viewer, subject: str) -> None:
    """Whoever may read an entry may read its sheets and files."""
    key = subject.partition(":")[2]
    entry(viewer, int(key) if key.isdecimal() else 0)


register_places("register-entry", _lie)
register_guard("register-entry", _guard)
