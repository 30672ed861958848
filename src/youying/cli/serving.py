"""`youying serve` and `youying worker`."""

from __future__ import annotations

import os
import socket
import sys
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from youying.access.actions import offer_set_up
from youying.access.models import Account, Installation
from youying.cli.demo import load_demo, remember_served, show_links
from youying.cli.saying import err, says_refusals
from youying.jobs.worker import run
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM

WSGI = "youying.settings.wsgi:application"


@says_refusals
def serve(
    host: Annotated[str, typer.Option(help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="端口。")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="装入演示数据（地名人物都是虚构的）。")] = False,
    processes: Annotated[int, typer.Option(help="网页进程数；SQLite 只用一个。")] = 1,
    jobs: Annotated[bool, typer.Option(help="网页进程里同时跑后台任务；另开 worker 时关掉。")] = True,
) -> None:
    """启动网页服务；空的安装会先给出初始化链接。"""
    refuse_taken(host, port)
    call_command("migrate", verbosity=0, interactive=False)
    base = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    remember_served(base)
    if demo:
        load_demo()
        show_links(base)
    elif not Installation.objects.exists() and not Account.objects.exists():
        err.print(
            f"这里还是空的。请在浏览器打开下面的链接初始化（二十四小时内有效，只能用一次）：\n  {base}/desk/set-up/{offer_set_up(by=SYSTEM)}/",
            highlight=False,
            soft_wrap=True,
        )
    err.print(f"居民入口 {base}/    工作台 {base}/desk/", highlight=False, soft_wrap=True)
    start(host, port, processes=1 if connection.vendor == "sqlite" else processes, jobs=jobs, demo=is_demo())


def is_demo() -> bool:
    """Whether what is installed here is the demonstration, however it is started."""
    return Installation.objects.filter(demo=True).exists()


def refuse_taken(host: str, port: int) -> None:
    """Refuse a port that something else listens on already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Refused(
                "port-taken", say=f"端口 {port} 已被占用，请换一个：PORT=8001 make run。", have=port
            ) from None


def start(host: str, port: int, *, processes: int, jobs: bool, demo: bool) -> None:
    """Become the web server: this process makes way for it, so that nothing lies in memory twice."""
    connection.close()
    os.environ["YOUYING_HOME"] = str(settings.YOUYING_HOME)
    os.environ["YOUYING_JOBS_INSIDE"] = "1" if jobs else "0"
    os.environ["YOUYING_DEMO"] = "1" if demo else "0"
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--backpressure", "128", "--no-ws",
        "--log-level", "warning", "--respawn-failed-workers", WSGI,
    ]  # fmt: skip
    os.execv(sys.executable, command)


@says_refusals
def worker() -> None:
    """跑后台任务：到期提醒、导入导出、通知；可以在多台机器上同时开。"""
    err.print("后台任务已启动，按 Ctrl+C 结束。")
    run()


def texts(context: typer.Context) -> None:
    """事项分类：用本地历史训练、预测、评估。"""
    os.execv(sys.executable, [sys.executable, "-m", "youying.cli.texts", *context.args])
