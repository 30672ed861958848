"""Pages of no context: letter size and language, and what is shown when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from youying.access.guard import open_to_all

A_YEAR_S = 365 * 86_400
FORMS = ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data")
Answering = Callable[[HttpRequest], HttpResponse]


# Exempt from CSRF: a forged request could only change letter size or language.
@open_to_all("只改字号和语言，不看也不改任何资料")
@csrf_exempt
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the chosen letter size or language in a cookie and go back."""
    answer = HttpResponseRedirect(_back(request))
    if request.POST.get("type") in ("large", "standard"):
        answer.set_cookie("yy_type", request.POST["type"], max_age=A_YEAR_S, samesite="Lax", secure=settings.SECURE)
    if request.POST.get("lang") in dict(settings.LANGUAGES):
        name = settings.LANGUAGE_COOKIE_NAME
        answer.set_cookie(name, request.POST["lang"], max_age=A_YEAR_S, samesite="Lax", secure=settings.SECURE)
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for somebody without the right."""
    return render(request, "403.html", status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; touches no database."""
    return render(request, "500.html", status=500)


def named_method(get_response: Answering) -> Answering:
    """Middleware: an address that takes no such request says so on a page, where Django leaves it blank."""

    def answered(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not answer.content:
            return _not_allowed(request, answer.get("Allow", ""))
        return answer

    return answered


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
    page["Allow"] = allowed
    return page


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or old; what is no form at all is told what it is instead."""
    if request.method not in ("GET", "HEAD", "POST"):
        return _not_allowed(request, "GET, HEAD, POST")
    if request.content_type not in FORMS:
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
    return render(request, "stale_form.html", status=403)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"
