"""Reading imports and exports: one's own, what a preview shows, what a person should know of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db.models import Q

from youying.channels.hotline import reading
from youying.channels.hotline.fields import CHOSEN
from youying.channels.hotline.meanings import Choice, Meanings
from youying.channels.hotline.models import Alike, Export, Finding, Import, Mapping
from youying.channels.hotline.rules import Fault, Reader, Row, check_columns
from youying.files.queries import as_stream, register_guard
from youying.kernel.masking import mask_text
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import Told
from youying.matters.queries import Filters, filtered

SHOWN = 20
LOOKED_AT = 2_000
CHOICES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of a preview: what it would become, or why not."""

    line: int
    told: Told | None
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Preview:
    """The first rows as they would come in, and the labels that the street does not know."""

    rows: list[Seen] = field(default_factory=list)
    looked_at: int = 0
    bad: int = 0
    total: int = 0
    unknown: dict[str, list[Choice]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two matters that say nearly the same."""

    one: Any
    other: Any
    percent: int


def imports(viewer: Viewer, *, most: int = 50) -> list[Import]:
    """The imports of one's own, newest first; for those who may audit everybody's that came in; all within reach."""
    viewer.require("import")
    seen = Q(account_id=viewer.account_id) | (~Q(state="mapping") if viewer.may("audit") else Q())
    rows = Import.objects.filter(seen).exclude(state="dropped").order_by("-made_at")
    return list(islice((row for row in rows[:1000].iterator() if viewer.reaches(row.area_path)), most))


def one_import(viewer: Viewer, import_id: int) -> Import:
    """One import within reach: for whoever took the file, and once its rows come in for those who may audit."""
    viewer.require("import")
    row = Import.objects.filter(pk=import_id).first()
    if row is None or not viewer.reaches(row.area_path):
        raise _not_found(import_id)
    if not _is_own(viewer, row) and (row.state == "mapping" or not viewer.may("audit")):
        raise _not_found(import_id)
    return row


def _is_own(viewer: Viewer, row: Import) -> bool:
    return viewer.kind == "system" or (viewer.account_id is not None and viewer.account_id == row.account_id)


def _not_found(import_id: int) -> Refused:
    return Refused("not-found", say="没有这次导入，或不是您上传的，或不在您的辖区内。", have=import_id)


def mappings(viewer: Viewer) -> list[str]:
    """The names of the mappings that are kept."""
    viewer.require("import")
    return list(Mapping.objects.order_by("name").values_list("name", flat=True))


def preview(viewer: Viewer, row: Import) -> Preview:
    """Read the first rows by the mapping as it stands, what is personal masked; refused where it lacks what is needed."""
    if not _is_own(viewer, row):
        raise _not_found(row.pk)
    columns = check_columns(row.columns, row.titles)
    found = Preview()
    with closing(as_stream(SYSTEM, row.upload)) as stream:
        table = reading.open_table(stream)
        reader = Reader(table.titles, columns, zone(row.settings["zone"]), at=now())
        meanings = Meanings(viewer, row.area_path, kind=row.kind, labels=row.labels, settings=row.settings)
        for line, cells in islice(table.rows, LOOKED_AT):
            _look(found, reader.read(line, cells), line, meanings)
        found.total = max(table.total, found.looked_at)
    told = [seen.told for seen in found.rows if seen.told is not None]
    guessed = iter(meanings.guess_categories(told))
    found.rows = [Seen(seen.line, _masked(next(guessed))) if seen.told else seen for seen in found.rows]
    found.unknown = {name: _choices(meanings, row, name) for name in CHOSEN}
    return found


def _look(found: Preview, row: Row | list[Fault], line: int, meanings: Meanings) -> None:
    told = meanings.told(row) if isinstance(row, Row) else row
    found.looked_at += 1
    found.bad += not isinstance(told, Told)
    if len(found.rows) < SHOWN:
        faults = [] if isinstance(told, Told) else [replace(fault, say=mask_text(fault.say)) for fault in told]
        found.rows.append(Seen(line, told if isinstance(told, Told) else None, tuple(faults)))


def _masked(told: Told) -> Told:
    """A row as a screen may show it: nobody's name or telephone, in whatever column it stood."""
    need, names = told.need, [person.name for person in told.need.reporters if person.name]

    def hide(words: str) -> str:
        return mask_text(words, names=names)

    shown = replace(
        need, text=hide(need.text), title=hide(need.title), external_id=hide(need.external_id or ""), reporters=()
    )
    return replace(told, need=shown, place=replace(told.place, words=hide(told.place.words)), note=hide(told.note))


def _choices(meanings: Meanings, row: Import, name: str) -> list[Choice]:
    """Unknown labels, the commonest first, then those that a person has matched already."""
    chosen = row.labels.get(name, {})
    counted = meanings.unknown[name].most_common(CHOICES_SHOWN)
    return [Choice(label, n) for label, n in counted if label not in chosen] + [
        Choice(label, 0, str(value)) for label, value in chosen.items()
    ]


def findings(row: Import, kind: str, *, most: int = 200) -> list[Finding]:
    """What a person should know, by line."""
    return list(Finding.objects.filter(of=row, kind=kind).order_by("line", "pk")[:most])


def finding_counts(row: Import) -> dict[str, int]:
    """How many findings there are of each kind; of refused ones the rows, not the cells."""
    kinds = Finding.objects.filter(of=row).order_by().values_list("kind", flat=True).distinct()
    return {kind: Finding.objects.filter(of=row, kind=kind).values("line").distinct().count() for kind in kinds}


def pairs(viewer: Viewer, row: Import, *, most: int = 100) -> list[Pair]:
    """Near-equal matters of an import that the viewer may see, likest first."""
    rows = list(Alike.objects.filter(of=row).order_by("-percent", "one_id")[:most])
    keys = {key for pair in rows for key in (pair.one_id, pair.other_id)}
    held = {matter.pk: matter for matter in filtered(viewer, Filters(state="all")).filter(pk__in=keys)}
    return [
        Pair(held[pair.one_id], held[pair.other_id], pair.percent)
        for pair in rows
        if pair.one_id in held and pair.other_id in held
    ]


def to_fix(viewer: Viewer, row: Import) -> Iterator[tuple[list[Any], str]]:
    """The refused rows as they came, in clear, each with its reason: for whoever took the file, who mends them."""
    if not _is_own(viewer, row):
        say = "没有导入的行里有未隐去的姓名电话，只有上传的人可以下载。"
        raise Refused("not-your-file", say=say, have=row.pk)
    said: dict[int, list[str]] = {}
    for one in Finding.objects.filter(of=row, kind="refused").order_by("line", "pk").iterator():
        said.setdefault(one.line, []).append(f"{one.column}：{one.say}" if one.column else one.say)
    with closing(as_stream(SYSTEM, row.upload)) as stream:
        for line, cells in reading.open_table(stream).rows:
            if line in said:
                yield list(cells)[: len(row.titles)], "".join(said[line])


def exports(viewer: Viewer, *, most: int = 50) -> list[Export]:
    """The exports of one's own, newest first."""
    viewer.require("export")
    return list(Export.objects.filter(account_id=viewer.account_id).order_by("-made_at")[:most])


def exports_to_answer(viewer: Viewer) -> list[Export]:
    """Long exports of others that wait for this viewer's yes or no."""
    if not viewer.may("approve-export"):
        return []
    asked = Export.objects.filter(state="asked").exclude(account_id=viewer.account_id).order_by("made_at")
    return [row for row in asked[:200] if viewer.reaches(row.reach)]


def one_export(viewer: Viewer, export_id: int) -> Export:
    """One export, for whoever asked for it."""
    viewer.require("export")
    row = Export.objects.filter(pk=export_id, account_id=viewer.account_id).first()
    if row is None:
        raise Refused("not-found", say="没有这次导出，或不是您申请的。", have=export_id)
    return row


def let_in(viewer: Viewer, subject: str) -> None:
    """The guard of the files of imports and exports: only whoever asked for them."""
    kind, _, key = subject.partition(":")
    rows = (Import if kind == "import" else Export).objects.filter(account_id=viewer.account_id, pk=int(key))
    if viewer.account_id is None or not rows.exists():
        raise Refused("not-found", say="没有这个文件，或不归您看。")


register_guard("import", let_in)
register_guard("export", let_in)
