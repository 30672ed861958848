"""One account: links shown once, devices signed out, disabled and back; posts given and ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from youying.access import actions
from youying.access import queries as access
from youying.access.queries import viewer_for
from youying.access.refusal_pages import status_of
from youying.access.rules import EVERYDAY_POWERS, usual_powers
from youying.faces.desk.entrance.guarding import at_post, errors_of
from youying.faces.desk.ledger.choices import edition_near
from youying.faces.desk.packs.numbers import since_of
from youying.faces.desk.units.places import reaches
from youying.faces.shared.shell import say_once
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import POWERS, Viewer
from youying.places.queries import path_words

ACCOUNT_FIELDS = ("username", "name", "email", "mobile")
LINKS: dict[str, Any] = {
    "invite": gettext_lazy("邀请链接"),
    "sign-in": gettext_lazy("一次性登录链接"),
    "reset": gettext_lazy("重设密码链接"),
}


@at_post("accounts")
def add(request: HttpRequest) -> HttpResponse:
    """Add an account; its invitation is shown once, on the page that follows."""
    viewer = viewer_for(request)
    given = {name: request.POST.get(name, "").strip() for name in ACCOUNT_FIELDS}
    page: dict[str, Any] = {"given": given, "errors": {}}
    if request.method != "POST":
        return render(request, "desk/units/add-account.html", page)
    try:
        account = actions.create_account(
            given["username"], by=viewer, name=given["name"], email=given["email"], phone=given["mobile"]
        )
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/units/add-account.html", page, status=status_of(refused))
    return _page(request, account.pk, link=("invite", _link(request, viewer, account.pk, "invite")))


def _link(request: HttpRequest, viewer: Viewer, account_id: int, kind: Any) -> str:
    token = actions.one_time_link(account_id, by=viewer, kind=kind)
    return request.build_absolute_uri(reverse("desk:link", args=[token]))


@at_post("accounts")
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account with its posts and devices."""
    return _page(request, account_id)


def _page(
    request: HttpRequest, account_id: int, *, link: tuple[str, str] | None = None, refused: Refused | None = None
) -> HttpResponse:
    viewer = viewer_for(request)
    row = access.account(viewer, account_id)
    posts = access.all_posts_of(viewer, account_id)
    page = {
        "account": row,
        "posts": [(post, in_force(post), path_words(post.reach)) for post in posts],
        "seats": access.seats_of(row, viewer=viewer) if row.pk != viewer.account_id else [],
        "link": (LINKS[link[0]], link[1]) if link else None,
        "links": LINKS,
        "mine": row.pk == viewer.account_id,
        "powers": POWERS,
        "errors": errors_of(refused) if refused else {},
    }
    return render(request, "desk/units/account.html", page, status=status_of(refused) if refused else 200)


def in_force(post: Any) -> bool:
    """Whether a post has not ended."""
    return post.closed_at is None and (post.until is None or post.until > now())


@at_post("accounts")
@require_POST
def new_link(request: HttpRequest, account_id: int) -> HttpResponse:
    """Make a link that works once and show it once."""
    viewer, kind = viewer_for(request), request.POST.get("kind", "")
    if kind not in LINKS:
        raise Refused("link-kind-unknown", say=_("请选邀请、一次性登录还是重设密码。"), field="kind")
    access.account(viewer, account_id)
    try:
        address = _link(request, viewer, account_id, kind)
    except Refused as refused:
        return _page(request, account_id, refused=refused)
    return _page(request, account_id, link=(kind, address))


@at_post("accounts")
@require_POST
def switch(request: HttpRequest, account_id: int) -> HttpResponse:
    """Disable an account, or enable it again."""
    viewer, wanted = viewer_for(request), request.POST.get("active") == "1"
    access.account(viewer, account_id)
    try:
        (actions.enable if wanted else actions.disable)(account_id, by=viewer)
    except Refused as refused:
        return _page(request, account_id, refused=refused)
    say_once(request, _("恢复了，请再发一个邀请链接。") if wanted else _("停用了，各处登录都已退出。"))
    return HttpResponseRedirect(reverse("desk:account", args=[account_id]))


@at_post("accounts")
@require_POST
def end_seat(request: HttpRequest, account_id: int, seat_id: int) -> HttpResponse:
    """Sign one device out."""
    viewer = viewer_for(request)
    access.account(viewer, account_id)
    if seat_id not in set(access.seats_of(account_id, viewer=viewer).values_list("pk", flat=True)):
        raise Refused("not-found", say=_("没有这个登录，可能已经退出。"))
    actions.end_session(seat_id, by=viewer)
    say_once(request, _("那台设备已退出登录。"))
    return HttpResponseRedirect(reverse("desk:account", args=[account_id]))


@at_post("accounts")
def appoint(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give an account a post."""
    viewer = viewer_for(request)
    row = access.account(viewer, account_id)
    given: dict[str, Any] = {
        name: request.POST.get(name, "").strip() for name in ("code", "title", "reach", "unit", "since", "until")
    }
    codes, grantable = post_codes(viewer), access.grantable_powers(viewer)
    # Without a script nothing ticks boxes when a post is chosen: the form starts with what nearly everybody needs.
    usual = request.POST.get("usual", "")[:400] if request.method == "POST" else ",".join(EVERYDAY_POWERS)
    given["powers"] = request.POST.getlist("powers") if request.method == "POST" else list(EVERYDAY_POWERS)
    if "preset" in request.GET:
        return _preset(request, grantable)
    page = {
        "account": row,
        "given": given,
        "codes": codes,
        "reaches": reaches(viewer),
        "units": [(str(one.pk), one.title) for one in access.units(viewer, reach=viewer.reach)],
        "powers": [(power, POWERS[power]) for power in grantable],
        "all_powers": access.minds_all(viewer),
        "usual": usual,
        "by_hand": False,
        "wanting": [],
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "desk/units/appoint.html", page)
    try:
        _appointed(viewer, account_id, given, dict(codes))
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/units/appoint.html", page, status=status_of(refused))
    say_once(request, _("任命好了：%(name)s，%(title)s。") % {"name": row.name, "title": given["title"]})
    return HttpResponseRedirect(reverse("desk:account", args=[account_id]))


def _preset(request: HttpRequest, grantable: list[str]) -> HttpResponse:
    """The boxes as the post just chosen usually needs them; ticked by hand, they stay as they are."""
    ticked, before = request.GET.getlist("powers"), request.GET.get("usual", "")[:400]
    code = request.GET.get("code", "")[:60]
    usual = [power for power in grantable if power in usual_powers(code)] if code else []
    by_hand = set(ticked) != {power for power in before.split(",") if power}
    page = {
        "given": {"powers": ticked if by_hand else usual, "code": code},
        "powers": [(power, POWERS[power]) for power in grantable],
        "all_powers": access.minds_all(viewer_for(request)),
        "usual": before if by_hand else ",".join(usual),
        "by_hand": by_hand,
        "wanting": [POWERS[power] for power in POWERS if power in usual_powers(code) and power not in grantable],
        "errors": {},
    }
    return render(request, "desk/units/_chosen.html", page)


def post_codes(viewer: Viewer) -> list[tuple[str, str]]:
    """The posts that the packs near here know, then those that every place has."""
    edition = edition_near(viewer)
    known = {code: post.title for code, post in edition.pack.posts.items()} if edition else {}
    return list({**known, "manager": _("承办单位经办人"), "administrator": _("系统管理员")}.items())


def _appointed(viewer: Viewer, account_id: int, given: dict[str, Any], codes: dict[str, str]) -> None:
    if given["code"] not in codes:
        raise Refused("post-unknown", say=_("请选一个岗位。"), field="code")
    given["title"] = given["title"] or codes[given["code"]]
    unit = int(given["unit"]) if given["unit"].isdecimal() and len(given["unit"]) < 18 else None
    actions.appoint(
        account_id,
        by=viewer,
        code=given["code"],
        title=given["title"],
        reach=given["reach"],
        unit=unit,
        powers=given["powers"],
        since=_moment(given["since"], "since"),
        until=_moment(given["until"], "until", later=1),
    )


def _moment(said: str, name: str, *, later: int = 0) -> datetime | None:
    """The first moment of a day, or of one so many days later: the last day of a term counts whole."""
    moment = since_of(said[:20], field=name)
    return moment and moment + timedelta(days=later)


@at_post("accounts")
def end_post(request: HttpRequest, account_id: int, post_id: int) -> HttpResponse:
    """End a post; its open work goes to whoever is named, or back to its unit."""
    viewer = viewer_for(request)
    post = next((one for one in access.all_posts_of(viewer, account_id) if one.pk == post_id), None)
    if post is None:
        raise Refused("not-found", say=_("没有这个岗位。"))
    page: dict[str, Any] = {
        "account": post.account,
        "post": post,
        "place": path_words(post.reach),
        "takers": [(str(one.pk), f"{one.account.name}　{one.title}") for one in access.successors(viewer, post)],
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "desk/units/end-post.html", page)
    said = request.POST.get("hand_over_to", "")
    try:
        actions.end_post(post, by=viewer, hand_over_to=int(said) if said.isdecimal() and len(said) < 18 else None)
    except Refused as refused:
        page["errors"] = errors_of(refused)
        return render(request, "desk/units/end-post.html", page, status=status_of(refused))
    say_once(request, _("岗位结束了，手上的事项已移交。"))
    return HttpResponseRedirect(reverse("desk:account", args=[account_id]))
