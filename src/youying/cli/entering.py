"""`youying reset-link`: the way back in for an administrator whom nobody else can let in."""

from __future__ import annotations

from typing import Annotated

import typer

from youying.access.actions import one_time_link
from youying.access.models import Account
from youying.cli.demo import served_at
from youying.cli.saying import out, says_refusals
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM


@says_refusals
def reset_link(
    username: Annotated[str, typer.Argument(help="登录名。")],
    base: Annotated[str, typer.Option(help="服务的网址；不写就用上次启动时的。")] = "",
) -> None:
    """给一个账号重设密码的链接：旧密码作废，锁定解除；给唯一的管理员进不来时用，记入留痕。"""
    account = Account.objects.filter(username=username.strip().lower()).first()
    if account is None:
        names = "、".join(Account.objects.filter(active=True).order_by("pk").values_list("username", flat=True)[:10])
        raise Refused("account-unknown", say=f"没有“{username[:40]}”这个登录名。有的是：{names}。", have=username[:40])
    token = one_time_link(account, by=SYSTEM, kind="reset")
    link = f"{(base or served_at()).rstrip('/')}/desk/link/{token}/"
    out.print(f"{account.name}请在一小时内打开，只能用一次：\n  {link}", highlight=False, markup=False, soft_wrap=True)
