"""`youying record verify`, `youying backup`, `youying restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from youying.cli import keeping
from youying.cli.saying import err, out, progress, says_refusals
from youying.record.queries import verify

record = typer.Typer(help="留痕：校验全书。", no_args_is_help=True)


@record.callback()
def book() -> None:
    """留痕：只增不改，逐条相扣。"""


@record.command("verify")
@says_refusals
def verify_command() -> None:
    """校验全部留痕：有没有被改、被删、被换、被插。"""
    with progress() as shown:
        task = shown.add_task("校验留痕", total=None)

        def tell(done: int, total: int) -> None:
            """Move the bar."""
            shown.update(task, completed=done, total=total or 1)

        report = verify(progress=tell)
    for fault in report.faults:
        out.print(f"  {fault.kind} {fault.subject} {fault.entry_id or ''}：{fault.say}", highlight=False, markup=False)
    if not report.ok:
        err.print("[bold red]留痕不完整[/]，请保护现场并联系管理员。")
        raise typer.Exit(1)
    out.print(f"留痕完整：{report.entries} 条，{report.subjects} 本，全部相扣。", highlight=False)


@says_refusals
def backup(
    to: Annotated[Path, typer.Argument(help="写到哪个文件（.tar）。")],
    keys: Annotated[
        bool, typer.Option("--keys", help="连同密钥（用口令加密；没有密钥，备份里的个人信息打不开）。")
    ] = False,
) -> None:
    """备份数据库和上传的文件。"""
    password = typer.prompt("给密钥设一个口令（至少12个字）", hide_input=True, confirmation_prompt=True) if keys else ""
    with progress() as shown:
        task = shown.add_task("备份", total=None)
        made = keeping.back_up(
            to, password=password, tell=lambda done, total: shown.update(task, completed=done, total=total)
        )
    out.print(f"已备份到 {to}：{made.files} 个文件，{made.size_bytes // 1024} KB。", highlight=False)


@says_refusals
def restore(
    source: Annotated[Path, typer.Argument(help="备份文件。")],
) -> None:
    """恢复到一个空的安装；恢复后的留痕根与备份时相同。"""
    needs = keeping.needs_password(source)
    password = typer.prompt("密钥的口令", hide_input=True) if needs else ""
    root = keeping.restore(source, password=password)
    out.print(f"已恢复。留痕根：{root or '（备份时还没有）'}", highlight=False)
