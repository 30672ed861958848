"""`youying doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import typer
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from rich.table import Table

from youying.cli.saying import out
from youying.editions.queries import announced
from youying.jobs.models import Timer
from youying.kernel.calendar import LEGAL_WORDS, years_known
from youying.kernel.moments import local, now, zone
from youying.kernel.refusals import Refused
from youying.matters.queries.astray import astray
from youying.record.keys import PURPOSES, ring
from youying.record.models import Entry
from youying.record.queries import undelivered

DISK_LEAST = 2 * 1024**3
LATE = timedelta(minutes=10)
ASTRAY_SHOWN = 10
ENTERS_WITHIN = timedelta(days=60)
"""So long before a year begins deadlines count into it."""
WELL, LOOK, BAD = "好", "注意", "有问题"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to do."""

    title: str
    state: str
    say: str
    do: str = ""


def fonts() -> Iterator[Finding]:
    """Without a Chinese font printed orders come out empty, without any error."""
    if shutil.which("fc-list") is None:
        yield Finding("字体", LOOK, "没有 fc-list，查不到字体", "安装 fontconfig 和 fonts-noto-cjk")
        return
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False).stdout
    families = sorted({line.split(",")[0] for line in listed.splitlines() if line})
    if families:
        yield Finding("字体", WELL, f"中文字体 {len(families)} 种，如 {families[0]}")
    else:
        yield Finding("字体", BAD, "没有中文字体，打印的单子会是空白", "apt-get install fonts-noto-cjk")


def database() -> Iterator[Finding]:
    """The database answers, is set to lose nothing, and has every migration."""
    try:
        connection.ensure_connection()
    except DatabaseError as fault:
        yield Finding("数据库", BAD, f"连不上：{str(fault)[:80]}", "检查 YOUYING_DATABASE_URL 和数据库服务")
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            journal, sync = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous"))
            sure = journal == "wal" and sync == 2
            yield Finding(
                "数据库",
                WELL if sure else BAD,
                f"SQLite，日志 {journal}，同步 {sync}",
                "" if sure else "应为 wal 和 2（FULL）",
            )
        else:
            cursor.execute("SHOW synchronous_commit")
            sync = cursor.fetchone()[0]
            sure = sync in ("on", "remote_apply", "remote_write", "local")
            yield Finding(
                "数据库", WELL if sure else BAD, f"PostgreSQL，synchronous_commit={sync}", "" if sure else "设为 on"
            )
    plan = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    say = "表结构是最新的" if not plan else f"还差 {len(plan)} 步"
    yield Finding("表结构", BAD if plan else WELL, say, "重启 youying serve 会自动升级" if plan else "")


def disk() -> Iterator[Finding]:
    """Room for uploads and the database."""
    free = shutil.disk_usage(settings.YOUYING_HOME).free
    say = f"{settings.YOUYING_HOME} 剩 {free // 1024**3} GB"
    yield Finding(
        "磁盘", WELL if free > DISK_LEAST else BAD, say, "" if free > DISK_LEAST else "至少留 2 GB，请清理或扩容"
    )


def clock() -> Iterator[Finding]:
    """Deadlines hang on the clock: nothing on record may lie in the future."""
    last = Entry.objects.order_by("-pk").values_list("at", flat=True).first()
    ahead = last is not None and last > now() + timedelta(minutes=1)
    say = f"现在 {local(now(), zone(settings.YOUYING_ZONE)):%Y-%m-%d %H:%M}（{settings.YOUYING_ZONE}）"
    yield Finding(
        "时钟",
        BAD if ahead else WELL,
        say + ("，留痕里有更晚的时间" if ahead else ""),
        "请校准时钟（NTP）" if ahead else "",
    )


def keys() -> Iterator[Finding]:
    """Keys are there, and only their owner reads them."""
    try:
        held = [ring().current(purpose) for purpose in PURPOSES]
    except Refused as refused:
        yield Finding("密钥", BAD, refused.say, "从备份取回密钥文件夹")
        return
    folder = Path(settings.YOUYING_HOME) / "keys"
    loose = [p.name for p in folder.glob("*.key") if stat.S_IMODE(p.stat().st_mode) & 0o077]
    say = f"{len(held)} 种密钥都在" + (f"，但别人也能读：{'、'.join(loose)}" if loose else "")
    yield Finding(
        "密钥", BAD if loose else WELL, say, f"chmod 600 {folder}/*.key" if loose else "另存一份：youying backup --keys"
    )


def work() -> Iterator[Finding]:
    """Reminders ring only where a worker runs."""
    last = Timer.objects.order_by("-last_run").values_list("last_run", flat=True).first()
    late = last is None or now() - last > LATE
    say = "后台任务在跑" if not late else "十分钟没有后台任务在跑，到期提醒会停"
    yield Finding("后台任务", LOOK if late else WELL, say, "启动 youying serve，或另开 youying worker" if late else "")
    waiting = undelivered()
    if waiting > 1000:
        yield Finding("通知", LOOK, f"还有 {waiting} 条没送出", "到“留痕与校验”页看卡住的通知")


def places() -> Iterator[Finding]:
    """Whoever reaches less than everything sees a matter only where it stands in an area that there is."""
    lost = astray()
    if not lost:
        yield Finding("事项地点", WELL, "每件事项都在现有的区划里")
    for one in lost[:ASTRAY_SHOWN]:
        say = f"{one.n} 件事项写着已不存在的区划 {one.area_path}，下级都看不到：{'、'.join(one.numbers)}"
        more = " 等" if one.n > len(one.numbers) else ""
        yield Finding("事项地点", BAD, say + more, "由管辖全域的人逐件打开，用“更正”重新选地点")


def holidays() -> Iterator[Finding]:
    """Working days are counted right only in years whose holidays are entered."""
    today = local(now(), zone(settings.YOUYING_ZONE)).date()
    lacking = [year for year in (today.year, (today + ENTERS_WITHIN).year) if not announced("/", year)]
    if not lacking:
        yield Finding("放假安排", WELL, f"{today.year}年的放假和调休已填入")
    for year in dict.fromkeys(lacking):
        say = f"{year}年的放假安排没有填入，期限只按法定的{LEGAL_WORDS}算"
        do = (
            "到“机制包—放假与调休”一键填入"
            if year in years_known()
            else "国务院通知一公布，就到“机制包—放假与调休”逐日填入"
        )
        yield Finding("放假安排", LOOK, say, do)


def pages() -> Iterator[Finding]:
    """The front end is built and the words are compiled."""
    package = Path(__file__).resolve().parent.parent
    built = (package / "static" / "build" / "manifest.json").is_file()
    yield Finding(
        "页面",
        WELL if built else BAD,
        "样式和脚本已编译" if built else "样式和脚本没有编译",
        "" if built else "make setup",
    )


LOOKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "数据库": database, "密钥": keys, "时钟": clock, "磁盘": disk, "字体": fonts, "后台任务": work, "页面": pages,
    "事项地点": places, "放假安排": holidays,
}  # fmt: skip


def examine() -> list[Finding]:
    """Everything looked at, in order; a look that fails is itself a finding."""
    found: list[Finding] = []
    for title, look in LOOKS.items():
        try:
            found += list(look())
        except (DatabaseError, OSError) as fault:
            empty = isinstance(fault, DatabaseError) and not connection.introspection.table_names()
            say = "还没有建表" if empty else str(fault)[:120]
            found.append(Finding(title, BAD, say, "先运行 youying serve" if empty else "先处理上面的问题，再运行一次"))
    return found


def doctor() -> None:
    """检查字体、数据库、磁盘、时钟、密钥、后台任务、事项地点、放假安排，说清怎么办。"""
    found = examine()
    table = Table("", "项目", "情况", "怎么办")
    for finding in found:
        table.add_row(finding.state, finding.title, finding.say, finding.do)
    out.print(table)
    if any(finding.state == BAD for finding in found):
        raise typer.Exit(1)
