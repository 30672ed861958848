"""A draw that anybody can check: RFC 3797 (publicly verifiable nominations committee random selection).

The sources of randomness are announced before they are known (a lottery's numbers of a coming day, say); afterwards
everybody gets the same places from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from youying.kernel.refusals import Refused

MOST_CANDIDATES = 65_535


class Pick(NamedTuple):
    """One step of a draw: the MD5 that decided it, and the candidate's number in the published list (from 1)."""

    md5: str
    chosen: int


def draw_key(sources: Iterable[Sequence[int] | int | str]) -> str:
    """The key string of RFC 3797 section 4.2: numbers of a source in order, each with ".", each source closed by "/"."""
    return "".join(_source(source) + "/" for source in sources)


def draw(key: str, *, pool: int, count: int) -> list[Pick]:
    """Draw `count` of the candidates 1 to `pool`; the order of the published list must stand before the sources do."""
    if not 1 <= pool <= MOST_CANDIDATES or not 0 <= count <= pool:
        raise Refused(
            "draw-impossible",
            say=f"名单上有{pool}个，抽不出{count}个；名单最多{MOST_CANDIDATES}个。",
            have=pool,
            need=count,
        )
    left = list(range(1, pool + 1))
    picks = []
    for index in range(count):
        mark = index.to_bytes(2, "big")
        md5 = hashlib.md5(mark + key.encode() + mark, usedforsecurity=False).hexdigest().upper()
        picks.append(Pick(md5, left.pop(int(md5, 16) % len(left))))
    return picks


def _source(source: Sequence[int] | int | str) -> str:
    if isinstance(source, int):
        return f"{source}."
    if isinstance(source, str):
        return f"{''.join(letter for letter in source.upper() if letter.isascii() and letter.isalnum())}."
    return "".join(f"{number}." for number in sorted(source))
