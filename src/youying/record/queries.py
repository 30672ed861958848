"""Reading the book: stories, sealed values, the latest root, what is stuck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet

from youying.kernel.sealing import Key, unseal, unwrap_data_key
from youying.kernel.viewers import Viewer
from youying.record import rules
from youying.record.book import open_book
from youying.record.keys import ring
from youying.record.models import Announcement, Entry, Head, Root
from youying.record.reaching import reached
from youying.record.verifying import Fault, Report, verify, verify_story

__all__ = [
    "Fault", "Opener", "Report", "Sought", "latest_root", "opened", "opener", "sought", "story", "stuck_announcements", "verify",
    "verify_story",
]  # fmt: skip

ERASED = {"erased": True}
"""What the sealed part of an entry reads as after its subject was erased."""


def story(subject: str) -> list[Entry]:
    """All entries of a subject, oldest first; the caller has checked that its viewer may see the subject."""
    return list(Entry.objects.filter(subject=subject).order_by("seq"))


@dataclass(frozen=True, slots=True)
class Opener:
    """The data keys of some subjects, fetched in one statement, to open many values with."""

    keys: dict[str, Key]

    def value(self, subject: str, blob: bytes | None) -> str | None:
        """The value sealed for a subject; None once it was erased (or where there is none)."""
        if not blob or subject not in self.keys:
            return None
        return unseal(self.keys[subject], bytes(blob), rules.bound_to_value(subject)).decode()

    def entry(self, entry: Entry) -> dict[str, Any]:
        """The sealed part of an entry; `{"erased": True}` once its subject was erased, `{}` where there is none."""
        if entry.sealed is None:
            return {}
        if entry.subject not in self.keys:
            return ERASED
        plain = unseal(self.keys[entry.subject], entry.sealed, rules.bound_to_entry(entry.subject, entry.seq))
        return dict(msgspec.json.decode(plain))


def opener(subjects: Iterable[str]) -> Opener:
    """Fetch the data keys of these subjects; one statement, none for subjects that the running act holds."""
    wanted = set(subjects)
    current = open_book()
    wrapped = {name: current.heads[name].data_key for name in wanted & current.heads.keys()} if current else {}
    if rest := wanted - wrapped.keys():
        rows = Head.objects.filter(subject__in=rest).only("subject", "data_key")
        wrapped |= {row.subject: row.data_key for row in rows}
    keys = {
        name: unwrap_data_key(ring(), bytes(sealed), bound_to=name.encode())
        for name, sealed in wrapped.items()
        if sealed
    }
    return Opener(keys)


def opened(entry: Entry) -> dict[str, Any]:
    """The sealed part of one entry, see `Opener.entry`; for many entries make one `opener`."""
    return opener([entry.subject]).entry(entry) if entry.sealed is not None else {}


def unseal_for(subject: str, blob: bytes | None) -> str | None:
    """The value sealed for a subject; None once it was erased. For many values make one `opener`."""
    return opener([subject]).value(subject, blob)


def unerased(subjects: Iterable[str]) -> list[str]:
    """Those of some subjects that the record knows and whose personal values are still there; one statement."""
    heads = Head.objects.filter(subject__in=list(subjects), erased_at=None)
    return list(heads.order_by("subject").values_list("subject", flat=True))


def erased_since(moment: datetime) -> bool:
    """Whether anybody's personal values were erased at or after a moment."""
    return Head.objects.filter(erased_at__gte=moment).exists()


def latest_root() -> Root | None:
    """The last daily root: what a restored installation must end with."""
    return Root.objects.order_by("-day").first()


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for in the book; empty values do not narrow. `posts` are the only ones that may be shown."""

    subject: str = ""
    act: str = ""
    account_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    posts: frozenset[int] | None = None


def sought(viewer: Viewer, what: Sought, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Entries, the latest first, older than `before`; needs the power `audit`. The sealed part stays sealed."""
    viewer.require("audit")
    equal = {"subject": what.subject, "act": what.act, "account_id": what.account_id}
    rows = Entry.objects.filter(**{name: value for name, value in equal.items() if value})
    bounds = {"at__gte": what.since, "at__lt": what.until, "id__lt": before, "post_id__in": what.posts}
    rows = rows.filter(**{name: value for name, value in bounds.items() if value is not None})
    return list(rows.order_by("-id")[:limit])


def stuck_announcements(viewer: Viewer) -> QuerySet[Announcement]:
    """What could not be delivered and waits for a person, of what lies within reach, oldest first; needs `audit`."""
    viewer.require("audit")
    rows = Announcement.objects.filter(stuck=True, delivered_at__isnull=True).order_by("id")
    if viewer.reach == "/":
        return rows
    return rows.filter(subject__in=reached(viewer, rows.order_by().values_list("subject", flat=True).distinct()))


def undelivered() -> int:
    """How many announcements are still on their way."""
    return Announcement.objects.filter(delivered_at__isnull=True).count()
