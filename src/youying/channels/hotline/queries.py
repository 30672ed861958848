"""Reading imports and exports: one's own, what a preview shows, what a person should know of the rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Q

from youying.channels.hotline import reading
from youying.channels.hotline.fields import CHOSEN
from youying.channels.hotline.marks import in_their_channel
from youying.channels.hotline.meanings import Choice, Meanings
from youying.channels.hotline.models import Alike, Export, Finding, Import, Mapping
from youying.channels.hotline.repeats import Firsts
from youying.channels.hotline.rules import Fault, Reader, Row, check_columns
from youying.files.queries import as_stream, register_guard
from youying.kernel.masking import mask_text
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import Opened, Told, try_many
from youying.matters.queries import Filters, filtered
from youying.record.reaching import register_places

SHOWN = 20
LOOKED_AT = 2_000
CHOICES_SHOWN = 40
MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of a preview: what it would become, or why not."""

    line: int
    told: Told | None
    faults: tuple[Fault, ...] = ()
    again: bool = False


@dataclass(slots=True)
class Preview:
    """The first rows as they would come in, what would become of all that were looked at, the labels not known here.

    `unseen` is how many rows more the file has about, beyond those looked at; 0 where it was read to its end.
    """

    rows: list[Seen] = field(default_factory=list)
    looked_at: int = 0
    unseen: int = 0
    bad: int = 0
    again: int = 0
    overdue: int = 0
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    unknown: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The rows of the file, about where it is long."""
        return self.looked_at + self.unseen

    @property
    def taken(self) -> int:
        """How many of the rows looked at would be taken in as new."""
        return self.looked_at - self.bad - self.again


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
    """Try the first rows by the mapping as it stands, what is personal masked; refused where it lacks what is needed."""
    if not _is_own(viewer, row):
        raise _not_found(row.pk)
    _check_kept(row)
    columns = check_columns(row.columns, row.titles)
    found, looked = Preview(), []
    with closing(as_stream(SYSTEM, row.upload)) as stream:
        table = reading.open_table(stream)
        reader = Reader(table.titles, columns, zone(row.settings["zone"]), at=now())
        meanings = Meanings(viewer, row.area_path, kind=row.kind, labels=row.labels, settings=row.settings)
        firsts = Firsts(reader)
        for line, cells in islice(table.rows, LOOKED_AT):
            faults = firsts.judge(line, cells)
            read = reader.read(line, cells) if faults is None else faults
            looked.append((line, meanings.told(read) if isinstance(read, Row) else read))
        found.looked_at = len(looked)
        found.unseen = max(table.total - found.looked_at, 1) if next(table.rows, None) else 0
    _try(found, looked, meanings)
    found.unknown = {name: _choices(meanings, row, name) for name in CHOSEN}
    return found


def _try(found: Preview, looked: list[tuple[int, Told | list[Fault]]], meanings: Meanings) -> None:
    """What would become of the rows looked at: taken in, overdue at once, in already, or kept out and why."""
    told = in_their_channel(meanings.guess_categories([one for _line, one in looked if isinstance(one, Told)]))
    fates = iter(zip(told, try_many(told, by=meanings.viewer), strict=True))
    moment = now()
    for line, one in looked:
        guessed, fate = next(fates) if isinstance(one, Told) else (None, one)
        faults = [Fault(fate.field or "", fate.say)] if isinstance(fate, Refused) else fate
        if isinstance(faults, Opened):
            found.again += faults.again
            found.overdue += not faults.again and _is_late(faults.matter, moment)
        elif faults:
            found.bad += 1
            found.faults += [(line, replace(fault, say=mask_text(fault.say))) for fault in faults[:MOST_FAULTS]]
        else:
            found.again += 1
        if len(found.rows) < SHOWN:
            found.rows.append(_seen(line, guessed, faults))


def _seen(line: int, told: Told | None, fate: Opened | list[Fault]) -> Seen:
    if told is not None and isinstance(fate, Opened):
        return Seen(line, _masked(told), again=fate.again)
    faults = fate if isinstance(fate, list) else []
    return Seen(line, None, tuple(replace(fault, say=mask_text(fault.say)) for fault in faults), again=not faults)


def _is_late(matter: Any, moment: datetime) -> bool:
    """Whether a matter that would be opened stands behind its deadline already."""
    return matter.ended_at is None and matter.due_at is not None and bool(matter.due_at < moment)


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
    viewer.require("import")
    viewer.require_reach(row.area_path)
    if not _is_own(viewer, row):
        say = "没有导入的行里有未隐去的姓名电话，只有上传的人可以下载。"
        raise Refused("not-your-file", say=say, have=row.pk)
    _check_kept(row)
    said: dict[int, list[str]] = {}
    for one in Finding.objects.filter(of=row, kind="refused").order_by("line", "pk").iterator():
        said.setdefault(one.line, []).append(f"{one.column}：{one.say}" if one.column else one.say)
    with closing(as_stream(SYSTEM, row.upload)) as stream:
        for line, cells in reading.open_table(stream).rows:
            if line in said:
                yield list(cells)[: len(row.titles)], "".join(said[line])


def exports(viewer: Viewer, *, most: int = 50) -> list[Export]:
    """The exports of one's own within reach, newest first."""
    viewer.require("export")
    rows = Export.objects.filter(account_id=viewer.account_id).order_by("-made_at")[:1000]
    return list(islice((row for row in rows if viewer.reaches(row.reach)), most))


def exports_to_answer(viewer: Viewer) -> list[Export]:
    """Long exports of others that wait for this viewer's yes or no."""
    if not viewer.may("approve-export"):
        return []
    asked = Export.objects.filter(state="asked").exclude(account_id=viewer.account_id).order_by("made_at")
    return [row for row in asked[:200] if viewer.reaches(row.reach)]


def one_export(viewer: Viewer, export_id: int) -> Export:
    """One export within reach, for whoever asked for it."""
    viewer.require("export")
    row = Export.objects.filter(pk=export_id, account_id=viewer.account_id).first()
    if row is None or not viewer.reaches(row.reach):
        raise Refused("not-found", say="没有这次导出，或不是您申请的，或不在您的辖区内。", have=export_id)
    return row


def let_in(viewer: Viewer, subject: str) -> None:
    """The guard of the files of imports and exports: whoever asked for them, in a running post that may and reaches."""
    kind, _, key = subject.partition(":")
    model = Import if kind == "import" else Export
    row = model.objects.filter(account_id=viewer.account_id, pk=int(key)).first() if viewer.may(kind) else None
    if viewer.account_id is None or row is None or not viewer.reaches(_lies(row)):
        raise Refused("not-found", say="没有这个文件，或不归您看。")


def _lies(row: Import | Export) -> str:
    """Where an import or export lies in the tree of areas."""
    return row.area_path if isinstance(row, Import) else row.reach


def import_days() -> int:
    """How many days a raw table is kept after its rows came in."""
    return int(settings.YOUYING_KEEP_IMPORTS_DAYS)


def export_days() -> int:
    """How many days a written list is kept."""
    return int(settings.YOUYING_KEEP_EXPORTS_DAYS)


def days_kept(model: type[Import] | type[Export]) -> int:
    """How many days the files of imports or of exports are kept."""
    return import_days() if model is Import else export_days()


def kept_until(row: Import | Export) -> datetime | None:
    """When the file goes; none where it is gone."""
    return (row.finished_at or row.made_at) + timedelta(days=days_kept(type(row))) if row.upload else None


def _check_kept(row: Import) -> None:
    if not row.upload:
        say = f"原表已按保存期（{import_days()}天）或因删除个人信息而删去，不能再看。需要时请重新导入。"
        raise Refused("file-gone", say=say, have=row.pk)


def _imports_lie(keys: Collection[str]) -> dict[str, list[str]]:
    rows = Import.objects.filter(pk__in=[int(key) for key in keys])
    return {str(key): [path] for key, path in rows.values_list("pk", "area_path")}


def _exports_lie(keys: Collection[str]) -> dict[str, list[str]]:
    rows = Export.objects.filter(pk__in=[int(key) for key in keys])
    return {str(key): [path] for key, path in rows.values_list("pk", "reach")}


register_guard("import", let_in)
register_guard("export", let_in)
register_places("import", _imports_lie)
register_places("export", _exports_lie)
