"""Proof that the book is whole: everything is computed again, in streams, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, TextField
from django.db.models.functions import Cast

from youying.kernel.merkle import Frontier, leaf_hash
from youying.kernel.refusals import Refused
from youying.record import anchors, rules
from youying.record.anchors import Anchor
from youying.record.keys import ring
from youying.record.models import Entry, Head, Root, Series

ROWS_AT_ONCE = 2000
SUBJECTS_AT_ONCE = 500
MOST_FAULTS = 1000

FaultKind = Literal[
    "altered",
    "gap",
    "broken-chain",
    "head-missing",
    "head-differs",
    "head-forged",
    "key-lost",
    "subject-emptied",
    "subject-removed",
    "series-missing",
    "leaf-missing",
    "root-differs",
    "root-altered",
    "root-unknown",
    "shorter",
    "anchor-forged",
]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the book is not whole."""

    kind: FaultKind
    subject: str
    entry_id: int | None
    say: str


@dataclass(slots=True)
class Report:
    """What a check of the whole book found; `untold` counts faults beyond the first thousand."""

    entries: int = 0
    subjects: int = 0
    leaves: int = 0
    root: str = ""
    faults: list[Fault] = field(default_factory=list)
    untold: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, kind: FaultKind, say: str, *, subject: str = "", entry_id: int | None = None) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, subject, entry_id, say))
        else:
            self.untold += 1


@dataclass(slots=True)
class Tail:
    """What the entries of one subject add up to."""

    subject: str
    count: int = 0
    hash: bytes = rules.NO_HASH
    sealed: bool = False
    erased: bool = False


def verify(progress: Progress | None = None, *, anchored: Sequence[Anchor] = (), root: str = "") -> Report:
    """Compute chains, heads, series, leaves and roots again and compare; `progress(done, total)` as it goes.

    Compared too: the anchor of this installation, others that somebody kept elsewhere, and a root that was published.
    """
    report = Report()
    own = _own_anchor(report)  # read before the view opens: a later one may say more than the view holds
    wanted = [*own, *anchored]
    with one_view():
        total = Entry.objects.count()
        tell = progress or (lambda done, total: None)
        _check_entries(report, tell=lambda done: tell(done, total * 2))
        _check_empty_heads(report)
        _check_series(report)
        _check_anchors(report, wanted)
        _check_tree(report, wanted, published=root, tell=lambda done: tell(total + done, total * 2))
        tell(total * 2, total * 2)
    return report


def _own_anchor(report: Report) -> list[Anchor]:
    try:
        own = anchors.held()
    except Refused as refused:
        report.add("anchor-forged", refused.say)
        return []
    if own is not None and not anchors.is_ours(own):
        report.add("anchor-forged", f"{anchors.path()} 不是本系统写的：锚被改动过，或密钥换过而没有带来。")
        return []
    return [own] if own else []


def _check_anchors(report: Report, wanted: Sequence[Anchor]) -> None:
    for anchor in wanted:
        if said := anchors.shorter_than(anchor):
            report.add("shorter", said)


def verify_story(subject: str) -> Report:
    """Compute the chain and the head of one subject again; the caller has checked that its viewer may see it."""
    report = Report()
    with one_view():
        _check_entries(report, tell=lambda done: None, of={"subject": subject})
    return report


@contextmanager
def one_view() -> Iterator[None]:
    """See one state of the database throughout, without keeping writers waiting; within another one, that one's."""
    if connection.in_atomic_block or _is_viewing():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        connection.cursor().execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            connection.cursor().execute("COMMIT")


def _is_viewing() -> bool:
    connection.ensure_connection()
    return connection.vendor == "sqlite" and connection.connection.in_transaction


def _stream(queryset: Any, *columns: str) -> Iterator[Any]:
    yield from queryset.values_list(*columns, named=True).iterator(chunk_size=ROWS_AT_ONCE)


def _check_entries(report: Report, *, tell: Callable[[int], None], of: dict[str, str] | None = None) -> None:
    columns = [name for name in rules.Line.__slots__ if name != "facts"]
    entries = Entry.objects.filter(**(of or {})).annotate(text=Cast("facts", TextField())).order_by("subject", "seq")
    tails: list[Tail] = []
    for subject, rows in groupby(_stream(entries, "id", "hash", "text", *columns), key=lambda row: row.subject):
        tails.append(_check_chain(report, Tail(subject), rows=rows, tell=tell))
        if len(tails) >= SUBJECTS_AT_ONCE:
            _check_heads(report, tails)
            tails = []
    _check_heads(report, tails)


def _check_chain(report: Report, tail: Tail, *, rows: Iterator[Any], tell: Callable[[int], None]) -> Tail:
    report.subjects += 1
    for row in rows:
        _check_link(report, tail, row=row)
        tail.count, tail.hash = row.seq, row.hash
        tail.sealed = tail.sealed or row.sealed is not None
        tail.erased = tail.erased or row.act == rules.ERASING_ACT
        report.entries += 1
        if report.entries % ROWS_AT_ONCE == 0:
            tell(report.entries)
    return tail


def _check_link(report: Report, tail: Tail, *, row: Any) -> None:
    where = {"subject": tail.subject, "entry_id": row.id}
    if rules.entry_hash(_line(row)) != row.hash:
        report.add("altered", f"{tail.subject} 第 {row.seq} 条的内容与其指纹不符：被改动过。", **where)
    if row.seq != tail.count + 1:
        report.add("gap", f"{tail.subject} 第 {tail.count + 1} 条不见了，接着的是第 {row.seq} 条。", **where)
    if row.prev != tail.hash:
        report.add("broken-chain", f"{tail.subject} 第 {row.seq} 条接不上前一条：有增、删或调换。", **where)


def _line(row: Any) -> rules.Line:
    values = {name: getattr(row, name) for name in rules.Line.__slots__ if name != "facts"}
    return rules.Line(facts=row.text, **values)


def _check_heads(report: Report, tails: list[Tail]) -> None:
    heads = Head.objects.in_bulk([tail.subject for tail in tails])
    for tail in tails:
        head = heads.get(tail.subject)
        if head is None:
            report.add("head-missing", f"{tail.subject} 有留痕而没有账头：账头被删除。", subject=tail.subject)
        elif (head.count, head.hash) != (tail.count, tail.hash):
            say = f"{tail.subject} 账头记着 {head.count} 条，实有到第 {tail.count} 条：末尾被删或被添。"
            report.add("head-differs", say, subject=tail.subject)
        else:
            _check_proof(report, head)
        if head is not None:
            _check_data_key(report, tail, head=head)


def _check_proof(report: Report, head: Head) -> None:
    try:
        holds = rules.head_mac_holds(ring(), head.mac, head)
    except Refused as refused:
        report.add("head-forged", f"{head.subject} 的账头无法核验：{refused.say}", subject=head.subject)
        return
    if not holds:
        report.add(
            "head-forged", f"{head.subject} 的账头（连同资料密钥）不是本系统写的：被改动过。", subject=head.subject
        )


def _check_data_key(report: Report, tail: Tail, *, head: Head) -> None:
    destroyed = head.erased_at is not None or (tail.sealed and not head.data_key)
    if destroyed and not tail.erased:
        say = f"{tail.subject} 的资料密钥没有了，却没有依规删除的留痕。"
        report.add("key-lost", say, subject=tail.subject)


def _check_empty_heads(report: Report) -> None:
    own = Entry.objects.filter(subject=OuterRef("subject"))
    emptied = Head.objects.exclude(subject__startswith=rules.SERIES_PREFIX).filter(~Exists(own))
    for row in _stream(emptied, "subject", "count"):
        report.add("subject-emptied", f"{row.subject} 的 {row.count} 条留痕全部不见了。", subject=row.subject)


def _check_series(report: Report) -> None:
    counted = {
        row["series"]: (row["there"], row["last"])
        for row in Head.objects.exclude(subject=rules.SERIES_PREFIX + rules.SERIES_OF_SERIES)
        .order_by()
        .values("series")
        .annotate(there=Count("subject"), last=Max("serial"))
    }
    known = set()
    for series in Series.objects.order_by("subject").iterator(chunk_size=ROWS_AT_ONCE):
        known.add(series.name)
        _check_proof(report, series)
        if counted.get(series.name, (0, 0)) != (series.issued, series.issued):
            _tell_missing(report, series)
    for name in sorted(counted.keys() - known):
        report.add("series-missing", f"系列 {name} 的计数行不见了。", subject=rules.SERIES_PREFIX + name)


def _tell_missing(report: Report, series: Series) -> None:
    expected = 1
    missing: list[int] = []
    serials = Head.objects.filter(series=series.name, serial__gt=0).order_by("serial")
    for row in _stream(serials, "serial"):
        missing += range(expected, min(row.serial, expected + 5))
        expected = row.serial + 1
    missing += range(expected, min(series.issued + 1, expected + 5))
    which = "、".join(str(serial) for serial in missing[:5]) or f"多出 {expected - 1 - series.issued} 个"
    say = f"系列 {series.name} 发过 {series.issued} 个序号，对不上现有的：{which}。整件被删或被添。"
    report.add("subject-removed", say, subject=series.subject)


def _check_tree(report: Report, wanted: Sequence[Anchor], *, published: str, tell: Callable[[int], None]) -> None:
    roots = {root.size: root for root in Root.objects.order_by("size")}
    expected = {anchor.size: anchor for anchor in wanted if anchor.size}
    seen: set[str] = set()
    frontier = Frontier()
    leaves = Entry.objects.filter(leaf__isnull=False).order_by("leaf")
    for row in _stream(leaves, "id", "leaf", "hash", "subject"):
        if row.leaf != frontier.size:
            say = f"留痕树第 {frontier.size} 片叶不见了，接着的是第 {row.leaf} 片。"
            report.add("leaf-missing", say, subject=row.subject, entry_id=row.id)
            break
        frontier.append(leaf_hash(row.hash))
        if frontier.size in roots:
            _check_root(report, roots[frontier.size], frontier=frontier)
            seen.add(frontier.root().hex())
        if frontier.size in expected:
            _check_anchored_root(report, expected[frontier.size], frontier=frontier)
        if frontier.size % ROWS_AT_ONCE == 0:
            tell(frontier.size)
    report.leaves, report.root = frontier.size, frontier.root().hex()
    _check_tree_end(report, roots=roots, expected=expected)
    if published and published.strip().lower() not in {*seen, report.root}:
        report.add("root-unknown", f"没有哪一天的树根是 {published[:64]}：公布以后的留痕被改动过，或抄错了。")
    _check_root_story(report, roots={str(root.day): root for root in roots.values()})


def _check_tree_end(report: Report, *, roots: dict[int, Root], expected: dict[int, Anchor]) -> None:
    """A tree that ends before its last root, or before the one that an anchor knows, has lost leaves."""
    if roots and report.leaves < max(roots):
        report.add("leaf-missing", f"最后一个树根有 {max(roots)} 片叶，现有 {report.leaves} 片。")
    for size, anchor in expected.items():
        if report.leaves < size:
            report.add("shorter", f"锚记着 {anchor.day} 的树根有 {size} 片叶，现有 {report.leaves} 片：留痕退回过。")


def _check_anchored_root(report: Report, anchor: Anchor, *, frontier: Frontier) -> None:
    if frontier.root().hex() != anchor.root:
        report.add("root-differs", f"{anchor.day} 的树根与锚所记不符：当日或之前的留痕被改动过。")


def _check_root(report: Report, root: Root, *, frontier: Frontier) -> None:
    if frontier.root() != root.root:
        report.add("root-differs", f"{root.day} 的树根与留痕不符：当日或之前的留痕被改动过。")


def _check_root_story(report: Report, *, roots: dict[str, Root]) -> None:
    """The roots as rows against the roots as the book itself tells them."""
    told = {
        entry.facts["day"]: (entry.facts["size"], entry.facts["root"])
        for entry in Entry.objects.filter(subject=rules.ROOTS_SUBJECT, act=rules.SEALING_ACT)
    }
    stored = {day: (root.size, root.root.hex()) for day, root in roots.items()}
    for day in sorted(told.items() ^ stored.items()):
        report.add("root-altered", f"{day[0]} 的树根与留痕所记不一致：被改动或删除。", subject=rules.ROOTS_SUBJECT)
