"""What comes back from a phone, read into what the channel takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from youying.channels.intake.rules import PHOTOS_MOST, UNSOLVED_WHY, Said
from youying.files.actions import take
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC, Viewer

TEXTS = ("text", "hint", "code", "scanned", "building", "compound", "spot", "name", "phone", "token", "lon", "lat")
MEASURED = frozenset({"text", "spot", "name", "phone"})
"""What a rule measures in characters: never cut before, so that the count it says is true."""
SHORT = 400
NO_ROW = -1
FIELDS = frozenset({"text", "photos", "compound", "phone", "hint", "name", "spot", "solved", "satisfaction", "words"})
WHERE = {"category": "hint", "place": "compound", "area": "compound", "building": "compound", "point": "compound",
         "code": "compound", "uploads": "photos", "file": "photos"}  # fmt: skip
"""Fields of the contexts below → the input of these forms that they came from."""


def values_of(request: HttpRequest) -> dict[str, str]:
    """The fields as they were typed."""
    typed = {name: request.POST.get(name, "").strip() for name in TEXTS}
    return {name: said if name in MEASURED else said[:SHORT] for name, said in typed.items()}


def uploads_of(request: HttpRequest, *, by: Viewer = PUBLIC) -> tuple[str, ...]:
    """The photos of a form, those kept from an earlier try first; refused beside the photos' field."""
    kept = kept_of(request)
    sent = request.FILES.getlist("photos")
    if len(kept) + len(sent) > PHOTOS_MOST:
        say = _("照片最多 %(n)s 张，请去掉几张。") % {"n": PHOTOS_MOST}
        raise Refused("too-many-files", say=say, field="photos")
    try:
        return (*kept, *(_photo(one, by=by) for one in sent))
    except Refused as refused:
        raise Refused(refused.code, say=refused.say, field="photos") from refused


def kept_of(request: HttpRequest) -> tuple[str, ...]:
    """The photos that came with an earlier try of the same form."""
    return tuple(token[:64] for token in request.POST.getlist("kept") if token)[:PHOTOS_MOST]


def _photo(file: Any, *, by: Viewer) -> str:
    """Take one photo; a sheet or a document is no photo, whatever it is called."""
    upload = take(file, by=by)
    if upload.kind != "image":
        raise Refused("type-not-allowed", say=_("这里只收照片：JPG、PNG 或 WebP。"))
    return upload.token


def said_of(values: dict[str, str], *, uploads: tuple[str, ...], protected: bool) -> Said:
    """The report that the fields make."""
    where = values["compound"]
    return Said(
        text=values["text"],
        token=values["token"],
        hint=values["hint"],
        code=values["code"],
        building_id=_chosen(values["building"]),
        compound_id=None if where.startswith("/") else _chosen(where),
        area_path=where if where.startswith("/") else "",
        point=_point(values["lon"], values["lat"]),
        spot=values["spot"],
        name=values["name"],
        phone=values["phone"],
        protected=protected,
        scanned=bool(values["scanned"]),
        uploads=uploads,
    )


def number(text: str) -> int | None:
    """A chosen row's number, or nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _chosen(said: str) -> int | None:
    """A row that was chosen; what is no row's number is none of ours, and is refused as such further on."""
    return (number(said) or NO_ROW) if said else None


def _point(longitude: str, latitude: str) -> tuple[float, float] | None:
    """The point of the map; none where nobody tapped it, refused where it is no place on earth."""
    if not (longitude or latitude):
        return None
    try:
        point = float(longitude), float(latitude)
    except ValueError:
        point = 999.0, 999.0
    if -180 <= point[0] <= 180 and -90 <= point[1] <= 90:
        return point
    say = _("地图上的点没有读到，请重新点一下，或者直接选小区。")
    raise Refused("point-unreadable", say=say, have=f"{longitude[:20]} {latitude[:20]}", field="point")


def errors_of(*refusals: Refused) -> dict[str, str]:
    """Refusals beside their fields; those without a field of these forms stand in the summary alone."""
    found: dict[str, str] = {}
    for refused in refusals:
        field = WHERE.get(refused.field, refused.field)
        found.setdefault(field if field in FIELDS else "", refused.say)
    return found


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """The verdict as it was given; unanswered questions stay unanswered."""
    yes_no = {"yes": True, "no": False}
    return {
        "solved": yes_no.get(request.POST.get("solved", "")),
        "satisfaction": request.POST.get("satisfaction", "")[:SHORT],
        "contacted": yes_no.get(request.POST.get("contacted", "")),
        "reasons": [one for one in request.POST.getlist("why") if one in UNSOLVED_WHY],
        "words": request.POST.get("words", "").strip(),
    }


def unanswered(answer: dict[str, Any], satisfactions: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Both questions want an answer; whatever is missing is said beside it, all at once."""
    errors = {}
    if answer["solved"] is None:
        errors["solved"] = _("请选一个：解决了，还是没解决。")
    if answer["satisfaction"] not in dict(satisfactions):
        errors["satisfaction"] = _("请选一个：满意不满意。")
    return errors
