"""Pages of a resident: a request becomes an action or a query, an outcome becomes a page."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from youying.access.guard import by_secret, open_to_all
from youying.channels.intake import actions, queries
from youying.channels.intake.sheets import qr_svg
from youying.faces.portal.intake import forms
from youying.faces.shared.shell import say_once
from youying.files.queries import for_subject
from youying.files.serving import serve
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters import queries as reading
from youying.matters.queries import Found
from youying.places.placing import place_of
from youying.text.queries import categories

EVERYONE = "居民不用账号"
SECRET = "凭编号和查询码，或本机会话里查过的"
MINE, SLIP = "portal-mine", "portal-slip"


@open_to_all(EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, what waits for this person's word, what neighbours got done."""
    waiting = [one for one in _mine(request) if one.matter.waiting]
    frame = {"waiting": waiting, "neighbours": queries.neighbours(), "ready": bool(queries.home_area())}
    return render(request, "portal/intake/home.html", frame)


@open_to_all(EVERYONE)
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, code: str = "") -> HttpResponse:
    """One screen, one button."""
    if request.method == "GET":
        return _say_page(request, {"code": code, "token": uuid.uuid4().hex}, {})
    values = forms.values_of(request)
    kept: tuple[str, ...] = ()
    try:
        kept = forms.uploads_of(request)
        said = forms.said_of(values, uploads=kept, protected=request.POST.get("protected") == "1")
        opened = actions.report(said, address=request.META.get("REMOTE_ADDR", ""))
    except Refused as refused:
        return _say_page(request, values, forms.errors_of(refused), kept=kept, status=refused_status(refused))
    request.session[SLIP] = {"number": opened.matter.number, "secret": opened.secret}
    return redirect("portal:said")


def refused_status(refused: Refused) -> int:
    """Too many is said as such; everything else is a form to mend."""
    return 429 if refused.code == "too-many" else 422


def _say_page(
    request: HttpRequest,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    kept: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    place = None
    if values.get("code"):
        try:
            place = place_of(code=values["code"])
        except Refused as refused:
            errors = {**errors, "compound": refused.say}
            values = {**values, "code": ""}
    area = place.area_path if place else queries.home_area()
    frame = {
        "values": {name: values.get(name, "") for name in forms.TEXTS},
        "errors": errors,
        "kept": kept,
        "place": place,
        "places": queries.where_to_say(),
        "promise": queries.promise(area) if area else None,
        "hints": [(one.code, one.title) for one in categories() if one.level == 1],
        "protected": request.POST.get("protected") == "1",
    }
    return render(request, "portal/intake/say.html", frame, status=status)


@open_to_all(EVERYONE)
def said(request: HttpRequest) -> HttpResponse:
    """The number and the secret, shown to whoever just sent it; gone from here once it is left."""
    slip = request.session.get(SLIP)
    if not slip:
        return redirect("portal:look")
    address = request.build_absolute_uri(f"/progress/?number={slip['number']}")
    return render(request, "portal/intake/said.html", {**slip, "qr": qr_svg(address)})


@by_secret(SECRET)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Number and secret, nothing else."""
    if request.method == "GET":
        frame = {"number": request.GET.get("number", "")[:30], "errors": {}, "mine": _mine(request)}
        return render(request, "portal/intake/look.html", frame)
    number, secret = request.POST.get("number", "")[:40], request.POST.get("secret", "")[:40]
    try:
        found = actions.look_up(number, secret, address=request.META.get("REMOTE_ADDR", ""))
    except Refused as refused:
        frame = {"number": number, "errors": {"secret": refused.say}, "mine": []}
        return render(request, "portal/intake/look.html", frame, status=refused_status(refused))
    known = [one for one in request.session.get(MINE, []) if one != found.reporter.pk]
    request.session[MINE] = [found.reporter.pk, *known][:20]
    request.session.pop(SLIP, None)
    return redirect("portal:matter", found.matter.number)


def _mine(request: HttpRequest) -> list[Found]:
    """The matters that this browser proved a secret for."""
    found = []
    for reporter in request.session.get(MINE, []):
        try:
            found.append(reading.by_reporter(reporter))
        except Refused:
            continue
    return found


def _found(request: HttpRequest, number: str) -> Found:
    """This browser's own matter of that number; others are told nothing, not even that it exists."""
    for one in _mine(request):
        if one.matter.number == number:
            return one
    raise Refused("not-found", say=_("请先用编号和查询码查一下这件事。"))


@by_secret(SECRET)
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """How it stands, in plain words."""
    found = _found(request, number)
    return render(request, "portal/intake/matter.html", _frame(found))


def _frame(found: Found, **more: Any) -> dict[str, Any]:
    shown = queries.progress(found)
    files = [one for one in for_subject(found.viewer, found.matter.subject) if one.kind == "image"]
    ours = {"reporter": _("您拍的"), "before": _("办理前"), "after": _("办好以后")}
    photos = [
        {
            "href": f"/files/{one.token}/", "thumb": f"/files/{one.token}/?small",
            "alt": ours.get(one.role, _("现场照片")), "title": ours.get(one.role, _("现场")), "words": "",
        }
        for one in files
    ]  # fmt: skip
    return {"p": shown, "photos": photos, "errors": {}, "values": {}, **more}


@by_secret(SECRET)
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Urge, with the outcome said."""
    try:
        actions.urge(_found(request, number))
        say_once(request, _("催过了，承办单位看得到。"))
    except Refused as refused:
        say_once(request, refused.say)
    return redirect("portal:matter", number)


@by_secret(SECRET)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a word or a photo."""
    found = _found(request, number)
    if request.method == "GET":
        return render(request, "portal/intake/add.html", _frame(found))
    words = request.POST.get("words", "")[: forms.LONGEST]
    try:
        uploads = forms.uploads_of(request, by=PUBLIC)
        matters.add_words(found.matter.pk, by=found.viewer, words=words, uploads=uploads, origin="portal")
    except Refused as refused:
        frame = _frame(found, errors=forms.errors_of(refused), values={"words": words})
        return render(request, "portal/intake/add.html", frame, status=422)
    say_once(request, _("补充好了，承办单位看得到。"))
    return redirect("portal:matter", number)


@by_secret(SECRET)
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """Solved or not, satisfied or not; nothing is preselected."""
    found = _found(request, number)
    if request.method == "GET":
        return render(request, "portal/intake/verdict.html", _frame(found))
    answer = forms.answer_of(request)
    try:
        matters.act(found.matter.pk, "verdict", by=found.viewer, origin="portal", **answer)
    except Refused as refused:
        frame = _frame(found, errors=forms.errors_of(refused), values=answer)
        return render(request, "portal/intake/verdict.html", frame, status=422)
    say_once(request, _("谢谢您，记下了。") if answer["solved"] else _("记下了，还是这个编号，接着办。"))
    return redirect("portal:matter", number)


@by_secret(SECRET)
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Take it up again within the window."""
    found = _found(request, number)
    words = request.POST.get("words", "")[: forms.LONGEST]
    if request.method == "GET":
        return render(request, "portal/intake/reopen.html", _frame(found))
    try:
        matters.reopen(found.matter.pk, by=found.viewer, words=words, origin="portal")
    except Refused as refused:
        frame = _frame(found, errors={"words": refused.say}, values={"words": words})
        return render(request, "portal/intake/reopen.html", frame, status=422)
    say_once(request, _("又拿起来办了，还是这个编号。"))
    return redirect("portal:matter", number)


@open_to_all(EVERYONE)
def call(request: HttpRequest) -> HttpResponse:
    """Who answers the telephone now."""
    area = queries.home_area()
    return render(request, "portal/intake/call.html", {"lines": reading.lines(area) if area else []})


@by_secret(SECRET)
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A photo of one's own matter; asked of every matter that this browser proved."""
    for one in _mine(request):
        try:
            return serve(one.viewer, token, request=request, thumbnail="small" in request.GET)
        except Refused:
            continue
    return serve(PUBLIC, token, request=request)
