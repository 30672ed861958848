"""Units and posts by the table: each row as its single act would do it, all in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError

from youying.access.actions.entrances import link_row
from youying.access.actions.rows import account_told, post_facts, unit_facts
from youying.access.appointing import PostTable, read_posts
from youying.access.importing import Meanings, Outcome, UnitTable, read_units
from youying.access.models import Account, Invitation, Post, Unit
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import Draft, open_subject, seal_for, write, write_many
from youying.record.acts import act, attempt, unchanged

BATCH = 500


@dataclass(frozen=True, slots=True)
class FreshLink:
    """The invitation of a new account: its secret is known here and nowhere else."""

    name: str
    username: str
    token: str


@act("access.import-units", power="accounts")
def import_units(rows: Iterable[Mapping[str, Any]], *, by: Viewer, meanings: Meanings, file: str = "") -> Outcome:
    """Take in a table of units (header → cell): each row lands or is listed with its reason; equal rows change nothing."""
    table = read_units(rows, by=by, meanings=meanings, file=file, lock=True)
    if not table.outcome.touched:
        unchanged()
        return table.outcome
    _store(Unit, table.fresh)
    entries = [Draft(one.subject, "access.create-unit", by, facts=unit_facts(one), series="") for one in table.fresh]
    write_many([*entries, *_changes(table, by=by)])
    _enter(table.outcome, by=by)
    return table.outcome


def _changes(table: UnitTable, *, by: Viewer) -> list[Draft]:
    """Change the known units; their entries."""
    drafts = []
    for unit, values in table.changed:
        before = unit_facts(unit)
        for name, value in values.items():
            setattr(unit, name, value)
        facts = {"before": before, "after": unit_facts(unit)}
        drafts.append(Draft(unit.subject, "access.change-unit", by, facts=facts))
    Unit.objects.bulk_update([unit for unit, _values in table.changed], ["title", "phone"], batch_size=BATCH)
    return drafts


@act("access.import-posts", power="accounts")
def import_posts(
    rows: Iterable[Mapping[str, Any]], *, by: Viewer, meanings: Meanings, file: str = ""
) -> tuple[Outcome, list[FreshLink]]:
    """Take in a table of posts: new people get an account without a password, and an invitation given back once."""
    table = read_posts(rows, by=by, meanings=meanings, file=file, lock=True)
    if not table.outcome.touched:
        unchanged()
        return table.outcome, []
    people = list(table.people.values())
    _create_accounts(people, table.phones, by=by)
    _appoint(table, by=by)
    links = _invite(people, by=by)
    _enter(table.outcome, by=by)
    return table.outcome, links


def _create_accounts(people: list[Account], phones: Mapping[str, str], *, by: Viewer) -> None:
    """Store the new accounts, none with a password, each telephone under its owner's key."""
    for one in people:
        one.set_unusable_password()
    _store(Account, people)
    write_many(
        Draft(
            one.subject,
            "access.create-account",
            by,
            facts={"username": one.username},
            sealed=account_told(one, phone=phones.get(one.username, "")),
            series="",
        )
        for one in people
    )
    reached = [one for one in people if one.username in phones]
    for one in reached:
        one.phone_sealed = seal_for(one.subject, phones[one.username])
    Account.objects.bulk_update(reached, ["phone_sealed"], batch_size=BATCH)


def _appoint(table: PostTable, *, by: Viewer) -> None:
    """Store the posts, each with an entry in its holder's chain."""
    holders = {**table.known, **table.people}
    for username, post in table.posts:
        post.account = holders[username]
    posts = [post for _username, post in table.posts]
    _store(Post, posts)
    write_many(Draft(post.account.subject, "access.appoint", by, facts=post_facts(post)) for post in posts)


def _invite(people: list[Account], *, by: Viewer) -> list[FreshLink]:
    """An invitation for each new account, as `one_time_link` makes one."""
    made = [link_row(one, kind="invite", by=by, minutes=None) for one in people]
    Invitation.objects.bulk_create([row for _token, row in made], batch_size=BATCH)
    write_many(Draft(one.subject, "access.one-time-link", by, facts={"kind": "invite"}) for one in people)
    return [FreshLink(one.name, one.username, token) for one, (token, _row) in zip(people, made, strict=True)]


def _store(model: type[Unit] | type[Account] | type[Post], rows: list[Any]) -> None:
    """Store new rows; what somebody else has just stored under the same name is refused in words."""
    try:
        with attempt():
            model._default_manager.bulk_create(rows, batch_size=BATCH)
    except IntegrityError:
        say = "刚才有人加了同样的代码或登录名，什么也没有导入。请再看一遍这张表。"
        raise Refused("table-overtaken", say=say) from None


def _enter(outcome: Outcome, *, by: Viewer) -> None:
    """One entry for the import itself: what was counted, and the name of the file."""
    subject = f"access-import:{uuid.uuid4().hex}"
    open_subject(subject)
    write(subject, f"access.import-{outcome.kind}s", by=by, facts=outcome.facts(), sealed={"file": outcome.file})
