"""The panel in which a step's form stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from youying.access.queries import viewer_for
from youying.faces.desk.matter.choices import directory_says
from youying.faces.desk.matter.conflicts import standing
from youying.faces.desk.matter.forms import fields_of
from youying.faces.desk.matter.frames import Frame
from youying.faces.desk.matter.reading import Filled
from youying.matters.queries import Possible


def panel_of(request: HttpRequest, matter: Any, can: Iterable[Possible]) -> dict[str, Any] | None:
    """The panel that the address asks for, where that step is open; for pages without script."""
    wanted = request.GET.get("act", "")
    acts = tuple(can)
    possible = next((act for act in acts if act.id == wanted), None)
    if possible is None:
        return None
    return panel(Frame(viewer_for(request), matter, possible, acts, request.GET.dict()))


def panel(frame: Frame, *, filled: Filled | None = None, conflict: list[Any] | None = None) -> dict[str, Any]:
    """Everything the form of a step needs to be drawn."""
    fields = fields_of(frame)
    given: Mapping[str, Any] = filled.shown if filled else frame.given
    said = directory_says(frame) if any(one.name == "unit" for one in fields) and not frame.possible.house else None
    return {
        "act": frame.possible,
        "number": frame.matter.number,
        "version": frame.matter.version,
        "fields": fields,
        "filled": {one.name: given.get(one.name) or one.value for one in fields},
        "labels": {one.name: one.label for one in fields},
        "errors": filled.errors if filled else {},
        "kept": filled.kept if filled else {},
        "suggested": said,
        "conflict": conflict,
        "standing": standing(frame.matter, fields, filled) if conflict and filled else {},
    }
