"""Rows that acts work on: fetched under a lock, refused in words where they are missing or out of reach."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from youying.access.models import Account, Post, SessionSeat, Unit
from youying.access.queries import holding
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import POWERS, Viewer


def account_row(account: Account | int) -> Account:
    """An account, locked."""
    pk = account if isinstance(account, int) else account.pk
    row = Account.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused("not-found", say="没有这个账号。", have=pk)
    return row


def account_in_hand(account: Account | int, *, by: Viewer) -> Account:
    """An account, locked, all of whose posts lie within the administrator's reach, their units too."""
    row = account_row(account)
    for reach, unit_reach in _not_ended(row).values_list("reach", "unit__reach"):
        by.require_reach(reach)
        if unit_reach is not None:
            by.require_reach(unit_reach)
    return row


def powers_in(account: Account) -> list[str]:
    """The powers of all the posts of an account, those that are still to begin too."""
    held = set().union(*_not_ended(account).values_list("powers", flat=True))
    return [power for power in POWERS if power in held]


def _not_ended(account: Account) -> QuerySet[Post]:
    return Post.objects.filter(Q(until__isnull=True) | Q(until__gt=now()), account=account)


def post_in_hand(post: Post | int, *, by: Viewer) -> Post:
    """A post, locked, within the administrator's reach."""
    pk = post if isinstance(post, int) else post.pk
    row = Post.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused("not-found", say="没有这个岗位。", have=pk)
    by.require_reach(row.reach)
    return row


def unit_in_hand(unit: Unit | int, *, by: Viewer) -> Unit:
    """A unit, locked, within the administrator's reach."""
    pk = unit if isinstance(unit, int) else unit.pk
    row = Unit.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused("not-found", say="没有这个单位。", have=pk)
    by.require_reach(row.reach)
    return row


def check_an_administrator_stays(*, without_account: int | None = None, without_post: int | None = None) -> None:
    """Refuse to take away the last post that may manage accounts, or nobody could ever give one again."""
    left = Post.objects.filter(holding(now()), account__active=True, until__isnull=True)
    rows = left.values_list("account_id", "pk", "powers")
    stay = (powers for account, post, powers in rows if account != without_account and post != without_post)
    if not any("accounts" in powers for powers in stay):
        raise Refused("last-administrator", say="这是最后一位账号管理员。请先任命另一位，再停用或结束。")


def end_seats(account: Account, *, but: str = "") -> int:
    """End every seat of an account, but for the one with this digest."""
    open_seats = SessionSeat.objects.filter(account=account, ended_at=None).exclude(key_hash=but)
    return open_seats.update(ended_at=now())


def unit_facts(unit: Unit) -> dict[str, object]:
    """What of a unit the record keeps; an office phone is public."""
    names = ("code", "title", "kind", "reach", "active")
    return {name: getattr(unit, name) for name in names} | {"office_phone": unit.phone}


def post_facts(post: Post) -> dict[str, object]:
    """What of an appointment the record keeps."""
    names = ("code", "title", "reach", "powers", "since", "until")
    return {name: getattr(post, name) for name in names} | {"post": post.pk, "unit": post.unit_id}


def account_told(account: Account, *, phone: str) -> dict[str, str]:
    """What of a new account the record keeps sealed."""
    said = (("email", account.email), ("phone", phone))
    return {"name": account.name} | {key: text for key, text in said if text}
