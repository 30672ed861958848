"""Rows of text from a file a street already has: csv, csv.gz or xlsx, UTF-8 or GB18030."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from youying.kernel.refusals import Refused

MOST_BYTES = 512 * 1024 * 1024
TEXT_COLUMNS = ("text", "正文", "诉求内容", "内容", "留言详情", "问题描述", "text_segmented", "详情", "描述")
TITLE_COLUMNS = ("title", "标题", "主题", "留言主题", "诉求标题", "topic")
LABEL_COLUMNS = ("label", "分类", "一级分类", "一级标签", "标签", "类别", "事项分类", "category")


@dataclass(frozen=True)
class Table:
    """A header and its rows, all cells as text."""

    header: tuple[str, ...]
    rows: list[list[str]]

    def column(self, name: str) -> int:
        """Find a column by name. Refused: no such column."""
        if name not in self.header:
            say = f"文件里没有名为“{name}”的列；现有的列是：{'、'.join(self.header)}。"
            raise Refused("no-such-column", say=say, have=list(self.header), need=name, field=name)
        return self.header.index(name)

    def values(self, name: str) -> list[str]:
        """Give one column."""
        at = self.column(name)
        return [row[at] for row in self.rows]

    def texts(self, names: Sequence[str] = ()) -> list[str]:
        """Give the text of every row: the named columns joined, or a title and a text column known by name."""
        found = list(names) or self._known_text_columns()
        columns = [self.column(name) for name in found]
        return ["\n".join(row[at] for at in columns if row[at]) for row in self.rows]

    def labels(self, name: str = "") -> list[str]:
        """Give the label of every row, from the named column or one known by name."""
        return self.values(name or self._known(LABEL_COLUMNS, "分类"))

    def _known_text_columns(self) -> list[str]:
        title = [name for name in TITLE_COLUMNS if name in self.header][:1]
        return [*title, self._known(TEXT_COLUMNS, "正文")]

    def _known(self, names: Sequence[str], meaning: str) -> str:
        for name in names:
            if name in self.header:
                return name
        say = f"认不出哪一列是{meaning}；请指明列名。现有的列是：{'、'.join(self.header)}。"
        raise Refused("column-not-recognised", say=say, have=list(self.header), need=list(names))


def read_table(path: Path) -> Table:
    """Read a file whole. Refused: missing, too large, of another kind, damaged, empty."""
    if not path.is_file():
        raise Refused("file-missing", say=f"找不到文件“{path.name}”；请检查路径。", have=str(path))
    cells = _sheet(path) if path.suffix.lower() in {".xlsx", ".xls", ".xlsb", ".ods"} else _delimited(path)
    header = tuple(cell.strip() for cell in cells[0]) if cells else ()
    if not any(header):
        raise Refused("file-empty", say=f"“{path.name}”里没有表头；第一行应是列名。", have=path.name)
    width = len(header)
    rows = [(row + [""] * width)[:width] for row in cells[1:] if row]
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return Table(header, rows)


def csv_text(*, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table as csv."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()


def _sheet(path: Path) -> list[list[str]]:
    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as fault:
        say = f"“{path.name}”打不开，可能已损坏或并非表格；请另存为 xlsx 或 csv 后再试。"
        raise Refused("file-unreadable", say=say, have=path.name) from fault
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def _delimited(path: Path) -> list[list[str]]:
    text = _decoded(_bytes(path), path.name)
    csv.field_size_limit(10_000_000)
    first = text.split("\n", 1)[0]
    mark = "\t" if first.count("\t") > first.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as fault:
        say = f"“{path.name}”不是可读的 csv；请另存为 UTF-8 的 csv 或 xlsx 后再试。"
        raise Refused("file-unreadable", say=say, have=path.name) from fault


def _bytes(path: Path) -> bytes:
    packed = path.suffix.lower() == ".gz"
    try:
        with gzip.open(path) if packed else path.open("rb") as source:
            found: bytes = source.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as fault:
        say = f"“{path.name}”打不开，压缩包可能不完整；请重新生成后再试。"
        raise Refused("file-unreadable", say=say, have=path.name) from fault
    if len(found) > MOST_BYTES:
        say = f"“{path.name}”展开后超过 {MOST_BYTES // 2**20} MB；请分成几个文件。"
        raise Refused("file-too-large", say=say, need=MOST_BYTES)
    return found


def _decoded(found: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return found.decode(encoding)
        except UnicodeDecodeError:
            continue
    say = f"“{name}”的文字既不是 UTF-8 也不是 GB18030；请另存为 UTF-8 后再试。"
    raise Refused("file-unreadable", say=say, have=name)
