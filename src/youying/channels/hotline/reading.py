"""Tables read a row at a time: xlsx, xls, csv in UTF-8 or GB18030, packed or not, in bounded memory."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from youying.channels.hotline.rules import unique_titles
from youying.kernel.refusals import Refused

ZIP, OLE, GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_COLUMNS = 300
MOST_ROWS = 500_000
MOST_CELL = 1_000_000
MOST_UNPACKED = 50 * 1024 * 1024
HEADER_WITHIN = 20
PIECE = 1024 * 1024


@dataclass(slots=True)
class Table:
    """A header, the line it stands on (the first is 1), and the rows below it with their lines."""

    titles: list[str]
    header_line: int
    rows: Iterator[tuple[int, list[Any]]]
    total: int


def unpacked(stream: IO[bytes], name: str) -> tuple[IO[bytes], str]:
    """A gzip file unpacked into a bounded temporary one, other files as they are; with the name it then has."""
    stream.seek(0)
    packed = stream.read(2) == GZIP
    stream.seek(0)
    if not packed:
        return stream, name
    plain = tempfile.SpooledTemporaryFile(max_size=8 * PIECE)  # noqa: SIM115 - the caller closes it
    try:
        with gzip.open(stream) as source:
            while piece := source.read(PIECE):
                plain.write(piece)
                if plain.tell() > MOST_UNPACKED:
                    raise Refused(
                        "archive-bomb", say="压缩包展开后超过 50 MB，请分成几个文件。", need=MOST_UNPACKED, field="file"
                    )
    except (OSError, EOFError, zlib.error):
        raise Refused("sheet-broken", say="压缩包打不开，可能不完整，请重新生成后再传。", field="file") from None
    plain.seek(0)
    return plain, name.removesuffix(".gz") if name.endswith(".csv.gz") else f"{name.removesuffix('.gz')}.csv"


def open_table(stream: IO[bytes]) -> Table:
    """Open an uploaded table: its header is the first line with at least two cells. Refused: empty, broken, too wide."""
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    lines, total = _sheet(stream) if head in (ZIP, OLE) else _delimited(stream)
    for line, cells in lines:
        if sum(map(filled, cells)) >= 2:
            return Table(_titles(cells), line, _below(lines), total - line)
        if line >= HEADER_WITHIN:
            break
    raise Refused("table-empty", say="表里没有内容：前20行里应有一行表头，下面是数据。", field="file")


def filled(cell: Any) -> bool:
    """Whether a cell holds anything but white space."""
    return cell is not None and bool(str(cell).strip())


def _titles(cells: list[Any]) -> list[str]:
    last = max(place for place, cell in enumerate(cells, 1) if filled(cell))
    if last > MOST_COLUMNS:
        say = f"表有{last}列，最多{MOST_COLUMNS}列，请删去用不上的列。"
        raise Refused("too-many-columns", say=say, have=last, need=MOST_COLUMNS, field="file")
    return unique_titles(cells[:last])


def _below(lines: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    count = 0
    for line, cells in lines:
        if any(map(filled, cells)):
            count += 1
            if count > MOST_ROWS:
                raise Refused(
                    "too-many-rows", say=f"表超过{MOST_ROWS}行，请分成几个文件。", need=MOST_ROWS, field="file"
                )
            yield line, cells


def _sheet(stream: IO[bytes]) -> tuple[Iterator[tuple[int, list[Any]]], int]:
    try:
        sheet = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
        return enumerate(sheet.iter_rows(), 1), sheet.total_height + 1
    except (CalamineError, IndexError, ValueError, OSError):
        say = "这个表打不开，可能已损坏或有密码，请用 Excel 另存后再试。"
        raise Refused("table-broken", say=say, field="file") from None


def _delimited(stream: IO[bytes]) -> tuple[Iterator[tuple[int, list[Any]]], int]:
    encoding, total, first = _encoding(stream)
    stream.seek(0)
    csv.field_size_limit(MOST_CELL)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    return _parsed(csv.reader(text, delimiter="\t" if first.count(b"\t") > first.count(b",") else ","), text), total


def _parsed(reader: Any, text: io.TextIOWrapper) -> Iterator[tuple[int, list[Any]]]:
    """Rows with their place in the table; the stream is let go, not closed, so that the caller may read it again."""
    try:
        yield from enumerate(reader, 1)
    except csv.Error:
        raise Refused("table-broken", say="这不是可读的 csv，请另存为 xlsx 后再传。", field="file") from None
    finally:
        with suppress(ValueError):  # closed already by whoever opened it
            text.detach()


def _encoding(stream: IO[bytes]) -> tuple[str, int, bytes]:
    """The encoding in which the whole file reads, its lines, and its first one; two passes at most, a piece at a time."""
    for name in ENCODINGS:
        decoder = codecs.getincrementaldecoder(name)()
        stream.seek(0)
        lines, first, last = 0, b"", b""
        try:
            while piece := stream.read(PIECE):
                first = first or piece.split(b"\n", 1)[0]
                lines, last = lines + piece.count(b"\n"), piece
                if "\0" in decoder.decode(piece):
                    raise _no_table()
            decoder.decode(b"", final=True)
            return name, lines + (not last.endswith(b"\n")), first
        except UnicodeDecodeError:
            continue
    raise _no_table()


def _no_table() -> Refused:
    return Refused("table-broken", say="这不是表格，或文字编码认不出。请上传 xlsx、xls 或 UTF-8 的 csv。", field="file")
