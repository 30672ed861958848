"""How far the book had come when it was last looked at, kept outside the database, so that a shortened book shows.

The file `anchor.json` in YOUYING_HOME only ever moves on. Its proof is made with the head key; a copy that somebody
keeps elsewhere needs none.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.db.models import Count, Max

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.sealing import hmac_of
from youying.record.keys import ring
from youying.record.models import Entry, Root

FORMAT = "youying-anchor-1"
FILE = "anchor.json"


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries there were up to the last one, which that was, and the last root; hashes in hex."""

    format: str = FORMAT
    made_at: datetime
    entries: int
    last_id: int
    last_hash: str
    size: int
    root: str
    day: str
    proof: str = ""


def path() -> Path:
    """Where this installation keeps its anchor."""
    return Path(settings.YOUYING_HOME) / FILE


def held() -> Anchor | None:
    """The anchor of this installation; none where none was made yet, refused where it is not one."""
    return read(path()) if path().exists() else None


def read(file: Path) -> Anchor:
    """An anchor out of a file, as `to_text` wrote it."""
    try:
        anchor = msgspec.json.decode(file.read_bytes(), type=Anchor)
    except (OSError, msgspec.DecodeError):
        raise Refused("anchor-unreadable", say=f"{file} 不是留痕锚，或读不出来。", have=str(file)) from None
    if anchor.format != FORMAT:
        raise Refused("anchor-unreadable", say=f"{file} 是另一个版本写的锚。", have=anchor.format)
    return anchor


def to_text(anchor: Anchor) -> str:
    """An anchor as it is kept and handed out."""
    return msgspec.json.format(msgspec.json.encode(anchor), indent=2).decode() + "\n"


def is_ours(anchor: Anchor) -> bool:
    """Whether the proof was made with a head key that we hold."""
    key_id, _, proof = anchor.proof.partition(":")
    try:
        key = ring().by_id(key_id)
    except Refused:
        return False
    return hmac.compare_digest(proof, hmac_of(key, _message(anchor)).hex())


def keep(*, accepting: bool = False) -> Anchor:
    """Move the anchor on to where the book stands now; refused where the book is shorter, unless that is accepted."""
    with _alone():
        before = held()
        if before is not None and not accepting and (said := shorter_than(before)):
            raise Refused("book-shorter", say=said, have=Entry.objects.count(), need=before.entries)
        fresh = current()
        _put(to_text(fresh))
    return fresh


def current() -> Anchor:
    """Where the book stands now, with its proof."""
    counted = Entry.objects.aggregate(entries=Count("id"), last=Max("id"))
    last = Entry.objects.filter(id=counted["last"]).values_list("hash", flat=True).first()
    root = Root.objects.order_by("-day").first()
    bare = Anchor(
        made_at=now(),
        entries=counted["entries"],
        last_id=counted["last"] or 0,
        last_hash=last.hex() if last else "",
        size=root.size if root else 0,
        root=root.root.hex() if root else "",
        day=str(root.day) if root else "",
    )
    key = ring().current("head")
    return msgspec.structs.replace(bare, proof=f"{key.key_id}:{hmac_of(key, _message(bare)).hex()}")


def shorter_than(anchor: Anchor) -> str:
    """What is missing of the entries that an anchor counted, in a sentence; empty where all are there."""
    there = Entry.objects.filter(id__lte=anchor.last_id).count()
    if there < anchor.entries:
        return (
            f"留痕比锚说的短：{anchor.made_at:%Y-%m-%d %H:%M}（UTC）时有 {anchor.entries} 条，其中现在只剩 {there} 条。"
            "末尾被删，或整库退回到了更早的时候。"
        )
    last = Entry.objects.filter(id=anchor.last_id).values_list("hash", flat=True).first()
    if anchor.entries and (last is None or last.hex() != anchor.last_hash):
        return f"锚记着的最后一条（{anchor.last_id}）不是现在的这一条：末尾被删后另写过。"
    return ""


def _message(anchor: Anchor) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(anchor, proof=""))


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes of this machine from moving the anchor meanwhile."""
    with path().with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _put(text: str) -> None:
    """Write the whole file aside and rename it, so that a killed process leaves the old one or the new one."""
    aside = path().with_suffix(".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path())
