"""`youying report rates`."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from youying.cli.saying import out, says_refusals
from youying.insight.report import rates_report
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.places.queries import area_by_code, areas_below

app = typer.Typer(help="报表：三率，带分子分母和剔除。", no_args_is_help=True)


@app.callback()
def about() -> None:
    """数字都从留痕里读出来，没有一个是填报的。"""


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day without a clock
    except ValueError:
        raise Refused("bad-day", say=f"“{text}”不是日期，请写成 2026-11-01。", have=text) from None


def _path(area: str) -> str:
    """The path of a code or of a known path; everything where nothing was said."""
    if area.startswith("/") and areas_below(area.partition("/c")[0], closed=True):
        return area
    return area_by_code(area).path if area else ""


@app.command("rates")
@says_refusals
def rates(
    area: Annotated[str, typer.Option(help="区划代码或路径，不写就是全部。")] = "",
    since: Annotated[str, typer.Option(help="从哪天起，不写就是今年1月1日。")] = "",
    until: Annotated[str, typer.Option(help="到哪天止（含），不写就是今天。")] = "",
    by: Annotated[str, typer.Option(help="按什么分：unit grid area category channel month …")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="写成 JSON：分子、分母、分数。")] = False,
) -> None:
    """响应率、办结率、按期办结率、解决率、满意率。"""
    today = now().astimezone(zone("Asia/Shanghai")).date()
    first, last = _day(since, today.replace(month=1, day=1)), _day(until, today)
    report = rates_report(SYSTEM, _path(area), since=first, until=last + timedelta(days=1), by=by or None)
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2, default=str))  # noqa: T201 - the answer itself
        return
    codes = list(report["figures"])
    table = Table()
    for title in ("", *(report["figures"][code]["title"] for code in codes)):
        table.add_column(title, overflow="fold")
    for row in report["rows"]:
        table.add_row(row["title"], *(_shown(row["figures"][code]) for code in codes))
    out.print(table)


def _shown(cell: dict[str, object]) -> str:
    if "count" in cell:
        return str(cell["count"])
    return f"{cell['shown']}（{cell['fraction']}）" if cell["denominator"] else "—"
