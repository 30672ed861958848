"""Which completion a photo belongs to, where a matter went back to work and was completed more than once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from youying.faces.shared.words import in_english
from youying.matters import queries

NUMERALS = "一二三四五六七八九十"
OF_A_COMPLETION = frozenset({"before", "after"})
"""The roles of photos that are handed in with a completion."""


def completions(matter: Any) -> list[datetime]:
    """When a matter that went back to work was completed, oldest first; empty where there was one round only."""
    return [line.at for line in queries.story(matter) if line.verb == "complete"] if matter.reworks else []


def round_of(uploaded_at: datetime, completed: Sequence[datetime]) -> int:
    """The round in which a photo was handed in, from 1: it comes before the completion that it belongs to."""
    return 1 + sum(at < uploaded_at for at in completed)


def round_said(role: str, uploaded_at: datetime, completed: Sequence[datetime]) -> str:
    """Which completion a photo stands for, in words; empty where there is nothing to tell apart."""
    if not completed or role not in OF_A_COMPLETION:
        return ""
    n = min(round_of(uploaded_at, completed), len(completed))
    return _("第%(n)s次办结") % {"n": n if in_english() or n > len(NUMERALS) else NUMERALS[n - 1]}
