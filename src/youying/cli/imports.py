"""`youying import`: a hotline export from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.core.files.base import File
from rich.table import Table

from youying.channels.hotline import queries
from youying.channels.hotline.actions import importing, loading
from youying.channels.hotline.fields import BY_CODE
from youying.channels.hotline.models import Import
from youying.channels.hotline.sheets import Sheet
from youying.cli.saying import err, out, progress, says_refusals
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.places.queries import area_by_code

KINDS_OF_FINDINGS = {
    "refused": "没有导入",
    "open-on-time": "没有办结却记为按时（不计入按时率）",
    "target-disagrees": "按时与否和原系统不一致",
}


@says_refusals
def import_file(
    file: Annotated[Path, typer.Argument(help="热线系统导出的表：xlsx、xls、csv（UTF-8 或 GB18030）、csv.gz。")],
    area: Annotated[str, typer.Option(help="归到哪个区划：代码（如 990101001）或路径。")],
    mapping: Annotated[str, typer.Option(help="用哪张保存过的对应表；不写就按表头猜。")] = "",
    kind: Annotated[str, typer.Option(help="事项种类。")] = "demand",
    channel: Annotated[str, typer.Option(help="表里没有渠道列时算哪个渠道。")] = "hotline",
    zone: Annotated[str, typer.Option(help="表里时间的时区；不写就用区划的。")] = "",
    categories: Annotated[str, typer.Option(help="本地没有的分类怎么办：guess、leave 或 make。")] = "guess",
    without: Annotated[str, typer.Option(help="不用哪些列：项目代码，逗号隔开，如 channel,unit。")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="只看会变成什么，不导入。")] = False,
    refused_to: Annotated[Path | None, typer.Option(help="把没有导入的行写到这个 xlsx，改好再导。")] = None,
) -> None:
    """导入热线工单；同一份文件导两遍，第二遍什么也不变。"""
    if not file.is_file():
        raise Refused("file-missing", say=f"找不到文件“{file.name}”，请检查路径。")
    path = area if area.startswith("/") else area_by_code(area).path
    with file.open("rb") as stream:
        row = importing.start(File(stream, name=file.name), by=SYSTEM, area_path=path, kind=kind, mapping=mapping)
    columns = {code: title for code, title in row.columns.items() if code not in without.split(",")}
    settings = {"channel": channel, "categories": categories} | ({"zone": zone} if zone else {})
    row = importing.map_columns(row.pk, by=SYSTEM, columns=columns, settings={**row.settings, **settings})
    _say_mapping(row)
    if preview:
        _say_preview(row)
        importing.drop(row.pk, by=SYSTEM)
        return
    importing.begin(row.pk, by=SYSTEM, in_job=False)
    row = _load(row)
    _say_result(row, refused_to)


def _say_mapping(row: Import) -> None:
    table = Table("项目", "表里的列", box=None)
    for code, title in row.columns.items():
        table.add_row(BY_CODE[code].title, title)
    err.print(table)


def _say_preview(row: Import) -> None:
    seen = queries.preview(SYSTEM, row)
    table = Table("行", "登记时间", "诉求", "地点", "分类", "说明", box=None)
    for one in seen.rows:
        if one.told is None:
            table.add_row(
                str(one.line), "", "", "", "", "；".join(f"{fault.column} {fault.say}" for fault in one.faults)
            )
        else:
            need, place = one.told.need, one.told.place
            words = (need.title or "（取自内容）")[:24]
            table.add_row(str(one.line), f"{one.told.at:%Y-%m-%d %H:%M}Z", words, place.words[:16], need.category, "")
    out.print(table)
    out.print(f"看了 {seen.looked_at} 行，其中 {seen.bad} 行不能导入。", highlight=False)
    for name, choices in seen.unknown.items():
        if choices:
            said = "、".join(f"{one.label}（{one.count}）" for one in choices[:10])
            out.print(f"本地没有的{name}：{said}", highlight=False, markup=False)


def _load(row: Import) -> Import:
    with progress() as bar:
        task = bar.add_task("导入", total=None)

        def watch(done: int, total: int, note: str) -> None:
            """Move the bar."""
            bar.update(task, completed=done, total=total, description=f"导入 {note}")

        return loading.load(row.pk, watch=watch)


def _say_result(row: Import, refused_to: Path | None) -> None:
    out.print(
        f"共 {row.rows} 行：登记 {row.opened} 件，已在库中 {row.again} 件，补记新进展 {row.followed} 件，没有导入 {row.refused} 行；"
        f"{row.alike} 对说得相近。",
        highlight=False,
    )
    for kind, words in KINDS_OF_FINDINGS.items():
        for one in queries.findings(row, kind, most=20):
            out.print(f"  第{one.line}行 {one.column} {words}：{one.say}", highlight=False, markup=False)
    if refused_to and row.refused:
        sheet = Sheet(str(refused_to), [*row.titles, "原因"])
        for cells, reason in queries.to_fix(SYSTEM, row):
            padded = [*cells, *[None] * (len(row.titles) - len(cells))]
            sheet.add([*padded, reason])
        sheet.close()
        out.print(f"没有导入的行写到了 {refused_to}，改好以后可以再导。", highlight=False, markup=False)
