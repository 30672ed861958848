"""`youying record verify | anchor | accept-shorter | erase`, `youying backup`, `youying restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from youying.cli import keeping
from youying.cli.saying import err, out, progress, says_refusals
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.queries import find
from youying.record import anchors
from youying.record.actions import accept_shorter, erase
from youying.record.queries import latest_root, verify

record = typer.Typer(help="留痕：校验全书，交出和核对锚。", no_args_is_help=True)


@record.callback()
def book() -> None:
    """留痕：只增不改，逐条相扣。"""


@record.command("verify")
@says_refusals
def verify_command(
    anchor: Annotated[
        list[Path] | None, typer.Option("--anchor", help="另外保存的锚（record anchor 写出的文件）；可重复给出。")
    ] = None,
    root: Annotated[str, typer.Option("--root", help="公布过的树根，64位十六进制。")] = "",
) -> None:
    """校验全部留痕：有没有被改、被删、被换、被插，比锚短不短。"""
    kept = [anchors.read(file) for file in anchor or []]
    with progress() as shown:
        task = shown.add_task("校验留痕", total=None)

        def tell(done: int, total: int) -> None:
            """Move the bar."""
            shown.update(task, completed=done, total=total or 1)

        report = verify(progress=tell, anchored=kept, root=root)
    for fault in report.faults:
        out.print(f"  {fault.kind} {fault.subject} {fault.entry_id or ''}：{fault.say}", highlight=False, markup=False)
    if not report.ok:
        err.print("[bold red]留痕不完整[/]，请保护现场并联系管理员。")
        raise typer.Exit(1)
    anchors.keep()
    out.print(f"留痕完整：{report.entries} 条，{report.subjects} 本，全部相扣。", highlight=False)
    if report.root and report.leaves:
        day = latest_root()
        until = f"封到 {day.day} 为止，" if day else ""
        out.print(f"树根（{until}{report.leaves} 片叶）：{report.root}", highlight=False, soft_wrap=True)
    newer = report.entries - report.leaves
    if newer:
        out.print(f"另有 {newer} 条比树根新，还没有封进树里，已逐条校验过。每天夜里封前一天的。", highlight=False)


@record.command("anchor")
@says_refusals
def anchor_command(
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件；不给就打印出来。")] = None,
) -> None:
    """交出现在的锚：留痕有多少条、最后一条和最近的树根，可以公布或另外保存，以后拿来核对。"""
    text = anchors.to_text(anchors.keep())
    if to is None:
        out.print(text, highlight=False, markup=False, soft_wrap=True)
        return
    if to.exists():
        raise Refused("file-exists", say=f"{to} 已经有了，请换个文件名。", have=str(to))
    to.write_text(text, "utf-8")
    out.print(f"锚已写到 {to}，请保存到另一台机器上。", highlight=False)


@record.command("accept-shorter")
@says_refusals
def accept_command(
    reason: Annotated[str, typer.Option("--reason", help="为什么变短了，用代码：restored（恢复了旧备份）等。")],
    yes: Annotated[bool, typer.Option("--yes", help="不再问。")] = False,
) -> None:
    """留痕比锚短而原因清楚（恢复了旧备份）时，照现在的接着用；接受这件事会记入留痕。"""
    if not yes:
        typer.confirm("少掉的留痕再也找不回来，确定接受吗", abort=True)
    entry = accept_shorter(by=SYSTEM, reason=reason)
    anchors.keep(accepting=True)
    out.print(f"已接受并记入留痕（第 {entry.id} 条）。", highlight=False)


@record.command("erase")
@says_refusals
def erase_command(
    subject: Annotated[str, typer.Argument(help="事项编号，或留痕里的名字，例如 person:…、account:…。")],
    reason: Annotated[
        str, typer.Option("--reason", help="为什么，用代码：asked（本人要求）、retention（保存期满）等。")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="不再问。")] = False,
) -> None:
    """删除一件事或一个人的个人信息：销毁资料密钥，再也打不开；编号、日期、去向和统计都留下。"""
    named = subject if ":" in subject else find(SYSTEM, subject).subject
    if not yes:
        typer.confirm(f"删掉 {subject} 的姓名、电话和原话，再也找不回来，确定吗", abort=True)
    entry = erase(named, by=SYSTEM, reason=reason)
    out.print(f"已删除并记入留痕（第 {entry.id} 条）。以前的备份里还有，请按备份的保存期处理。", highlight=False)


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
    accept_older: Annotated[
        bool, typer.Option("--accept-older", help="备份比这里的锚旧也恢复；备份以后的留痕会没有，这件事会记入留痕。")
    ] = False,
) -> None:
    """恢复到一个空的安装；恢复后的留痕根与备份时相同。"""
    needs = keeping.needs_password(source)
    password = typer.prompt("密钥的口令", hide_input=True) if needs else ""
    root = keeping.restore(source, password=password, accept_older=accept_older)
    out.print(f"已恢复。留痕根：{root or '（备份时还没有）'}", highlight=False)
