"""A refusal as an answer: JSON for programs, a part of a page for htmx, a page for people, always with its reason."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from youying.access.guard import is_htmx, wants_json
from youying.kernel.refusals import Refused

TEMPLATE = "shared/refused.html"
STATUS: dict[str, int] = {
    "sign-in-first": 401,
    "no-power": 403,
    "out-of-reach": 403,
    "not-your-post": 403,
    "not-your-file": 403,
    "not-found": 404,
    "job-unknown": 404,
    "conflict": 409,
    "set-up-done": 409,
    "too-large": 413,
    "locked-out": 429,
    "too-many": 429,
}
"""The HTTP status of a refusal; every other is 422."""
UNPROCESSABLE = 422


def status_of(refused: Refused) -> int:
    """The HTTP status that fits a refusal."""
    return STATUS.get(refused.code, UNPROCESSABLE)


def refusal_response(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Answer a request with a refusal."""
    status = status_of(refused)
    if wants_json(request):
        return HttpResponse(as_json(refused), status=status, content_type="application/json; charset=utf-8")
    context = {"refused": refused, "status": status, "part": is_htmx(request)}
    try:
        page = render_to_string(TEMPLATE, context, request=request)
    except TemplateDoesNotExist:
        return HttpResponse(refused.say, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=status)


def as_json(refused: Refused) -> bytes:
    """The refusal as data: code, say, clause, have, need, field."""
    return msgspec.json.encode(
        {name: getattr(refused, name) for name in ("code", "say", "clause", "have", "need", "field")}, enc_hook=str
    )
