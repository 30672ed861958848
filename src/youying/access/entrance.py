"""From a request to an act and back into its session: signing in, out, by link, choosing a post.

The session keeps two things: the secret of its seat, and the chosen post.
"""

from __future__ import annotations

from ipaddress import ip_address

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp import devices_for_user, match_token

from youying.access import actions
from youying.access.models import Account
from youying.access.queries import Seated, owner_of_link, seated, viewer_for
from youying.access.rules import device_words
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC

SEAT, POST = "seat", "post"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, *, username: str, password: str, code: str = "") -> Account:
    """Sign in by password, and by the second factor where the account has one.

    Refused with `locked-out` after five wrong tries, `wrong-sign-in` for a wrong name or password alike,
    `second-factor-missing` where a code must be asked for.
    """
    asked = {"username": username.strip().lower()}
    _check_not_locked(request, asked=asked)
    account = auth.authenticate(request, password=password, **asked)
    if not isinstance(account, Account):
        _check_not_locked(request, asked=asked)
        raise Refused("wrong-sign-in", say="登录名或密码不对。连续错5次会锁定30分钟。", field="password")
    _check_second_factor(request, account, code=code)
    return _sit_down(request, account)


def enter_by_link(request: HttpRequest, *, token: str, password: str = "", code: str = "") -> Account:
    """Sign in by a link, choosing the password with it where the link asks for one; the second factor still counts."""
    _check_second_factor(request, owner_of_link(token), code=code)
    return _sit_down(request, actions.redeem(token, by=PUBLIC, password=password))


def enter_new_house(
    request: HttpRequest, *, token: str, organisation: str, username: str, name: str, password: str, reach: str = "/"
) -> Account:
    """Set up an empty installation and sit its first administrator down."""
    account = actions.set_up(
        token, by=PUBLIC, organisation=organisation, username=username, name=name, password=password, reach=reach
    )
    return _sit_down(request, account)


def leave(request: HttpRequest) -> None:
    """Sign out: end the seat and empty the session."""
    if sitting := who_sits(request):
        actions.end_session(sitting.seat_id, by=sitting.viewer)
    auth.logout(request)


def choose(request: HttpRequest, *, post_id: int) -> None:
    """Look from another of one's own posts."""
    viewer = viewer_for(request)
    if viewer.account_id is None:
        raise Refused("sign-in-first", say="请先登录。")
    request.session[POST] = actions.choose_post(viewer.account_id, by=viewer, post=post_id).pk


def change_password(request: HttpRequest, *, old: str, new: str) -> None:
    """Change one's own password and stay signed in here."""
    viewer = viewer_for(request)
    if viewer.account_id is None:
        raise Refused("sign-in-first", say="请先登录。")
    actions.set_password(viewer.account_id, by=viewer, old=old, new=new, seat=request.session.get(SEAT, ""))


def who_sits(request: HttpRequest) -> Seated | None:
    """Whoever the session of this request belongs to."""
    token = request.session.get(SEAT)
    return seated(token, post_id=request.session.get(POST)) if token else None


def way_back(request: HttpRequest, *, asked: str) -> str:
    """Where to go after signing in: the page asked for if it is ours, else the first page."""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if asked and ours else settings.LOGIN_REDIRECT_URL


def address_of(request: HttpRequest) -> str:
    """The network address a request comes from; empty where it is none."""
    said = str(request.META.get("REMOTE_ADDR") or "")
    try:
        return str(ip_address(said))
    except ValueError:
        return ""


def _sit_down(request: HttpRequest, account: Account) -> Account:
    """Give the session a new key, so that one planted before signing in is worthless, and a seat."""
    auth.login(request, account, backend=BACKEND)
    request.session.pop(POST, None)
    device = device_words(request.headers.get("User-Agent", ""))
    request.session[SEAT] = actions.sign_in(account, by=PUBLIC, device=device, ip=address_of(request) or None)
    return account


def _check_second_factor(request: HttpRequest, account: Account, *, code: str) -> None:
    if not any(devices_for_user(account)):
        return
    if not code.strip():
        raise Refused("second-factor-missing", say="请输入手机上的六位动态口令。", field="code")
    if match_token(account, code.strip()) is None:
        raise Refused("code-wrong", say="动态口令不对或刚用过，请等下一个再输。", field="code")


def _check_not_locked(request: HttpRequest, *, asked: dict[str, str]) -> None:
    if not AxesProxyHandler.is_allowed(request, asked):
        raise Refused("locked-out", say="密码连续错了5次，请30分钟后再试，或请管理员重设。", field="password")
