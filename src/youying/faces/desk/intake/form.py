"""The intake form: what it offers, what came back, and the need it makes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from youying.editions.queries import edition_for
from youying.faces.desk.ledger.choices import edition_near
from youying.faces.shared.sheets import ReadSheet
from youying.kernel.identifiers import ALPHABET, SECRET_LENGTH
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions import NeedIn, ReporterIn
from youying.matters.intake_rules import read_words
from youying.matters.queries import AskedSheet, intake_sheet
from youying.matters.reporter_rules import faults_of, person_faults, read_person, read_spot
from youying.packs.edition import Edition
from youying.packs.words import KINDS
from youying.places.placing import Place, place_of
from youying.places.queries import areas_below, compounds_below
from youying.text.queries import categories, category_title, decide_category, known_category

SALT = "desk.intake"
TEXTS = ("kind", "channel", "text", "name", "phone", "address", "category", "urgency", "area", "compound", "building",
         "spot", "place_why", "category_why")  # fmt: skip
MEASURED = frozenset({"text", "name", "phone", "address", "spot"})
"""What a rule measures in characters: never cut before, so that the count it says is true."""
CUT, NO_ROW = 200, -1
SELF_SERVED = frozenset({"qr", "web", "wechat", "hotline", "upper-level"})
OPENED_ELSEWHERE = frozenset({"commitment", "order"})
"""Channels whose matters come in by themselves; the desk offers them last."""


@dataclass(slots=True)
class Form:
    """The intake form as it stands: values, photos kept, what is wrong."""

    values: dict[str, str]
    token: str
    protected: bool = False
    kept: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    asked: AskedSheet | None = None
    sheet: ReadSheet = field(default_factory=ReadSheet)


def new_token(viewer: Viewer) -> str:
    """What makes one form one matter: random, and this account's alone."""
    return signing.dumps([viewer.account_id, get_random_string(16)], salt=SALT, compress=True)


def external_id(token: str, *, viewer: Viewer) -> str:
    """The id under which the form's matter is known; refused for a token that is not this account's own."""
    try:
        account, nonce = signing.loads(token, salt=SALT, max_age=7 * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("stale-form", say=_("这张表放得太久了，已经换了一张新的。请再按一次“登记”。")) from None
    if account != viewer.account_id:
        raise Refused("stale-form", say=_("这张表是别人打开的，已经换成您的。请再按一次“登记”。"))
    return f"desk:{nonce}"


def secret_of(token: str) -> str:
    """The look-up secret that goes with a form: the same when an impatient finger sends it twice."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{SALT}:{token}".encode(), hashlib.sha256).digest()
    number, letters = int.from_bytes(digest, "big"), []
    for _place in range(SECRET_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def read(given: Mapping[str, str], *, viewer: Viewer) -> Form:
    """The form as it came back."""
    typed = {name: given.get(name, "").strip() for name in TEXTS}
    values = {name: said if name in MEASURED else said[:CUT] for name, said in typed.items()}
    form = Form(values, given.get("token", ""), protected=given.get("protected") == "1")
    form.asked = intake_sheet(edition_of(viewer), values["kind"]) if values["kind"] else None
    return form


def edition_of(viewer: Viewer) -> Edition:
    """The rules of the viewer's place; refused where no place within reach has adopted any."""
    return edition_near(viewer) or edition_for(viewer.reach or "/")


def place_said(values: Mapping[str, str], *, viewer: Viewer) -> Place:
    """The place chosen: building, compound or area, with the spot in words; within the officer's reach."""
    words = read_spot(values["spot"])
    keys = {name: _number(values[name]) for name in ("building", "compound")}
    if keys["building"]:
        place = place_of(building_id=keys["building"], words=words)
    elif keys["compound"]:
        place = place_of(compound_id=keys["compound"], words=words)
    elif values["area"]:
        place = place_of(area_path=values["area"], words=words)
    else:
        raise Refused("place-missing", say=_("请选在哪儿：小区，或社区。"), field="compound")
    viewer.require_reach(place.place_path)
    return place


def _number(said: str) -> int:
    """A row that was chosen, 0 where none was; what is no row's number is none of ours, and is refused as such."""
    if not said:
        return 0
    return int(said) if said.isdecimal() and len(said) < 19 else NO_ROW


def need_of(form: Form, *, uploads: tuple[str, ...], viewer: Viewer) -> NeedIn:
    """The need that the form makes."""
    values = form.values
    person = read_person(_person(form, secret=secret_of(form.token)))
    read = decide_category(values["text"], threshold=1.0, area_path=viewer.reach)
    return NeedIn(
        kind=values["kind"],
        text=values["text"],
        channel=values["channel"],
        external_id=external_id(form.token, viewer=viewer),
        category=values["category"],
        category_why=values["category_why"] if values["category"] else "",
        category_guess=read.guess,
        category_share=read.share,
        urgency=values["urgency"],
        reporters=(person,),
        uploads=uploads,
        place_why=values["place_why"],
        sheet=form.sheet.values,
    )


def _person(form: Form, *, secret: str = "") -> ReporterIn:
    values = form.values
    return ReporterIn(values["name"], values["phone"], values["address"], protected=form.protected, secret=secret)


def missing(form: Form) -> dict[str, str]:
    """What must be there before anything is tried."""
    needed = {"text": _("请写下居民说了什么。"), "channel": _("请选从哪儿来的。"), "kind": _("请选是什么事。")}
    return {name: say for name, say in needed.items() if not form.values[name]}


def faults(form: Form, *, viewer: Viewer) -> list[Refused]:
    """Everything that does not fit of what was typed, all at once; what is missing altogether is not told twice."""
    values = form.values
    category = values["category"]
    found = faults_of(lambda: external_id(form.token, viewer=viewer))
    found += faults_of(lambda: read_words(values["text"])) if values["text"] else []
    found += faults_of(lambda: place_said(values, viewer=viewer))
    found += person_faults(_person(form))
    return found + faults_of(lambda: known_category(category) if category else None)


def offered(viewer: Viewer) -> dict[str, Any]:
    """What the form offers to choose from; refused where no place within reach has adopted rules."""
    edition = edition_of(viewer)
    compounds = compounds_below(viewer.reach)
    names = {area.path: area.name for area in areas_below(viewer.reach or "/none")}
    grouped: dict[str, list[tuple[int, str]]] = {}
    for one in sorted(compounds, key=lambda c: (c.path.rpartition("/")[0], c.name)):
        grouped.setdefault(names.get(one.path.rpartition("/")[0], ""), []).append((one.id, one.name))
    return {
        "channels": channels(edition),
        "kinds": kinds(edition),
        "urgencies": list(edition.pack.values.get("urgency", {}).items()),
        "compounds": grouped,
        "areas": [(area.path, area.name) for area in areas_below(viewer.reach or "/none") if area.level == "community"],
        "categories": [(one.code, category_title(one.code)) for one in categories() if one.level > 1],
    }


def kinds(edition: Edition) -> list[tuple[str, str]]:
    """What people may bring here, demands first; a part is opened by its whole, an order comes from the menu."""
    held = dict.fromkeys(loop.kind for loop in edition.loops.values() if loop.kind not in OPENED_ELSEWHERE)
    return sorted(((code, KINDS.get(code, code)) for code in held), key=lambda option: option[0] != "demand")


def channels(edition: Edition) -> list[tuple[str, str]]:
    """The channels of the place: those that people come in by first."""
    listed = [(code, one.title) for code, one in edition.pack.channel.items()]
    return sorted(listed, key=lambda option: option[0] in SELF_SERVED)
