"""Units, accounts and posts: made, appointed, ended, moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Model, Q, Value
from django.db.models.functions import Concat, Substr

from youying.access.actions.rows import (
    account_in_hand,
    account_row,
    account_told,
    check_an_administrator_stays,
    end_seats,
    post_facts,
    post_in_hand,
    unit_facts,
    unit_in_hand,
)
from youying.access.events import AccountDisabled, PostEnded
from youying.access.models import Account, Invitation, Post, Unit
from youying.access.queries import minds_all, posts_of, within
from youying.access.rules import (
    Term,
    check_grants,
    check_not_oneself,
    check_take_over,
    moved,
    powers_that_fit,
    reach_that_fits,
    term_that_fits,
    unit_code_that_fits,
    username_that_fits,
    words_that_fit,
)
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import Draft, announce, open_subject, seal_for, write, write_many
from youying.record.acts import act, attempt, unchanged


@act("access.create-unit", power="accounts")
def create_unit(*, by: Viewer, code: str, title: str, kind: str, reach: str, phone: str = "") -> Unit:
    """Add an office, company or station that matters can be given to; `kind` is a unit type of a pack."""
    by.require_reach(reach_that_fits(reach))
    unit = Unit(
        code=unit_code_that_fits(code),
        title=words_that_fit(title, field="title", title="单位名称", most=80),
        kind=words_that_fit(kind, field="kind", title="单位类型", most=40),
        reach=reach,
        phone=phone.strip()[:40],
    )
    _insert(unit, code="unit-known", say=f"单位代码“{unit.code}”已经用了，请换一个。", field="code")
    open_subject(unit.subject)
    write(unit.subject, "access.create-unit", by=by, facts=unit_facts(unit))
    return unit


@act("access.change-unit", power="accounts")
def change_unit(
    unit: Unit | int, *, by: Viewer, title: str | None = None, phone: str | None = None, active: bool | None = None
) -> Unit:
    """Rename a unit, change its office phone, or take it out of use and back."""
    row = unit_in_hand(unit, by=by)
    before = unit_facts(row)
    if title is not None:
        row.title = words_that_fit(title, field="title", title="单位名称", most=80)
    row.phone = row.phone if phone is None else phone.strip()[:40]
    row.active = row.active if active is None else active
    if unit_facts(row) == before:
        unchanged()
        return row
    row.save(update_fields=["title", "phone", "active"])
    write(row.subject, "access.change-unit", by=by, facts={"before": before, "after": unit_facts(row)})
    return row


@act("access.create-account", power="accounts")
def create_account(username: str, *, by: Viewer, name: str, email: str = "", phone: str = "") -> Account:
    """Add somebody who may sign in: without a password until a link was used, and without a post."""
    account = Account(
        username=username_that_fits(username),
        name=words_that_fit(name, field="name", title="姓名", most=40),
        email=email.strip(),
        made_at=now(),
    )
    account.set_unusable_password()
    _insert(account, code="username-known", say=f"登录名“{account.username}”已经有人用了，请换一个。", field="username")
    open_subject(account.subject)
    told = account_told(account, phone=phone)
    write(account.subject, "access.create-account", by=by, facts={"username": account.username}, sealed=told)
    if phone.strip():
        account.phone_sealed = seal_for(account.subject, phone.strip())
        account.save(update_fields=["phone_sealed"])
    return account


@act("access.appoint", power="accounts")
def appoint(
    account: Account | int,
    *,
    by: Viewer,
    code: str,
    title: str,
    reach: str,
    unit: Unit | int | None = None,
    powers: Iterable[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> Post:
    """Give an account a post: where it reaches, for which unit, with which powers, from when to when.

    `code` is a post of a pack. Nobody appoints oneself, and nobody gives a power that they do not hold
    (`power-not-held`), unless their reach holds the whole installation; the everyday powers anybody may give.
    """
    row = account_row(account)
    check_not_oneself(by, account_id=row.pk, what="任命")
    if not row.active:
        raise Refused("account-disabled", say="这个账号已停用，请先恢复，再任命。", have=row.username)
    by.require_reach(reach_that_fits(reach))
    term = term_that_fits(since or now(), until)
    given = powers_that_fit(powers)
    check_grants(by, powers=given, whole=minds_all(by))
    post = Post.objects.create(
        account=row,
        code=words_that_fit(code, field="code", title="岗位代码", most=40),
        title=words_that_fit(title, field="title", title="岗位名称", most=60),
        unit=_working_unit(unit, by=by),
        reach=reach,
        powers=given,
        since=term.since,
        until=term.until,
    )
    write(row.subject, "access.appoint", by=by, facts=post_facts(post))
    return post


@act("access.end-post", power="accounts")
def end_post(post: Post | int, *, by: Viewer, hand_over_to: Post | int | None = None) -> Post:
    """End a post now; its open work goes to the named successor, or back to its unit."""
    row = post_in_hand(post, by=by)
    at = now()
    if row.closed_at is not None or (row.until is not None and row.until <= at):
        raise Refused("post-ended", say="这个岗位已经结束。", have=row.until)
    if "accounts" in row.powers:
        check_an_administrator_stays(without_post=row.pk)
    taker = _taker(row, hand_over_to)
    row.since = min(row.since, at)
    row.until = row.closed_at = at
    row.ended_by_id = by.account_id
    row.save(update_fields=["since", "until", "closed_at", "ended_by"])
    _tell_ended(row, by=by, taker=taker)
    return row


@act("access.close-lapsed-posts", power="accounts")
def close_lapsed_posts(*, by: Viewer) -> list[Post]:
    """Announce the posts whose term ran out, each once, so that their open work goes back to the unit."""
    lapsed = list(
        Post.objects.select_for_update(of=("self",))
        .filter(closed_at=None, until__lte=now())
        .select_related("account")
        .order_by("pk")
    )
    if not lapsed:
        unchanged()
    for post in lapsed:
        post.closed_at = now()
        post.save(update_fields=["closed_at"])
        _tell_ended(post, by=by, taker=None)
    return lapsed


@act("access.disable", power="accounts")
def disable(account: Account | int, *, by: Viewer) -> Account:
    """Bar an account: it is signed out everywhere and its links are void; its posts are ended one by one."""
    row = account_in_hand(account, by=by)
    check_not_oneself(by, account_id=row.pk, what="停用账号")
    if not row.active:
        unchanged()
        return row
    if any("accounts" in post.powers for post in posts_of(row)):
        check_an_administrator_stays(without_account=row.pk)
    row.active = False
    row.save(update_fields=["active"])
    ended = end_seats(row)
    Invitation.objects.filter(account=row, used_at=None).delete()
    write(row.subject, "access.disable", by=by, facts={"seats_ended": ended})
    announce(AccountDisabled(row.pk), subject=row.subject)
    return row


@act("access.enable", power="accounts")
def enable(account: Account | int, *, by: Viewer) -> Account:
    """Let a disabled account sign in again, by a new link."""
    row = account_in_hand(account, by=by)
    check_not_oneself(by, account_id=row.pk, what="恢复账号")
    if row.active:
        unchanged()
        return row
    row.active = row.password_due = True
    row.set_unusable_password()
    row.save(update_fields=["active", "password_due", "password"])
    write(row.subject, "access.enable", by=by, facts={})
    return row


@act("access.move-reach", power="places")
def move_reach(old: str, new: str, *, by: Viewer) -> int:
    """Carry posts and units along when a branch of the tree of places moves; how many rows moved."""
    reach_that_fits(old), reach_that_fits(new)
    posts = list(Post.objects.select_for_update().filter(within(old)).order_by("pk"))
    units = list(Unit.objects.select_for_update().filter(within(old)).order_by("pk"))
    if old in ("/", new) or not (posts or units):
        unchanged()
        return 0
    _carry(Post, posts, old=old, new=new)
    _carry(Unit, units, old=old, new=new)
    rows: list[tuple[str, str, int | None]] = [(f"account:{post.account_id}", post.reach, post.pk) for post in posts]
    rows += [(unit.subject, unit.reach, None) for unit in units]
    write_many(
        Draft(
            subject,
            "access.move-reach",
            by,
            facts={"post": post_id, "before": reach, "after": moved(reach, old=old, new=new)},
        )
        for subject, reach, post_id in rows
    )
    return len(rows)


def _carry(model: type[Post] | type[Unit], rows: list[Post] | list[Unit], *, old: str, new: str) -> None:
    """Replace the front of each path; the tail is cut by the database, one statement however many rows."""
    if rows:
        found = model._default_manager.filter(Q(pk__in=[row.pk for row in rows]))
        found.update(reach=Concat(Value(new), Substr("reach", len(old) + 1)))


def _insert(row: Model, *, code: str, say: str, field: str) -> None:
    """Store a new row; a name taken by somebody else is refused in words."""
    try:
        with attempt():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(code, say=say, field=field) from None


def _working_unit(unit: Unit | int | None, *, by: Viewer) -> Unit | None:
    """The unit of a post: within the administrator's reach, because its people see whatever it has in hand."""
    if unit is None:
        return None
    row = Unit.objects.filter(pk=unit if isinstance(unit, int) else unit.pk, active=True).first()
    if row is None:
        raise Refused("unit-unknown", say="没有这个单位，或已停用。", field="unit")
    by.require_reach(row.reach)
    return row


def _taker(post: Post, hand_over_to: Post | int | None) -> Post | None:
    """The successor's post, if one is named and can take over."""
    if hand_over_to is None:
        return None
    pk = hand_over_to if isinstance(hand_over_to, int) else hand_over_to.pk
    taker = Post.objects.select_related("account").filter(pk=pk).first()
    if taker is None:
        raise Refused("not-found", say="没有接手的岗位。", have=pk, field="hand_over_to")
    check_take_over(
        reach=post.reach,
        taker_reach=taker.reach,
        same_post=taker.pk == post.pk,
        taker_holds=taker.account.active and Term(taker.since, taker.until).holds(now()),
    )
    return taker


def _tell_ended(post: Post, *, by: Viewer, taker: Post | None) -> None:
    subject = f"account:{post.account_id}"
    successor = taker.pk if taker else None
    write(subject, "access.end-post", by=by, facts={"post": post.pk, "code": post.code, "hand_over_to": successor})
    announce(PostEnded(post.pk, post.unit_id, successor), subject=subject)
