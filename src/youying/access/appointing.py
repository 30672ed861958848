"""Tables of posts: who gets which post where, which of them are new here, why a row is refused; reading only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from youying.access.importing import Meanings, Outcome, Reading, Said, by_many
from youying.access.models import Account, Post, Unit
from youying.access.queries import accounts, minds_all, units
from youying.access.rules import (
    Term,
    check_grants,
    check_not_oneself,
    check_not_over,
    check_same_person,
    code_meant,
    powers_that_fit,
    term_that_fits,
)
from youying.kernel.moments import local, now, parse_moment
from youying.kernel.normal_forms import normal_phone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.queries import opener

USUAL_POWERS = ("view", "act")
"""What a post may do where its row does not say."""
DIFFERING = {"title": "岗位名称", "powers": "权限", "since": "起", "until": "止"}


@dataclass
class PostTable:
    """Posts as they will stand with their holders' names; who of these is new here and by which telephone, who is known."""

    outcome: Outcome
    posts: list[tuple[str, Post]] = field(default_factory=list)
    people: dict[str, Account] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    known: dict[str, Account] = field(default_factory=dict)


@dataclass
class _Known:
    """What stands already: accounts and which of them this administrator minds, their phones and posts, the units."""

    accounts: dict[str, Account]
    minded: set[int]
    phones: dict[int, str]
    posts: dict[tuple[Any, ...], Post]
    units: dict[str, Unit]


def read_posts(
    rows: Iterable[Mapping[str, Any]], *, by: Viewer, meanings: Meanings, file: str = "", lock: bool = False
) -> PostTable:
    """What a table of posts comes to; with `lock`, inside an act, nobody changes the known accounts meanwhile."""
    reading = Reading("post", by=by, meanings=meanings, file=file)
    said = reading.understood(rows)
    known = _known({one.values["username"] for one in said}, by=by, lock=lock)
    taking = _Taking(reading, known)
    for one in said:
        with reading.listing(one.number, one.row):
            taking.settle(one)
    reading.finish()
    reading.outcome.people = len(taking.table.people)
    return taking.table


def _known(usernames: set[str], *, by: Viewer, lock: bool) -> _Known:
    stand = Account.objects.select_for_update() if lock else Account.objects.all()
    found = by_many(stand, "username", usernames)
    keys = [account.pk for account in found]
    sealed = opener([account.subject for account in found if account.phone_sealed])
    phones = {one.pk: sealed.value(one.subject, bytes(one.phone_sealed)) or "" for one in found if one.phone_sealed}
    posts = by_many(
        Post.objects.filter(Q(until__isnull=True) | Q(until__gt=now())).select_related("unit"), "account_id", keys
    )
    return _Known(
        accounts={account.username: account for account in found},
        minded=set(accounts(by).values_list("pk", flat=True)) if found else set(),
        phones=phones,
        posts={(post.account_id, post.code, post.reach, post.unit_id): post for post in posts},
        units={unit.code: unit for unit in units(by, reach=by.reach)},
    )


class _Taking:
    """A table of posts row by row: what was said of a person stays the same from row to row."""

    def __init__(self, reading: Reading, known: _Known) -> None:
        self.reading = reading
        self.by = reading.by
        self.whole = minds_all(reading.by)
        self.known = known
        self.table = PostTable(reading.outcome, known=known.accounts)
        self.persons: dict[str, tuple[int, str, str]] = {}

    def settle(self, one: Said) -> None:
        """Make a post of a row, unless the same stands already."""
        said, username = one.values, one.values["username"]
        code = code_meant(said["code"][:40], known=self.reading.meanings.posts, what="岗位", field="code")
        reach, unit, term = self.reading.place(said["reach"]), self.unit(said.get("unit", "")), self.term(said)
        self.same_person(one)
        account = self.known.accounts.get(username)
        if account is not None:
            self.check_account(account, said)
        key = (username, code, reach, unit.pk if unit else None)
        wanted = {name: said[name] for name in ("title", "powers") if name in said} | _moments(said, term)
        if self.reading.said_before(key, one.number, wanted):
            return
        if account is not None and (post := self.known.posts.get((account.pk, *key[1:]))):
            _check_same_post(post, wanted)
            self.table.outcome.same += 1
            return
        title = said.get("title") or self.reading.meanings.posts.get(code, code)
        powers = powers_that_fit(said.get("powers") or USUAL_POWERS)
        check_grants(self.by, powers=powers, whole=self.whole)
        post = Post(
            code=code, title=title[:60], unit=unit, reach=reach, powers=powers, since=term.since, until=term.until
        )
        self.take(post, account=account, said=said)

    def take(self, post: Post, *, account: Account | None, said: dict[str, Any]) -> None:
        """Put a post among the new ones, and its holder among the new people."""
        username = said["username"]
        if account is None:
            made = Account(username=username, name=said["name"], made_at=now())
            self.table.people.setdefault(username, made)
            if said.get("phone"):
                self.table.phones[username] = said["phone"]
        self.table.posts.append((username, post))
        self.table.outcome.added.append(f"{username}:{post.code}")

    def same_person(self, one: Said) -> None:
        """Refuse a row that says another name or telephone of somebody than a row above."""
        said = one.values
        phone = said.get("phone", "")
        row, name, earlier = self.persons.setdefault(said["username"], (one.number, said["name"], phone))
        if name != said["name"] or (phone and earlier and phone != earlier):
            raise Refused(
                "person-twice", say=f"和第{row}行是同一个账号，但姓名或手机号不同，请核对。", field="username"
            )

    def check_account(self, account: Account, said: dict[str, Any]) -> None:
        """Refuse a row about somebody whom the administrator does not mind, or that would change the account itself."""
        if account.pk not in self.known.minded and account.pk != self.by.account_id:
            say = f"登录名“{account.username}”已经有人用了，请换一个。"
            raise Refused("username-known", say=say, field="username")
        check_same_person(username=account.username, name=said["name"], known_name=account.name)
        check_not_oneself(self.by, account_id=account.pk, what="任命")
        if not account.active:
            raise Refused("account-disabled", say="这个账号已停用，请先恢复，再任命。", field="username")
        phone = self.known.phones.get(account.pk, "")
        if said.get("phone") and said["phone"] != _digits(phone):
            say = "手机号和这个账号登记的不同；表格不改已有账号，请核对，或把这一格空着。"
            raise Refused("phone-differs", say=say, field="phone")

    def unit(self, words: str) -> Unit | None:
        """The working unit that a cell means by its code."""
        if not words:
            return None
        if words not in self.known.units:
            say = f"没有编码为“{words[:40]}”的单位，或已停用，请先导入单位。"
            raise Refused("unit-unknown", say=say, field="unit")
        return self.known.units[words]

    def term(self, said: dict[str, Any]) -> Term:
        """From the first moment of the day written under 起, or now, to the last of the day under 止."""
        since = self.day(said["since"], field="since", title="起") if "since" in said else None
        until = self.day(said["until"], field="until", title="止") if "until" in said else None
        term = term_that_fits(self.midnight(since) if since else now(), self.midnight(until, 1) if until else None)
        check_not_over(term, at=now())
        return term

    def day(self, cell: object, *, field: str, title: str) -> date:
        """The day that a cell means."""
        zone = self.reading.meanings.zone
        try:
            return local(parse_moment(cell, zone, ahead=None), zone).date()
        except Refused as refused:
            raise Refused(refused.code, say=f"“{title}”：{refused.say}", field=field) from None

    def midnight(self, day: date, later: int = 0) -> datetime:
        """The first moment of a day, or of one so many days later."""
        return datetime.combine(day + timedelta(days=later), time.min, self.reading.meanings.zone)


def _moments(said: dict[str, Any], term: Term) -> dict[str, datetime | None]:
    """The ends of the term that the row says itself."""
    return {name: getattr(term, name) for name in ("since", "until") if name in said}


def _check_same_post(post: Post, wanted: dict[str, Any]) -> None:
    """Refuse a row that says the post of somebody otherwise than it stands; an appointment is ended, not rewritten."""
    differing = [title for name, title in DIFFERING.items() if name in wanted and getattr(post, name) != wanted[name]]
    if differing:
        say = f"这个人已有这个岗位，但{'、'.join(differing)}和表里不同；要改请先结束原岗位，再导入。"
        raise Refused("post-differs", say=say, field="code")


def _digits(phone: str) -> str:
    """A telephone that was kept as somebody typed it, to be compared; one that cannot be read equals none."""
    try:
        return normal_phone(phone)
    except Refused:
        return ""
