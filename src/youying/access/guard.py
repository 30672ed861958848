"""Who may open a page: every view says it with one of four decorators, kept on it as `access_rule`.

A test walks the route table and fails where a view says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from youying.access.queries import viewer_for
from youying.kernel.refusals import Refused
from youying.kernel.viewers import POWERS

View = TypeVar("View", bound=Callable[..., Any])
RuleKind = Literal["power", "signed-in", "open", "secret"]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a view asks of whoever opens it: a power, a sign-in, a secret it checks itself, or nothing, and why."""

    kind: RuleKind
    power: str = ""
    why: str = ""


def needs(power: str) -> Callable[[View], View]:
    """Open the view to posts that hold the power; others are refused, visitors are sent to sign in."""
    if power not in POWERS:
        raise Refused("unknown-power", say=f"没有“{power}”这项权限。", have=power, need=sorted(POWERS))

    def check(request: HttpRequest) -> None:
        viewer_for(request).require(power)

    return _guarded(AccessRule("power", power=power), check=check)


def signed_in(view: View) -> View:
    """Open the view to every signed-in account, whatever its post."""
    return _guarded(AccessRule("signed-in"), check=lambda request: None)(view)


def open_to_all(why: str) -> Callable[[View], View]:
    """Open the view to everybody, for the reason given."""
    return _marked(AccessRule("open", why=_reason(why)))


def by_secret(why: str) -> Callable[[View], View]:
    """The view itself proves a secret (a link, a number with its code), for the reason given."""
    return _marked(AccessRule("secret", why=_reason(why)))


by_link = by_secret


def rule_of(view: Callable[..., Any]) -> AccessRule | None:
    """What a view asks for, or nothing where its author forgot to say."""
    return getattr(view, "access_rule", None) or getattr(getattr(view, "view_class", None), "access_rule", None)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page and back afterwards; htmx moves the whole page, an API is told 401."""
    if wants_json(request):
        raise Refused("sign-in-first", say="请先登录。")
    here = urlsplit(request.headers["HX-Current-URL"]) if "HX-Current-URL" in request.headers else None
    back = urlunsplit(("", "", here.path, here.query, "")) if here else request.get_full_path()
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back or '/'})}"
    if is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def is_htmx(request: HttpRequest) -> bool:
    """True for a request that htmx made for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def wants_json(request: HttpRequest) -> bool:
    """True for an API path and for whoever asks for JSON."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def _guarded(rule: AccessRule, *, check: Callable[[HttpRequest], None]) -> Callable[[View], View]:
    """A decorator that asks for a signed-in post before the view runs."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            check(request)
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _marked(rule: AccessRule) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return decorate


def _reason(why: str) -> str:
    if not why.strip():
        raise Refused("reason-missing", say="对外开放的页面要写明理由。", field="why")
    return why
