"""What changed between two editions, key by key, in plain Chinese."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from youying.packs.chinese import Namer, value_in_words
from youying.packs.edition import Edition
from youying.packs.shape import dotted, leaves


@dataclass(frozen=True)
class Change:
    """One key that differs; `old` is None for a new key, `new` is None for one taken away."""

    key: str
    old: Any
    new: Any
    say: str


def diff(old: Edition, new: Edition) -> list[Change]:
    """All differences of two editions, in the order of the newer one, removed keys last."""
    before, after = _values(old), _values(new)
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(key, before.get(key), after.get(key), _say(key, before.get(key), after.get(key), old=old, new=new))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _values(edition: Edition) -> dict[str, Any]:
    merged = json.loads(edition.canonical)["edition"]
    return {dotted(path): value for path, value in leaves(merged) if path[0] != "beyond"}


def _say(key: str, before: Any, after: Any, *, old: Edition, new: Edition) -> str:
    if after is None:
        named = Namer(old.pack)
        return f"去掉{named.key(key)}（原为{value_in_words(key, before, named)}）。"
    named = Namer(new.pack)
    if before is None:
        return f"新增{named.key(key)}：{value_in_words(key, after, named)}。"
    was = value_in_words(key, before, Namer(old.pack))
    return f"{named.key(key)}由{was}改为{value_in_words(key, after, named)}。"
