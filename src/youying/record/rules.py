"""How an entry is written down and hashed, what a head vouches for, when a failed delivery is tried again."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msgspec

from youying.kernel.normal_forms import is_id_number
from youying.kernel.refusals import Refused
from youying.kernel.sealing import KeyRing, hmac_of

ENCODING = "youying-entry-1"
HEAD_ENCODING = "youying-head-2"
SERIES_PREFIX = "series:"
SERIES_OF_SERIES = "series"
NO_HASH = bytes(32)
ERASING_ACT = "record.erase"
SEALING_ACT = "record.seal-day"
ROOTS_SUBJECT = "record:roots"
KEYS_SUBJECT = "record:keys"
ANCHORS_SUBJECT = "record:anchors"
MOST_TRIES = 8
FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 3600
TELLING_NAMES = frozenset(
    {"phone", "mobile", "id_number", "id_card", "reporter_name", "person_name", "电话", "身份证号"}
)

_encoder = msgspec.json.Encoder(order="sorted", decimal_format="string")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86)?1[3-9][0-9]{9}(?![0-9A-Za-z])")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_REASON_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True)
class Line:
    """All that the hash of one entry covers; `facts` is the canonical text."""

    subject: str
    seq: int
    at: datetime
    act: str
    actor_kind: str
    account_id: int | None
    post_id: int | None
    post_code: str
    unit_id: int | None
    origin: str
    facts: str
    sealed: bytes | None
    prev: bytes


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts as the one JSON text that stands for them: keys sorted, no white space, exact decimals as strings."""
    return _encoder.encode(facts).decode()


def entry_hash(line: Line) -> bytes:
    """SHA-256 over the canonical array of the entry; the sealed part goes in as the digest of its ciphertext."""
    sealed = "" if line.sealed is None else hashlib.sha256(line.sealed).hexdigest()
    return hashlib.sha256(
        _encoder.encode(
            [
                ENCODING,
                line.subject,
                line.seq,
                moment_text(line.at),
                line.act,
                line.actor_kind,
                line.account_id,
                line.post_id,
                line.post_code,
                line.unit_id,
                line.origin,
                line.facts,
                sealed,
                line.prev.hex(),
            ]
        )
    ).digest()


def moment_text(moment: datetime) -> str:
    """A moment in UTC to the microsecond, always in the same 27 characters."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Vouched(Protocol):
    """What a head says of its subject, and its proof therefore covers."""

    @property
    def subject(self) -> str:
        """Whose chain it is."""

    @property
    def series(self) -> str:
        """The series that counted it."""

    @property
    def serial(self) -> int:
        """Its number in the series."""

    @property
    def count(self) -> int:
        """How many entries there are."""

    @property
    def hash(self) -> bytes:
        """The hash of the last entry."""

    @property
    def data_key(self) -> bytes | None:
        """The wrapped key of the sealed values."""

    @property
    def erased_at(self) -> datetime | None:
        """When that key was destroyed."""


def head_mac(ring: KeyRing, head: Vouched) -> bytes:
    """What proves that a head was written by somebody who holds the head key; the key's id stands in front."""
    key = ring.current("head")
    return key.key_id.encode() + b"\0" + hmac_of(key, _head_message(head))


def head_mac_holds(ring: KeyRing, mac: bytes, head: Vouched) -> bool:
    """Whether the head was written with a head key that we hold; an unknown key is refused with `key-unknown`."""
    key_id, _, proof = mac.partition(b"\0")
    key = ring.by_id(key_id.decode("utf-8", "replace"))
    return hmac.compare_digest(proof, hmac_of(key, _head_message(head)))


def _head_message(head: Vouched) -> bytes:
    erased = moment_text(head.erased_at) if head.erased_at else ""
    counted = [head.subject, head.series, head.serial, head.count, head.hash.hex()]
    return _encoder.encode([HEAD_ENCODING, *counted, (head.data_key or b"").hex(), erased])


def series_of(subject: str, series: str) -> str:
    """The series a subject is counted in: the one given, else its kind (the part before the colon)."""
    return series or subject.partition(":")[0]


def bound_to_entry(subject: str, seq: int) -> bytes:
    """What ties the sealed part of an entry to its place."""
    return b"entry\0" + subject.encode() + b"\0" + str(seq).encode()


def bound_to_value(subject: str) -> bytes:
    """What ties a value sealed for a subject to that subject."""
    return b"value\0" + subject.encode()


def personal_values(facts: Mapping[str, Any] | str) -> list[str]:
    """What in the facts looks personal: mobile and ID numbers, and keys that name such a value."""
    text = facts if isinstance(facts, str) else facts_text(facts)
    found = [hit.group() for hit in _MOBILE.finditer(text)]
    found += [hit.group() for hit in _ID_NUMBER.finditer(text) if is_id_number(hit.group().upper())]
    return found + [name for name in TELLING_NAMES if f'"{name}":' in text]


def check_reason_code(reason: str) -> None:
    """Refuse a reason in free words, which could name somebody: it stands in the open part of an entry."""
    if not _REASON_CODE.fullmatch(reason):
        say = "原因请用代码写：小写字母、数字和横线，例如 asked（本人要求）、retention（保存期满）。"
        raise Refused("reason-not-a-code", say=say, have=reason[:40], field="reason")


def pause_after(tries: int) -> timedelta:
    """How long to wait after the n-th failed try: 10 s, doubled each time, at most an hour."""
    return timedelta(seconds=min(FIRST_PAUSE_SECONDS * 2 ** (tries - 1), LONGEST_PAUSE_SECONDS))


def is_stuck(tries: int) -> bool:
    """Whether a person has to look: the tries are used up."""
    return tries >= MOST_TRIES
