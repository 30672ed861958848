"""Rows of a table that somebody uploaded (xlsx, xls, csv in UTF-8 or GB18030): header → cell."""

from __future__ import annotations

import csv
import io
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from youying.kernel.refusals import Refused

MOST_BYTES = 50 * 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCODINGS = ("utf-8-sig", "gb18030")


def rows_of(stream: IO[bytes]) -> list[dict[str, Any]]:
    """The rows of the first sheet, without empty ones; refused when it is no table, has no header or a header twice.

    The upload itself was checked when it was taken (kind, size, zip bombs).
    """
    lines = iter(lines_of(stream))
    header = next((line for line in lines if any(_filled(cell) for cell in line)), None)
    if header is None:
        raise Refused("table-empty", say="表里没有内容，第一行应是表头。", field="file")
    titles = _titles(header)
    return [dict(zip(titles, line, strict=False)) for line in lines if any(_filled(cell) for cell in line)]


def lines_of(stream: IO[bytes]) -> list[list[Any]]:
    """Every line of the first sheet as it stands there, the first line first, empty ones too."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused("table-too-large", say="表太大了，请分成几个不超过50MB的文件。", have=len(data), need=MOST_BYTES)
    return _sheet(data) if data[:4] in (ZIP, OLE) else _delimited(data)


def _titles(header: list[Any]) -> list[str]:
    """The titles of the columns; those without one get a number of their own."""
    titles = [str(cell).strip() or f"（第{place}列）" for place, cell in enumerate(header, 1)]
    twice = next((title for title in titles if titles.count(title) > 1), "")
    if twice:
        raise Refused("column-twice", say=f"表头里有两列都叫“{twice[:40]}”，请改掉一个。", have=titles, field="file")
    return titles


def _filled(cell: Any) -> bool:
    return bool(str(cell).strip()) if cell is not None else False


def _sheet(data: bytes) -> list[list[Any]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        above, _left = sheet.start or (0, 0)
        return [*([] for _line in range(above)), *sheet.to_python(skip_empty_area=True)]
    except (CalamineError, IndexError, ValueError, OSError):
        raise Refused(
            "table-broken", say="这个表打不开，可能已损坏或有密码，请用 Excel 另存后再试。", field="file"
        ) from None


def _delimited(data: bytes) -> list[list[Any]]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            first = text.split("\n", 1)[0]
            return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ","))
    raise Refused("table-broken", say="这不是表格。请上传 xlsx、xls 或 csv。", field="file")
