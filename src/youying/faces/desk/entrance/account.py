"""One's own account: password, where one is signed in, the second factor."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import devices_for_user

from youying.access import actions, entrance
from youying.access import queries as access
from youying.access.guard import signed_in
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.faces.desk.entrance.guarding import errors_of
from youying.faces.shared.shell import say_once
from youying.kernel.refusals import Refused
from youying.places.queries import path_words


@signed_in
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The page of one's own account."""
    return _page(request)


def _page(request: HttpRequest, *, refused: Refused | None = None, **more: Any) -> HttpResponse:
    viewer = viewer_for(request)
    seats = access.seats_of(viewer.account_id or 0, viewer=viewer)
    page = {
        "username": request.user.get_username(),
        "posts": [(post, path_words(post.reach)) for post in getattr(request, "posts", ())],
        "seats": seats,
        "seat_here": getattr(request, "seat_id", None),
        "factor": any(devices_for_user(request.user)),
        "fresh": None,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/entrance/account.html", page | more, status=status_of(refused) if refused else 200)


@signed_in
@require_POST
@sensitive_post_parameters("old", "password", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other device is signed out."""
    old, new, again = (request.POST.get(name, "")[:200] for name in ("old", "password", "again"))
    try:
        if new != again:
            raise Refused("passwords-differ", say=_("两次写的密码不一样，请再写一遍。"), field="again")
        entrance.change_password(request, old=old, new=new)
    except Refused as refused:
        return _page(request, refused=refused)
    say_once(request, _("密码改好了，别处的登录都已退出。"))
    return redirect("desk:my-account")


@signed_in
@require_POST
def end_session(request: HttpRequest, seat_id: int) -> HttpResponse:
    """Sign out a device of one's own."""
    actions.end_session(seat_id, by=viewer_for(request))
    say_once(request, _("那台设备已退出登录。"))
    return redirect("desk:my-account")


@signed_in
@never_cache
@require_POST
def begin_factor(request: HttpRequest) -> HttpResponse:
    """Show the secret for an authenticator app, once."""
    viewer = viewer_for(request)
    made = actions.begin_second_factor(viewer.account_id or 0, by=viewer)
    picture = segno.make(made.address).svg_data_uri(scale=4, border=2)
    return _page(request, fresh={"picture": picture, "secret": b32encode(bytes.fromhex(made.secret)).decode()})


@signed_in
@require_POST
def confirm_factor(request: HttpRequest) -> HttpResponse:
    """Turn the second factor on, with one code of the app."""
    viewer = viewer_for(request)
    try:
        code = request.POST.get("code", "")[:12].strip()
        actions.confirm_second_factor(viewer.account_id or 0, by=viewer, code=code)
    except Refused as refused:
        return _page(request, refused=refused, fresh={"picture": "", "secret": ""})
    say_once(request, _("动态口令启用了，以后登录要多输六位数。"))
    return redirect("desk:my-account")


@signed_in
@require_POST
def drop_factor(request: HttpRequest) -> HttpResponse:
    """Turn the second factor off."""
    viewer = viewer_for(request)
    actions.drop_second_factor(viewer.account_id or 0, by=viewer)
    say_once(request, _("动态口令已关闭。"))
    return redirect("desk:my-account")
