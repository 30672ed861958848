"""Sign-in by password or link, sign-out, and the choice of a post."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from youying.access import entrance
from youying.access import queries as access
from youying.access.guard import by_link, open_to_all, signed_in
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import errors_of
from youying.faces.shared.emptiness import not_set_up
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.places.queries import path_words


@open_to_all("登录页")
@never_cache
@sensitive_post_parameters("password", "code")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by name and password, and by the code of an authenticator where the account has one."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(entrance.way_back(request, asked=asked))
        return not_set_up(request) or _sign_in_page(request, asked=asked)
    given = {name: request.POST.get(name, "")[:200] for name in ("username", "password", "code")}
    try:
        entrance.enter(request, **given)
    except Refused as refused:
        return _sign_in_page(request, asked=asked, given=given, refused=refused)
    return HttpResponseRedirect(entrance.way_back(request, asked=asked))


def _sign_in_page(
    request: HttpRequest, *, asked: str, given: dict[str, str] | None = None, refused: Refused | None = None
) -> HttpResponse:
    wants_code = bool(given and given["code"]) or (refused is not None and refused.field == "code")
    page = {
        "next": asked,
        "username": given["username"] if given else "",
        "wants_code": wants_code,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/entrance/sign-in.html", page, status=status_of(refused) if refused else 200)


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this seat."""
    entrance.leave(request)
    return redirect("desk:sign-in")


LINK_FIELDS = ("password", "again", "code", "organisation", "username", "name")


@by_link("凭邀请、重设或一次性登录链接进入")
@never_cache
@sensitive_post_parameters("password", "again", "code")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Use a link: it is shown first and used up only by the button, because chats open links too."""
    found = access.link(token)
    given = {name: request.POST.get(name, "")[:200] for name in LINK_FIELDS}
    if request.method != "POST":
        return _link_page(request, found, given, wants_code=False)
    try:
        _use(request, token, found.kind, given)
    except Refused as refused:
        return _link_page(request, found, given, wants_code=refused.field == "code", refused=refused)
    say_once(request, _("您好，%(name)s。已登录。") % {"name": found.name or given["name"]})
    return HttpResponseRedirect(entrance.way_back(request, asked=request.GET.get("next", "")))


def _use(request: HttpRequest, token: str, kind: str, given: dict[str, str]) -> None:
    if kind != "sign-in" and given["password"] != given["again"]:
        raise Refused("passwords-differ", say=_("两次写的密码不一样，请再写一遍。"), field="again")
    if kind == "set-up":
        fields = {name: given[name] for name in ("organisation", "username", "name", "password")}
        entrance.enter_new_house(request, token=token, **fields)
    else:
        entrance.enter_by_link(request, token=token, password=given["password"], code=given["code"])


def _link_page(
    request: HttpRequest, found: Any, given: dict[str, str], *, wants_code: bool, refused: Refused | None = None
) -> HttpResponse:
    page = {
        "link": found,
        "given": given,
        "wants_code": wants_code or bool(given["code"]),
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/entrance/link.html", page, status=status_of(refused) if refused else 200)


@signed_in
@never_cache
def posts(request: HttpRequest) -> HttpResponse:
    """Choose the post from which to look and act."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    if request.method == "POST":
        number = request.POST.get("post", "")
        entrance.choose(request, post_id=int(number) if number.isdecimal() and len(number) < 19 else 0)
        return HttpResponseRedirect(entrance.way_back(request, asked=asked))
    held = [(post, path_words(post.reach)) for post in getattr(request, "posts", ())]
    viewer = viewer_for(request)
    return render(request, "desk/entrance/posts.html", {"held": held, "now_post": viewer.post_id, "next": asked})
