"""Every read of sheets: whoever looks must be let in by the guard of the subject, and sees personal values masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db.models import Count, QuerySet, Sum

from youying.access.queries import within
from youying.editions.queries import edition_by_digest
from youying.files.queries import let_in
from youying.kernel.masking import mask_address, mask_name, mask_phone, mask_text
from youying.kernel.money import say_yuan
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.schema_rhythm import Item
from youying.record import queries as record
from youying.sheets.models import FilledSheet
from youying.sheets.rules import Average, sheet_of
from youying.sheets.value_rules import SIGNED, Value

COVERED = "已填，不显示"


@dataclass(frozen=True, slots=True)
class LineView:
    """One item as a list shows it; `said` is empty where nothing was filled in, `files` are tokens of uploads."""

    code: str
    title: str
    type: str
    said: str
    files: tuple[str, ...] = ()
    masked: bool = False


@dataclass(frozen=True, slots=True)
class FilledView:
    """One filled sheet as a page shows it; `lines` are empty and `erased` true once its subject was erased."""

    id: int
    subject: str
    about: str
    sheet: str
    title: str
    act: str
    at: datetime
    by_kind: str
    by_post: str
    lines: tuple[LineView, ...]
    lacking: tuple[str, ...]
    points: Decimal | None
    full: Decimal | None
    corrects: int | None
    current: bool
    erased: bool

    @property
    def masked(self) -> bool:
        """Whether anything in it is covered."""
        return any(line.masked for line in self.lines)


def filled(viewer: Viewer, subject: str) -> list[FilledView]:
    """The sheets filled in for a subject, oldest first and the corrected ones too, masked; in two statements."""
    let_in(viewer, subject)
    rows = list(FilledSheet.objects.filter(subject=subject).order_by("pk"))
    if not rows:
        return []
    keys, passed = record.opener([subject]), {row.corrects_id for row in rows}
    return [_view(row, _values(row, keys), current=row.pk not in passed, whole=False) for row in rows]


def current(subject: str, sheet: str) -> FilledSheet | None:
    """The latest row of a subject's sheet; None where it was never filled in. For acts of contexts above."""
    rows = FilledSheet.objects.filter(subject=subject, sheet=sheet, corrected_by__isnull=True)
    return rows.order_by("-pk").first()


def times_filled(subject: str, sheet: str, *, about: str, by_unit: int | None = None) -> int:
    """How often a sheet was filled in about somebody for a subject, by one unit where it is named; corrections apart."""
    rows = FilledSheet.objects.filter(subject=subject, sheet=sheet, about=about, corrects=None)
    return rows.filter(by_unit=by_unit).count() if by_unit else rows.count()


def open_values(row: FilledSheet) -> dict[str, Value]:
    """The values of a row in clear, empty once they were erased: for acts, never for a page."""
    return _values(row, record.opener([row.subject])) or {}


def current_values(subjects: Sequence[str], sheet: str) -> dict[str, dict[str, Value]]:
    """The values of the latest sheet of each of many subjects, by subject, in two statements: for acts, never a page."""
    rows = FilledSheet.objects.filter(subject__in=subjects, sheet=sheet, corrected_by__isnull=True).order_by("pk")
    latest = {row.subject: row for row in rows} if sheet else {}
    keys = record.opener(latest)
    return {subject: dict(_values(row, keys) or {}) for subject, row in latest.items()}


def to_unmask(viewer: Viewer, filled_id: int) -> FilledSheet:
    """The sheet that this viewer may ask to see whole; to be checked before the purpose is recorded."""
    viewer.require("unmask")
    row = FilledSheet.objects.filter(pk=filled_id).first()
    if row is None:
        raise Refused("not-found", say="没有这张填好的表，或不归您看。")
    let_in(viewer, row.subject)
    return row


def in_clear(row: FilledSheet) -> FilledView:
    """A sheet whose unmasking was just recorded."""
    later = FilledSheet.objects.filter(corrects=row).exists()
    return _view(row, _values(row, record.opener([row.subject])), current=not later, whole=True)


def average_points(
    sheet: str,
    about: Iterable[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    path: str = "",
) -> dict[str, Average]:
    """The points that a sheet gave to each of these ("unit:5", or a subject), corrected ones left out; one statement.

    From `since` up to before `until`, filled in at or below `path`. Whom nobody judged is missing.
    """
    rows = _scores(about).filter(sheet=sheet)
    rows = rows.filter(at__gte=since) if since else rows
    rows = rows.filter(at__lt=until) if until else rows
    rows = rows.filter(within(path, column="path")) if path else rows
    found = rows.order_by().values_list("about").annotate(Sum("points"), Sum("full"), Count("pk"))
    return {about: Average(Decimal(total), Decimal(full), count) for about, total, full, count in found}


def _scores(about: Iterable[str]) -> QuerySet[FilledSheet]:
    return FilledSheet.objects.filter(about__in=list(about), points__isnull=False, corrected_by__isnull=True)


def _values(row: FilledSheet, keys: record.Opener) -> dict[str, Value] | None:
    plain = keys.value(row.subject, bytes(row.values_sealed or b""))
    if plain is None:
        return None
    held = msgspec.json.decode(plain)
    return {code: tuple(value) if isinstance(value, list) else value for code, value in held.items()}


def _view(row: FilledSheet, values: Mapping[str, Value] | None, *, current: bool, whole: bool) -> FilledView:
    edition = edition_by_digest(row.edition_id)
    sheet = sheet_of(edition, row.sheet)
    post = edition.pack.posts.get(row.by_post_code)
    lines = [_line(code, item, (values or {}).get(code), whole=whole) for code, item in sheet.items.items()]
    return FilledView(
        id=row.pk, subject=row.subject, about=row.about, sheet=row.sheet, title=sheet.title, act=row.act, at=row.at,
        by_kind=row.by_kind, by_post=post.title if post else "", lines=tuple(lines) if values is not None else (),
        lacking=tuple(sheet.items[code].title for code in row.lacking if code in sheet.items),
        points=row.points, full=row.full, corrects=row.corrects_id, current=current, erased=values is None,
    )  # fmt: skip


def _line(code: str, item: Item, value: Value | None, *, whole: bool) -> LineView:
    if value is None:
        return LineView(code, item.title, item.type, "")
    clear = _said(item, value)
    said = clear if whole else masked(item, value)
    hidden = not whole and (item.mask or said != clear)
    files = value if isinstance(value, tuple) and (whole or not item.mask) else ()
    return LineView(code, item.title, item.type, said, files, hidden)


def _said(item: Item, value: Value) -> str:
    """A value in clear, as a reader knows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return f"{len(value)}个文件" if item.type != "signature" else "已签字"
    if item.type == "money":
        return say_yuan(Decimal(value))
    return value.removeprefix(SIGNED) + item.unit


MASKS: Mapping[str, Callable[[str], str]] = {
    "person": mask_name,
    "signature": mask_name,
    "phone": mask_phone,
    "place": mask_address,
}
PERSONAL = frozenset({"person", "phone", "signature"})


def masked(item: Item, value: Value) -> str:
    """A value as anybody may read it: names and telephones always covered, all else where the pack says `mask`."""
    said = _said(item, value)
    if isinstance(value, tuple):
        return COVERED if item.mask else said
    if item.mask or item.type in PERSONAL:
        return MASKS[item.type](said) if item.type in MASKS else COVERED
    return mask_text(said) if item.type in ("text", "place") else said
