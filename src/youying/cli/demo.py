"""`youying story` and `youying demo`: the stories told in an installation of their own, and the way into a demonstration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.table import Table

from youying.access.actions import found_demo, one_time_link
from youying.access.models import Account, Installation, Post, Unit
from youying.access.queries import viewer_of
from youying.channels.notify.actions import expire
from youying.cli.saying import err, out, progress, says_refusals
from youying.kernel.moments import now, still, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.partners.actions import make_link
from youying.partners.reading import has_agreement
from youying.record.actions import deliver
from youying.stories import told
from youying.stories.street import build_street
from youying.stories.telling import Story, Teller
from youying.stories.ways import BY_LINK, LINK_MADE_BY, ROLES, TOWNS, said_of

stories = typer.Typer(help="故事：把一个机制的经过用真实动作重演一遍，数字从报表里读出来。", no_args_is_help=True)
app = typer.Typer(help="演示：登录链接。", no_args_is_help=True)
SHANGHAI = zone("Asia/Shanghai")
FIXED = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)


@app.callback()
def about() -> None:
    """演示数据里的地名、人物都是虚构的。"""


@app.command("links")
@says_refusals
def links(
    as_json: Annotated[bool, typer.Option("--json", help="写成 JSON。")] = False,
    base: Annotated[str, typer.Option(help="服务的网址；不写就用上次启动时的。")] = "",
) -> None:
    """给演示里的每个角色一个一次性登录链接。"""
    made = links_of(base or served_at())
    if as_json:
        print(json.dumps(made, ensure_ascii=False, indent=2))  # noqa: T201 - the answer itself, for programs
        return
    _print_ways(out, base or served_at(), made)


def remember_served(base: str) -> None:
    """Keep the address at which this installation is served last."""
    _address().write_text(base, "utf-8")


def served_at() -> str:
    """The address at which it is served: PORT of the environment, else the last one, else the usual."""
    if "PORT" in os.environ or not _address().exists():
        return f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    return _address().read_text("utf-8").strip()


def _address() -> Path:
    return Path(settings.YOUYING_HOME) / "served-at"


def links_of(base: str) -> dict[str, str]:
    """A fresh link for every role; refused outside a demonstration."""
    if not Installation.objects.filter(demo=True).exists():
        raise Refused("not-a-demo", say="这不是演示安装，登录链接请由管理员在“账号”页发放。")
    made = {}
    for account in Account.objects.filter(username__in=ROLES):
        token, page = one_time_link(account, by=SYSTEM, kind="sign-in"), ROLES[account.username].page
        made[account.username] = f"{base}/desk/link/{token}/" + (f"?next={page}" if page != "/desk/" else "")
    return made


def show_links(base: str) -> None:
    """Print the ways in."""
    err.print("演示已就绪（地名人物都是虚构的）。一次性登录链接，每个只能用一次。再要新的：", highlight=False)
    again = f"YOUYING_HOME={settings.YOUYING_HOME} {sys.argv[0]} demo links --base {base}"
    err.print(f"  {again}", highlight=False, markup=False, soft_wrap=True)
    _print_ways(err, base, links_of(base))


def _print_ways(console: Console, base: str, made: dict[str, str]) -> None:
    """Place by place: who can be signed in as and for what, what is open to all, which slips can be looked up."""
    for words in (*chain.from_iterable(said_of(town, base, made) for town in TOWNS), *_held(base)):
        console.print(words, highlight=False, markup=False, soft_wrap=True)


def _held(base: str) -> Iterator[str]:
    """What the fictional residents and a partner without an account hold; nothing before the stories were told."""
    slips = json.loads(_slips().read_text("utf-8")) if _slips().exists() else []
    if slips:
        yield "\n居民手里的编号和查询码"
    for slip in slips:
        yield f"  {slip['about']}：{base}/progress/?number={slip['number']}  查询码 {slip['secret']}"
    unit = Unit.objects.filter(code=BY_LINK).first()
    post = Post.objects.filter(account__username=LINK_MADE_BY, until=None).first()
    if unit and post and has_agreement(unit):
        yield f"  没有账号的签约单位收到的个人链接：{base}/partner/{make_link(unit.pk, by=viewer_of(post)).token}/"


def _slips() -> Path:
    return Path(settings.YOUYING_HOME) / "demo-slips.json"


def load_demo() -> None:
    """Tell all stories into an empty installation; one that holds data already is left as it is."""
    told_to_the_end = Path(settings.YOUYING_HOME) / "demo-told"
    if Installation.objects.filter(demo=True).exists():
        if told_to_the_end.exists():
            return
        say = f"上次演示没有装完。请删掉 {settings.YOUYING_HOME} 再来（里面只有演示数据）。"
        raise Refused("demo-half-told", say=say, have=str(settings.YOUYING_HOME))
    if Account.objects.exists() or Matter.objects.exists():
        raise Refused("not-empty", say="这个安装里已有真实数据，不能装入演示。请换一个 YOUYING_HOME。")
    teller = tell_all(now().astimezone(SHANGHAI), list(told.STORIES.values()), brief=True)
    _slips().write_text(json.dumps([asdict(slip) for slip in teller.slips], ensure_ascii=False), "utf-8")
    subprocess.run([sys.executable, "-m", "youying.cli.texts", "learn", "--no-check"], check=True)
    told_to_the_end.touch()


def tell_all(until: datetime, chosen: list[Story], *, brief: bool = False) -> Teller:
    """Build the county a year and more before the end, and play the stories together."""
    _hurry()
    with progress() as shown:
        task = shown.add_task("重演一年的经过", total=None)
        teller = Teller(until, lambda done, total: shown.update(task, completed=done, total=total), brief=brief)
        with still(until - timedelta(days=380)):
            found_demo(by=SYSTEM, organisation="柳湾区（演示）")
            teller.shared["street"] = build_street()
        for one in chosen:
            one.play(teller)
        teller.run()
        with still(until):
            while deliver(limit=500):
                pass
            expire(by=SYSTEM, days=3)
    return teller


def _hurry() -> None:
    """While a demonstration is filled nothing real can be lost: let SQLite not wait for the disk at each commit."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


@stories.command("list")
def list_stories() -> None:
    """有哪些故事。"""
    for one in told.STORIES.values():
        out.print(f"{one.code}  {one.title}\n    {one.about}", highlight=False)


@stories.command("run")
@says_refusals
def run_story(
    codes: Annotated[list[str] | None, typer.Argument(help="故事代码；不写就全部。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="写成 JSON。")] = False,
) -> None:
    """在一个空的安装里重演故事，把公布的数字和报表算出的数字放在一起。"""
    unknown = [code for code in codes or () if code not in told.STORIES]
    if unknown:
        raise Refused("no-story", say=f"没有故事“{'、'.join(unknown)}”。可用的有：{'、'.join(told.STORIES)}。")
    call_command("migrate", verbosity=0, interactive=False)
    if Installation.objects.exists() or Account.objects.exists():
        raise Refused("not-empty", say="故事要在空的安装里讲。请给一个新的 YOUYING_HOME。")
    chosen = [told.STORIES[code] for code in codes or told.STORIES]
    teller = tell_all(FIXED, chosen)
    disagree = 0
    table = Table("故事", "数字", "公布", "算出", "")
    said = []
    for one in chosen:
        for figure in one.figures(teller):
            disagree += not figure.agrees
            said.append(
                {"story": one.code, "title": figure.title, "published": figure.published, "computed": figure.computed}
            )
            table.add_row(
                one.title, figure.title, figure.published, figure.computed, "相符" if figure.agrees else "不符"
            )
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=2))  # noqa: T201 - the answer itself, for programs
    else:
        out.print(table)
    if disagree:
        raise typer.Exit(1)
