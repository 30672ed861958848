"""The set-up of an empty installation by whoever reads the terminal it was started in."""

from __future__ import annotations

from youying.access.actions.appointments import appoint, create_account
from youying.access.actions.entrances import new_link, redeem, use_link
from youying.access.models import Account, Installation, Invitation
from youying.access.rules import ADMINISTRATOR_POWERS, link_void, reach_that_fits, words_that_fit
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.record.models import Head

SUBJECT = "installation:1"


@act("access.offer-set-up")
def offer_set_up(*, by: Viewer) -> str:
    """Make the secret of the set-up link that the terminal prints; an earlier one no longer works."""
    if by.kind != "system":
        raise Refused("no-power", say="初始化链接只能在服务器终端里生成。")
    _check_empty()
    token = new_link(None, kind="set-up", by=by, minutes=None)
    if not Head.objects.filter(subject=SUBJECT).exists():
        open_subject(SUBJECT)
    write(SUBJECT, "access.offer-set-up", by=by, facts={})
    return token


@act("access.set-up")
def set_up(
    token: str, *, by: Viewer, organisation: str, username: str, name: str, password: str, reach: str = "/"
) -> Account:
    """Found the installation: whose it is, and the first administrator with a password of its own choosing."""
    _check_empty()
    link = use_link(token)
    if link.kind != Invitation.SET_UP:
        raise link_void()
    founded = Installation.objects.create(
        pk=1,
        organisation=words_that_fit(organisation, field="organisation", title="单位名称", most=80),
        reach=reach_that_fits(reach),
        set_up_at=now(),
    )
    write(SUBJECT, "access.set-up", by=by, facts={"organisation": founded.organisation, "reach": founded.reach})
    account = create_account(username, by=SYSTEM, name=name)
    appoint(account, by=SYSTEM, code="administrator", title="系统管理员", reach=reach, powers=ADMINISTRATOR_POWERS)
    return redeem(new_link(account, kind="invite", by=SYSTEM, minutes=None), by=PUBLIC, password=password)


@act("access.found-demo")
def found_demo(*, by: Viewer, organisation: str) -> Account:
    """Found a demonstration: an administrator without a password, entered by one-time links only."""
    if by.kind != "system":
        raise Refused("no-power", say="演示只能在服务器终端里装入。")
    _check_empty()
    Installation.objects.create(pk=1, organisation=organisation, set_up_at=now(), demo=True)
    if not Head.objects.filter(subject=SUBJECT).exists():
        open_subject(SUBJECT)
    write(SUBJECT, "access.found-demo", by=by, facts={"organisation": organisation})
    account = create_account("administrator", by=SYSTEM, name="系统管理员")
    appoint(account, by=SYSTEM, code="administrator", title="系统管理员", reach="/", powers=ADMINISTRATOR_POWERS)
    return account


def _check_empty() -> None:
    if Installation.objects.exists() or Account.objects.exists():
        raise Refused("set-up-done", say="这里已经初始化过了，请直接登录。")
