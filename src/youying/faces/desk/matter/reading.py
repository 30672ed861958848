"""Reading what was filled into a step's form, and taking the step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from youying.faces.desk.matter.frames import PACK_PERIOD, Field, Frame
from youying.faces.desk.matter.parting import gathered
from youying.faces.shared.days import read_moment
from youying.faces.shared.sheets import asked_alone, read_sheet, read_signature
from youying.files.actions import take
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.sheets.value_rules import SIGNED

PHOTOS = ("photos", "files")
WITH_FILES = (*PHOTOS, "sheet", "signature")
"""Kinds of fields that are read with their uploads."""
ANSWER = ("contacted", "solved", "satisfaction", "words")


@dataclass(slots=True)
class Filled:
    """A form as it came back: values for the act, values to show again, what is wrong, photos already kept."""

    data: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)


def read(request: HttpRequest, frame: Frame, fields: Iterable[Field]) -> Filled:
    """Read every field; what is needed and missing, or cannot be read, is said beside it."""
    filled = Filled()
    for one in fields:
        if one.kind in WITH_FILES:
            continue
        raw = request.POST.getlist(one.name) if one.kind in ("many", "grouped") else request.POST.get(one.name, "")
        filled.shown[one.name] = raw
        skipped = bool(one.reveal) and request.POST.get("reached") != "yes"
        if not skipped:
            _one(filled, one, raw, frame)
    _photos(request, frame, [one for one in fields if one.kind in PHOTOS], filled)
    _sheets(request, frame, [one for one in fields if one.kind == "sheet"], filled)
    _signature(request, frame, [one for one in fields if one.kind == "signature"], filled)
    return filled


def _one(filled: Filled, one: Field, raw: Any, frame: Frame) -> None:
    if not raw:
        if one.needed:
            filled.errors[one.name] = _("请填写“%(label)s”。") % {"label": one.label.rstrip("？")}
        return
    try:
        filled.data[one.name] = READERS.get(one.kind, _as_it_is)(raw, frame)
    except Refused as refused:
        filled.errors[one.name] = refused.say


def _as_it_is(raw: Any, frame: Frame) -> Any:
    return raw


def _moment(raw: str, frame: Frame) -> datetime:
    return read_moment(raw, field="due_at", there=frame.zone)


READERS: dict[str, Callable[[Any, Frame], Any]] = {
    "moment": _moment,
    "yes-no": lambda raw, frame: raw == "yes",
    "many": lambda raw, frame: tuple(raw),
    "grouped": lambda raw, frame: tuple(raw),
    "period": lambda raw, frame: "" if raw == PACK_PERIOD else raw,
}


def _photos(request: HttpRequest, frame: Frame, fields: Iterable[Field], filled: Filled) -> None:
    """Take the photos in, so that a form sent again still has them; a bad one is said beside its field."""
    for one in fields:
        kept, refused = kept_files(request, one, frame.viewer)
        if refused is not None:
            filled.errors[one.name] = refused.say
        filled.kept[one.name] = kept
        if kept:
            filled.data[one.name] = tuple(kept)


def _sheets(request: HttpRequest, frame: Frame, fields: Iterable[Field], filled: Filled) -> None:
    """Read every sheet of the form; what must be there may be left out where it may come later."""
    for one in fields:
        asked = one.options[0]
        sheet = asked_alone(asked.title, asked.items)
        back = read_sheet(request.POST, request.FILES, sheet, by=frame.viewer, lacking_allowed=asked.later)
        filled.shown[one.name] = back.shown
        filled.errors |= back.errors
        filled.kept |= back.kept
        filled.data[asked.name] = {**filled.data.get(asked.name, {}), **back.values}


def _signature(request: HttpRequest, frame: Frame, fields: Iterable[Field], filled: Filled) -> None:
    for one in fields:
        said, refused = read_signature(request.POST, request.FILES, one.name, by=frame.viewer)
        if refused is not None:
            filled.errors[one.name] = refused.say
        filled.shown[one.name] = said.removeprefix(SIGNED) if said.startswith(SIGNED) else ""
        filled.kept[one.name] = [said] if said and not said.startswith(SIGNED) else []
        if said:
            filled.data[one.name] = said


def kept_files(request: HttpRequest, one: Field, viewer: Viewer) -> tuple[list[str], Refused | None]:
    """The tokens of one field's photos, those kept before and those sent now, and why one of these was not taken."""
    kept = [token for token in request.POST.getlist(f"{one.name}-kept") if token][:12]
    try:
        return kept + keep_files(request.FILES, one.name, viewer), None
    except Refused as refused:
        return kept, refused


def keep_files(files: MultiValueDict[str, Any], name: str, viewer: Viewer) -> list[str]:
    """Take the uploaded files of one field in; their tokens."""
    return [take(file, by=viewer).token for file in files.getlist(name)[:12]]


def perform(frame: Frame, data: Mapping[str, Any], *, version: int | None) -> Any:
    """Take the step; the matter as it stands afterwards."""
    data = gathered(data)
    verb, matter, by = frame.possible.verb, frame.matter, frame.viewer
    if frame.possible.house:
        if "stage" in data:
            data = {**{k: v for k, v in data.items() if k != "stage"}, "stages": {matter.stage: data["stage"]}}
        return HOUSE[frame.possible.id](matter.pk, by, version, dict(data))
    if verb == "merge":
        number = data.get("into_number") or data.get("into")
        if not number:
            raise Refused("bad-merge", say=_("请选一件，或写下编号。"), field="into_number")
        data = {"into": number, "note": data.get("note", "")}
    if verb == "call-back":
        return _call_back(frame, dict(data), version)
    return actions.act(matter.pk, frame.possible.id, by=by, expected_version=version, **data)


def _call_back(frame: Frame, data: dict[str, Any], version: int | None) -> Any:
    """Note the call, and the resident's answer with it where they were reached."""
    answer = {name: data.pop(name) for name in ANSWER if name in data}
    answer |= {"reporter": data["reporter"]} if "reporter" in data else {}
    verdict, pk, step = frame.may_also("verdict"), frame.matter.pk, frame.possible.id
    if verdict is None or not data.get("reached") or "solved" not in answer:
        return actions.act(pk, step, by=frame.viewer, expected_version=version, **data)
    return actions.call_back(
        pk, step, by=frame.viewer, verdict=verdict.id, answer=answer, expected_version=version, **data
    )


House = Callable[[int, Viewer, int | None, dict[str, Any]], Any]
HOUSE: dict[str, House] = {
    "add": lambda pk, by, version, data: actions.add_words(pk, by=by, **data),
    "correct": lambda pk, by, version, data: actions.correct(pk, by=by, expected_version=version, **data),
    "split": lambda pk, by, version, data: actions.split(pk, by=by, expected_version=version, **data).matter,
    "ask-extension": lambda pk, by, version, data: actions.ask_extension(pk, by=by, **data).matter,
    "review-parking": lambda pk, by, version, data: actions.review_parking(pk, by=by, expected_version=version, **data),
    "call-off": lambda pk, by, version, data: actions.call_off(pk, by=by, expected_version=version, **data),
    "exclude": lambda pk, by, version, data: actions.exclude(pk, by=by, expected_version=version, **data),
    "propose-exclusion": lambda pk, by, _version, data: actions.propose_exclusion(pk, by=by, **data).matter,
    "object-exclusion": lambda pk, by, _version, data: actions.object_exclusion(pk, by=by, **data).matter,
    "include": lambda pk, by, version, data: actions.include(pk, by=by, expected_version=version, **data),
    "reopen": lambda pk, by, version, data: actions.reopen(pk, by=by, expected_version=version, **data),
    "reassign": lambda pk, by, version, data: actions.reassign(pk, by=by, expected_version=version, **data),
    "move-edition": lambda pk, by, version, data: actions.move_edition(pk, by=by, expected_version=version, **data),
}
