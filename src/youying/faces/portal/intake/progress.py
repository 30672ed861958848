"""One's own matter: looked up by number and secret, then read, urged, added to, judged, taken up again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from youying.access.entrance import address_of
from youying.access.guard import by_secret
from youying.channels.intake import actions, queries
from youying.channels.notify.actions import seen_by_reporter
from youying.editions.queries import calendar_for, edition_by_digest
from youying.faces.portal.intake import forms, words
from youying.faces.portal.intake.mine import forget, mine, number_of, of_number, remember
from youying.faces.portal.intake.views import refused_status
from youying.faces.shared.axis import axis_of
from youying.faces.shared.deadlines import laid_out
from youying.faces.shared.rounds import completions, round_said
from youying.faces.shared.shell import say_once
from youying.files.queries import FileView
from youying.files.serving import serve
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.matters import actions as matters
from youying.matters import queries as reading
from youying.matters.queries import Found

SECRET = "凭编号和查询码，或本机会话里查过的"


@by_secret(SECRET)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Number and secret, nothing else."""
    if request.method == "GET":
        return _look_page(request, request.GET.get("number", "")[:30], {})
    number, secret = request.POST.get("number", "")[:40], request.POST.get("secret", "")[:40]
    try:
        found = actions.look_up(number, secret, address=address_of(request))
    except Refused as refused:
        field = refused.field if refused.field in ("number", "secret") else ""
        return _look_page(request, number, {field: refused.say}, status=refused_status(refused))
    remember(request, found.reporter.pk)
    return redirect("portal:matter", number_of(found))


def _look_page(request: HttpRequest, number: str, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    known = [(number_of(one), one.reporter.came_as or one.matter) for one in mine(request)] if not errors else []
    frame = {"number": number, "errors": errors, "mine": known}
    return render(request, "portal/intake/look.html", frame, status=status)


@by_secret(SECRET)
@require_POST
def forget_all(request: HttpRequest) -> HttpResponse:
    """Know nothing any more in this browser."""
    forget(request)
    say_once(request, _("忘掉了。再查要用编号和查询码。"))
    return redirect("portal:look-up")


OfOwn = Callable[..., HttpResponse]


def own(view: OfOwn) -> Callable[..., HttpResponse]:
    """Give the view this browser's own matter; anybody else is asked for the secret, whether the number exists or not."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        found = of_number(request, number)
        if found is None:
            return HttpResponseRedirect(f"{reverse('portal:look-up')}?{urlencode({'number': number[:30]})}")
        return view(request, found)

    return by_secret(SECRET)(guarded)


@own
def matter(request: HttpRequest, found: Found) -> HttpResponse:
    """How it stands, in plain words; who has read it need not be told by telephone."""
    seen_by_reporter(*reading.same_person(found.reporter))
    parts = reading.progress(found.matter) if found.matter.parts_done is not None else None
    stones = reading.milestones(found.matter, parts) if reading.is_joint(found.matter) else []
    more = {"progress": parts, "axis": axis_of(stones, at=now()) if stones else None}
    return render(request, "portal/intake/matter.html", _frame(found, papers=queries.has_papers(found), **more))


def _frame(found: Found, **more: Any) -> dict[str, Any]:
    shown = queries.progress(found)
    completed = completions(found.matter)
    photos = [_photo(one, round_said(one.role, one.uploaded_at, completed)) for one in queries.photos(found)]
    told = {
        "title_of": words.title_of,
        "headline": words.headline(shown),
        "headline_of": words.headline,
        "satisfactions": words.satisfactions(shown),
    }
    return {"p": shown, "photos": photos, "errors": {}, "values": {}, "reasons": words.reasons(), **told, **more}


def _photo(one: FileView, of_round: str) -> dict[str, str]:
    href = reverse("portal:file", args=[one.token])
    title = "·".join(part for part in (of_round, photo_title(one.role)) if part)
    return {"href": href, "thumb": f"{href}?small", "alt": title, "title": title, "words": ""}


def photo_title(role: str) -> str:
    """Whose photo it is, without a name."""
    titles = {"reporter": _("您拍的"), "before": _("办理前"), "after": _("办好以后")}
    return titles.get(role, _("现场"))


@own
def deadline(request: HttpRequest, found: Found) -> HttpResponse:
    """How the day by which it is to be done was reckoned, so that it can be reckoned again."""
    matter = found.matter
    held = reading.deadline_of(matter, "complete")
    if held is None:
        say_once(request, _("还没有派给承办单位，办结的期限从派单那一刻起算。"))
        return redirect("portal:matter", number_of(found))
    where = calendar_for(edition_by_digest(matter.edition_id), matter.area_path).zone
    page = {"d": laid_out(reading.worked_out(matter, *held), where, plain=True), "number": number_of(found)}
    return render(request, "portal/intake/deadline.html", page)


@own
@require_POST
def urge(request: HttpRequest, found: Found) -> HttpResponse:
    """Urge, with the outcome said."""
    try:
        actions.urge(found)
        say_once(request, _("催过了，承办单位看得到。"))
    except Refused as refused:
        say_once(request, refused.say)
    return redirect("portal:matter", number_of(found))


@own
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, found: Found) -> HttpResponse:
    """Add a word or a photo."""
    if request.method == "GET":
        return render(request, "portal/intake/add.html", _frame(found))
    said = request.POST.get("words", "")
    try:
        actions.admit(address_of(request))
        uploads = forms.uploads_of(request, by=PUBLIC)
        matters.add_words(found.matter.pk, by=found.viewer, words=said, uploads=uploads, origin="portal")
    except Refused as refused:
        frame = _frame(found, errors=forms.errors_of(refused), values={"words": said})
        return render(request, "portal/intake/add.html", frame, status=refused_status(refused))
    say_once(request, _("补充好了，承办单位看得到。"))
    return redirect("portal:matter", number_of(found))


@own
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, found: Found) -> HttpResponse:
    """Solved or not, satisfied or not; nothing is preselected."""
    frame = _frame(found)
    if "verdict" not in frame["p"].can:
        say_once(request, words.no_verdict(frame["p"]))
        return redirect("portal:matter", number_of(found))
    if request.method == "GET":
        return render(request, "portal/intake/verdict.html", frame)
    answer = forms.answer_of(request)
    errors = forms.unanswered(answer, frame["p"].satisfactions)
    if not errors:
        errors = _judge(found, frame["p"].can["verdict"], answer)
    if errors:
        return render(request, "portal/intake/verdict.html", {**frame, "errors": errors, "values": answer}, status=422)
    say_once(request, _("谢谢您，记下了。") if answer["solved"] else _("记下了，还是这个编号，接着办。"))
    return redirect("portal:matter", number_of(found))


def _judge(found: Found, step: str, answer: dict[str, Any]) -> dict[str, str]:
    try:
        matters.act(found.matter.pk, step, by=found.viewer, origin="portal", **answer)
    except Refused as refused:
        return forms.errors_of(refused)
    return {}


@own
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, found: Found) -> HttpResponse:
    """Take it up again within the window."""
    said = request.POST.get("words", "")
    if request.method == "GET":
        return render(request, "portal/intake/reopen.html", _frame(found))
    try:
        matters.reopen(found.matter.pk, by=found.viewer, words=said, origin="portal")
    except Refused as refused:
        frame = _frame(found, errors={"words": refused.say}, values={"words": said})
        return render(request, "portal/intake/reopen.html", frame, status=422)
    say_once(request, _("又拿起来办了，还是这个编号。"))
    return redirect("portal:matter", number_of(found))


@by_secret(SECRET)
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A photo of one's own matter, among those that its page shows to this reporter."""
    for one in mine(request):
        if any(photo.token == token for photo in queries.photos(one)):
            return serve(one.viewer, token, request=request, thumbnail="small" in request.GET)
    return serve(PUBLIC, token, request=request)
