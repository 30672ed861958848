"""The import of a hotline export beside bare rows of matters, and the export of a list beside bare xlsxwriter."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.base import File
from django.db import connection
from django.db.models import Max
from python_calamine import CalamineWorkbook

from bench.figures import Figure
from bench.street import BEGINNING, NOW, SHANGHAI, District
from bench.words import Said, say, urgencies
from youying.channels.hotline.actions import exporting, importing, loading, writing
from youying.channels.hotline.models import Import
from youying.files.queries import as_stream
from youying.kernel.moments import still
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.matters.queries import Filters
from youying.places.placing import Place

HEADER = (
    "工单编号",
    "来电时间",
    "诉求内容",
    "诉求人",
    "联系电话",
    "地址",
    "承办单位",
    "来源渠道",
    "办结时间",
    "答复意见",
)
CHANNELS = {
    "qr": "扫码",
    "hotline": "12345热线",
    "wechat": "微信群/小程序",
    "phone": "24小时值班电话",
    "walk-in": "来访",
    "patrol": "巡查",
}
AT_ONCE = 1_000
BASIC, WHOLE = 0.30, 0.08
MOST_TIMES = 1.3
MOST_MORE = 1.01
"""A list since a moment holds all that came in at that moment; both sides write the same cells."""


def measure_import(district: District, where: str, count: int) -> list[Figure]:
    """Rows a second of the bare rows, of an import of what was reported, of what was answered too, and of one with
    categories and doubles: a reply makes a row four steps of history, each with its entry in the record."""
    with tempfile.TemporaryDirectory(prefix="youying-bench-") as folder, still(NOW):
        file = Path(folder) / "export.csv"
        rows = list(lines(district, count))
        bare = count / _bare(district, rows)
        write_csv(file, rows, prefix="p", replied=False)
        plain_seconds, _, opened_plain = _import(district, file, categories="leave")
        write_csv(file, rows, prefix="a", replied=True)
        loaded, _, opened = _import(district, file, categories="leave")
        write_csv(file, rows, prefix="b", replied=True)
        guessed, alike, opened_again = _import(district, file, categories="guess")
    if {opened_plain, opened, opened_again} != {count}:
        raise SystemExit(f"of {count} rows {opened_plain}, {opened} and {opened_again} came in")
    plain, basic, whole = count / plain_seconds, count / loaded, count / (guessed + alike)
    beside = f"bulk_create of the matters alone {bare:,.0f} rows/s"
    return [
        Figure(f"import of {count:,} hotline rows: places, record, tallies", where, f"{plain:,.0f} rows/s = {plain / bare:.0%}",
               beside, f"≥ {BASIC:.0%}", plain >= BASIC * bare),
        Figure(f"import of {count:,} hotline rows, each with its reply: places, record, tallies", where,
               f"{basic:,.0f} rows/s = {basic / bare:.0%}", beside, f"≥ {BASIC:.0%}", basic >= BASIC * bare),
        Figure(f"import of {count:,} hotline rows: categories and doubles too", where, f"{whole:,.0f} rows/s = {whole / bare:.0%}",
               beside, f"≥ {WHOLE:.0%}", whole >= WHOLE * bare),
    ]  # fmt: skip


def lines(district: District, count: int) -> Iterator[tuple[Place, Said, datetime]]:
    """What the rows of an export say."""
    chance = random.Random(23)
    names, weights = urgencies()
    for _ in range(count):
        said = say(chance, urgency=chance.choices(names, weights)[0])
        at = BEGINNING + timedelta(
            minutes=chance.randrange(int((NOW - BEGINNING).total_seconds() // 60) - 60 * 24 * 30)
        )
        yield chance.choice(district.places), said, at


def write_csv(path: Path, rows: list[tuple[Place, Said, datetime]], *, prefix: str, replied: bool) -> None:
    """Write them as another system would, with what was answered or without."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for number, (place, said, at) in enumerate(rows, 1):
            done = at + timedelta(days=2, hours=3)
            said_at, done_at = (f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for moment in (at, done))
            reply = (done_at, said.done) if replied else ("", "")
            out.writerow((f"{prefix}{number}", said_at, said.text, said.name, said.phone, place.words, "",
                          CHANNELS[said.channel], *reply))  # fmt: skip


def _bare(district: District, rows: list[tuple[Place, Said, datetime]]) -> float:
    """Seconds that the rows of the matters alone take, a thousand a statement, each its own transaction; taken away after."""
    sample = Matter.objects.order_by("-pk").first()
    if sample is None:
        raise SystemExit("the floor of the import needs a matter to copy")
    first = 99_120_000_000 + (Matter.objects.aggregate(last=Max("pk"))["last"] or 0) % 1000
    values = {
        f.attname: getattr(sample, f.attname) for f in Matter._meta.concrete_fields if f.attname not in ("id", "number")
    }
    made = [
        Matter(**values | {"id": first + n, "number": f"x{n}", "words": said.text, "title": said.text[:30], "opened_at": at,
                           "changed_at": at, "area_path": place.area_path, "place_path": place.place_path,
                           "compound_id": place.compound_id, "building_id": place.building_id, "grid_id": place.grid_id,
                           "category": said.category, "channel": said.channel, "external_id": f"x{n}"})
        for n, (place, said, at) in enumerate(rows)
    ]  # fmt: skip
    started = time.perf_counter()
    for start in range(0, len(made), AT_ONCE):
        Matter.objects.bulk_create(made[start : start + AT_ONCE])
    spent = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matters_matter WHERE id >= %s", [first])
    return spent


def _import(district: District, file: Path, *, categories: str) -> tuple[float, float, int]:
    """Seconds until all rows are in, seconds for the pairs that are alike, and how many came in."""
    with file.open("rb") as stream:
        row = importing.start(File(stream, name=file.name), by=SYSTEM, area_path=district.county)
    row = importing.map_columns(row.pk, by=SYSTEM, columns=row.columns, settings={"categories": categories})
    importing.begin(row.pk, by=SYSTEM, in_job=False)
    marks: list[float] = []

    def watch(done: int, total: int, note: str) -> None:
        """Keep the moment at which the rows were in."""
        if not note.startswith("第"):
            marks.append(time.perf_counter())

    started = time.perf_counter()
    loading.load(row.pk, watch=watch)
    ended = time.perf_counter()
    return marks[0] - started, ended - marks[0], Import.objects.get(pk=row.pk).opened


def measure_export(district: District, where: str, count: int) -> list[Figure]:
    """Seconds of a list written as xlsx, and of the same cells written by xlsxwriter alone."""
    with still(NOW), as_exported(count) as (spent, cells, ours):
        alone = _alone(cells)
    if not count <= ours <= count * MOST_MORE:
        raise SystemExit(f"the list has {ours} rows, {count} were asked for")
    beside = f"xlsxwriter alone {alone:.1f} s"
    row = f"export of {ours:,} rows to xlsx"
    return [
        Figure(
            row,
            where,
            f"{spent:.1f} s = {spent / alone:.2f} ×",
            beside,
            f"≤ {MOST_TIMES} ×",
            spent <= MOST_TIMES * alone,
        )
    ]


@contextmanager
def as_exported(count: int) -> Iterator[tuple[float, list[list[Any]], int]]:
    """Export the first so many matters; the seconds, the cells of the sheet and the number of its rows."""
    numbers = Matter.objects.order_by("-opened_at", "-id").values_list("opened_at", flat=True)
    since = numbers[count - 1] if numbers.count() >= count else None
    row = exporting.start_export(Filters(state="all", since=since), by=SYSTEM)
    started = time.perf_counter()
    row = writing.write_export(row.pk)
    spent = time.perf_counter() - started
    with as_stream(SYSTEM, row.upload) as stream:
        cells = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()
    yield spent, cells, row.rows


def _alone(cells: list[list[Any]]) -> float:
    """Seconds for the same cells, in bounded memory."""
    with tempfile.TemporaryDirectory(prefix="youying-bench-") as folder:
        started = time.perf_counter()
        book = xlsxwriter.Workbook(str(Path(folder) / "alone.xlsx"), {"constant_memory": True})
        sheet = book.add_worksheet()
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for line, row in enumerate(cells):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(line, place, cell, moment)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                else:
                    sheet.write_number(line, place, cell)
        book.close()
        return time.perf_counter() - started
