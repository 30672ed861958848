"""Every read of files: whoever looks must be let in by the guard of the subject that the file belongs to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from youying.files import storage
from youying.files.models import Upload
from youying.kernel.refusals import Refused
from youying.kernel.sealing import Key
from youying.kernel.viewers import Viewer
from youying.record.queries import Opener, opener

Guard = Callable[[Viewer, str], None]
"""Told who looks and at which subject; refuses, or returns."""

GUARDS: dict[str, Guard] = {}
IN_MEMORY_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileView:
    """One file as a list shows it."""

    token: str
    kind: str
    media_type: str
    name: str
    size: int
    role: str
    width: int | None
    height: int | None
    taken_at: datetime | None
    lng: float | None
    lat: float | None
    uploaded_at: datetime
    uploaded_by: int | None
    thumbnail: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """One file or its thumbnail, let through, with its plain bytes a piece at a time."""

    name: str
    media_type: str
    size: int
    sha256: str
    pieces: Iterator[bytes]


def register_guard(prefix: str, guard: Guard) -> None:
    """Say who may see the files of subjects "prefix:…"; a subject without a guard is shown to nobody."""
    if GUARDS.setdefault(prefix, guard) is not guard:
        raise Refused("guard-twice", say=f"“{prefix}”的附件已有查看规则。", have=prefix)


def for_subject(viewer: Viewer, subject: str) -> list[FileView]:
    """The files of a subject, oldest first, for whoever its guard lets in."""
    let_in(viewer, subject)
    rows = list(Upload.objects.filter(subject=subject, removed_at=None).order_by("pk"))
    keys = opener(row.own_subject for row in rows)
    return [_view(row, keys=keys) for row in rows]


def one(viewer: Viewer, token: str) -> FileView:
    """One file by its token."""
    row = _row(viewer, token)
    return _view(row, keys=opener([row.own_subject]))


def open_file(viewer: Viewer, token: str, *, thumbnail: bool = False) -> Opened:
    """A file's plain bytes; access is checked now, at every read."""
    row = _row(viewer, token)
    keys = opener([row.own_subject])
    small = thumbnail and bool(row.thumbnail_path)
    return Opened(
        name=_name(row, keys=keys),
        media_type=row.media_type,
        size=row.thumbnail_size if small else row.size,
        sha256=row.sha256 + ("-s" if small else ""),
        pieces=storage.pieces(row.thumbnail_path if small else row.path, key=_key(row, keys=keys)),
    )


def as_stream(viewer: Viewer, token: str) -> IO[bytes]:
    """A file as a readable, seekable stream, for an import; gone from the disk when closed."""
    opened = open_file(viewer, token)
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    for piece in opened.pieces:
        stream.write(piece)
    stream.seek(0)
    return stream


def _row(viewer: Viewer, token: str) -> Upload:
    row = Upload.objects.filter(token=token, removed_at=None).first()
    if row is None:
        raise _missing()
    if row.subject:
        let_in(viewer, row.subject)
    elif viewer.kind != "system" and not _is_own(viewer, row):
        raise _missing()
    return row


def _is_own(viewer: Viewer, row: Upload) -> bool:
    """Whether somebody looks at what they uploaded themselves, in a running post."""
    return row.uploaded_by_id is not None and row.uploaded_by_id == viewer.account_id and viewer.post_id is not None


def let_in(viewer: Viewer, subject: str) -> None:
    """Refuse whoever the guard of the subject does not let in; also for what other contexts keep of the subject."""
    if viewer.kind == "system":
        return
    guard = GUARDS.get(subject.partition(":")[0])
    if guard is None:
        raise _missing()
    guard(viewer, subject)


def _missing() -> Refused:
    return Refused("not-found", say="没有这个文件，或您不能查看。")


def _key(row: Upload, *, keys: Opener) -> Key:
    try:
        return keys.keys[row.own_subject]
    except KeyError:
        raise _missing() from None


def _name(row: Upload, *, keys: Opener) -> str:
    return keys.value(row.own_subject, bytes(row.name_sealed or b"")) or "附件"


def _view(row: Upload, *, keys: Opener) -> FileView:
    return FileView(
        token=row.token,
        kind=row.kind,
        media_type=row.media_type,
        name=_name(row, keys=keys),
        size=row.size,
        role=row.role,
        width=row.width,
        height=row.height,
        taken_at=row.taken_at,
        lng=row.lng,
        lat=row.lat,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by_id,
        thumbnail=bool(row.thumbnail_path),
    )
