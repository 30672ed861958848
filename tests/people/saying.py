"""A library pack with some keys said otherwise, as tests of its words need it."""

from __future__ import annotations

from typing import Any

from youying.packs.edition import Edition, build_edition
from youying.packs.source import library, with_value


def edition(code: str = "m35", **said: Any) -> Edition:
    """The edition of a library pack with keys changed: `register__volunteer__enter=[…]` says register.volunteer.enter."""
    raw = library()[code]
    for key, value in said.items():
        raw = with_value(raw, key=key.replace("__", "."), value=value)
    return build_edition(raw, library())
