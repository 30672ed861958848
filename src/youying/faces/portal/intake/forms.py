"""What comes back from a phone, read into what the channel takes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from youying.channels.intake.rules import PHOTOS_MOST, Said
from youying.files.actions import take
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, Viewer

TEXTS = ("text", "hint", "code", "building", "compound", "area", "spot", "name", "phone", "token", "point")
LONGEST = 120_000


def values_of(request: HttpRequest) -> dict[str, str]:
    """The fields as they were typed."""
    return {name: request.POST.get(name, "").strip()[:LONGEST] for name in TEXTS}


def uploads_of(request: HttpRequest, *, by: Viewer = PUBLIC) -> tuple[str, ...]:
    """The photos of a form, those kept from an earlier try first; refused beside the photos' field."""
    kept = [token for token in request.POST.getlist("kept") if token][:PHOTOS_MOST]
    sent = request.FILES.getlist("photos")
    if len(kept) + len(sent) > PHOTOS_MOST:
        say = _("照片最多 %(n)s 张，请去掉几张。") % {"n": PHOTOS_MOST}
        raise Refused("too-many-files", say=say, field="photos")
    try:
        return (*kept, *(take(one, by=by).token for one in sent))
    except Refused as refused:
        raise Refused(refused.code, say=refused.say, field="photos") from refused


def said_of(values: dict[str, str], *, uploads: tuple[str, ...], protected: bool) -> Said:
    """The report that the fields make."""
    return Said(
        text=values["text"],
        token=values["token"],
        hint=values["hint"],
        code=values["code"],
        building_id=number(values["building"]),
        compound_id=number(values["compound"]),
        area_path=values["area"],
        point=_point(values["point"]),
        spot=values["spot"],
        name=values["name"],
        phone=values["phone"],
        protected=protected,
        uploads=uploads,
    )


def number(text: str) -> int | None:
    """A chosen row's number, or nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _point(text: str) -> tuple[float, float] | None:
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return longitude, latitude


def errors_of(refused: Refused) -> dict[str, str]:
    """A refusal beside its field; those without a field of this form stand in the summary alone."""
    known = {"text", "photos", "compound", "phone", "hint", "code", "name", "solved", "satisfaction", "words"}
    return {refused.field if refused.field in known else "": refused.say}


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """The verdict as it was given; unanswered questions stay unanswered."""
    yes_no = {"yes": True, "no": False}
    return {
        "solved": yes_no.get(request.POST.get("solved", "")),
        "satisfaction": request.POST.get("satisfaction", ""),
        "contacted": yes_no.get(request.POST.get("contacted", "")),
        "reasons": request.POST.getlist("why")[:6],
        "words": request.POST.get("words", "").strip()[:LONGEST],
    }
