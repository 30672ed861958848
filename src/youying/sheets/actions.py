"""Every write of sheets: filling in, supplying what was lacking, correcting, seeing whole, forgetting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from youying.access.actions import log_unmask
from youying.editions.queries import edition_by_digest
from youying.files.actions import attach
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition
from youying.record import actions as record
from youying.record.acts import act as recorded_act
from youying.sheets import queries, rules
from youying.sheets.models import FilledSheet

ROLE = "sheet"


@recorded_act("sheets.fill")
def fill(
    *,
    subject: str,
    sheet: str,
    edition: Edition,
    values: Mapping[str, Any],
    by: Viewer,
    act: str,
    path: str = "",
    about: str = "",
    lacking_allowed: bool = False,
    at: datetime | None = None,
) -> FilledSheet:
    """Fill in a sheet of an edition for a subject of the record that is open; its files become the subject's.

    `act` is what it was filled in at, `path` the place of the subject, `about` whom its points judge. Who may fill it
    in is for the caller to decide. Refused as `rules.check` refuses, and once the subject was erased.
    """
    filled = rules.check(rules.sheet_of(edition, sheet), values, lacking_allowed=lacking_allowed)
    row = FilledSheet(
        subject=subject, about=about or subject, sheet=sheet, edition_id=edition.digest, act=act, path=path
    )  # fmt: skip
    return _keep(row, filled, "sheets.fill", by=by, at=at)


@recorded_act("sheets.supply")
def supply(
    *, subject: str, sheet: str, values: Mapping[str, Any], by: Viewer, act: str, at: datetime | None = None
) -> FilledSheet:
    """Supply what the subject's sheet still lacks, in a new row that points at the one before.

    Refused where there is no such sheet, where an item is there already, and where nothing came.
    """
    before = _current(subject, sheet)
    filled = rules.supplied(_sheet(before), queries.open_values(before), values)
    return _keep(_after(before, act=act), filled, "sheets.supply", by=by, at=at)


@recorded_act("sheets.correct")
def correct(
    *, subject: str, sheet: str, values: Mapping[str, Any], by: Viewer, act: str, at: datetime | None = None
) -> FilledSheet:
    """Fill in the subject's sheet anew because it was wrong: a new row that points at the one before, which stays.

    The values given replace those before; what was lacking may stay lacking.
    """
    before = _current(subject, sheet)
    filled = rules.check(_sheet(before), {**queries.open_values(before), **values}, lacking_allowed=True)
    return _keep(_after(before, act=act), filled, "sheets.correct", by=by, at=at)


def unmask(filled_id: int, *, by: Viewer, purpose: str) -> queries.FilledView:
    """A filled sheet in clear, once who looks and what for stands in its subject's record.

    Needs the power `unmask`. Source: Personal Information Protection Law, articles 6 and 51.
    """
    row = queries.to_unmask(by, filled_id)
    log_unmask(row.subject, by=by, field=f"sheet:{row.pk}", purpose=purpose)
    return queries.in_clear(row)


def forget(subject: str) -> None:
    """Take the values of a subject that was erased out of its sheets; what was filled in when, and its points, stay.

    Called in the transaction of the erasure, whose entry says who asked for it and why.
    """
    FilledSheet.objects.filter(subject=subject).update(values_sealed=None)


def _current(subject: str, sheet: str) -> FilledSheet:
    """The latest row of the subject's sheet, under the lock of the subject."""
    record.lock(subject)
    row = queries.current(subject, sheet)
    if row is None:
        raise Refused("sheet-not-filled", say="这张表还没有填过，请先填表。", have=sheet[:40], field="sheet")
    return row


def _sheet(row: FilledSheet) -> Any:
    return rules.sheet_of(edition_by_digest(row.edition_id), row.sheet)


def _after(before: FilledSheet, *, act: str) -> FilledSheet:
    return FilledSheet(
        subject=before.subject, about=before.about, sheet=before.sheet, edition_id=before.edition_id,
        path=before.path, act=act, corrects=before,
    )  # fmt: skip


def _keep(row: FilledSheet, filled: rules.Filled, act_name: str, *, by: Viewer, at: datetime | None) -> FilledSheet:
    """Seal the values, give the files to the subject, write the row and its one entry."""
    values = dict(filled.values)
    row.at = at or now()
    row.by_kind, row.by_account, row.by_post_code, row.by_unit = by.kind, by.account_id, by.post_code, by.unit_id
    row.points, row.full, row.lacking = filled.points, filled.full, list(filled.lacking)
    row.values_sealed = record.seal_for(row.subject, msgspec.json.encode(values).decode())
    digests = attach(filled.uploads, subject=row.subject, by=by, role=ROLE)
    row.save(force_insert=True)
    facts = {
        "filled": row.pk, "sheet": row.sheet, "edition": row.edition_id, "at": row.act, "about": row.about,
        "items": list(values), "lacking": row.lacking, "points": _said(row.points), "full": _said(row.full),
        "corrects": row.corrects_id, "files": digests,
    }  # fmt: skip
    record.write(row.subject, act_name, by=by, facts=facts, sealed={"values": values})
    return row


def _said(points: Any) -> str | None:
    return None if points is None else str(points)
