"""Every read of access: who is looking, who holds which post, which units there are, who is signed in where."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import HttpRequest

from youying.access.models import Account, Installation, Invitation, Post, SavedView, SessionSeat, Unit
from youying.access.rules import check_link, grantable, link_void
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer
from youying.record.models import Entry
from youying.record.queries import opener
from youying.record.reaching import register_places

A_DAY = timedelta(days=1)
_POST_COLUMNS = {
    "post_id": "id",
    "post_code": "code",
    "post_title": "title",
    "reach": "reach",
    "powers": "powers",
    "unit_id": "unit_id",
    "unit_title": "unit__title",
    "unit_kind": "unit__kind",
}


@dataclass(frozen=True, slots=True)
class PostChoice:
    """One post that an account may look and act from."""

    post_id: int
    post_title: str
    unit_title: str
    reach: str


@dataclass(frozen=True, slots=True)
class Seated:
    """Whoever sits behind a session: the account, its seat, the posts in force, and the viewer they make."""

    account: Account
    seat_id: int
    seen_at: datetime
    posts: tuple[PostChoice, ...]
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class LinkView:
    """What the page of a link may show before it is used."""

    kind: str
    name: str
    username: str


def hashed(token: str) -> str:
    """The digest a secret is kept as; the secret itself has 256 random bits, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def holding(at: datetime, *, prefix: str = "") -> Q:
    """Posts in force at a moment."""
    since, until = Q(**{f"{prefix}since__lte": at}), Q(**{f"{prefix}until__gt": at})
    return since & (Q(**{f"{prefix}until__isnull": True}) | until)


def within(path: str, *, column: str = "reach") -> Q:
    """Rows whose path lies at or below another."""
    if path == "/":
        return Q()
    return Q(**{column: path}) | Q(**{f"{column}__startswith": path + "/"})


def viewer_for(request: HttpRequest) -> Viewer:
    """Who is looking, as the middleware found out; the public where nobody signed in."""
    viewer: Viewer = getattr(request, "viewer", PUBLIC)
    return viewer


def seated(token: str, *, post_id: int | None = None) -> Seated | None:
    """Whoever holds this seat, in one statement; nothing where it was ended or the account is disabled."""
    at = now()
    held = FilteredRelation("account__posts", condition=holding(at, prefix="account__posts__"))
    rows: list[Any] = list(
        SessionSeat.objects.filter(key_hash=hashed(token), ended_at=None, account__active=True)
        .annotate(held=held)
        .annotate(**{f"its_{name}": F(f"held__{column}") for name, column in _POST_COLUMNS.items()})
        .select_related("account")
        .order_by("held__id")
    )
    if not rows:
        return None
    posts = [{name: getattr(row, f"its_{name}") for name in _POST_COLUMNS} for row in rows if row.its_post_id]
    account = rows[0].account
    return Seated(
        account=account,
        seat_id=rows[0].pk,
        seen_at=rows[0].seen_at,
        posts=tuple(
            PostChoice(post["post_id"], post["post_title"], post["unit_title"] or "", post["reach"]) for post in posts
        ),
        viewer=_chosen(account, posts, post_id=post_id),
    )


def _chosen(account: Account, posts: list[dict[str, Any]], *, post_id: int | None) -> Viewer:
    """The viewer of the chosen post, or of the only one; without either a viewer who may do nothing yet."""
    picked = [post for post in posts if post["post_id"] == post_id] or (posts if len(posts) == 1 else [])
    if not picked:
        return viewer_without_post(account)
    post = picked[0]
    return Viewer(
        kind="post",
        account_id=account.pk,
        name=account.name,
        **post | {"powers": frozenset(post["powers"])} | {key: post[key] or "" for key in ("unit_title", "unit_kind")},
    )


def viewer_without_post(account: Account) -> Viewer:
    """A signed-in account that has chosen no post: it reaches nothing and may do nothing but mind itself."""
    return Viewer(kind="post", account_id=account.pk, name=account.name)


def viewer_of(post: Post) -> Viewer:
    """The viewer that a post makes, for stories, jobs and tests that act in somebody's name."""
    account, unit = post.account, post.unit
    return Viewer(
        kind="post",
        account_id=account.pk,
        post_id=post.pk,
        post_code=post.code,
        post_title=post.title,
        name=account.name,
        reach=post.reach,
        unit_id=unit.pk if unit else None,
        unit_title=unit.title if unit else "",
        unit_kind=unit.kind if unit else "",
        powers=frozenset(post.powers),
    )


def posts_of(account: Account | int, *, at: datetime | None = None) -> QuerySet[Post]:
    """The posts an account holds at a moment, with their units."""
    pk = account if isinstance(account, int) else account.pk
    return Post.objects.filter(holding(at or now()), account_id=pk).select_related("account", "unit").order_by("pk")


def posts_at(viewer: Viewer, path: str, *, code: str = "", at: datetime | None = None) -> QuerySet[Post]:
    """The posts in force whose reach covers a path, nearest first; of one code where it is given."""
    viewer.require_reach(path)
    parts = path.strip("/").split("/")
    above = ["/", *("/" + "/".join(parts[:count]) for count in range(1, len(parts) + 1))]
    posts = Post.objects.filter(holding(at or now()), reach__in=above, account__active=True)
    if code:
        posts = posts.filter(code=code)
    return posts.select_related("account", "unit").order_by("-reach", "pk")


def units(viewer: Viewer, kind: str | None = None, reach: str | None = None, *, closed: bool = False) -> QuerySet[Unit]:
    """The working units a viewer may know: those in its reach and those above it that also serve it.

    `closed` asks for the units out of use instead.
    """
    if viewer.kind not in ("post", "system") or not viewer.reach:
        return Unit.objects.none()
    found = Unit.objects.filter(active=not closed)
    if viewer.reach != "/":
        found = found.filter(within(viewer.reach) | _above(viewer.reach))
    if kind:
        found = found.filter(kind=kind)
    if reach:
        found = found.filter(within(reach))
    return found.order_by("reach", "title")


def minded_units(viewer: Viewer) -> QuerySet[Unit]:
    """The units that an administrator minds, those out of use too."""
    viewer.require("accounts")
    inside = within(viewer.reach) if viewer.reach else Q(pk=None)
    return Unit.objects.filter(inside).order_by("-active", "reach", "title")


def unit_codes(viewer: Viewer, *, stem: str) -> set[str]:
    """The codes that begin so and are taken, wherever the unit lies: a code stands once in the whole installation."""
    viewer.require("accounts")
    return set(Unit.objects.filter(code__startswith=stem).values_list("code", flat=True))


def unit_of(viewer: Viewer, unit_id: int) -> Unit:
    """One unit that an administrator minds."""
    found = minded_units(viewer).filter(pk=unit_id).first()
    if found is None:
        raise Refused("not-found", say="没有这个单位，或不在您的管理范围内。", have=unit_id)
    return found


def post_ids_within(viewer: Viewer) -> frozenset[int] | None:
    """Every post that ever lay within reach, for searching the record; None where the reach is everywhere."""
    if viewer.reach == "/":
        return None
    inside = within(viewer.reach) if viewer.reach else Q(pk=None)
    return frozenset(Post.objects.filter(inside).values_list("pk", flat=True))


def account_named(text: str) -> Account | None:
    """The account of a name to sign in with, or the only one of a person's name."""
    said = text.strip()
    found = list(Account.objects.filter(Q(username=said.lower()) | Q(name=said))[:2])
    return found[0] if len(found) == 1 else None


def is_empty() -> bool:
    """Whether nobody has set this installation up yet."""
    return not (Installation.objects.exists() or Account.objects.exists())


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of accounts by their keys."""
    return dict(Account.objects.filter(pk__in={one for one in ids if one}).values_list("pk", "name"))


def all_posts_of(viewer: Viewer, account_id: int) -> list[Post]:
    """Every post of an account that an administrator minds, those to come and those ended too, the latest first."""
    owner = account(viewer, account_id)
    return list(owner.posts.select_related("account", "unit").order_by("-since", "-pk"))


def successors(viewer: Viewer, post: Post) -> list[Post]:
    """The posts in force that may take over a post's open work: those whose reach covers its own."""
    held = posts_at(viewer, post.reach).exclude(pk=post.pk)
    return list(held.filter(within(viewer.reach) if viewer.reach else Q(pk=None)))


def _above(path: str) -> Q:
    parts = path.strip("/").split("/")
    return Q(reach__in=["/", *("/" + "/".join(parts[:count]) for count in range(1, len(parts)))])


def people_in(unit: Unit | int, *, viewer: Viewer = SYSTEM, at: datetime | None = None) -> QuerySet[Post]:
    """The posts in force of a unit, with their accounts."""
    pk = unit if isinstance(unit, int) else unit.pk
    posts = Post.objects.filter(holding(at or now()), unit_id=pk, account__active=True)
    if viewer.kind == "post" and viewer.unit_id != pk:
        posts = posts.filter(within(viewer.reach) if viewer.reach else Q(pk=None))
    return posts.select_related("account", "unit").order_by("pk")


def accounts(viewer: Viewer) -> QuerySet[Account]:
    """The accounts an administrator minds: those with a post in its reach, and those without any."""
    viewer.require("accounts")
    inside = Q(posts__isnull=True) | within(viewer.reach, column="posts__reach") if viewer.reach else Q(pk=None)
    # Everywhere is an empty condition, which would vanish beside "or" and leave only accounts without a post.
    return (
        Account.objects.filter(Q() if viewer.reach == "/" else inside)
        .prefetch_related("posts__unit")
        .distinct()
        .order_by("username")
    )


def account(viewer: Viewer, account_id: int) -> Account:
    """One account that an administrator minds, or one's own."""
    if viewer.account_id == account_id:
        return Account.objects.get(pk=account_id)
    found = accounts(viewer).filter(pk=account_id).first()
    if found is None:
        raise Refused("not-found", say="没有这个账号，或不在您的管理范围内。", have=account_id)
    return found


def phone_of(account: Account, *, viewer: Viewer) -> str:
    """The phone of an account, for its owner, an administrator or the system; empty where none is kept."""
    if viewer.account_id != account.pk:
        viewer.require("accounts")
    return opener([account.subject]).value(account.subject, bytes(account.phone_sealed or b"")) or ""


def seats_of(account: Account | int, *, viewer: Viewer) -> QuerySet[SessionSeat]:
    """Where an account is signed in now, newest first; one's own, or as an administrator."""
    pk = account if isinstance(account, int) else account.pk
    if viewer.account_id != pk:
        viewer.require("accounts")
    return SessionSeat.objects.filter(account_id=pk, ended_at=None).order_by("-seen_at")


def saved_views(viewer: Viewer, page: str) -> list[SavedView]:
    """The views of a list that the viewer's account keeps, in the order they were made."""
    return list(SavedView.objects.filter(account_id=viewer.account_id or 0, page=page).order_by("made_at", "pk"))


def link(token: str) -> LinkView:
    """What a link leads to, without using it up: previews in chats open links too."""
    found = _good_link(token)
    owner = found.account
    return LinkView(found.kind, owner.name if owner else "", owner.username if owner else "")


def fresh_invitations(viewer: Viewer, tokens: Iterable[str]) -> list[tuple[str, Invitation]]:
    """The invitations that these secrets lead to: those that this administrator made and nobody has used, in order."""
    viewer.require("accounts")
    secrets = {hashed(token): token for token in tokens}
    made = Invitation.objects.filter(
        kind=Invitation.INVITE, made_by_id=viewer.account_id or 0, used_at=None, expires_at__gt=now()
    )
    found = made.filter(token_hash__in=list(secrets), account__active=True).select_related("account").order_by("pk")
    return [(secrets[one.token_hash], one) for one in found]


def owner_of_link(token: str) -> Account:
    """Whose link it is; a set-up link is nobody's yet."""
    owner = _good_link(token).account
    if owner is None:
        raise link_void()
    return owner


def _good_link(token: str) -> Invitation:
    found = Invitation.objects.select_related("account").filter(token_hash=hashed(token)).first()
    if found is None:
        raise link_void()
    active = found.account is None or found.account.active
    check_link(expires_at=found.expires_at, used_at=found.used_at, active=active, at=now())
    return found


def minds_all(viewer: Viewer) -> bool:
    """Whether a viewer's reach holds the whole installation, as that of the administrator who set it up."""
    found = Installation.objects.values_list("reach", flat=True).first()
    return viewer.reaches("/") or (found is not None and viewer.reaches(found))


def grantable_powers(viewer: Viewer) -> list[str]:
    """The powers that a viewer may give with a post."""
    viewer.require("accounts")
    return grantable(viewer, whole=minds_all(viewer))


def installation() -> Installation | None:
    """Whose installation this is; nothing before set-up."""
    return Installation.objects.first()


def reaches_of(keys: Collection[str]) -> dict[str, list[str]]:
    """Where all the posts lay that accounts ever held, by the keys of the accounts in the record."""
    found: dict[str, list[str]] = defaultdict(list)
    held = Post.objects.filter(account_id__in=[int(key) for key in keys if key.isdigit()])
    for key, path in held.values_list("account_id", "reach").distinct():
        found[str(key)].append(path)
    return found


def _units_lie(keys: Collection[str]) -> dict[str, list[str]]:
    found = Unit.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])
    return {str(key): [path] for key, path in found.values_list("pk", "reach")}


register_places("account", reaches_of)
register_places("unit", _units_lie)


def rows_taken(account_id: int | None) -> int:
    """How many rows of tables an account took away within a day, whatever tables they were."""
    day = Entry.objects.filter(subject=f"account:{account_id}", act="access.log-export", at__gt=now() - A_DAY)
    return sum(int(one.facts["rows"]) for one in day)
