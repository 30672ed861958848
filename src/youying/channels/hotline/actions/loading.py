"""The rows of an import come in: five hundred a transaction, each batch once, however often the job starts anew."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db.models import F

from youying.access.queries import posts_of, viewer_of
from youying.channels.hotline import alike, reading
from youying.channels.hotline.actions import known
from youying.channels.hotline.marks import in_their_channel
from youying.channels.hotline.meanings import Meanings, label_of
from youying.channels.hotline.models import Alike, Batch, Finding, Import
from youying.channels.hotline.repeats import Firsts
from youying.channels.hotline.rules import Fault, Reader, Row, target_finding
from youying.editions.queries import param
from youying.files.queries import as_stream
from youying.jobs.actions import once
from youying.kernel.masking import mask_text
from youying.kernel.moments import now, zone
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters.actions import Told, open_many
from youying.matters.queries import Filters, filtered
from youying.record.actions import write
from youying.record.acts import act, unchanged
from youying.text.actions import add_category
from youying.text.duplicates import similarity
from youying.text.queries import taxonomy

ROWS_AT_ONCE = 500
MOST_FINDINGS_LINE = 5
MOST_ALIKE = 2_000
SELDOM = (50_000, 20, 100)
"""How many new objects pass between two looks of the collector, and how many looks between two deeper ones."""
Watch = Callable[[int, int, str], None]


@dataclass(slots=True)
class Portion:
    """One batch in the making."""

    number: int
    rows: list[tuple[int, list[Any]]]
    told: list[tuple[Row, Told]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: int = 0
    again: int = 0
    followed: int = 0


class Loader:
    """Everything that all batches of one import share."""

    def __init__(self, row: Import, *, by: Viewer, titles: list[str]) -> None:
        """Read the mapping and what the street has."""
        self.of, self.by = row, by
        self.reader = Reader(titles, row.columns, zone(row.settings["zone"]), at=now())
        self.meanings = Meanings(by, row.area_path, kind=row.kind, labels=row.labels, settings=row.settings)
        self.firsts = Firsts(self.reader)

    def remember(self, portion: Portion) -> None:
        """Remember the numbers of rows that came in before the job was started anew."""
        for line, cells in portion.rows:
            self.firsts.judge(line, cells)

    def read(self, portion: Portion) -> None:
        """Read the rows of a batch; what cannot come in becomes a finding."""
        for line, cells in portion.rows:
            first = self.firsts.judge(line, cells)
            row = self.reader.read(line, cells) if first is None else first
            told = self.meanings.told(row) if isinstance(row, Row) else row
            if isinstance(told, Told) and isinstance(row, Row):
                portion.told.append((row, told))
                found = target_finding(row, None if row.on_time is None else self.meanings.due_at(told))
                portion.findings += [self.finding(line, found[0], Fault("", found[1]))] if found else []
            elif told:
                self.refuse(portion, line, told)
            else:
                portion.again += 1

    def refuse(self, portion: Portion, line: int, faults: Any) -> None:
        """List why a row stays out."""
        portion.refused += 1
        portion.findings += [self.finding(line, "refused", fault) for fault in faults[:MOST_FINDINGS_LINE]]

    def finding(self, line: int, kind: str, fault: Fault) -> Finding:
        """One line of the list; cells are quoted with what is personal masked."""
        column = self.of.columns.get(fault.column, fault.column)
        return Finding(of=self.of, line=line, kind=kind, column=column[:70], say=mask_text(fault.say)[:300])


def load(import_id: int, *, job_id: str = "", watch: Watch = lambda done, total, note: None) -> Import:
    """Bring the rows of an import in, a batch a transaction; started anew it goes on where it stopped."""
    row = Import.objects.get(pk=import_id)
    by = _actor(row)
    with seldom_collected(), closing(as_stream(SYSTEM, row.upload)) as stream:
        table = reading.open_table(stream)
        loader = Loader(row, by=by, titles=table.titles)
        held = set(Batch.objects.filter(of=row).values_list("number", flat=True))
        done = 0
        for portion in _portions(table.rows):
            done += len(portion.rows)
            if portion.number in held:
                loader.remember(portion)
                continue
            loader.read(portion)
            _load_batch(loader, portion, by=by, job_id=job_id)
            watch(done, max(table.total, done), f"第{portion.rows[-1][0]}行")
    watch(done, done, "找相近的诉求")
    return finish(import_id, by=by)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector look for rings less often: a batch makes tens of thousands of rows that live until it is written."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _actor(row: Import) -> Viewer:
    """Whoever asked, in the post they asked from; refused when the post has ended."""
    if row.post_id is None or row.account_id is None:
        return SYSTEM
    post = posts_of(row.account_id).filter(pk=row.post_id).first()
    if post is None:
        raise Refused("post-ended", say="发起导入的岗位已经结束，请由在岗的同事重新导入。", have=row.post_id)
    return viewer_of(post)


def _portions(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[Portion]:
    number = 0
    while some := list(islice(rows, ROWS_AT_ONCE)):
        number += 1
        yield Portion(number, some)


@act("hotline.load-batch", power="import")
def _load_batch(loader: Loader, portion: Portion, *, by: Viewer, job_id: str) -> None:
    """One batch: matters with all that hangs on them, findings, counts and the step of the job, or nothing."""
    of = loader.of
    if job_id and not once(job_id, f"batch-{portion.number}"):
        unchanged()
        return
    if of.settings.get("categories") == "make":
        portion.told = [(row, _made_category(row, told, by=by)) for row, told in portion.told]
    told = in_their_channel(loader.meanings.guess_categories([one for _, one in portion.told]))
    met = _met(loader, portion, told, by=by)
    opened = [one for one in met if not one.outcome.again]
    _know_again(loader, portion, [one for one in met if one.outcome.again], known.remember(opened), by=by)
    sign = alike.signature(one.row.words for one in opened)
    keys = [one.outcome.matter.pk for one in opened]
    Batch.objects.create(of=of, number=portion.number, matters=keys, bands=sign)
    Finding.objects.bulk_create(portion.findings)
    counts = {
        "rows": len(portion.rows),
        "opened": len(opened),
        "again": portion.again,
        "followed": portion.followed,
        "refused": portion.refused,
    }
    Import.objects.filter(pk=of.pk).update(**{name: F(name) + n for name, n in counts.items()})
    write(of.subject, "hotline.load-batch", by=by, facts={"batch": portion.number, **counts})


def _met(loader: Loader, portion: Portion, told: list[Told], *, by: Viewer) -> list[known.Met]:
    """Open the rows that are new; what the matters refuse becomes a finding."""
    met: list[known.Met] = []
    outcomes = open_many(told, by=by, origin=f"导入{loader.of.pk}")
    for (row, _), need, outcome in zip(portion.told, told, outcomes, strict=True):
        if isinstance(outcome, Refused):
            loader.refuse(portion, row.line, [Fault(outcome.field or "", outcome.say)])
        else:
            met.append(known.Met(row, need, outcome))
    return met


def _know_again(loader: Loader, portion: Portion, again: list[known.Met], fresh: Any, *, by: Viewer) -> None:
    """Rows whose number is in already: nothing for the same again, the news of it taken, another need listed."""
    held = known.held(again, fresh)
    for one in again:
        news = known.follow(one, held.get(one.outcome.matter.pk), by=by, origin=f"导入{loader.of.pk}")
        if isinstance(news, Fault):
            loader.refuse(portion, one.row.line, [news])
        elif news:
            portion.followed += 1
        else:
            portion.again += 1


def _made_category(row: Row, told: Told, *, by: Viewer) -> Told:
    """A category of the street's own under the source's label, made when it is first met."""
    if told.need.category or not row.labels:
        return told
    label = label_of(row)
    code = "local-" + hashlib.blake2b(label.encode(), digest_size=6).hexdigest()
    if code not in taxonomy().categories:
        add_category(code, title=row.labels[-1][:40], by=by, words=[])
    return replace(told, need=replace(told.need, category=code))


@act("hotline.finish-import", power="import")
def finish(import_id: int, *, by: Viewer) -> Import:
    """Say that all rows are in, and list the pairs that say nearly the same; done again it changes nothing."""
    row = Import.objects.select_for_update().get(pk=import_id)
    if row.state == "done":
        unchanged()
        return row
    pairs = _alike(row)
    Alike.objects.bulk_create(pairs, ignore_conflicts=True)
    row.state, row.finished_at, row.alike = "done", now(), len(pairs)
    row.save(update_fields=["state", "finished_at", "alike"])
    counts = {name: getattr(row, name) for name in ("rows", "opened", "again", "followed", "refused", "alike")}
    write(row.subject, "hotline.finish-import", by=by, facts=counts)
    return row


def _alike(row: Import) -> list[Alike]:
    """The pairs at or above the street's own likeness, likest first."""
    least = float(
        param(
            Meanings(SYSTEM, row.area_path, kind=row.kind, labels={}, settings={}).edition,
            row.area_path,
            "duplicate-likeness",
        )
    )
    parts = ((batch.matters, bytes(batch.bands)) for batch in Batch.objects.filter(of=row).order_by("number"))
    found: list[Alike] = []
    pairs = alike.candidates(parts)
    while some := list(islice(pairs, ROWS_AT_ONCE)):
        keys = {key for pair in some for key in pair}
        words = dict(filtered(SYSTEM, Filters(state="all")).filter(pk__in=keys).values_list("pk", "words"))
        scored = [(one, other, similarity(words[one], words[other])) for one, other in some]
        found += [Alike(of=row, one_id=a, other_id=b, percent=round(s * 100)) for a, b, s in scored if s >= least]
    return sorted(found, key=lambda pair: (-pair.percent, pair.one_id))[:MOST_ALIKE]
