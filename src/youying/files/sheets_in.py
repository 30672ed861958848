"""Sheets looked into before they are kept: counted before anybody unpacks them, measured before anybody reads them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from typing import BinaryIO

from youying.files import measuring
from youying.files.rules import ALLOWED, CSV, XLS, XLSX, Format, Packed, check_archive, check_extent, too_spread
from youying.kernel.refusals import Refused

_LOCKED = 0x1
_CHUNK = 256 * 1024
_BOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def check_sheet(file: BinaryIO, *, form: Format) -> None:
    """Refuse a sheet that is broken, locked, no sheet at all, or a trap."""
    file.seek(0)
    if form == XLSX:
        _check_xlsx(file)
        _check_extent(file)
    elif form == XLS:
        _check_xls(file.read())
        _check_extent(file)
    elif form == CSV:
        _check_csv(file.read())
    file.seek(0)


def _check_xlsx(file: BinaryIO) -> None:
    """Count by what the archive says, then unpack once into nothing: a lie about a size breaks its check sum."""
    try:
        with zipfile.ZipFile(file) as archive:
            listed = archive.infolist()
            check_archive(
                Packed(entry.filename, entry.compress_size, entry.file_size, bool(entry.flag_bits & _LOCKED))
                for entry in listed
            )
            for entry in listed:
                with archive.open(entry) as stream:
                    while stream.read(_CHUNK):
                        pass
    except _BROKEN:
        raise _broken() from None


def _check_xls(data: bytes) -> None:
    if not any(stream in data for stream in _BOOK_STREAMS):
        raise Refused("type-not-allowed", say=f"这不是Excel表格。可以上传：{ALLOWED}。", field="file")


def _check_extent(file: BinaryIO) -> None:
    """Let a process of its own open the workbook first: what would end that one must not come near this one."""
    file.seek(0)
    command = [sys.executable, "-I", measuring.__file__]
    done = subprocess.run(command, input=file.read(), capture_output=True, check=False)
    rows, _, columns = done.stdout.partition(b" ")
    if done.returncode or not done.stdout:
        raise too_spread()
    if done.stdout != measuring.BROKEN:  # a sheet that nobody can read harms nobody: whoever wants its rows refuses it
        check_extent(int(rows), int(columns))


def _check_csv(data: bytes) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return
    raise _broken()


def _broken() -> Refused:
    return Refused("sheet-broken", say="这个表格打不开，可能已损坏。请用Excel或WPS另存后再传。", field="file")
