"""Two people at one matter: what the others did, what the second one wrote, and where those words may go now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from youying.editions.queries import edition_by_digest
from youying.faces.desk.matter import showing
from youying.faces.desk.matter.buttons import Button, in_order
from youying.faces.desk.matter.forms import fields_of
from youying.faces.desk.matter.frames import Field, Frame, frame_of
from youying.faces.desk.matter.reading import Filled, kept_files, read
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.matters.queries import Possible
from youying.matters.queries.telling import particulars
from youying.sheets.value_rules import field_of
from youying.text.queries import category_title

WRITTEN = ("note", "words", "scheme")
"""The fields of any form that hold a person's own sentences."""
CARRY = "carry"
"""What a form says when its words are only to be taken over into another step's form."""


@dataclass(slots=True)
class Typed:
    """What a form held when it came too late: sentences, choices in words, the rest to send along, photos kept."""

    texts: list[tuple[str, str, str]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    photos: int = 0


def since(viewer: Viewer, matter: Any, version: int) -> list[dict[str, Any]]:
    """What was done since a form was opened, newest first, each with what it made of the matter's facts."""
    lines = queries.story(matter)
    held = lines[-max(1, matter.version - version) :]
    entries = showing.story(held, "all", more=particulars(viewer, matter, lines))
    urgencies = edition_by_digest(matter.edition_id).pack.values.get("urgency", {})
    for line, entry in zip(reversed(held), entries, strict=True):
        parts = (*_changed(line.facts.get("change", {}), urgencies), entry["words"])
        entry["words"] = "；".join(part for part in parts if part)
    return entries


def _changed(change: dict[str, Any], urgencies: dict[str, str]) -> list[str]:
    """The changed facts that a form can also hold, in words: title, category, urgency."""
    said = []
    for name, label, words in (
        ("title", _("标题"), str),
        ("category", _("事项分类"), category_title),
        ("urgency", _("紧急程度"), lambda code: urgencies.get(code, code)),
    ):
        now_is = change.get(name, [None, None])[1]
        if now_is:
            said.append(_("%(what)s改成“%(now)s”") % {"what": label, "now": words(now_is)})
    return said


def typed_of(request: HttpRequest, viewer: Viewer, matter: Any, act_id: str) -> Typed:
    """Everything that was filled into a step's form, though the step is closed by now."""
    frame = _as_if_open(viewer, matter, act_id)
    typed = Typed()
    for one in fields_of(frame):
        if one.kind == "photos":
            tokens, _refused = kept_files(request, one, viewer)
            typed.photos += len(tokens)
            typed.hidden += [(f"{one.name}-kept", token) for token in tokens]
        elif one.kind == "sheet":
            _keep_sheet(typed, one, request)
        else:
            _sort_in(typed, one, [raw for raw in request.POST.getlist(one.name) if raw.strip()])
    _keep_homeless(typed, request)
    return typed


def _keep_sheet(typed: Typed, one: Field, request: HttpRequest) -> None:
    """Every item of a sheet that was typed, as a sentence of its own, and the uploads with it."""
    for code, item in one.options[0].items.items():
        name = field_of(code)
        typed.texts += [(name, item.title, raw) for raw in request.POST.getlist(name) if raw.strip()]


def _keep_homeless(typed: Typed, request: HttpRequest) -> None:
    """Keep what was carried here from another step, and for which this step's form has no field."""
    held = {name for name, *_more in (*typed.texts, *typed.hidden)}
    said = ((name, request.POST.get(name, "")) for name in WRITTEN if name not in held)
    typed.texts += [(name, _("要记下的话"), raw) for name, raw in said if raw.strip()]
    kept = [(name, raw) for name in request.POST if name.endswith("-kept") for raw in request.POST.getlist(name) if raw]
    typed.hidden += [pair for pair in kept if pair[0] not in held]
    typed.photos += sum(name not in held for name, _raw in kept)


def _sort_in(typed: Typed, one: Field, said: list[str]) -> None:
    if one.name in WRITTEN or one.kind == "area":
        typed.texts += [(one.name, one.label, raw) for raw in said]
        return
    titles = {str(option[0]): str(option[1]) for option in one.options}
    typed.hidden += [(one.name, raw) for raw in said]
    if said:
        typed.choices.append((one.label, "、".join(titles.get(raw, raw.replace("T", " ")) for raw in said)))


def _as_if_open(viewer: Viewer, matter: Any, act_id: str) -> Frame:
    """The frame of a step as it was before the others closed it; only its fields' names and titles are read off it."""
    acts = queries.possible_acts(viewer, matter)
    closed = next((one for one in acts.cannot if one.id == act_id), None)
    frame = Frame(viewer, matter, Possible(act_id, act_id, "", (), house=True), tuple(acts.can))
    step = frame.loop.acts.get(act_id)
    title = closed.title if closed else ""
    if step is None:
        return Frame(viewer, matter, Possible(act_id, act_id, title, (), house=True), tuple(acts.can))
    needs = tuple(need.word for need in step.needs)
    return Frame(viewer, matter, Possible(act_id, step.verb, title, needs), tuple(acts.can))


def ways_on(viewer: Viewer, matter: Any) -> list[Button]:
    """The steps open now into whose form the words can be taken over, the reader's next step first."""
    can = queries.possible_acts(viewer, matter).can
    first = queries.next_step(viewer, matter)
    return [one for one in in_order(can, first) if _has_room(frame_of(viewer, matter, one.act.id, {}))]


def _has_room(frame: Frame) -> bool:
    return any(one.kind == "area" for one in fields_of(frame))


def carried(request: HttpRequest, frame: Frame) -> Filled:
    """Another step's form filled with the words that came too late for theirs; nothing is taken yet."""
    fields = fields_of(frame)
    filled = read(request, frame, fields)
    filled.errors = {}
    areas = [one.name for one in fields if one.kind == "area"]
    homeless = [request.POST.get(name, "") for name in WRITTEN if name not in areas]
    if areas:
        said = [filled.shown.get(areas[0], ""), *homeless]
        filled.shown[areas[0]] = "\n".join(words for words in said if words.strip())
    return filled


def standing(matter: Any, fields: Iterable[Field], filled: Filled) -> dict[str, str]:
    """Of the fields that name a fact of the matter, those where it now is something else than was typed."""
    now_said = {}
    for name in ("title", "category", "urgency"):
        one = next((one for one in fields if one.name == name), None)
        held = getattr(matter, name)
        if one is not None and held and filled.shown.get(name) != held:
            titles = {str(option[0]): str(option[1]) for option in one.options}
            now_said[name] = category_title(held) if name == "category" else titles.get(held, held)
    return now_said


def overtaken(request: HttpRequest, viewer: Viewer, matter: Any, act_id: str, refused: Refused) -> dict[str, Any]:
    """The page for a step that the others closed: why, everything that was typed, and where it may go now."""
    return {
        "matter": matter,
        "refused": refused,
        "typed": typed_of(request, viewer, matter, act_id),
        "ways": ways_on(viewer, matter),
        "carry": CARRY,
    }
