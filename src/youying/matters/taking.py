"""Who may take a matter: the units and the directory's row as the rules of a dispatch read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from youying.access.models import Unit
from youying.editions.queries import directory_suggestion
from youying.editions.rules import Suggestion
from youying.matters.directory_rules import Taker
from youying.matters.models import Matter


def taker(unit: Unit, kinds: Mapping[str, Any]) -> Taker:
    """A unit with the words of the place for its type."""
    kind = kinds.get(unit.kind)
    return Taker(
        unit.pk,
        unit.code,
        unit.title,
        unit.kind,
        unit.reach,
        kind.title if kind else "",
        (kind.at or "") if kind else "",
    )


def row_for(matter: Matter, category: str = "", at: datetime | None = None) -> Suggestion | None:
    """What the directory says for the category that the matter has or is to have."""
    code = category or matter.category
    return directory_suggestion(matter.area_path, code, at) if code else None
