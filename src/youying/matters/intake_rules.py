"""What a new matter must bring: a known channel and category, words of a sensible length, a moment that can be true."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.packs.compiled import CompiledLoop, choose_loop
from youying.packs.edition import Edition

WORDS_LEAST, WORDS_MOST = 2, 5000
TITLE_MOST = 40
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ReporterIn:
    """One reporting person as a channel hands it over; `secret` is the look-up secret in clear, kept only as a hash."""

    name: str = ""
    phone: str = ""
    address: str = ""
    protected: bool = False
    secret: str = ""


@dataclass(frozen=True, slots=True)
class NeedIn:
    """One need as a channel hands it over; `loop` names the one that a menu asks for.

    `category_guess` is what the words alone suggested and `category_share` how sure that was, in percent;
    `category_by` says who chose the category: "person" (an officer), "reporter", "import" or "machine".
    `sheet` holds the items of the loop's own sheet that came with the need.
    """

    kind: str
    text: str
    channel: str
    external_id: str | None = None
    category: str = ""
    category_why: str = ""
    category_guess: str = ""
    category_share: int = 0
    category_by: str = "person"
    urgency: str = ""
    title: str = ""
    reporters: tuple[ReporterIn, ...] = ()
    uploads: tuple[str, ...] = ()
    place_why: str = ""
    given_due: date | datetime | None = None
    parent_id: int | None = None
    reporter_count: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    sheet: dict[str, Any] = field(default_factory=dict)
    loop: str = ""


def read_words(text: str) -> str:
    """The need in words: cleaned, not empty, not a book."""
    return clean_text(text, least=WORDS_LEAST, most=WORDS_MOST, field="text")


def refuse_moment(at: datetime, *, now: datetime) -> None:
    """Refuse a moment of report that cannot be true."""
    if at > now + AHEAD:
        raise Refused("future", say="登记时间在将来，请核对日期。", have=at.isoformat(), field="at")
    if at < EARLIEST:
        raise Refused("too-old", say="登记时间早于1990年，请核对日期。", have=at.isoformat(), field="at")


def find_channel(edition: Edition, code: str) -> str:
    """The channel's code; refused where the street has no such channel."""
    channels = edition.pack.channel
    if code not in channels:
        named = "、".join(c.title for c in channels.values())
        raise Refused(
            "unknown-channel", say=f"没有“{code[:40]}”这个渠道。可用的有：{named}。", have=code, field="channel"
        )
    return code


def find_urgency(edition: Edition, code: str) -> str:
    """The urgency's code, empty where none was chosen."""
    known = edition.pack.values.get("urgency", {})
    if code and code not in known:
        named = "、".join(known.values())
        raise Refused("unknown-urgency", say=f"紧急程度请选：{named}。", have=code, field="urgency")
    return code


def find_loop(edition: Edition, kind: str, facts: dict[str, Any], *, named: str = "") -> CompiledLoop:
    """The loop that a new matter of this kind takes, unless one is named."""
    loop = edition.loops.get(named) or choose_loop(edition.loops.values(), kind, facts, params=edition.params)
    if loop is None:
        kinds = "、".join(sorted({loop.title for loop in edition.loops.values()}))
        raise Refused("unknown-kind", say=f"本地机制包没有办这类事项的流程。现有：{kinds}。", have=kind, field="kind")
    return loop
