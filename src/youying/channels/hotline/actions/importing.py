"""A file on its way in: taken, mapped by a person, begun or dropped."""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Any

from django.core.files.base import File

from youying.channels.hotline import reading
from youying.channels.hotline.actions.keeping import remove_files
from youying.channels.hotline.meanings import POLICIES, Meanings
from youying.channels.hotline.models import Import, Mapping
from youying.channels.hotline.rules import check_columns, guess_columns
from youying.channels.hotline.tasks import run_import
from youying.files.actions import attach, check, keep
from youying.jobs.actions import ask
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line
from youying.kernel.viewers import Viewer
from youying.places.queries import zone_of
from youying.record.actions import open_subject, write
from youying.record.acts import act


def start(file: File[Any], *, by: Viewer, area_path: str, kind: str = "demand", mapping: str = "") -> Import:
    """Take an export in and guess what its columns mean, or take the mapping kept under a name.

    Refused for anything but a table, for one without a header, and where the area has adopted no pack.
    """
    by.require("import")
    stream, name = reading.unpacked(file, str(file.name or "导入"))
    plain = File(stream, name=name)
    plain.size = _size(stream)
    checked = check(plain)
    if checked.form.kind != "sheet":
        raise Refused("type-not-allowed", say="导入要用表格：xlsx、xls、csv 或 csv.gz。", field="file")
    stream.seek(0)
    titles = reading.open_table(stream).titles
    settings = {"zone": zone_of(area_path), "channel": "hotline", "categories": "guess"}
    Meanings(by, area_path, kind=kind, labels={}, settings=settings)
    return _keep(checked, titles, by=by, area_path=area_path, kind=kind, settings=settings, mapping=mapping)


def _size(stream: Any) -> int:
    stream.seek(0, 2)
    return int(stream.tell())


@act("hotline.take-file", power="import")
def _keep(
    checked: Any, titles: list[str], *, by: Viewer, area_path: str, kind: str, settings: dict[str, str], mapping: str
) -> Import:
    """Keep the file and what was guessed of it."""
    known = Mapping.objects.filter(name=mapping).first() if mapping else None
    if mapping and known is None:
        raise Refused("mapping-unknown", say=f"没有叫“{mapping[:40]}”的对应表。", have=mapping[:40], field="mapping")
    held = {code: title for code, title in known.columns.items() if title in titles} if known else {}
    row = Import.objects.create(
        upload="",
        name=checked.name,
        area_path=area_path,
        kind=kind,
        titles=titles,
        columns=held or guess_columns(titles),
        labels=known.labels if known else {},
        settings=settings | (known.settings if known else {}),
        mapping=known.name if known else "",
        account_id=by.account_id,
        post_id=by.post_id,
        made_at=now(),
    )
    open_subject(row.subject)
    upload = keep(checked, by=by, role="import")
    attach([upload.token], subject=row.subject, by=by, role="import")
    row.upload = upload.token
    row.save(update_fields=["upload"])
    write(row.subject, "hotline.take-file", by=by, facts={"area": area_path, "kind": kind, "sha256": upload.sha256})
    return row


@act("hotline.map", power="import")
def map_columns(
    import_id: int,
    *,
    by: Viewer,
    columns: Table[str, str],
    labels: Table[str, Table[str, str]] | None = None,
    settings: Table[str, str] | None = None,
    remember: str = "",
) -> Import:
    """Say which column means what, what unknown labels mean, and how to read times; `remember` keeps it under a name."""
    row = _mine(import_id, by=by)
    row.columns = check_columns(columns, row.titles)
    if labels is not None:
        row.labels = {name: {k: v for k, v in table.items() if v} for name, table in labels.items()}
    row.settings = row.settings | _checked(dict(settings or {}), by=by, row=row)
    meanings = Meanings(by, row.area_path, kind=row.kind, labels=row.labels, settings=row.settings)
    if labels is not None:
        meanings.refuse_strange_units()
    if remember:
        row.mapping = clean_line(remember, least=1, most=40, field="remember", label="名称")
        said = {"columns": row.columns, "labels": row.labels, "settings": row.settings, "changed_at": now()}
        Mapping.objects.update_or_create(name=row.mapping, defaults=said)
    row.save(update_fields=["columns", "labels", "settings", "mapping"])
    write(
        row.subject,
        "hotline.map",
        by=by,
        facts={"columns": [f"{c}={t}" for c, t in row.columns.items()], "remembered": bool(remember)},
    )
    return row


def _checked(settings: dict[str, str], *, by: Viewer, row: Import) -> dict[str, str]:
    """Settings that exist and hold; refused otherwise."""
    if "zone" in settings:
        zone(settings["zone"])
    policy = settings.get("categories", "guess")
    if policy not in POLICIES:
        raise Refused("policy-unknown", say=f"未知分类的办法请选：{'、'.join(POLICIES.values())}。", have=policy)
    if policy == "make":
        by.require("texts")
    known = Meanings(by, row.area_path, kind=row.kind, labels={}, settings={}).edition.pack.channel
    channel = settings.get("channel", "hotline")
    if channel not in known:
        named = "、".join(one.title for one in known.values())
        raise Refused("unknown-channel", say=f"默认渠道请选：{named}。", have=channel[:40], field="channel")
    return {name: settings[name] for name in ("zone", "categories", "channel") if name in settings}


@act("hotline.begin-import", power="import")
def begin(import_id: int, *, by: Viewer, in_job: bool = True) -> Import:
    """Let the rows come in: by a job that can be watched, or by the caller itself."""
    row = _mine(import_id, by=by)
    check_columns(row.columns, row.titles)
    row.state = "running"
    if in_job:
        row.job_id = ask(run_import, row.pk, by=by, key=f"hotline.import:{row.pk}")
    row.save(update_fields=["state", "job_id"])
    write(row.subject, "hotline.begin-import", by=by, facts={"settings": row.settings})
    return row


@act("hotline.drop-import", power="import")
def drop(import_id: int, *, by: Viewer) -> None:
    """Leave a file alone that was taken but not begun; it is removed at once."""
    row = _mine(import_id, by=by)
    row.state = "dropped"
    row.save(update_fields=["state"])
    write(row.subject, "hotline.drop-import", by=by, facts={})
    remove_files(Import, [row.pk], by=by, why="dropped")


def _mine(import_id: int, *, by: Viewer) -> Import:
    """The import, locked, while its rows have not begun to come in; only whoever took the file may go on with it."""
    row = Import.objects.select_for_update().filter(pk=import_id).first()
    own = row is not None and by.reaches(row.area_path) and (by.kind == "system" or row.account_id == by.account_id)
    if row is None or not own:
        raise Refused("not-found", say="没有这次导入，或不是您上传的。", have=import_id)
    if row.state != "mapping":
        raise Refused("import-begun", say="这次导入已经开始或已放弃，不能再改。请重新上传文件。", have=row.state)
    return row
