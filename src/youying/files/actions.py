"""Every write of files: taking in, attaching, removing, sweeping."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.core.files.base import File
from django.db import connection, transaction

from youying.files import storage
from youying.files.models import Upload
from youying.files.pictures import Picture, clean_picture
from youying.files.rules import (
    JPEG,
    MOST_BYTES,
    PDF,
    XLSX,
    Format,
    check_paper,
    check_role,
    check_size,
    format_of,
    safe_name,
)
from youying.files.sheets_in import check_sheet
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.sealing import Key
from youying.kernel.viewers import SYSTEM, Viewer
from youying.record import book
from youying.record.actions import Draft, erase, open_subject, seal_for, write, write_many
from youying.record.acts import act, unchanged

HEAD_BYTES = 4096
TAIL_BYTES = 4096
UNATTACHED_HOURS = 48
MOST_UPLOADS = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked into and made clean, ready to be kept."""

    form: Format
    name: str
    source: BinaryIO
    size: int
    sha256: str
    picture: Picture | None = None


def take(file: File[Any], *, by: Viewer, subject: str = "", role: str = "", most_bytes: int | None = None) -> Upload:
    """Take a file in: what it is is read from its bytes, pictures are made anew, everything is sealed on the disk.

    The looking happens before any transaction opens. `most_bytes` asks for less than the kind's own limit.
    Refused with `too-large`, `file-empty`, `type-not-allowed`, `program-file`, `picture-…`, `sheet-…`, `archive-bomb`.
    """
    return keep(check(file, most_bytes=most_bytes), by=by, subject=subject, role=role)


def check(file: File[Any], *, most_bytes: int | None = None) -> Checked:
    """Look into a file and make it clean, without keeping anything."""
    size, name = file.size or 0, str(file.name or "")
    check_size(size, most=most_bytes or max(MOST_BYTES.values()))
    file.seek(0)
    form = format_of(file.read(HEAD_BYTES), name=name)
    check_size(size, most=min(most_bytes or MOST_BYTES[form.kind], MOST_BYTES[form.kind]))
    file.seek(0)
    if form.kind == "image":
        picture = clean_picture(file.read(), form=form)
        return _checked(io.BytesIO(picture.data), form=JPEG, name=name, size=len(picture.data), picture=picture)
    stream = cast(BinaryIO, file)
    if form == PDF:
        stream.seek(max(0, size - TAIL_BYTES))
        check_paper(stream.read())
    else:
        check_sheet(stream, form=form)
    return _checked(stream, form=form, name=name, size=size)


def made(sheet: BinaryIO, *, name: str) -> Checked:
    """A workbook that the house wrote itself, ready to be kept: nothing in it is foreign, and it may be long."""
    return _checked(sheet, form=XLSX, name=name, size=sheet.seek(0, io.SEEK_END))


@act("files.take")
def keep(checked: Checked, *, by: Viewer, subject: str = "", role: str = "") -> Upload:
    """Keep a clean file: its row, its key, its bytes on the disk before the row commits."""
    at, picture = now(), checked.picture
    upload = Upload.objects.create(
        token=secrets.token_urlsafe(32),
        kind=checked.form.kind,
        media_type=checked.form.media_type,
        size=checked.size,
        sha256=checked.sha256,
        subject=subject,
        role=check_role(role),
        uploaded_by_id=by.account_id,
        uploaded_at=at,
        path=storage.new_path(at),
        thumbnail_path=storage.new_path(at) if picture else "",
        thumbnail_size=len(picture.thumbnail) if picture else 0,
        **_told(picture),
    )
    own = upload.own_subject
    open_subject(own)
    facts = {"kind": upload.kind, "size": upload.size, "sha256": upload.sha256, "for": subject, "role": role}
    write(own, "files.take", by=by, facts=facts, sealed={"name": checked.name})
    upload.name_sealed = seal_for(own, checked.name)
    upload.save(update_fields=["name_sealed"])
    _put(upload, checked, key=book.data_key_of(book.head_of(own)))
    return upload


ATTACH = (
    "UPDATE files_upload SET subject = %s, role = CASE WHEN %s = '' THEN role ELSE %s END WHERE token IN ({}) AND removed_at IS NULL AND subject = '' "
    "AND (uploaded_by_id IS NULL OR uploaded_by_id = %s) RETURNING sha256"
)


def attach(tokens: Sequence[str], *, subject: str, by: Viewer, role: str = "") -> list[str]:
    """Give uploads to a subject; the digests of those new there, which the caller's own entry must keep.

    Only inside an act on the subject; one statement. One's own uploads only, and each to one subject.
    """
    book.book()
    wanted = list(dict.fromkeys(tokens))
    if len(wanted) > MOST_UPLOADS:
        raise Refused("too-many-files", say=f"一次最多附{MOST_UPLOADS}个文件。", have=len(wanted), need=MOST_UPLOADS)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(wanted))
        cursor.execute(ATTACH.format(marks), [subject, check_role(role), role, *wanted, by.account_id])
        new = [row[0] for row in cursor.fetchall()]
    if len(new) < len(wanted):
        there = Upload.objects.filter(token__in=wanted, subject=subject, removed_at=None).count()
        if there < len(wanted):
            raise Refused("upload-unknown", say="有附件已失效，请重新上传。", field="uploads")
    return new


@act("files.remove")
def remove(token: str, *, by: Viewer) -> Upload:
    """Take back one's own upload while it belongs to nothing; what a subject holds is evidence and stays."""
    row = Upload.objects.select_for_update().filter(token=token, removed_at=None).first()
    if row is None or _foreign(row, by=by, subject=""):
        raise Refused("not-found", say="没有这个文件，或不是您上传的。")
    if row.subject:
        raise Refused("upload-in-use", say="这个文件已经附在事项上，是办理留痕，不能删除。")
    _drop([row], by=by, why="taken-back")
    return row


@act("files.drop-unattached", power="audit")
def drop_unattached(*, by: Viewer) -> int:
    """Remove what was uploaded and never used for two days; how many. For the timer."""
    limit = now() - timedelta(hours=UNATTACHED_HOURS)
    rows = list(
        Upload.objects.select_for_update()
        .filter(subject="", removed_at=None, uploaded_at__lt=limit)
        .order_by("pk")[:500]
    )
    if not rows:
        unchanged()
        return 0
    _drop(rows, by=by, why="never-used")
    return len(rows)


@act("files.erase", power="audit")
def erase_of(subject: str, *, by: Viewer) -> int:
    """Remove all files of a subject whose personal values were erased; how many."""
    rows = list(Upload.objects.select_for_update().filter(subject=subject, removed_at=None).order_by("pk"))
    if not rows:
        unchanged()
        return 0
    _drop(rows, by=by, why="erased")
    return len(rows)


@act("files.expire", power="audit")
def expire(tokens: Sequence[str], *, by: Viewer, why: str) -> int:
    """Remove files whose days are over, whatever they belong to; how many. `why` is a code. For timers."""
    wanted = Upload.objects.select_for_update().filter(token__in=list(tokens), removed_at=None)
    rows = list(wanted.order_by("pk"))
    if not rows:
        unchanged()
        return 0
    _drop(rows, by=by, why=why)
    return len(rows)


def sweep_strays() -> int:
    """Take files off the disk that no row knows, an hour after they were written; how many. For the timer."""
    known: set[str] = set()
    for path, thumbnail in Upload.objects.filter(removed_at=None).values_list("path", "thumbnail_path").iterator():
        known |= {path, thumbnail}
    found = storage.strays(known=known, before=storage.an_hour_before(now()))
    storage.remove_all(found)
    return len(found)


def _foreign(row: Upload, *, by: Viewer, subject: str) -> bool:
    """True for an upload that belongs to something else, or was made by another account."""
    others = row.uploaded_by_id is not None and by.kind != "system" and row.uploaded_by_id != by.account_id
    return others or row.subject not in ("", subject or row.subject)


def _drop(rows: list[Upload], *, by: Viewer, why: str) -> None:
    """Forget uploads: their rows keep what they were, their keys and, after the commit, their bytes are gone."""
    write_many(Draft(row.own_subject, "files.remove", by, facts={"why": why, "for": row.subject}) for row in rows)
    for row in rows:
        erase(row.own_subject, by=SYSTEM, reason=why)
    gone = Upload.objects.filter(pk__in=[row.pk for row in rows])
    gone.update(removed_at=now(), name_sealed=None, lng=None, lat=None, taken_at=None)
    paths = [path for row in rows for path in (row.path, row.thumbnail_path)]
    transaction.on_commit(lambda: storage.remove_all(paths))


def _checked(stream: BinaryIO, *, form: Format, name: str, size: int, picture: Picture | None = None) -> Checked:
    """The digest is of what will be kept: the picture as it was made anew."""
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(storage.PIECE):
        digest.update(piece)
    return Checked(form, safe_name(name, form=form), stream, size, digest.hexdigest(), picture)


def _told(picture: Picture | None) -> dict[str, Any]:
    if picture is None:
        return {}
    return {name: getattr(picture, name) for name in ("width", "height", "taken_at", "lng", "lat")}


def _put(upload: Upload, checked: Checked, *, key: Key) -> None:
    checked.source.seek(0)
    storage.put(upload.path, checked.source, key=key)
    if checked.picture:
        storage.put(upload.thumbnail_path, io.BytesIO(checked.picture.thumbnail), key=key)
