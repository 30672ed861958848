"""Every change to a register; each is an act with an entry in the record.

People lies below the adopted packs: the caller hands in the edition that holds at the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Value
from django.db.models.functions import Greatest

from youying.access.queries import units
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.people import register_rules as rules
from youying.people.actions.persons import file_of
from youying.people.events import EntryEnded, EntryMade
from youying.people.models import Consent, Person, RegisterEntry
from youying.people.register_rules import Consented, Listed, Terms
from youying.people.rules import taken_down
from youying.places.models import Area
from youying.places.queries import path_words, place_of, zone_of
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act, unchanged
from youying.record.keys import fingerprints

NAMED_FREELY = ("place", "thing")
"""What is listed under a name of anybody's words."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Who or what is to be listed, found: the columns that name it, and the keys that it may be listed under besides."""

    key: str
    also: tuple[str, ...] = ()
    title: str = ""
    person: Person | None = None
    home_id: int | None = None
    unit_id: int | None = None
    path: str = ""


@act("people.enter")
def enter(
    register: str,
    *,
    by: Viewer,
    edition: Edition,
    path: str,
    listed: Listed,
    class_code: str = "",
    since: date | None = None,
    consents: Sequence[Consented] = (),
    basis: str = "",
) -> RegisterEntry:
    """List a person, home, unit, place or thing in a register at a place; refused when it is listed there already.

    A person is listed by consent, or by the law that `basis` names (Personal Information Protection Law, article 13).
    """
    terms = rules.terms_of(edition, register)
    rules.check_may_enter(terms, by)
    by.require_reach(path)
    given = [rules.checked_consent(one.purpose, one.way) for one in consents]
    row = RegisterEntry(
        register=register,
        of=terms.of,
        class_code=rules.checked_class(terms, class_code),
        basis=rules.checked_basis(terms.of, basis, given),
        area_path=place_of(area_path=_area(path)).area_path,
        since=rules.checked_since(since, today=_today(path)),
        edition=edition.digest,
        entered_at=now(),
    )
    _take_turn(row.area_path)
    found = _FINDERS[terms.of](listed, path, by)
    _refuse_twice(terms, row.area_path, (found.key, *found.also))
    row.key, row.title, row.path = found.key, found.title, found.path or path
    row.person, row.home_id, row.unit_id = found.person, found.home_id, found.unit_id
    row.save(force_insert=True)
    open_subject(row.subject)
    agreed = _consent(row, given) if terms.of == "person" else []
    facts = {"register": register, "class": row.class_code, "key": row.key, "path": row.path, "since": str(row.since)}
    sealed = {"title": row.title} if row.of in NAMED_FREELY else None
    write(row.subject, "people.enter", by=by, facts=facts | {"consents": agreed, "law": bool(row.basis)}, sealed=sealed)
    event = EntryMade(row.pk, register, row.key, row.path, terms.purse)
    announce(event, subject=row.subject)
    return row


@act("people.change-class")
def change_class(entry_id: int, *, by: Viewer, edition: Edition, class_code: str) -> RegisterEntry:
    """Put an entry into another class of its register."""
    row, terms = kept(entry_id, by=by, edition=edition)
    before, row.class_code = row.class_code, rules.checked_class(terms, class_code)
    if before == row.class_code:
        unchanged()
        return row
    row.save(update_fields=["class_code"])
    write(row.subject, "people.change-class", by=by, facts={"before": before, "after": row.class_code})
    return row


@act("people.correct-entry")
def correct_entry(
    entry_id: int, *, by: Viewer, edition: Edition, title: str | None = None, since: date | None = None
) -> RegisterEntry:
    """Correct the name of a place or thing, or the day since when something is listed."""
    row, terms = kept(entry_id, by=by, edition=edition)
    after: dict[str, Any] = {}
    keys = [row.key]
    if title is not None and row.of in NAMED_FREELY:
        after["title"] = rules.checked_title(title)
        keys = keys if row.of == "place" else _keys_of_thing(after["title"])
        after["key"] = row.key if row.key in keys else keys[0]
    if since is not None:
        after["since"] = rules.checked_since(since, today=_today(row.path))
    before = {name: getattr(row, name) for name, value in after.items() if getattr(row, name) != value}
    if not before:
        raise Refused("nothing-changed", say="没有改动。", have=entry_id)
    if "key" in before:
        _take_turn(row.area_path)
        _refuse_twice(terms, row.area_path, keys)
    for name in before:
        setattr(row, name, after[name])
    row.save(update_fields=list(before))
    sealed = {"before": {name: str(value) for name, value in before.items()}}
    write(row.subject, "people.correct-entry", by=by, facts={"fields": sorted(before)}, sealed=sealed)
    return row


@act("people.leave")
def leave(entry_id: int, *, by: Viewer, edition: Edition, reason: str) -> RegisterEntry:
    """End an entry for a coded reason; it stays readable, and whoever it names may be listed anew."""
    row, terms = kept(entry_id, by=by, edition=edition)
    return ended(row, rules.checked_reason(terms, reason), by=by)


@act("people.give-consent")
def give_consent(entry_id: int, *, by: Viewer, edition: Edition, consent: Consented) -> RegisterEntry:
    """Take down that somebody listed agrees to one thing more."""
    row, _terms = kept(entry_id, by=by, edition=edition)
    given = rules.checked_consent(consent.purpose, consent.way)
    if row.of != "person":
        raise Refused("consent-of-nobody", say="只有人才需要征得同意。", have=row.of)
    if row.consents.filter(purpose=given.purpose, withdrawn_at__isnull=True).exists():
        raise Refused("consent-given", say=f"“{rules.CONSENTS[given.purpose]}”已经同意过了。", have=given.purpose)
    agreed = _consent(row, [given])
    write(row.subject, "people.give-consent", by=by, facts={"consents": agreed})
    return row


@act("people.withdraw-consent")
def withdraw_consent(entry_id: int, *, by: Viewer, edition: Edition, purpose: str, way: str) -> RegisterEntry:
    """Take down that somebody withdrew a consent; who is listed by consent alone leaves with the first.

    Withdrawing must be as easy as giving (Personal Information Protection Law, article 15).
    """
    row, terms = _open_entry(entry_id, by=by, edition=edition)
    if not (terms.may_keep(by) or terms.may_enter(by)):
        rules.check_may_keep(terms, by)
    rules.checked_consent(purpose, way)
    count = row.consents.filter(purpose=purpose, withdrawn_at__isnull=True).update(withdrawn_at=now())
    if not count:
        raise Refused("consent-not-given", say="没有这项同意，不必撤回。", have=purpose)
    facts = {"consents": [purpose], "way": way}
    write(row.subject, "people.withdraw-consent", by=by, facts=facts)
    return ended(row, "consent-withdrawn", by=by) if purpose == "keep" and not row.basis else row


@act("people.end-erased", power="audit")
def end_erased(subject: str, *, by: Viewer) -> int:
    """End every entry of a person whose personal values were erased; how many."""
    rows = list(RegisterEntry.objects.select_for_update().filter(key=subject, left_at__isnull=True).order_by("pk"))
    if not rows:
        unchanged()
    for row in rows:
        ended(row, "erased", by=by)
    return len(rows)


@act("people.end-lapsed")
def end_lapsed(entry_id: int, *, by: Viewer) -> RegisterEntry:
    """End an entry whose ground ran out by date, whatever registers the pack in force still keeps."""
    row = RegisterEntry.objects.select_for_update().filter(pk=entry_id, left_at__isnull=True).first()
    if row is None:
        raise Refused("not-found", say="名册里没有这一条，或已经移出。", have=entry_id)
    return ended(row, "lapsed", by=by)


def ended(row: RegisterEntry, reason: str, *, by: Viewer) -> RegisterEntry:
    """End an entry with its consents and its keeping; part of an act that may."""
    row.left_at, row.left_reason = now(), reason
    row.save(update_fields=["left_at", "left_reason"])
    row.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now())
    row.keepings.filter(until__isnull=True).update(until=Greatest(Value(_today(row.path), DateField()), "since"))
    write(row.subject, "people.leave", by=by, facts={"register": row.register, "reason": reason})
    announce(EntryEnded(row.pk, row.register, row.key, reason), subject=row.subject)
    return row


def _consent(row: RegisterEntry, given: Sequence[Consented]) -> list[str]:
    unique = {one.purpose: one for one in given}
    Consent.objects.bulk_create(
        Consent(entry=row, purpose=one.purpose, way=one.way, given_at=now()) for one in unique.values()
    )
    return sorted(f"{one.purpose}:{one.way}" for one in unique.values())


def _open_entry(entry_id: int, *, by: Viewer, edition: Edition) -> tuple[RegisterEntry, Terms]:
    row = RegisterEntry.objects.select_for_update().filter(pk=entry_id).first()
    if row is None or not by.reaches(row.path):
        raise Refused("not-found", say="名册里没有这一条，或不在您的辖区内。", have=entry_id)
    if row.left_at is not None:
        raise Refused("entry-ended", say="这一条已经移出名册，不能再改；要再列入，请重新登记。", have=entry_id)
    return row, rules.terms_of(edition, row.register)


def kept(entry_id: int, *, by: Viewer, edition: Edition) -> tuple[RegisterEntry, Terms]:
    """An open entry, locked, of a register that whoever acts minds; part of an act that changes it."""
    row, terms = _open_entry(entry_id, by=by, edition=edition)
    rules.check_may_keep(terms, by)
    return row, terms


def _take_turn(area_path: str) -> None:
    """Two who list the same person at one moment come one after another, so that one file is made and not two."""
    list(Area.objects.select_for_update(no_key=True).filter(path=area_path).values_list("pk"))


def _refuse_twice(terms: Terms, area_path: str, keys: Sequence[str]) -> None:
    rows = RegisterEntry.objects.filter(register=terms.code, area_path=area_path, key__in=keys, left_at__isnull=True)
    if found := rows.first():
        raise rules.twice(terms, entry_id=found.pk, since=found.since)


def _area(path: str) -> str:
    """The administrative area of a path: without compound, building and grid."""
    return "/".join(step for step in path.split("/") if not step or step.isdecimal())


def _today(path: str) -> date:
    return local(now(), zone(zone_of(path))).date()


def _person(listed: Listed, path: str, by: Viewer) -> _Found:
    where = place_of(home_id=listed.home_id).place_path if listed.home_id else path
    by.require_reach(where)
    said = taken_down(name=listed.name, phone=listed.phone, id_number=listed.id_number)
    if not said.name:
        raise Refused("name-missing", say="请填写姓名。", field="name")
    row = file_of(said, by=by, path=where, home_id=listed.home_id)
    return _Found(row.subject, person=row, path=row.path)


def _home(listed: Listed, path: str, by: Viewer) -> _Found:
    if not listed.home_id:
        raise Refused("home-missing", say="请选是哪一户。", field="home_id")
    where = place_of(home_id=listed.home_id).place_path
    by.require_reach(where)
    return _Found(f"home:{listed.home_id}", home_id=listed.home_id, path=where)


def _unit(listed: Listed, path: str, by: Viewer) -> _Found:
    unit = units(by).filter(pk=listed.unit_id or 0).first()
    if unit is None:
        raise Refused(
            "unit-unknown", say="请从单位名单里选；没有的，请管理员先登记单位。", have=listed.unit_id, field="unit_id"
        )
    return _Found(f"unit:{unit.pk}", title=unit.title, unit_id=unit.pk)


def _place(listed: Listed, path: str, by: Viewer) -> _Found:
    title = rules.checked_title(listed.title or path_words(path))
    return _Found(f"place:{path}", title=title)


def _thing(listed: Listed, path: str, by: Viewer) -> _Found:
    title = rules.checked_title(listed.title)
    key, *also = _keys_of_thing(title)
    return _Found(key, also=tuple(also), title=title)


def _keys_of_thing(title: str) -> list[str]:
    """What finds a thing again: a fingerprint of its name, which is anybody's words and stands in no entry in clear.

    After the one to store come those under older keys, and the name itself, by which things were listed at first.
    """
    name = title.lower()
    return [f"thing:{one}" for one in (*fingerprints("thing", name), name)]


_FINDERS = {"person": _person, "home": _home, "unit": _unit, "place": _place, "thing": _thing}
