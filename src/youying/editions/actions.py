"""Every change to what places have adopted; each is an act with an entry in the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from youying.editions.directory import DirectoryOutcome, Known, directory_rows
from youying.editions.events import EditionAdopted
from youying.editions.models import Adoption, CalendarDay, DirectoryRow, EditionRow, LocalPack, ParamValue
from youying.editions.numbers import read_param
from youying.editions.previewing import Preview, preview_adoption, preview_change, refuse_changed
from youying.editions.queries import edition_for, params_for
from youying.editions.rules import NATIONAL, ROOT, adopted_at, checked_since, paths_up
from youying.editions.snapshot import STAMP, snapshot
from youying.kernel.calendar import national_days, years_known
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import Viewer
from youying.places.actions import touch
from youying.places.queries import known_area
from youying.places.snapshot import forget
from youying.record.actions import announce, open_subject, write
from youying.record.acts import act, unchanged
from youying.record.book import lock

AREA_TABLES = (LocalPack, Adoption, DirectoryRow, CalendarDay, ParamValue)


@act("editions.adopt", power="packs")
def adopt(
    area_path: str,
    *,
    local_toml: str,
    by: Viewer,
    since: datetime | None = None,
    expected_version: int | None = None,
    note: str = "",
) -> Adoption:
    """Adopt a local pack for an area: from `since` (now, if not said) on new matters follow its edition.

    Refused when packs clash, a word is unknown, the linter finds a fault or a word is not executed yet, or when the
    local pack is no longer of the `expected_version` that the person wrote from.
    """
    _hold_packs(area_path, expected_version)
    preview = preview_adoption(by, area_path, local_toml)
    return _adopt(preview, area_path, act_name="editions.adopt", by=by, since=since, note=note)


@act("editions.change-number", power="packs")
def change_number(
    area_path: str,
    *,
    key: str,
    value: object,
    by: Viewer,
    since: datetime | None = None,
    expected_version: int | None = None,
    note: str = "",
) -> Adoption:
    """Change one number of the local pack and adopt the result; running matters keep the edition they have.

    Refused when the number is not written in its form, changes nothing, goes below a floor, or when the local pack
    is no longer of the `expected_version` that the person had before them.
    """
    _hold_packs(area_path, expected_version)
    preview = preview_change(by, area_path, key, value)
    return _adopt(preview, area_path, act_name="editions.change-number", by=by, since=since, note=note)


@act("editions.seed-calendar", power="packs")
def seed_calendar(year: int, *, by: Viewer) -> int:
    """Enter a year's national holidays and 调休 days as announced; days already entered stay. Returns how many came."""
    by.require_reach(ROOT)
    days = national_days(year)
    if not days:
        known = years_known()
        raise Refused(
            "calendar-year-unknown",
            say=f"还没有{year}年的放假安排（已有{known.start}到{known.stop - 1}年），请等国务院通知后逐日填写。",
            have=year,
            need=[known.start, known.stop - 1],
            field="year",
        )
    have = set(
        CalendarDay.objects.filter(calendar=NATIONAL, area_path=ROOT, day__year=year).values_list("day", flat=True)
    )
    fresh = [
        CalendarDay(calendar=NATIONAL, area_path=ROOT, day=day, working=working, name=name)
        for day, (working, name) in days.items()
        if day not in have
    ]
    if not fresh:
        unchanged()
        return 0
    CalendarDay.objects.bulk_create(fresh)
    touch(STAMP)
    facts = {"year": year, "days": [[str(row.day), row.working, row.name] for row in fresh]}
    _enter(f"calendar:{NATIONAL}", "editions.seed-calendar", by=by, facts=facts)
    return len(fresh)


@act("editions.set-day", power="packs")
def edit_calendar_day(
    day: date, *, working: bool, by: Viewer, name: str = "", area_path: str = ROOT, calendar: str = NATIONAL
) -> CalendarDay:
    """Say that a day is worked or not, for a calendar at a place and below."""
    by.require_reach(area_path)
    row = CalendarDay.objects.select_for_update().filter(calendar=calendar, area_path=area_path, day=day).first()
    before = {"working": row.working, "name": row.name} if row else None
    after = {"working": working, "name": plain(name)[:40]}
    if before == after and row:
        unchanged()
        return row
    row, _ = CalendarDay.objects.update_or_create(calendar=calendar, area_path=area_path, day=day, defaults=after)
    touch(STAMP)
    facts = {"day": str(day), "area": area_path, "before": before, "after": after}
    _enter(f"calendar:{calendar}", "editions.set-day", by=by, facts=facts)
    return row


@act("editions.drop-day", power="packs")
def drop_calendar_day(day: date, *, by: Viewer, area_path: str = ROOT, calendar: str = NATIONAL) -> None:
    """Let the week decide about a day again."""
    by.require_reach(area_path)
    row = CalendarDay.objects.select_for_update().filter(calendar=calendar, area_path=area_path, day=day).first()
    if row is None:
        raise Refused("day-unknown", say="这一天没有单独规定，本来就按每周的安排。", have=str(day), field="day")
    before = {"working": row.working, "name": row.name}
    row.delete()
    touch(STAMP)
    facts = {"day": str(day), "area": area_path, "before": before, "after": None}
    _enter(f"calendar:{calendar}", "editions.drop-day", by=by, facts=facts)


@act("editions.import-directory", power="packs")
def import_directory(
    area_path: str,
    *,
    rows: Iterable[dict[str, Any]],
    by: Viewer,
    since: datetime | None = None,
    file: str = "",
    known: Known | None = None,
) -> DirectoryOutcome:
    """Take in a table category → unit for a place: what differs ends and begins anew at `since`; equal rows stay.

    `known` says which categories and units there are; a row that names another is not taken in.
    """
    by.require_reach(area_path)
    known_area(area_path)
    moment = checked_since(since, now=now())
    in_force = {
        row.category: row
        for row in DirectoryRow.objects.select_for_update().filter(area_path=area_path, until__isnull=True)
    }
    ready, outcome = directory_rows(rows, in_force=in_force, since=moment, known=known)
    ended = [in_force[one["category"]] for one in ready if one["category"] in in_force]
    for row in ended:
        row.until = moment
    DirectoryRow.objects.bulk_update(ended, ["until"], batch_size=500)
    DirectoryRow.objects.bulk_create([DirectoryRow(area_path=area_path, since=moment, **one) for one in ready])
    if ready:
        touch(STAMP)
    facts = {"since": moment.isoformat(), "rows": ready, "same": outcome.same, "refused": len(outcome.refused)}
    sealed = {"file": plain(file)[:120]} if file else None
    _enter(f"directory:{area_path}", "editions.import-directory", by=by, facts=facts, sealed=sealed)
    return outcome


@act("editions.end-directory-row", power="packs")
def end_directory_row(area_path: str, *, category: str, by: Viewer) -> DirectoryRow:
    """Stop suggesting a unit for a category at a place, from now on."""
    by.require_reach(area_path)
    rows = DirectoryRow.objects.select_for_update().filter(area_path=area_path, category=category, until__isnull=True)
    row = rows.first()
    if row is None:
        raise Refused("directory-row-unknown", say=f"目录里没有在用的“{plain(category)[:40]}”。", have=category)
    row.until = max(now(), row.since)
    row.save(update_fields=["until"])
    touch(STAMP)
    facts = {"category": row.category, "unit": row.unit}
    _enter(f"directory:{area_path}", "editions.end-directory-row", by=by, facts=facts)
    return row


@act("editions.set-param", power="packs")
def set_param(area_path: str, *, name: str, value: object, by: Viewer, since: datetime | None = None) -> ParamValue:
    """Set a number of the place (`param:name` in packs) from a moment on, in the form its pack gives it."""
    by.require_reach(area_path)
    known_area(area_path)
    said = params_for(edition_for(area_path), area_path)
    if name not in said:
        raise Refused(
            "param-unknown", say=f"机制包里没有叫“{plain(name)[:40]}”的本地数值。", have=name, need=sorted(said)
        )
    checked = read_param(name, value, said=said[name])
    moment = checked_since(since, now=now())
    row, made = ParamValue.objects.get_or_create(
        area_path=area_path, name=name, since=moment, defaults={"value": checked}
    )
    if not made:
        raise Refused("param-twice", say="这个数在同一时刻已经改过，请换一个生效时间。", have=row.value, field="since")
    touch(STAMP)
    facts = {"name": name, "value": checked, "since": moment.isoformat()}
    _enter(f"edition-of:{area_path}", "editions.set-param", by=by, facts=facts)
    return row


@act("editions.follow-move", power="packs")
def follow_move(old_path: str, *, new_path: str, by: Viewer) -> int:
    """Give what was adopted at or below a moved place its new path; returns how many rows that were."""
    by.require_reach(old_path)
    count = 0
    for model in AREA_TABLES:
        count += model.objects.filter(area_path=old_path).update(area_path=new_path)
        below = model.objects.filter(area_path__startswith=old_path + "/")
        count += below.update(area_path=Concat(Value(new_path), Substr("area_path", len(old_path) + 1)))
    if not count:
        unchanged()
        return 0
    touch(STAMP)
    facts = {"before": old_path, "after": new_path, "rows": count}
    _enter(f"edition-of:{new_path}", "editions.follow-move", by=by, facts=facts)
    return count


def _hold_packs(area_path: str, expected_version: int | None) -> None:
    """Let one at a time change the local packs that hold here, so that each builds on what the one before left."""
    lock(f"edition-of:{path}" for path in paths_up(area_path))
    forget()
    refuse_changed(area_path, expected_version)


def _adopt(
    preview: Preview, area_path: str, *, act_name: str, by: Viewer, since: datetime | None, note: str
) -> Adoption:
    """Store the edition, the local pack and the adoption, and write down what changed."""
    if preview.faults:
        say = "；".join(str(fault) for fault in preview.faults[:3])
        more = f"（还有{len(preview.faults) - 3}处）" if len(preview.faults) > 3 else ""
        raise Refused(
            "edition-unfit", say=f"这个版本还不能采用：{say}{more}", have=[str(one) for one in preview.faults]
        )
    known_area(area_path)
    moment = checked_since(since, now=now())
    held = adopted_at(snapshot().adoptions, area_path, at=moment)
    if held and held.area_path == area_path and held.digest == preview.edition.digest:
        raise Refused("nothing-changed", say="这里用的就是这个版本，没有改动。", have=preview.edition.short)
    row = _stored(preview, area_path, since=moment, by=by, note=note)
    touch(STAMP)
    facts = {
        "digest": preview.edition.digest,
        "before": held.digest if held else None,
        "local_version": row.local_pack.version,
        "since": moment.isoformat(),
        "changes": [[change.key, change.old, change.new] for change in preview.changes],
    }
    sealed = {"note": row.note} if row.note else None
    _enter(f"edition-of:{area_path}", act_name, by=by, facts=facts, sealed=sealed)
    announce(EditionAdopted(area_path, preview.edition.digest, moment), subject=f"edition-of:{area_path}")
    return row


def _stored(preview: Preview, area_path: str, *, since: datetime, by: Viewer, note: str) -> Adoption:
    edition = preview.edition
    EditionRow.objects.get_or_create(
        digest=edition.digest,
        defaults={"canonical": edition.canonical, "title": edition.title[:120], "made_at": now()},
    )
    latest = LocalPack.objects.filter(area_path=area_path).order_by("-version").first()
    try:
        with transaction.atomic():
            pack = LocalPack.objects.create(
                area_path=area_path, toml=preview.toml, version=latest.version + 1 if latest else 1, made_at=now()
            )
    except IntegrityError:
        raise Refused("changed-meanwhile", say="刚才有人改了本地包，请刷新后再改。") from None
    return Adoption.objects.create(
        area_path=area_path,
        edition_id=edition.digest,
        local_pack=pack,
        since=since,
        adopted_at=now(),
        adopted_by=(by.post_title or by.name)[:80],
        note=plain(note)[:400],
    )


def _enter(
    subject: str, act_name: str, *, by: Viewer, facts: dict[str, Any], sealed: dict[str, Any] | None = None
) -> None:
    """One entry, in a book opened with the first."""
    if subject not in lock([subject]):
        open_subject(subject)
    write(subject, act_name, by=by, facts=facts, sealed=sealed)
