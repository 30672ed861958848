"""The fields by which a step lists parts: who sees to each that always recurs, and a few lines for more of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from youying.faces.desk.matter.frames import Field, Frame
from youying.faces.shared.house_words import told
from youying.matters import queries

FIXED, MORE = "part-", "more-"
LINES = 3
"""How many further parts one form takes; the step may be taken again where the pack allows it."""


def fields(frame: Frame) -> list[Field]:
    """Which unit sees to each part where several may, and lines for further parts where the pack lets them be listed."""
    if frame.step is None:
        return []
    choices = queries.part_choices(frame.matter, frame.step.id)
    fixed = [
        Field(
            f"{FIXED}{one.code}", "select", _("“%(title)s”由谁办") % {"title": told(one.title)}, options=one.units,
            value=str(one.units[0][0]),
        )
        for one in choices
        if len(one.units) > 1
    ]  # fmt: skip
    return fixed + (_more(frame) if frame.step.id in frame.loop.adds_parts else [])


def _more(frame: Frame) -> list[Field]:
    units = tuple((one.id, one.title) for one in queries.units_for(frame.matter))
    made = []
    for n in range(1, LINES + 1):
        said = {"n": n}
        made += [
            Field(f"{MORE}{n}-title", "text", _("任务 %(n)s：做什么") % said, needed=False),
            Field(f"{MORE}{n}-unit", "select", _("任务 %(n)s：谁来办") % said, needed=False, options=units),
            Field(f"{MORE}{n}-due_at", "moment", _("任务 %(n)s：最晚什么时候") % said, needed=False),
        ]
    return made


def gathered(data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form with what it says of parts as the step reads it."""
    rest = {name: value for name, value in data.items() if not name.startswith((FIXED, MORE))}
    parts = [{"code": name.removeprefix(FIXED), "unit": unit} for name, unit in data.items() if name.startswith(FIXED)]
    for n in range(1, LINES + 1):
        line = {key: data[name] for key in ("title", "unit", "due_at") if (name := f"{MORE}{n}-{key}") in data}
        parts += [line] if line else []
    return {**rest, "parts": parts} if parts else rest
