"""The bytes on the disk: sealed in pieces, written whole or not at all, found again, swept.

A file is a row of pieces; each is its length in four bytes, then the sealed piece, bound to the file's name, to its
place in the row and to whether it is the last, so that none can be swapped, moved or cut off unseen.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from youying.kernel.refusals import Refused
from youying.kernel.sealing import Key, seal, unseal

PIECE = 1024 * 1024
LENGTH_BYTES = 4
ENDING, ASIDE = ".sealed", ".part"


def folder() -> Path:
    """Where uploads lie."""
    return Path(settings.YOUYING_HOME) / "uploads"


def new_path(at: datetime) -> str:
    """A place nobody can guess, by year and month."""
    return f"{at:%y}/{at:%m}/{secrets.token_hex(20)}{ENDING}"


def put(path: str, source: BinaryIO, *, key: Key) -> None:
    """Seal a stream into its place: written aside, synced, renamed, and the folder synced, before the row commits."""
    target = folder() / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_suffix(ASIDE)
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            for sealed in _sealed_pieces(_pieces(source), key=key, path=path):
                out.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def pieces(path: str, *, key: Key) -> Iterator[bytes]:
    """The plain bytes, a piece at a time; refused where the file is gone or was tampered with."""
    try:
        source = (folder() / path).open("rb")
    except FileNotFoundError:
        raise Refused("not-found", say="这个文件已不在存储里，请告诉系统管理员。") from None
    with source:
        place, sealed = 0, _next(source)
        while sealed is not None:
            following = _next(source)
            yield unseal(key, sealed, _bound_to(path, place, last=following is None))
            place, sealed = place + 1, following


def remove_all(paths: Iterable[str]) -> None:
    """Take files off the disk; nothing happens where one is gone already."""
    for path in filter(None, paths):
        (folder() / path).unlink(missing_ok=True)


def strays(*, known: Iterable[str], before: datetime) -> list[str]:
    """Files that no row knows and that are older than a moment: what a broken-off upload left behind."""
    kept, root = set(known), folder()
    found = [path for path in root.rglob("*") if path.suffix in (ENDING, ASIDE)] if root.exists() else []
    old = (path for path in found if path.stat().st_mtime < before.timestamp())
    return sorted(relative for path in old if (relative := path.relative_to(root).as_posix()) not in kept)


def an_hour_before(at: datetime) -> datetime:
    """Older than this, no upload can still be under way."""
    return at - timedelta(hours=1)


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece


def _sealed_pieces(plain: Iterator[bytes], *, key: Key, path: str) -> Iterator[bytes]:
    place, piece = 0, next(plain, b"")
    while True:
        following = next(plain, None)
        yield seal(key, piece, _bound_to(path, place, last=following is None))
        if following is None:
            return
        place, piece = place + 1, following


def _next(source: BinaryIO) -> bytes | None:
    length = source.read(LENGTH_BYTES)
    return source.read(int.from_bytes(length, "big")) if length else None


def _bound_to(path: str, place: int, *, last: bool) -> bytes:
    return f"file\0{path}\0{place}\0{'last' if last else 'more'}".encode()


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
