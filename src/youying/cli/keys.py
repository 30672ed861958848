"""`youying keys list | rotate | rewrap`."""

from __future__ import annotations

from typing import Annotated, cast

import typer
from rich.table import Table

from youying.cli.saying import err, out, progress, says_refusals
from youying.kernel.refusals import Refused
from youying.kernel.sealing import Purpose
from youying.kernel.viewers import SYSTEM
from youying.record import actions
from youying.record.keys import PURPOSES, ring
from youying.record.models import Head

app = typer.Typer(help="密钥：看有哪些，换新的，把旧的挪到新的下面。", no_args_is_help=True)
MEANT: dict[str, str] = {
    "master": "包住每件事、每个人的资料密钥",
    "index": "按电话、姓名、身份证号查找",
    "head": "证明账头和锚是本系统写的",
    "secret": "核对查询码",
}
Yes = Annotated[bool, typer.Option("--yes", help="不再问。")]


@app.callback()
def keys() -> None:
    """密钥在 YOUYING_HOME/keys，不在数据库里。"""


@app.command("list")
@says_refusals
def list_command() -> None:
    """有哪些密钥，哪把在用；密钥本身不显示。"""
    shown = Table("密钥", "算法", "做什么", "在用")
    for purpose in PURPOSES:
        for place, key in enumerate(ring().held(purpose)):
            shown.add_row(key.key_id, key.algorithm, MEANT[purpose], "在用" if place == 0 else "只认旧的")
    out.print(shown)


@app.command("rotate")
@says_refusals
def rotate_command(
    purpose: Annotated[str, typer.Argument(help="换哪一种：master、index、head、secret。")], yes: Yes = False
) -> None:
    """换一把新密钥：以后用新的，旧的留着认旧的；记入留痕。"""
    if purpose not in PURPOSES:
        say = f"没有“{purpose}”这种密钥，可以换的是：{'、'.join(PURPOSES)}。"
        raise Refused("purpose-unknown", say=say, have=purpose, need=list(PURPOSES))
    if not yes:
        typer.confirm(f"给“{MEANT[purpose]}”换一把新密钥吗", abort=True)
    made = actions.rotate(cast(Purpose, purpose), by=SYSTEM)
    out.print(f"换好了，现在用 {made}。请马上备份密钥文件夹，旧的不要删。", highlight=False)
    if purpose in ("master", "head"):
        out.print("再运行 youying keys rewrap，把原有的挪到新密钥下面。", highlight=False)


@app.command("rewrap")
@says_refusals
def rewrap_command(yes: Yes = False) -> None:
    """把所有资料密钥和账头挪到在用的 master、head 密钥下面；中断了再运行一次就行。"""
    total = Head.objects.count()
    if not yes:
        typer.confirm(f"挪 {total} 本吗（每500本一次提交，不影响别人办事）", abort=True)
    moved, after = 0, cast("str | None", "")
    with progress() as shown:
        task = shown.add_task("换密钥", total=total or 1)
        while (after := actions.rewrap(by=SYSTEM, after=after or "")) is not None:
            moved = min(moved + actions.HEADS_AT_ONCE, total)
            shown.update(task, completed=moved)
    err.print("挪完了。旧密钥仍要留着：备份和旧的查找还用得到。", highlight=False)
