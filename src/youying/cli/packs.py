"""`youying pack check | explain | diff | simulate`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from youying.cli.saying import err, out, says_refusals
from youying.editions.queries import calendar_for
from youying.kernel.clocks import count
from youying.kernel.durations import Duration
from youying.kernel.moments import local, zone
from youying.kernel.refusals import Refused
from youying.packs.diff import diff as compare
from youying.packs.edition import Edition, build_edition
from youying.packs.executed import not_executed
from youying.packs.explain import explain as explained
from youying.packs.linter import check as checked
from youying.packs.source import RawPack, library, read_pack

app = typer.Typer(help="机制包：检查、解释、比较、试算。", no_args_is_help=True)
Which = Annotated[str, typer.Argument(help="库里机制包的代码，或一个 .toml 文件。")]


def find(which: str) -> RawPack:
    """A pack of the library by its code, or one read from a file."""
    known = library()
    if which in known:
        return known[which]
    path = Path(which)
    if not path.is_file():
        raise Refused("no-pack", say=f"没有代码为“{which}”的机制包，也没有这个文件。库里有：{'、'.join(known)}。")
    return read_pack(path)


@app.command("check")
@says_refusals
def check(which: Annotated[list[str] | None, typer.Argument(help="代码或文件；不写就检查全部。")] = None) -> None:
    """检查机制包，并列出说了但程序还不执行的词、本地包去掉了什么。"""
    known, faulty = library(), 0
    for name in which or list(known):
        raw = find(name)
        faults = checked(raw, known)
        faulty += bool(faults)
        out.print(f"{name}：{'有问题' if faults else '通过'}", highlight=False)
        for fault in faults:
            out.print(
                f"  {fault.code} {fault.file} {fault.key}：{fault.say}{fault.remedy}", highlight=False, markup=False
            )
        if not faults:
            edition = build_edition(raw, known)
            for word, keys in not_executed(edition).items():
                out.print(f"  还不执行：{word}（{'、'.join(keys[:3])}）", highlight=False, markup=False)
            for dropped in edition.dropped:
                out.print(f"  本地去掉：{dropped}", highlight=False, markup=False)
    if faulty:
        raise typer.Exit(1)


@app.command("explain")
@says_refusals
def explain(which: Which) -> None:
    """把机制包讲成一页话。"""
    out.print(explained(find(which), library()), highlight=False, markup=False, soft_wrap=True)


@app.command("diff")
@says_refusals
def diff(old: Which, new: Which) -> None:
    """两个机制包合成以后差在哪里。"""
    known = library()
    changes = compare(build_edition(find(old), known), build_edition(find(new), known))
    if not changes:
        err.print("没有差别。")
    for change in changes:
        out.print(change.say, highlight=False, markup=False)


@app.command("simulate")
@says_refusals
def simulate(
    which: Which,
    loop: Annotated[str, typer.Option(help="哪个办理流程。")] = "demand",
    at: Annotated[str, typer.Option(help="起算时刻，如 2026-11-13T16:20。")] = "2026-11-13T16:20",
) -> None:
    """试算：从某个时刻起，每个时钟什么时候到期。"""
    edition = build_edition(find(which), library())
    table = edition.loops.get(loop)
    if table is None:
        raise Refused("no-loop", say=f"没有流程“{loop}”。可用的有：{'、'.join(edition.loops)}。")
    start = datetime.fromisoformat(at).replace(tzinfo=zone("Asia/Shanghai"))
    for clock in table.clocks.values():
        limits = (
            clock.within if isinstance(clock.within, dict) or hasattr(clock.within, "items") else {"": clock.within}
        )
        for value, within in limits.items():  # type: ignore[union-attr]
            out.print(f"{clock.title}{'·' + value if value else ''}：{_due(edition, within, start)}", highlight=False)


def _due(edition: Edition, within: object, start: datetime) -> str:
    if not isinstance(within, Duration):
        return "办理时约定"
    due = count(start, within, calendar_for(edition, "/")).due_at
    return f"{local(due, start.tzinfo):%Y-%m-%d %H:%M}" if due and start.tzinfo else ""
