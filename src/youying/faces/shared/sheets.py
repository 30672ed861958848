"""A sheet as a form of any page: what comes back from it, with every upload kept and every slip beside its field."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from youying.files.actions import take
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.schema_rhythm import Item, Sheet
from youying.sheets.rules import examine
from youying.sheets.value_rules import FILES_MOST, SIGNED, UPLOADED, field_of

SIGNATURE = "signature"
"""The field of a signature that stands in no sheet."""
DRAWN_START = "data:image/png;base64,"
DRAWN_MOST = 1_400_000
"""The longest picture of a signature, as text of the form."""


@dataclass(slots=True)
class ReadSheet:
    """A sheet as it came back: values for the act, values to show again, what is wrong, uploads already kept."""

    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)


def read_sheet(
    post: QueryDict,
    files: MultiValueDict[str, Any],
    sheet: Sheet,
    *,
    by: Viewer,
    lacking_allowed: bool = False,
) -> ReadSheet:
    """Read the fields `sheet.<item>` of a form; files are taken in, so that a form sent again still has them.

    What must be there and is not is said beside its field, unless it may come later.
    """
    read = ReadSheet()
    for code, item in sheet.items.items():
        if item.type in UPLOADED:
            _uploads(read, post, files, code, item, by)
        else:
            read.shown[code] = read.values[code] = post.get(field_of(code), "").strip()
    _filled, wrong = examine(sheet, read.values, lacking_allowed=lacking_allowed)
    read.errors = {field_of(code): refused.say for code, refused in wrong.items()} | read.errors
    read.values = {code: value for code, value in read.values.items() if value}
    return read


def read_signature(
    post: QueryDict, files: MultiValueDict[str, Any], name: str, *, by: Viewer
) -> tuple[str, Refused | None]:
    """A signature of its own field: kept before, drawn, scanned or typed, in this order; and why it was not taken."""
    kept = [token for token in post.getlist(f"{name}-kept") if token][:1]
    try:
        tokens = kept or _taken(post, files, name, by=by)[:1]
    except Refused as refused:
        return "", refused
    typed = post.get(f"{name}-typed", "").strip()
    return (tokens[0] if tokens else f"{SIGNED}{typed}" if typed else ""), None


def sign(
    back: ReadSheet, post: QueryDict, files: MultiValueDict[str, Any], *, by: Viewer, name: str = SIGNATURE
) -> str:
    """The signature of a form, with what to show again of it kept beside what else came back; "" where none came."""
    said, refused = read_signature(post, files, name, by=by)
    if refused is not None:
        back.errors[name] = refused.say
    typed = said.startswith(SIGNED)
    back.shown[name] = said.removeprefix(SIGNED) if typed else ""
    back.kept[name] = [said] if said and not typed else []
    return said


def _uploads(
    read: ReadSheet, post: QueryDict, files: MultiValueDict[str, Any], code: str, item: Item, by: Viewer
) -> None:
    name = field_of(code)
    tokens = [token for token in post.getlist(f"{name}-kept") if token][:FILES_MOST]
    try:
        tokens += _taken(post, files, name, by=by)
    except Refused as refused:
        read.errors[name] = refused.say
    typed = post.get(f"{name}-typed", "").strip() if item.type == "signature" else ""
    read.shown[code], read.kept[name] = typed, tokens
    read.values[code] = tokens or (f"{SIGNED}{typed}" if typed else [])


def _taken(post: QueryDict, files: MultiValueDict[str, Any], name: str, *, by: Viewer) -> list[str]:
    """The tokens of what was sent in a field: a signature drawn on the screen, then files."""
    drawn = _drawn(post.get(f"{name}-drawn", ""))
    sent = files.getlist(name)[:FILES_MOST]
    return [take(one, by=by).token for one in ([drawn] if drawn else []) + sent]


def _drawn(text: str) -> SimpleUploadedFile | None:
    """The picture of a drawn signature; made anew when it is taken in, like a photo."""
    if not text:
        return None
    broken = Refused("signature-broken", say=_("签字没有传上来，请重签一次，或者附上签好字的照片。"))
    if not text.startswith(DRAWN_START) or len(text) > DRAWN_MOST:
        raise broken
    try:
        data = base64.b64decode(text.removeprefix(DRAWN_START), validate=True)
    except binascii.Error:
        raise broken from None
    return SimpleUploadedFile("signature.png", data, "image/png")


def asked_alone(title: str, items: Mapping[str, Item]) -> Sheet:
    """A sheet of these items alone, as a form asks for what is still open."""
    return Sheet(title=title, items=dict(items))
