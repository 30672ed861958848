"""What the intake form offers while somebody types: earlier matters of a caller, what the text says, what is alike."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from youying.access.queries import viewer_for
from youying.editions.queries import param
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.intake import form as forms
from youying.faces.desk.ledger.choices import edition_near
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.places.placing import Place
from youying.places.queries import buildings_of
from youying.text.queries import category_title, understand

LEAST_TEXT = 4
READ_MOST = 2000
SHOWN = 6


@at_post("intake")
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """What the words say so far: a category with its evidence, the place they name, open matters that read alike."""
    viewer = viewer_for(request)
    form = forms.read(request.POST.dict(), viewer=viewer)
    text = form.values["text"][:READ_MOST]
    page: dict[str, Any] = {"found": None, "alike": [], "category_words": [], "place": None}
    if len(text) >= LEAST_TEXT:
        page |= read_text(viewer, text, form.values)
    return render(request, "desk/intake/_reading.html", page)


def read_text(viewer: Viewer, text: str, values: dict[str, str]) -> dict[str, Any]:
    """Understand the text; below the street's threshold nothing is chosen, only offered."""
    edition = edition_near(viewer)
    threshold = float(param(edition, viewer.reach, "text-confidence")) if edition else 1.0
    found = understand(text, threshold=threshold, within=viewer.reach)
    decision = found.decision
    named = [code for code in (decision.label, *decision.suggestions) if code]
    place = found.place if found.place and viewer.reaches(found.place.place_path) else None
    category = values["category"] or decision.label or ""
    where = _chosen(values, viewer) or place
    alike = queries.similar(viewer, text, place=where, category=category, phone=values["phone"])
    return {
        "found": found,
        "category_words": [(code, category_title(code)) for code in dict.fromkeys(named)],
        "chosen": decision.label or "",
        "evidence": "、".join(decision.evidence),
        "place": place,
        "alike": alike,
    }


def _chosen(values: dict[str, str], viewer: Viewer) -> Place | None:
    try:
        return forms.place_said(values, viewer=viewer)
    except Refused:
        return None


@at_post("intake")
@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """The earlier matters of a phone number, found without reading any phone."""
    phone = request.POST.get("phone", "")[:30].strip()
    page: dict[str, Any] = {"earlier": [], "say": "", "asked": bool(phone)}
    if phone:
        try:
            page["earlier"] = queries.callers(viewer_for(request), phone)[:SHOWN]
        except Refused as refused:
            page["say"] = refused.say if len(phone) >= 11 else _("号码还没写全。")
    return render(request, "desk/intake/_caller.html", page)


@at_post("intake")
def buildings(request: HttpRequest) -> HttpResponse:
    """The buildings of the compound just chosen."""
    said = request.GET.get("compound", "")
    found = buildings_of(int(said)) if said.isdecimal() and len(said) < 19 else []
    return render(
        request,
        "desk/intake/_buildings.html",
        {"buildings": [(one.pk, one.name) for one in found], "given": {"building": request.GET.get("building", "")}},
    )
