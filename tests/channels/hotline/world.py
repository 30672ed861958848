"""What the tests of the hotline share: the fictional street, files as systems export them, people who may import."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.matters import world as worlds
from youying.channels.hotline.actions import importing, loading
from youying.channels.hotline.models import Import
from youying.kernel.viewers import Viewer

HEADER = (
    "工单编号",
    "受理时间",
    "诉求内容",
    "来电人",
    "联系电话",
    "事发地址",
    "三级分类",
    "承办单位",
    "答复意见",
    "办结时间",
    "是否解决",
    "满意度",
)
ROW = (
    *(
        "G-1",
        "2026-10-12 09:20",
        "杏林小区3号楼的路灯坏了一个星期，夜里看不见路。",
        "陈桂芳",
        "13900010001",
        "杏林小区3号楼",
    ),
    *("路灯不亮", "和顺物业", "已换新灯头，当晚亮灯。", "2026-10-14 16:00", "是", "满意"),
)


def a_row(**cells: Any) -> list[Any]:
    """The usual row with some cells changed, named by their header."""
    return [cells.get(title, cell) for title, cell in zip(HEADER, ROW, strict=True)]


def csv_file(rows: Sequence[Sequence[Any]], *, header: Sequence[str] = HEADER, encoding: str = "utf-8-sig") -> Any:
    """An export as csv."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return SimpleUploadedFile("热线.csv", text.getvalue().encode(encoding), "text/csv")


def packed(file: Any) -> Any:
    """The same file packed."""
    return SimpleUploadedFile(file.name + ".gz", gzip.compress(file.read()), "application/gzip")


def xlsx_file(rows: Sequence[Sequence[Any]], *, header: Sequence[str] = HEADER, name: str = "热线.xlsx") -> Any:
    """An export as xlsx; moments stand as moments."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet()
    for line, cells in enumerate([header, *rows]):
        for place, cell in enumerate(cells):
            if cell is not None:
                sheet.write(line, place, cell)
    book.close()
    return SimpleUploadedFile(name, held.getvalue(), "application/octet-stream")


def importer(world: worlds.World) -> Viewer:
    """The dispatcher, who may import here."""
    return replace(world.dispatcher, powers=frozenset({"view", "intake", "act", "import", "export"}))


def taken(world: worlds.World, file: Any, **said: Any) -> Import:
    """A file taken in for the street, its columns guessed."""
    return importing.start(file, by=importer(world), area_path=world.town, **said)


def loaded(world: worlds.World, file: Any, **said: Any) -> Import:
    """A file whose rows are in."""
    row = taken(world, file, **said)
    importing.begin(row.pk, by=importer(world))
    return loading.load(row.pk)
