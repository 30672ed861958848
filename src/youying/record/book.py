"""The writer of the book: what one act has opened, written and announced so far, and how it reaches the database.

Entries are chained in memory under the lock of their heads and written together when the outermost act ends: one
statement for the entries, one for the heads, one for the announcements, however many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.sealing import Key, seal, unwrap_data_key, wrap_data_key
from youying.kernel.viewers import Viewer
from youying.record import rules, storage
from youying.record.events import listeners_of, payload_of, topic_of
from youying.record.keys import fresh_data_key, ring
from youying.record.models import Entry, Head

ANNOUNCED = Event()
"""Set after a commit that left something to deliver or to run; workers of this process wait on it."""


class BookError(Exception):
    """A mistake in the code of an act: never shown to a person as a refusal."""


class NotInAct(BookError):
    """The book was written outside an act."""


class UnrecordedAct(BookError):
    """An act ended without an entry."""


class AnnouncedUnrecorded(BookError):
    """An act announced something about a subject on which it recorded nothing."""


class TornAct(BookError):
    """Changes of a nested act were rolled back behind the book's back; use `attempt()` for a savepoint."""


class PersonalInFacts(BookError):
    """Facts hold something that looks like a phone or an ID number; it belongs in `sealed`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A head as this act sees it."""

    subject: str
    series: str
    serial: int
    count: int
    hash: bytes
    data_key: bytes | None = None
    erased_at: datetime | None = None
    new: bool = False


@dataclass(slots=True)
class Book:
    """All that one outermost act is about to write."""

    heads: dict[str, Standing] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    events: list[tuple[Any, str]] = field(default_factory=list)
    heard: int = 0
    unchanged: int = 0
    undo: list[tuple[str, Standing | None, bool]] = field(default_factory=list)
    marks: list[Callable[[], None]] = field(default_factory=list)

    def put(self, standing: Standing) -> Standing:
        """Remember a changed head, and how to take the change back."""
        subject = standing.subject
        self.undo.append((subject, self.heads.get(subject), subject in self.changed))
        self.heads[subject] = standing
        self.changed[subject] = None
        return standing

    def place(self) -> tuple[int, int, int, int, int]:
        """Where the book stands now, to come back to."""
        return len(self.undo), len(self.entries), len(self.events), len(self.marks), self.unchanged

    def back_to(self, place: tuple[int, int, int, int, int]) -> None:
        """Forget everything written since, because the database has forgotten it too."""
        undone, entries, events, marks, self.unchanged = place
        while len(self.undo) > undone:
            subject, before, was_changed = self.undo.pop()
            if before is None:
                self.heads.pop(subject, None)
            else:
                self.heads[subject] = before
            if not was_changed:
                self.changed.pop(subject, None)
        del self.entries[entries:], self.events[events:], self.marks[marks:]
        self.heard = min(self.heard, events)
        self.written = {entry.subject: entry.seq for entry in self.entries}

    def moved_since(self, place: tuple[int, int, int, int, int]) -> bool:
        """Whether an entry was written, or the act said that nothing changed."""
        return len(self.entries) > place[1] or self.unchanged > place[4]

    def keep_mark(self) -> None:
        """Leave a mark with the transaction that vanishes when a savepoint around it is rolled back."""

        def mark() -> None:
            """Nothing: only its presence counts."""

        transaction.on_commit(mark)
        self.marks.append(mark)

    def check_marks(self) -> None:
        """Fail when a savepoint that the book was not told of has taken changes back."""
        if self.marks:
            kept = {id(function) for _, function, *_ in connection.run_on_commit}
            if any(id(mark) not in kept for mark in self.marks):
                raise TornAct("a savepoint was rolled back inside an act; wrap the risky part in acts.attempt()")


_book: ContextVar[Book | None] = ContextVar("book", default=None)


def open_book() -> Book | None:
    """The book of the act that is running, if one is."""
    return _book.get()


def book() -> Book:
    """The book of the act that is running; an error outside an act."""
    current = _book.get()
    if current is None:
        raise NotInAct("only inside a function decorated with @act")
    return current


def start() -> tuple[Book, Any]:
    """Open a book for an outermost act."""
    fresh = Book()
    return fresh, _book.set(fresh)


def finish(token: Any) -> None:
    """Close it."""
    _book.reset(token)


def lock(subjects: Iterable[str]) -> dict[str, Standing]:
    """Lock the heads of several subjects in one statement and in one order, so that two acts never wait in a ring."""
    current = book()
    heads = current.heads
    missing = sorted({subject for subject in subjects if subject not in heads})
    for subject, *rest in storage.read_heads(missing):
        current.undo.append((subject, None, False))
        heads[subject] = Standing(subject, *rest)
    return heads


def head_of(subject: str) -> Standing:
    """The locked head of an open subject; an error where it was never opened."""
    try:
        return lock([subject])[subject]
    except KeyError:
        raise BookError(f"subject {subject!r} was never opened in the record") from None


def open_head(subject: str, *, series: str = "") -> Standing:
    """Give a new subject the next serial of its series; an error where this act has opened it already."""
    return open_next(rules.series_of(subject, series), subject_of=lambda serial: subject)


def open_next(series: str, *, subject_of: Callable[[int], str]) -> Standing:
    """Open a subject whose name is made from the serial that it draws."""
    current = book()
    counted = _series_head(rules.SERIES_PREFIX + series)
    serial = counted.count + 1
    subject = subject_of(serial)
    if subject in current.heads:
        raise BookError(f"subject {subject!r} is open already")
    current.put(replace(counted, count=serial))
    return current.put(Standing(subject, series, serial, 0, rules.NO_HASH, new=True))


def _series_head(subject: str) -> Standing:
    """The locked head of a series, begun where it is missing; of two who begin it at once, one waits for the other."""
    heads = lock([subject])
    if subject in heads:
        return heads[subject]
    if subject == rules.SERIES_PREFIX + rules.SERIES_OF_SERIES:
        born = Standing(subject, rules.SERIES_OF_SERIES, 0, 0, rules.NO_HASH)
    else:
        root = _series_head(rules.SERIES_PREFIX + rules.SERIES_OF_SERIES)
        if subject in lock([subject]):
            return book().heads[subject]
        root = book().put(replace(root, count=root.count + 1))
        born = Standing(subject, rules.SERIES_OF_SERIES, root.count, 0, rules.NO_HASH)
    Head.objects.bulk_create([Head(**dict(zip(storage.HEAD_COLUMNS, _row(born), strict=True)))], ignore_conflicts=True)
    return lock([subject])[subject]


def data_key_of(standing: Standing) -> Key:
    """The key that opens the sealed values of a subject, made now if it has none; refused when it was destroyed."""
    bound_to = standing.subject.encode()
    if standing.erased_at is not None:
        raise Refused("subject-erased", say="这份资料的个人信息已依规删除，不能再添加。", have=standing.subject)
    if standing.data_key is not None:
        return unwrap_data_key(ring(), standing.data_key, bound_to=bound_to)
    key = fresh_data_key()
    book().put(replace(standing, data_key=wrap_data_key(ring(), key, bound_to=bound_to)))
    return key


def chain(
    subject: str, act: str, *, by: Viewer, facts: dict[str, Any], sealed: dict[str, Any] | None, origin: str
) -> Entry:
    """Add one entry to the chain of a subject."""
    current = book()
    standing = head_of(subject)
    text = rules.facts_text(facts)
    if getattr(settings, "YOUYING_CHECK_FACTS", False) and (found := rules.personal_values(text)):
        raise PersonalInFacts(f"{act}: {len(found)} values in the facts look personal; put them in sealed")
    seq = standing.count + 1
    blob = None
    if sealed:
        key = data_key_of(standing)
        standing = current.heads[subject]
        blob = seal(key, rules.facts_text(sealed).encode(), rules.bound_to_entry(subject, seq))
    line = rules.Line(
        subject=subject,
        seq=seq,
        at=now(),
        act=act,
        actor_kind=by.kind,
        account_id=by.account_id,
        post_id=by.post_id,
        post_code=by.post_code,
        unit_id=by.unit_id,
        origin=origin,
        facts=text,
        sealed=blob,
        prev=standing.hash,
    )
    entry = _entry(line, facts=facts)
    current.put(replace(standing, count=seq, hash=entry.hash))
    current.entries.append(entry)
    current.written[subject] = seq
    return entry


def _entry(line: rules.Line, *, facts: dict[str, Any]) -> Entry:
    values = {name: getattr(line, name) for name in rules.Line.__slots__}
    return Entry(**(values | {"facts": facts, "hash": rules.entry_hash(line)}))


def _row(standing: Standing) -> tuple[Any, ...]:
    """A head as it is stored, its proof made anew."""
    mac = rules.head_mac(ring(), standing)
    return tuple(getattr(standing, name) for name in storage.HEAD_COLUMNS[:-1]) + (mac,)


def tell_exact_listeners() -> None:
    """Run those who must see the change in its own transaction; what they announce is told in turn."""
    current = book()
    while current.heard < len(current.events):
        event, subject = current.events[current.heard]
        key = f"{subject}#{current.written.get(subject, 0)}.{current.heard}"
        current.heard += 1
        for listening in listeners_of(type(event), exact=True):
            listening.function(event, key=key)


def flush() -> None:
    """Write entries, heads and announcements: at most three statements for an act on one subject."""
    current = book()
    current.check_marks()
    empty = [standing.subject for standing in current.heads.values() if standing.new and not standing.count]
    if empty:
        raise UnrecordedAct(f"subjects were opened without a first entry: {empty[:3]}")
    ids = storage.insert_entries([_stored(entry) for entry in current.entries])
    for entry, number in zip(current.entries, ids, strict=True):
        entry.id = number
        entry._state.adding, entry._state.db = False, "default"
    storage.put_heads([_row(current.heads[subject]) for subject in current.changed])
    announcements = _announcements(current)
    if announcements:
        storage.insert_announcements(announcements)
        transaction.on_commit(ANNOUNCED.set)


def _stored(entry: Entry) -> tuple[Any, ...]:
    return tuple(
        rules.facts_text(entry.facts) if name == "facts" else getattr(entry, name) for name in storage.ENTRY_COLUMNS
    )


def _announcements(current: Book) -> list[tuple[Any, ...]]:
    """One row for each later listener of each event."""
    moment = now()
    rows: list[tuple[Any, ...]] = []
    ordinals: dict[str, int] = {}
    for event, subject in current.events:
        if subject not in current.written:
            raise AnnouncedUnrecorded(f"{type(event).__name__} was announced for {subject!r}, which has no entry here")
        ordinals[subject] = ordinals.get(subject, 0) + 1
        seq = current.written[subject]
        key = f"{subject}#{seq}.{ordinals[subject]}"
        later = listeners_of(type(event), exact=False)
        payload = payload_of(event) if later else ""
        rows += [
            (topic_of(type(event)), other.name, subject, seq, payload, key, moment, None, 0, moment, False, "")
            for other in later
        ]
    return rows
