"""Reading the forms of a joint meeting: who came, and what was decided on each matter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from youying.faces.desk.matter.reading import keep_files
from youying.faces.shared.days import read_moment
from youying.kernel.viewers import Viewer
from youying.matters.actions import Came, Decision

OTHERS = "others"
LINES = 4
"""How many stages one form takes of a matter."""


def came_of(posted: MultiValueDict[str, str], units: list[tuple[int, str]]) -> list[Came]:
    """Who came: the names beside each unit that was invited, and those of no unit; separated by 、or commas."""
    said = [(unit, posted.get(f"came-{unit}", "")) for unit, _title in units]
    lines = [*said, (None, posted.get(OTHERS, ""))]
    return [Came(unit, name) for unit, text in lines for name in _names(text or "")]


def _names(text: str) -> list[str]:
    for mark in "，,；; ":
        text = text.replace(mark, "、")
    return [name for one in text.split("、") if (name := one.strip())]


def decisions_of(posted: MultiValueDict[str, str], numbers: list[str], *, there: Any) -> dict[str, Decision]:
    """What was decided on each matter; the units and the date only where somebody is to see to it now."""
    return {number: _decision(posted, number, there) for number in numbers}


def _decision(posted: MultiValueDict[str, str], number: str, there: Any) -> Decision:
    def said(name: str) -> str:
        return (posted.get(f"{name}-{number}") or "").strip()

    assign: dict[str, Any] = {}
    if said("unit"):
        assign["unit"] = said("unit")
        joint = [one for one in posted.getlist(f"joint-{number}") if one and one != said("unit")]
        assign |= {"joint": tuple(joint)} if joint else {}
        assign |= {"scheme": said("scheme")} if said("scheme") else {}
        if said("due"):
            assign["due_at"] = read_moment(said("due"), field="due", there=there)
    return Decision(said("solving") or "joint", said("scheme"), assign, _stages(posted, number, there))


def _stages(posted: MultiValueDict[str, str], number: str, there: Any) -> list[dict[str, Any]]:
    """The stages in which a matter is solved: what, by whom, until when; each after the one before it where so ticked."""
    found: list[dict[str, Any]] = []
    for n in range(1, LINES + 1):
        title, unit, due = (posted.get(f"stage-{n}-{what}-{number}", "").strip() for what in ("title", "unit", "due"))
        if not (title or unit or due):
            continue
        stage: dict[str, Any] = {"title": title} | ({"unit": unit} if unit else {})
        if due:
            stage["due_at"] = read_moment(due, field="due", there=there)
        if found and posted.get(f"in-order-{number}"):
            stage["after"] = [found[-1]["title"]]
        found.append(stage)
    return found


def photos_of(request: HttpRequest, viewer: Viewer) -> list[str]:
    """The photographs of the meeting, taken in."""
    return keep_files(request.FILES, "uploads", viewer)
