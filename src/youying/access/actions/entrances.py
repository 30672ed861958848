"""Coming in and going out: links, passwords, the second factor, seats, the chosen post."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django_otp.plugins.otp_totp.models import TOTPDevice

from youying.access.actions.rows import account_in_hand, account_row, end_seats, powers_in
from youying.access.models import Account, Invitation, Post, SessionSeat
from youying.access.queries import hashed, holding, minds_all, viewer_without_post
from youying.access.rules import LinkKind, check_link, check_not_oneself, check_opens, link_life, link_void
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import write
from youying.record.acts import act, unchanged

FACTOR_NAME = "totp"
WEAKNESS: dict[str, str] = {
    "password_too_short": "至少要10位",
    "password_too_common": "太常见，容易被猜到",
    "password_entirely_numeric": "不能全是数字",
}
"""What Django's checks find, in words that finish a sentence."""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What an authenticator app is fed with, shown once."""

    address: str
    secret: str


@act("access.one-time-link", power="accounts")
def one_time_link(
    account: Account | int, *, by: Viewer, kind: Literal["invite", "sign-in", "reset"], minutes: int | None = None
) -> str:
    """Make a link's secret that works once, and void the earlier ones; only its digest is kept.

    Whoever opens it sits in the account's posts: nobody makes one into powers that they may not give
    (`power-not-held`), whatever its kind, for an invitation sets the password too.
    A reset bars the old password, signs the account out everywhere, and forgets its failed tries.
    """
    row = account_in_hand(account, by=by)
    check_not_oneself(by, account_id=row.pk, what="发放登录链接")
    if not row.active:
        raise Refused("account-disabled", say="这个账号已停用，请先恢复。", have=row.username)
    check_opens(by, powers=powers_in(row), whole=minds_all(by))
    token = new_link(row, kind=kind, by=by, minutes=minutes)
    if kind == "reset":
        row.set_unusable_password()
        row.password_due = True
        row.save(update_fields=["password", "password_due"])
        end_seats(row)
        forget_failures(username=row.username)
    write(row.subject, "access.one-time-link", by=by, facts={"kind": kind})
    return token


def invite(account: Account | int, *, by: Viewer, minutes: int | None = None) -> str:
    """Make the link by which a new account chooses its password."""
    return one_time_link(account, by=by, kind="invite", minutes=minutes)


def new_link(account: Account | None, *, kind: LinkKind, by: Viewer, minutes: int | None) -> str:
    """Store a link inside a running act; gives its secret."""
    Invitation.objects.filter(account=account, used_at=None).delete()
    token, row = link_row(account, kind=kind, by=by, minutes=minutes)
    row.save()
    return token


def link_row(account: Account | None, *, kind: LinkKind, by: Viewer, minutes: int | None) -> tuple[str, Invitation]:
    """A link still to be stored, and its secret."""
    token, at = secrets.token_urlsafe(32), now()
    row = Invitation(
        account=account,
        kind=kind,
        token_hash=hashed(token),
        made_at=at,
        made_by_id=by.account_id,
        expires_at=at + link_life(kind, minutes),
    )
    return token, row


@act("access.redeem")
def redeem(token: str, *, by: Viewer, password: str = "") -> Account:
    """Use a link up; an invitation or a reset sets the password with it. All bad links get the same answer."""
    link = use_link(token)
    if link.account_id is None:
        raise link_void()
    account = account_row(link.account_id)
    if link.kind != Invitation.SIGN_IN:
        _store_password(account, password)
        end_seats(account)
        forget_failures(username=account.username)
    write(account.subject, "access.redeem", by=viewer_without_post(account), facts={"kind": link.kind})
    return account


def use_link(token: str) -> Invitation:
    """Mark a link as used inside a running act; refused where it does not work."""
    link = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=hashed(token)).first()
    if link is None:
        raise link_void()
    active = link.account is None or link.account.active
    check_link(expires_at=link.expires_at, used_at=link.used_at, active=active, at=now())
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return link


@act("access.set-password")
def set_password(account: Account | int, *, by: Viewer, old: str, new: str, seat: str = "") -> Account:
    """Change one's own password, knowing the old one; every other device is signed out."""
    row = own_account(account, by=by)
    if not row.check_password(old):
        raise Refused("password-wrong", say="原密码不对。", field="old")
    _store_password(row, new)
    ended = end_seats(row, but=hashed(seat) if seat else "")
    write(row.subject, "access.set-password", by=by, facts={"seats_ended": ended})
    return row


@act("access.sign-in")
def sign_in(account: Account | int, *, by: Viewer, device: str = "", ip: str | None = None) -> str:
    """Take a seat for a session just proved by password or link; gives the seat's secret."""
    row = account_row(account)
    if not row.active:
        raise Refused("account-disabled", say="这个账号已停用，请联系管理员。")
    token, at = secrets.token_urlsafe(32), now()
    SessionSeat.objects.create(
        key_hash=hashed(token), account=row, started_at=at, seen_at=at, device=device[:120], ip=ip
    )
    write(row.subject, "access.sign-in", by=viewer_without_post(row), facts={"device": device[:120]})
    return token


@act("access.end-session")
def end_session(seat: SessionSeat | int, *, by: Viewer) -> SessionSeat:
    """End a seat: one's own, or as an administrator another's; its next request is a visitor's."""
    pk = seat if isinstance(seat, int) else seat.pk
    row = SessionSeat.objects.select_for_update(of=("self",)).select_related("account").filter(pk=pk).first()
    if row is None:
        raise Refused("not-found", say="没有这个登录。", have=pk)
    if row.account_id != by.account_id:
        by.require("accounts")
        account_in_hand(row.account_id, by=by)
    if row.ended_at is not None:
        unchanged()
        return row
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    write(row.account.subject, "access.end-session", by=by, facts={"seat": row.pk})
    return row


def note_seen(seat_id: int) -> None:
    """Move a seat's last-seen moment on; a heartbeat, which the record would only drown in."""
    SessionSeat.objects.filter(pk=seat_id).update(seen_at=now())


@act("access.choose-post")
def choose_post(account: Account | int, *, by: Viewer, post: Post | int) -> Post:
    """Look and act from another of one's own posts from now on."""
    row = own_account(account, by=by)
    pk = post if isinstance(post, int) else post.pk
    chosen = Post.objects.select_related("account", "unit").filter(holding(now()), pk=pk, account=row).first()
    if chosen is None:
        raise Refused("not-your-post", say="您没有这个岗位，或任期已过。", have=pk, field="post")
    write(row.subject, "access.choose-post", by=by, facts={"post": chosen.pk})
    return chosen


@act("access.begin-second-factor")
def begin_second_factor(account: Account | int, *, by: Viewer) -> SecondFactor:
    """Make the secret of an authenticator app; it counts only after one code of it was given back."""
    row = own_account(account, by=by)
    if TOTPDevice.objects.filter(user=row, confirmed=True).exists():
        raise Refused("second-factor-set", say="已经启用了动态口令，要换设备请先关闭。")
    TOTPDevice.objects.filter(user=row).delete()
    device = TOTPDevice.objects.create(user=row, name=FACTOR_NAME, confirmed=False)
    write(row.subject, "access.begin-second-factor", by=by, facts={})
    return SecondFactor(device.config_url, device.bin_key.hex())


@act("access.confirm-second-factor")
def confirm_second_factor(account: Account | int, *, by: Viewer, code: str) -> Account:
    """Ask for a code at every sign-in from now on."""
    row = own_account(account, by=by)
    device = TOTPDevice.objects.select_for_update().filter(user=row, confirmed=False).first()
    if device is None or not device.verify_token(code):
        raise Refused("code-wrong", say="动态口令不对，请核对手机时间后重输。", field="code")
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    write(row.subject, "access.confirm-second-factor", by=by, facts={})
    return row


@act("access.drop-second-factor")
def drop_second_factor(account: Account | int, *, by: Viewer) -> Account:
    """Stop asking for a code: one's own choice, or an administrator's when a phone was lost."""
    pk = account if isinstance(account, int) else account.pk
    if pk != by.account_id:
        by.require("accounts")
        account_in_hand(pk, by=by)
    row = account_row(pk)
    if not TOTPDevice.objects.filter(user=row).delete()[0]:
        unchanged()
        return row
    write(row.subject, "access.drop-second-factor", by=by, facts={})
    return row


def own_account(account: Account | int, *, by: Viewer) -> Account:
    """One's own account, locked; refused for anybody else's."""
    pk = account if isinstance(account, int) else account.pk
    if by.account_id is None or by.account_id != pk:
        raise Refused("no-power", say="只能办理自己账号的事，请先登录。")
    return account_row(pk)


def _store_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        words = [WEAKNESS.get(fault.code or "", fault.message) for fault in error.error_list]
        raise Refused("password-weak", say=f"密码{'，'.join(map(str, words))}。", field="password") from None
    account.set_password(password)
    account.password_due = False
    account.save(update_fields=["password", "password_due"])
