"""The intake page and its slip."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.intake import form as forms
from youying.faces.desk.matter.reading import keep_files
from youying.faces.desk.matter.slips import slip
from youying.faces.shared.sheets import asked_alone, read_sheet
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import actions
from youying.places.queries import buildings_of

WHERE = {"loop-missing": "kind", "place": "compound", "area": "area", "at": "text", "uploads": "photos"}


@at_post("intake")
def intake(request: HttpRequest) -> HttpResponse:
    """Take a need in; the same form sent twice makes one matter."""
    viewer = viewer_for(request)
    if request.method != "POST":
        blank = forms.read(request.GET.dict(), viewer=viewer)
        blank.token = forms.new_token(viewer)
        return _page(request, viewer, blank)
    form = forms.read(request.POST.dict(), viewer=viewer)
    form.errors = forms.missing(form)
    wrong = forms.faults(form, viewer=viewer)
    for refused in wrong:
        form.errors.setdefault(_field(refused), refused.say)
        form.token = forms.new_token(viewer) if refused.code == "stale-form" else form.token
    _keep_photos(request, form, viewer)
    _keep_sheet(request, form, viewer)
    if form.errors:
        return _page(request, viewer, form, status=min([422, *map(status_of, wrong)]))
    try:
        place = forms.place_said(form.values, viewer=viewer)
        need = forms.need_of(form, uploads=tuple(form.kept), viewer=viewer)
        opened = actions.open_matter(need, place=place, by=viewer)
    except Refused as refused:
        form.errors[_field(refused)] = refused.say
        return _page(request, viewer, form, status=status_of(refused))
    title = _("这张表已经登记过了，是这一件") if opened.again else _("登记好了")
    return slip(request, opened.matter, secret=forms.secret_of(form.token), title=title)


def _keep_photos(request: HttpRequest, form: forms.Form, viewer: Viewer) -> None:
    """Take the photos in first, so that they stay when something else is missing."""
    form.kept = [token for token in request.POST.getlist("photos-kept") if token][:12]
    try:
        form.kept += keep_files(request.FILES, "photos", viewer)
    except Refused as refused:
        form.errors["photos"] = refused.say


def _keep_sheet(request: HttpRequest, form: forms.Form, viewer: Viewer) -> None:
    """Read the sheet of a kind that has one; what must be there may come later."""
    if form.asked is not None:
        sheet = asked_alone(form.asked.title, form.asked.items)
        form.sheet = read_sheet(request.POST, request.FILES, sheet, by=viewer, lacking_allowed=True)
        form.errors |= form.sheet.errors


@at_post("intake")
def sheet(request: HttpRequest) -> HttpResponse:
    """The part of the form that a kind of matter with a sheet of its own brings along."""
    form = forms.read({"kind": request.GET.get("kind", "")}, viewer=viewer_for(request))
    return render(request, "desk/intake/_sheet.html", {"form": form, "errors": {}})


def _field(refused: Refused) -> str:
    name = WHERE.get(refused.field or refused.code, refused.field)
    return name if name in (*forms.TEXTS, "photos") or name.startswith("sheet.") else ""


def _page(request: HttpRequest, viewer: Viewer, form: forms.Form, *, status: int = 200) -> HttpResponse:
    compound = form.values["compound"]
    houses = buildings_of(int(compound)) if compound.isdecimal() and len(compound) < 19 else []
    page: dict[str, Any] = {"form": form, "given": form.values, "errors": form.errors}
    page |= forms.offered(viewer) | {"buildings": [(one.pk, one.name) for one in houses]}
    return render(request, "desk/intake/intake.html", page, status=status)
